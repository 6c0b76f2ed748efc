"""The page "Vào sổ, gửi" of a report, as read and as given back with what somebody typed."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from facilities.permissions import Permission
from facilities.text import as_key
from reporting.actions.leaving import issued_of
from reporting.content.printed import Printed
from reporting.models import Delivery, IssuedDocument, Report, Snapshot
from reporting.presenters.reports import period_words
from reporting.presenters.sending import (
    Outgoing,
    correcting,
    first_entry,
    limit_in_megabytes,
    outgoing,
    recipient_book,
)
from reporting.presenters.tabs import tabs
from reporting.sending_forms import RegisterForm, SendForm
from reporting.views.access import get_report_or_404

REFUSED = 422
IN_HAND = (Delivery.Status.WAITING, Delivery.Status.SENDING)


def sending_page(
    request: HttpRequest,
    report: Report,
    snapshot: Snapshot | None,
    entry: RegisterForm | None = None,
    send: SendForm | None = None,
) -> HttpResponse:
    """The page; forms given back hold what was typed and what is wrong."""
    context = {
        "report": report,
        "period": period_words(report),
        "tabs": tabs(report, "reports:sending"),
        "snapshots": report.snapshots.all(),
        "snapshot": snapshot,
        "limit": limit_in_megabytes(),
        "refused": [form for form in (entry, send) if form],
    }
    if snapshot is not None:
        context["out"] = out = outgoing(snapshot)
        context["is_sending"] = any(row.delivery.status in IN_HAND for row in out.deliveries)
        if report.can_prepare:
            context |= _forms(request, out, entry, send)
    status = REFUSED if entry or send else 200
    return render(request, "reporting/sending.html", context, status=status)


def _forms(
    request: HttpRequest, out: Outgoing, entry: RegisterForm | None, send: SendForm | None
) -> dict[str, object]:
    today = timezone.localdate()
    forms: dict[str, object] = {}
    if entry or (out.issued is None and out.pdf is not None):
        forms["entry"] = entry or entry_form(
            out.snapshot, initial=first_entry(out.snapshot, out.printed, today)
        )
    if send or out.pdf is not None:
        typed = correcting(out.snapshot, as_key(request.GET.get("again", "")))
        book = recipient_book(out.snapshot, today)
        forms["send"] = send or SendForm(book=book, initial={"typed": typed})
    return forms


def entry_form(snapshot: Snapshot, *args: object, **kwargs: object) -> RegisterForm:
    """The register's form for what this snapshot prints and leaves open."""
    printed, foot = Printed.of(snapshot.data), snapshot.data["content"]["footer"]
    return RegisterForm(*args, printed=printed, foot=foot, **kwargs)


def page_url(report: Report, snapshot: Snapshot) -> str:
    """The page, with the snapshot named where it is not the latest one."""
    url = reverse("reports:sending", args=[report.pk])
    latest = max((one.number for one in report.snapshots.all()), default=snapshot.number)
    return url if snapshot.number >= latest else f"{url}?snapshot={snapshot.number}"


def chosen(report: Report, number: int | None) -> Snapshot | None:
    if number is not None:
        return snapshot_or_404(report, number)
    return next(iter(report.snapshots.all()), None)


def writable(request: HttpRequest, pk: int, number: int) -> tuple[Report, Snapshot]:
    report = get_report_or_404(request.user, pk, Permission.PREPARE_REPORT)
    return report, snapshot_or_404(report, number)


def snapshot_or_404(report: Report, number: int) -> Snapshot:
    found = next((one for one in report.snapshots.all() if one.number == number), None)
    if found is None:
        raise Http404
    return found


def issued_or_404(snapshot: Snapshot) -> IssuedDocument:
    issued = issued_of(snapshot)
    if issued is None:
        raise Http404
    issued.snapshot = snapshot
    return issued


def to_page(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """An answer to a form stands under the form's address: loading that again shows the page."""
    report = get_report_or_404(request.user, pk)
    return redirect(page_url(report, snapshot_or_404(report, number)))
