"""The workbook while it is written: sheets row after row, cells that are text, number or formula."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from itertools import accumulate
from math import ceil
from typing import Any
from unicodedata import normalize

from openpyxl import Workbook
from openpyxl.cell import Cell, WriteOnlyCell
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from facilities.numbers import MINUS, format_number
from facilities.table_cells import FORMULA_STARTS
from facilities.text import printable
from reporting.renderers.xlsx.archive import workbook_bytes
from reporting.renderers.xlsx.styles import named_styles, number_format

# A letter of the font takes about this part of a column's unit, a line this many points.
LETTER, LINE_POINTS = 0.9, 15
# Excel knows no higher row.
HIGHEST_POINTS = 409
# How many characters stand on a printed line.
PAGE_CHARACTERS = 130
# What a reader would take for a character told by its number ("_x0041_": A); openpyxl leaves it as it is.
ESCAPE = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
# A plan may itself print a figure with a point: "99.9".
POINTED = re.compile(r"\.(?=\d{1,2}(?!\d))")
MORE_DECIMALS = 6
SIGNS = f"+{MINUS}"
DIGITS = re.compile(r"[0-9]{1,20}(,[0-9]+)?")


class Book:
    """A workbook and the results of its formulas."""

    def __init__(self, title: str, creator: str) -> None:
        self.workbook = Workbook(write_only=True)
        for style in named_styles():
            self.workbook.add_named_style(style)
        self.workbook.properties.title = printable(title)
        self.workbook.properties.creator = printable(creator)
        self.results: dict[str, dict[str, str]] = defaultdict(dict)
        self._looks: dict[tuple[str, str, bool], Any] = {}

    def page(self, name: str, widths: Sequence[float], *, frozen: str, repeated: int | None = None) -> Page:
        """A new sheet, set up to print on landscape A4, one page wide; `repeated` is printed on every page."""
        sheet = self.workbook.create_sheet(name)
        sheet._values_to_row = placed
        for index, width in enumerate(widths, start=1):
            sheet.column_dimensions[get_column_letter(index)].width = width
        sheet.freeze_panes = frozen
        if repeated:
            sheet.print_title_rows = f"{repeated}:{repeated}"
        set_up_print(sheet)
        return Page(self, sheet, widths)

    def look(self, cell: Cell, style: str, number: str = "", *, quoted: bool = False) -> None:
        """Give the cell a style; one already given to another cell is shared, which takes half the time."""
        key = (style, number, quoted)
        if key not in self._looks:
            cell.style = style
            if number:
                cell.number_format = number
            if quoted:
                cell.quotePrefix = True
            self._looks[key] = cell._style
        cell._style = self._looks[key]

    def as_bytes(self, moment: datetime) -> bytes:
        return workbook_bytes(self.workbook, moment, self.results)


def placed(cells: Sequence[Cell], row: int) -> Iterator[Cell]:
    """Give the cells of a row their places. openpyxl's own way tries each cell as a value first and is refused."""
    for column, cell in enumerate(cells, start=1):
        cell.column, cell.row = column, row
        yield cell


def set_up_print(sheet: Worksheet) -> None:
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = Worksheet.PAPERSIZE_A4
    sheet.page_setup.fitToWidth = 1
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.oddFooter.center.text = "&P/&N"


class Page:
    """A sheet that is written row after row, and how many it has."""

    def __init__(self, book: Book, sheet: Worksheet, widths: Sequence[float]) -> None:
        self.book, self.sheet, self.widths, self.count = book, sheet, widths, 0

    @property
    def name(self) -> str:
        return self.sheet.title

    def append(self, cells: Sequence[Cell], *, runs_on: bool = False) -> None:
        """Add a row as high as its longest wrapped text: readers do not all fit heights on opening.

        `runs_on`: its text is not wrapped but runs on over empty cells.
        """
        lines = [
            lines_of(cell.value, width)
            for cell, width in zip(cells, () if runs_on else self.widths, strict=False)
            if cell.data_type == "s" and cell.value
        ]
        self._append(cells, max(lines, default=1))

    def _append(self, cells: Sequence[Cell], lines: int) -> None:
        self.count += 1
        if lines > 1:
            self.sheet.row_dimensions[self.count].height = min(LINE_POINTS * lines, HIGHEST_POINTS)
        self.sheet.append(cells)

    def say(self, text: str, style: str) -> None:
        """A row of words outside the table, running on over what is beside."""
        self.append([self.text(text, style)], runs_on=True)

    def explain(self, text: str, style: str) -> None:
        """A row of words outside the table, wrapped over the width of the sheet, or of the page."""
        cell = self.text(text, style)
        self._append([cell], lines_of(cell.value, min(sum(self.widths), PAGE_CHARACTERS)))
        wide = next(
            (n for n, w in enumerate(accumulate(self.widths), 1) if w >= PAGE_CHARACTERS), len(self.widths)
        )
        if wide > 1:
            self.sheet.merged_cells.add(f"A{self.count}:{get_column_letter(wide)}{self.count}")

    def text(self, text: str, style: str) -> Cell:
        """Text in composed letters, never a formula, not even once somebody edits the cell."""
        cell, words = WriteOnlyCell(self.sheet), normalize("NFC", printable(text))
        cell.value = ESCAPE.sub("_x005F_", words)
        cell.data_type = "s"
        self.book.look(cell, style, quoted=words.startswith(FORMULA_STARTS))
        return cell

    def blank(self, style: str) -> Cell:
        cell = WriteOnlyCell(self.sheet)
        self.book.look(cell, style)
        return cell

    def number(self, number: dict[str, Any], style: str) -> Cell:
        """A number with the format that prints the snapshot's text."""
        cell = WriteOnlyCell(self.sheet)
        exact = number["value"]
        cell.value = float(exact) if number["decimals"] or "." in exact else int(exact)
        self.book.look(cell, style, format_of(number))
        return cell

    def formula(self, formula: str, number: dict[str, Any], style: str, column: int) -> Cell:
        """A formula that gives this number, which is stored with it; for the next row, columns from 0."""
        cell = WriteOnlyCell(self.sheet)
        cell.value = f"={formula}"
        self.book.look(cell, style, format_of(number))
        self.book.results[self.name][f"{get_column_letter(column + 1)}{self.count + 1}"] = number["value"]
        return cell


def lines_of(text: str, width: float) -> int:
    """How many lines a text takes in a cell so many characters wide."""
    return sum(ceil(max(len(part), 1) * LETTER / width) for part in text.split("\n"))


def format_of(number: dict[str, Any]) -> str:
    plus, minus = number["text"].startswith("+"), number["text"].startswith(MINUS)
    return number_format(shown_decimals(number), number["suffix"], plus, minus)


def shown_decimals(number: dict[str, Any]) -> int:
    """As many decimals as the value needs to begin as its text does, which may be rounded with care.

    99.99, printed as "99,9%" since something is missing, shows as 99,99%: never as 100,0%. Nor does a little show as 0.
    """
    words, value = number["text"].removesuffix(number["suffix"]).lstrip(SIGNS), abs(Decimal(number["value"]))
    plain = words.replace(".", "")
    if DIGITS.fullmatch(plain) and (rounded := Decimal(plain.replace(",", "."))) == value.quantize(
        rounded, ROUND_HALF_UP
    ):
        return len(plain.partition(",")[2])
    printed = POINTED.sub(",", words).replace(".", "")
    least = len(printed.partition(",")[2]) if printed else number["decimals"]
    places = range(least, least + MORE_DECIMALS)
    if (found := next((n for n in places if _begins(value, n, printed)), None)) is not None:
        return found
    return next((n for n in places if format_number(value, n).strip("0,")), least)


def _begins(value: Decimal, places: int, printed: str) -> bool:
    shown = format_number(value, places).replace(".", "")
    return not printed or shown == printed or shown.startswith(printed if "," in printed else f"{printed},")
