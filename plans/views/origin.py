"""Where a number comes from: its places, and down to the cells with who typed and approved them."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.views.decorators.http import require_safe

from facilities.permissions import Permission
from plans.models import Plan, PlanIndicator
from plans.presenters.choices import Choices, boundary_words
from plans.presenters.origin import Asked, InvalidQuestion, PartNotFound, number_words, present_origin
from plans.standing.sources import read_lines
from plans.views.access import choices_for, get_commune_or_404, get_plan_or_404

KEPT = ("place", "of", "month")


@require_safe
def origin(request: HttpRequest, slug: str, key: str) -> HttpResponse:
    """`?place=` asks for the number of a commune, `?part=` for what one contributes to the number shown."""
    plan = get_plan_or_404(request.user, slug, Permission.VIEW_SUBMISSION)
    choices = choices_for(request.user, plan, request.GET)
    if not plan.can_see_submissions:
        raise Http404
    line = _line_or_404(plan, key)
    context = {"plan": plan, "choices": choices, "line": line, "query": _query(choices, request.GET)}
    if choices.as_of is None:
        return render(request, "plans/line_origin.html", context)
    key_of_place = request.GET.get("place", "")
    place = get_commune_or_404(choices, key_of_place) if key_of_place else None
    try:
        asked = Asked.read(
            line,
            choices.area,
            choices.as_of,
            of=request.GET.get("of", ""),
            month=request.GET.get("month", ""),
            place=place,
        )
        page = present_origin(asked, request.GET.get("part", ""))
    except (InvalidQuestion, PartNotFound) as error:
        raise Http404 from error
    context |= {"page": page, "which": number_words(asked), "place_name": boundary_words(asked.area)}
    return render(request, "plans/line_origin.html", context)


def _line_or_404(plan: Plan, key: str) -> PlanIndicator:
    line = next((line for line in read_lines(plan) if line.key == key), None)
    if line is None:
        raise Http404
    line.plan = plan
    return line


def _query(choices: Choices, asked: QueryDict) -> str:
    """What keeps the number asked for, for links to its parts."""
    query = QueryDict(choices.all_lines_query, mutable=True)
    for name in KEPT:
        if asked.get(name):
            query[name] = asked[name]
    return query.urlencode()
