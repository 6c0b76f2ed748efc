"""Results as rows for other programs (`export_results`)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import F, Q, QuerySet

from facilities.models import Area
from facilities.periods import Month
from indicators.models import Indicator, MonthlyResult, Term
from indicators.small_numbers import Hidden, hidden_results

COLUMNS = (
    "area",
    "area_valid_from",
    "indicator",
    "group",
    "period",
    "numerator",
    "denominator",
    "value",
    "reported",
    "expected",
    "exactness",
)
HIDDEN_COLUMN = "hidden"


@dataclass(frozen=True)
class Selection:
    """Which results: months as they were, or restated on the boundaries of a day."""

    first: Month
    last: Month
    indicators: tuple[str, ...] = ()
    areas: tuple[int, ...] = ()
    level: str = ""
    boundaries: date | None = None

    def queryset(self) -> QuerySet[MonthlyResult]:
        rows = MonthlyResult.objects.filter(
            month__range=(self.first.first_day, self.last.first_day), expected__gt=0
        )
        if self.boundaries:
            rows = rows.filter(area__in=Area.objects.valid_on(self.boundaries))
        else:
            rows = rows.filter(area__valid_from__lte=F("month")).filter(
                Q(area__valid_to__isnull=True) | Q(area__valid_to__gt=F("month"))
            )
        if self.indicators:
            rows = rows.filter(indicator__code__in=self.indicators)
        if self.areas:
            rows = rows.filter(area__in=self.areas)
        if self.level:
            rows = rows.filter(area__level=self.level)
        return rows.select_related("area", "indicator", "group").order_by(
            "area__level", "area__code", "area__valid_from", "indicator__code", "group__code", "month"
        )


def rows(selection: Selection, *, suppressed: bool = False) -> Iterator[tuple[str, ...]]:
    """One tuple of texts in the order of COLUMNS for each result.

    Numerator, denominator and value are empty where nothing was reported or no exact figure exists; the
    value is numerator / denominator × factor, for a rate per population × 12 (one month of a year).
    With `suppressed` small sensitive numbers, and what gives them away, are empty too, and a last text says
    "1" where that is why, "0" elsewhere.
    """
    hidden = _hidden(selection) if suppressed else None
    with_denominator = set(
        Term.objects.filter(part=Term.Part.DENOMINATOR).values_list("indicator_id", flat=True)
    )
    for result in selection.queryset().iterator(chunk_size=5000):
        numerator, denominator = result.parts()
        if result.indicator_id not in with_denominator:
            denominator = None
        value = month_value(
            result.indicator, numerator, denominator, divides=result.indicator_id in with_denominator
        )
        hides = hidden is not None and hides_result(hidden, result)
        row = (
            result.area.code,
            result.area.valid_from.isoformat(),
            result.indicator.code,
            result.group.code,
            str(Month.of(result.month)),
            "" if hides else plain(numerator),
            plain(denominator),
            "" if hides else plain(value),
            str(result.reported),
            str(result.expected),
            result.exactness,
        )
        yield row if hidden is None else (*row, str(int(hides)))


def _hidden(selection: Selection) -> Hidden:
    areas = selection.queryset().order_by().values_list("area", flat=True).distinct()
    return hidden_results(areas, range(selection.first.year, selection.last.year + 1))


def hides_result(hidden: Hidden, result: MonthlyResult) -> bool:
    """Whether a result's numerator and value are hidden; its denominator is told."""
    numerator, _denominator = result.parts()
    return hidden.hides_month(result.area_id, result.indicator_id, result.group_id, result.month, numerator)


def month_value(
    indicator: Indicator, numerator: Decimal | None, denominator: Decimal | None, *, divides: bool
) -> Decimal | None:
    """One month's value; None where the numerator is unknown or the denominator is zero or unknown."""
    if numerator is None or (divides and not denominator):
        return None
    yearly = 12 if indicator.timing == Indicator.Timing.RATE else 1
    value = numerator * indicator.factor * yearly
    return value / denominator if divides else value


def plain(number: Decimal | None) -> str:
    """A decimal without exponent and without trailing zeros; empty for None.

    >>> plain(Decimal("1200.00"))
    '1200'
    """
    if number is None:
        return ""
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
