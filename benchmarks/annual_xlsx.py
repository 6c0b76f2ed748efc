"""A report's workbook against openpyxl writing the same cells bare: at most 1.3 times as long.

    python benchmarks/annual_xlsx.py [SLUG YEAR PERIOD]

Bare: the same values and formulas, each cell with its finished style, no widths, no heights, no chart, saved by
openpyxl itself. The plan's own report where the database of DATABASE_URL holds it (nothing in it is changed),
and always a made-up one with an annex of 3,300 communes and 40 columns. Each is written by turns; the best counts.
"""

from __future__ import annotations

import io
import json
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

LIMIT, TURNS = 1.3, 5
ROWS, COLUMNS = 3_300, 40


def main(slug: str = "bac-ninh-683-2026", year: str = "2026", period: str = "2026-10") -> int:
    import django

    django.setup()
    ratios = {}
    for name, snapshot in (("plan", frozen(slug, year, period)), ("matrix", matrix())):
        if snapshot is None:
            print(f"No plan {slug} in this database; run `make demo SERVE=0` first.")
            continue
        ours, bare, cells = compare(snapshot)
        ratios[name] = ours / bare
        print(json.dumps({name: {"cells": cells, "seconds": round(ours, 3), "bare_seconds": round(bare, 3),
                                 "ratio": round(ours / bare, 2)}}))  # fmt: skip
    return int(max(ratios.values()) > LIMIT)


def frozen(slug: str, year: str, period: str) -> dict[str, Any] | None:
    """The plan's report as it would be frozen now; None without the plan."""
    from django.db import DatabaseError, transaction

    from plans.models import Plan
    from reporting.actions.reports import freeze, open_report
    from reporting.content.periods import ReportPeriod

    try:
        plan = Plan.objects.select_related("area", "issuer__area").filter(slug=slug).first()
    except DatabaseError:
        plan = None
    if plan is None:
        return None
    with transaction.atomic():
        report = open_report(plan=plan, period=ReportPeriod.parse(int(year), period), by=None)
        data = freeze(report=report, by=None, reason="benchmark").data
        transaction.set_rollback(True)
    return data


def matrix() -> dict[str, Any]:
    from reporting.content.cells import column, number, row, table
    from tests.reporting.cases import small_snapshot

    heads = [column("STT", 4), column("Xã", 18), *[column(f"Cột {n}", 9, "right") for n in range(COLUMNS)]]
    lines = [
        row([str(n), f"Xã {n}", *[number(n * k % 997, k % 3) for k in range(1, COLUMNS + 1)]])
        for n in range(ROWS)
    ]
    snapshot = small_snapshot()
    snapshot["content"]["tables"]["communes"] = table("communes", "THEO XÃ", heads, lines)
    return snapshot


def compare(snapshot: dict[str, Any]) -> tuple[float, float, int]:
    """Best seconds of the report's workbook and of the bare one, and the cells of each."""
    from openpyxl import load_workbook

    from reporting.renderers.xlsx import render

    done = load_workbook(io.BytesIO(render(snapshot)))
    cells = sum(sheet.max_row * sheet.max_column for sheet in done)
    sheets = bare_cells(done)
    ours, bare = [], []
    for _turn in range(TURNS):
        ours.append(seconds(lambda: render(snapshot)))
        bare.append(seconds(lambda: write_bare(sheets)))
    return min(ours), min(bare), cells


def bare_cells(done: Any) -> list[tuple[str, list[list[tuple[Any, str, tuple[Any, ...]]]]]]:
    """Of each sheet its rows: value, type and style of every cell."""
    looks: dict[int, tuple[Any, ...]] = {}

    def look(cell: Any) -> tuple[Any, ...]:
        if cell.style_id not in looks:
            parts = (cell.font, cell.fill, cell.border, cell.alignment)
            looks[cell.style_id] = (cell.style_id, cell.number_format, *[part.copy() for part in parts])
        return looks[cell.style_id]

    return [
        (
            sheet.title,
            [[(cell.value, cell.data_type, look(cell)) for cell in row] for row in sheet.iter_rows()],
        )
        for sheet in done
    ]


def write_bare(sheets: list[Any]) -> bytes:
    """One cell object a cell with a shared style, row after row: what openpyxl needs at the least."""
    from openpyxl import Workbook
    from openpyxl.cell import WriteOnlyCell

    book, styles = Workbook(write_only=True), {}
    for name, rows in sheets:
        sheet = book.create_sheet(name)
        for row in rows:
            cells = []
            for value, kind, look in row:
                cell = WriteOnlyCell(sheet, value)
                cell.data_type = kind
                if look[0] not in styles:
                    cell.number_format = look[1]
                    cell.font, cell.fill, cell.border, cell.alignment = look[2:]
                    styles[look[0]] = cell._style
                cell._style = styles[look[0]]
                cells.append(cell)
            sheet.append(cells)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def seconds(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
