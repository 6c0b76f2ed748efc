"""How a year's sum is spread over its months: the mean shares of the full years before. Pure, exact fractions.

A year is full where each of its twelve months is exact and nearly all reports due have come: a month's share
of a partial sum would be a share of nothing. Two full years (24 months) at least make a season.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from indicators.timing import MONTHS_OF_A_YEAR, MonthFigure

YEARS_NEEDED, YEARS_READ = 2, 3
ENOUGH_REPORTS = Fraction(9, 10)

Months = Sequence[MonthFigure]


@dataclass(frozen=True)
class Season:
    """`shares`: twelve fractions, January first, that sum to 1. `total`: what `years` added up to together."""

    shares: tuple[Fraction, ...]
    years: tuple[int, ...]
    total: Fraction

    def share_of(self, months: Iterable[int]) -> Fraction:
        """The part of a year's sum that these months (1 to 12) bring."""
        return sum((self.shares[month - 1] for month in set(months)), Fraction(0))


@dataclass(frozen=True)
class Pace:
    """How a year's sum comes in: by the season of the full years before, month by month alike without one.

    One for a place and every part of it, so that what is asked of the parts adds up to what is asked of the whole.
    """

    season: Season | None = None

    @property
    def years(self) -> tuple[int, ...]:
        """The full years the season is from, () where months count alike."""
        return self.season.years if self.season else ()

    def part_of(self, months: Iterable[int]) -> Fraction:
        """The part of a year's sum that these months (1 to 12) should bring."""
        if self.season:
            return self.season.share_of(months)
        return Fraction(len(set(months)), MONTHS_OF_A_YEAR)


EVEN = Pace()


def is_nearly_complete(figure: MonthFigure) -> bool:
    """Whether a month has its exact sums and at least nine in ten of the reports due."""
    return (
        figure.numerator is not None
        and figure.reported > 0
        and figure.reported >= figure.expected * ENOUGH_REPORTS
    )


def full_years(past: Mapping[int, Months]) -> dict[int, list[MonthFigure]]:
    """The years whose twelve months are all there and nearly complete, months in order, oldest year first."""
    found = {}
    for year, figures in sorted(past.items()):
        months = sorted(figures, key=lambda figure: figure.month)
        is_whole = [figure.month for figure in months] == list(range(1, MONTHS_OF_A_YEAR + 1))
        if is_whole and all(is_nearly_complete(figure) for figure in months):
            found[year] = months
    return found


def season_of(sums: Mapping[int, Sequence[Fraction | None]]) -> Season | None:
    """The mean over the years of each month's share of its year; `sums` are twelve numbers a year.

    A year without anything to share out, or with a negative or missing month, has no shares. None with fewer
    than two years that have.
    """
    known = {
        year: [Fraction(number or 0) for number in months]
        for year, months in sorted(sums.items())
        if all(number is not None and number >= 0 for number in months) and any(months)
    }
    if len(known) < YEARS_NEEDED:
        return None
    totals = {year: sum(months) for year, months in known.items()}
    shares = tuple(
        sum((months[position] / totals[year] for year, months in known.items()), Fraction(0)) / len(known)
        for position in range(MONTHS_OF_A_YEAR)
    )
    return Season(shares=shares, years=tuple(known), total=Fraction(sum(totals.values())))
