"""The plans a person may see, and the scorecard of one."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from facilities.permissions import Permission, grants_anywhere
from facilities.table_responses import DOWNLOADS, WRITERS, sheet_response
from plans.presenters.listing import present_list
from plans.presenters.scorecard import present
from plans.presenters.scorecard_sheet import scorecard_sheet
from plans.presenters.words import verdict
from plans.standing import assess_lines
from plans.standing.telling import Telling
from plans.views.access import choices_for, get_shared_plan_or_404, own_places, visible_plans

PLANS_A_PAGE = 10


@require_safe
def plan_list(request: HttpRequest) -> HttpResponse:
    """A page of plans: each tally costs the fixed queries of one scorecard, so a page holds few."""
    page = Paginator(visible_plans(request.user), PLANS_A_PAGE).get_page(request.GET.get("page"))
    may = grants_anywhere(request.user, [Permission.EDIT_PLAN])
    context = {
        "entries": present_list(page),
        "page": page,
        "can_create": Permission.EDIT_PLAN in may,
        "own": own_places(request.user),
    }
    return render(request, "plans/plan_list.html", context)


@require_safe
def scorecard(request: HttpRequest, slug: str) -> HttpResponse:
    try:
        plan = get_shared_plan_or_404(request.user, slug)
    except Http404:
        own = own_places(request.user, slug)
        if not own:
            raise
        return redirect(
            f"{reverse('plans:place', args=[slug, own[0][1].key])}?{request.GET.urlencode()}".rstrip("?")
        )
    if not plan.can_read:
        return redirect("plans:tasks", slug)
    choices = choices_for(request.user, plan, request.GET)
    standings = assess_lines(plan, choices.year, choices.as_of, choices.area)
    file_format = request.GET.get("format", "")
    if file_format in WRITERS or not plan.can_see_submissions:
        standings = Telling(choices.area).told(standings)
    card = present(standings, choices.status)
    if file_format in WRITERS:
        return sheet_response(scorecard_sheet(card, choices), file_format)
    context = {
        "plan": plan,
        "choices": choices,
        "card": card,
        "can_report": plan.can_report,
        "only": verdict(choices.status) if choices.status else None,
        "downloads": DOWNLOADS,
        "tab": "scorecard",
    }
    return render(request, "plans/scorecard.html", context)
