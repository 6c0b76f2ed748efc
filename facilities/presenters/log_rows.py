"""Events of the log as rows: who did what to which thing, where, and what became of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from facilities.log_hooks import Change, Told, id_of, ids_of, told_of
from facilities.log_words import VERBS
from facilities.models import Area, AuditEvent, User
from facilities.presenters.log_details import (
    Fact,
    administration_words,
    changes_of,
    facts_of,
    kind_words,
)

LISTED = 4
AREA = "facilities.area"


@dataclass(frozen=True)
class LogRow:
    """One event. `subject` is quoted as it was named then; `url` its page, "" without one this reader may open."""

    at: datetime
    actor: str
    is_system: bool
    deed: str
    kind: str
    subject: str
    url: str
    within: str
    place: str
    place_url: str
    facts: list[Fact]
    changes: list[Change]
    note: str = ""

    @property
    def listed(self) -> list[Change]:
        """As many changes as a page shows; all are in the files."""
        return self.changes[:LISTED]

    @property
    def more(self) -> int:
        return len(self.changes) - len(self.listed)


def log_rows(reader: User, events: Sequence[AuditEvent], *, leaves: bool = False) -> list[LogRow]:
    """The rows of a page. One query for the places, and those of the apps that know the things.

    With `leaves` the rows go into a file: counts of what is sensitive are left out (docs/decisions/0011).
    """
    areas = Area.objects.in_bulk(
        ids_of(events, AREA) | {event.area_id for event in events if event.area_id is not None}
    )
    told = told_of(reader, events, leaves=leaves)
    return [_row(event, told.get(event.pk, Told()), areas) for event in events]


def _row(event: AuditEvent, told: Told, areas: Mapping[int | None, Area]) -> LogRow:
    details = event.details if told.details is None else told.details
    place = areas.get(event.area_id)
    url = told.url
    if event.subject_type == AREA and (area := areas.get(id_of(event))):
        url = _url_of(area)
    return LogRow(
        at=event.at,
        actor=event.actor_name,
        is_system=event.actor_id is None,
        deed=str(VERBS.get(event.verb, event.verb)),
        kind=told.kind or kind_words(event.subject_type),
        subject=told.name or event.subject,
        url=url,
        within=told.within,
        place=place.name if place else "",
        place_url=_url_of(place) if place else "",
        facts=facts_of(event, details),
        changes=[*changes_of(event, details), *told.changes],
        note=administration_words(details),
    )


def _url_of(area: Area) -> str:
    return reverse("places:area", args=[area.key])


def by_day(rows: Sequence[LogRow]) -> list[tuple[date, list[LogRow]]]:
    """The rows under the local days they were written on."""
    return [(day, list(own)) for day, own in groupby(rows, key=lambda row: timezone.localdate(row.at))]


def change_words(change: Change) -> str:
    """One change in a line of text: "Số trẻ sinh: 3 → 4"."""
    if change.is_hidden:
        states = _("đã đổi")
    else:
        blank = _("trống")
        states = f"{change.before or blank} → {change.after or blank}"
    return f"{change.label}: {states}" if change.label else states
