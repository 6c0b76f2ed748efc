"""Doorbells. Each task may run twice, late or never: the marks in the database say what is to be done."""

from celery import shared_task
from django.utils import timezone

from indicators.actions import entry, recompute, reminders, runs, uploads


@shared_task
def sweep_stale_marks() -> int:
    """Drain the stale marks; rung on commit, and every minute by beat."""
    return recompute.drain_marks()


@shared_task
def open_months() -> int:
    """Begin the results of a new month, so that what is expected of it can be counted."""
    return recompute.open_months(timezone.localdate())


@shared_task
def sweep_reminders() -> int:
    """Tell what is to be told now and was not; every ten minutes by beat."""
    return reminders.sweep(now=timezone.now())


@shared_task
def forget_old_operations() -> int:
    """Remove the stored answers of the entry page's operations that no browser sends any more; once a day."""
    return entry.forget_old_operations()


@shared_task
def drop_old_uploads() -> int:
    """Forget workbooks nobody confirmed and previews two weeks old; every day by beat."""
    return uploads.drop_old(now=timezone.now())


@shared_task
def compute_part(run_id: int) -> bool:
    """Compute the next part of a full recompute, or close it, and ring for what follows."""
    if more := runs.go_on(run_id):
        runs.ring(run_id, bells=1)
    return more


@shared_task
def sweep_runs() -> int:
    """Take up what a lost worker or bell left of a full recompute; every minute by beat."""
    return runs.sweep()
