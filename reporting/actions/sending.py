"""Asking for a document to be sent, again, or no more. What was asked for is sent by `deliver`."""

from __future__ import annotations

import hashlib
import logging
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _
from kombu.exceptions import OperationalError

from facilities.actions.audit import record
from facilities.models import User
from facilities.permissions import Permission, require
from facilities.text import printable
from reporting.actions.leaving import settle
from reporting.actions.reports import ReportError
from reporting.models import Delivery, Report, Snapshot
from reporting.said import NO_ERROR, Said, error_of

logger = logging.getLogger("portal.deliveries")
Status, Way = Delivery.Status, Delivery.Way
DAYS, DAYS_AT_MOST = 30, 90
RECIPIENTS_AT_MOST = 100
SALT = "reporting.delivery.link"


class SendingError(ReportError):
    """The document can not be sent so; the text says why to a person."""


class NoRecipient(SendingError):
    def __init__(self) -> None:
        super().__init__(_("Chọn hoặc nhập ít nhất một nơi nhận."))


class TooManyRecipients(SendingError):
    def __init__(self) -> None:
        text = _("Mỗi lần gửi nhiều nhất %(most)s nơi nhận.")
        super().__init__(text % {"most": RECIPIENTS_AT_MOST})


class DaysOutOfRange(SendingError):
    def __init__(self) -> None:
        super().__init__(_("Liên kết có hạn từ 1 đến %(most)s ngày.") % {"most": DAYS_AT_MOST})


class NotAgain(SendingError):
    def __init__(self) -> None:
        super().__init__(_("Thư đã gửi hoặc đang gửi nên không gửi lại, để nơi nhận không nhận hai lần."))


class NotWithdrawable(SendingError):
    def __init__(self) -> None:
        super().__init__(_("Thư đã gửi hoặc đang gửi kèm tệp thì không thu hồi được."))


@dataclass(frozen=True)
class Recipient:
    name: str
    address: str


@dataclass(frozen=True)
class Asked:
    """What a request did: the new deliveries, the addresses that had one, whether files became a link for size."""

    new: list[Delivery]
    known: list[str]
    too_large: bool


@transaction.atomic
def request_deliveries(
    *, snapshot: Snapshot, recipients: Sequence[Recipient], way: str, days: int, by: User
) -> Asked:
    """Have the snapshot's files sent to each address that has no delivery of it yet, and ring on commit.

    A second press finds every address known and adds nothing. Files larger together than MAIL_FILES_AT_MOST go as
    a link for `days`. Raises PermissionDenied, NoRecipient, TooManyRecipients, DaysOutOfRange, FileNotReady,
    FileChanged.
    """
    report, now = snapshot.report, timezone.now()
    require(by, Permission.PREPARE_REPORT, report.area)
    if not 1 <= days <= DAYS_AT_MOST:
        raise DaysOutOfRange
    people = {one.address.lower(): one for one in recipients}
    if not people:
        raise NoRecipient
    if len(people) > RECIPIENTS_AT_MOST:
        raise TooManyRecipients
    # While somebody makes a signed file the one that was issued, nobody asks for it to be sent.
    Report.objects.select_for_update(of=("self",)).get(pk=report.pk)
    files = settle(snapshot)
    too_large = way == Way.FILES and sum(file["size"] for file in files) > settings.MAIL_FILES_AT_MOST
    way = Way.LINK if too_large else way
    had = set(snapshot.deliveries.filter(address__in=people).values_list("address", flat=True))
    common = {"snapshot": snapshot, "way": way, "files": files, "by": by, "at": now}
    made = [_made(people[key], days, **common) for key in sorted(people) if key not in had]
    # Two presses at once: the row of (snapshot, address) is unique, whoever comes second writes nothing.
    Delivery.objects.bulk_create(made, ignore_conflicts=True)
    new = list(Delivery.objects.filter(message_id__in=[one.message_id for one in made]))
    for one in new:
        _log(one, by, "ask_delivery", address=one.address, way=one.way, files=one.told_files)
    if new:
        transaction.on_commit(ring)
    return Asked(new, sorted(set(people) - {one.address for one in new}), too_large)


def _made(person: Recipient, days: int, **common: object) -> Delivery:
    delivery = Delivery(
        recipient=" ".join(printable(person.name).split())[:200],
        address=person.address.lower(),
        message_id=_message_id(),
        **common,
    )
    if delivery.is_link:
        delivery.token_hash = hash_of(token(delivery))
        delivery.expires_at = delivery.at + timedelta(days=days)
    return delivery


def _message_id() -> str:
    """128 random bits: every try of a delivery carries the same, no other mail does."""
    return f"<report-{secrets.token_hex(16)}@{urlsplit(settings.PORTAL_URL).hostname or 'localhost'}>"


def token(delivery: Delivery) -> str:
    """The secret in the delivery's link: 256 bits made of its random Message-ID under the portal's secret key.

    So every try sends the same link, and neither the database nor the mail's other parts tell it.
    """
    return salted_hmac(SALT, delivery.message_id, algorithm="sha256").hexdigest()


def hash_of(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


@transaction.atomic
def send_again(*, delivery: Delivery, by: User) -> Delivery:
    """Try a failed delivery anew, or send a new link where the old one expired or was withdrawn.

    A mail that only failed keeps its Message-ID and files: a server that took it after all drops the copy. A new
    link is another mail, with the files that are official now. Raises PermissionDenied, NotAgain, FileNotReady,
    FileChanged.
    """
    report, now = delivery.snapshot.report, timezone.now()
    require(by, Permission.PREPARE_REPORT, report.area)
    fields: dict[str, object] = {"status": Status.WAITING, "attempts": 0, "try_at": None} | NO_ERROR
    # The row's own words for `Delivery.is_over`.
    over = Q(way=Way.LINK) & (Q(expires_at__lte=now) | Q(files=[]))
    if delivery.is_over(now):
        Report.objects.select_for_update(of=("self",)).get(pk=report.pk)
        delivery.message_id, fields["files"] = _message_id(), settle(delivery.snapshot)
        fields |= {"message_id": delivery.message_id, "token_hash": hash_of(token(delivery))}
        fields |= {"sent_at": None, "opened_at": None}
    if delivery.is_link:
        fields |= {"at": now, "expires_at": now + timedelta(days=DAYS)}
    may = Q(status=Status.FAILED) | Q(status=Status.SENT) & over
    # The state is asked in the update itself: of two presses one finds the delivery already waiting.
    if not Delivery.objects.filter(may, pk=delivery.pk).update(**fields):
        raise NotAgain
    delivery.refresh_from_db()
    _log(delivery, by, "send_again", address=delivery.address, files=delivery.told_files)
    transaction.on_commit(ring)
    return delivery


@transaction.atomic
def withdraw(*, delivery: Delivery, by: User) -> Delivery:
    """Stop a delivery that waits, or close the link of one that went out. Raises PermissionDenied, NotWithdrawable."""
    require(by, Permission.PREPARE_REPORT, delivery.snapshot.report.area)
    rows = Delivery.objects.filter(pk=delivery.pk)
    link = {"expires_at": delivery.at} if delivery.is_link else {}
    stopped = rows.filter(status=Status.WAITING).update(
        status=Status.FAILED, try_at=None, **error_of(Said("stopped")), **link
    )
    if not stopped and not (link and rows.update(**link)):
        raise NotWithdrawable
    delivery.refresh_from_db()
    _log(delivery, by, "withdraw_delivery", address=delivery.address)
    return delivery


def mark_opened(delivery: Delivery) -> None:
    """Keep when a file of the link was fetched first."""
    Delivery.objects.filter(pk=delivery.pk, opened_at=None).update(opened_at=timezone.now())


def ring() -> None:
    """Ask a worker to send. A lost bell loses nothing: the minutely sweep finds the waiting rows."""
    from reporting.tasks import send_deliveries

    try:
        send_deliveries.delay()
    except OperationalError:
        logger.warning("The broker does not answer; the sweep will send the deliveries.")


def _log(delivery: Delivery, by: User | None, verb: str, **details: object) -> None:
    report = delivery.snapshot.report
    record(by=by, verb=verb, subject=report, area=report.area, delivery=delivery.pk, **details)
