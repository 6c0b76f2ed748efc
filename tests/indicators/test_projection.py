"""The whole year seen from its months: seasons, linear pace, intervals and what they hold in simulation."""

from fractions import Fraction as F

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from indicators.projection import project
from indicators.seasonality import full_years, season_of
from indicators.timing import MonthFigure, Timing, year_to_date

SEASON = [6, 5, 9, 9, 10, 11, 8, 7, 9, 9, 9, 8]  # of a hundred a year


def months(numerators, denominators=None, **counts):
    counts = {"reported": 1, "expected": 1} | counts
    return [
        MonthFigure(
            number,
            F(numerator),
            None if denominators is None else F(denominators[number - 1]),
            year_denominator=None if denominators is None else F(denominators[number - 1]),
            **counts,
        )
        for number, numerator in enumerate(numerators, start=1)
    ]


def two_years(numerators=SEASON, denominators=None):
    return {year: months(numerators, denominators) for year in (2023, 2024)}


# --- the season ----------------------------------------------------------------------------------------

sums = st.lists(st.integers(0, 500), min_size=12, max_size=12)


@given(st.lists(sums, min_size=2, max_size=3))
def test_shares_of_a_season_sum_to_one(years):
    season = season_of(dict(enumerate(years)))
    whole = [year for year in years if any(year)]
    assert (season is None) == (len(whole) < 2)
    if season:
        assert sum(season.shares) == 1 == season.share_of(range(1, 13))
        assert season.total == sum(map(sum, whole))


def test_each_month_is_the_mean_of_its_shares_whatever_the_size_of_the_years():
    season = season_of({2023: [12, *[8] * 11], 2024: [0, *[1000] * 11]})
    assert season.shares[0] == F(12, 100) / 2
    assert season.years == (2023, 2024)


@pytest.mark.parametrize(
    "spoiled",
    [
        {"reported": 0},
        {"reported": 8, "expected": 10},
        {"numerator": None},
    ],
)
def test_a_year_with_a_month_that_is_missing_inexact_or_partial_tells_no_season(spoiled):
    year = months([10] * 12)
    values = {"month": 5, "numerator": F(10), "denominator": None, "reported": 1, "expected": 1} | spoiled
    year[4] = MonthFigure(**values)
    assert full_years({2024: year, 2023: months([10] * 12), 2022: months([10] * 11)}) == {
        2023: months([10] * 12)
    }


def test_nine_reports_in_ten_are_enough_for_a_season():
    assert 2024 in full_years({2024: months([10] * 12, reported=9, expected=10)})


def test_a_negative_or_unknown_month_tells_no_season():
    assert season_of({2023: [-1, *[5] * 11], 2024: [5] * 12}) is None
    assert season_of({2023: [None, *[5] * 11], 2024: [5] * 12}) is None


# --- the point -----------------------------------------------------------------------------------------


def test_a_coverage_is_projected_by_the_pace_of_the_last_two_years():
    """Half the months bring half the year of the season: 6 + 5 + 9 + 9 + 10 + 11 = 50 of 100."""
    found = project("flow_population", months([50] * 6, [1000] * 6), two_years(), 100, "none")
    assert (found.value, found.elapsed, found.years) == (60, F(1, 2), (2023, 2024))
    early = project("flow_population", months([50] * 2, [1000] * 2), two_years(), 100, "none")
    assert (early.value, early.elapsed) == (F(10) / F(11, 100), F(11, 100))


def test_three_full_years_are_read_where_they_exist():
    past = two_years() | {2022: months([10] * 12)}
    found = project("count", months([10]), past, 1, "none")
    assert found.years == (2022, 2023, 2024)
    assert found.elapsed == (F(6, 100) * 2 + F(1, 12)) / 3


@given(
    st.sampled_from(["count", "flow_population", "rate", "change", "flow", "stock", "units", "survey"]),
    st.lists(st.tuples(st.integers(0, 90), st.integers(90, 99)), min_size=1, max_size=12),
    st.sampled_from([{}, {2024: months(SEASON, SEASON)}, {2024: months(SEASON), 2023: months([1] * 11)}]),
)
def test_without_two_full_years_months_count_alike_as_they_always_did(timing, pairs, past):
    figures = months(*zip(*pairs, strict=True))
    found = project(timing, figures, past, 100, "poisson")
    assert found.value == year_to_date(timing, figures, 100).projected
    assert found.years == ()


@given(st.sampled_from(list(Timing)), sums, st.booleans(), st.sampled_from(["none", "poisson", "wilson"]))
def test_in_december_the_projection_is_the_years_value(timing, numerators, has_season, kind):
    figures = months(numerators, [1000] * 12)
    past = two_years(SEASON, [1000] * 12) if has_season else {}
    found = project(timing, figures, past, 100, kind)
    value = year_to_date(timing, figures, 100).value
    assert found.value == value
    if found.interval:
        assert found.interval == pytest.approx((float(value), float(value)))


@given(sums, st.integers(1, 11), st.integers(0, 500))
def test_a_pace_that_is_kept_reaches_the_target_exactly(season, passed, scale):
    past = {year: months(season) for year in (2023, 2024)}
    figures = months([number * scale for number in season[:passed]])
    found = project("count", figures, past, 1, "none")
    if any(season[:passed]):
        assert found.value == sum(season) * scale


def test_a_season_that_brings_nothing_so_far_leaves_months_alike():
    past = two_years([0, *[10] * 11])
    found = project("count", months([5]), past, 1, "none")
    assert (found.value, found.elapsed, found.years) == (60, F(1, 12), ())


def test_a_rate_is_brought_to_the_year_by_its_season_and_a_ratio_stays():
    figures = months([10, 10], [1000, 1000])
    rate = project("rate", figures, two_years(), 1000, "none")
    assert rate.value == F(20, 1000) / F(11, 100) * 1000
    assert project("flow", figures, two_years(), 1000, "none").value == 10


@pytest.mark.parametrize("timing", ["stock", "units", "survey"])
def test_a_level_stands_as_it_is_without_an_interval(timing):
    found = project(timing, months([5, 6], [10, 10]), two_years(), 100, "wilson")
    assert (found.value, found.interval, found.elapsed) == (60, None, None)


@pytest.mark.parametrize("timing", list(Timing))
def test_nothing_reported_projects_nothing(timing):
    for figures in ([], months([0], [0], reported=0), [MonthFigure(1, None, None, 1, 1)]):
        found = project(timing, figures, two_years(), 100, "poisson")
        assert (found.value, found.interval) == (None, None)


# --- reports that come late ----------------------------------------------------------------------------


@given(sums, st.integers(5, 11), st.integers(1, 9), st.booleans())
def test_a_late_report_only_adds_and_the_interval_had_room_for_it(numerators, passed, come, has_season):
    """A month of ten stations, `come` reports in: the others bring what these did."""
    past = two_years() if has_season else {}
    whole = months(numerators[:passed], reported=10, expected=10)
    last = whole[-1]
    part = MonthFigure(last.month, last.numerator * come / 10, None, come, 10)
    late, complete = (project("count", [*whole[:-1], one], past, 1, "none") for one in (part, last))
    assert late.value <= complete.value
    assert late.elapsed == complete.elapsed
    assert late.interval[0] <= float(late.value) * (1 + 1e-9)
    if late.value:
        assert late.interval[1] >= float(complete.value) * (1 - 1e-9)


def test_a_silent_month_widens_the_interval_upwards_and_keeps_the_pace():
    heard = project("count", months([100] * 6), {}, 1, "none")
    figures = [*months([100] * 5), MonthFigure(6, F(0), None, 0, 1)]
    silent = project("count", figures, {}, 1, "none")
    assert (silent.value, silent.elapsed) == (1000, F(1, 2))
    assert silent.interval[0] < 1000 < heard.value <= silent.interval[1]


def test_a_silent_month_leaves_a_rate_where_it_was():
    figures = [*months([10] * 5, [1000] * 5), MonthFigure(6, F(0), F(0), 0, 1)]
    assert project("rate", figures, {}, 1000, "none").value == 120


# --- the interval --------------------------------------------------------------------------------------


def test_nobody_knows_how_months_scatter_before_the_fourth():
    assert project("count", months([10] * 3), {}, 1, "none").interval is None
    assert project("count", months([10] * 4), {}, 1, "none").interval is not None
    assert project("count", months([10]), two_years(), 1, "none").interval is not None


def test_what_was_counted_is_not_taken_back():
    low, _high = project("count", months([0, 0, 0, 0, 0, 0, 0, 0, 0, 40, 0]), {}, 1, "none").interval
    assert low >= 40


def test_the_limits_are_those_of_krishnamoorthy_and_peng():
    """Joint sampling, X = 45 of half a year: (Y − X)² = z²(X + Y) for the other half."""
    counts = [7, 8, 7, 8, 7, 8]
    low, high = project("count", months(counts), {}, 1, "none").interval
    for rest in (low - 45, high - 45):
        assert (rest - 45) ** 2 == pytest.approx(1.959963985**2 * (45 + rest))


def test_no_event_yet_leaves_room_for_some():
    figures = months([0] * 6, [500] * 6)
    low, high = project("flow", figures, {}, 100_000, "poisson").interval
    assert (low, round(high / 100_000 * 6000, 2)) == (0.0, 5.16)
    assert project("count", months([0] * 6), {}, 1, "none").interval[0] == 0


def test_a_numerator_that_may_fall_below_zero_has_an_interval_only_while_it_does_not():
    assert project("rate", months([5] * 6, [1000] * 6), {}, 100, "none").interval is not None
    assert project("rate", months([5, -1, 5, 5, 5, 5], [1000] * 6), {}, 100, "none").interval is None


def test_a_ratio_without_an_interval_of_its_own_has_none_here():
    assert project("flow", months([5] * 6, [10] * 6), {}, 100, "none").interval is None
    assert project("flow", months([15] * 6, [10] * 6), {}, 100, "wilson").interval is None


@given(
    st.sampled_from(["poisson", "wilson", "sex_ratio"]),
    st.lists(st.tuples(st.integers(0, 50), st.integers(51, 99)), min_size=4, max_size=11),
)
def test_the_interval_of_a_ratio_holds_the_ratio_and_stays_possible(kind, pairs):
    found = project("flow", months(*zip(*pairs, strict=True)), {}, 100, kind)
    low, high = found.interval
    assert 0 <= low <= float(found.value) * (1 + 1e-9) and float(found.value) * (1 - 1e-9) <= high
    assert high <= 100 or kind != "wilson"


# --- simulation: how many of the years that end as they ran fall inside --------------------------------

YEARS = 400


def draw(means, dispersion, random):
    if dispersion == 1:
        return random.poisson(means)
    return random.negative_binomial(np.asarray(means) / (dispersion - 1), 1 / dispersion)


def share_inside(outcomes):
    return np.mean([low - 1e-9 <= year <= high + 1e-9 for year, (low, high) in outcomes])


@pytest.mark.parametrize("past_years", [0, 2, 3])
@pytest.mark.parametrize(("total", "dispersion"), [(20, 1), (200, 1), (5000, 1), (200, 4), (5000, 4)])
def test_sums_end_inside_their_interval_about_95_times_in_100(total, dispersion, past_years):
    random = np.random.default_rng(total + dispersion + past_years)
    means = np.array(SEASON if past_years else [100 / 12] * 12) * total / 100
    outcomes = []
    for passed in [6, 9] * (YEARS // 2):
        past = {2024 - n: months(map(int, draw(means, dispersion, random))) for n in range(past_years)}
        year = [int(number) for number in draw(means, dispersion, random)]
        found = project("count", months(year)[:passed], past, 1, "none")
        outcomes.append((sum(year), found.interval))
    assert 0.92 <= share_inside(outcomes) <= 0.995


@pytest.mark.parametrize("past_years", [0, 2])
@pytest.mark.parametrize(
    ("births", "share", "kind"),
    [(1000, 0.9, "wilson"), (30, 0.95, "wilson"), (2000, 0.001, "poisson"), (500, 0.53, "sex_ratio")],
)
def test_ratios_end_inside_their_interval_about_95_times_in_100(births, share, kind, past_years):
    random = np.random.default_rng(int(births * share) + past_years)

    def year():
        base = random.poisson(np.array(SEASON) * births * 12 / 100)
        events = random.binomial(base, share)
        return list(map(int, events)), list(map(int, base - events if kind == "sex_ratio" else base))

    outcomes = []
    for passed in [5, 9] * (YEARS // 2):
        past = {2024 - n: months(*year()) for n in range(past_years)}
        events, base = year()
        found = project("flow", months(events, base)[:passed], past, 100, kind)
        outcomes.append((sum(events) / sum(base) * 100, found.interval))
    assert 0.92 <= share_inside(outcomes) <= 0.995
