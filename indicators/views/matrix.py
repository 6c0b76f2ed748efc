"""The matrix of stations, forms and months: filtered, counted, downloaded."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from facilities.models import Area, Facility
from facilities.permissions import Permission, facilities_for, grants_anywhere
from facilities.text import alphabetical, as_key, fold
from indicators.deadlines import first_asked
from indicators.presenters.matrix import (
    MARKS,
    NOT_COUNTED,
    ON_DEMAND,
    SIGNS,
    STATES,
    Matrix,
    MatrixQuery,
    columns_of,
    matrix_of,
    years_of,
)
from indicators.presenters.matrix_cells import Read, read_cells, stations_of
from indicators.presenters.matrix_warnings import with_warnings
from indicators.presenters.periods import period_words
from indicators.views.matrix_files import facts_of, matrix_file
from indicators.views.periods import period_or_404

MOST_STATIONS, MOST_LINES = 100, 400  # on a page; a station that owes more forms than that stands alone
WORDS = STATES | MARKS


@require_safe
def matrix(request: HttpRequest) -> HttpResponse:
    """Where every form of every station stands over a year; `?format=xlsx|csv` sends it as a file."""
    held = grants_anywhere(request.user, [Permission.VIEW_SUBMISSION, Permission.REVIEW_SUBMISSION])
    if Permission.VIEW_SUBMISSION not in held:
        raise Http404
    today, asked = timezone.localdate(), _asked(request.GET)
    read, found, query = _found(request, asked, today)
    facts = facts_of(found, query, dict(_areas(read)))
    if file_format := request.GET.get("format"):
        return matrix_file(found, facts, file_format)
    shown = [name for name in WORDS if name not in NOT_COUNTED]
    context = {
        "matrix": found,
        "page": Paginator(found.stations, _page_size(found)).get_page(request.GET.get("page")),
        "drawn": {},
        "asked": asked,
        "facts": facts,
        "width": len(found.months) + 2,
        "words": WORDS,
        "states": list(WORDS.items()),
        "tally": [(name, WORDS[name], SIGNS[name], name in ON_DEMAND) for name in shown],
        "counted": [name for name in shown if name not in ON_DEMAND or name == query.state],
        "too_many": asked.state != query.state,
        "areas": _areas(read),
        "forms": _forms(read),
        "years": range(today.year, first_asked(today).year - 1, -1),
        "period_words": _period_words(asked),
        "can_review": Permission.REVIEW_SUBMISSION in held,
    }
    return render(request, "submissions/matrix.html", context)


def _page_size(found: Matrix) -> int:
    """Stations on a page: fewer where each owes many forms, so that a page has a bounded number of lines."""
    longest = max((len(station.lines) for station in found.stations), default=1)
    return max(1, min(MOST_STATIONS, MOST_LINES // max(1, longest)))


def _found(request: HttpRequest, asked: MatrixQuery, today: date) -> tuple[Read, Matrix, MatrixQuery]:
    """What was read, the matrix, and what it is filtered by: less than asked for where that would take too long."""
    months = columns_of(asked, today)
    years = years_of(months, asked)
    read = read_cells(facilities_for(request.user, Permission.VIEW_SUBMISSION), months)
    chosen = [facility for facility in read.facilities if _is_asked(read, facility, asked)]
    query = asked
    if asked.state in ON_DEMAND:
        checked = with_warnings(read, chosen, months, asked.form)
        read, query = (checked, asked) if checked else (read, replace(asked, state=""))
    if len(asked.period) == len("2026"):
        months = [column for column in months if column.text.startswith(asked.period)]
    return read, matrix_of(stations_of(read, chosen, months, years, query, today), months, query), query


def _period_words(query: MatrixQuery) -> str:
    if not query.period:
        return ""
    period, yearly = period_or_404(query.period)
    return period_words(period, yearly=yearly)


def _asked(query: QueryDict) -> MatrixQuery:
    """Read the filters; a year, period, place or state that does not exist reads as not found."""
    state, year, area, period = (query.get(name, "") for name in ("state", "year", "area", "period"))
    if state and state not in WORDS:
        raise Http404
    if period:
        period_or_404(period)
        year = period[:4]
    if year and not period_or_404(year)[1]:
        raise Http404
    if area and as_key(area) is None:
        raise Http404
    return MatrixQuery(
        year=int(year) if year else None,
        period=period,
        form=query.get("form", ""),
        area=as_key(area) if area else None,
        state=state,
        search=query.get("q", "").strip(),
    )


def _is_asked(read: Read, facility: Facility, query: MatrixQuery) -> bool:
    if query.search and fold(query.search) not in facility.folded_name:
        commune = read.commune(facility, timezone.localdate())
        if commune is None or fold(query.search) not in commune.folded_name:
            return False
    if query.area is None:
        return True
    return any(query.area in {area.pk, area.parent_id} for _start, area in read.placements[facility.pk])


def _areas(read: Read) -> list[tuple[int, str]]:
    """Communes of the facilities, and what they belong to, to choose from: wider places first."""
    found: dict[int, Area] = {}
    for placements in read.placements.values():
        for _start, area in placements:
            for one in filter(None, (area.parent, area)):
                found.setdefault(one.pk, one)
    order = [Area.Level.COUNTRY, Area.Level.PROVINCE, Area.Level.DISTRICT, Area.Level.COMMUNE]
    ordered = sorted(
        found.values(), key=lambda a: (order.index(a.level), a.is_abolished, alphabetical(a.name))
    )
    return [(area.pk, _named(area)) for area in ordered]


def _named(area: Area) -> str:
    if not area.valid_to:
        return area.name
    return _("%(area)s (đến %(month)s)") % {"area": area.name, "month": f"{area.valid_to:%m/%Y}"}


def _forms(read: Read) -> list[tuple[str, str]]:
    found = {
        code: duties[-1].form.label for by_code in read.duties.values() for code, duties in by_code.items()
    }
    return sorted(found.items())
