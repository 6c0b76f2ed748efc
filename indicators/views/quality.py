"""The quality of figures: completeness and timeliness, broken rules, outliers, consistency. One view a tab."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from facilities.table_files import Sheet
from indicators.presenters.quality.completeness import present_completeness
from indicators.presenters.quality.consistency import present_consistency
from indicators.presenters.quality.files import (
    completeness_sheet,
    consistency_sheet,
    outliers_sheet,
    rules_sheet,
)
from indicators.presenters.quality.outliers import present_outliers
from indicators.presenters.quality.rules import present_rules
from indicators.presenters.quality.scope import Scope
from indicators.views.matrix_files import sheet_file
from indicators.views.quality_scope import read_asked

PAGE_SIZE = 50
BREAKS_SHOWN = 50  # of one rule; the file has them all


@require_safe
def completeness(request: HttpRequest) -> HttpResponse:
    """What is owed and sent; a station's own standing is its due list."""
    return _tab(request, "list", present_completeness, completeness_sheet, lambda found: found.facilities)


@require_safe
def rules(request: HttpRequest) -> HttpResponse:
    """Relations between cells that sent figures break."""
    return _tab(request, "rules", present_rules, rules_sheet)


@require_safe
def outliers(request: HttpRequest) -> HttpResponse:
    """Values and rates that lie far from the rest."""
    return _tab(request, "outliers", present_outliers, outliers_sheet, lambda found: found.values)


@require_safe
def consistency(request: HttpRequest) -> HttpResponse:
    """Figures that should go together, and this year against last."""
    return _tab(request, "consistency", present_consistency, consistency_sheet)


def _tab(
    request: HttpRequest,
    name: str,
    present: Callable[[Scope], Any],
    sheet: Callable[[Any, Scope], Sheet],
    listed: Callable[[Any], list[Any]] | None = None,
) -> HttpResponse:
    asked = read_asked(request, name, months_only=name in ("outliers", "consistency"))
    context: Mapping[str, Any] = {"asked": asked, "scope": asked.scope, "breaks_shown": BREAKS_SHOWN}
    if not asked.is_too_wide:
        found = present(asked.scope)
        if file_format := request.GET.get("format"):
            return sheet_file(sheet(found, asked.scope), file_format)
        rows = listed(found) if listed else []
        page = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))
        context = {**context, "found": found, "page": page}
    return render(request, f"quality/quality_{name}.html", context)
