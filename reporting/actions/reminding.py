"""Reminding the stations that have not handed in what a report counts on: once a station and day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from functools import partial

from django.db import transaction
from django.utils import timezone

from facilities.actions.audit import record
from facilities.actions.notices import Event, tell
from facilities.models import User
from facilities.permissions import Permission, require
from facilities.recipients import clerks_of
from reporting.content.owing import owing_stations
from reporting.models import Report
from reporting.notice_words import owed_words

KIND = "report-owed"


@dataclass(frozen=True)
class Reminded:
    """How many notices are new, of how many stations that owe something; `silent` of those have no clerk."""

    notices: int
    stations: int
    silent: int


def reminder_key(facility: int, day: date) -> str:
    return f"{KIND}:{facility}:{day}"


@transaction.atomic
def remind_owing(*, report: Report, by: User, now: datetime) -> Reminded:
    """Tell the clerks of every station that owes something for the report. Raises PermissionDenied."""
    require(by, Permission.PREPARE_REPORT, report.area)
    today = timezone.localdate(now)
    stations = owing_stations(report, today)
    clerks = clerks_of({one.facility.pk for one in stations})
    events = [
        Event(
            user,
            KIND,
            reminder_key(one.facility.pk, today),
            partial(owed_words, one.owed, by.display_name, str(report)),
        )
        for one in stations
        for user in clerks[one.facility.pk]
    ]
    notices = tell(events, now=now)
    if notices:
        record(
            by=by,
            verb="remind_stations",
            subject=report,
            area=report.area,
            stations=len(stations),
            notices=notices,
        )
    return Reminded(notices, len(stations), sum(not clerks[one.facility.pk] for one in stations))
