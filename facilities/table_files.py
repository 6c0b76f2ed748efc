"""Tables as downloads: one description, one writer a format."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter

from facilities.table_cells import Cell, safe_cell
from facilities.text import printable

WIDEST, NARROWEST = 60, 10


@dataclass(frozen=True)
class Sheet:
    """`facts` say what the table shows (filters, time, completeness) and stand above it in every format."""

    name: str
    facts: Sequence[tuple[str, str]]
    heads: Sequence[str]
    rows: Sequence[Sequence[Cell]]


def as_csv(sheet: Sheet) -> bytes:
    """UTF-8 with a byte order mark, so that Excel reads Vietnamese; numbers with a point."""
    out = io.StringIO()
    writer = csv.writer(out)
    for fact in sheet.facts:
        writer.writerow([safe_cell(part) for part in fact])
    writer.writerow([])
    writer.writerow([printable(head) for head in sheet.heads])
    writer.writerows([safe_cell(cell) for cell in row] for row in sheet.rows)
    return out.getvalue().encode("utf-8-sig")


def as_xlsx(sheet: Sheet) -> bytes:
    return book_bytes(as_workbook(sheet))


def as_workbook(sheet: Sheet) -> Workbook:
    """The table as the first sheet of a workbook, for those who add charts or colours to it."""
    book = Workbook()
    page = book.active
    page.title = _("Bảng")
    for fact in sheet.facts:
        page.append([safe_cell(part) for part in fact])
    page.append([])
    page.append([printable(head) for head in sheet.heads])
    head = page.max_row
    for cell in page[head]:
        cell.font = Font(bold=True)
        cell.alignment = Alignment(wrap_text=True, vertical="top")
    for row in sheet.rows:
        page.append([safe_cell(cell) for cell in row])
    page.freeze_panes = page.cell(row=head + 1, column=1)
    for index, title in enumerate(sheet.heads, start=1):
        longest = max([len(str(row[index - 1] or "")) for row in sheet.rows] + [len(title)])
        page.column_dimensions[get_column_letter(index)].width = min(max(longest, NARROWEST), WIDEST)
    return book


def book_bytes(book: Workbook) -> bytes:
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def number(value: Fraction | Decimal | None) -> int | float | None:
    """The unrounded value, as exact as a sheet holds it."""
    if value is None:
        return None
    return int(value) if value == int(value) else float(value)
