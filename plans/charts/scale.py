"""A vertical axis with round numbers. Exact fractions in, positions out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

STEPS = (1, 2, Fraction(5, 2), 5, 10)
INTERVALS = 5
# A range this much narrower than its numbers is shown on its own: 95 to 99 says nothing on 0 to 100.
NARROW = Fraction(2, 5)


@dataclass(frozen=True)
class Scale:
    """`low` to `high` in the chart's unit, laid over `bottom` to `top` pixels."""

    low: Fraction
    high: Fraction
    step: Fraction
    bottom: float
    top: float

    @property
    def has_zero(self) -> bool:
        return self.low <= 0 <= self.high

    @property
    def ticks(self) -> list[Fraction]:
        count = int((self.high - self.low) / self.step)
        return [self.low + self.step * n for n in range(count + 1)]

    def place(self, value: Fraction | float) -> float:
        """The pixel of a value; what lies outside is kept at the edge."""
        share = float((Fraction(value) - self.low) / (self.high - self.low))
        return round(self.bottom + min(max(share, 0.0), 1.0) * (self.top - self.bottom), 1)


def scale_of(
    values: Sequence[Fraction], *, from_zero: bool, bottom: float, top: float, whole: bool = False
) -> Scale:
    """A scale that holds `values`. From zero for columns; for lines only where zero is not far below them.

    `whole`: the values are printed without decimals; where all are whole, so are the ticks.
    """
    lowest, highest = min(values, default=Fraction(0)), max(values, default=Fraction(1))
    if from_zero or highest - lowest > NARROW * abs(highest) or highest == lowest == 0:
        lowest, highest = min(lowest, Fraction(0)), max(highest, Fraction(0))
    if highest == lowest == 0:
        # Nothing counts below zero.
        highest = Fraction(1)
    if highest == lowest:
        spread = abs(highest) / 10
        lowest, highest = lowest - spread, highest + spread
    step = _round_step((highest - lowest) / INTERVALS)
    if whole and all(value.denominator == 1 for value in values):
        step = max(step, Fraction(1))
        step = step if step.denominator == 1 else Fraction(-(-step // 1))
    low = lowest // step * step
    high = -(-highest // step) * step
    return Scale(low, high, step, bottom, top)


def _round_step(least: Fraction) -> Fraction:
    """The smallest round step not below `least`."""
    power = Fraction(1)
    while power * 10 <= least:
        power *= 10
    while power > least:
        power /= 10
    return next(power * step for step in STEPS if power * step >= least)
