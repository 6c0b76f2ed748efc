"""The text: legal bases, opening, sections with their blocks, closing; then recipients and the place to sign."""

from __future__ import annotations

from typing import Any

from docx.oxml.xmlchemy import BaseOxmlElement

from reporting.renderers.docx.charts import add_charts, together
from reporting.renderers.docx.paper import PORTRAIT, Paper
from reporting.renderers.docx.tables import add_table
from reporting.renderers.docx.xml import PLAIN, Look, cell, paragraph, row, tab_line, table

STYLES = {"heading": "Heading2", "point": "Heading3", "item": "Item"}
HALF = PORTRAIT // 2
KEPT = Look(keep_next=True)


def add_body(paper: Paper, shown: dict[str, Any]) -> None:
    paper.add(*[paragraph(line, "Basis") for line in shown["legal_bases"]])
    paper.add(paragraph(shown["opening"], "BodyText"))
    for section in shown["sections"]:
        paper.add(paragraph(f"{section['label']}. {section['title']}", "Heading1"))
        for blocks in together(section["blocks"]):
            _add_blocks(paper, blocks, shown)
    # The place to sign never stands alone on a page.
    paper.add(paragraph(f"{shown['closing']}./.", "BodyText", KEPT))


def _add_blocks(paper: Paper, blocks: list[dict[str, Any]], shown: dict[str, Any]) -> None:
    """Blocks of one kind that follow each other."""
    if blocks[0]["kind"] == "chart":
        add_charts(paper, blocks)
    else:
        for block in blocks:
            _add_block(paper, block, shown)


def _add_block(paper: Paper, block: dict[str, Any], shown: dict[str, Any]) -> None:
    kind = block["kind"]
    if kind == "table":
        add_table(paper, block["table"], "Cell")
    elif kind in ("typed", "addition"):
        lines = [paragraph(text, "BodyText") for text in block["paragraphs"]]
        paper.add(*lines or [tab_line("Blank") for _line in shown["dotted_lines"]])
    else:
        words = f"- {block['text']}" if kind == "item" else block["text"]
        # Words that announce what follows stay with it.
        look = KEPT if words.rstrip().endswith(":") else PLAIN
        paper.add(paragraph(words, STYLES.get(kind, "BodyText"), look))


def add_foot(paper: Paper, footer: dict[str, Any]) -> None:
    """Recipients at the left, office and signer at the right, never split by a page."""
    recipients = [paragraph(line, "Recipient") for line in footer["recipients"]]
    left = [paragraph("Nơi nhận:", "RecipientsTitle"), *recipients]
    paper.add(
        paragraph("", "Gap", Look(keep_next=True)),
        table([row([cell(left, HALF), cell(_signing(footer), HALF)])], [HALF, HALF], "TableNormal"),
    )


def _signing(footer: dict[str, Any]) -> list[BaseOxmlElement]:
    office = [paragraph(line, "Office") for line in footer["office"]]
    return [*office, paragraph(footer["signer"], "Signer")]
