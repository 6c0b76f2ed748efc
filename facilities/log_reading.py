"""Which events of the log a reader sees, what was asked for among them, and how pages follow each other."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from django.db.models import Exists, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from facilities.log_words import DEEDS
from facilities.models import Area, AuditEvent, Coverage, User
from facilities.models.log import SYSTEM
from facilities.permissions import Permission, administers_all, areas_for
from facilities.text import fold

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
# No more digits than a moment and a row's number have.
CURSOR = re.compile(r"([0-9]{1,17})-([0-9]{1,18})")
# Their events concern one place, also where an old one does not say which.
OF_A_PLACE = ("indicators.submission", "facilities.user", "facilities.facility")
WIDE = (Area.Level.COUNTRY, Area.Level.PROVINCE)


def readable_events(reader: User) -> QuerySet[AuditEvent]:
    """Events of areas that the reader's log covers.

    Those of no area concern the whole portal (definitions, days off, a full recompute): they are shown to
    whoever reads the log of a province or more. An administrator of the whole portal reads all.
    """
    if administers_all(reader):
        return AuditEvent.objects.all()
    areas = areas_for(reader, Permission.VIEW_LOG)
    of_nowhere = Q(Exists(areas.filter(level__in=WIDE)), area_id=None) & ~Q(subject_type__in=OF_A_PLACE)
    return AuditEvent.objects.filter(_within(areas) | of_nowhere)


def _within(areas: QuerySet[Area]) -> Q:
    return Q(area_id__in=Coverage.objects.filter(area__in=areas).values("covered"))


@dataclass(frozen=True)
class LogQuery:
    """What was asked for; "" and None: everything. `person` and `place` are names as people type them."""

    first: date | None = None
    last: date | None = None
    person: str = ""
    kind: str = ""
    deed: str = ""
    place: str = ""

    @property
    def is_narrowed(self) -> bool:
        return any((self.first, self.last, self.person, self.kind, self.deed, self.place))

    def of(self, events: QuerySet[AuditEvent]) -> QuerySet[AuditEvent]:
        """One query more where a person is named."""
        if self.first:
            events = events.filter(at__gte=_begin(self.first))
        if self.last:
            events = events.filter(at__lt=_begin(self.last + timedelta(days=1)))
        if self.person:
            events = events.filter(_done_by(self.person))
        if self.kind:
            events = events.filter(subject_type=self.kind)
        if self.deed:
            verbs = DEEDS[self.deed].verbs if self.deed in DEEDS else [self.deed]
            events = events.filter(verb__in=list(verbs))
        if self.place:
            events = events.filter(_within(Area.objects.matching(self.place)))
        return events


def _begin(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


def _done_by(words: str) -> Q:
    """By people whose name or sign-in name of today has these words, without accents; and by the portal itself.

    Of the names that stand in the log, which are those of then, as written there.
    """
    wanted = fold(words)
    people = User.objects.only("last_name", "first_name", "username").iterator()
    found = Q(
        actor_id__in=[
            person.pk
            for person in people
            if wanted in fold(person.display_name) or wanted in fold(person.username)
        ]
    )
    found |= Q(actor__icontains=" ".join(words.split()))
    names = {fold(SYSTEM), fold(_("hệ thống"))}
    return found | Q(actor_id=None, actor=SYSTEM) if any(wanted in name for name in names) else found


class BadCursor(ValueError):
    """The text names no place in the log."""


@dataclass(frozen=True)
class Cursor:
    """A place between two events. In an address: microseconds since 1970, a dash, the id of the event."""

    at: datetime
    id: int

    @classmethod
    def of(cls, event: AuditEvent) -> Cursor:
        return cls(event.at, event.pk)

    @classmethod
    def parse(cls, text: str) -> Cursor:
        """Read what `str` wrote; raise BadCursor otherwise."""
        match = CURSOR.fullmatch(text)
        if not match:
            raise BadCursor(text)
        return cls(EPOCH + timedelta(microseconds=int(match[1])), int(match[2]))

    def __str__(self) -> str:
        return f"{(self.at - EPOCH) // timedelta(microseconds=1)}-{self.id}"


@dataclass(frozen=True)
class LogPage:
    """Events with the newest first; the cursors of the neighbouring pages, None where there is none."""

    events: Sequence[AuditEvent]
    newer: Cursor | None
    older: Cursor | None


def page_of(
    events: QuerySet[AuditEvent], size: int, *, before: Cursor | None = None, after: Cursor | None = None
) -> LogPage:
    """The `size` events before a place, or the nearest after it; from the newest without either. One query.

    The place is found by the index on (at, id), however far back it lies.
    """
    if after:
        beyond = Q(at__gt=after.at) | Q(at=after.at, pk__gt=after.id)
        rows = list(events.filter(beyond, at__gte=after.at).order_by("at", "pk")[: size + 1])
        found = rows[:size][::-1]
        has_newer, has_older = len(rows) > size, True
    else:
        if before:
            beyond = Q(at__lt=before.at) | Q(at=before.at, pk__lt=before.id)
            events = events.filter(beyond, at__lte=before.at)
        rows = list(events.order_by("-at", "-pk")[: size + 1])
        found = rows[:size]
        has_newer, has_older = before is not None, len(rows) > size
    if not found:
        return LogPage([], None, None)
    newer, older = Cursor.of(found[0]), Cursor.of(found[-1])
    return LogPage(found, newer if has_newer else None, older if has_older else None)
