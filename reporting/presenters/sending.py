"""Where a document stands on its way out, shaped for its page: register, deliveries, whom to propose."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.db.models import Max, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from facilities.templatetags.portal import moment
from reporting.actions.leaving import issued_of
from reporting.actions.official_files import Part, newest_pdf
from reporting.actions.register import differences, next_number
from reporting.actions.sending import Recipient
from reporting.content.printed import Printed
from reporting.models import Delivery, IssuedDocument, Snapshot

Status = Delivery.Status
CODES = {
    Status.WAITING: "queued",
    Status.SENDING: "in_progress",
    Status.SENT: "done",
    Status.FAILED: "failed",
}
BOOK_AT_MOST = 30
# Characters of a hash that tell two files apart for a person.
SHORT = 12


@dataclass(frozen=True)
class LeftFile:
    """A file that left with a delivery. `short` is the beginning of its SHA-256."""

    name: str
    sha256: str

    @property
    def short(self) -> str:
        return self.sha256[:SHORT]


@dataclass(frozen=True)
class DeliveryRow:
    """One delivery in words, and what may be done with it."""

    delivery: Delivery
    code: str
    word: str
    details: list[str]
    files: list[LeftFile]
    can_again: bool
    can_withdraw: bool


@dataclass(frozen=True)
class Outgoing:
    """A snapshot on its way: `pdf` None before it is finished; `newer` a signed file the register does not hold."""

    snapshot: Snapshot
    issued: IssuedDocument | None
    pdf: Part | None
    printed: Printed
    deliveries: list[DeliveryRow]

    @property
    def newer(self) -> bool:
        return bool(self.issued and self.pdf and self.pdf.sha256 != self.issued.sha256)

    @property
    def differences(self) -> list[str]:
        """Where the PDF's head says something else than the register."""
        one = self.issued
        return differences(self.printed, one.number, one.symbol, one.on) if one else []

    @property
    def can_take_signed(self) -> bool:
        return self.newer and not self.deliveries


def outgoing(snapshot: Snapshot) -> Outgoing:
    """Four queries: the frozen data, the register, signatures, deliveries."""
    now = timezone.now()
    rows = [delivery_row(one, now) for one in snapshot.deliveries.select_related("by")]
    return Outgoing(snapshot, issued_of(snapshot), newest_pdf(snapshot), Printed.of(snapshot.data), rows)


def delivery_row(delivery: Delivery, now: datetime) -> DeliveryRow:
    status, is_open = delivery.status, delivery.is_open(now)
    files = [LeftFile(**file) for file in delivery.told_files]
    return DeliveryRow(
        delivery,
        CODES[Status(status)],
        delivery.get_status_display(),
        list(_details(delivery, now)),
        files,
        can_again=status == Status.FAILED or (status == Status.SENT and delivery.is_over(now)),
        can_withdraw=status == Status.WAITING or (is_open and status != Status.FAILED),
    )


def _details(delivery: Delivery, now: datetime) -> Iterable[str]:
    if delivery.sent_at and delivery.status == Status.SENT:
        yield _("lúc %(at)s") % {"at": moment(delivery.sent_at)}
    if delivery.status == Status.SENT and not delivery.files:
        yield _("Gửi trước khi cổng ghi lại tệp đi: không chắc tệp nào.")
    if words := delivery.error_words:
        yield words
    if delivery.status == Status.WAITING and delivery.try_at:
        words = {"n": delivery.attempts, "at": moment(delivery.try_at)}
        yield _("Đã thử %(n)s lần; tự thử lại lúc %(at)s.") % words
    if not delivery.is_link or delivery.status == Status.FAILED:
        return
    if delivery.is_withdrawn:
        yield _("Liên kết đã thu hồi.")
    else:
        said = (
            _("Liên kết hết hạn lúc %(at)s.")
            if delivery.is_open(now)
            else _("Liên kết đã hết hạn lúc %(at)s.")
        )
        yield said % {"at": moment(delivery.expires_at)}
    if delivery.opened_at:
        yield _("Mở lần đầu lúc %(at)s.") % {"at": moment(delivery.opened_at)}


def first_entry(snapshot: Snapshot, printed: Printed, today: date) -> dict[str, Any]:
    """What the register proposes: what the PDF prints; else today and the next free number."""
    on = printed.on if printed.on and printed.on <= today else today
    agency = snapshot.report.issuer_on(on)
    return {
        "number": printed.number or next_number(agency, on.year),
        "symbol": printed.symbol or f"BC-{agency.short_name}".rstrip("-"),
        "on": on,
    }


def recipient_book(snapshot: Snapshot, today: date) -> list[Recipient]:
    """Whom the same agency sent a document before, the latest first, but for those who have this one. One query."""
    report = snapshot.report
    issuers = {report.plan.issuer_id if report.plan else report.agency_id, report.issuer_on(today).pk}
    own = Q(snapshot__report__plan__issuer__in=issuers) | Q(snapshot__report__agency__in=issuers)
    had = Delivery.objects.filter(snapshot=snapshot).values("address")
    rows = (
        Delivery.objects.filter(own, status=Status.SENT)
        .exclude(address__in=had)
        .values_list("recipient", "address")
        .annotate(last=Max("sent_at"))
        .order_by("-last", "address")[: 2 * BOOK_AT_MOST]
    )
    found: dict[str, Recipient] = {}
    for name, address, _last in rows:
        found.setdefault(address, Recipient(name, address))
    return list(found.values())[:BOOK_AT_MOST]


def correcting(snapshot: Snapshot, pk: int | None) -> str:
    """The line to mend of a delivery that failed; "" for all else."""
    failed = snapshot.deliveries.filter(pk=pk, status=Status.FAILED).first() if pk else None
    return f"{failed.recipient} <{failed.address}>" if failed else ""


def limit_in_megabytes() -> int:
    return settings.MAIL_FILES_AT_MOST // 1_000_000
