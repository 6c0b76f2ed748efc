"""Reading stored results: months of an area, of its urban communes, and of what lies below it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from functools import reduce
from operator import or_

from django.db.models import Exists, Max, OuterRef, Q, QuerySet, Sum

from facilities.models import Area, Contribution
from facilities.periods import Month
from indicators.models import ComputedMonth, FacilityResult, MonthlyResult
from indicators.models.results import Exactness
from indicators.rollup import SUMS

SUMMED = (*SUMS, "estimated", "unknown")
REPORTS = ("reported", "expected", "no_data", "stand_in", "provisional_reported")  # counts of facility-months


@dataclass(frozen=True)
class MonthFigures:
    """One month of one indicator and group at one place.

    numerator and denominator are None where nothing was reported or no exact figure exists;
    provisional_* count submitted figures too; year_denominator is the denominator of every facility that
    has one, reported or not. An indicator without a denominator has denominator 0.
    """

    month: date
    numerator: Decimal | None
    denominator: Decimal | None
    reported: int
    expected: int
    exactness: str
    no_data: int
    stand_in: int
    provisional_numerator: Decimal | None
    provisional_denominator: Decimal | None
    provisional_reported: int
    year_denominator: Decimal

    @property
    def is_shared(self) -> bool:
        """Whether a share of a divided unit enters it."""
        return self.exactness == Exactness.ESTIMATE

    @classmethod
    def from_sums(cls, row: dict[str, Decimal | int], month: date) -> MonthFigures:
        unknown = bool(row["unknown"])
        known = not unknown and bool(row["reported"])
        provisional = not unknown and bool(row["provisional_reported"])
        exact = Exactness.ESTIMATE if row["estimated"] else Exactness.EXACT
        return cls(
            month=month,
            numerator=row["numerator"] if known else None,
            denominator=row["denominator"] if known else None,
            reported=row["reported"],
            expected=row["expected"],
            exactness=Exactness.NONE if unknown else exact,
            no_data=row["no_data"],
            stand_in=row["stand_in"],
            provisional_numerator=row["provisional_numerator"] if provisional else None,
            provisional_denominator=row["provisional_denominator"] if provisional else None,
            provisional_reported=row["provisional_reported"],
            year_denominator=row["year_denominator"],
        )


Series = dict[tuple[int, int], list[MonthFigures]]


def figures_of(
    *,
    area: Area,
    indicator_groups: Collection[tuple[int, int]],
    months: tuple[Month, Month],
    urban_only: bool = False,
    urban_as_of: Month | None = None,
) -> Series:
    """Months of an area by (indicator id, group id), in one query.

    With `urban_only` the sums of a year run over `urban_communes` of that year, read as of `urban_as_of` (None: the
    last of these months); one query more where several of them share the reports of one facility.
    """
    if not indicator_groups:
        return {}
    first, last = months
    rows = MonthlyResult.objects.filter(
        month__range=(first.first_day, last.first_day),
        indicator__in={indicator for indicator, _ in indicator_groups},
        group__in={group for _, group in indicator_groups},
    )
    wanted = set(indicator_groups)
    if not urban_only:
        return _series(rows.filter(area=area), wanted)
    years = range(first.year, last.year + 1)
    found = _series(rows.filter(_of_urban_communes(area, years, urban_as_of or last)), wanted)
    communes = {year: urban_communes(area, year, urban_as_of or last) for year in years}
    return counted_once(found, communes)


def counted_once(found: Series, communes: Mapping[int, QuerySet[Area]]) -> Series:
    """Months of several communes added up, in which a report that some of them share is one report.

    Numerators and denominators add up by their shares; a report counts whole in each part of a divided commune.
    communes: those added up, by year. One query where shares enter some month, none elsewhere.
    """
    keys = [key for key, months in found.items() if any(figures.is_shared for figures in months)]
    shared = {figures.month for key in keys for figures in found[key] if figures.is_shared}
    if not shared:
        return found
    counting = Contribution.objects.filter(
        Q(to_month__isnull=True) | Q(to_month__gt=OuterRef("month")),
        facility=OuterRef("facility"),
        from_month__lte=OuterRef("month"),
    )
    within = reduce(
        or_,
        (
            Q(Exists(counting.filter(area__in=communes[year])), month__year=year)
            for year in {month.year for month in shared}
        ),
    )
    indicators, groups = zip(*keys, strict=True)
    rows = FacilityResult.objects.filter(within, indicator__in=indicators, group__in=groups, month__in=shared)
    counts = rows.values("indicator", "group", "month").annotate(**{f"sum_{n}": Sum(n) for n in REPORTS})
    once = {
        ((row["indicator"], row["group"]), row["month"]): {name: row[f"sum_{name}"] for name in REPORTS}
        for row in counts
    }
    return {
        key: [
            replace(figures, **once.get((key, figures.month), {})) if figures.is_shared else figures
            for figures in months
        ]
        for key, months in found.items()
    }


def communes_at(area: Area, last: Month) -> QuerySet[Area]:
    """Communes inside `area` on the boundaries of the last day of a month, or of the nearest day of its life.

    Communes of an area change while it lives: a later reform within a province makes others.
    """
    day = min(last.last_day, area.valid_to - timedelta(days=1)) if area.valid_to else last.last_day
    covered = Area.objects.covered_by(Area.objects.filter(pk=area.pk)).filter(level=Area.Level.COMMUNE)
    return covered.valid_on(max(day, area.valid_from))


def communes_in(area: Area, year: int, as_of: Month) -> QuerySet[Area]:
    """Communes inside `area` that make the figures of a year, read as of a month.

    Those at the end of the as-of month, for an earlier year those at its end: what was told of a year that is over
    does not change with a later reform.
    """
    return communes_at(area, as_of if year >= as_of.year else Month(year, 12))


def urban_communes(area: Area, year: int, as_of: Month) -> QuerySet[Area]:
    """The urban ones of `communes_in`."""
    return communes_in(area, year, as_of).filter(is_urban=True)


def _of_urban_communes(area: Area, years: Iterable[int], as_of: Month) -> Q:
    parts = (
        Q(month__range=(date(year, 1, 1), date(year, 12, 1)), area__in=urban_communes(area, year, as_of))
        for year in years
    )
    return reduce(or_, parts)


def communes_of(
    *, area: Area, indicator: int, group: int, months: tuple[Month, Month]
) -> dict[int, list[MonthFigures]]:
    """Months of every commune inside `area` at the end of these months, by area id, in one query."""
    return figures_by_area(
        areas=communes_at(area, months[1]), indicator=indicator, group=group, months=months
    )


def figures_by_area(
    *, areas: QuerySet[Area], indicator: int, group: int, months: tuple[Month, Month]
) -> dict[int, list[MonthFigures]]:
    """Months of each of `areas` by area id, in one query; an area without results has no entry."""
    first, last = months
    rows = MonthlyResult.objects.filter(
        month__range=(first.first_day, last.first_day),
        indicator=indicator,
        group=group,
        area__in=areas,
    ).values("area_id", "month", *SUMMED)
    found: dict[int, list[MonthFigures]] = defaultdict(list)
    for row in rows.order_by("area_id", "month"):
        found[row["area_id"]].append(MonthFigures.from_sums(row, row["month"]))
    return dict(found)


def last_computed_month(year: int, today: date) -> Month | None:
    """The last month of the year that is over and computed; None where there is none."""
    newest = ComputedMonth.objects.filter(month__year=year, month__lt=Month.of(today).first_day).aggregate(
        newest=Max("month")
    )["newest"]
    return Month.of(newest) if newest else None


def _series(rows: QuerySet[MonthlyResult], wanted: set[tuple[int, int]]) -> Series:
    series: Series = defaultdict(list)
    grouped = rows.values("indicator_id", "group_id", "month").annotate(
        **{f"sum_{name}": Sum(name) for name in SUMMED}
    )
    for row in grouped.order_by("indicator_id", "group_id", "month"):
        key = (row["indicator_id"], row["group_id"])
        if key in wanted:
            sums = {name: row[f"sum_{name}"] for name in SUMMED}
            series[key].append(MonthFigures.from_sums(sums, row["month"]))
    return dict(series)
