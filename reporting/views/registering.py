"""The register of a report's document: entering it, having it print its number, the file that was issued."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from reporting.actions.files import request_files
from reporting.actions.official_files import FileChanged, file_name, issued_pdf
from reporting.actions.register import (
    DateAhead,
    NumberTaken,
    SignerMissing,
    print_number,
    register,
    take_signed_file,
)
from reporting.actions.reports import ReportError
from reporting.renderers import offered
from reporting.views.access import get_report_or_404
from reporting.views.sending_page import (
    entry_form,
    issued_or_404,
    page_url,
    sending_page,
    snapshot_or_404,
    to_page,
    writable,
)

# The field in which a refusal is mended; any other is for reading only.
TO_MEND = {NumberTaken: "number", DateAhead: "on", SignerMissing: "signer"}


@require_http_methods(["GET", "POST"])
def register_document(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """Enter the snapshot's PDF in the register."""
    if request.method == "GET":
        return to_page(request, pk, number)
    report, snapshot = writable(request, pk, number)
    form = entry_form(snapshot, request.POST)
    if not form.is_valid():
        return sending_page(request, report, snapshot, entry=form)
    given = {key: value for key, value in form.cleaned_data.items() if key != "sure"}
    try:
        issued = register(snapshot=snapshot, by=request.user, **given)
    except ReportError as error:
        if field := TO_MEND.get(type(error)):
            form.add_error(field, str(error))
            return sending_page(request, report, snapshot, entry=form)
        messages.error(request, str(error))
    else:
        messages.success(request, _("Đã vào sổ: số %(number)s.") % {"number": issued.number_text})
    return redirect(page_url(report, snapshot))


@require_http_methods(["GET", "POST"])
def take_signed(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """Make the PDF that was signed after registering the one that is issued."""
    if request.method == "GET":
        return to_page(request, pk, number)
    report, snapshot = writable(request, pk, number)
    try:
        take_signed_file(issued=issued_or_404(snapshot), by=request.user)
    except ReportError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("Tệp phát hành nay là bản PDF có chữ ký mới nhất."))
    return redirect(page_url(report, snapshot))


@require_http_methods(["GET", "POST"])
def print_document_number(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """Write number and date into the document, freeze it again and queue its files: the new PDF prints them."""
    if request.method == "GET":
        return to_page(request, pk, number)
    report, snapshot = writable(request, pk, number)
    form = entry_form(snapshot, request.POST, is_printing=True)
    if not form.is_valid():
        return sending_page(request, report, snapshot, entry=form)
    given = {key: form.cleaned_data[key] for key in ("number", "symbol", "on")}
    try:
        frozen = print_number(report=report, by=request.user, **given)
    except ReportError as error:
        form.add_error(TO_MEND.get(type(error)), str(error))
        return sending_page(request, report, snapshot, entry=form)
    request_files(snapshot=frozen, formats=list(offered(report.kind)), by=request.user)
    words = _("Bản chốt lần %(number)s in số và ngày này. Tệp dựng xong, ký xong thì vào sổ.")
    messages.success(request, words % {"number": frozen.number})
    return redirect("reports:sending", report.pk)


@require_safe
def issued_file(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """The PDF that was registered, proved by its hash."""
    report = get_report_or_404(request.user, pk)
    snapshot = snapshot_or_404(report, number)
    issued = issued_or_404(snapshot)
    part = issued_pdf(snapshot, issued)
    try:
        content = part.read() if part else None
    except FileChanged as error:
        messages.error(request, str(error))
        content = None
    if content is None:
        return redirect(page_url(report, snapshot))
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="{file_name(part, issued)}"'
    return response
