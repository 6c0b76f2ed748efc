"""Tags of the review pages: their tabs, the cells of a matrix's line, a value looked up by a cell."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote

from django import template
from django.http import HttpRequest
from django.template.loader import get_template
from django.utils.safestring import SafeString, mark_safe

from indicators.expressions import Cell
from indicators.presenters.matrix import Line, Station
from indicators.presenters.tabs import Tab, tabs_for

register = template.Library()
PERIOD = re.compile(r"\d{4}(-\d{2})?")
OWNER = "owner-of-the-line"  # stands in a drawn cell for the facility's code; safe in HTML and addresses


@register.inclusion_tag("submissions/_tabs.html", takes_context=True)
def period_tabs(context: template.Context) -> dict[str, list[Tab]]:
    """The pages about a period's figures that the person may open; this one is marked."""
    request: HttpRequest = context["request"]
    view = request.resolver_match.url_name if request.resolver_match else ""
    period = request.GET.get("period", "")
    return {"tabs": tabs_for(request.user, view, period if PERIOD.fullmatch(period) else "")}


@register.simple_tag
def matrix_cells(drawn: dict[Any, str], station: Station, line: Line) -> SafeString:
    """The cells of a line. `drawn` keeps each cell once drawn: hundreds of stations share a few dozen."""
    code = quote(station.facility.code, safe="")
    parts = []
    for cell in line.cells:
        key = (line.form.code, cell.column.text, cell.state, cell.marks, cell.reason)
        if key not in drawn:
            context = {"cell": cell, "form": line.form, "owner": OWNER}
            drawn[key] = get_template("submissions/_matrix_cell.html").render(context).strip()
        parts.append(drawn[key].replace(OWNER, code))
    return mark_safe("".join(parts))  # each part came out of an escaping template; the code is quoted


@register.filter
def of_cell(texts: Mapping[Cell, str] | None, cell: Cell) -> str:
    """What was typed for a cell, "" for nothing."""
    return (texts or {}).get(tuple(cell), "")


@register.filter
def at(counts: Mapping[str, int] | None, name: str) -> int:
    """A count by its name; 0 where there is none."""
    return (counts or {}).get(name, 0)


@register.filter
def zipped(first: Sequence[Any], second: Sequence[Any]) -> list[tuple[Any, Any]]:
    """Two lists of the same length side by side."""
    return list(zip(first, second, strict=True))
