"""What other apps know of the events in the log, registered when they start: they know this one, not the reverse."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from django.core.exceptions import FieldDoesNotExist
from django.urls import NoReverseMatch

from facilities.models import AuditEvent, User
from facilities.text import as_key


@dataclass(frozen=True)
class Change:
    """One field or cell of the thing: its name, and both states printed ("" is blank).

    `is_hidden`: this reader, or this file, does not get to know the states.
    """

    label: str
    before: str = ""
    after: str = ""
    is_hidden: bool = False


@dataclass(frozen=True)
class Told:
    """What an app says of one event to one reader.

    `url` is the page of the thing, "" where there is none or the reader may not open it. `name` is better than
    what was written, `kind` than the name of its model; `within` is what the thing is part of. `details` are
    those of the event that may be told; None: all as they were written.
    """

    url: str = ""
    name: str = ""
    kind: str = ""
    within: str = ""
    changes: tuple[Change, ...] = ()
    details: Mapping[str, Any] | None = None


Tellings: TypeAlias = dict[int, Told]
Teller: TypeAlias = Callable[[User, Sequence[AuditEvent], bool], Tellings]

tellers: list[Teller] = []
# What an event written in another shape than today's makes of reading it.
UNREADABLE = (ValueError, TypeError, LookupError, AttributeError, FieldDoesNotExist, NoReverseMatch)
logger = logging.getLogger("portal.log")


def tell(teller: Teller) -> None:
    """Ask `teller` of every page of the log: (reader, events, whether they leave the portal in a file).

    It answers by event id for the events it knows, in the same few queries for any number.
    """
    if teller not in tellers:
        tellers.append(teller)


def told_of(reader: User, events: Sequence[AuditEvent], *, leaves: bool) -> Tellings:
    """What the apps say. Of an event that one of them can not read nothing but who, what and when is told."""
    found: Tellings = {}
    for teller in tellers:
        try:
            found |= teller(reader, events, leaves)
        except UNREADABLE:
            for event in events:
                found |= _told_alone(teller, reader, event, leaves)
    return found


def _told_alone(teller: Teller, reader: User, event: AuditEvent, leaves: bool) -> Tellings:
    try:
        return teller(reader, [event], leaves)
    except UNREADABLE:
        logger.exception("Event %s of the log can not be read.", event.pk)
        return {event.pk: Told(details={})}


def ids_of(events: Sequence[AuditEvent], subject_type: str) -> set[int]:
    """The ids of the things of this type that the events name."""
    found = (id_of(event) for event in events if event.subject_type == subject_type)
    return {pk for pk in found if pk is not None}


def id_of(event: AuditEvent) -> int | None:
    """The id of the thing; None where what was written is none."""
    return as_key(event.subject_id)
