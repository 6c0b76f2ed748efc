"""What a period still lacks in an area, and which periods are closed there."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from facilities.models import Area
from facilities.periods import Month, format_period
from indicators.actions.closing import can_close
from indicators.actions.closures import standing_in
from indicators.deadlines import owed_for
from indicators.models import ClosedPeriod, Correction, Submission
from indicators.presenters.periods import period_words

Status = Submission.Status


@dataclass(frozen=True)
class Standing:
    """Forms owed for the period in the area and where they stand; `missing` were not begun."""

    owed: int
    missing: int
    draft: int
    sent_back: int
    waiting: int
    approved: int
    corrections: int

    @property
    def is_complete(self) -> bool:
        return not (self.missing or self.draft or self.sent_back or self.waiting or self.corrections)


@dataclass(frozen=True)
class PeriodRow:
    """`closed` is the closure of the area itself, `above` one of a wider place."""

    text: str
    words: str
    closed: ClosedPeriod | None
    above: ClosedPeriod | None


def standing_of_period(area: Area, period: date, *, yearly: bool) -> Standing:
    """Three queries: what is owed, what was filed, open proposals."""
    facilities = standing_in(area.pk, period, yearly=yearly)
    owed = owed_for(facilities.order_by(), period, yearly=yearly)
    keys = {(one.facility.pk, one.form.code) for one in owed}
    filed = {
        (facility, code): status
        for facility, code, status in Submission.objects.filter(
            period=period, facility__in={facility for facility, _code in keys}
        ).values_list("facility", "form__code", "status")
    }
    found = [filed.get(key, "") for key in keys]
    return Standing(
        owed=len(keys),
        missing=found.count(""),
        draft=found.count(Status.DRAFT),
        sent_back=found.count(Status.SENT_BACK),
        waiting=found.count(Status.SUBMITTED),
        approved=found.count(Status.APPROVED),
        corrections=Correction.objects.filter(
            status=Correction.Status.PROPOSED,
            submission__period=period,
            submission__facility__in=facilities.values("pk"),
            submission__form__periodicity="year" if yearly else "month",
        ).count(),
    )


def period_rows(
    area: Area, first: Month, today: date, also: tuple[date, bool] | None = None
) -> list[PeriodRow]:
    """Periods that can be closed, the newest first, months before years, and `also` where it can. One query."""
    closures: dict[tuple[date, bool], list[ClosedPeriod]] = {}
    covering = ClosedPeriod.objects.filter(area__coverage__covered=area)
    for closed in covering.select_related("area", "by"):
        closures.setdefault((closed.period, closed.yearly), []).append(closed)
    last = Month.of(today) - 1
    months = [(month.first_day, False) for month in max(first, last - 23).until(last)]
    years = [(date(year, 1, 1), True) for year in range(first.year, today.year + 1)]
    rows = []
    listed = [*reversed(months), *reversed(years)]
    if also is not None and also not in listed:
        listed.append(also)
    for period, yearly in listed:
        if not can_close(period, yearly=yearly, today=today):
            continue
        held = closures.get((period, yearly), [])
        rows.append(
            PeriodRow(
                format_period(period, yearly=yearly),
                period_words(period, yearly=yearly),
                next((one for one in held if one.area_id == area.pk), None),
                next((one for one in held if one.area_id != area.pk), None),
            )
        )
    return rows
