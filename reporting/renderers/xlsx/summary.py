"""The first sheet: what is met and what is not, counted by formulas over the other sheets, and drawn."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from openpyxl.cell import Cell
from openpyxl.chart import BarChart, Reference
from openpyxl.chart.label import DataLabelList
from openpyxl.utils import get_column_letter, quote_sheetname
from openpyxl.worksheet.pagebreak import Break

from plans.charts.pieces import ACCENT
from plans.charts.plain import of_plain
from plans.charts.workbook import add_chart, add_charts
from reporting.content.cells import NONE, number
from reporting.renderers.xlsx.book import Book, Page, set_up_print
from reporting.renderers.xlsx.names import CHART, MOST_DRAWN, SUMMARY, chart_names
from reporting.renderers.xlsx.styles import HEAD, NOTE, PLAIN, RIGHT, SAID, TEXT, TITLE, TOTAL, TOTAL_NUMBER
from reporting.renderers.xlsx.table import row_number

VERDICT = "Đánh giá"
# How many of the first cells may name a row.
NAMING = 2
# Best first; a word that stands on an officer's estimate follows its own.
WORDS = (
    "Vượt",
    "Ước vượt",
    "Đạt",
    "Ước đạt",
    "Có khả năng đạt",
    "Nguy cơ không đạt",
    "Không đạt",
    "Ước không đạt",
    "Chưa có số liệu",
    "Chưa đánh giá",
)
FIRST_WIDTH, WIDTH = 40, 13
CHART_WIDTH_CM, CHART_HEIGHT_CM = 24, 9
# Rows a chart lies over, of the counts and of the report.
CHART_ROWS, DRAWN_ROWS, ROWS_OF_A_PAGE = 21, 23, 75
COUNT_NOTE = (
    "Đếm mọi dòng của bảng theo cột “Đánh giá”, kể cả dòng không đặt chỉ tiêu trong năm và dòng “trong đó”."
)


@dataclass(frozen=True)
class Judged:
    """A column of verdicts: whose, where it stands in the workbook, how often each word stands in it."""

    title: str
    span: str
    counts: Counter[str]


def summary_sheet(book: Book, content: dict[str, Any], tables: Mapping[str, dict[str, Any]]) -> None:
    """Facts, the report's own sums in words, the counts with their chart, the report's charts below.

    `tables`: by the sheet's name. Sheets with the figures of the report's charts follow at once.
    """
    judged = [one for name, table in tables.items() for one in _judged(name, table)]
    words = sorted({word for one in judged for word in one.counts}, key=_rank)
    page = book.page(SUMMARY, [FIRST_WIDTH, *[WIDTH] * max(len(words) + 1, 6)], frozen="A2")
    page.sheet.page_setup.orientation = "portrait"
    page.say(content["header"]["subject"], TITLE)
    page.say(f"{content['agency']['name']} · {content['period']['title']}", PLAIN)
    page.explain(content["boundaries"]["text"], SAID)
    for sentence in overall_sentences(content):
        page.explain(sentence, SAID)
    row = page.count + 2
    if judged:
        page.append([])
        _count_table(page, judged, words)
        page.explain(COUNT_NOTE, NOTE)
        row = page.count + CHART_ROWS
    _report_charts(book, page, content, row)


def _report_charts(book: Book, page: Page, content: dict[str, Any], row: int) -> None:
    """The report's charts from this row on, none over the end of a printed page; many on a sheet of their own."""
    names = chart_names(content)
    if len(names) > MOST_DRAWN:
        charts = [of_plain(content["charts"][key]) for key in names]
        set_up_print(add_charts(book.workbook, charts, CHART))
        return
    first = 1
    for key, name in names.items():
        if row + DRAWN_ROWS > first + ROWS_OF_A_PAGE:
            page.sheet.row_breaks.append(Break(id=row - 2))
            first = row
        chart = of_plain(content["charts"][key])
        set_up_print(add_chart(book.workbook, chart, name, onto=page.sheet, at=f"A{row}"))
        row += DRAWN_ROWS


def overall_sentences(content: dict[str, Any]) -> list[str]:
    """The computed sentences on the whole: each has a key of its own, those on a line have the line's."""
    blocks = [block for section in content["sections"] for block in section["blocks"]]
    keyed = [block for block in blocks if block["kind"] == "paragraph" and block.get("key")]
    return [block["text"] for block in keyed if not block["key"].startswith("line:")]


def _judged(name: str, table: dict[str, Any]) -> list[Judged]:
    """Every column of verdicts, be it one by its title or one that holds rows of verdicts, as a review's years."""
    rows = [row for row in table["rows"] if row["kind"] != "group"]
    verdicts = [row for row in rows if VERDICT in row["cells"][:NAMING]]
    found = []
    for place, column in enumerate(table["columns"]):
        is_titled = column["title"].startswith(VERDICT)
        telling = rows if is_titled else verdicts if place >= NAMING else []
        cells = [row["cells"][place] for row in telling]
        words = Counter(cell for cell in cells if isinstance(cell, str) and cell not in ("", NONE))
        if words:
            part = column["title"].removeprefix(VERDICT).strip() if is_titled else column["title"]
            letter = get_column_letter(place + 1)
            span = f"${letter}${row_number(0)}:${letter}${row_number(len(table['rows']) - 1)}"
            title = f"{name}, {part[:1].lower()}{part[1:]}" if part else name
            found.append(Judged(title, f"{quote_sheetname(name)}!{span}", words))
    return found


def _rank(word: str) -> tuple[int, str]:
    return (WORDS.index(word), "") if word in WORDS else (len(WORDS), word)


def _count_table(page: Page, judged: list[Judged], words: list[str]) -> None:
    """One row a column of verdicts, one column a word; the sums beside and, where there are several, below."""
    head = page.count + 1
    page.append([page.text(title, HEAD) for title in ("Bảng", *words, "Cộng")])
    for one in judged:
        page.append(_counts(page, one, words, head))
    if len(judged) > 1:
        _sum_row(page, judged, words, head + 1)
    _chart(page, words, head)


def _counts(page: Page, one: Judged, words: list[str], head: int) -> list[Cell]:
    row, last = page.count + 1, get_column_letter(len(words) + 1)
    cells = [page.text(one.title, TEXT)]
    for column, word in enumerate(words, start=1):
        count = number(one.counts[word])
        if word.replace(" ", "").isalpha():
            formula = f"COUNTIF({one.span},{get_column_letter(column + 1)}${head})"
            cells.append(page.formula(formula, count, RIGHT, column))
        else:
            # What COUNTIF would read as a pattern or a comparison is told, not counted anew.
            cells.append(page.number(count, RIGHT))
    total = number(one.counts.total())
    return [*cells, page.formula(f"SUM(B{row}:{last}{row})", total, TOTAL_NUMBER, len(words) + 1)]


def _sum_row(page: Page, judged: list[Judged], words: list[str], first: int) -> None:
    last = page.count
    sums = [sum(one.counts[word] for one in judged) for word in words]
    cells = [page.text("Cộng", TOTAL)]
    for column, value in enumerate([*sums, sum(sums)], start=1):
        letter = get_column_letter(column + 1)
        cells.append(
            page.formula(f"SUM({letter}{first}:{letter}{last})", number(value), TOTAL_NUMBER, column)
        )
    page.append(cells)


def _chart(page: Page, words: list[str], head: int) -> None:
    """Bars of the last row: the sums, or the only table's own counts."""
    chart = BarChart()
    chart.type, chart.style, chart.gapWidth = "col", 10, 60
    chart.title, chart.legend = "Số dòng theo đánh giá", None
    chart.add_data(
        Reference(page.sheet, min_col=2, max_col=len(words) + 1, min_row=page.count), from_rows=True
    )
    chart.set_categories(Reference(page.sheet, min_col=2, max_col=len(words) + 1, min_row=head))
    chart.series[0].graphicalProperties.solidFill = ACCENT.lstrip("#").upper()
    chart.dataLabels = DataLabelList(showVal=True, showSerName=False, showCatName=False, showLegendKey=False)
    # Without these two, readers leave the axes away.
    chart.x_axis.delete = chart.y_axis.delete = False
    chart.y_axis.number_format, chart.y_axis.majorUnit = "0", None
    chart.width, chart.height = CHART_WIDTH_CM, CHART_HEIGHT_CM
    page.sheet.add_chart(chart, f"A{page.count + 3}")
