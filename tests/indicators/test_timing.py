"""Months into a year: every kind of timing, zeros, gaps and months without an exact figure."""

import re
from fractions import Fraction as F
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indicators.definitions import entries
from indicators.models import Indicator
from indicators.timing import MonthFigure, Timing, YearFigure, base_month, year_to_date


def month(number, numerator, denominator=None, reported=1, expected=1):
    return MonthFigure(
        number,
        None if numerator is None else F(numerator),
        None if denominator is None else F(denominator),
        reported,
        expected,
    )


def test_a_flow_adds_both_sides_and_divides_once():
    months = [month(1, 9, 10), month(2, 1, 10)]
    assert year_to_date(Timing.FLOW, months, 100) == YearFigure(F(10), F(20), F(50), 2, F(50), 2, 2)


def test_a_yearly_percentage_is_neither_the_last_month_nor_the_mean_of_months():
    months = [month(number, 90, 100) for number in range(1, 12)] + [month(12, 1, 10)]
    assert year_to_date("flow", months, 100).value == F(991, 1110) * 100


def test_one_child_of_nine_in_ten_rolls_up_to_ninety_percent():
    assert year_to_date("flow", [month(1, 9, 10)], 100).value == 90


def test_a_part_of_a_yearly_population_is_compared_with_the_whole_year_and_projected():
    months = [month(1, 100, 1200), month(2, 100, 1100), month(3, 100, 1200)]
    figure = year_to_date(Timing.FLOW_POPULATION, months, 100)
    assert (figure.numerator, figure.denominator, figure.value, figure.projected) == (300, 1200, 25, 100)


def test_a_rate_is_of_a_whole_year_whatever_the_month():
    months = [month(number, 10, 12_000) for number in range(1, 7)]
    figure = year_to_date(Timing.RATE, months, 1000)
    assert (figure.value, figure.projected, figure.months) == (10, 10, 6)


def test_a_change_is_taken_between_yearly_rates():
    months = [month(1, 10, 12_000)]
    assert year_to_date("change", months, 1000) == year_to_date("rate", months, 1000)


@pytest.mark.parametrize("timing", ["stock", "units", "survey"])
def test_a_stock_is_its_latest_report(timing):
    months = [month(3, 20, 40), month(1, 10, 40), month(4, 0, 0, reported=0)]
    figure = year_to_date(timing, months, 100)
    assert figure == YearFigure(F(20), F(40), F(50), 2, F(50), 2, 3)


def test_a_mean_population_is_a_stock_without_denominator():
    assert year_to_date("stock", [month(1, "3645701"), month(2, "7291401/2")], 1).value == F(7291401, 2)


def test_a_count_adds_and_is_projected_to_the_year():
    figure = year_to_date("count", [month(1, 10), month(2, 11)], 1)
    assert (figure.value, figure.projected, figure.denominator) == (21, 126, None)


def test_a_short_year_is_projected_to_its_own_length():
    assert year_to_date("count", [month(7, 10), month(8, 10)], 1, year_months=6).projected == 60


def test_reported_zero_deaths_are_zero():
    figure = year_to_date("flow", [month(1, 0, 50), month(2, 0, 50)], 100_000)
    assert (figure.value, figure.numerator) == (0, 0)


@pytest.mark.parametrize("timing", list(Timing))
@pytest.mark.parametrize("months", [[], [month(1, 0, 0, reported=0, expected=5)]])
def test_nothing_reported_is_no_value_and_never_zero(timing, months):
    figure = year_to_date(timing, months, 100)
    assert (figure.value, figure.projected, figure.months, figure.inexact) == (None, None, 0, False)
    assert figure.expected == sum(one.expected for one in months)


@pytest.mark.parametrize("timing", ["flow", "flow_population", "rate", "stock"])
def test_a_zero_denominator_is_no_value(timing):
    figure = year_to_date(timing, [month(1, 3, 0)], 100)
    assert (figure.value, figure.projected, figure.numerator, figure.inexact) == (None, None, 3, False)


def test_an_unreported_month_has_elapsed_all_the_same():
    months = [month(1, 10), month(2, 0, reported=0), month(3, 10)]
    figure = year_to_date("count", months, 1)
    assert (figure.months, figure.projected, figure.reported, figure.expected) == (3, 80, 2, 3)


@pytest.mark.parametrize("reported", [0, 1])
def test_a_month_without_exact_figure_leaves_the_year_without_one(reported):
    months = [month(1, 9, 10), month(2, None, None, reported=reported)]
    figure = year_to_date("flow", months, 100)
    assert (figure.value, figure.numerator, figure.denominator, figure.inexact) == (None, None, None, True)


def test_a_stock_needs_an_exact_figure_at_its_latest_date_only():
    assert year_to_date("stock", [month(1, None), month(2, 9, 10)], 100).value == 90
    assert year_to_date("stock", [month(1, 9, 10), month(2, None)], 100).inexact


def test_a_denominator_missing_in_one_month_is_no_exact_figure():
    assert year_to_date("flow", [month(1, 9, 10), month(2, 9, None)], 100).inexact


figures = st.lists(
    st.builds(month, st.integers(1, 12), st.integers(0, 999), st.integers(1, 999)),
    min_size=1,
    max_size=12,
    unique_by=lambda figure: figure.month,
)


@given(st.sampled_from(list(Timing)), figures, st.integers(2, 1000))
def test_the_factor_scales_and_the_order_of_months_does_not_matter(timing, months, factor):
    one, scaled = year_to_date(timing, months, 1), year_to_date(timing, months[::-1], factor)
    assert (scaled.value, scaled.projected) == (one.value * factor, one.projected * factor)


@given(figures)
def test_a_flow_lies_between_its_lowest_and_highest_month(months):
    ratios = [figure.numerator / figure.denominator for figure in months]
    assert min(ratios) <= year_to_date("flow", months, 1).value <= max(ratios)


def test_a_station_missing_a_month_leaves_a_rate_where_it_was():
    whole = [month(number, 10, 6000, reported=2, expected=2) for number in range(1, 12)]
    half = month(12, 5, 3000, reported=1, expected=2)
    assert year_to_date(Timing.RATE, [*whole, half], 1000).value == F(20)


def test_a_coverage_divides_by_the_years_denominator_not_by_that_of_the_reporters():
    """Two stations of 1,000 each miss a different month: 200 of 2,000, not 200 of 1,000."""
    months = [MonthFigure(number, F(100), F(1000), 1, 2, year_denominator=F(2000)) for number in (1, 2)]
    figure = year_to_date(Timing.FLOW_POPULATION, [*months, month(3, 0, 0, reported=0, expected=2)], 100)
    assert (figure.value, figure.projected) == (F(10), F(40))


def test_the_kinds_of_timing_are_named_once():
    """The catalogue's choices and the files' are the module's; what adds up and what is latest is asked of it alone."""
    kinds = [str(kind) for kind in Timing]
    assert Indicator.Timing.values == kinds and list(entries.TIMINGS) == kinds
    here = re.compile(r"^_?[A-Z_]+ = [({](?:Indicator\.)?Timing\.\w+,", re.MULTILINE)
    files = [path for app in ("plans", "reporting", "indicators") for path in Path(app).rglob("*.py")]
    assert [str(path) for path in files if here.search(path.read_text())] == ["indicators/timing.py"]


@pytest.mark.parametrize(
    ("months", "position"),
    [
        ([(F(5), False), (F(7), False), (F(7), False)], 1),
        ([(F(5), True), (F(6), True), (F(9), False)], 1),
        ([(F(0), True), (F(4), False)], 1),
        ([(F(0), False)], 0),
    ],
)
def test_the_denominator_of_the_year_is_the_fullest_months_of_those_before_a_division(months, position):
    assert base_month(months) == position
