"""What a report says, as plain data: the one source of every format (design decision 8).

One module a kind of report, each with `build(report, today) -> content`; one whose annexes take long to compute also
has `draft(report, today)`, the same without them.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from importlib import import_module
from typing import Any

from django.utils import translation

from reporting.content.header import set_document
from reporting.models import Report

BUILDERS = {
    Report.Kind.PLAN: "reporting.content.report",
    Report.Kind.REVIEW: "reporting.content.review",
    Report.Kind.COMBINED: "reporting.content.combined",
    Report.Kind.BRIEF: "reporting.content.brief",
    Report.Kind.SHEETS: "reporting.content.sheets",
}


def build_content(report: Report, *, today: date) -> dict[str, Any]:
    """Everything the report prints, from figures as they stand now. Texts are Vietnamese, as the document is.

    Shapes: `cells` (tables), `sections` (blocks); `header`, `footer` and `legal_bases` as `header` writes them;
    `annexes` is `[{"label", "tables": [key …]}]` in their order. Numbers are texts; nothing in it depends on
    the clock but what `today` decides: the agency responsible, how far the period has gone, which tasks
    are late.
    """
    with translation.override("vi"):
        content = import_module(BUILDERS[report.kind]).build(report, today)
    return {"kind": report.kind, **set_document(content, report.document)}


def draft_content(
    report: Report, *, today: date, document: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """What the report would say, for reading while it is prepared: without the annexes that take long.

    document: the head and foot to set instead of the report's own; empty leaves what the portal proposes.
    """
    builder = import_module(BUILDERS[report.kind])
    build = getattr(builder, "draft", builder.build)
    with translation.override("vi"):
        content = build(report, today)
    return {"kind": report.kind, **set_document(content, report.document if document is None else document)}
