"""Verdicts: the table every implementation must get right, each rule of judging, and their properties."""

from decimal import Decimal as D
from fractions import Fraction as F

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indicators.timing import MonthFigure, year_to_date
from plans.assessment import Reading, Status, bar_percent, judge
from plans.targets import Meaning, parse


def assess(text, value=None, *, direction="higher", timing="flow", interval_kind="none", factor=100,
           baseline=None, tolerance=None, **known):  # fmt: skip
    goals = parse(text, direction) if isinstance(text, str) else text
    known.setdefault("source", "none" if value is None else "computed")
    return judge(
        goals,
        Reading(value=None if value is None else F(value), **known),
        direction=direction,
        timing=timing,
        interval_kind=interval_kind,
        factor=factor,
        baseline=None if baseline is None else D(baseline),
        tolerance=None if tolerance is None else D(tolerance),
    )


# --- the table at the end of domain/targets.md, row by row --------------------------------------------


def test_an_approved_figure_of_0_is_judged_as_0():
    assert assess("<30", 0, direction="lower").status == Status.MET
    assert assess("90", 0).status == Status.NOT_MET


def test_mmr_20_against_less_than_30_is_met_and_no_percentage():
    found = assess("<30", 20, direction="lower", factor=100_000)
    assert (found.status, found.percent_of_target, found.difference) == (Status.MET, None, -10)


def test_60_achieved_of_90_is_two_thirds():
    found = assess("90", 60, timing="count", factor=1)
    assert found.percent_of_target == F(200, 3)
    assert round(bar_percent(found), 1) == 66.7


def test_a_bar_is_capped_but_the_percentage_is_not():
    found = assess("90", 180, timing="count", factor=1)
    assert (found.percent_of_target, bar_percent(found)) == (200, 100.0)
    assert bar_percent(assess("<30", 20, direction="lower")) == 0.0


def test_better_than_a_lower_target_is_met():
    assert assess("30", 25, direction="lower", baseline=45).status == Status.MET


def test_worse_than_the_baseline_is_not_met():
    assert assess("30", 60, direction="lower", baseline=45).status == Status.NOT_MET


def test_a_percentage_against_a_percentage_is_27_percent_of_it():
    assert round(float(assess("90%", "24.35").percent_of_target), 1) == 27.1


def test_one_child_of_9_in_10_rolls_up_to_90():
    year = year_to_date("flow", [MonthFigure(1, F(9), F(10), 1, 1)], 100)
    assert assess("90", year.value).status == Status.MET


def test_a_year_of_percentages_is_summed_before_it_is_judged():
    months = [MonthFigure(number, F(90), F(100), 1, 1) for number in range(1, 12)]
    year = year_to_date("flow", [*months, MonthFigure(12, F(0), F(900), 1, 1)], 100)
    assert assess("49", year.value).status == Status.EXCEEDED
    assert assess("50", year.value).status == Status.NOT_MET


def test_target_0_value_0_is_met_without_division():
    found = assess("0", 0, direction="lower")
    assert (found.status, found.percent_of_target, found.difference) == (Status.MET, None, 0)
    assert assess("0", "0.01", direction="lower").status == Status.NOT_MET
    assert assess("0", 0, timing="count").percent_of_target is None


def test_two_merged_units_count_together():
    year = year_to_date("count", [MonthFigure(1, F(10) + F(11), None, 2, 2)], 1)
    assert assess("21", year.value, timing="count", factor=1).status == Status.MET


# --- met, exceeded, not met ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "direction", "value", "status"),
    [
        ("90", "higher", 90, "met"),
        ("90", "higher", 91, "exceeded"),
        ("≥ 90", "higher", 91, "exceeded"),
        ("đạt 90%", "higher", 91, "exceeded"),
        ("98,0", "higher", "97.96", "not_met"),
        ("> 90", "higher", 91, "met"),
        ("> 90", "higher", 90, "not_met"),
        ("≥ 90", "none", 91, "met"),
        ("90", "lower", 80, "met"),
        ("≤ 90", "lower", 90, "met"),
        ("< 90", "lower", 90, "not_met"),
        ("= 90", "higher", 91, "not_met"),
        ("103–107", "lower", 103, "met"),
        ("103–107", "lower", 107, "met"),
        ("103–107", "lower", "107.01", "not_met"),
        ("103–107", "higher", 105, "met"),
        ("0", "higher", 5, "not_met"),
    ],
)
def test_a_finished_year_is_judged_unrounded_and_in_the_right_word(text, direction, value, status):
    assert assess(text, value, direction=direction).status == status


@pytest.mark.parametrize(
    ("text", "value", "previous", "status", "difference"),
    [
        ("Tăng 0,1", "15.1", "15.0", "met", 0),
        ("Tăng 0,1", "15.3", "15.0", "met", "0.2"),
        ("Tăng 0,1", "15.05", "15.0", "not_met", "-0.05"),
        ("Giảm 0,06", "14.94", "15.0", "met", 0),
        ("Giảm 0,06", "14.95", "15.0", "not_met", "0.01"),
        ("Giảm 0,06", "15.0", None, "no_data", None),
    ],
)
def test_a_change_is_computed_from_levels(text, value, previous, status, difference):
    found = assess(text, value, direction="none", previous=None if previous is None else F(previous))
    assert (found.status, found.percent_of_target) == (status, None)
    assert found.difference == (None if difference is None else F(difference))


def test_where_level_and_change_stand_together_the_level_judges_and_the_change_is_shown():
    text = "Giảm 16,2 điểm% (về mức 111)"
    found = assess(text, 111, direction="lower", previous=F(120))
    assert (found.status, found.change, found.goal.kind) == (Status.MET, -9, "level")
    assert assess(text, 112, direction="lower", previous=F(140)).status == Status.NOT_MET


@pytest.mark.parametrize(
    ("value", "tolerance", "status"),
    [
        ("3645701", 0, "met"),
        ("3640000", 5701, "met"),
        ("3640000", 5700, "not_met"),
        ("3645701", None, "not_assessed"),
    ],
)
def test_a_line_without_direction_is_judged_within_the_planners_tolerance(value, tolerance, status):
    found = assess("3.645.701", value, direction="none", timing="stock", factor=1, tolerance=tolerance,
                   numerator=F(value))  # fmt: skip
    assert found.status == status
    assert found.percent_of_target == F(value) / 3645701 * 100


def test_keeping_the_baseline_is_judged_against_it():
    assert assess("duy trì", 95, baseline="95.0").status == Status.MET
    assert assess("duy trì", 94, baseline="95.0").status == Status.NOT_MET
    assert assess("duy trì", 94).status == Status.NOT_ASSESSED


# --- nothing to judge ----------------------------------------------------------------------------------


def test_nothing_reported_is_no_data_and_keeps_its_reason():
    assert assess("90").status == Status.NO_DATA
    found = assess("90", flags=frozenset({"no_exact_figure"}))
    assert (found.status, found.flags, found.percent_of_target) == (
        Status.NO_DATA,
        ("no_exact_figure",),
        None,
    )


def test_a_year_without_a_target_is_not_assessed():
    found = assess("", 95)
    assert (found.status, found.flags) == (Status.NOT_ASSESSED, ("no_target_this_year",))


def test_an_ambiguous_target_waits_for_a_person_and_the_change_is_shown():
    found = assess("giảm 2%", 18, direction="lower", previous=F(21))
    assert (found.status, found.flags) == (Status.NOT_ASSESSED, ("ambiguous_target",))
    assert (found.change, found.difference, found.percent_of_target) == (-3, None, None)


@pytest.mark.parametrize(("verdict", "status"), [(True, "met"), (False, "not_met"), (None, "not_assessed")])
def test_a_qualitative_line_follows_the_officers_verdict(verdict, status):
    assert assess("Bộ máy tinh gọn", verdict=verdict).status == status


# --- before the year ends ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "direction", "timing", "value", "projected", "status"),
    [
        ("90", "higher", "flow_population", 50, 100, "on_track"),
        ("90", "higher", "flow_population", 40, 80, "at_risk"),
        ("90", "higher", "flow", 95, 95, "on_track"),
        ("<30", "lower", "flow", 20, 20, "on_track"),
        ("<30", "lower", "flow", 30, 30, "at_risk"),
        ("≤ 10", "lower", "count", 4, 8, "on_track"),
        ("≤ 10", "lower", "count", 6, 12, "at_risk"),
        ("≤ 10", "lower", "count", 11, 22, "at_risk"),
        ("0", "lower", "flow", 0, 0, "on_track"),
        ("103–107", "lower", "flow", 110, None, "at_risk"),
    ],
)
def test_an_unfinished_year_is_judged_by_its_projection(text, direction, timing, value, projected, status):
    found = assess(text, value, direction=direction, timing=timing, year_ended=False, months=6,
                   projected=None if projected is None else F(projected))  # fmt: skip
    assert (found.status, found.projected) == (status, value if projected is None else projected)


def test_a_change_is_projected_from_the_projected_level():
    known = {"direction": "none", "year_ended": False, "months": 6, "previous": F(15)}
    assert assess("Tăng 0,1", "15.2", projected=F("15.2"), **known).status == Status.ON_TRACK
    assert assess("Tăng 0,1", "15.0", projected=F(15), **known).status == Status.AT_RISK


def test_what_adds_up_has_a_pace_until_the_year_ends():
    half = assess("90", 50, timing="count", year_ended=False, months=6, projected=F(100))
    assert (half.pace, half.percent_of_target) == (45, F(5000, 90))
    assert assess("90", 50, timing="flow", year_ended=False, months=6).pace is None
    assert assess("90", 50, timing="count").pace is None
    assert assess("90", 50, timing="count").projected is None


def test_an_estimate_stands_for_the_whole_year_and_is_marked():
    found = assess("90", 91, source="estimate", timing="count", year_ended=False, months=11)
    assert (found.status, found.flags, found.projected, found.pace) == ("exceeded", ("estimate",), None, None)


# --- flags and intervals -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "direction", "baseline", "flagged"),
    [
        ("≤ 23", "lower", "8.0", True),
        ("99,9", "higher", "100.0", True),
        (">75.0", "higher", "75.0", False),
        ("119,0", "lower", "121.1", False),
        ("103–107", "lower", "105", True),
        ("103–107", "higher", "102", False),
        ("1,00", "none", "0.98", False),
        ("Tăng 0,1", "higher", "3", False),
        ("≤ 23", "lower", None, False),
    ],
)
def test_a_target_worse_than_its_baseline_is_flagged_and_judged_as_written(
    text, direction, baseline, flagged
):
    found = assess(text, 20, direction=direction, baseline=baseline, tolerance=1, previous=F(19))
    assert ("target_worse_than_baseline" in found.flags) is flagged
    assert found.status == assess(text, 20, direction=direction, tolerance=1, previous=F(19)).status


def test_a_ratio_on_three_deaths_has_its_interval_and_the_verdict_follows_the_value():
    found = assess("<30", 20, direction="lower", interval_kind="poisson", factor=100_000,
                   numerator=F(3), denominator=F(15_000))  # fmt: skip
    assert found.status == Status.MET
    assert found.interval == pytest.approx((4.12, 58.45), abs=0.01)
    assert found.flags == ("interval_straddles_target",)


def test_an_interval_clear_of_the_target_raises_no_flag():
    found = assess("<60", 20, direction="lower", interval_kind="poisson", factor=100_000,
                   numerator=F(3), denominator=F(15_000))  # fmt: skip
    assert found.flags == ()


def test_half_a_year_of_a_sum_is_not_compared_with_the_target_of_a_year():
    known = {
        "interval_kind": "wilson",
        "numerator": F(45),
        "denominator": F(100),
        "timing": "flow_population",
    }
    assert assess("45", 45, year_ended=False, months=6, projected=F(90), **known).flags == ()
    assert assess("45", 45, **known).flags == ("interval_straddles_target",)


def test_the_interval_of_a_rate_is_of_a_whole_year_as_its_value_is():
    known = {"timing": "rate", "interval_kind": "poisson", "factor": 1000, "year_ended": False, "months": 6}
    low, high = assess("10", 20, numerator=F(100), denominator=F(10_000), **known).interval
    assert low < 20 < high


def test_flags_of_the_figures_pass_through_in_order():
    found = assess("90", 95, source="estimate", flags=frozenset({"share_estimate", "provisional"}))
    assert found.flags == ("estimate", "provisional", "share_estimate")


# --- properties ----------------------------------------------------------------------------------------

values = st.fractions(-1000, 1000, max_denominator=1000)
targets = st.decimals(-1000, 1000, places=2)
RANK = {Status.NOT_MET: 0, Status.MET: 1, Status.EXCEEDED: 2}


def goal(operator, value, upper=None):
    return [Meaning("", None, operator, value, upper, "level")]


@given(targets, values, values, st.sampled_from(["higher", "lower", "none"]))
def test_more_is_never_judged_worse_by_a_lower_bound(target, one, other, direction):
    low, high = sorted([one, other])
    for operator in (">", ">="):
        ranks = [
            RANK[assess(goal(operator, target), value, direction=direction).status] for value in (low, high)
        ]
        assert ranks == sorted(ranks)
    for operator in ("<", "<="):
        ranks = [
            RANK[assess(goal(operator, target), value, direction=direction).status] for value in (low, high)
        ]
        assert ranks == sorted(ranks, reverse=True)


@given(targets, values)
def test_less_than_is_met_exactly_where_at_least_is_not(target, value):
    for less, more in (("<", ">="), ("<=", ">")):
        below = assess(goal(less, target), value).status == Status.MET
        assert below == (assess(goal(more, target), value).status == Status.NOT_MET)


@given(targets, targets, values)
def test_a_range_is_met_where_both_of_its_ends_are(one, other, value):
    low, high = sorted([one, other])
    inside = assess(goal("between", low, high), value)
    both = assess(goal(">=", low), value, direction="none"), assess(goal("<=", high), value)
    assert (inside.status == "met") == all(found.status == "met" for found in both)
    assert (inside.difference == 0) == (inside.status == "met")


@given(st.sampled_from(["<", "<=", "=", ">=", ">"]), targets, values, st.integers(1, 1000))
def test_another_unit_gives_the_same_verdict_and_percentage(operator, target, value, scale):
    one, scaled = (assess(goal(operator, target * by), value * by) for by in (1, scale))
    assert (one.status, one.percent_of_target) == (scaled.status, scaled.percent_of_target)
    assert scaled.difference == (None if one.difference is None else one.difference * scale)


@given(st.text(max_size=30), st.none() | values, st.booleans(), st.sampled_from(["higher", "lower", "none"]))
def test_any_target_text_can_be_judged(text, value, year_ended, direction):
    found = assess(text, value, direction=direction, year_ended=year_ended, previous=F(1), baseline=1)
    assert found.status in set(Status)
    assert found.percent_of_target is None or found.difference is None
