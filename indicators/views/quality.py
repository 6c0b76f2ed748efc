"""Completeness and timeliness of what facilities report."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from facilities.periods import InvalidPeriod, format_period, parse_period
from facilities.permissions import Permission, facilities_for, grants_anywhere
from indicators.presenters.deadlines import first_asked, owed_for
from indicators.presenters.periods import period_options, period_words
from indicators.presenters.quality import present_quality

PAGE_SIZE = 50


@require_safe
def quality(request: HttpRequest) -> HttpResponse:
    """One period of the facilities below a reader of plans; a station's own standing is its due list."""
    if not grants_anywhere(request.user, [Permission.VIEW_PLAN]):
        raise Http404
    options = period_options(first_asked(timezone.localdate()), timezone.localdate())
    text = request.GET.get("period") or options[0].value
    yearly = len(text) == len("2026")
    try:
        period = parse_period(text, yearly=yearly)
    except InvalidPeriod as error:
        raise Http404 from error
    owed = owed_for(facilities_for(request.user, Permission.VIEW_SUBMISSION), period, yearly=yearly)
    found = present_quality(owed, period)
    context = {
        "quality": found,
        "page": Paginator(found.facilities, PAGE_SIZE).get_page(request.GET.get("page")),
        "periods": options,
        "period": text,
        "period_text": format_period(period, yearly=yearly),
        "period_words": period_words(period, yearly=yearly),
    }
    return render(request, "quality/quality_list.html", context)
