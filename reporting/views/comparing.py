"""What differs between two snapshots of a report, or between one and today."""

from __future__ import annotations

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from facilities.models import Facility
from facilities.permissions import Permission, Person, facilities_for, has_permission
from facilities.table_responses import DOWNLOADS, WRITERS, sheet_response
from reporting.models import Report
from reporting.presenters.comparing import NOW, compare, comparison_sheet, sides
from reporting.presenters.reports import entry
from reporting.presenters.tabs import tabs
from reporting.views.access import get_report_or_404


@require_safe
def compare_snapshots(request: HttpRequest, pk: int) -> HttpResponse:
    """`from` a number, `to` a number or `now`; `format` sends all differences as a file.

    Nothing asked for: the last two snapshots. The figures of today cost as much as freezing, so they are only
    reckoned where somebody asks for them.
    """
    report = get_report_or_404(request.user, pk)
    snapshots = list(report.snapshots.all())
    context = {
        "report": report,
        "entry": entry(report),
        "tabs": tabs(report, "reports:compare"),
        "snapshots": snapshots,
        "now": NOW,
        "downloads": DOWNLOADS,
    }
    if len(snapshots) > 1 or (snapshots and request.GET):
        chosen = sides(snapshots, request.GET.get("from", ""), request.GET.get("to", ""))
        if chosen is None:
            raise Http404
        file_format = request.GET.get("format", "")
        page = compare(
            report,
            *chosen,
            today=timezone.localdate(),
            readable=_readable(request.user, report),
            in_file=file_format in WRITERS,
        )
        if file_format in WRITERS:
            return sheet_response(comparison_sheet(page, report), file_format)
        context["page"] = page
    return render(request, "reporting/report_compare.html", context)


def _readable(user: Person, report: Report) -> QuerySet[Facility] | None:
    """The stations whose corrected cells the person may see; None for who may open none of the report's area."""
    if not has_permission(user, Permission.VIEW_SUBMISSION, report.area):
        return None
    return facilities_for(user, Permission.VIEW_SUBMISSION)
