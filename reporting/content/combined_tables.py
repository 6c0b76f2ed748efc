"""The tables of the combined report, grouped by plan."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from facilities.periods import Month
from plans.assessment import Status
from reporting.content import quality
from reporting.content.budget import rate, total_cells
from reporting.content.cells import Row, Table, column, number, row, table, with_total
from reporting.content.combined_plans import PlanPart
from reporting.content.lines import lines_rows, table_of_lines
from reporting.content.periods import ReportPeriod
from reporting.content.tasks import STATES
from reporting.content.wording import has_target, tally

REACHED = (Status.EXCEEDED, Status.MET)


def plans_table(parts: Sequence[PlanPart]) -> Table:
    """One row a plan: its lines with a target, by verdict."""
    rows = []
    for index, part in enumerate(parts, start=1):
        judged = [one for one in part.main if has_target(one)]
        counts = tally(judged)
        numbers = [
            len(judged),
            sum(counts[status] for status in REACHED),
            counts[Status.NOT_MET],
            counts[Status.ON_TRACK],
            counts[Status.AT_RISK],
            counts[Status.NO_DATA],
            counts[Status.NOT_ASSESSED],
        ]
        rows.append(row([str(index), part.plan.short_title, *[number(value) for value in numbers]]))
    return table(
        "plans",
        "TỔNG HỢP CÁC KẾ HOẠCH",
        [
            column("STT", 5, "center"),
            column("Kế hoạch", 26),
            column("Số chỉ tiêu", 8, "right"),
            column("Đạt, vượt", 7, "right"),
            column("Không đạt", 7, "right"),
            column("Khả năng đạt", 8, "right"),
            column("Nguy cơ", 7, "right"),
            column("Chưa có số liệu", 8, "right"),
            column("Chưa đánh giá", 8, "right"),
        ],
        with_total(rows, ["", "Cộng"]),
    )


def plan_tasks_table(parts: Sequence[PlanPart]) -> Table:
    """One row a plan that has tasks, by their state."""
    with_tasks = [part for part in parts if part.states]
    rows = [
        row(
            [
                str(index),
                part.plan.short_title,
                number(len(part.states)),
                *[number(part.states.count(state)) for state in STATES],
            ]
        )
        for index, part in enumerate(with_tasks, start=1)
    ]
    return table(
        "plan_tasks",
        "NHIỆM VỤ CỦA CÁC KẾ HOẠCH",
        [
            column("STT", 6, "center"),
            column("Kế hoạch", 30),
            column("Tổng số", 8, "right"),
            *[column(title, 11, "right") for title in STATES.values()],
        ],
        with_total(rows, ["", "Cộng"]),
    )


def lines_table(parts: Sequence[PlanPart], period: ReportPeriod, as_of: Month | None) -> Table:
    rows = _grouped(parts, lambda part: lines_rows(part.plan, part.standings, part.before))
    estimated = any(one.source == "estimate" for part in parts for one in part.standings)
    return table_of_lines(rows, period, as_of, estimated=estimated)


def budget_table(parts: Sequence[PlanPart]) -> Table:
    rows = [
        row(
            [
                str(index),
                part.plan.short_title,
                line.source,
                number(line.amount),
                number(line.spent),
                rate(line),
            ]
        )
        for index, (part, line) in enumerate(((part, line) for part in parts for line in part.money), start=1)
    ]
    if len(rows) > 1:
        lines = [line for part in parts for line in part.money]
        rows.append(row(["", "Cộng", "", *total_cells(lines)], "total"))
    return table(
        "budget",
        "KINH PHÍ THỰC HIỆN CÁC KẾ HOẠCH",
        [
            column("STT", 5, "center"),
            column("Kế hoạch", 30),
            column("Nguồn", 24),
            column("Kinh phí giao (đồng)", 15, "right"),
            column("Thực hiện (đồng)", 15, "right"),
            column("Tỷ lệ giải ngân", 11, "right"),
        ],
        rows,
    )


def quality_table(parts: Sequence[PlanPart]) -> Table:
    return quality.table_of_forms(
        _grouped(parts, lambda part: quality.forms_rows(part.plan.area, part.as_of, part.year))
    )


def completeness_table(parts: Sequence[PlanPart]) -> Table:
    return quality.table_of_completeness(
        _grouped(parts, lambda part: quality.completeness_rows(part.standings))
    )


def _grouped(parts: Sequence[PlanPart], rows_of: Callable[[PlanPart], list[Row]]) -> list[Row]:
    """Each plan's rows under its name and boundaries."""
    rows: list[Row] = []
    for part in parts:
        own = rows_of(part)
        if own:
            rows.append(row([f"{part.title.upper()} ({part.boundaries['name']})"], "group"))
            rows += own
    return rows
