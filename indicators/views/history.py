"""Every change of a submission's cells: who, when, from what to what, why."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from facilities.permissions import Permission
from indicators.models import DataValueChange
from indicators.presenters.events import steps_of
from indicators.presenters.history import history_rows
from indicators.presenters.periods import period_words
from indicators.views.access import get_facility_or_404, get_place_or_404

PAGE_SIZE = 100


@require_safe
def history(request: HttpRequest, facility: str, form: str, period: str) -> HttpResponse:
    """All changes, the newest first; `?cell=B4.7` or `?cell=B4.7[DTTS]` narrows to one cell."""
    owner = get_facility_or_404(request.user, facility, Permission.VIEW_SUBMISSION)
    place = get_place_or_404(owner, form, period)
    changes = DataValueChange.objects.filter(submission=place.submission).select_related(
        "element", "group", "by"
    )
    cell = request.GET.get("cell", "")
    if cell:
        element, _bracket, group = cell.rstrip("]").partition("[")
        changes = changes.filter(element__code=element, group__code=group)
    page = Paginator(changes.order_by("-at", "-id"), PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "place": place,
        "period": period_words(place.period, yearly=place.form.is_yearly),
        "page": page,
        "rows": history_rows(list(page.object_list)),
        "cell": cell,
        "steps": [] if cell else steps_of(place.submission),
    }
    return render(request, "submissions/history.html", context)
