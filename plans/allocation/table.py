"""The table of shares out of a file a person filled in: rows found by the heads of their columns. Pure.

A workbook and a CSV come as the same cells: (row, column, kind, text), kinds as `indicators.workbooks.reader`
names them.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from decimal import Decimal

from facilities.numbers import parse_number

Cell = tuple[int, int, str, str]
NUMBER, TEXT = "n", "s"
# Digits of a number that Excel itself shows; behind them stands the noise of its arithmetic.
EXCEL_DIGITS = 15
# Excel writes the list separator of its own language: a semicolon in Vietnam.
DELIMITERS = ",;\t"


class NoTable(Exception):
    """No row holds both heads."""


class NotText(Exception):
    """The bytes are no CSV in UTF-8."""


@dataclass(frozen=True)
class TableRow:
    """One row below the heads. `number` counts as the spreadsheet does; `text` is "" where nothing is given."""

    number: int
    area: str
    kind: str
    text: str
    letter: str


@dataclass(frozen=True)
class Table:
    """`mark` is what the file says it is a table of, "" where it does not say."""

    mark: str
    rows: list[TableRow]


def csv_cells(content: bytes, delimiter: str) -> list[Cell]:
    """The cells of a CSV with this delimiter. Raises NotText."""
    try:
        text = io.StringIO(content.decode("utf-8-sig"), newline="")
        rows = list(csv.reader(text, delimiter=delimiter, strict=True))
    except (UnicodeDecodeError, csv.Error) as error:
        raise NotText from error
    return [
        (number, column, TEXT, cell.strip())
        for number, row in enumerate(rows, start=1)
        for column, cell in enumerate(row, start=1)
        if cell.strip()
    ]


def find_table(
    cells: Iterable[Cell], *, marks: Collection[str], areas: Collection[str], values: Collection[str]
) -> Table:
    """The rows below the first row with a head of `areas` and one of `values`; heads come in every language.

    marks: what may stand before the mark, in a row above. Raises NoTable.
    """
    by_row: dict[int, dict[int, tuple[str, str]]] = {}
    for row, column, kind, text in cells:
        by_row.setdefault(row, {})[column] = (kind, text.strip())
    mark = ""
    for number in sorted(by_row):
        words = {column: text for column, (_kind, text) in by_row[number].items()}
        of_area = next((column for column, text in words.items() if text in areas), None)
        of_value = next((column for column, text in words.items() if text in values), None)
        if of_area is not None and of_value is not None:
            below = {row: found for row, found in by_row.items() if row > number}
            return Table(mark, [_row(row, below[row], of_area, of_value) for row in sorted(below)])
        if words.get(1) in marks:
            mark = words.get(2, "")
    raise NoTable


def number_of(row: TableRow) -> Decimal | None:
    """The value given, None where the cell is empty.

    Raises AmbiguousNumber for a text with two readings, else ValueError.
    """
    if not row.text:
        return None
    if row.kind == NUMBER:
        return Decimal(f"{float(row.text):.{EXCEL_DIGITS}g}")
    return parse_number(row.text)


def _row(number: int, found: dict[int, tuple[str, str]], of_area: int, of_value: int) -> TableRow:
    kind, text = found.get(of_value, (TEXT, ""))
    return TableRow(number, found.get(of_area, (TEXT, ""))[1], kind, text, _letter(of_value))


def _letter(column: int) -> str:
    letters = ""
    while column:
        column, at = divmod(column - 1, 26)
        letters = chr(65 + at) + letters
    return letters
