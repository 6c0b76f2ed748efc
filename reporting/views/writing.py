"""What a planner does to a report: typing its parts, freezing it, taking it away.

The parts and the freezing are one form, so that nothing typed is left out of what is frozen.
"""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from facilities.permissions import Permission
from reporting.actions.files import request_files
from reporting.actions.reports import NarrativeConflict, ReportError, delete_report, freeze, write_narrative
from reporting.forms import FreezeForm, NarrativeForm
from reporting.models import Report
from reporting.renderers import OFFERED
from reporting.views.access import get_report_or_404
from reporting.views.page import report_page


@require_http_methods(["GET", "POST"])
def save_narrative(request: HttpRequest, pk: int) -> HttpResponse:
    """Keep the typed parts."""
    if request.method == "GET":
        return _to_report(request, pk)
    report = get_report_or_404(request.user, pk, Permission.PREPARE_REPORT)
    form = NarrativeForm(request.POST, initial=report.narrative)
    if not _keep(request, report, form):
        freezing = FreezeForm(initial={"reason": request.POST.get("reason", "")})
        return report_page(request, report, form, freezing)
    messages.success(request, _("Đã lưu phần nhận định. Chốt số liệu để đưa vào tệp báo cáo."))
    return redirect(report)


@require_http_methods(["GET", "POST"])
def freeze_report(request: HttpRequest, pk: int) -> HttpResponse:
    """Keep the typed parts, freeze a snapshot and queue its files."""
    if request.method == "GET":
        return _to_report(request, pk)
    report = get_report_or_404(request.user, pk, Permission.PREPARE_REPORT)
    narrative, form = NarrativeForm(request.POST, initial=report.narrative), FreezeForm(request.POST)
    if not _keep(request, report, narrative) or not form.is_valid():
        return report_page(request, report, narrative, form)
    before = report.snapshots.count()
    try:
        snapshot = freeze(report=report, by=request.user, reason=form.cleaned_data["reason"])
    except ReportError as error:
        form.add_error("reason", str(error))
        return report_page(request, report, narrative, form)
    request_files(snapshot=snapshot, formats=list(OFFERED), by=request.user)
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


def _keep(request: HttpRequest, report: Report, form: NarrativeForm) -> bool:
    """Write the parts that changed; whether all of them could be. The form then goes on from what is kept."""
    if not form.is_valid():
        return False
    others: dict[str, str] = {}
    try:
        write_narrative(report=report, parts=form.parts, by=request.user, shown=form.shown)
    except NarrativeConflict as conflict:
        others = conflict.others
    form.settle(report.narrative, others)
    return not others


def _to_report(request: HttpRequest, pk: int) -> HttpResponse:
    """An answer to a form stands under the form's address: loading that again shows the report."""
    return redirect(get_report_or_404(request.user, pk))
