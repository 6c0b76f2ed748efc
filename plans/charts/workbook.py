"""A chart as a native one of Excel, with the figures it draws beside it on a sheet of its own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from openpyxl import Workbook
from openpyxl.cell import Cell, WriteOnlyCell
from openpyxl.chart import BarChart, LineChart, Reference
from openpyxl.chart.data_source import NumDataSource, NumRef
from openpyxl.chart.error_bar import ErrorBars
from openpyxl.chart.series import Series as ExcelSeries
from openpyxl.chart.series_factory import SeriesFactory
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter, quote_sheetname
from openpyxl.worksheet.pagebreak import Break
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from facilities.table_cells import safe_cell
from plans.charts.pieces import LOOKS
from plans.charts.spec import Chart, Drawn, Series

WIDTH_CM, HEIGHT_CM = 24, 11
FIRST_ROW, HEAD_POINTS = 3, 64
# Rows a chart lies over, with its title.
BLOCK_ROWS, CHARTS_A_PAGE = 25, 2
DASHES = {"": "solid", "7 4": "dash", "2 3": "sysDot", "9 3 2 3": "dashDot", "1 4": "dot"}
SYMBOLS = {"circle": "circle", "square": "square", "triangle": "triangle", "diamond": "diamond", "cross": "x"}


def add_chart(
    book: Workbook, chart: Chart, title: str, *, onto: Worksheet | None = None, at: str = ""
) -> Worksheet:
    """Add a sheet `title` with the chart and its figures: unrounded, one row a category.

    `onto` another sheet, at its cell `at`, the chart is drawn under its title; its figures stay on their own.
    Takes a book that is written row after row as well.
    """
    sheet = book.create_sheet(title)
    width = len(_blocks(chart))
    _set_up(sheet, width)
    sheet.freeze_panes = f"B{FIRST_ROW + 1}"
    drawn = _add(sheet, chart, FIRST_ROW)
    if onto is not None:
        drawn.title = safe_cell(chart.title)
    (onto or sheet).add_chart(drawn, at or f"{get_column_letter(width + 3)}{FIRST_ROW}")
    return sheet


def add_charts(book: Workbook, charts: Sequence[Chart], title: str) -> Worksheet:
    """Add one sheet with all the charts below each other, each beside its figures; two are printed on a page."""
    sheet = book.create_sheet(title)
    width = max((len(_blocks(chart)) for chart in charts), default=1)
    _set_up(sheet, width)
    head = FIRST_ROW
    for number, chart in enumerate(charts, start=1):
        drawn = _add(sheet, chart, head)
        sheet.add_chart(drawn, f"{get_column_letter(width + 3)}{head}")
        used = FIRST_ROW + len(chart.categories)
        for _row in range(used, rows := max(BLOCK_ROWS, used + 2)):
            sheet.append([])
        head += rows
        if number % CHARTS_A_PAGE == 0:
            sheet.row_breaks.append(Break(id=head - FIRST_ROW))
    return sheet


def _add(sheet: Worksheet, chart: Chart, head: int) -> BarChart | LineChart:
    """Write the chart's title and figures, the heads of the columns in row `head`; the chart is still to be placed."""
    blocks, heads = _blocks(chart), _heads(chart)
    sheet.row_dimensions[head].height = HEAD_POINTS
    sheet.append([_cell(sheet, chart.title, Font(bold=True, size=13))])
    sheet.append([])
    wrapped = Alignment(wrap_text=True, vertical="top")
    sheet.append([None, *[_cell(sheet, heads[name], Font(bold=True), wrapped) for name, _values in blocks]])
    for row, category in enumerate(chart.categories):
        sheet.append([safe_cell(category.name), *[values[row] for _name, values in blocks]])
    columns = {name: column for column, (name, _values) in enumerate(blocks, start=2)}
    drawn = _draw(Figures(sheet, head, len(chart.categories), columns), chart)
    _finish(drawn, chart)
    return drawn


@dataclass(frozen=True)
class Figures:
    """Where a chart's figures stand: `count` rows below the row of heads, `columns` by the block's name."""

    sheet: Worksheet
    head: int
    count: int
    columns: dict[str, int]

    @property
    def last(self) -> int:
        return self.head + self.count


def _finish(drawn: BarChart | LineChart, chart: Chart) -> None:
    drawn.title = None
    drawn.width, drawn.height = WIDTH_CM, HEIGHT_CM
    # Without these two, readers leave the axes away.
    drawn.x_axis.delete = False
    drawn.y_axis.delete = False
    drawn.y_axis.number_format = f'#,##0.###"{chart.suffix}"' if chart.suffix else "#,##0.###"
    drawn.y_axis.majorGridlines.spPr = None
    drawn.x_axis.title = safe_cell(chart.axis) or None
    drawn.x_axis.tickLblPos = "low"
    drawn.legend.position = "b"


def _blocks(chart: Chart) -> list[tuple[str, list[float | None]]]:
    """The columns of figures, each under the name of its series or of its interval's side ("0", "0-", "goal")."""
    blocks: list[tuple[str, list[float | None]]] = []
    for number, series in enumerate(chart.series):
        points = series.points
        blocks.append((f"{number}", [None if p is None else float(p.value) for p in points]))
        if series.has_intervals:
            below = [None if p is None or p.low is None else float(p.value) - p.low for p in points]
            above = [None if p is None or p.high is None else p.high - float(p.value) for p in points]
            blocks += [(f"{number}-", below), (f"{number}+", above)]
    if chart.target:
        ends = [chart.target.values, chart.target.uppers]
        for name, values in zip(("goal", "upper"), ends, strict=True):
            if any(value is not None for value in values):
                blocks.append((name, [None if value is None else float(value) for value in values]))
    return blocks


def _heads(chart: Chart) -> dict[str, str]:
    heads = {f"{n}{sign}": f"{s.name}{words}" for n, s in enumerate(chart.series)
             for sign, words in (("", ""), ("-", " (−)"), ("+", " (+)"))}  # fmt: skip
    goal = chart.target.name if chart.target else ""
    return heads | {"goal": goal, "upper": f"{goal} (≤)"}


def _set_up(sheet: Worksheet, blocks: int) -> None:
    """Widths and the print set-up; all before the first row."""
    sheet.column_dimensions["A"].width = 24
    for column in range(2, blocks + 2):
        sheet.column_dimensions[get_column_letter(column)].width = 16
    sheet.page_setup.orientation, sheet.page_setup.fitToHeight = "landscape", 0
    sheet.page_setup.paperSize = Worksheet.PAPERSIZE_A4
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)


def _cell(sheet: Worksheet, text: str, font: Font, alignment: Alignment | None = None) -> Cell:
    cell = WriteOnlyCell(sheet, safe_cell(text))
    cell.font = font
    if alignment:
        cell.alignment = alignment
    return cell


def _draw(figures: Figures, chart: Chart) -> BarChart | LineChart:
    """Columns first, lines over them on the same axes."""
    bars, lines = BarChart(), LineChart()
    for number, series in enumerate(chart.series):
        made = _series(figures, str(number))
        target = bars if series.drawn == Drawn.COLUMN else lines
        _paint(made, series)
        if series.has_intervals:
            made.errBars = _error_bars(figures, number)
        target.series.append(made)
    for name in ("goal", "upper"):
        if name in figures.columns:
            goal = _series(figures, name)
            goal.graphicalProperties.line.solidFill = "17211F"
            goal.graphicalProperties.line.dashStyle = "dash"
            goal.graphicalProperties.line.width = 19050
            # A target of a single year has no line to be seen by.
            goal.marker.symbol, goal.marker.size = "dash", 9
            goal.marker.graphicalProperties.solidFill = "17211F"
            goal.smooth = False
            lines.series.append(goal)
    for one in (bars, lines):
        one.set_categories(
            Reference(figures.sheet, min_col=1, min_row=figures.head + 1, max_row=figures.last)
        )
    if not bars.series:
        return lines
    if lines.series:
        bars += lines
    return bars


def _series(figures: Figures, name: str) -> ExcelSeries:
    column = figures.columns[name]
    values = Reference(figures.sheet, min_col=column, min_row=figures.head, max_row=figures.last)
    return SeriesFactory(values, title_from_data=True)


def _paint(made: ExcelSeries, series: Series) -> None:
    style = LOOKS[series.look]
    colour, wash = style.colour.lstrip("#").upper(), style.wash.lstrip("#").upper()
    line = made.graphicalProperties.line
    if series.drawn == Drawn.COLUMN:
        made.graphicalProperties.solidFill = wash
        line.solidFill = colour
        return
    made.smooth = False
    made.marker.symbol, made.marker.size = SYMBOLS[style.shape], 7
    made.marker.graphicalProperties.solidFill = colour
    made.marker.graphicalProperties.line.solidFill = colour
    if series.drawn == Drawn.DOTS:
        line.noFill = True
        return
    line.solidFill, line.dashStyle, line.width = colour, DASHES[style.dash], 28575


def _error_bars(figures: Figures, number: int) -> ErrorBars:
    def source(sign: str) -> NumDataSource:
        letter = get_column_letter(figures.columns[f"{number}{sign}"])
        cells = f"${letter}${figures.head + 1}:${letter}${figures.last}"
        return NumDataSource(numRef=NumRef(f=f"{quote_sheetname(figures.sheet.title)}!{cells}"))

    return ErrorBars(errDir="y", errBarType="both", errValType="cust", plus=source("+"), minus=source("-"))
