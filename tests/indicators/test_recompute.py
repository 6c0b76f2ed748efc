"""The roll-up agrees with the oracle, whole and by differences, whatever the order."""

from __future__ import annotations

import random
from datetime import date
from fractions import Fraction

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from facilities.models import StaleMark
from facilities.periods import Month
from indicators import rollup
from indicators.actions import recompute
from indicators.actions.marks import mark_everything, mark_stale
from indicators.models import ComputedMonth, DataValue, Indicator, MonthlyResult, Submission
from tests.indicators import worlds

pytestmark = pytest.mark.django_db
FIRST, LAST = Month(2024, 11), Month(2025, 2)


def stored() -> dict:
    names = {
        "n": "numerator",
        "d": "denominator",
        "pn": "provisional_numerator",
        "pd": "provisional_denominator",
        "preported": "provisional_reported",
        "yd": "year_denominator",
        **{name: name for name in ("reported", "expected", "no_data", "stand_in", "estimated", "unknown")},
    }
    rows = MonthlyResult.objects.filter(expected__gt=0).select_related("area", "indicator", "group")
    return {
        (row.area.code, row.indicator.code, row.group.code, row.month): {
            short: Fraction(getattr(row, name)) for short, name in names.items()
        }
        for row in rows
    }


@pytest.mark.parametrize("seed", range(20))
def test_a_full_recompute_agrees_with_the_oracle(seed):
    worlds.build(seed)
    recompute.recompute_months(FIRST, LAST)
    assert stored() == worlds.oracle(worlds.MONTHS)


@pytest.mark.parametrize("seed", range(12))
def test_differences_of_many_changes_add_up_to_the_oracle(seed):
    world = worlds.build(seed)
    recompute.recompute_months(FIRST, LAST)
    rng = random.Random(seed + 100)
    for _ in range(12):
        submission = rng.choice(list(Submission.objects.select_related("form")))
        if rng.random() < 0.5:
            submission.status = rng.choice(["approved", "submitted"])
            submission.save(update_fields=["status"])
        else:
            DataValue.objects.filter(submission=submission).update(value=rng.randrange(50), no_data=False)
        mark_stale([submission])
        if rng.random() < 0.6:
            recompute.drain_marks()
    mark_stale([worlds.submit(world, world.facilities[0], "MF", date(2025, 3, 1))])
    recompute.drain_marks()
    computed = ComputedMonth.objects.filter(month__lte=date(2025, 4, 1)).values_list("month", flat=True)
    assert {k: v for k, v in stored().items() if k[3] <= date(2025, 4, 1)} == worlds.oracle(list(computed))
    assert recompute.differences() == 0


def test_draining_twice_adds_a_difference_once():
    worlds.build(23)
    recompute.recompute_months(FIRST, LAST)
    submission = Submission.objects.filter(form__code="MF", status="approved").first()
    worlds.change(submission, 71)
    for _ in range(2):
        mark_stale([submission])
        recompute.drain_marks()
        assert stored() == worlds.oracle(worlds.MONTHS)


def test_a_changed_definition_is_settled_by_its_mark():
    worlds.build(5)
    recompute.recompute_months(FIRST, LAST)
    Indicator.objects.get(code="RATIO").terms.update(coefficient=2)
    mark_everything(FIRST, LAST)
    recompute.drain_marks()
    assert stored() == worlds.oracle(worlds.MONTHS)


def test_a_figure_for_a_month_not_yet_opened_opens_it():
    world = worlds.build(2)
    recompute.recompute_months(FIRST, Month(2025, 1))
    submission = Submission.objects.filter(
        facility=world.facilities[0], form__code="MF", period=date(2025, 2, 1)
    ).first() or worlds.submit(world, world.facilities[0], "MF", date(2025, 2, 1))
    mark_stale([submission])
    recompute.drain_marks()
    assert {key for key in stored() if key[3] == date(2025, 2, 1)}
    assert stored() == worlds.oracle(worlds.MONTHS)


def test_a_recompute_settles_the_marks_of_its_months():
    worlds.build(1)
    mark_stale(Submission.objects.select_related("form").filter(form__code="MF"))
    recompute.recompute_months(FIRST, LAST)
    assert not StaleMark.objects.exists()


def test_differences_finds_a_tampered_result():
    worlds.build(4)
    recompute.recompute_months(FIRST, LAST)
    row = MonthlyResult.objects.filter(expected__gt=0).first()
    MonthlyResult.objects.filter(pk=row.pk).update(numerator=row.numerator + 1)
    assert recompute.differences() == 2
    assert MonthlyResult.objects.get(pk=row.pk).numerator == row.numerator + 1


@pytest.mark.parametrize("facilities", [3, 12])
def test_one_approval_takes_a_fixed_number_of_queries(facilities):
    worlds.build(8, facilities=facilities)
    recompute.recompute_months(FIRST, LAST)
    submission = Submission.objects.select_related("form").filter(form__code="MF", status="submitted").first()
    before = stored()
    submission.status, submission.decided_at = "approved", timezone.now()
    submission.submitted_at = submission.first_submitted_at = timezone.now()
    submission.save()
    mark_stale([submission])
    with CaptureQueriesContext(
        connection,
    ) as queries:
        recompute._drain_some()
    statements = [
        q["sql"] for q in queries if not q["sql"].startswith(("SAVEPOINT", "RELEASE", "BEGIN", "COMMIT"))
    ]
    assert stored() != before
    # marks, computed months, advisory lock (PostgreSQL), facility lock, fresh rows, differences, delete,
    # insert, fresh rows away (SQLite), time of computing, marks away
    assert len(statements) <= 10, statements


def test_a_figure_that_arrives_between_the_two_writes_is_not_lost(monkeypatch):
    """What another transaction commits in the middle must wait for its own mark, in areas and facility alike."""
    world = worlds.build(23)
    recompute.recompute_months(FIRST, LAST)
    first, second = Submission.objects.select_related("form").filter(
        facility=world.facilities[1], form__code="MF", status="approved"
    )[:2]
    original, arrived = rollup.area_sums, []

    def arriving(source: str, where: str) -> str:
        if not arrived:
            arrived.append(second)
            worlds.change(second, 71)
            mark_stale([second])
        return original(source, where)

    monkeypatch.setattr(rollup, "area_sums", arriving)
    worlds.change(first, 17)
    mark_stale([first])
    months = [first.period, second.period]
    recompute.recompute_facilities([first.facility_id], months)
    recompute.drain_marks()
    assert arrived
    assert stored() == worlds.oracle(worlds.MONTHS)


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite reads by one plan")
def test_areas_of_whole_months_are_added_up_without_walking_through_a_key():
    worlds.build(1)
    with CaptureQueriesContext(connection) as captured:
        recompute.recompute_months(FIRST, LAST)
    [written, *_more] = [
        n for n, one in enumerate(captured) if "INSERT INTO indicators_monthlyresult" in one["sql"]
    ]
    around = [captured[n]["sql"] for n in (written - 1, written + 1)]
    assert around == ["SET LOCAL enable_nestloop = off", "SET LOCAL enable_nestloop TO DEFAULT"]
