"""Doorbells. Each task may run twice, late or never: the marks in the database say what is to be done."""

from celery import shared_task
from django.utils import timezone

from indicators.actions import recompute


@shared_task
def sweep_stale_marks() -> int:
    """Drain the stale marks; rung on commit, and every minute by beat."""
    return recompute.drain_marks()


@shared_task
def open_months() -> int:
    """Begin the results of a new month, so that what is expected of it can be counted."""
    return recompute.open_months(timezone.localdate())
