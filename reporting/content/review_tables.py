"""The tables of a review: the years' tallies, every line by years, and the quality of each year's figures."""

from __future__ import annotations

from collections.abc import Sequence

from facilities.models import Area
from facilities.periods import Month
from plans.assessment import Status
from plans.models import Plan
from plans.standing import LineStanding
from plans.standing.sources import targets_in
from reporting.content import quality
from reporting.content.cells import HIDDEN, NONE, Cell, Row, Table, column, number, row, share_of, table
from reporting.content.comparison import change_cell, value_cell
from reporting.content.line_years import DECEMBER, LineYears, prints_start
from reporting.content.lines import (
    grouped,
    last_year_cell,
    main_lines,
    planned_cell,
    target_text_cell,
    unit_note,
)
from reporting.content.periods import month_words
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


def lines_table(plan: Plan, lines: Sequence[LineYears], years: range, as_of: Month | None) -> Table:
    """A row a line with its figures by year; below it what was planned, what was found, a period's sum to date."""
    by_key = {one.line.key: one for one in lines}
    rows: list[Row] = []
    for title, own in grouped([one.last for one in lines]):
        rows.append(row([title], "group"))
        for standing in own:
            rows += _rows(plan, by_key[standing.line.key], years)
    start = plan.baseline_year or years[0] - 1
    return table(
        "lines",
        f"KẾT QUẢ THỰC HIỆN CÁC CHỈ TIÊU, {years[0]} - {years[-1]}",
        [
            column("STT", 4, "center"),
            column("Chỉ tiêu", 26),
            column("Đơn vị tính", 9, "center"),
            column(f"Năm {start}", 8, "right"),
            *[column(title, 9, "right", has_numbers=True) for title in _year_titles(plan, years, as_of)],
            column("Thay đổi so với mức xuất phát", 9, "right"),
            column("Số năm đạt", 7, "center"),
        ],
        rows,
        note=f"Năm {start}: số năm gốc in trong kế hoạch, hoặc số tính được. Mức xuất phát: năm ấy, nếu không có thì "
        "năm đầu có số liệu; thay đổi ghi theo đơn vị của chỉ tiêu, chỉ tiêu là số lượng thì theo %. Số năm đạt: số "
        f"năm đạt hoặc vượt trên số năm có đánh giá. {unit_note(rows)}".strip(),
    )


def _year_titles(plan: Plan, years: range, as_of: Month | None) -> list[str]:
    """The years reviewed, the last one up to the month it is told to, and the plan's last year."""
    is_part = as_of is not None and as_of.number < DECEMBER
    last = f"Đến tháng {month_words(as_of)}" if is_part else f"Năm {years[-1]}"
    return [*(f"Năm {year}" for year in years[:-1]), last, *(f"Năm {year}" for year in _to_come(plan, years))]


def _to_come(plan: Plan, years: range) -> list[int]:
    """The plan's last year where the review ends before it: what is planned for it stands beside what was done."""
    return [plan.end_year] if years[-1] < plan.end_year else []


def _rows(plan: Plan, one: LineYears, years: range) -> list[Row]:
    line, shown, later = one.line, one.years, _to_come(plan, years)
    levels = dict(one.levels)
    done = [
        number(levels.get(standing.year), line.decimals)
        if one.is_sum and not standing.is_hidden
        else value_cell(standing)
        for standing in shown
    ]
    planned = [planned_cell(standing) for standing in shown]
    planned += [target_text_cell(targets_in(line, year), line.name) for year in later]
    judged = f"{len(one.reached)}/{len(one.final)}" if one.final else NONE
    ahead = [NONE for _ in later]
    head = [line.label, line.name, line.unit or NONE]
    rows = [
        row([*head, start_cell(plan, one), *done, *ahead, _change(one), judged]),
        _part("Kế hoạch", planned),
        _part("Đánh giá", [*(_verdict(standing) for standing in shown), *ahead]),
    ]
    if one.is_sum:
        sums = [_sum_cell(one, standing) for standing in shown]
        rows.insert(1, _part("Cộng dồn", [*sums, *ahead]))
    return rows


def _sum_cell(one: LineYears, standing: LineStanding) -> Cell:
    """What the plan's years have come to; hidden from the first year on that is."""
    is_untold = any(year.is_hidden for year in one.years if year.year <= standing.year)
    return HIDDEN if is_untold else number(one.sums.get(standing.year), one.line.decimals)


def _part(what: str, cells: Sequence[Cell]) -> Row:
    """A row of the line above."""
    return row(["", what, "", "", *cells, "", ""], "part")


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
    if not one.is_sum:
        return share_of(standing.reported, standing.expected) if standing.computed else NONE
    # The standing of a period's last year counts the reports of all its years.
    own = standing.series
    return share_of(sum(m.reported for m in own), sum(m.expected for m in own))
