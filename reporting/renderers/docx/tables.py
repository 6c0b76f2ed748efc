"""Tables of figures: the header repeated on every page, no row split, widths as the snapshot shares them out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from docx.oxml.xmlchemy import BaseOxmlElement

from facilities.text import printable
from reporting.renderers.docx.paper import Paper
from reporting.renderers.docx.widths import line_width
from reporting.renderers.docx.xml import Look, cell, paragraph, row, table

JC = {"left": "", "center": "center", "right": "right"}
HEAD = Look(align="center", bold=True, keep_next=True)
GROUP = Look(bold=True, keep_next=True)
# The size a heading has at most, and what `styles.xml` leaves free beside a cell's words.
HEAD_SIZE, CELL_MARGIN = 11, 60
# The second cell of a part of the line above is set in.
PART_INDENT = (("left", 180),)


def data_table(laid_out: dict[str, Any], width: int, style: str) -> BaseOxmlElement:
    """A table as `layout` lays it out, `width` wide, its words in the paragraph style `style`."""
    columns = laid_out["columns"]
    shares = [float(column["width"].rstrip("%")) for column in columns]
    widths = column_widths(shares, [_longest_word(column["title"]) for column in columns], width)
    cells = [
        cell([paragraph(column["title"], style, HEAD)], size, middle=True)
        for column, size in zip(columns, widths, strict=True)
    ]
    head = row(cells, repeated=True)
    rows = laid_out["rows"]
    # A line stays on one page with its parts.
    kept = [*(below["kind"] == "part" for below in rows[1:]), False]
    body = [_row(one, widths, style, keep_next=keep) for one, keep in zip(rows, kept, strict=False)]
    return table([head, *body], widths, "DataTable")


def column_widths(shares: Sequence[float], least: Sequence[int], width: int) -> list[int]:
    """Whole twentieths of a point that add up to `width`: as shared out, none narrower than `least` if all fit.

    Word breaks a word that does not fit its column; what a narrow one lacks the others give by their size.
    """
    if sum(least) > width:
        least = [0] * len(shares)
    total = sum(shares) or 1
    wanted = [max(share * width / total, low) for share, low in zip(shares, least, strict=True)]
    spare = [size - low for size, low in zip(wanted, least, strict=True)]
    part = (sum(wanted) - width) / (sum(spare) or 1)
    reached, widths = 0.0, []
    for size, room in zip(wanted, spare, strict=True):
        before, reached = reached, reached + size - room * part
        widths.append(round(reached) - round(before))
    return widths


def _longest_word(title: str) -> int:
    words = printable(title).split()
    return max((line_width(word, HEAD_SIZE) for word in words), default=0) + 2 * CELL_MARGIN + HEAD_SIZE


def _row(one: dict[str, Any], widths: Sequence[int], style: str, *, keep_next: bool) -> BaseOxmlElement:
    if one["kind"] == "group":
        words = paragraph(one["cells"][0]["text"], style, GROUP)
        return row([cell([words], sum(widths), span=len(widths))])
    looks = [_look(one["kind"], place, content["align"]) for place, content in enumerate(one["cells"])]
    return row(
        cell([paragraph(content["text"], style, replace(look, keep_next=keep_next))], width)
        for content, look, width in zip(one["cells"], looks, widths, strict=False)
    )


def _look(kind: str, place: int, align: str) -> Look:
    if kind == "part" and place == 1:
        return Look(align=JC[align], italic=True, indents=PART_INDENT)
    return Look(align=JC[align], bold=kind == "total")


def add_table(paper: Paper, laid_out: dict[str, Any], style: str) -> None:
    """The table and its note; without a note a gap, as two tables that touch become one in Word."""
    paper.add(data_table(laid_out, paper.width, style))
    if laid_out["note"]:
        paper.add(paragraph("", "Gap"), paragraph(laid_out["note"], "Note"))
    else:
        paper.add(paragraph("", "Gap"))
