"""Which stored results are hidden in what leaves the department, over all tables that may ever be published.

One answer for a year and the places that share stations (a province, its predecessors and all within them),
whoever asks for whatever part of it: two outputs laid side by side agree on what they hide.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

from django.db.models import Q, QuerySet

from facilities.models import Area, Contribution, Coverage
from facilities.periods import Month
from indicators.event_tables import Events, Results, build_tables
from indicators.models import Indicator, Term
from indicators.sensitive_events import read_events
from indicators.suppression import SMALL, Flags, suppress
from indicators.timing import LATEST

Cell = tuple[int, int, int, date]  # area, indicator, group, month
Headlines = Callable[[], QuerySet[Area]]
_headlines: list[Headlines] = []


def provide_headlines(source: Headlines) -> None:
    """Say which places beside provinces have totals that are told: the areas of plans. Plans give them."""
    if source not in _headlines:
        _headlines.append(source)


def sensitive_indicators() -> dict[int, str]:
    """Indicators whose numerator counts deaths, HIV or abortions: id and timing."""
    return dict(_with_numerator(is_sensitive=True).values_list("pk", "timing"))


def _with_numerator(*, is_sensitive: bool) -> QuerySet[Indicator]:
    return Indicator.objects.filter(
        terms__part=Term.Part.NUMERATOR, terms__element__is_sensitive=is_sensitive
    ).distinct()


@dataclass
class Hidden:
    """The hidden cells of the years asked for.

    `sensitive` are the indicators of which any cell may be hidden. Of `mixed` ones (births less deaths) the
    numerator is no count of deaths: a cell is hidden for the deaths in it, however small their difference.
    """

    sensitive: dict[int, str]
    mixed: set[int] = field(default_factory=set)
    headlines: set[int] = field(default_factory=set)
    months: set[Cell] = field(default_factory=set)
    to_date: set[Cell] = field(default_factory=set)

    def hides_month(
        self, area: int, indicator: int, group: int, month: date, numerator: Decimal | Fraction | None
    ) -> bool:
        """Whether a month's numerator, and with it its value, is hidden."""
        if indicator not in self.sensitive or numerator is None:
            return False
        return self._is_small(area, indicator, numerator) or (area, indicator, group, month) in self.months

    def hides_year(
        self, area: int, indicator: int, group: int, month: date, numerator: Decimal | Fraction | None
    ) -> bool:
        """The same of the year up to a month; of a stock that is the latest of its months."""
        if indicator not in self.sensitive or numerator is None:
            return False
        is_marked = self.marks_year(area, indicator, group, month)
        return is_marked or self._is_small(area, indicator, numerator)

    def marks_year(self, area: int, indicator: int, group: int, month: date) -> bool:
        """Whether the year up to a month is hidden, as far as it is known without its count."""
        if self.sensitive.get(indicator) not in LATEST:
            return (area, indicator, group, month) in self.to_date
        months = (date(month.year, number, 1) for number in range(1, month.month + 1))
        return any((area, indicator, group, one) in self.months for one in months)

    def _is_small(self, area: int, indicator: int, numerator: Decimal | Fraction) -> bool:
        """A small count is hidden whatever else is known of it."""
        return area not in self.headlines and indicator not in self.mixed and 0 < numerator < SMALL


def hidden_results(areas: Iterable[int], years: Iterable[int]) -> Hidden:
    """What is hidden of the results of these areas. Costs a fixed number of queries for each province and year."""
    hidden = Hidden(sensitive_indicators())
    if not hidden.sensitive:
        return hidden
    hidden.mixed = hidden.sensitive.keys() & set(
        _with_numerator(is_sensitive=False).values_list("pk", flat=True)
    )
    hidden.headlines = set(_headline_areas().values_list("pk", flat=True))
    asked = frozenset(areas)
    for year in sorted(set(years)):
        left = set(asked)
        while left:
            start = min(left)
            together = sharing_stations(start, year)
            left -= together | {start}
            if together:
                _hide(hidden, together, year)
    return hidden


def _headline_areas() -> QuerySet[Area]:
    told = Q(level__in=[Area.Level.PROVINCE, Area.Level.COUNTRY])
    for source in _headlines:
        told |= Q(pk__in=source().values("pk"))
    return Area.objects.filter(told)


def sharing_stations(area: int, year: int) -> set[int]:
    """The areas, of any time, whose figures of the year are made of common facilities, near or far; no country."""
    rows = contributions_of(year)
    if Area.objects.filter(pk=area, level=Area.Level.COUNTRY).exists():
        return set()
    found: set[int] = set()
    new = {area}
    while new:
        found |= new
        facilities = rows.filter(area__in=new).values("facility")
        touched = rows.filter(facility__in=facilities).exclude(area__level=Area.Level.COUNTRY)
        new = set(touched.values_list("area", flat=True).distinct()) - found
    return found


def contributions_of(year: int) -> QuerySet[Contribution]:
    return Contribution.objects.filter(
        Q(to_month__isnull=True) | Q(to_month__gt=date(year, 1, 1)), from_month__lte=date(year, 12, 1)
    )


def _hide(hidden: Hidden, areas: set[int], year: int) -> None:
    contributions = contributions_of(year).filter(area__in=areas)
    results = Results(
        year=year,
        contributions=list(
            contributions.order_by("facility", "area", "from_month").values_list(
                "facility", "area", "from_month", "to_month", "share"
            )
        ),
        headlines=hidden.headlines & areas,
        communes=set(
            Area.objects.filter(pk__in=areas, level=Area.Level.COMMUNE).values_list("pk", flat=True)
        ),
        urban=_urban_parts(hidden.headlines & areas, year),
    )
    for events in read_events(hidden.sensitive, year, contributions.values("facility")):
        if not events.counts:
            continue
        tables, places = build_tables(results, events)
        found = suppress(tables)
        _note(hidden.months, found.months, places, events, year)
        _note(hidden.to_date, found.to_date, places, events, year)


def _note(cells: set[Cell], flags: Flags, places: list[int | None], events: Events, year: int) -> None:
    for place, month, measure in zip(*flags.nonzero(), strict=True):
        area = places[place]
        if area is not None:
            indicator, group = events.measures[measure]
            cells.add((area, indicator, group, date(year, int(month) + 1, 1)))


def _urban_parts(areas: Collection[int], year: int) -> list[frozenset[int]]:
    """What lines on urban places tell of these areas in a year: sums of `reading.urban_communes` of any month of it.

    One set where nothing changes within the year, one more for each change. One query.
    """
    rows = Coverage.objects.filter(
        area__in=areas, covered__level=Area.Level.COMMUNE, covered__is_urban=True
    ).values_list(
        "area", "area__valid_from", "area__valid_to", "covered", "covered__valid_from", "covered__valid_to"
    )
    parts: dict[tuple[int, int], set[int]] = defaultdict(set)
    for area, since, until, commune, start, end in rows:
        for number in range(1, 13):
            day = Month(year, number).last_day
            day = max(since, min(day, until - timedelta(days=1)) if until else day)
            if start <= day and (end is None or day < end):
                parts[area, number].add(commune)
    return sorted({frozenset(communes) for communes in parts.values()}, key=sorted)
