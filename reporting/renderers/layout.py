"""Laying a snapshot out on pages, for PDF, Word and preview: which table goes where, how a wide one is split.

Nothing is computed.
"""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from plans.charts.plain import of_plain
from plans.charts.printing import HALF, LOW, WHOLE, draw_for_print
from reporting.content.cells import HIDDEN, text_of
from reporting.content.decree import listed

# A4 landscape holds about this many columns of figures beside the commune's name.
COLUMNS_A_BLOCK = 9
FIXED = 2
# What is longer than any number is words, and reads from the left in every column.
NUMBER_LENGTH = 24
# Heads longer than this are set smaller; a row longer than this may be broken, or no head would fit above it.
HEAD_LENGTH, ROW_LENGTH = 60, 400
# Spaces that no line breaks at.
APART = re.compile(r"(?<=[<>≤≥=]) (?=\d)|(?<=\d) (?=điểm\b)|(?<=điểm) (?=%)|(?<=[Nn]ăm) (?=\d{4}\b)")
DOTTED_LINES = range(3)
SIZES = {"whole": WHOLE, "low": LOW, "half": HALF}
# A snapshot of format 1 does not name its annexes.
FORMAT_1_ANNEXES = (
    {"label": "I", "tables": ["lines"]},
    {"label": "II", "tables": ["communes"]},
    {"label": "III", "tables": ["quality", "completeness"]},
)
# A table with a column for each line of the plan is as wide as the plan is long.
SPLIT = ("communes",)


def document(snapshot: dict[str, Any]) -> dict[str, Any]:
    """What the pieces print: the content itself, with its tables laid out and its annexes in order."""
    content = snapshot["content"]
    tables = content["tables"]
    return {
        **content,
        "dateline": snapshot["dateline"],
        "hash_note": f"Bản chốt số liệu lần {snapshot['revision']}, lúc {snapshot['frozen_at']}",
        "sections": [_section(section, content) for section in content["sections"]],
        "reference": f"(Kèm theo Báo cáo số:         /{content['header']['number'].partition('/')[2]} "
        f"ngày       tháng       năm           của {content['agency']['name']})",
        "annexes": [
            _annex(number, annex["label"], [part for key in annex["tables"] for part in _blocks(tables[key])])
            for number, annex in enumerate(content.get("annexes", FORMAT_1_ANNEXES), start=1)
        ],
        "subject": unbroken(content["header"]["subject"]),
        "footer": {**content["footer"], "recipients": listed(content["footer"]["recipients"])},
        "addressees": listed(content["header"]["addressees"]),
        "dotted_lines": DOTTED_LINES,
        "frozen_on": date.fromisoformat(snapshot["frozen_at"][:10]).strftime("%d/%m/%Y"),
    }


def unbroken(text: str) -> str:
    """The text with no line to end between a sign and its number, a number and "điểm %", "năm" and its year."""
    return APART.sub("\u00a0", text)


def _section(section: dict[str, Any], content: dict[str, Any]) -> dict[str, Any]:
    blocks = []
    for block in section["blocks"]:
        if block["kind"] == "table":
            blocks.append({"kind": "table", "table": _laid_out(content["tables"][block["key"]])})
        elif block["kind"] == "chart":
            blocks.append(_drawn(block, content["charts"]))
        elif block["kind"] in ("typed", "addition"):
            blocks.append(
                {**block, "paragraphs": [text for text in block["text"].split("\n") if text.strip()]}
            )
        else:
            # Words that announce what follows stay with it.
            text = unbroken(block["text"])
            blocks.append({**block, "text": text, "leads": text.rstrip().endswith(":")})
    return {**section, "blocks": blocks}


def _drawn(block: dict[str, Any], charts: dict[str, Any]) -> dict[str, Any]:
    """The chart as SVG text; halves stand two beside each other."""
    chart, size = of_plain(charts[block["key"]]), block.get("size", "whole")
    number = list(charts).index(block["key"]) + 1
    return {
        "kind": "chart",
        "title": chart.title,
        "svg": draw_for_print(chart, number=number, size=SIZES[size]),
        "size": size,
    }


def _annex(number: int, label: str, tables: list[dict[str, Any]]) -> dict[str, Any]:
    """An annex: its number names its pages, its label is what is printed."""
    return {
        "number": number,
        "label": label,
        "title": tables[0]["title"],
        "tables": [_laid_out(table) for table in tables],
    }


def _blocks(table: dict[str, Any]) -> list[dict[str, Any]]:
    """Split a wide table into blocks of about equal width that repeat the first columns."""
    if table["key"] not in SPLIT:
        return [table]
    count = len(table["columns"]) - FIXED
    if count <= COLUMNS_A_BLOCK:
        return [table]
    blocks = -(-count // COLUMNS_A_BLOCK)
    size = -(-count // blocks)
    starts = range(0, count, size)
    return [
        {**_part(table, FIXED + start, FIXED + start + size), "starts_page": start > 0} for start in starts
    ]


def _part(table: dict[str, Any], start: int, stop: int) -> dict[str, Any]:
    """Some columns; the note stands under the last part, and under every part that hides numbers."""
    rows = [
        {"kind": row["kind"], "cells": row["cells"][:FIXED] + row["cells"][start:stop]}
        for row in table["rows"]
    ]
    explains = stop >= len(table["columns"]) or any(HIDDEN in row["cells"] for row in rows)
    return {
        **table,
        "note": table["note"] if explains else "",
        "columns": table["columns"][:FIXED] + table["columns"][start:stop],
        "rows": rows,
    }


def _laid_out(table: dict[str, Any]) -> dict[str, Any]:
    """Widths in percent and every cell with its alignment, so that the piece only prints."""
    total = sum(column["width"] for column in table["columns"]) or 1
    aligns = [column["align"] for column in table["columns"]]
    return {
        "title": table["title"],
        "note": table["note"],
        "starts_page": table.get("starts_page", False),
        "span": len(aligns),
        "columns": [
            {
                "title": column["title"],
                "width": f"{100 * column['width'] / total:.2f}%",
                "is_long": len(column["title"]) > HEAD_LENGTH,
            }
            for column in table["columns"]
        ],
        "rows": [
            {
                "kind": row["kind"],
                "is_long": any(len(text_of(cell)) > ROW_LENGTH for cell in row["cells"]),
                "cells": [
                    {"text": text_of(cell), "align": align if len(text_of(cell)) <= NUMBER_LENGTH else "left"}
                    for cell, align in zip(row["cells"], aligns, strict=False)
                ],
            }
            for row in table["rows"]
        ],
    }
