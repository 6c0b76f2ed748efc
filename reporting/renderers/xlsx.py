"""The snapshot's tables as a workbook: real numbers, Vietnamese formats, ready to print."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import ceil
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Border, Font, NamedStyle, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from facilities.numbers import MINUS
from facilities.text import printable
from reporting.content.canonical import sha256_of

FONT = "Times New Roman"
# Sheet name, key of the snapshot's table.
SHEETS = (
    ("Chỉ tiêu", "lines"),
    ("Theo xã", "communes"),
    ("Nhiệm vụ", "tasks"),
    ("Nhiệm vụ theo cơ quan", "tasks_by_agency"),
    ("Kinh phí", "budget"),
    ("Chất lượng số liệu", "quality"),
    ("Đầy đủ theo chỉ tiêu", "completeness"),
)
# The locale makes comma and dot Vietnamese also where the reader's machine is not.
LOCALE = "[$-42A]"
PAGE_CHARACTERS = 130
HEADER_ROW, FROZEN_COLUMNS = 4, 2
# A letter of the font takes about this part of a column's unit, a line this many points.
LETTER, LINE_POINTS = 0.9, 15
THIN = Side(style="thin", color="999999")
GRID = Border(left=THIN, right=THIN, top=THIN, bottom=THIN)


def render(snapshot: dict[str, Any]) -> bytes:
    """The workbook as bytes. Texts that begin like a formula stay texts."""
    book = Workbook(write_only=True)
    for style in (
        _style("Tiêu đề bảng", bold=True, fill="E8EEF4", across="center"),
        _style("Ô chữ"),
        *_styles(),
    ):
        book.add_named_style(style)
    content = snapshot["content"]
    for name, key in SHEETS:
        _sheet(book, name, with_number_columns(content["tables"][key]), content)
    _source_sheet(book, snapshot)
    book.properties.title = printable(content["header"]["subject"])
    book.properties.creator = printable(content["agency"]["name"])
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


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


def _style(
    name: str, *, bold: bool = False, fill: str = "", across: str = "left", wrap: bool = True
) -> NamedStyle:
    style = NamedStyle(name=name)
    style.font = Font(name=FONT, size=11, bold=bold)
    style.alignment = Alignment(horizontal=across, vertical="center" if fill else "top", wrap_text=wrap)
    style.border = GRID
    if fill:
        style.fill = PatternFill("solid", fgColor=fill)
    return style


def _styles() -> list[NamedStyle]:
    """One style for every look that occurs: a style made per cell takes twice the time."""
    return [
        _style("Ô giữa", across="center"),
        _style("Ô phải", across="right"),
        _style("Nhóm", bold=True, fill="F5F5F5", wrap=False),
        _style("Tổng", bold=True),
    ]


TEXT_STYLES = {"left": "Ô chữ", "center": "Ô giữa", "right": "Ô phải"}


@lru_cache(maxsize=64)
def number_format(decimals: int, suffix: str, plus: bool, minus: bool) -> str:
    """An Excel format that prints the cell's text: `#,##0.0`, its sign and suffix as literal text.

    The text decides the sign: −0,03 with one decimal prints 0,0 on paper, so also here.
    """
    body = f"#,##0{'.' + '0' * decimals if decimals else ''}"
    tail = f'{body}"{suffix}"' if suffix else body
    positive, negative = '"+"' if plus else "", f'"{MINUS}"' if minus else ""
    return f"{LOCALE}{positive}{tail};{LOCALE}{negative}{tail}"


@dataclass
class Rows:
    """A sheet that is written row after row, and how many it has."""

    sheet: Worksheet
    count: int = 0


def _sheet(book: Workbook, name: str, table: dict[str, Any], content: dict[str, Any]) -> None:
    sheet = book.create_sheet(name)
    widths, rows = _set_up(sheet, table), Rows(sheet)
    _append(rows, [_plain(sheet, table["title"], bold=True, size=14)])
    _append(rows, [_plain(sheet, content["header"]["subject"])])
    _append(rows, [_plain(sheet, content["boundaries"]["text"])])
    _append(rows, [_cell(sheet, column["title"], "Tiêu đề bảng") for column in table["columns"]], widths)
    for row in table["rows"]:
        _append(rows, _row(sheet, table, row), widths if row["kind"] != "group" else ())
    note = table["note"] if table["rows"] else "Không có số liệu cho bảng này."
    _append(rows, [_plain(sheet, note, italic=True)])


def _append(rows: Rows, cells: list[WriteOnlyCell], widths: Sequence[float] = ()) -> None:
    """Add a row as high as its longest wrapped text: readers do not all fit heights on opening."""
    lines = [
        sum(ceil(max(len(part), 1) * LETTER / width) for part in cell.value.split("\n"))
        for cell, width in zip(cells, widths, strict=False)
        if isinstance(cell.value, str)
    ]
    if lines and max(lines) > 1:
        rows.sheet.row_dimensions[rows.count + 1].height = LINE_POINTS * max(lines)
    rows.sheet.append(cells)
    rows.count += 1


def _set_up(sheet: Worksheet, table: dict[str, Any]) -> list[float]:
    """Frozen and repeated header, landscape A4 one page wide; returns the columns' widths in characters.

    Set before the first row is written.
    """
    total = max(sum(column["width"] for column in table["columns"]), 1)
    wide = max(PAGE_CHARACTERS, 11 * len(table["columns"]))
    widths = [max(wide * column["width"] / total, 6) for column in table["columns"]]
    for index, width in enumerate(widths, start=1):
        sheet.column_dimensions[get_column_letter(index)].width = width
    sheet.freeze_panes = f"{get_column_letter(FROZEN_COLUMNS + 1)}{HEADER_ROW + 1}"
    sheet.print_title_rows = f"{HEADER_ROW}:{HEADER_ROW}"
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = Worksheet.PAPERSIZE_A4
    sheet.page_setup.fitToWidth = 1
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.oddFooter.center.text = "&P/&N"
    return widths


def _row(sheet: Worksheet, table: dict[str, Any], row: dict[str, Any]) -> list[WriteOnlyCell]:
    if row["kind"] == "group":
        # Cells without a value let the heading run on over them.
        blanks = [WriteOnlyCell(sheet) for _ in table["columns"][1:]]
        for cell in blanks:
            cell.style = "Nhóm"
        return [_cell(sheet, row["cells"][0], "Nhóm"), *blanks]
    cells = []
    for column, value in zip(table["columns"], row["cells"], strict=True):
        style = "Tổng" if row["kind"] == "total" else TEXT_STYLES[column["align"]]
        cells.append(_cell(sheet, value, style))
    return cells


def _cell(sheet: Worksheet, value: Any, style: str) -> WriteOnlyCell:
    """A number with the format that prints the snapshot's text; anything else is text, never a formula."""
    cell = WriteOnlyCell(sheet)
    if isinstance(value, str) or value.get("is_text"):
        cell.value = printable(value if isinstance(value, str) else value["text"])
        cell.data_type = "s"
        cell.style = style
        return cell
    cell.value = float(value["value"]) if value["decimals"] or "." in value["value"] else int(value["value"])
    cell.style = style
    plus, minus = value["text"].startswith("+"), value["text"].startswith(MINUS)
    cell.number_format = number_format(value["decimals"], value["suffix"], plus, minus)
    return cell


def _plain(
    sheet: Worksheet, text: str, *, bold: bool = False, italic: bool = False, size: int = 11
) -> WriteOnlyCell:
    cell = WriteOnlyCell(sheet, value=printable(text))
    cell.data_type = "s"
    cell.font = Font(name=FONT, size=size, bold=bold, italic=italic)
    return cell


def _plan_words(plan: dict[str, Any]) -> str:
    """Number and title; a symbol without a number keeps dots for it, as in the document."""
    number = f"......{plan['number']}" if plan["number"].startswith("/") else plan["number"]
    return f"{number} – {plan['title']}" if number else plan["title"]


def _source_sheet(book: Workbook, snapshot: dict[str, Any]) -> None:
    """Where the numbers come from, so that a printed or mailed sheet can be traced."""
    content = snapshot["content"]
    rows = [
        ("Kế hoạch", _plan_words(content["plan"])),
        ("Cơ quan báo cáo", content["agency"]["name"]),
        ("Kỳ báo cáo", content["period"]["title"]),
        ("Số liệu tính đến hết tháng", content["period"]["as_of_text"]),
        ("Ranh giới", f"{content['boundaries']['area']}: {content['boundaries']['text']}"),
        ("Bản chốt lần", str(snapshot["revision"])),
        ("Chốt lúc", snapshot["frozen_at"]),
        ("Kết quả tính lúc", snapshot["computed_at"] or "–"),
        ("SHA-256 của bản chốt", sha256_of(snapshot)),
        (
            "Nguồn địa giới",
            "Danh mục đơn vị hành chính theo bộ dữ liệu mở vietnamadminunits 1.0.4 (giấy phép MIT).",
        ),
    ]
    sheet = book.create_sheet("Nguồn")
    sheet.column_dimensions["A"].width = 30
    sheet.column_dimensions["B"].width = 100
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = Worksheet.PAPERSIZE_A4
    sheet.page_setup.fitToWidth = 1
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    written = Rows(sheet)
    _append(written, [_plain(sheet, "NGUỒN SỐ LIỆU", bold=True, size=14)])
    for label, text in rows:
        _append(written, [_cell(sheet, label, "Tổng"), _cell(sheet, text, "Ô chữ")], (30, 100))
