"""Pages of reports: the list, beginning one, its narrative, freezing it, its files."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from facilities.permissions import Permission
from reporting.actions.files import download_name, request_files
from reporting.actions.reports import ReportError, freeze, open_report, write_narrative
from reporting.forms import FreezeForm, NarrativeForm, PrepareForm
from reporting.models import Report, ReportFile, Snapshot
from reporting.presenters.reports import entries, entry, preview
from reporting.renderers import OFFERED
from reporting.views.access import get_report_or_404, preparable_plans, visible_reports

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
    plans = preparable_plans(request.user)
    if not plans.exists():
        raise Http404
    initial = {"year": request.GET.get("year", timezone.localdate().year), "plan": request.GET.get("plan")}
    form = PrepareForm(request.POST or None, plans=plans, initial=initial)
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
    return _detail(request, get_report_or_404(request.user, pk))


def _detail(
    request: HttpRequest,
    report: Report,
    narrative: NarrativeForm | None = None,
    freezing: FreezeForm | None = None,
) -> HttpResponse:
    shown = entry(report)
    latest = shown.latest
    context = {
        "entry": shown,
        "report": report,
        "preview": preview(latest.snapshot) if latest else [],
        "narrative": narrative or NarrativeForm(initial=report.narrative),
        "freezing": freezing or FreezeForm(),
        # A page that holds what somebody typed must not reload itself.
        "is_waiting": request.method == "GET" and any(one.is_waiting for one in shown.snapshots),
        "is_slow": any(one.queued for one in shown.snapshots),
    }
    return render(request, "reporting/report_detail.html", context)


@require_POST
def save_narrative(request: HttpRequest, pk: int) -> HttpResponse:
    """Keep the typed parts."""
    report = get_report_or_404(request.user, pk, Permission.PREPARE_REPORT)
    form = NarrativeForm(request.POST, initial=report.narrative)
    if not form.is_valid():
        return _detail(request, report, narrative=form)
    try:
        write_narrative(report=report, parts=form.cleaned_data, by=request.user)
    except ReportError as error:
        form.add_error(None, str(error))
        return _detail(request, report, narrative=form)
    messages.success(request, _("Đã lưu phần nhận định. Chốt số liệu để đưa vào tệp báo cáo."))
    return redirect(report)


@require_POST
def freeze_report(request: HttpRequest, pk: int) -> HttpResponse:
    """Freeze a snapshot and queue its files."""
    report = get_report_or_404(request.user, pk, Permission.PREPARE_REPORT)
    form = FreezeForm(request.POST)
    if not form.is_valid():
        return _detail(request, report, freezing=form)
    before = report.snapshots.count()
    try:
        snapshot = freeze(report=report, by=request.user, reason=form.cleaned_data["reason"])
    except ReportError as error:
        form.add_error("reason", str(error))
        return _detail(request, report, freezing=form)
    request_files(snapshot=snapshot, formats=list(OFFERED), by=request.user)
    if snapshot.number > before:
        messages.success(request, _("Đã chốt số liệu lần %(number)s.") % {"number": snapshot.number})
    else:
        messages.info(
            request, _("Nội dung không đổi so với lần chốt %(number)s.") % {"number": snapshot.number}
        )
    return redirect(report)


@require_POST
def request_report_files(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """Queue the files of a snapshot that are missing or failed."""
    report = get_report_or_404(request.user, pk, Permission.PREPARE_REPORT)
    request_files(snapshot=_snapshot_or_404(report, number), formats=list(OFFERED), by=request.user)
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
