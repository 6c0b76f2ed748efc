"""Intervals against published values and the properties a reader relies on."""

import math
from fractions import Fraction
from statistics import NormalDist

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indicators.intervals import interval

# 95% limits of a Poisson count by Garwood's exact method (Garwood F., Biometrika 28, 1936, 437-442, whose table
# prints two decimals: 3 events 0.62-8.77, 10 events 4.80-18.39), as tables of limits for vital statistics reprint
# them with four decimals: 0 to 10, 20, 50 and 100 events.
GARWOOD = {
    0: (0.0, 3.6889),
    1: (0.0253, 5.5716),
    2: (0.2422, 7.2247),
    3: (0.6187, 8.7673),
    4: (1.0899, 10.2416),
    5: (1.6235, 11.6683),
    6: (2.2019, 13.0595),
    7: (2.8144, 14.4227),
    8: (3.4538, 15.7632),
    9: (4.1154, 17.0848),
    10: (4.7954, 18.3904),
    20: (12.2165, 30.8884),
    50: (37.1110, 65.9188),
    100: (81.3640, 121.6268),
}
# Newcombe R. G., Statistics in Medicine 17, 1998, 857-872, table I, method 3 (Wilson, no continuity correction).
NEWCOMBE = {
    (81, 263): (0.2553, 0.3662),
    (15, 148): (0.0624, 0.1605),
    (0, 20): (0.0, 0.1611),
    (1, 29): (0.0061, 0.1718),
}


@pytest.mark.parametrize(("events", "limits"), GARWOOD.items())
def test_poisson_limits_equal_the_published_ones_to_four_decimals(events, limits):
    assert tuple(round(limit, 4) for limit in interval("poisson", events, 1, 1)) == limits


@pytest.mark.parametrize(("counts", "limits"), NEWCOMBE.items())
def test_wilson_limits_equal_the_published_ones_to_four_decimals(counts, limits):
    assert tuple(round(limit, 4) for limit in interval("wilson", *counts, 1)) == limits
    cases, base = counts
    mirrored = tuple(round(1 - limit, 4) for limit in reversed(limits))
    assert tuple(round(limit, 4) for limit in interval("wilson", base - cases, base, 1)) == mirrored


@pytest.mark.parametrize("events", [0, 1, 3, 17, 120])
@pytest.mark.parametrize("level", [0.9, 0.95, 0.99])
def test_poisson_limits_leave_half_the_error_on_each_side(events, level):
    """Garwood's definition, by adding up the probabilities: no quantile function is asked."""
    low, high = interval("poisson", events, 1, 1, level=level)
    tail = (1 - level) / 2
    if events:
        assert 1 - at_most(events - 1, low) == pytest.approx(tail, abs=1e-9)
    assert at_most(events, high) == pytest.approx(tail, abs=1e-9)


def at_most(events: int, mean: float) -> float:
    """P(X ≤ events) of a Poisson count."""
    return math.fsum(math.exp(n * math.log(mean) - mean - math.lgamma(n + 1)) for n in range(events + 1))


def test_wilson_limits_are_where_the_score_test_just_rejects():
    """Wilson's definition: the limits are the shares p with |cases/n − p| = z √(p(1 − p)/n)."""
    for limit in interval("wilson", 15, 148, 1):
        assert abs(15 / 148 - limit) == pytest.approx(
            NormalDist().inv_cdf(0.975) * math.sqrt(limit * (1 - limit) / 148), abs=1e-12
        )


@pytest.mark.parametrize(
    ("kind", "numerator", "denominator", "factor", "low", "high"),
    [
        # 3 maternal deaths among 15,000 live births: Garwood's limits of 3 over the births.
        ("poisson", 3, 15_000, 100_000, 0.6187 / 0.15, 8.7673 / 0.15),
        # 111 boys per 100 girls among 2,110 births, through Wilson's limits of the share of boys.
        ("sex_ratio", 1_110, 1_000, 100, 101.92, 120.89),
    ],
)
def test_rates_and_ratios_scale_the_limits_of_their_counts(kind, numerator, denominator, factor, low, high):
    assert interval(kind, numerator, denominator, factor) == pytest.approx((low, high), rel=1e-4)


@pytest.mark.parametrize(
    ("kind", "numerator", "denominator"),
    [
        ("none", 3, 10),
        ("poisson", None, 10),
        ("poisson", 3, None),
        ("poisson", 3, 0),
        ("poisson", -1, 10),
        ("wilson", 11, 10),
        ("sex_ratio", 5, 0),
    ],
)
def test_there_is_no_interval_without_counts_that_make_sense(kind, numerator, denominator):
    assert interval(kind, numerator, denominator, 100) is None


@given(
    kind=st.sampled_from(["poisson", "wilson", "sex_ratio"]),
    denominator=st.integers(1, 5_000),
    share=st.fractions(0, 1),
    factor=st.sampled_from([1, 100, 100_000]),
)
def test_the_value_lies_in_its_interval_and_the_unit_scales_it(kind, denominator, share, factor):
    numerator = int(share * denominator)
    low, high = interval(kind, numerator, denominator, 1)
    assert 0 <= low <= numerator / denominator * (1 + 1e-9)
    assert numerator / denominator <= high * (1 + 1e-9)
    assert interval(kind, Fraction(numerator), Fraction(denominator), factor) == pytest.approx(
        (low * factor, high * factor)
    )


@given(st.integers(0, 40), st.integers(41, 400))
def test_a_higher_level_is_wider(numerator, denominator):
    narrow = interval("wilson", numerator, denominator, 100, level=0.8)
    wide = interval("wilson", numerator, denominator, 100, level=0.99)
    assert wide[0] <= narrow[0] and narrow[1] <= wide[1]
    assert wide[1] - wide[0] > narrow[1] - narrow[0]
