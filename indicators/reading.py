"""Reading stored results: months of an area, of its urban communes, and of what lies below it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Max, Q, QuerySet, Sum

from facilities.models import Area
from facilities.periods import Month
from indicators.models import ComputedMonth, MonthlyResult
from indicators.models.results import Exactness
from indicators.rollup import SUMS

SUMMED = (*SUMS, "estimated", "unknown")


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
) -> Series:
    """Months of an area by (indicator id, group id), in one query.

    With `urban_only` the sums run over the urban communes that the area covers on its own boundaries.
    """
    if not indicator_groups:
        return {}
    first, last = months
    rows = MonthlyResult.objects.filter(
        month__range=(first.first_day, last.first_day),
        indicator__in={indicator for indicator, _ in indicator_groups},
        group__in={group for _, group in indicator_groups},
    )
    rows = rows.filter(area__in=urban_communes(area)) if urban_only else rows.filter(area=area)
    return _series(rows, wanted=set(indicator_groups))


def urban_communes(area: Area) -> QuerySet[Area]:
    """Urban communes inside `area`, of the same time as it."""
    communes = Area.objects.covered_by(Area.objects.filter(pk=area.pk)).filter(
        level=Area.Level.COMMUNE, is_urban=True, valid_from__lte=area.valid_from
    )
    return communes.filter(Q(valid_to__isnull=True) | Q(valid_to__gt=area.valid_from))


def communes_of(
    *, area: Area, indicator: int, group: int, months: tuple[Month, Month]
) -> dict[int, list[MonthFigures]]:
    """Months of every commune inside `area`, of the same time as it, by area id, in one query."""
    first, last = months
    rows = MonthlyResult.objects.filter(
        month__range=(first.first_day, last.first_day),
        indicator=indicator,
        group=group,
        area__level=Area.Level.COMMUNE,
        area__in=Area.objects.covered_by(Area.objects.filter(pk=area.pk)).filter(valid_from=area.valid_from),
    ).values("area_id", "month", *SUMMED)
    communes: dict[int, list[MonthFigures]] = defaultdict(list)
    for row in rows.order_by("area_id", "month"):
        communes[row["area_id"]].append(MonthFigures.from_sums(row, row["month"]))
    return dict(communes)


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
