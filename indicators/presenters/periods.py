"""Periods to choose from, in words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from facilities.periods import Month
from indicators.models import Form, Submission


@dataclass(frozen=True)
class PeriodOption:
    value: str
    label: str


def period_words(period: date, *, yearly: bool) -> str:
    """In words: "tháng 10/2026" or "năm 2026"."""
    if yearly:
        return _("năm %(year)s") % {"year": period.year}
    return _("tháng %(month)s/%(year)s") % {"month": period.month, "year": period.year}


def report_words(submission: Submission) -> str:
    """A report as a person names it: its form, its month or year, its facility."""
    form = submission.form
    period = period_words(submission.period, yearly=form.is_yearly)
    return f"{form.label}, {period}, {submission.facility.name}"


def submitted_words(form: Form, period: date) -> str:
    """What the clerk is told once a form is handed in."""
    words = {"form": form.label, "period": period_words(period, yearly=form.is_yearly)}
    return _("Đã nộp %(form)s, %(period)s.") % words


def period_options(first: Month, today: date) -> list[PeriodOption]:
    """The months that are over and the years begun, the newest first; the last month leads."""
    last = max(first, Month.of(today) - 1)
    months = [PeriodOption(str(m), period_words(m.first_day, yearly=False)) for m in first.until(last)]
    years = [
        PeriodOption(str(year), period_words(date(year, 1, 1), yearly=True))
        for year in range(first.year, today.year + 1)
    ]
    return [*reversed(months), *reversed(years)]
