"""Pages of reports that begin or read one: the list, preparing, the report's page, its files."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from reporting.actions.files import download_name, request_files
from reporting.actions.reports import ReportError, open_report
from reporting.forms import PrepareForm
from reporting.models import Report, ReportFile, Snapshot
from reporting.presenters.beginning import first_choice
from reporting.presenters.reports import entries
from reporting.renderers import OFFERED
from reporting.views.access import get_report_or_404, preparable_plans, visible_reports
from reporting.views.page import report_page

REPORTS_A_PAGE = 30
MEDIA_TYPES = {
    "pdf": "application/pdf",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}


@require_GET
def report_list(request: HttpRequest) -> HttpResponse:
    """Reports the person may see, newest year first."""
    page = Paginator(visible_reports(request.user), REPORTS_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "entries": entries(page.object_list),
        "can_prepare": preparable_plans(request.user).exists(),
    }
    return render(request, "reporting/report_list.html", context)


@require_http_methods(["GET", "POST"])
def prepare(request: HttpRequest) -> HttpResponse:
    """Choose plan, year and period; go on to the report's own page."""
    plans, today = preparable_plans(request.user), timezone.localdate()
    if not plans.exists():
        raise Http404
    initial = first_choice(plans, request.GET.get("plan", ""), request.GET.get("year", ""), today)
    form = PrepareForm(request.POST or None, plans=plans, today=today, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            report = open_report(
                plan=form.cleaned_data["plan"], period=form.cleaned_data["period"], by=request.user
            )
        except ReportError as error:
            form.add_error("year", str(error))
        else:
            return redirect(report)
    return render(request, "reporting/report_form.html", {"form": form})


@require_GET
def report_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """Snapshots, files and, for a planner, what is still to be typed and frozen."""
    return report_page(request, get_report_or_404(request.user, pk))


@require_http_methods(["GET", "POST"])
def request_report_files(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """Queue the files of a snapshot that are missing or failed. Whoever may read the report may ask."""
    report = get_report_or_404(request.user, pk)
    snapshot = _snapshot_or_404(report, number)
    if request.method == "POST":
        files = request_files(snapshot=snapshot, formats=list(OFFERED), by=request.user)
        if any(file.status == ReportFile.Status.QUEUED for file in files):
            messages.info(request, _("Chưa có tệp, đã yêu cầu dựng."))
    return redirect(report)


@require_GET
def report_file(request: HttpRequest, pk: int, format: str, number: int | None = None) -> FileResponse:
    """A finished file of the latest snapshot, or of the snapshot `number`."""
    report = get_report_or_404(request.user, pk)
    snapshot = _snapshot_or_404(report, number)
    done = (file for file in snapshot.files.all() if file.format == format)
    file = next((file for file in done if file.status == ReportFile.Status.DONE), None)
    if file is None or not file.file.storage.exists(file.file.name):
        raise Http404
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
