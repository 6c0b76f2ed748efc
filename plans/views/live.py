"""What an open plan page asks to learn whether its figures changed."""

from __future__ import annotations

from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from plans.presenters.stamp import stamp_of
from plans.views.access import choices_for, get_plan_or_404


@require_safe
@never_cache
def stamp(request: HttpRequest, slug: str) -> JsonResponse:
    """`{"computed": when the months shown were computed last, "stamp": the figures' short text}`."""
    choices = choices_for(request.user, get_plan_or_404(request.user, slug), request.GET)
    computed = timezone.localtime(choices.computed_at).isoformat() if choices.computed_at else ""
    return JsonResponse({"computed": computed, "stamp": stamp_of(choices)})
