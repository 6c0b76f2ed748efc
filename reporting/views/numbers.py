"""The numbers of a snapshot: where each comes from, and what has changed since it was frozen."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from reporting.models import Report, Snapshot
from reporting.presenters.numbers import commune_columns, commune_rows, number_rows
from reporting.presenters.reports import entry
from reporting.views.access import get_report_or_404


@require_safe
def snapshot_numbers(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """The frozen lines, or with `?line=` one line of the annex of communes."""
    report = get_report_or_404(request.user, pk)
    snapshot = Snapshot.objects.filter(report=report, number=number).select_related("by").first()
    if snapshot is None or report.kind != Report.Kind.PLAN:
        raise Http404
    snapshot.report = report
    columns = commune_columns(snapshot)
    key = request.GET.get("line", "")
    column = next((one for one in columns if one.key == key), None)
    if key and column is None:
        raise Http404
    context = {
        "report": report,
        "entry": entry(report),
        "snapshot": snapshot,
        "columns": columns,
        "column": column,
        "rows": commune_rows(snapshot, key) if column else number_rows(snapshot),
        "heads": snapshot.data["content"]["tables"]["lines"]["columns"],
    }
    context["changed"] = sum(row.has_changed for row in context["rows"])
    return render(request, "reporting/snapshot_numbers.html", context)
