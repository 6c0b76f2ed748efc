"""A full recompute in parts equals one in a whole, whatever changes beside it."""

from __future__ import annotations

from datetime import date

import pytest
from django.utils import timezone

from facilities.models import Contribution, StaleMark
from facilities.periods import Month
from indicators.actions import recompute, run_closing, run_parts, runs
from indicators.actions.duties import mark_computed_months, refresh_duties
from indicators.actions.marks import mark_everything
from indicators.models import (
    ComputedMonth,
    DataValue,
    FacilityResult,
    Indicator,
    KeptMark,
    MonthlyResult,
    RecomputeRun,
    RunFacility,
)
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
from tests.indicators.run_steps import change, leaves_nothing, part_by_part, rows, start
from tests.indicators.test_recompute import FIRST, LAST, stored
from tests.world import make_world

pytestmark = pytest.mark.django_db


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
    worlds.build(23)
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
        assert work_off_state(run) == "done"
    else:
        assert run_closing._close(run.pk)
    assert stored() == worlds.oracle(worlds.MONTHS)
    recompute.drain_marks()
    assert stored() == worlds.oracle(worlds.MONTHS) and recompute.differences() == 0


def work_off_state(run: RecomputeRun) -> str:
    return runs.work_off(run.pk).state


@pytest.mark.parametrize("drained", [False, True])
@pytest.mark.parametrize("first", [False, True])
def test_an_area_in_which_something_else_counts_meanwhile_is_summed_anew(drained, first):
    worlds.build(5)
    if not first:
        recompute.recompute_months(FIRST, LAST)
    run = start()
    part_by_part(run)
    row = Contribution.objects.filter(share=Contribution.WHOLE, to_month=None).first()
    Contribution.objects.filter(pk=row.pk).update(share=250_000)
    StaleMark.objects.create(area_id=row.area_id, from_month=row.from_month, to_month=date(2025, 2, 1))
    if drained:
        recompute.drain_marks()
        assert KeptMark.objects.get().area_id == row.area_id
        assert work_off_state(run) == "done"
    else:
        assert run_closing._close(run.pk)
        recompute.drain_marks()
    assert stored() == worlds.oracle(worlds.MONTHS) and recompute.differences() == 0


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


def test_duties_changed_while_a_first_run_is_open_are_marked():
    reformed_world()
    start(Month(2025, 5), Month(2025, 8))
    FormFactory(code="Z", cells=[("Z.1", "")])
    assert refresh_duties()
    assert StaleMark.objects.filter(from_month__lte=date(2025, 5, 1), to_month__gte=date(2025, 8, 1)).exists()


def test_marks_of_other_months_are_not_kept():
    worlds.build(7)
    recompute.recompute_months(FIRST, LAST)
    start(FIRST, Month(2024, 12))
    change()
    mark_everything(Month(2025, 2), Month(2025, 2))
    recompute.drain_marks()
    assert not KeptMark.objects.exists()
