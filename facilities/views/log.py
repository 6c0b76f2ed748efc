"""The log: who did what, when, to what and where. Read only; nothing of it can be changed or removed."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from facilities.log_asked import Asked, read_asked
from facilities.log_reading import page_of, readable_events
from facilities.permissions import Permission, grants_anywhere
from facilities.presenters.log_choices import deed_choices, kind_choices
from facilities.presenters.log_rows import by_day, log_rows
from facilities.presenters.log_sheet import MOST_ROWS, log_sheet
from facilities.table_responses import DOWNLOADS, WRITERS, sheet_response

PAGE_SIZE = 50


@require_safe
def event_list(request: HttpRequest) -> HttpResponse:
    """Events of the areas whose log the person reads, the newest first; `format` takes all that were asked for."""
    if not grants_anywhere(request.user, [Permission.VIEW_LOG]):
        raise Http404
    asked = read_asked(request.GET)
    file_format = request.GET.get("format", "")
    if file_format and file_format not in WRITERS:
        raise Http404
    if file_format and not asked.problems:
        return _file(request, asked, file_format)
    return _page(request, asked, status=422 if file_format else 200)


def _page(request: HttpRequest, asked: Asked, status: int) -> HttpResponse:
    events = asked.query.of(readable_events(request.user))
    page = page_of(events, PAGE_SIZE, before=asked.before, after=asked.after)
    context = {
        "page": page,
        "days": by_day(log_rows(request.user, page.events)),
        "asked": asked,
        "kinds": kind_choices(),
        "deeds": deed_choices(),
        "formats": DOWNLOADS,
    }
    return render(request, "log/event_list.html", context, status=status)


def _file(request: HttpRequest, asked: Asked, file_format: str) -> HttpResponse:
    """All that was asked for, the newest first, without regard to the page."""
    page = page_of(asked.query.of(readable_events(request.user)), MOST_ROWS)
    rows = log_rows(request.user, page.events, leaves=True)
    return sheet_response(log_sheet(rows, asked.query, is_cut=page.older is not None), file_format)
