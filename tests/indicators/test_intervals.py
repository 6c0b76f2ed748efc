"""Intervals against published values and the properties a reader relies on."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indicators.intervals import interval


@pytest.mark.parametrize(
    ("kind", "numerator", "denominator", "factor", "low", "high"),
    [
        # Garwood's exact Poisson limits of 0, 3 and 10 events.
        ("poisson", 0, 1, 1, 0.0, 3.6889),
        ("poisson", 3, 1, 1, 0.6187, 8.7673),
        ("poisson", 10, 1, 1, 4.7954, 18.3904),
        ("poisson", 3, 15_000, 100_000, 4.1245, 58.4485),
        # Wilson without continuity correction (Newcombe 1998, table I: 81/263, 15/148, 0/20, 1/29).
        ("wilson", 81, 263, 1, 0.2553, 0.3662),
        ("wilson", 15, 148, 1, 0.0624, 0.1605),
        ("wilson", 0, 20, 1, 0.0, 0.1611),
        ("wilson", 1, 29, 1, 0.0061, 0.1718),
        ("wilson", 20, 20, 100, 83.887, 100.0),
        # 111 boys per 100 girls among 2,110 births.
        ("sex_ratio", 1_110, 1_000, 100, 101.92, 120.89),
    ],
)
def test_limits_agree_with_published_values(kind, numerator, denominator, factor, low, high):
    assert interval(kind, numerator, denominator, factor) == pytest.approx((low, high), rel=2e-3, abs=6e-5)


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
