"""A worker killed in the middle of a recompute and an emptied Redis lose nothing.

Needs the real services; with the embedded default there is no worker to kill.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psycopg2
import pytest
import redis
from django.conf import settings
from django.db import connection
from django.test import TransactionTestCase

from config.celery import app
from facilities.models import StaleMark
from facilities.periods import Month
from indicators.actions import recompute
from indicators.actions.marks import mark_stale
from indicators.models import Submission
from tests.indicators import worlds

ROOT = Path(__file__).resolve().parents[2]
services = pytest.mark.skipif(
    not settings.REDIS_URL or settings.DATABASES["default"]["ENGINE"].endswith("sqlite3"),
    reason="DATABASE_URL and REDIS_URL are not set: there is no worker",
)


def wait_for(condition, seconds: float = 40) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "waited too long"
        time.sleep(0.05)


def empty_redis() -> None:
    """Throw away every queued and unacknowledged message, as a restart without persistence does."""
    broker = redis.Redis.from_url(settings.REDIS_URL)
    broker.delete("celery", "unacked", "unacked_index", "unacked_mutex")
    broker.close()


@services
class WorkerLoss(TransactionTestCase):
    def setUp(self) -> None:
        empty_redis()
        app.conf.task_always_eager = False

    def tearDown(self) -> None:
        app.conf.task_always_eager = True
        empty_redis()

    def start_worker(self) -> subprocess.Popen[bytes]:
        own = connection.settings_dict
        where = f"postgres://{own['USER']}:{own['PASSWORD']}@{own['HOST'] or '127.0.0.1'}:{own['PORT'] or 5432}/{own['NAME']}"
        command = [
            sys.executable,
            "-m",
            "celery",
            "-A",
            "config",
            "worker",
            "--pool",
            "solo",
            "--loglevel",
            "ERROR",
        ]
        return subprocess.Popen(command, cwd=ROOT, env={**os.environ, "DATABASE_URL": where})

    def blocked(self) -> bool:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT COUNT(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
            )
            return cursor.fetchone()[0] > 0

    def test_killed_in_the_middle_and_redis_emptied(self) -> None:
        worlds.build(23)
        recompute.recompute_months(Month(2024, 11), Month(2025, 2))
        submission = (
            Submission.objects.select_related("form").filter(form__code="MF", status="approved").first()
        )
        worlds.change(submission, 77)
        own = connection.settings_dict
        holder = psycopg2.connect(
            dbname=own["NAME"],
            user=own["USER"],
            password=own["PASSWORD"],
            host=own["HOST"] or "127.0.0.1",
            port=own["PORT"] or 5432,
        )
        # The lock stops the worker after it has taken the marks and before it has written the difference.
        holder.cursor().execute(
            "SELECT 1 FROM facilities_facility WHERE id = %s FOR NO KEY UPDATE", [submission.facility_id]
        )
        worker = self.start_worker()
        try:
            mark_stale([submission])
            wait_for(self.blocked)
            worker.send_signal(signal.SIGKILL)
            worker.wait(timeout=10)
        finally:
            worker.kill()
            empty_redis()
            holder.rollback()
            holder.close()
        assert StaleMark.objects.exists(), "the mark must outlive the worker that took it"
        app.conf.task_always_eager = True

        def settled() -> bool:
            recompute.drain_marks()
            return not StaleMark.objects.exists()

        wait_for(settled)
        assert recompute.differences() == 0

    def test_a_living_worker_settles_what_a_commit_rings_for(self) -> None:
        worlds.build(16)
        recompute.recompute_months(Month(2024, 11), Month(2025, 2))
        submission = (
            Submission.objects.select_related("form").filter(form__code="MF", status="approved").first()
        )
        worker = self.start_worker()
        try:
            worlds.change(submission, 5)
            mark_stale([submission])
            wait_for(lambda: not StaleMark.objects.exists())
        finally:
            worker.terminate()
            worker.wait(timeout=20)
        assert recompute.differences() == 0
