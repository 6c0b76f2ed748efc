"""A view of a line as a workbook: its table, its charts as native ones, its shades as fills."""

from __future__ import annotations

from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.worksheet.worksheet import Worksheet

from facilities.table_files import as_workbook, book_bytes
from plans.charts import Chart
from plans.charts.workbook import add_chart
from plans.presenters.heat import Heat
from plans.presenters.heat_cells import Cell, Shade
from plans.presenters.line_views import Shown

# The colours of the page's cells (plans.css, .heat).
FILLS = {
    Shade.GOOD: "E4F2EA", Shade.NEAR: "FBF0DD", Shade.MIDDLE: "F2C88F", Shade.FAR: "A8481A",
    Shade.STEP_1: "EEF5F4", Shade.STEP_2: "D3E6E3", Shade.STEP_3: "A8CDC8", Shade.STEP_4: "6FAAA4",
    Shade.STEP_5: "0A5F5A", Shade.MISSING: "E2E8E6", Shade.UNKNOWN: "E2E8E6",
}  # fmt: skip
LIGHT_ON_DARK = {Shade.FAR, Shade.STEP_5}
FIRST_MONTH = 3  # its column


def workbook_of(shown: Shown) -> bytes:
    sheet = shown.sheet()
    book = as_workbook(sheet)
    if shown.heat:
        _fill(book.active, shown.heat, first_row=book.active.max_row - len(sheet.rows) + 1)
    _add_charts(book, shown)
    return book_bytes(book)


def _add_charts(book: Workbook, shown: Shown) -> None:
    charts = [chart for chart in shown.charts if isinstance(chart, Chart)]
    for number, chart in enumerate(charts, start=1):
        name = _("Biểu đồ") if len(charts) == 1 else _("Biểu đồ %(number)d") % {"number": number}
        add_chart(book, chart, name)


def _fill(page: Worksheet, heat: Heat, *, first_row: int) -> None:
    """Paint the cells as the page does; the area's own row comes first, then what its columns are held against."""
    fills = {shade: PatternFill("solid", fgColor=colour) for shade, colour in FILLS.items()}
    light, centre = Font(color="FFFFFF"), Alignment(horizontal="center")
    marks: list[list[Cell]] = [[]] if heat.marks else []
    for row, cells in enumerate([heat.whole, *marks, *(row.cells for row in heat.rows)], start=first_row):
        for column, cell in enumerate(cells, start=FIRST_MONTH):
            target = page.cell(row, column)
            if cell.shade in fills:
                target.fill = fills[cell.shade]
            if cell.shade in LIGHT_ON_DARK:
                target.font = light
            if cell.value is None:
                target.alignment = centre
    page.freeze_panes = page.cell(first_row, FIRST_MONTH)
