"""What each month's counts weigh in a year's figure: `indicators.timing` said as a sum. Pure.

A year's numerator is Σ weight × the month's numerator, its denominator Σ weight × the month's denominator (of a
coverage: of the month's yearly denominator). So a figure of any timing is a sum over facilities, months and cells.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from indicators.reading import MonthFigures
from indicators.timing import LATEST, YEARLY_RATE, Timing, base_month

ONE = Fraction(1)


@dataclass(frozen=True)
class Weights:
    """Weights by first day of the month. A month not named weighs nothing.

    counted: the months whose reports are counted, reported or not. by_year: the denominator is the yearly one of
    every facility that has it, whether or not it reported the month.
    """

    numerator: Mapping[date, Fraction]
    denominator: Mapping[date, Fraction]
    counted: frozenset[date]
    by_year: bool = False

    @property
    def months(self) -> list[date]:
        """Every month that matters, in order."""
        return sorted({*self.numerator, *self.denominator, *self.counted})

    @classmethod
    def added(cls, years: Iterable[Weights]) -> Weights:
        """The weights of a figure that is the sum of several years'."""
        found = list(years)
        return cls(
            {month: weight for one in found for month, weight in one.numerator.items()},
            {month: weight for one in found for month, weight in one.denominator.items()},
            frozenset().union(*(one.counted for one in found)),
            any(one.by_year for one in found),
        )


def weights_of(timing: str, months: Sequence[MonthFigures], *, divides: bool) -> Weights:
    """The weights of one year to date. `divides`: whether the indicator has a denominator."""
    months = sorted(months, key=lambda figure: figure.month)
    used = [figure.month for figure in months if figure.reported]
    counted = frozenset(figure.month for figure in months)
    if timing in LATEST:
        used = used[-1:]
        counted = frozenset(used) or frozenset(figure.month for figure in months[-1:])
    numerator = dict.fromkeys(used, ONE)
    if not divides or not used:
        return Weights(numerator, {}, counted)
    if timing == Timing.FLOW_POPULATION:
        known = [
            (Fraction(figure.year_denominator), figure.is_shared) for figure in months if figure.reported
        ]
        return Weights(numerator, {used[base_month(known)]: ONE}, counted, by_year=True)
    share = Fraction(1, len(used)) if timing in YEARLY_RATE else ONE
    return Weights(numerator, dict.fromkeys(used, share), counted)
