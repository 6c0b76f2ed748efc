"""Doorbells for mails. Each may run twice, late or never: the notices say what is to be sent."""

from dataclasses import asdict

from celery import shared_task

from facilities.actions import mails


@shared_task
def send_mails() -> dict[str, int]:
    """Send what waits; rung when notices are written, and every minute by beat."""
    return asdict(mails.send_due())
