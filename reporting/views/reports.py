"""Pages that read reports: the list, the report's page, its files."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from facilities.permissions import Permission, facilities_for, has_permission
from reporting.actions.files import download_name, request_files
from reporting.mail import MEDIA_TYPES
from reporting.models import Report, ReportFile, Snapshot
from reporting.presenters.corrections import Corrections, corrections_of
from reporting.presenters.duties import answered_by
from reporting.presenters.report_list import filtered
from reporting.presenters.reports import entries, entry, preview
from reporting.presenters.tabs import tabs
from reporting.renderers import offered
from reporting.views.access import file_is_lost, get_report_or_404, preparable_plans, visible_reports

REPORTS_A_PAGE = 30
CORRECTIONS_SHOWN = 5


@require_GET
def report_list(request: HttpRequest) -> HttpResponse:
    """Reports the person may see, newest year first; `?kind=`, `?year=` and `?subject=` keep to some of them."""
    reports, filters = filtered(visible_reports(request.user), request.GET)
    page = Paginator(reports, REPORTS_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "filters": filters,
        "entries": entries(page.object_list),
        "can_prepare": preparable_plans(request.user).exists(),
    }
    return render(request, "reporting/report_list.html", context)


@require_GET
def report_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """Snapshots and their files, and what the last one says."""
    report = get_report_or_404(request.user, pk)
    shown = entry(report)
    latest = shown.latest
    context = {
        "entry": shown,
        "tabs": tabs(report, "reports:detail"),
        "report": report,
        "answers": answered_by(report),
        "preview": preview(latest.snapshot, report.plan) if latest else [],
        "is_waiting": any(one.is_waiting for one in shown.snapshots),
        "is_slow": any(one.queued for one in shown.snapshots),
        "corrections": _corrections(request, report, latest.snapshot) if latest else None,
    }
    return render(request, "reporting/report_detail.html", context)


def _corrections(request: HttpRequest, report: Report, latest: Snapshot) -> Corrections | None:
    """The cells corrected since the last snapshot, for those who may open the stations' reports."""
    if not has_permission(request.user, Permission.VIEW_SUBMISSION, report.area):
        return None
    return corrections_of(
        report,
        latest.data["content"],
        latest.at,
        readable=facilities_for(request.user, Permission.VIEW_SUBMISSION),
        limit=CORRECTIONS_SHOWN,
        decided=True,
    )


@require_http_methods(["GET", "POST"])
def request_report_files(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """Queue the files of a snapshot that are missing or failed. Whoever may read the report may ask."""
    report = get_report_or_404(request.user, pk)
    snapshot = _snapshot_or_404(report, number)
    if request.method == "POST":
        files = request_files(snapshot=snapshot, formats=list(offered(report.kind)), by=request.user)
        if any(file.status == ReportFile.Status.QUEUED for file in files):
            messages.info(request, _("Chưa có tệp, đã yêu cầu dựng."))
    return redirect(report)


@require_GET
def report_file(request: HttpRequest, pk: int, format: str, number: int | None = None) -> HttpResponseBase:
    """A finished file of the latest snapshot, or of the snapshot `number`; where it is lost, the report says so."""
    report = get_report_or_404(request.user, pk)
    snapshot = _snapshot_or_404(report, number)
    done = (file for file in snapshot.files.all() if file.format == format)
    file = next((file for file in done if file.status == ReportFile.Status.DONE), None)
    if file is None:
        raise Http404
    if not file.file.storage.exists(file.file.name):
        return file_is_lost(request, report)
    file.snapshot = snapshot
    return FileResponse(
        file.file.open("rb"),
        as_attachment=True,
        filename=download_name(file),
        content_type=MEDIA_TYPES[format],
    )


def _snapshot_or_404(report: Report, number: int | None) -> Snapshot:
    for snapshot in report.snapshots.all():
        if number is None or snapshot.number == number:
            return snapshot
    raise Http404
