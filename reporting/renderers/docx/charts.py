"""Charts as pictures of the drawing that the PDF prints, with words for who does not see them."""

from __future__ import annotations

import io
from collections.abc import Sequence
from itertools import groupby
from typing import Any
from xml.etree import ElementTree

import resvg_py
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.shared import Twips

from facilities.text import printable
from plans.charts.pieces import NAMESPACE
from reporting.checks import serif_font
from reporting.renderers import FontMissing
from reporting.renderers.docx.paper import Paper
from reporting.renderers.docx.xml import cell, element, paragraph, row, table

# Times the drawing's own points: about 300 dots an inch over the width of the text.
SHARPNESS = 3
BESIDE = 2
# Left free between charts that stand beside each other, in twentieths of a point.
APART = 120


def together(blocks: Sequence[dict[str, Any]]) -> list[list[dict[str, Any]]]:
    """Blocks of one kind, and charts of half or of full width, that follow each other."""
    return [list(found) for _key, found in groupby(blocks, key=lambda block: (block["kind"], is_half(block)))]


def is_half(block: dict[str, Any]) -> bool:
    return block.get("size") == "half"


def add_charts(paper: Paper, blocks: Sequence[dict[str, Any]]) -> None:
    """Charts that follow each other, all as wide as the text or all half as wide, two in a row.

    Raises FontMissing: the letters of a drawing would be left out, silently. Only drawings need the font here; the
    document's words are drawn by whoever reads it.
    """
    if serif_font() is None:
        raise FontMissing
    if not is_half(blocks[0]):
        for block in blocks:
            paper.add(*_chart(paper, block, paper.width))
        return
    width = paper.width // BESIDE
    pairs = [blocks[place : place + BESIDE] for place in range(0, len(blocks), BESIDE)]
    rows = []
    for pair in pairs:
        filled = [cell(_chart(paper, block, width - APART), width) for block in pair]
        free = [cell([paragraph("", "Picture")], width) for _place in range(BESIDE - len(pair))]
        rows.append(row([*filled, *free]))
    paper.add(table(rows, [width] * BESIDE, "TableNormal"), paragraph("", "Gap"))


def _chart(paper: Paper, block: dict[str, Any], width: int) -> list[BaseOxmlElement]:
    """Its title, and under it the picture."""
    data = bytes(resvg_py.svg_to_bytes(svg_string=block["svg"], zoom=SHARPNESS, background="#ffffff"))
    inline = paper.document.part.new_pic_inline(io.BytesIO(data), width=Twips(width))
    paper.pictures += 1
    inline.docPr.set("id", str(paper.pictures))
    inline.docPr.set("title", printable(block["title"]))
    inline.docPr.set("descr", printable(_description(block["svg"])))
    picture, run = paragraph("", "Picture"), element("r")
    run.add_drawing(inline)
    picture.append(run)
    return [paragraph(block["title"], "ChartTitle"), picture]


def _description(svg: str) -> str:
    return ElementTree.fromstring(svg).findtext(f"{{{NAMESPACE}}}desc", "")
