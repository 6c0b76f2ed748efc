"""The facility-months that make a figure of some areas, with the share by which each counts there."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import NamedTuple

from facilities.models import Contribution
from indicators.models import FacilityResult, Indicator
from indicators.tracing.weights import Weights

WHOLE = Fraction(1)


class Span(NamedTuple):
    """In months [start, end) a facility counts in `area` by `share`; None: nobody knows by how much."""

    area: int
    start: date
    end: date | None
    share: Fraction | None


@dataclass(frozen=True)
class FacilityMonth:
    """What one facility brought in one month, and by which share it counts in each of the areas asked for."""

    facility: int
    month: date
    numerator: Fraction
    denominator: Fraction
    year_denominator: Fraction
    is_reported: bool
    shares: tuple[tuple[int, Fraction | None], ...]

    @property
    def share(self) -> Fraction | None:
        """The share by which it counts in all the areas together; None where one is unknown."""
        known = [share for _area, share in self.shares if share is not None]
        return sum(known, Fraction(0)) if len(known) == len(self.shares) else None

    def amount(self, weights: Weights, share: Fraction | None) -> Amount:
        """What it adds to the figure by this share; an unknown share adds nothing and says so."""
        counted = self.month in weights.counted
        reports = (int(counted and self.is_reported), int(counted))
        if share is None:
            return Amount(Fraction(0), Fraction(0), *reports, unknown=int(counted))
        bottom = self.year_denominator if weights.by_year else self.denominator
        return Amount(
            weights.numerator.get(self.month, Fraction(0)) * share * self.numerator,
            weights.denominator.get(self.month, Fraction(0)) * share * bottom,
            *reports,
            estimated=int(counted and share != WHOLE),
        )


@dataclass(frozen=True)
class Amount:
    """A part of a figure: its numerator, its denominator, and the facility-months that were reported and due.

    estimated and unknown count those that enter by a share below 1, and those whose share nobody knows.
    """

    numerator: Fraction = Fraction(0)
    denominator: Fraction = Fraction(0)
    reported: int = 0
    expected: int = 0
    estimated: int = 0
    unknown: int = 0

    def __add__(self, other: Amount) -> Amount:
        return Amount(
            self.numerator + other.numerator,
            self.denominator + other.denominator,
            self.reported + other.reported,
            self.expected + other.expected,
            self.estimated + other.estimated,
            self.unknown + other.unknown,
        )

    @classmethod
    def sum_of(cls, amounts: Iterable[Amount]) -> Amount:
        return sum(amounts, cls())


def read_parts(
    *, areas: Collection[int], indicator: Indicator, group: int, months: Collection[date]
) -> list[FacilityMonth]:
    """Every facility-month that counts in one of `areas`, in order of facility and month: two queries."""
    if not areas or not months:
        return []
    spans = read_shares(areas, indicator)
    results = FacilityResult.objects.filter(
        indicator=indicator,
        group=group,
        month__in=months,
        facility__in=Contribution.objects.filter(area__in=areas).values("facility"),
        expected__gt=0,
    )
    names = ("facility", "month", "numerator", "denominator", "year_denominator", "reported")
    found = []
    for facility, month, top, bottom, by_year, reported in results.values_list(*names).order_by(*names[:2]):
        shares = shares_in(spans.get(facility, ()), month)
        if shares:
            numbers = (Fraction(top), Fraction(bottom), Fraction(by_year))
            found.append(FacilityMonth(facility, month, *numbers, bool(reported), shares))
    return found


def read_shares(areas: Collection[int], indicator: Indicator) -> dict[int, list[Span]]:
    """By facility: when and by how much it counts in the areas. One query.

    Counts of units do not restate (domain/places.md): outside an area's own time their share is unknown.
    """
    spans: dict[int, list[Span]] = defaultdict(list)
    units = indicator.timing == Indicator.Timing.UNITS
    rows = Contribution.objects.filter(area__in=areas).values_list(
        "facility", "area", "from_month", "to_month", "share", "in_own_time"
    )
    for facility, area, start, end, share, own in rows:
        known = share is not None and (own or not units)
        spans[facility].append(Span(area, start, end, Fraction(share, Contribution.WHOLE) if known else None))
    return dict(spans)


def shares_in(spans: Iterable[Span], month: date) -> tuple[tuple[int, Fraction | None], ...]:
    return tuple(
        (span.area, span.share)
        for span in spans
        if span.start <= month and (span.end is None or month < span.end)
    )
