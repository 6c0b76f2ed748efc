"""A full recompute in parts equals one in a whole, whatever happens beside it or to its workers."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.utils import timezone

from facilities.models import AuditEvent, Contribution, StaleMark
from facilities.periods import Month
from indicators import rollup_staged
from indicators.actions import recompute, run_closing, run_parts, runs
from indicators.actions.duties import mark_computed_months, refresh_duties
from indicators.actions.marks import mark_everything, mark_stale
from indicators.models import (
    ComputedMonth,
    DataValue,
    FacilityResult,
    Indicator,
    KeptMark,
    MonthlyResult,
    RecomputePart,
    RecomputeRun,
    RunFacility,
    StagedResult,
    Submission,
)
from tests.factories import person
from tests.factories_indicators import (
    DataElementFactory,
    FormFactory,
    GroupFactory,
    IndicatorFactory,
    SubmissionFactory,
    TermFactory,
    settle_duties,
)
from tests.indicators import worlds
from tests.indicators.test_recompute import FIRST, LAST, stored
from tests.world import make_world

pytestmark = pytest.mark.django_db


def start(first: Month = FIRST, last: Month = LAST, by=None) -> RecomputeRun:
    return runs.start_run(first=first, last=last, by=by)


def part_by_part(run: RecomputeRun) -> None:
    """Compute every part; leave the closing."""
    while run_parts.compute_next(run.pk):
        pass
    run.refresh_from_db()


def rows(model) -> set:
    names = [f.attname for f in model._meta.concrete_fields if f.attname != "id"]
    return set(model.objects.filter(expected__gt=0).values_list(*names))


def change(facility_form: str = "MF", value: int = 71) -> Submission:
    """Another figure in an approved report of a month of the run, with its mark."""
    submission = (
        Submission.objects.select_related("form")
        .filter(form__code=facility_form, status="approved", period=date(2025, 1, 1))
        .first()
    )
    DataValue.objects.filter(submission=submission).update(value=value, no_data=False)
    mark_stale([submission])
    return submission


def leaves_nothing(run: RecomputeRun) -> bool:
    run.refresh_from_db()
    return run.is_cleared and not (
        StagedResult.objects.exists() or KeptMark.objects.exists() or RunFacility.objects.exists()
    )


# --- the same results -----------------------------------------------------------------------------------
@pytest.mark.parametrize("seed", range(6))
def test_a_run_agrees_with_the_oracle(seed):
    worlds.build(seed)
    done = runs.work_off(start().pk)
    assert done.state == "done" and done.parts.count() == 2
    assert stored() == worlds.oracle(worlds.MONTHS)
    assert recompute.differences() == 0 and leaves_nothing(done)


def reformed_world():
    """The small world with its reform in July 2025: figures of points and stations from May to August."""
    world = make_world()
    form = FormFactory(code="X", cells=[("X.all", ""), ("X.part", "")])
    indicator = IndicatorFactory(code="SHARE")
    for part, element in (("numerator", "X.part"), ("denominator", "X.all")):
        TermFactory(
            indicator=indicator,
            part=part,
            element=DataElementFactory(code=element),
            group=GroupFactory(code=""),
        )
    settle_duties()
    for number, facility in enumerate(sorted(world.facilities.values(), key=lambda f: f.code), start=3):
        for month in (5, 6, 7, 8):
            SubmissionFactory(
                facility=facility,
                form=form,
                period=date(2025, month, 1),
                status="approved",
                values={("X.all", ""): number * month, ("X.part", ""): number},
            )
    return world


def test_parts_of_a_reformed_province_equal_the_whole():
    world = reformed_world()
    recompute.recompute_months(Month(2025, 5), Month(2025, 8))
    whole = rows(FacilityResult), rows(MonthlyResult)
    assert all(whole)
    FacilityResult.objects.all().delete()
    MonthlyResult.objects.update(numerator=1)
    run = start(Month(2025, 5), Month(2025, 8))
    assert set(run.parts.values_list("area_id", "name")) == {(world.areas["M"].pk, "Tỉnh M")}
    done = runs.work_off(run.pk)
    assert (rows(FacilityResult), rows(MonthlyResult)) == whole
    assert (done.values, done.results) == (DataValue.objects.count(), MonthlyResult.objects.count())


def test_before_the_reform_each_province_has_its_part():
    world = reformed_world()
    run = start(Month(2024, 11), Month(2025, 6))
    assert list(run.parts.values_list("name", "first_month", "last_month")) == [
        (name, *span)
        for name in ("Tỉnh A", "Tỉnh B")
        for span in ((date(2024, 11, 1), date(2024, 12, 1)), (date(2025, 1, 1), date(2025, 6, 1)))
    ]
    shared = dict(RunFacility.objects.values_list("facility_id", "area_id"))
    assert len(shared) == RunFacility.objects.count() == len(world.facilities)
    # A station opened by the reform counts in old provinces as its predecessors do.
    assert shared[world.facilities["T-c1"].pk] == world.areas["B"].pk


def test_a_facility_in_no_province_is_computed_too():
    worlds.build(3)
    Contribution.objects.all().delete()
    run = start()
    assert set(run.parts.values_list("area_id", flat=True)) == {0}
    assert runs.work_off(run.pk).state == "done"
    assert FacilityResult.objects.exists() and recompute.differences() == 0


# --- figures that change beside it -------------------------------------------------------------------------
@pytest.mark.parametrize("drained", ["before the parts", "between", "before the closing", "after it"])
def test_a_figure_changed_while_parts_compute_is_in_the_result(drained):
    worlds.build(9)
    recompute.recompute_months(FIRST, LAST)
    run = start()
    if drained == "before the parts":
        change()
        recompute.drain_marks()
    run_parts.compute_next(run.pk)
    part_by_part(run)
    if drained != "before the parts":
        change()
    if drained == "between":
        recompute.drain_marks()
        change(value=5)
    if drained == "before the closing":
        recompute.drain_marks()
        assert KeptMark.objects.exists()
    if drained == "after it":
        run_closing_without_drain(run)
    assert runs.work_off(run.pk).state == "done"
    recompute.drain_marks()
    assert stored() == worlds.oracle(worlds.MONTHS)
    assert recompute.differences() == 0 and leaves_nothing(run)


def run_closing_without_drain(run: RecomputeRun) -> None:
    """As if the mark came between the closing's drain and its lock."""
    assert run_closing._close(run.pk)
    assert StaleMark.objects.exists()
    run_closing.forget_ended()


def test_a_first_run_keeps_marks_of_months_nobody_has_computed():
    worlds.build(5)
    run = start()
    part_by_part(run)
    change()
    recompute.drain_marks()
    assert not StaleMark.objects.exists() and not ComputedMonth.objects.exists()
    assert runs.work_off(run.pk).state == "done"
    assert stored() == worlds.oracle(worlds.MONTHS) and recompute.differences() == 0


@pytest.mark.parametrize("computed", [False, True])
@pytest.mark.parametrize("drained", [False, True])
def test_a_definition_changed_in_the_middle_holds_for_everybody(computed, drained):
    worlds.build(5)
    if computed:
        recompute.recompute_months(FIRST, LAST)
    run = start()
    run_parts.compute_next(run.pk)
    Indicator.objects.get(code="RATIO").terms.update(coefficient=2)
    mark_computed_months()
    assert StaleMark.objects.exists(), "an open run's months are marked, computed before or not"
    part_by_part(run)
    if drained:
        recompute.drain_marks()
        run_closing_of(run)
    else:
        assert run_closing._close(run.pk)
    assert stored() == worlds.oracle(worlds.MONTHS)
    recompute.drain_marks()
    assert stored() == worlds.oracle(worlds.MONTHS) and recompute.differences() == 0


def run_closing_of(run: RecomputeRun) -> None:
    assert runs.work_off(run.pk).state == "done"


def test_months_computed_whole_meanwhile_are_left_alone():
    worlds.build(8)
    run = start()
    part_by_part(run)
    change()
    recompute.recompute_months(Month(2025, 1), Month(2025, 1))
    run.refresh_from_db()
    assert run.settled_months == ["2025-01-01"] and date(2025, 1, 1) not in run.staged_months
    assert runs.work_off(run.pk).state == "done"
    assert stored() == worlds.oracle(worlds.MONTHS) and recompute.differences() == 0


def test_a_drain_that_met_a_month_computed_meanwhile_adds_its_difference(monkeypatch):
    """The months computed are asked for under the lock: before it, a closing may still add some."""
    worlds.build(6)
    recompute.recompute_months(FIRST, Month(2024, 12))
    change()
    original = recompute.lock_results

    def after_another(*, exclusive: bool) -> None:
        original(exclusive=exclusive)
        if not ComputedMonth.objects.filter(month=date(2025, 1, 1)).exists():
            ComputedMonth.objects.create(month=date(2025, 1, 1), computed_at=timezone.now())
            ComputedMonth.objects.create(month=date(2025, 2, 1), computed_at=timezone.now())

    monkeypatch.setattr(recompute, "lock_results", after_another)
    recompute.drain_marks()
    assert FacilityResult.objects.filter(month=date(2025, 1, 1)).exists()


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


def test_duties_changed_while_a_first_run_is_open_are_marked():
    reformed_world()
    start(Month(2025, 5), Month(2025, 8))
    FormFactory(code="Z", cells=[("Z.1", "")])
    assert refresh_duties()
    assert StaleMark.objects.filter(from_month__lte=date(2025, 5, 1), to_month__gte=date(2025, 8, 1)).exists()


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has no unlogged tables")
def test_staged_rows_are_not_written_to_the_log():
    with connection.cursor() as cursor:
        cursor.execute("SELECT relpersistence FROM pg_class WHERE relname = 'indicators_stagedresult'")
        assert cursor.fetchone() == ("u",)


def test_marks_of_other_months_are_not_kept():
    worlds.build(7)
    recompute.recompute_months(FIRST, LAST)
    start(FIRST, Month(2024, 12))
    change()
    mark_everything(Month(2025, 2), Month(2025, 2))
    recompute.drain_marks()
    assert not KeptMark.objects.exists()
