"""Reading stored results side by side: several areas over years, and months added up over places."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import date
from decimal import Decimal
from functools import reduce
from operator import or_

from django.db.models import Q, QuerySet, Sum

from facilities.models import Area
from facilities.periods import Month
from indicators.models import MonthlyResult
from indicators.models.results import Exactness
from indicators.reading import SUMMED, MonthFigures, communes_in, counted_once, urban_communes

Key = tuple[int, int]


def months_by_area(
    areas: Collection[Area], key: Key, months: tuple[Month, Month], *, urban_only: bool = False
) -> dict[int, list[MonthFigures]]:
    """Months of each area by its id, in one query; `key` is (indicator id, group id).

    With `urban_only` each area's sums of a year run over its urban communes of that year; a query more for each area
    in which several of them share the reports of one facility.
    """
    first, last = months
    rows = MonthlyResult.objects.filter(
        month__range=(first.first_day, last.first_day), indicator=key[0], group=key[1]
    )
    if not urban_only:
        return _grouped(rows.filter(area__in=areas), "area_id")
    found = _grouped(_communes(rows, areas, months, urban_only=True), "area__covered_in__area_id")
    years = range(first.year, last.year + 1)
    for area in (one for one in areas if one.pk in found):
        communes = {year: urban_communes(area, year, last) for year in years}
        found[area.pk] = counted_once({key: found[area.pk]}, communes)[key]
    return found


def communes_behind(
    areas: Collection[Area], key: Key, months: tuple[Month, Month], *, urban_only: bool = False
) -> dict[tuple[int, int], set[int]]:
    """Ids of the communes that reported in a year's sum of an area, by (area id, year): one query.

    With `urban_only` those of the sums over its urban communes.
    """
    rows = _communes(MonthlyResult.objects.all(), areas, months, urban_only=urban_only)
    rows = rows.filter(indicator=key[0], group=key[1], reported__gt=0)
    found: dict[tuple[int, int], set[int]] = defaultdict(set)
    for area, month, commune in rows.values_list("area__covered_in__area_id", "month", "area_id").distinct():
        found[area, month.year].add(commune)
    return found


def add_up(months: Iterable[MonthFigures]) -> list[MonthFigures]:
    """Months of several places as one place's: sums a month, in order.

    One place without an exact figure leaves the month without one (domain/places.md).
    """
    by_month: dict[date, list[MonthFigures]] = defaultdict(list)
    for figures in months:
        by_month[figures.month].append(figures)
    return [_added(month, parts) for month, parts in sorted(by_month.items())]


def _communes(
    rows: QuerySet[MonthlyResult], areas: Collection[Area], months: tuple[Month, Month], *, urban_only: bool
) -> QuerySet[MonthlyResult]:
    """Results of these months of the communes that make each area's figures of each year (`reading.communes_in`)."""
    first, last = months
    parts = (
        Q(
            month__range=(max(date(year, 1, 1), first.first_day), min(date(year, 12, 1), last.first_day)),
            area__covered_in__area=area,
            area__in=(urban_communes if urban_only else communes_in)(area, year, last),
        )
        for area in areas
        for year in range(first.year, last.year + 1)
    )
    return rows.filter(reduce(or_, parts))


def _grouped(rows: QuerySet[MonthlyResult], field: str) -> dict[int, list[MonthFigures]]:
    found: dict[int, list[MonthFigures]] = defaultdict(list)
    sums = {f"sum_{name}": Sum(name) for name in SUMMED}
    for row in rows.values(field, "month").annotate(**sums).order_by(field, "month"):
        figures = {name: row[f"sum_{name}"] for name in SUMMED}
        found[row[field]].append(MonthFigures.from_sums(figures, row["month"]))
    return dict(found)


def _added(month: date, parts: list[MonthFigures]) -> MonthFigures:
    unknown = any(part.exactness == Exactness.NONE for part in parts)
    estimated = any(part.exactness == Exactness.ESTIMATE for part in parts)
    reported, provisional = (
        sum(part.reported for part in parts),
        sum(part.provisional_reported for part in parts),
    )

    def total(name: str, came: int) -> Decimal | None:
        known = [value for part in parts if (value := getattr(part, name)) is not None]
        return sum(known, Decimal(0)) if came and not unknown else None

    exact = Exactness.ESTIMATE if estimated else Exactness.EXACT
    return MonthFigures(
        month=month,
        numerator=total("numerator", reported),
        denominator=total("denominator", reported),
        reported=reported,
        expected=sum(part.expected for part in parts),
        exactness=Exactness.NONE if unknown else exact,
        no_data=sum(part.no_data for part in parts),
        stand_in=sum(part.stand_in for part in parts),
        provisional_numerator=total("provisional_numerator", provisional),
        provisional_denominator=total("provisional_denominator", provisional),
        provisional_reported=provisional,
        year_denominator=sum((part.year_denominator for part in parts), Decimal(0)),
    )
