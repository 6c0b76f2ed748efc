"""The register of issued documents (sổ văn bản đi): each number of an agency and year is given once."""

from __future__ import annotations

from datetime import date
from functools import partial

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from facilities.actions.audit import record
from facilities.models import Agency, User
from facilities.permissions import Permission, require
from facilities.text import fold
from reporting.actions.official_files import FileNotReady, Part, newest_pdf
from reporting.actions.reports import ReportError, freeze_now, in_one_view
from reporting.content.printed import Printed
from reporting.models import IssuedDocument, Report, Snapshot
from reporting.models.sending import number_text
from reporting.said import Said


class AlreadyIssued(ReportError):
    def __init__(self, issued: IssuedDocument) -> None:
        text = _("Bản này đã vào sổ, số %(number)s ngày %(on)s.")
        super().__init__(text % {"number": issued.number_text, "on": f"{issued.on:%d/%m/%Y}"})


class NumberTaken(ReportError):
    """Another document has the number; `free` is the next one that nobody has."""

    def __init__(self, number: int, year: int, free: int) -> None:
        self.free = free
        text = _("Số %(number)s năm %(year)s đã cấp cho văn bản khác. Số tiếp theo còn trống: %(free)s.")
        super().__init__(text % {"number": number, "year": year, "free": free})


class DateAhead(ReportError):
    def __init__(self) -> None:
        super().__init__(_("Ngày văn bản không được sau hôm nay."))


class SignerMissing(ReportError):
    def __init__(self) -> None:
        super().__init__(_("Nhập họ tên người ký: văn bản chưa ghi người ký."))


class AlreadySent(ReportError):
    def __init__(self) -> None:
        super().__init__(_("Văn bản đã gửi đi nên tệp phát hành giữ nguyên."))


def next_number(agency: Agency, year: int) -> int:
    """The number after the highest one the agency gave in the year."""
    given = IssuedDocument.objects.filter(agency=agency, on__year=year).aggregate(last=Max("number"))["last"]
    return (given or 0) + 1


@transaction.atomic
def register(
    *,
    snapshot: Snapshot,
    number: int,
    symbol: str,
    on: date,
    by: User,
    signer: str = "",
    office: str = "",
) -> IssuedDocument:
    """Enter the snapshot's PDF, the signed one if it is signed, in its agency's register.

    Subject, signer and office are the document's own; `signer` and `office` count where it leaves them open.
    Raises PermissionDenied, AlreadyIssued, NumberTaken, DateAhead, SignerMissing, FileNotReady.
    """
    report = snapshot.report
    require(by, Permission.PREPARE_REPORT, report.area)
    # Two people registering the same report go one after the other.
    Report.objects.select_for_update(of=("self",)).get(pk=report.pk)
    if known := IssuedDocument.objects.filter(snapshot=snapshot).first():
        raise AlreadyIssued(known)
    if on > timezone.localdate():
        raise DateAhead
    pdf = _finished_pdf(snapshot)
    issued = IssuedDocument(
        snapshot=snapshot,
        agency=report.issuer_on(on),
        number=number,
        symbol=symbol,
        on=on,
        subject=snapshot.data["content"]["header"]["subject"][:500],
        signer=_signer_of(snapshot, signer)[:120],
        office=(office_of(snapshot) or office.strip())[:200],
        sha256=pdf.sha256,
        by=by,
        at=timezone.now(),
    )
    _insert(issued)
    record(
        by=by,
        verb="register_document",
        subject=report,
        area=report.area,
        number=issued.number_text,
        on=on.isoformat(),
        snapshot=snapshot.number,
        sha256=issued.sha256,
    )
    return issued


def _finished_pdf(snapshot: Snapshot) -> Part:
    """Raises FileNotReady."""
    if (pdf := newest_pdf(snapshot)) is None:
        raise FileNotReady(["pdf"])
    return pdf


def _signer_of(snapshot: Snapshot, given: str) -> str:
    """The signer the document names, else the one given. Raises SignerMissing."""
    signer = (snapshot.data["content"]["footer"].get("signer") or given).strip()
    if not signer:
        raise SignerMissing
    return signer


def _insert(issued: IssuedDocument) -> None:
    """Write the row, or say which number is free: somebody may have taken this one a moment ago."""
    words = (issued.number_text, f"{issued.on:%d/%m/%Y}", issued.subject, issued.signer, issued.agency.name)
    issued.folded = fold(" ".join(words))
    try:
        with transaction.atomic():
            issued.save(force_insert=True)
    except IntegrityError as error:
        free = next_number(issued.agency, issued.on.year)
        raise NumberTaken(issued.number, issued.on.year, free) from error


def office_of(snapshot: Snapshot) -> str:
    """ "KT. GIÁM ĐỐC, PHÓ GIÁM ĐỐC" as the document prints it."""
    office = snapshot.data["content"]["footer"].get("office") or []
    return ", ".join([office] if isinstance(office, str) else office)


@transaction.atomic
def take_signed_file(*, issued: IssuedDocument, by: User) -> IssuedDocument:
    """Make the newest signed PDF the file that was issued: an agency often signs after the number is given.

    Once a delivery was asked for the file stays. Raises PermissionDenied, AlreadySent, FileNotReady.
    """
    snapshot = issued.snapshot
    require(by, Permission.PREPARE_REPORT, snapshot.report.area)
    Report.objects.select_for_update(of=("self",)).get(pk=snapshot.report_id)
    if snapshot.deliveries.exists():
        raise AlreadySent
    pdf = _finished_pdf(snapshot)
    if pdf.sha256 != issued.sha256:
        before, issued.sha256 = issued.sha256, pdf.sha256
        issued.save(update_fields=["sha256"])
        record(
            by=by,
            verb="take_signed_file",
            subject=snapshot.report,
            area=snapshot.report.area,
            number=issued.number_text,
            before=before,
            sha256=issued.sha256,
        )
    return issued


def print_number(*, report: Report, number: int, symbol: str, on: date, by: User) -> Snapshot:
    """Write number and date into the document and freeze it again: the snapshot prints them.

    Where freezing is refused the document stays as it was. Raises PermissionDenied, ReportBusy, DateAhead,
    NumberTaken: the register would refuse them later.
    """
    require(by, Permission.PREPARE_REPORT, report.area)
    if on > timezone.localdate():
        raise DateAhead
    return in_one_view(partial(_print_and_freeze, report, number, symbol, on, by))


def _print_and_freeze(report: Report, number: int, symbol: str, on: date, by: User) -> Snapshot:
    stored = Report.objects.select_for_update(of=("self",)).get(pk=report.pk)
    agency = report.issuer_on(on)
    if IssuedDocument.objects.filter(agency=agency, on__year=on.year, number=number).exists():
        raise NumberTaken(number, on.year, next_number(agency, on.year))
    wanted = {"number": number_text(number, symbol), "date": on.isoformat()}
    if stored.document | wanted != stored.document:
        stored.document |= wanted
        stored.save(update_fields=["document"])
        record(by=by, verb="print_number", subject=report, area=report.area, **wanted)
    words = {"number": wanted["number"], "on": f"{on:%d/%m/%Y}"}
    return freeze_now(report, by, Said("number_printed", words), timezone.now())


def differences(printed: Printed, number: int, symbol: str, on: date) -> list[str]:
    """In words, where the PDF's head says something else than the register would. Empty where both agree."""
    found = []
    if printed.number is None:
        found.append(_("Bản PDF để trống số."))
    elif (printed.number, printed.symbol) != (number, symbol):
        words = {"printed": number_text(printed.number, printed.symbol)}
        found.append(_("Bản PDF in số %(printed)s.") % words)
    if printed.on is None:
        found.append(_("Bản PDF để trống ngày."))
    elif printed.on != on:
        found.append(_("Bản PDF in ngày %(printed)s.") % {"printed": f"{printed.on:%d/%m/%Y}"})
    return found
