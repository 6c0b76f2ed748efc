"""Workers that break or go, rows that vanish, runs refused and given up: nothing half-done is published."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.utils import timezone

from facilities.models import AuditEvent
from facilities.periods import Month
from indicators import rollup_staged
from indicators.actions import recompute, run_closing, run_parts, runs
from indicators.models import (
    FacilityResult,
    MonthlyResult,
    RecomputePart,
    RecomputeRun,
    StagedResult,
)
from tests.factories import person
from tests.indicators import worlds
from tests.indicators.run_steps import change, leaves_nothing, part_by_part, rows, start
from tests.indicators.test_recompute import FIRST, LAST, stored

pytestmark = pytest.mark.django_db


# --- workers that die ---------------------------------------------------------------------------------------
def broken(monkeypatch, times: int) -> list[int]:
    original, calls = rollup_staged.stage, []

    def stage(scope, part):
        calls.append(part)
        if len(calls) <= times:
            raise RuntimeError("đĩa đầy")
        return original(scope, part)

    monkeypatch.setattr(rollup_staged, "stage", stage)
    return calls


def test_a_part_that_breaks_is_tried_again(monkeypatch):
    worlds.build(2)
    broken(monkeypatch, times=2)
    done = runs.work_off(start().pk)
    assert done.state == "done"
    assert sorted(done.parts.values_list("attempts", flat=True)) in ([1, 3], [2, 2])
    assert stored() == worlds.oracle(worlds.MONTHS)


def test_a_part_that_breaks_three_times_fails_and_is_retried(monkeypatch):
    worlds.build(2)
    administrator = person("administrator")
    broken(monkeypatch, times=6)
    run = runs.work_off(start().pk)
    assert run.state == "failed" and not MonthlyResult.objects.exists()
    assert set(run.parts.values_list("state", "attempts", "error")) == {
        ("failed", 3, "RuntimeError: đĩa đầy")
    }
    assert runs.retry_run(run=run, by=administrator) == 2
    assert runs.work_off(run.pk).state == "done"
    assert stored() == worlds.oracle(worlds.MONTHS) and leaves_nothing(run)
    assert AuditEvent.objects.filter(verb="retry_recompute", actor_id=administrator.pk).exists()


def left(run: RecomputeRun, ago: timedelta) -> RecomputePart:
    part = run_parts._take(run.pk)
    RecomputePart.objects.filter(pk=part.pk).update(started_at=timezone.now() - ago)
    return part


def test_a_part_whose_worker_is_gone_is_queued_again_by_the_sweep():
    worlds.build(2)
    run = start()
    part = left(run, timedelta(seconds=5))
    runs.sweep()
    part.refresh_from_db()
    assert part.state == "running", "it may be between taking the part and holding it"
    for attempt in (1, 2, 3):
        RecomputePart.objects.filter(pk=part.pk).update(started_at=timezone.now() - timedelta(minutes=2))
        runs.sweep()
        part.refresh_from_db()
        assert (part.state, part.attempts) == ("failed" if attempt == 3 else "queued", attempt)
        if attempt < 3:
            RecomputePart.objects.exclude(pk=part.pk).update(attempts=9)
            assert run_parts._take(run.pk).pk == part.pk
    assert "dừng giữa chừng" in part.error_words


def test_a_worker_that_comes_back_late_changes_nothing():
    worlds.build(2)
    run = start()
    late = left(run, timedelta(minutes=5))
    runs.sweep()
    part_by_part(run)
    before = rows(StagedResult)
    run_parts._compute(late)
    assert rows(StagedResult) == before
    assert set(run.parts.values_list("state", flat=True)) == {"done"}


def test_a_part_computed_twice_stages_its_rows_once():
    worlds.build(2)
    run = start()
    part_by_part(run)
    before = StagedResult.objects.count()
    run.parts.update(state="queued")
    RecomputeRun.objects.update(state="running")
    part_by_part(run)
    assert StagedResult.objects.count() == before > 0


def test_staged_rows_that_vanished_are_computed_again():
    worlds.build(4)
    run = start()
    part_by_part(run)
    StagedResult.objects.all().delete()
    assert not run_closing.close_run(run.pk)
    run.refresh_from_db()
    assert run.state == "running" and not MonthlyResult.objects.exists()
    assert runs.work_off(run.pk).state == "done"
    assert stored() == worlds.oracle(worlds.MONTHS)


def test_a_closing_that_breaks_publishes_nothing_and_is_retried(monkeypatch):
    worlds.build(4)
    recompute.recompute_months(FIRST, LAST)
    run, before = start(), (rows(FacilityResult), rows(MonthlyResult))
    change()
    with monkeypatch.context() as patch:
        patch.setattr(run_closing, "note_computed", lambda months: 1 / 0)
        failed = runs.work_off(run.pk)
    assert failed.state == "failed" and "ZeroDivisionError" in failed.error
    assert recompute.differences() == 0 and (rows(FacilityResult), rows(MonthlyResult)) != before
    runs.retry_run(run=run, by=person("administrator"))
    assert runs.work_off(run.pk).state == "done" and recompute.differences() == 0


def test_a_closing_whose_worker_dies_each_time_ends_failed():
    worlds.build(4)
    run = start()
    part_by_part(run)
    RecomputeRun.objects.update(attempts=3)
    assert not run_closing.close_run(run.pk)
    run.refresh_from_db()
    assert run.state == "failed" and "dừng giữa chừng" in run.error_words


# --- opening and giving up --------------------------------------------------------------------------------------
def test_a_second_run_is_refused_and_says_who_opened_the_first():
    worlds.build(1)
    administrator = person("administrator")
    start(by=administrator)
    with pytest.raises(runs.RunOpen, match=administrator.display_name):
        start()
    assert RecomputeRun.objects.count() == 1


def test_a_cancelled_run_leaves_nothing():
    worlds.build(1)
    recompute.recompute_months(FIRST, LAST)
    before = rows(FacilityResult), rows(MonthlyResult)
    run = start()
    run_parts.compute_next(run.pk)
    taken = run_parts._take(run.pk)
    change()
    recompute.drain_marks()
    after = rows(FacilityResult), rows(MonthlyResult)
    runs.cancel_run(run=run, by=person("administrator"))
    run_parts._compute(taken)
    assert not StagedResult.objects.filter(part_id=taken.pk).exists()
    runs.sweep()
    assert leaves_nothing(run) and run.state == "cancelled"
    assert (rows(FacilityResult), rows(MonthlyResult)) == after != before
    assert not runs.go_on(run.pk)
    assert runs.work_off(start().pk).state == "done"


def test_a_run_that_is_over_is_not_cancelled_or_retried():
    worlds.build(1)
    administrator, run = person("administrator"), start()
    runs.work_off(run.pk)
    for act in (runs.cancel_run, runs.retry_run):
        with pytest.raises(runs.RunRefused):
            act(run=run, by=administrator)


@pytest.mark.parametrize(
    ("first", "last"),
    [(Month(2025, 2), Month(2025, 1)), (Month(2025, 1), Month(2100, 1)), (Month(1990, 1), Month(2025, 1))],
)
def test_months_that_make_no_sense_are_refused(first, last):
    worlds.build(1)
    with pytest.raises(runs.RunRefused):
        start(first, last)
    assert not RecomputeRun.objects.exists()


def test_without_facilities_there_is_nothing_to_compute():
    with pytest.raises(runs.RunRefused, match="cơ sở"):
        start()


def test_only_an_administrator_of_everything_may(world, cast):
    province = person("administrator", area=world.areas["M"])
    for someone in (province, cast.planner, cast.auditor):
        with pytest.raises(PermissionDenied):
            start(by=someone)


def test_no_more_parts_run_at_once_than_leave_room_for_approvals(monkeypatch):
    worlds.build(1)
    monkeypatch.setattr(run_parts, "AT_ONCE", 1)
    run = start()
    assert run_parts._take(run.pk) and run_parts._take(run.pk) is None


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has no unlogged tables")
def test_staged_rows_are_not_written_to_the_log():
    with connection.cursor() as cursor:
        cursor.execute("SELECT relpersistence FROM pg_class WHERE relname = 'indicators_stagedresult'")
        assert cursor.fetchone() == ("u",)
