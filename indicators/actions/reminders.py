"""Reminding stations of deadlines and reviewers of what waits: each event told once, whenever and however often asked.

A sweep reads what stands and tells what was not told; the unique key of a notice remembers. Losing a sweep, or
running two at once, changes nothing.
"""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import partial, reduce
from operator import or_

from django.db.models import Q
from django.utils import timezone

from facilities.actions.notices import Event, tell
from facilities.models import User
from facilities.periods import Month
from facilities.recipients import clerks_of
from facilities.working_days import is_working_day
from indicators.actions.closures import Slot, closed_slots, slot_of
from indicators.actions.digests import MORNING, send_digests
from indicators.actions.duties import due_in, is_due
from indicators.deadlines import Owed, deadline_of, first_asked
from indicators.models import Absence, Duty, Form, Submission
from indicators.reminder_days import Stage, stage_on
from indicators.reminder_words import approved_words, deadline_words, sent_back_words

logger = logging.getLogger(__name__)
SENT_BACK, APPROVED = "sent-back", "approved"
# Reminders and digests are of the morning; what the morning missed is told until the evening.
EVENING = time(20)
# A decision older than this is no news to somebody who was not told (a new clerk, a new portal).
NEWS_FOR = timedelta(days=14)
# Deadlines are a few working days after a month: the last ones still spoken of belong to these months.
MONTHS_BACK = 3
Status = Submission.Status


@dataclass(frozen=True)
class Asked:
    """A form and period whose deadline is spoken of today."""

    form: Form
    period: date
    deadline: date
    stage: Stage


def sweep(*, now: datetime) -> int:
    """Tell everything that is to be told at this moment and was not; return how many notices are new.

    What was sent back is told at any hour; deadlines and digests on working days, from 7 to 20 o'clock.
    A part that fails is logged, and the others go on.
    """
    parts = [tell_what_was_sent_back]
    local = timezone.localtime(now)
    if MORNING <= local.time() < EVENING and is_working_day(local.date()):
        parts += [remind_of_deadlines, send_digests]
    return sum(_told_by(part, now) for part in parts)


def _told_by(part: Callable[..., int], now: datetime) -> int:
    """What one part told; its failure is logged and keeps nobody from hearing the rest."""
    try:
        return part(now=now)
    except Exception:
        logger.exception("Reminders: %s failed.", part.__name__)
        return 0


# --- sent back ----------------------------------------------------------------------------------------
def tell_sent_back(submission: Submission) -> int:
    """Tell the station's clerks in the caller's transaction; the sweep finds clerks who came since."""
    return _tell_sent_back([submission], timezone.now())


def tell_what_was_sent_back(*, now: datetime) -> int:
    """Tell of every submission that is still sent back and may be mended. A fixed number of queries."""
    found = Submission.objects.filter(
        status=Status.SENT_BACK, decided_at__gt=now - NEWS_FOR, decided_at__lte=now
    ).select_related("facility", "form")
    closed = closed_slots(map(slot_of, found))
    return _tell_sent_back([one for one in found if slot_of(one) not in closed], now)


def _tell_sent_back(submissions: Sequence[Submission], now: datetime) -> int:
    """One event a clerk and decision: sent back again it is told again, recalled and left alone it is not."""
    if not submissions:
        return 0
    clerks = clerks_of({submission.facility_id for submission in submissions})
    return tell(
        (
            Event(user, SENT_BACK, _decision(submission), partial(sent_back_words, submission))
            for submission in submissions
            for user in clerks[submission.facility_id]
        ),
        now=now,
    )


def _decision(submission: Submission) -> str:
    at = submission.decided_at.astimezone(timezone.get_default_timezone())
    return f"{SENT_BACK}:{submission.pk}:{at:%Y%m%dT%H%M%S.%f}"


# --- approved -----------------------------------------------------------------------------------------
def tell_approved(submissions: Sequence[Submission]) -> int:
    """Tell the stations' clerks in the caller's transaction, in the portal alone: one notice a clerk and decision."""
    if not submissions:
        return 0
    clerks = clerks_of({submission.facility_id for submission in submissions})
    own: dict[User, list[Submission]] = defaultdict(list)
    for submission in submissions:
        for user in clerks[submission.facility_id]:
            own[user].append(submission)
    now = submissions[0].decided_at
    return tell(
        (
            Event(
                user,
                APPROVED,
                f"{APPROVED}:{min(s.pk for s in approved)}:{now.timestamp()}",
                partial(approved_words, approved),
                by_mail=False,
            )
            for user, approved in own.items()
        ),
        now=now,
    )


# --- deadlines ----------------------------------------------------------------------------------------
def remind_of_deadlines(*, now: datetime) -> int:
    """Tell each clerk once a deadline and stage, naming all forms still missing. A fixed number of queries."""
    today = timezone.localdate(now)
    asked = list(_asked(today))
    missing = _missing(asked) if asked else []
    if not missing:
        return 0
    clerks = clerks_of({one.facility.pk for _asked_for, one in missing})
    own: dict[tuple[User, Stage, date], list[Owed]] = defaultdict(list)
    for what, one in missing:
        for user in clerks[one.facility.pk]:
            own[user, what.stage, what.deadline].append(one)
    return tell(
        (
            Event(user, stage, f"{stage}:{deadline}", partial(deadline_words, stage, deadline, today, owed))
            for (user, stage, deadline), owed in own.items()
        ),
        now=now,
    )


def _asked(today: date) -> Iterator[Asked]:
    """Forms and periods whose deadline is spoken of today; only periods that are over, or years begun."""
    first, this = first_asked(today), Month.of(today)
    for form in Form.objects.all():
        if form.is_yearly:
            periods = [date(year, 1, 1) for year in (today.year - 1, today.year) if year >= first.year]
        else:
            months = (this - back for back in range(1, MONTHS_BACK + 1))
            periods = [month.first_day for month in months if month >= first]
        for period in periods:
            deadline = deadline_of(form, period)
            if deadline and (stage := stage_on(deadline, today)):
                yield Asked(form, period, deadline, stage)


def _missing(asked: Sequence[Asked]) -> list[tuple[Asked, Owed]]:
    """What is owed and neither handed in, explained nor closed. Four queries."""
    by_form = {(what.form.pk, what.period): what for what in asked}
    wanted = (due_in(what.period, yearly=what.form.is_yearly) & Q(form=what.form) for what in asked)
    duties = Duty.objects.filter(reduce(or_, wanted)).select_related("facility")
    settled = _settled(asked) | _explained(asked)
    missing: dict[tuple[int, str, date], tuple[Asked, Owed]] = {}
    for duty in duties:
        for what in (by_form[key] for key in by_form if key[0] == duty.form_id):
            one = Owed(duty.facility, what.form, what.period)
            # Two periods of one form share the query.
            covers = is_due(duty.from_month, duty.to_month, what.period, yearly=what.form.is_yearly)
            if covers and one.key not in settled:
                missing.setdefault(one.key, (what, one))
    closed = closed_slots(_slot(one) for _what, one in missing.values())
    return [found for found in missing.values() if _slot(found[1]) not in closed]


def _slot(one: Owed) -> Slot:
    return one.facility.pk, one.period, one.form.is_yearly


def _settled(asked: Sequence[Asked]) -> set[tuple[int, str, date]]:
    """What came in; what was sent back had come, and is told of on its own."""
    rows = Submission.objects.filter(period__in={what.period for what in asked}).exclude(status=Status.DRAFT)
    return set(rows.values_list("facility", "form__code", "period"))


def _explained(asked: Sequence[Asked]) -> set[tuple[int, str, date]]:
    rows = Absence.objects.filter(period__in={what.period for what in asked})
    return set(rows.values_list("facility", "form_code", "period"))
