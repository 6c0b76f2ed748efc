"""What one district or commune is held to in a plan of a wider area: read by whoever has a role there."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from plans.presenters.choices import boundary_words, read_choices
from plans.presenters.place_targets import place_targets_of
from plans.views.access import get_place_or_404


@require_safe
def place_targets(request: HttpRequest, slug: str, area: str) -> HttpResponse:
    """`year` and `as_of` as on the scorecard. Nothing of other places is on it, and nothing can be changed."""
    plan, place = get_place_or_404(request.user, slug, area)
    choices = read_choices(plan, request.GET)
    rows = place_targets_of(place, choices)
    context = {
        "plan": plan,
        "place": place,
        "place_name": boundary_words(place),
        "choices": choices,
        "rows": rows,
        "has_given": any(row.goal.is_allocated for row in rows),
    }
    return render(request, "plans/place_targets.html", context)
