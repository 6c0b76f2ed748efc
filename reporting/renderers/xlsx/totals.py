"""Which totals of a table are sums that a reader can follow, and over which of its rows. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from itertools import groupby
from typing import Any

from reporting.content.cells import NONE

MOST_RUNS = 30
Run = tuple[int, int]


def line_runs(rows: Sequence[dict[str, Any]]) -> list[Run]:
    """First and last place of each stretch of lines: headings may stand within, parts and totals may not."""
    runs = []
    for is_stretch, found in groupby(
        enumerate(rows), key=lambda placed: placed[1]["kind"] in ("line", "group")
    ):
        places = [place for place, row in found if row["kind"] == "line"]
        if is_stretch and places:
            runs.append((places[0], places[-1]))
    return runs


def adds_up(rows: Sequence[dict[str, Any]], total: Any, column: int) -> bool:
    """Whether the total is the exact sum of the column's lines, two of them at least not 0.

    The rate of a whole lies among the rates of its parts, so none is taken for their sum.
    """
    if not _is_number(total) or total["suffix"]:
        return False
    cells = [row["cells"][column] for row in rows if row["kind"] == "line"]
    if not all(cell in ("", NONE) or _is_number(cell) for cell in cells):
        return False
    values = [Decimal(cell["value"]) for cell in cells if not isinstance(cell, str)]
    return sum(map(bool, values)) >= 2 and sum(values) == Decimal(total["value"])


def _is_number(cell: Any) -> bool:
    return not isinstance(cell, str) and not cell.get("is_text")
