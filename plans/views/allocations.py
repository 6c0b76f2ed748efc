"""Reading what the places were given: the version in force and every one before it."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from facilities.table_responses import DOWNLOADS, WRITERS, sheet_response
from facilities.text import as_key
from plans.models import Plan
from plans.presenters.versions import present_versions, version_sheet
from plans.standing.allocated import versions_of
from plans.standing.sharing import NotShareable, shared_target
from plans.views.access import get_line_or_404, get_plan_or_404


@require_safe
def allocation(request: HttpRequest, slug: str, key: str) -> HttpResponse:
    """`year` (else today's within the plan) and `version` (else the last); `format` sends the table."""
    plan = get_plan_or_404(request.user, slug)
    line = get_line_or_404(plan, key)
    year = _year(plan, request.GET.get("year", ""))
    versions = versions_of(line, year)
    wanted = request.GET.get("version", "")
    shown = next((one for one in versions if not wanted or one.number == as_key(wanted)), None)
    if wanted and shown is None:
        raise Http404
    page = present_versions(line, versions, shown) if shown else None
    if page and request.GET.get("format") in WRITERS:
        return sheet_response(version_sheet(page, line), request.GET["format"])
    try:
        shared_target(line, year)
        refusal = ""
    except NotShareable as error:
        refusal = str(error)
    context = {
        "plan": plan,
        "line": line,
        "year": year,
        "years": plan.years,
        "page": page,
        "refusal": refusal,
        "downloads": DOWNLOADS,
    }
    return render(request, "plans/allocation_detail.html", context)


def _year(plan: Plan, text: str) -> int:
    if not text:
        return min(max(timezone.localdate().year, plan.start_year), plan.end_year)
    year = as_key(text)
    if year is None or year not in plan.years:
        raise Http404
    return year
