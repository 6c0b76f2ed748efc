"""What a cell of a station usually holds, from its own last periods, and how far a value lies from that.

Counts are roughly Poisson, so they are compared on the scale 2·√(x + 3/8) (Anscombe 1948), where their variance
is about 1 whatever their level; over-dispersion φ adds φ²·usual, and a past that swings more than both sets its
own spread. Only +, −, ×, ÷ and √ of doubles, in this order: IEEE 754 rounds them alike in every engine, and
static/entry/checks.js repeats them line by line.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from math import ceil, floor, sqrt

ANSCOMBE = 0.375
OF_THE_MEDIAN = 1.6  # the variance of a median of n values is about 1.6/n of one value's


@dataclass(frozen=True)
class Usual:
    """The known values of a cell's past, in order of size; at least one."""

    known: tuple[int, ...]

    @cached_property
    def median(self) -> float:
        n = len(self.known)
        return (self.known[(n - 1) // 2] + self.known[n // 2]) / 2

    @cached_property
    def spread(self) -> float:
        """The variance of the past on the root scale, but for its smallest and its largest value.

        One slip that went through does not widen it, two campaigns a year do.
        """
        centre, total = root(self.median), 0.0
        for value in self.known[1:-1]:
            off = root(value) - centre
            total = total + off * off
        return total / (len(self.known) - 2) if len(self.known) > 2 else 0.0

    def unit(self, overdispersion: float) -> float:
        """The standard deviation of a new value on the root scale; few periods know it less well."""
        expected = 1 + overdispersion * overdispersion * self.median
        variance = max(expected, self.spread) * (1 + OF_THE_MEDIAN / len(self.known))
        return sqrt(variance)


def usual_of(values: Sequence[int | None]) -> Usual | None:
    """The usual of these past values; blank and "no data" (None) say nothing. None where none is known."""
    known = sorted(value for value in values if value is not None)
    return Usual(tuple(known)) if known else None


def root(value: float) -> float:
    """The scale on which counts vary by about 1."""
    return 2 * sqrt(value + ANSCOMBE)


def deviation(value: float, usual: Usual, overdispersion: float) -> float:
    """How many standard deviations `value` lies above (or, negative, below) what is usual."""
    return (root(value) - root(usual.median)) / usual.unit(overdispersion)


def bounds(usual: Usual, overdispersion: float, most: float) -> tuple[int, int]:
    """The smallest and the largest count that lie within `most` standard deviations."""
    centre, reach = root(usual.median), most * usual.unit(overdispersion)
    return _count(centre - reach, upper=False), _count(centre + reach, upper=True)


def _count(scaled: float, *, upper: bool) -> int:
    half = max(scaled, 0.0) / 2
    exact = max(half * half - ANSCOMBE, 0.0)
    return floor(exact) if upper else ceil(exact)
