"""Doorbells for report files and deliveries. Each may run twice, late or never: the rows say what is to be done."""

from dataclasses import asdict

from celery import shared_task

from reporting.actions import deliver, duties, files


@shared_task
def render_file(file_id: int) -> str:
    """Render one queued file; rung on commit, and again by the sweep."""
    file = files.render_to_file(file_id=file_id)
    return file.status if file else "gone"


@shared_task
def sweep_report_files() -> int:
    """Ring for files whose bell was lost, and clear what killed workers left; every minute by beat."""
    files.clear_parts()
    return files.ring_for_queued()


@shared_task
def send_deliveries() -> dict[str, int]:
    """Send what waits; rung when somebody asks, and every minute by beat."""
    return asdict(deliver.send_due())


@shared_task
def sweep_report_duties() -> dict[str, int]:
    """What is owed, drafts of our own, notices; every hour by beat, so that a day slept through is made up for."""
    done = duties.sweep_duties()
    return {"expected": done.expected, "drafted": done.drafted, "told": done.told}
