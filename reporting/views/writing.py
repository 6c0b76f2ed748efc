"""What a planner does to a report: typing its parts, freezing it, taking it away.

The parts and the freezing are one form, so that nothing typed is left out of what is frozen.
"""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from facilities.permissions import Permission
from reporting.actions.files import request_files
from reporting.actions.reports import ReportError, delete_report, freeze
from reporting.forms import FreezeForm
from reporting.models import Report
from reporting.presenters.carried import document_draft, narrative_draft
from reporting.renderers import offered
from reporting.views.access import get_report_or_404
from reporting.views.preparing_page import Given, kept, preparing_page

AUTHORITY = ("document-authority", "document-authority_of")


@require_http_methods(["GET", "POST"])
def save_narrative(request: HttpRequest, pk: int) -> HttpResponse:
    """Keep everything typed; `keep` takes over what an earlier report says in a part still empty."""
    if request.method == "GET":
        return _to_preparing(request, pk)
    report = get_report_or_404(request.user, pk, Permission.PREPARE_REPORT)
    data = with_drafts(report, request.POST)
    if problem := kept(request, report, data):
        return problem
    messages.success(request, _("Đã lưu. Chốt số liệu để đưa vào tệp báo cáo."))
    return redirect("reports:preparing", pk)


@require_http_methods(["GET", "POST"])
def freeze_report(request: HttpRequest, pk: int) -> HttpResponse:
    """Keep everything typed, freeze a snapshot and queue its files."""
    if request.method == "GET":
        return _to_preparing(request, pk)
    report = get_report_or_404(request.user, pk, Permission.PREPARE_REPORT)
    form = FreezeForm(request.POST)
    if problem := kept(request, report, request.POST, form):
        return problem
    if not form.is_valid():
        return preparing_page(request, report, Given(request.POST, freezing=form))
    before = report.snapshots.count()
    try:
        snapshot = freeze(report=report, by=request.user, reason=form.cleaned_data["reason"])
    except ReportError as error:
        form.add_error("reason", str(error))
        return preparing_page(request, report, Given(request.POST, freezing=form))
    request_files(snapshot=snapshot, formats=list(offered(report.kind)), by=request.user)
    said = {"number": snapshot.number}
    if snapshot.number > before:
        messages.success(request, _("Đã chốt số liệu lần %(number)s.") % said)
    else:
        messages.info(request, _("Nội dung không đổi so với lần chốt %(number)s.") % said)
    return redirect(report)


@require_http_methods(["GET", "POST"])
def remove_report(request: HttpRequest, pk: int) -> HttpResponse:
    """Take away a report that has no snapshot."""
    if request.method == "GET":
        return _to_report(request, pk)
    report = get_report_or_404(request.user, pk, Permission.PREPARE_REPORT)
    try:
        delete_report(report=report, by=request.user)
    except ReportError as error:
        messages.error(request, str(error))
        return redirect(report)
    messages.success(request, _("Đã xoá báo cáo chưa chốt."))
    return redirect("reports:list")


def with_drafts(report: Report, data: QueryDict) -> QueryDict:
    """What was sent, with the texts of earlier reports in the fields the person chose and left empty.

    `keep` names one field, or with `narrative` or `document` all of them.
    """
    chosen = data.get("keep", "")
    if not chosen:
        return data
    filled, head = data.copy(), document_draft(report, timezone.localdate()).texts
    drafts = {
        "narrative": dict(narrative_draft(report).texts),
        "document": {f"document-{key}": text for key, text in head.items()},
    }
    for field, texts in drafts.items():
        for name, text in texts.items():
            if _is_chosen(name, chosen, field) and not filled.get(name, "").strip():
                filled[name] = text
    return filled


def _is_chosen(name: str, chosen: str, field: str) -> bool:
    """An authority means nothing without whom it stands for, so the two are taken over together."""
    return chosen in (field, name) or (chosen in AUTHORITY and name in AUTHORITY)


def _to_report(request: HttpRequest, pk: int) -> HttpResponse:
    """An answer to a form stands under the form's address: loading that again shows the report."""
    return redirect(get_report_or_404(request.user, pk))


def _to_preparing(request: HttpRequest, pk: int) -> HttpResponse:
    return redirect("reports:preparing", get_report_or_404(request.user, pk).pk)
