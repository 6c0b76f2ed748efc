"""Gaps between groups: limits against a published table, and what became of a gap."""

from fractions import Fraction

import pytest

from indicators.gaps import Change, Course, Gap, Side, compare, subtract
from indicators.intervals import interval


def share(cases, base):
    return Side(Fraction(cases, base), interval("wilson", cases, base, 1))


# R. G. Newcombe, Interval estimation for the difference between independent proportions: comparison of eleven
# methods, Statistics in Medicine 17 (1998) 873-890, table II, method 10 (Wilson scores without correction).
NEWCOMBE = [
    ((56, 70), (48, 80), (0.0524, 0.3339)),
    ((9, 10), (3, 10), (0.1705, 0.8090)),
    ((6, 7), (2, 7), (0.0582, 0.8062)),
    ((5, 56), (0, 29), (-0.0381, 0.1926)),
    ((0, 10), (0, 20), (-0.1611, 0.2775)),
    ((0, 10), (0, 10), (-0.2775, 0.2775)),
    ((10, 10), (0, 20), (0.6791, 1.0000)),
    ((10, 10), (0, 10), (0.6075, 1.0000)),
]


@pytest.mark.parametrize(("first", "second", "limits"), NEWCOMBE)
def test_limits_of_a_difference_are_those_published(first, second, limits):
    assert subtract(share(*first), share(*second)) == pytest.approx(limits, abs=0.00005)


def gap(first, second, base=1000):
    return Gap.between(share(first, base), share(second, base))


def test_a_gap_keeps_its_sign_and_its_size():
    found = gap(700, 900)
    assert (found.difference, found.size, found.is_sure) == (Fraction(-1, 5), Fraction(1, 5), True)


@pytest.mark.parametrize(
    ("before", "after", "course", "by", "is_sure"),
    [
        ((700, 900), (850, 900), Course.NARROWED, Fraction(-15, 100), True),
        ((850, 900), (700, 900), Course.WIDENED, Fraction(15, 100), True),
        ((700, 900), (705, 900), Course.NARROWED, Fraction(-5, 1000), False),
        ((700, 900), (700, 900), Course.SAME, 0, False),
        # The other side leads now: sizes of opposite gaps do not compare.
        ((700, 900), (900, 700), Course.TURNED, 0, True),
        ((700, 900), (702, 700), Course.TURNED, Fraction(-198, 1000), False),
        ((500, 500), (700, 500), Course.WIDENED, Fraction(200, 1000), True),
    ],
)
def test_what_became_of_a_gap(before, after, course, by, is_sure):
    found = compare(gap(*before), gap(*after))
    assert (found.course, found.by, found.is_sure) == (course, by, is_sure)


def test_without_limits_nothing_is_said_of_chance():
    plain = [Gap.between(Side(Fraction(n)), Side(Fraction(90))) for n in (70, 80)]
    change: Change = compare(*plain)
    assert (change.course, change.is_sure, plain[0].is_sure) == (Course.NARROWED, None, None)
