"""Real workers share out a full recompute; one killed in the middle of a part loses nothing."""

from __future__ import annotations

import signal
from datetime import timedelta

import psycopg2
from django.db import connection

from facilities.periods import Month
from indicators.actions import recompute, run_parts, runs
from indicators.models import FacilityResult, KeptMark, RecomputePart, RecomputeRun, StagedResult
from tests.indicators import test_worker, worlds
from tests.indicators.test_worker import services, wait_for


@services
class SharedOut(test_worker.WorkerLoss):
    # Only the ways to start, stop and watch a worker are inherited.
    test_killed_in_the_middle_and_redis_emptied = None
    test_a_living_worker_settles_what_a_commit_rings_for = None

    def holder(self):
        own = connection.settings_dict
        return psycopg2.connect(
            dbname=own["NAME"],
            user=own["USER"],
            password=own["PASSWORD"],
            host=own["HOST"] or "127.0.0.1",
            port=own["PORT"] or 5432,
        )

    def test_two_workers_finish_a_run_that_was_only_rung_for(self) -> None:
        worlds.build(23)
        workers = [self.start_worker(), self.start_worker()]
        try:
            run = runs.start_run(first=Month(2024, 11), last=Month(2025, 2), by=None)
            wait_for(lambda: RecomputeRun.objects.get(pk=run.pk).is_cleared)
        finally:
            for worker in workers:
                worker.terminate()
                worker.wait(timeout=20)
        run.refresh_from_db()
        assert run.state == "done" and set(run.parts.values_list("attempts", flat=True)) == {1}
        assert recompute.differences() == 0

    def test_a_worker_killed_in_a_part_is_replaced_by_the_next(self) -> None:
        worlds.build(24)
        holder = self.holder()
        # The lock stops the worker after it has taken a part and before it has staged a row of it.
        holder.cursor().execute("LOCK TABLE indicators_stagedresult IN SHARE MODE")
        worker = self.start_worker()
        try:
            run = runs.start_run(first=Month(2024, 11), last=Month(2025, 2), by=None)
            wait_for(self.blocked)
            assert not run_parts.give_back_left(run.pk, after=timedelta(0)), "somebody is at it"
            worker.send_signal(signal.SIGKILL)
            worker.wait(timeout=10)
        finally:
            worker.kill()
            holder.rollback()
            holder.close()
        wait_for(lambda: run_parts.give_back_left(run.pk, after=timedelta(0)) == 1)
        part = run.parts.get(attempts=1)
        assert (part.state, part.error) == (RecomputePart.State.QUEUED, "killed")
        worker = self.start_worker()
        try:
            runs.sweep()
            wait_for(lambda: RecomputeRun.objects.get(pk=run.pk).is_cleared)
        finally:
            worker.terminate()
            worker.wait(timeout=20)
        assert RecomputeRun.objects.get(pk=run.pk).state == "done"
        assert not StagedResult.objects.exists() and not KeptMark.objects.exists()
        assert FacilityResult.objects.exists() and recompute.differences() == 0
