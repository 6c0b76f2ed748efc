"""The snapshot as a Word document on decree 30/2020's page: real styles, real tables, to be read and edited."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from reporting.renderers.docx.annexes import add_annex
from reporting.renderers.docx.body import add_body, add_foot
from reporting.renderers.docx.brief import add_brief
from reporting.renderers.docx.head import add_head
from reporting.renderers.docx.paper import Paper
from reporting.renderers.layout import document


def render(snapshot: dict[str, Any]) -> bytes:
    """The document as bytes, the same for the same snapshot on any day."""
    shown, paper = document(snapshot), Paper()
    if shown.get("kind") == "brief":
        add_brief(paper, shown)
    else:
        _add_letter(paper, shown)
    paper.describe(
        title=shown["header"]["subject"],
        author=shown["agency"]["name"],
        about=shown["hash_note"],
        revision=snapshot["revision"],
        moment=datetime.fromisoformat(snapshot["frozen_at"]),
    )
    return paper.as_bytes()


def _add_letter(paper: Paper, shown: dict[str, Any]) -> None:
    add_head(paper, shown)
    add_body(paper, shown)
    add_foot(paper, shown["footer"])
    for annex in shown["annexes"]:
        add_annex(paper, annex, shown)
