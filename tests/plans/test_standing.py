"""From results and entered figures to verdicts, on one plan of 2025."""

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest

from facilities.periods import Month
from indicators.models import ComputedMonth, Group
from plans.models import Plan
from plans.standing import AsOfOutsideYear, assess_lines
from tests.factories import AreaFactory, ProvinceFactory, settle_places
from tests.factories_plans import (
    EnteredFigureFactory,
    LineFactory,
    ObjectiveFactory,
    PlanFactory,
    TargetFactory,
    everybody,
    make_indicator,
    make_result,
)

pytestmark = pytest.mark.django_db
YEAR = [f"2025-{month:02d}" for month in range(1, 13)]


@pytest.fixture
def plan():
    everybody()
    return PlanFactory()


def standing_of(plan, as_of="2025-12", year=2025):
    (standing,) = assess_lines(plan, year, Month.parse(as_of))
    return standing


def line_with(plan, indicator, *, target="90", operator=">=", value=90, kind="level", year=2025, **fields):
    line = LineFactory(plan=plan, indicator=indicator, **fields)
    TargetFactory(line=line, text=target, operator=operator, value=value, kind=kind, year=year)
    return line


def test_a_year_of_months_is_summed_before_it_is_divided(plan):
    indicator = make_indicator()
    line_with(plan, indicator)
    for position, month in enumerate(YEAR):
        make_result(plan.area, indicator, month, 10 if position else 1, 10 if position else 100)

    standing = standing_of(plan)

    assert standing.value == Fraction(111, 210) * 100
    assert (standing.numerator, standing.denominator) == (111, 210)
    assert (standing.source, standing.assessment.status) == ("computed", "not_met")
    assert (standing.reported, standing.expected, standing.exactness) == (12, 12, "exact")
    assert standing.assessment.flags == ()
    assert [point.to_date for point in standing.series][:2] == [Fraction(1), Fraction(11, 110) * 100]


def test_zero_events_are_a_value_and_meet_a_target_of_zero(plan):
    indicator = make_indicator("MMR", factor=100_000, direction="lower", interval="poisson")
    line_with(plan, indicator, target="0", operator="=", value=0, direction="lower")
    for month in YEAR:
        make_result(plan.area, indicator, month, 0, 500)

    standing = standing_of(plan)

    assert (standing.value, standing.assessment.status) == (0, "met")
    assert standing.assessment.percent_of_target is None


def test_a_month_without_reports_is_not_a_zero(plan):
    indicator = make_indicator()
    line_with(plan, indicator)
    make_result(plan.area, indicator, "2025-01", 95, 100)
    make_result(plan.area, indicator, "2025-02", 0, 0, reported=0)

    standing = standing_of(plan, "2025-02")

    assert (standing.value, standing.assessment.status) == (95, "on_track")
    assert (standing.reported, standing.expected) == (1, 2)


def test_nothing_reported_is_no_data(plan):
    indicator = make_indicator()
    line_with(plan, indicator)
    make_result(plan.area, indicator, "2025-01", 0, 0, reported=0, expected=3)

    standing = standing_of(plan)

    assert (standing.value, standing.source, standing.assessment.status) == (None, "none", "no_data")
    assert (standing.reported, standing.expected) == (0, 3)


def test_months_after_the_as_of_month_do_not_count(plan):
    indicator = make_indicator("NEW_USERS", factor=1, timing="count", denominator=False)
    line_with(plan, indicator, target="1.200", value=1200, unit="người")
    for month in YEAR:
        make_result(plan.area, indicator, month, 90)

    standing = standing_of(plan, "2025-06")

    assert (standing.value, standing.denominator, standing.projected) == (540, None, 1080)
    assert (standing.assessment.status, standing.assessment.percent_of_target) == ("at_risk", 45)


def test_no_exact_figure_is_said_and_never_shown_as_a_partial_sum(plan):
    indicator = make_indicator()
    line_with(plan, indicator)
    for month in YEAR:
        make_result(plan.area, indicator, month, 9, 10, unknown=1 if month == "2025-08" else 0)

    standing = standing_of(plan)

    assert (standing.value, standing.numerator, standing.exactness) == (None, None, "none")
    assert standing.assessment.flags == ("no_exact_figure",)
    assert standing.assessment.status == "no_data"


def test_shares_and_stand_ins_are_flagged(plan):
    indicator = make_indicator()
    line_with(plan, indicator)
    for month in YEAR:
        make_result(plan.area, indicator, month, 9, 10, estimated=1, stand_in=1)

    standing = standing_of(plan)

    assert standing.assessment.flags == ("provisional", "share_estimate")
    assert standing.exactness == "estimate"


def test_a_year_that_ended_with_a_silent_month_is_provisional(plan):
    indicator = make_indicator()
    line_with(plan, indicator)
    for month in YEAR:
        make_result(plan.area, indicator, month, 9, 10, reported=0 if month == "2025-05" else 1)

    assert standing_of(plan).assessment.flags == ("provisional",)


def test_submitted_figures_are_kept_apart(plan):
    indicator = make_indicator()
    line_with(plan, indicator)
    result = make_result(plan.area, indicator, "2025-01", 9, 10, expected=2)
    result.provisional_numerator, result.provisional_denominator, result.provisional_reported = 10, 20, 2
    result.save()

    standing = standing_of(plan, "2025-01")

    assert (standing.value, standing.computed.provisional.value) == (90, 50)


def test_a_change_is_taken_from_levels_of_both_years_and_judged_by_its_verb(plan):
    indicator = make_indicator("CBR", factor=1000, timing="rate", direction="none")
    line_with(plan, indicator, target="Tăng 0,1", value=Decimal("0.1"), kind="change", unit="‰")
    for month in YEAR:
        make_result(plan.area, indicator, month, 13, 12_000)
        make_result(plan.area, indicator, month.replace("2025", "2024"), 12, 12_000)

    standing = standing_of(plan)

    assert (standing.previous, standing.level, standing.value) == (12, 13, 1)
    assert (standing.states_change, standing.assessment.status) == (True, "met")
    assert standing.assessment.difference == Fraction(9, 10)


def test_a_change_without_last_years_level_has_no_value(plan):
    indicator = make_indicator("CBR", factor=1000, timing="rate", direction="none")
    line_with(plan, indicator, kind="change", value=1, baseline_value=12, baseline_kind="level")
    make_result(plan.area, indicator, "2025-01", 13, 12_000)

    standing = standing_of(plan)

    assert (standing.value, standing.assessment.status) == (None, "no_data")
    assert standing.level == 13


def test_an_entered_change_is_the_change(plan):
    line = line_with(plan, None, kind="change", operator=">=", value=1)
    EnteredFigureFactory(line=line, value=2)

    standing = standing_of(plan)

    assert (standing.value, standing.level, standing.assessment.status) == (2, None, "met")


def test_the_newest_entered_figure_counts(plan):
    line = line_with(plan, None)
    for value in (80, 95):
        EnteredFigureFactory(line=line, value=value, numerator=value, denominator=100)

    standing = standing_of(plan)

    assert (standing.value, standing.numerator, standing.denominator) == (95, 95, 100)
    assert (standing.source, standing.assessment.status) == ("entered", "exceeded")


def test_a_survey_reads_what_was_entered_alone(plan):
    indicator = make_indicator("STUNTING", timing="survey", direction="lower")
    line = line_with(plan, indicator, operator="<=", value=15, direction="lower")
    EnteredFigureFactory(line=line, value=Decimal("14.3"))
    EnteredFigureFactory(line=line, value=Decimal("14.5"), year=2024)

    standing = standing_of(plan)

    assert (standing.source, standing.value) == ("entered", Fraction(143, 10))
    assert (standing.previous, standing.previous_source) == (Fraction(145, 10), "entered")
    assert standing.assessment.status == "met"


def test_an_estimate_stands_beside_the_computed_figure_until_the_year_ends(plan):
    indicator = make_indicator()
    line = line_with(plan, indicator)
    for month in YEAR:
        make_result(plan.area, indicator, month, 80, 100)
    EnteredFigureFactory(line=line, kind="estimate", value=92)

    running, ended = standing_of(plan, "2025-10"), standing_of(plan)

    assert (running.source, running.value, running.assessment.status) == ("computed", 80, "at_risk")
    assert running.estimate_assessment.status == "exceeded"
    assert running.estimate_assessment.flags == ("estimate",)
    assert (ended.source, ended.estimate_assessment) == ("computed", None)
    assert ended.entered.estimate.value == 92


def test_an_estimate_stands_alone_where_nothing_is_computed(plan):
    line = line_with(plan, None)
    EnteredFigureFactory(line=line, kind="estimate", value=92)

    standing = standing_of(plan, "2025-10")

    assert (standing.source, standing.assessment.status) == ("estimate", "exceeded")
    assert standing.assessment.flags == ("estimate",)


@pytest.mark.parametrize(("value", "status"), [(1, "met"), (0, "not_met"), (None, "not_assessed")])
def test_a_qualitative_line_follows_the_officers_verdict(plan, value, status):
    line = line_with(plan, None, target="Bộ máy tinh gọn", kind="text", operator="", value=None)
    if value is not None:
        EnteredFigureFactory(line=line, kind="verdict", value=value)

    assert standing_of(plan).assessment.status == status


def test_a_year_without_a_target_shows_the_next_one():
    everybody()
    plan = PlanFactory(start_year=2024, end_year=2026)
    line = line_with(plan, None, year=2026, target="95", value=95)
    EnteredFigureFactory(line=line)

    standing = standing_of(plan)

    assert (standing.assessment.status, standing.target_text) == ("not_assessed", None)
    assert standing.assessment.flags == ("no_target_this_year",)
    assert [target.text for target in standing.next_targets] == ["95"]
    assert standing.value == 91


def test_a_count_promised_for_the_whole_period_is_summed_over_its_years():
    everybody()
    plan = PlanFactory(start_year=2024, end_year=2025, baseline_year=2023)
    indicator = make_indicator("NEW_IUD", factor=1, timing="count", denominator=False)
    line_with(plan, indicator, value=300)
    for month in YEAR:
        make_result(plan.area, indicator, month, 10)
        make_result(plan.area, indicator, month.replace("2025", "2024"), 20)

    ended, half = standing_of(plan), standing_of(plan, "2025-06")

    assert (ended.value, ended.assessment.status, ended.reported) == (360, "exceeded", 24)
    assert (half.value, half.projected, half.assessment.status) == (300, 360, "on_track")


def test_a_group_of_people_reads_its_own_results(plan):
    indicator = make_indicator()
    group = Group.objects.create(code="DTTS", kind="people", name="Dân tộc thiểu số")
    line_with(plan, indicator, group=group, group_text="DTTS")
    make_result(plan.area, indicator, "2025-01", 1, 100)
    make_result(plan.area, indicator, "2025-01", 95, 100, group=group)

    assert standing_of(plan).value == 95


def test_a_group_of_places_sums_the_urban_communes():
    everybody()
    province = ProvinceFactory()
    wards = [AreaFactory(parent=province, traits=["urban"]) for _ in range(2)]
    village = AreaFactory(parent=province)
    settle_places()
    plan = PlanFactory(area=province)
    indicator = make_indicator()
    places = Group.objects.create(code="URBAN", kind="places", trait="urban", name="Đô thị")
    line_with(plan, indicator, group=places, group_text="đô thị")
    for area, numerator in ((wards[0], 10), (wards[1], 11), (village, 0), (province, 21)):
        make_result(area, indicator, "2025-01", numerator, 25)

    standing = standing_of(plan)

    assert (standing.numerator, standing.denominator, standing.value) == (21, 50, 42)


def test_the_figures_of_another_area_may_be_read(plan):
    indicator = make_indicator()
    line_with(plan, indicator)
    part = AreaFactory(parent=plan.area)
    make_result(part, indicator, "2025-01", 1, 2)

    (standing,) = assess_lines(plan, 2025, Month(2025, 12), boundaries=part)

    assert standing.value == 50


def test_a_year_that_is_over_is_read_to_december_by_default(plan):
    assert [standing.as_of for standing in assess_lines(plan, 2020)] == []
    line_with(plan, make_indicator())

    (past,) = assess_lines(plan, 2020)
    (future,) = assess_lines(plan, 2199)

    assert (past.as_of, future.as_of) == (Month(2020, 12), None)


def test_an_as_of_month_outside_the_year_is_refused(plan):
    with pytest.raises(AsOfOutsideYear):
        assess_lines(plan, 2025, Month(2026, 1))


@pytest.mark.parametrize("lines", [10, 25])
def test_the_number_of_queries_does_not_grow_with_the_lines(
    plan, django_assert_num_queries, monkeypatch, lines
):
    """Last computed month; lines; targets; entered figures; results; results of urban communes."""
    monkeypatch.setattr("django.utils.timezone.localdate", lambda: date(2026, 11, 22))
    objective = ObjectiveFactory(plan=plan)
    places = Group.objects.create(code="URBAN", kind="places", trait="urban", name="Đô thị")
    for number in range(lines):
        indicator = make_indicator(f"I{number}")
        group = places if number % 5 == 0 else None
        line = line_with(plan, indicator, objective=objective, group=group, year=2026)
        EnteredFigureFactory(line=line, year=2026)
        make_result(plan.area, indicator, "2026-01", 9, 10)
    ComputedMonth.objects.create(month="2026-01-01", computed_at="2026-02-01T00:00Z")
    Plan.objects.update(end_year=2026)
    plan = Plan.objects.select_related("area").get()

    with django_assert_num_queries(6):
        standings = assess_lines(plan, 2026)
        [(s.target_text, s.line.objective.label, s.projected, s.exactness) for s in standings]

    assert len(standings) == lines
