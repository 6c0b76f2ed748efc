"""The list of what is due: one row for each form, facility and period not yet submitted."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from facilities.working_days import is_working_day
from indicators.deadlines import Owed, deadline_of
from indicators.models import Absence, Submission
from indicators.presenters.periods import period_words

Status = Submission.Status
MISSING, LATE = "missing", "late"
SOON_DAYS = 15


@dataclass(frozen=True)
class DueRow:
    """`state` and `word` say where it stands; `time` how far the deadline is, in words.

    `reason` is why it was sent back, `absence` why it is not filed yet; `can_excuse` whether its state asks for that.
    """

    owed: Owed
    period: str
    url: str
    deadline: date | None
    state: str
    word: str
    is_late: bool
    time: str
    reason: str
    absence: str
    can_excuse: bool


def due_rows(owed: Collection[Owed], today: date) -> list[DueRow]:
    """Rows of what is owed and neither submitted nor approved, the oldest deadline first. Two queries."""
    begun = {(s.facility_id, s.form.code, s.period): s for s in _submissions(owed)}
    absences = _absences(owed)
    rows = []
    for one in owed:
        submission = begun.get(one.key)
        if submission is None or submission.is_open:
            rows.append(_row(one, submission, absences.get(one.key, ""), today))
    far = date.max
    return sorted(
        rows, key=lambda r: (r.deadline or far, r.owed.period, r.owed.facility.code, r.owed.form.code)
    )


def _submissions(owed: Collection[Owed]) -> Collection[Submission]:
    if not owed:
        return []
    return Submission.objects.filter(**_around(owed)).select_related("form")


def _absences(owed: Collection[Owed]) -> dict[tuple[int, str, date], str]:
    if not owed:
        return {}
    rows = Absence.objects.filter(**_around(owed)).values_list("facility", "form_code", "period", "reason")
    return {(facility, code, period): reason for facility, code, period, reason in rows}


def _around(owed: Collection[Owed]) -> dict[str, Any]:
    """A few stations are named; a whole province is read by period alone and matched by the caller."""
    periods = [one.period for one in owed]
    facilities = {one.facility.pk for one in owed}
    found: dict[str, Any] = {"period__range": (min(periods), max(periods))}
    return found | {"facility__in": facilities} if len(facilities) <= 100 else found


def _row(one: Owed, submission: Submission | None, absence: str, today: date) -> DueRow:
    deadline = deadline_of(one.form, one.period)
    late = is_overdue(submission, deadline, today)
    state, word = MISSING, _("chưa nhập")
    if submission is not None:
        state, word = submission.status, submission.get_status_display()
    return DueRow(
        owed=one,
        period=period_words(one.period, yearly=one.form.is_yearly),
        url=reverse("submissions:form", args=one.address),
        deadline=deadline,
        state=state,
        word=word,
        is_late=late,
        time=standing_words(submission, deadline, today),
        reason=submission.reason if submission and submission.status == Status.SENT_BACK else "",
        absence=absence,
        can_excuse=submission is None or submission.status == Status.DRAFT,
    )


def is_overdue(submission: Submission | None, deadline: date | None, today: date) -> bool:
    """Whether a report is missing past its deadline. One that was sent back had come: it waits for mending."""
    sent_back = submission is not None and submission.status == Status.SENT_BACK
    return deadline is not None and deadline < today and not sent_back


def standing_words(submission: Submission | None, deadline: date | None, today: date) -> str:
    """How far the deadline of an open report is; past it, what is asked of one sent back."""
    if deadline is not None and deadline < today and not is_overdue(submission, deadline, today):
        return _("trả lại, cần sửa")
    return time_left(deadline, today)


def time_left(deadline: date | None, today: date) -> str:
    """How far the deadline is: working days while it is near, days once it is past."""
    if deadline is None:
        return ""
    if deadline < today:
        n = (today - deadline).days
        return ngettext("quá hạn %(n)s ngày", "quá hạn %(n)s ngày", n) % {"n": n}
    if deadline == today:
        return _("hôm nay là hạn cuối")
    if (deadline - today).days > SOON_DAYS:
        return ""
    between = range(today.toordinal() + 1, deadline.toordinal() + 1)
    n = sum(is_working_day(date.fromordinal(day)) for day in between)
    return ngettext("còn %(n)s ngày làm việc", "còn %(n)s ngày làm việc", n) % {"n": n}
