"""A Celery application at another time of day: `celery -A tests.indicators.pretend worker` (or `beat`).

PRETEND_OFFSET (seconds) is added to the clock of this process, beat rings several times a second, and with
SLOW_FILES mails are kept as files by a backend that dawdles before and after writing, where a kill hurts.
"""

from __future__ import annotations

import os
import time
from datetime import timedelta

from django.utils import timezone

_now = timezone.now
OFFSET = timedelta(seconds=float(os.environ.get("PRETEND_OFFSET", "0")))
# Before anything else is imported: defaults of arguments keep the clock they saw.
if OFFSET:
    timezone.now = lambda: _now() + OFFSET

from django.conf import settings  # noqa: E402

from config.celery import app  # noqa: E402

__all__ = ["app"]

if "PRETEND_OFFSET" in os.environ:
    import django

    django.setup()
    if os.environ.get("SLOW_FILES"):
        settings.EMAIL_BACKEND = "tests.indicators.pretend.SlowFiles"
    app.conf.beat_schedule = {
        "sweep": {"task": "indicators.tasks.sweep_reminders", "schedule": 0.4},
        "send": {"task": "facilities.tasks.send_mails", "schedule": 0.3},
    }
    app.conf.beat_max_loop_interval = 0.2

    from facilities.mail import FileBackend

    class SlowFiles(FileBackend):
        def _keep(self, *args: object) -> None:
            time.sleep(0.08)
            super()._keep(*args)
            time.sleep(0.08)
