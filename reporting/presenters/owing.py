"""The stations that owe something for a report, and who of them was reminded when."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.urls import reverse
from django.utils import timezone

from facilities.models import Area, Facility, Notice, User
from facilities.recipients import clerks_of
from reporting.actions.reminding import KIND
from reporting.content.owing import OwingStation, owing_stations
from reporting.models import Report
from reporting.notice_words import by_form

SHOWN = 15
REMEMBERED = timedelta(days=60)


@dataclass(frozen=True)
class Reminder:
    """The newest reminder of a station: when, and the people it went to."""

    at: datetime
    names: list[str]


@dataclass(frozen=True)
class OwingRow:
    facility: Facility
    commune: Area | None
    forms: dict[str, list[str]]
    has_clerk: bool
    reminder: Reminder | None


@dataclass(frozen=True)
class Owing:
    """`rows` are the stations that owe most, of all `stations`; `reports` counts forms and months.

    `to_remind` stations have a clerk who was not told today; `matrix` is the page with all of them.
    """

    rows: list[OwingRow]
    stations: int
    reports: int
    silent: int
    to_remind: int
    matrix: str

    @property
    def more(self) -> int:
        return self.stations - len(self.rows)


def present_owing(report: Report, today: date) -> Owing:
    """Eight queries for any number of stations."""
    found = owing_stations(report, today)
    clerks = clerks_of({one.facility.pk for one in found})
    reminders = _reminders({user for users in clerks.values() for user in users})
    silent = [one for one in found if not clerks[one.facility.pk]]
    told_today = {pk for pk, one in reminders.items() if timezone.localdate(one.at) == today}
    return Owing(
        rows=[_row(one, clerks, reminders) for one in found[:SHOWN]],
        stations=len(found),
        reports=sum(len(one.owed) for one in found),
        silent=len(silent),
        to_remind=sum(bool(clerks[one.facility.pk]) and one.facility.pk not in told_today for one in found),
        matrix=f"{reverse('submissions:matrix')}?year={report.year}&state=missing",
    )


def _row(station: OwingStation, clerks: dict[int, list[User]], reminders: dict[int, Reminder]) -> OwingRow:
    pk = station.facility.pk
    return OwingRow(
        station.facility, station.commune, by_form(station.owed), bool(clerks[pk]), reminders.get(pk)
    )


def _reminders(users: set[User]) -> dict[int, Reminder]:
    """The newest reminder of each station these people were told of. One query."""
    since = timezone.now() - REMEMBERED
    told: dict[tuple[int, str], list[Notice]] = defaultdict(list)
    notices = Notice.objects.filter(user__in=users, kind=KIND, at__gt=since).select_related("user")
    for notice in notices.order_by("at", "pk"):
        _kind, facility, day = notice.key.split(":")
        told[int(facility), day].append(notice)
    return {
        facility: Reminder(own[-1].at, [one.user.display_name for one in own])
        for (facility, _day), own in sorted(told.items(), key=lambda item: item[1][-1].at)
    }
