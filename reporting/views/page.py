"""The page of one report, as read and as given back with what somebody typed."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from reporting.forms import FreezeForm, NarrativeForm
from reporting.models import Report
from reporting.presenters.reports import entry, preview
from reporting.presenters.tabs import tabs

Problem = tuple[str, str]


def report_page(
    request: HttpRequest,
    report: Report,
    narrative: NarrativeForm | None = None,
    freezing: FreezeForm | None = None,
) -> HttpResponse:
    """The report with its snapshots and forms. Forms given back hold what was typed and what is wrong."""
    shown = entry(report)
    latest = shown.latest
    narrative = narrative or NarrativeForm(initial=report.narrative)
    freezing = freezing or FreezeForm()
    context = {
        "entry": shown,
        "tabs": tabs(report, "reports:detail"),
        "report": report,
        "preview": preview(latest.snapshot, report.plan) if latest else [],
        "narrative": narrative,
        "freezing": freezing,
        "problems": [*_problems(narrative), *_problems(freezing)],
        # A page that holds what somebody typed must not reload itself.
        "is_waiting": request.method == "GET" and any(one.is_waiting for one in shown.snapshots),
        "is_slow": any(one.queued for one in shown.snapshots),
    }
    return render(request, "reporting/report_detail.html", context)


def _problems(form: NarrativeForm | FreezeForm) -> list[Problem]:
    """What is wrong, with the address on the page of the field to mend ("" where it is no field's)."""
    named = [(bound.id_for_label, f"{bound.label}: {text}") for bound in form for text in bound.errors]
    return [*(("", str(text)) for text in form.non_field_errors()), *named]
