"""The leadership's one page: no letter of the decree, but its paper and font, in letters so small that it fits."""

from __future__ import annotations

import re
from typing import Any

from docx.oxml.xmlchemy import BaseOxmlElement
from docx.shared import Pt

from reporting.renderers.docx.charts import add_charts, is_half, together
from reporting.renderers.docx.paper import Paper
from reporting.renderers.docx.widths import line_width
from reporting.renderers.docx.xml import Look, cell, paragraph, row, table

MARGINS = {"top": 850, "right": 850, "bottom": 680, "left": 1417}
# Points; the same as the PDF may choose.
LETTERS = (11.5, 11, 10.5, 10, 9.5, 9)
# Of the page, in points: between its margins, less a reserve for lines that break early.
HEIGHT = 842 - (850 + 680) / 20 - 30
LINE, AROUND, CHART_TITLE, HEAD_LINES = 1.25, 4, 22, 6
RIGHT = Look(align="right", italic=True)


def add_brief(paper: Paper, shown: dict[str, Any]) -> None:
    paper.set_margins(MARGINS)
    letters = next((size for size in LETTERS if _height(shown, size, paper.width) <= HEIGHT), LETTERS[-1])
    paper.document.styles["Normal"].font.size = Pt(letters)
    paper.document.styles["Tiêu đề trang tóm tắt"].font.size = Pt(round(letters * 1.25 * 2) / 2)
    paper.add(
        _head(paper.width, shown),
        paragraph(shown["header"]["subject"], "BriefTitle"),
        paragraph(shown["opening"], "BriefBasis"),
    )
    for section in shown["sections"]:
        paper.add(paragraph(f"{section['label']}. {section['title']}", "BriefHeading"))
        for blocks in together(section["blocks"]):
            _add_blocks(paper, blocks)
    paper.add(paragraph(f"{shown['closing']}.", "BriefBasis"))


def _add_blocks(paper: Paper, blocks: list[dict[str, Any]]) -> None:
    if blocks[0]["kind"] == "chart":
        add_charts(paper, blocks)
        return
    for block in blocks:
        is_item = block["kind"] == "item"
        words = f"– {block['text']}" if is_item else block["text"]
        paper.add(paragraph(words, "BriefItem" if is_item else "BriefText"))


def _head(width: int, shown: dict[str, Any]) -> BaseOxmlElement:
    """Who reports at the left, how old the figures are at the right."""
    header, half = shown["header"], width // 2
    left = [paragraph(header["superior"], "BriefText")] if header["superior"] else []
    left += [paragraph(line, "BriefText", Look(bold=True)) for line in header["issuer"]]
    right = [paragraph(f"Chốt số liệu ngày {shown['frozen_on']}", "BriefText", RIGHT)]
    if reach := shown["period"]["as_of_text"]:
        right.append(paragraph(f"Số liệu đến hết tháng {reach}", "BriefText", RIGHT))
    return table([row([cell(left, half), cell(right, half)])], [half, half], "TableNormal")


def _height(shown: dict[str, Any], size: float, width: int) -> float:
    """About how many points the page is long in letters of `size`: lines of bold letters, charts by their shape."""
    texts = [shown["opening"], shown["closing"], shown["header"]["subject"]]
    texts += [
        block["text"] for section in shown["sections"] for block in section["blocks"] if "text" in block
    ]
    lines = sum(line_width(text, size) // width + 1 for text in texts) + len(shown["sections"]) + HEAD_LINES
    charts = [
        b for section in shown["sections"] for blocks in together(section["blocks"]) for b in _rows(blocks)
    ]
    drawn = sum(_chart_height(block, width) + CHART_TITLE for block in charts)
    return lines * size * LINE + (len(texts) + len(shown["sections"])) * AROUND + drawn


def _rows(blocks: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """One chart for each row of charts."""
    if blocks[0]["kind"] != "chart":
        return []
    return blocks[::2] if is_half(blocks[0]) else blocks


def _chart_height(block: dict[str, Any], width: int) -> float:
    wide, high = map(float, re.search(r'viewBox="0 0 ([\d.]+) ([\d.]+)"', block["svg"]).groups())
    return width / 20 / (2 if is_half(block) else 1) * high / wide
