"""Telling people once an event, and what they say about being told."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from django.core import signing
from django.db import transaction
from django.utils import timezone, translation
from kombu.exceptions import OperationalError

from facilities.actions.audit import place_of, record
from facilities.models import Notice, User

logger = logging.getLogger("portal.notices")

REMINDERS, DIGEST = "reminders", "digest"
WISHES = {REMINDERS: "wants_reminders", DIGEST: "wants_digest"}
SALT = "facilities.notices.stop"


class InvalidToken(Exception):
    """The link to stop mails is not one the portal gave, or its person is gone."""


@dataclass(frozen=True)
class Words:
    """What a notice says, in the language that is active when it is written; `path` is the page it leads to."""

    title: str
    text: str
    path: str


@dataclass(frozen=True)
class Event:
    """Something to tell one person; `write` is called in their language, and only if they were not told yet."""

    user: User
    kind: str
    key: str
    write: Callable[[], Words]
    by_mail: bool = True  # False: told in the portal alone

    @property
    def wish(self) -> str:
        """Which of the person's two wishes this is subject to."""
        return wish_of(self.kind)


def wish_of(kind: str) -> str:
    return DIGEST if kind == DIGEST else REMINDERS


def mail_wanted(user: User, kind: str) -> bool:
    """Whether a mail about this may go to the person, who must have an address."""
    return bool(user.is_active and user.email and getattr(user, WISHES[wish_of(kind)]))


@transaction.atomic
def tell(events: Iterable[Event], *, now: datetime) -> int:
    """Write a notice for each event its person was not told of, and ring for the mails once that is committed.

    Two at once tell once: the row of (person, key) is unique, and whoever comes second writes nothing.
    Returns how many events were new when asked. Two queries for any number.
    """
    by_key = {(event.user.pk, event.key): event for event in events}
    if not by_key:
        return 0
    people, keys = ({pair[index] for pair in by_key} for index in (0, 1))
    told = set(Notice.objects.filter(user__in=people, key__in=keys).values_list("user", "key"))
    # In one order for everybody: two sweeps that write the same rows wait for each other, not in a circle.
    notices = [_notice(by_key[pair], now) for pair in sorted(by_key) if pair not in told]
    Notice.objects.bulk_create(notices, ignore_conflicts=True, batch_size=500)
    if any(notice.mail == Notice.Mail.WAITING for notice in notices):
        transaction.on_commit(ring)
    return len(notices)


def _notice(event: Event, now: datetime) -> Notice:
    with translation.override(event.user.language):
        words = event.write()
    wanted = event.by_mail and mail_wanted(event.user, event.kind)
    return Notice(
        user=event.user,
        kind=event.kind,
        key=event.key,
        title=words.title[:200],
        text=words.text,
        path=words.path,
        at=now,
        mail=Notice.Mail.WAITING if wanted else Notice.Mail.NONE,
    )


def ring() -> None:
    """Ask a worker to send. A lost bell loses nothing: the minutely sweep finds the waiting rows."""
    from facilities.tasks import send_mails

    try:
        send_mails.delay()
    except OperationalError:
        logger.warning("The broker does not answer; the sweep will send the mails.")


def mark_read(*, by: User, ids: Iterable[int] | None = None) -> int:
    """Mark the person's own notices read (`ids` None: all). Returns how many were unread."""
    unread = Notice.objects.filter(user=by, read_at=None)
    chosen = unread if ids is None else unread.filter(pk__in=list(ids))
    return chosen.update(read_at=timezone.now())


def stop_token(user: User, kind: str) -> str:
    """What the link in a mail carries: it stops mails of this kind for this person, and nothing else."""
    return signing.dumps([user.pk, wish_of(kind)], salt=SALT)


def read_stop_token(token: str) -> tuple[User, str]:
    """The person and the wish a link names. It does not age: mails are kept for years. Raises InvalidToken."""
    try:
        pk, wish = signing.loads(token, salt=SALT)
        return User.objects.get(pk=pk), wish
    except (signing.BadSignature, User.DoesNotExist) as error:
        raise InvalidToken from error


@transaction.atomic
def stop_mails(*, token: str) -> tuple[User, str]:
    """Stop the mails that a link names, without signing in; done twice it is done. Raises InvalidToken."""
    user, wish = read_stop_token(token)
    field = WISHES[wish]
    if User.objects.filter(pk=user.pk, **{field: True}).update(**{field: False}):
        record(by=user, verb="stop_mails", subject=user, area=place_of(user), wish=wish)
    return user, wish
