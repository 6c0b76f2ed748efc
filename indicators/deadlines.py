"""When a form is due, and what is owed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.db.models import Min, Q, QuerySet

from facilities.models import Facility
from facilities.periods import Month, format_period
from facilities.working_days import deadline_after_month, first_working_day_from
from indicators.actions.duties import due_in, is_due
from indicators.models import ComputedMonth, Duty, Form, Submission

MONTHS_ASKED = 12


@dataclass(frozen=True)
class Owed:
    """A facility owes a form for a period."""

    facility: Facility
    form: Form
    period: date

    @property
    def key(self) -> tuple[int, str, date]:
        return self.facility.pk, self.form.code, self.period

    @property
    def period_text(self) -> str:
        return format_period(self.period, yearly=self.form.is_yearly)

    @property
    def address(self) -> tuple[str, str, str]:
        return self.facility.code, self.form.code, self.period_text


def deadline_of(form: Form, period: date) -> date | None:
    """The last day in time: working days after the month, or a fixed day of the year the form describes.

    A fixed day on which offices are closed gives way to the next they work on.
    """
    if form.is_yearly:
        if not form.deadline_month_day:
            return None
        month, day = (int(part) for part in form.deadline_month_day.split("-"))
        return first_working_day_from(date(period.year, month, day))
    if form.deadline_working_days is None:
        return None
    return deadline_after_month(Month.of(period), form.deadline_working_days)


def first_asked(today: date) -> Month:
    """The first month stations are asked for: where the portal's results begin, else a year back."""
    first = ComputedMonth.objects.aggregate(first=Min("month"))["first"]
    return Month.of(first) if first else Month.of(today) - MONTHS_ASKED


def owed_since(facilities: QuerySet[Facility], first: Month, today: date) -> list[Owed]:
    """Everything owed from `first` to the last month that is over, and yearly forms of this year. One query."""
    last = Month.of(today) - 1
    year_end = date(today.year, 12, 1)
    duties = (
        Duty.objects.filter(facility__in=facilities, from_month__lte=year_end)
        .filter(Q(to_month__isnull=True) | Q(to_month__gt=date(first.year, 1, 1)))
        .select_related("facility", "form")
    )
    owed = {}
    for duty in duties:
        years = range(first.year, today.year + 1)
        for period in _years(duty, years) if duty.form.is_yearly else _months(duty, first, last):
            one = Owed(duty.facility, duty.form, period)
            owed.setdefault(one.key, one)
    return list(owed.values())


def begun_beside(facilities: QuerySet[Facility], first: Month, today: date) -> list[Owed]:
    """What was sent back from the time before `first`, and what was begun of the running month. One query."""
    Status = Submission.Status
    old = Q(status=Status.SENT_BACK, period__lt=first.first_day)
    early = Q(status__in=[Status.SENT_BACK, Status.DRAFT], period__gte=Month.of(today).first_day)
    rows = Submission.objects.filter(old | early, facility__in=facilities).select_related("facility", "form")
    return [Owed(row.facility, row.form, row.period) for row in rows]


def owed_for(facilities: QuerySet[Facility], period: date, *, yearly: bool) -> list[Owed]:
    """What is owed for one period. One query."""
    kind = Form.Periodicity.YEAR if yearly else Form.Periodicity.MONTH
    duties = Duty.objects.filter(
        due_in(period, yearly=yearly), facility__in=facilities, form__periodicity=kind
    ).select_related("facility", "form")
    owed = {}
    for duty in duties:
        one = Owed(duty.facility, duty.form, period)
        owed.setdefault(one.key, one)
    return list(owed.values())


def _months(duty: Duty, first: Month, last: Month) -> Iterator[date]:
    begin = max(first, Month.of(duty.from_month))
    end = min(last, Month.of(duty.to_month) - 1) if duty.to_month else last
    return (month.first_day for month in begin.until(end))


def _years(duty: Duty, years: range) -> Iterator[date]:
    """Years whose January the duty covers or in which it begins."""
    for january in (date(year, 1, 1) for year in years):
        if is_due(duty.from_month, duty.to_month, january, yearly=True):
            yield january
