"""Annexes: each in a landscape section of its own, under its label, its title and the document it belongs to."""

from __future__ import annotations

from typing import Any

from reporting.renderers.docx.paper import Paper
from reporting.renderers.docx.tables import add_table
from reporting.renderers.docx.xml import Look, paragraph

NOTHING = "Không có số liệu cho phụ lục này."
NEW_PAGE = Look(new_page=True)


def add_annex(paper: Paper, annex: dict[str, Any], shown: dict[str, Any]) -> None:
    paper.annex()
    paper.add(
        paragraph(f"Phụ lục {annex['label']}", "AnnexLabel"),
        paragraph(annex["title"], "AnnexTitle"),
        paragraph(shown["reference"], "AnnexReference"),
        paragraph(shown["boundaries"]["text"], "AnnexBoundaries"),
    )
    for place, table in enumerate(annex["tables"]):
        if place and table["title"] == annex["title"]:
            # A further part of a wide table: its rows are the first part's, so it begins beside it.
            paper.add(paragraph("", "Gap", NEW_PAGE))
        elif place:
            paper.add(paragraph(table["title"], "AnnexTitle"))
        if table["rows"]:
            add_table(paper, table, "AnnexCell")
        else:
            paper.add(paragraph(NOTHING, "BodyText"))
