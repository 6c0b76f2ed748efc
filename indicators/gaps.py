"""How far two groups lie apart, and whether that has become less. Pure arithmetic, nothing rounded.

The limits of a difference are made of the limits of its two parts: the square-and-add method of Newcombe
(Statistics in Medicine 17, 1998, method 10), which Zou and Donner (2008) show to hold for any two parts with
limits of their own. The parts are taken as independent; for a group inside the whole, which moves with it,
that makes the limits wider, never narrower.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from math import sqrt

Limits = tuple[float, float]


class Course(StrEnum):
    """What became of a gap from one time to another."""

    NARROWED = "narrowed"
    WIDENED = "widened"
    SAME = "same"
    TURNED = "turned"


@dataclass(frozen=True)
class Side:
    """One group's value in the indicator's unit with its 95 % limits, None where the indicator has none."""

    value: Fraction
    limits: Limits | None = None


@dataclass(frozen=True)
class Gap:
    """`difference` is first − second; its limits are None where a side has none."""

    first: Side
    second: Side
    difference: Fraction
    limits: Limits | None

    @classmethod
    def between(cls, first: Side, second: Side) -> Gap:
        return cls(first, second, first.value - second.value, subtract(first, second))

    @property
    def size(self) -> Fraction:
        return abs(self.difference)

    @property
    def is_sure(self) -> bool | None:
        """Whether the groups differ beyond chance; None where nothing says how large chance is."""
        return None if self.limits is None else not covers_zero(self.limits)


@dataclass(frozen=True)
class Change:
    """A gap `before` and `after`. `by`: how much smaller (negative) or larger its size has become.

    A gap that has turned is neither: the other side leads now, and sizes of opposite gaps do not compare.
    """

    before: Gap
    after: Gap
    course: Course
    by: Fraction
    is_sure: bool | None


def compare(before: Gap, after: Gap) -> Change:
    """Say what became of the gap, by size while one side leads; `is_sure`: whether more than chance is behind it.

    Sure where the limits of (after − before) leave zero out, and for a gap that has turned those of both gaps too.
    None where a side has no limits.
    """
    by = after.size - before.size
    has_turned = before.difference * after.difference < 0
    course = Course.SAME if by == 0 else Course.NARROWED if by < 0 else Course.WIDENED
    limits = subtract(Side(after.difference, after.limits), Side(before.difference, before.limits))
    is_sure = None if limits is None else not covers_zero(limits)
    if has_turned:
        course = Course.TURNED
        is_sure = is_sure and bool(before.is_sure and after.is_sure)
    return Change(before, after, course, by, is_sure)


def subtract(first: Side, second: Side) -> Limits | None:
    """Limits of first − second by square and add."""
    if first.limits is None or second.limits is None:
        return None
    (low_1, high_1), (low_2, high_2) = first.limits, second.limits
    value_1, value_2 = float(first.value), float(second.value)
    difference = value_1 - value_2
    below = sqrt((value_1 - low_1) ** 2 + (high_2 - value_2) ** 2)
    above = sqrt((high_1 - value_1) ** 2 + (value_2 - low_2) ** 2)
    return difference - below, difference + above


def covers_zero(limits: Limits) -> bool:
    return limits[0] <= 0 <= limits[1]
