"""One sheet a table: real numbers, Vietnamese formats, totals as sums over the rows above or below."""

from __future__ import annotations

from typing import Any

from openpyxl.cell import Cell
from openpyxl.utils import get_column_letter

from facilities.numbers import MINUS
from reporting.renderers.xlsx.book import PAGE_CHARACTERS, Book, Page
from reporting.renderers.xlsx.styles import ALIGNED, GROUP, HEAD, NOTE, PLAIN, TITLE, TOTAL, TOTAL_NUMBER
from reporting.renderers.xlsx.totals import MOST_RUNS, adds_up, line_runs

NARROWEST, A_COLUMN = 6, 11
HEADER_ROW, FROZEN_COLUMNS = 4, 2
NOTHING = "Không có số liệu cho bảng này."


def with_number_columns(table: dict[str, Any]) -> dict[str, Any]:
    """Beside a column whose cells may be words for a number, a column of the numbers alone."""
    places = [index for index, column in enumerate(table["columns"]) if column.get("has_numbers")]
    if not places:
        return table
    columns, rows = list(table["columns"]), [dict(row) for row in table["rows"]]
    for place in reversed(places):
        columns.insert(place + 1, {**columns[place], "title": f"{columns[place]['title']} (số)"})
        for row in rows:
            if row["kind"] != "group":
                cells = row["cells"]
                row["cells"] = [*cells[: place + 1], _bare_number(cells[place]), *cells[place + 1 :]]
    return {**table, "columns": columns, "rows": rows}


def _bare_number(cell: Any) -> Any:
    if isinstance(cell, str):
        return ""
    sign = MINUS if cell["value"].startswith("-") else ""
    return {**cell, "text": sign, "suffix": "", "is_text": False}


def row_number(place: int) -> int:
    """The sheet's row of a table's row, which are counted from 0."""
    return HEADER_ROW + 1 + place


def table_sheet(book: Book, name: str, table: dict[str, Any], content: dict[str, Any]) -> None:
    """The table under its title, the report's subject and its boundaries; `table` with its number columns."""
    columns = table["columns"]
    frozen = f"{get_column_letter(min(FROZEN_COLUMNS, len(columns)) + 1)}{HEADER_ROW + 1}"
    page = book.page(name, _widths(table), frozen=frozen, repeated=HEADER_ROW)
    page.say(table["title"], TITLE)
    page.say(content["header"]["subject"], PLAIN)
    page.say(content["boundaries"]["text"], PLAIN)
    page.append([page.text(column["title"], HEAD) for column in columns])
    runs = line_runs(table["rows"])
    for row in table["rows"]:
        if row["kind"] == "group":
            # Cells without a value let the heading run on over them.
            blanks = [page.blank(GROUP) for _ in columns[1:]]
            page.append([page.text(row["cells"][0], GROUP), *blanks], runs_on=True)
        elif row["kind"] == "total" and len(runs) <= MOST_RUNS:
            page.append(_total(page, table, row, runs))
        else:
            page.append(_cells(page, columns, row))
    page.explain(table["note"] if table["rows"] else NOTHING, NOTE)


def _widths(table: dict[str, Any]) -> list[float]:
    """The columns' widths in characters: shares of a page, which grows with the number of columns."""
    total = max(sum(column["width"] for column in table["columns"]), 1)
    wide = max(PAGE_CHARACTERS, A_COLUMN * len(table["columns"]))
    return [max(wide * column["width"] / total, NARROWEST) for column in table["columns"]]


def _cells(page: Page, columns: list[dict[str, Any]], row: dict[str, Any]) -> list[Cell]:
    return [
        _cell(page, value, TOTAL if row["kind"] == "total" else ALIGNED[column["align"]])
        for column, value in zip(columns, row["cells"], strict=True)
    ]


def _total(page: Page, table: dict[str, Any], row: dict[str, Any], runs: list[tuple[int, int]]) -> list[Cell]:
    cells = []
    for place, value in enumerate(row["cells"]):
        if adds_up(table["rows"], value, place):
            letter = get_column_letter(place + 1)
            spans = ",".join(
                f"{letter}{row_number(first)}:{letter}{row_number(last)}" for first, last in runs
            )
            cells.append(page.formula(f"SUM({spans})", value, TOTAL_NUMBER, place))
        else:
            cells.append(_cell(page, value, TOTAL))
    return cells


def _cell(page: Page, value: Any, style: str) -> Cell:
    """A number; anything else is text."""
    if isinstance(value, str):
        return page.text(value, style)
    if value.get("is_text"):
        return page.text(value["text"], style)
    return page.number(value, TOTAL_NUMBER if style == TOTAL else style)
