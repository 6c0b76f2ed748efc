"""The tables of a review: the years' tallies, every line by years, and the quality of each year's figures."""

from __future__ import annotations

from collections.abc import Sequence

from facilities.models import Area
from facilities.periods import Month
from plans.assessment import Status
from plans.models import Plan
from plans.standing import LineStanding
from reporting.content import quality
from reporting.content.cells import NONE, Cell, Row, Table, column, number, row, table
from reporting.content.comparison import change_cell, value_cell
from reporting.content.line_years import LineYears, prints_start
from reporting.content.lines import grouped, last_year_cell, main_lines, planned_cell
from reporting.content.wording import tally, verdict_word

COUNTED = {
    Status.EXCEEDED: "Vượt",
    Status.MET: "Đạt",
    Status.NOT_MET: "Không đạt",
    Status.ON_TRACK: "Có khả năng đạt",
    Status.AT_RISK: "Nguy cơ không đạt",
    Status.NO_DATA: "Chưa có số liệu",
    Status.NOT_ASSESSED: "Chưa đánh giá",
}


def years_table(by_year: dict[int, list[LineStanding]]) -> Table:
    """One row a year: how its lines with a target stand."""
    rows = []
    for year, standings in by_year.items():
        judged = [one for one in main_lines(standings) if one.targets]
        counts = tally(judged)
        rows.append(row([str(year), number(len(judged)), *[number(counts[status]) for status in COUNTED]]))
    return table(
        "years",
        "KẾT QUẢ ĐÁNH GIÁ CHỈ TIÊU TỪNG NĂM",
        [
            column("Năm", 8, "center"),
            column("Số chỉ tiêu", 9, "right"),
            *[column(title, 10, "right") for title in COUNTED.values()],
        ],
        rows,
    )


def lines_table(plan: Plan, lines: Sequence[LineYears], years: range) -> Table:
    """Three rows a line: what was planned, done and found in each year; a fourth for the sum of a period."""
    by_key = {one.line.key: one for one in lines}
    rows: list[Row] = []
    for title, own in grouped([one.last for one in lines]):
        rows.append(row([title], "group"))
        for standing in own:
            rows += _rows(plan, by_key[standing.line.key])
    start = plan.baseline_year or years[0] - 1
    return table(
        "lines",
        f"KẾT QUẢ THỰC HIỆN CÁC CHỈ TIÊU, {years[0]} - {years[-1]}",
        [
            column("STT", 4, "center"),
            column("Chỉ tiêu", 24),
            column("Đơn vị tính", 8, "center"),
            column("Nội dung", 9),
            column(f"Năm {start}", 8, "right"),
            *[column(f"Năm {year}", 8, "right", has_numbers=True) for year in years],
            column("Thay đổi so với mức xuất phát", 9, "right"),
            column("Số năm đạt", 7, "center"),
        ],
        rows,
        note=f"Năm {start}: số năm gốc in trong kế hoạch, hoặc số tính được. Mức xuất phát: năm ấy, nếu không có thì "
        "năm đầu có số liệu; thay đổi ghi theo đơn vị của chỉ tiêu, chỉ tiêu là số lượng thì theo %. Số năm đạt: số "
        "năm đạt hoặc vượt trên số năm có đánh giá.",
    )


def _rows(plan: Plan, one: LineYears) -> list[Row]:
    line, shown = one.line, one.years
    levels = dict(one.levels)
    done = [
        number(levels.get(standing.year), line.decimals) if one.sums else value_cell(standing)
        for standing in shown
    ]
    judged = f"{len(one.reached)}/{len(one.final)}" if one.final else NONE
    rows = [
        _of(one, "Kế hoạch", "", [planned_cell(standing) for standing in shown], "", ""),
        _of(one, "Thực hiện", start_cell(plan, one), done, _change(one), ""),
        _of(one, "Đánh giá", "", [_verdict(standing) for standing in shown], "", judged),
    ]
    if one.sums:
        sums = [number(one.sums.get(standing.year), line.decimals) for standing in shown]
        rows.insert(2, _of(one, "Cộng dồn", "", sums, "", ""))
    named = row([line.label, line.name, line.unit or NONE, *rows[0]["cells"][3:]])
    return [named, *rows[1:]]


def _of(one: LineYears, what: str, start: Cell, cells: Sequence[Cell], change: Cell, reached: str) -> Row:
    """A row of the line above; the first one carries its name."""
    return row(["", "", "", what, start, *cells, change, reached], "part")


def start_cell(plan: Plan, one: LineYears) -> Cell:
    """The plan's printed baseline, or the level computed for the year before the first one reviewed."""
    first = one.years[0]
    if prints_start(plan, first):
        return {**number(one.start.level, one.line.decimals), "text": one.start.text}
    is_that_year = (plan.baseline_year or first.year - 1) == first.year - 1
    return last_year_cell(plan, first) if is_that_year else NONE


def _change(one: LineYears) -> Cell:
    if one.start is None or one.is_partial_count:
        return NONE
    return change_cell(one.last, one.start.level, one.end_level)


def _verdict(standing: LineStanding) -> str:
    return verdict_word(standing) if standing.targets else NONE


def quality_table(area: Area, ends: dict[int, Month | None]) -> Table:
    """The forms of each year. `ends`: the last month that counts, by year."""
    rows: list[Row] = []
    for year, as_of in ends.items():
        rows += [row([f"Năm {year}"], "group"), *quality.forms_rows(area, as_of, year)]
    return quality.table_of_forms(rows)


def completeness_table(lines: Sequence[LineYears], years: range) -> Table:
    """One row a computed line: the share of due facility-months that entered, year by year."""
    rows = [
        row([one.line.key, one.line.name, *[_share(one, standing) for standing in one.years]])
        for one in lines
        if any(standing.computed for standing in one.years)
    ]
    return table(
        "completeness",
        "MỨC ĐẦY ĐỦ CỦA SỐ LIỆU THEO CHỈ TIÊU, TỪNG NĂM",
        [
            column("Mã", 6, "center"),
            column("Chỉ tiêu", 50),
            *[column(f"Năm {year}", 10, "right") for year in years],
        ],
        rows,
        note="Tỷ lệ cơ sở–tháng đã có số liệu được duyệt trên số phải có.",
    )


def _share(one: LineYears, standing: LineStanding) -> Cell:
    if not one.sums:
        return quality.percent(standing.reported, standing.expected) if standing.computed else NONE
    # The standing of a period's last year counts the reports of all its years.
    own = standing.series
    return quality.percent(sum(m.reported for m in own), sum(m.expected for m in own))
