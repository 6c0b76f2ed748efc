"""The review of several years of a plan: sơ kết while it runs, tổng kết at its end."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from facilities.models import Area
from facilities.periods import Month
from plans.models import Plan
from plans.standing import LineStanding
from plans.standing.assess import is_period_count
from reporting.content import budget, header, review_tables, review_words, tasks
from reporting.content.boundaries import area_of, of_report, subject_words
from reporting.content.line_years import LineYears, line_years
from reporting.content.lines import main_lines
from reporting.content.periods import YEAR, ReportPeriod, month_words
from reporting.content.report import last_month, period_data, plan_data, reach_words, read_standings
from reporting.content.sections import Block, block, by_objective, frame, money_blocks, task_blocks
from reporting.models import Report

ANNEXES = [
    {"label": "I", "tables": ["lines"]},
    {"label": "II", "tables": ["quality", "completeness"]},
]


def build(report: Report, today: date) -> dict[str, Any]:
    """Sections I to VII over the years, and two annexes: the lines by years, the quality of their figures."""
    plan, years = report.plan, range(report.start_year, report.year + 1)
    period = ReportPeriod.parse(report.year, report.period)
    agency = plan.issuer.responsible_on(today)
    as_of, area = last_month(period, today), area_of(report, today)
    ends = {year: Month(year, 12) for year in years[:-1]} | {period.year: as_of}
    by_year = _read(plan, ends, area)
    lines = line_years(plan, by_year, years)
    plan_tasks, budget_lines = tasks.read_tasks(plan), budget.read_budget(plan)
    states = [tasks.state_of(task, period, today) for task in plan_tasks]
    money = [line for line in budget_lines if line.year in years]
    boundaries = of_report(report, area, today)
    shown = {year: by_year[year] for year in years}
    tables = [
        review_tables.lines_table(plan, lines, years, as_of),
        review_tables.years_table(shown),
        tasks.tasks_table(plan_tasks, states),
        tasks.by_agency_table(plan_tasks, states),
        budget.budget_table(money),
        review_tables.quality_table(area, ends),
        review_tables.completeness_table(lines, years),
    ]
    name, title = header.agency_name(agency), f"{kind_words(plan, period)} {span_words(years, period)}"
    subject = f"{title} thực hiện {header.plan_name(plan)}{subject_words(report, area)}"
    paragraphs = budget.period_paragraphs(budget_lines, years)
    return {
        "plan": plan_data(plan),
        "period": {
            **period_data(period, as_of, today),
            "title": f"{title[0].lower()}{title[1:]}",
            "start_year": years[0],
        },
        "agency": {"name": agency.name, "issued_plan": plan.issuer.name},
        "header": header.header(agency, subject),
        "footer": header.footer(agency),
        "boundaries": boundaries,
        "legal_bases": header.legal_bases(plan.legal_bases),
        "opening": f"Thực hiện {header.full_reference(plan)}, {name} báo cáo "
        f"{title[0].lower()}{title[1:]} như sau:",
        "sections": frame(
            [
                (
                    "KẾT QUẢ THỰC HIỆN MỤC TIÊU, CHỈ TIÊU",
                    _results(lines, period.year, boundaries["text"] + reach_words(as_of)),
                ),
                ("KẾT QUẢ THỰC HIỆN NHIỆM VỤ", task_blocks(plan_tasks, states)),
                ("KINH PHÍ", money_blocks(paragraphs, has_table=bool(money))),
            ],
            report.narrative,
            report.additions,
        ),
        "closing": f"Trên đây là báo cáo {title[0].lower()}{title[1:]} của {name} về thực hiện "
        f"{header.document_name(plan)}",
        "tables": {table["key"]: table for table in tables},
        "annexes": ANNEXES,
    }


def kind_words(plan: Plan, period: ReportPeriod) -> str:
    """A review at the plan's end is its tổng kết, any before that a sơ kết."""
    return "Tổng kết" if period.year == plan.end_year and period.code == YEAR else "Sơ kết"


def span_words(years: range, period: ReportPeriod) -> str:
    """ "05 năm (2021 - 2025)", "từ năm 2021 đến hết tháng 9/2025"."""
    if period.code != YEAR:
        return f"từ năm {years[0]} đến hết tháng {month_words(period.last)}"
    return f"{len(years):02d} năm ({years[0]} - {years[-1]})"


def _read(plan: Plan, ends: dict[int, Month | None], area: Area) -> dict[int, list[LineStanding]]:
    """The lines year by year; from the plan's first year where one of them promises a sum of all years."""
    found = {year: read_standings(plan, year, as_of, area) for year, as_of in ends.items()}
    first = min(found)
    if any(is_period_count(plan, one.line) for one in found[first]):
        earlier = range(plan.start_year, first)
        found |= {year: read_standings(plan, year, Month(year, 12), area) for year in earlier}
    return dict(sorted(found.items()))


def _results(lines: Sequence[LineYears], last: int, basis: str) -> list[Block]:
    by_key = {one.line.key: one for one in lines}
    standings = [one.last for one in lines]
    main = [by_key[standing.line.key] for standing in main_lines(standings)]
    return [
        block("heading", "1. Đánh giá chung"),
        block("paragraph", review_words.overall(main, last), "overall"),
        {"kind": "table", "key": "years"},
        block("paragraph", review_words.steadiness(main), "steadiness"),
        block("paragraph", review_words.direction(main), "direction_of_change"),
        block("paragraph", basis),
        block("heading", "2. Kết quả cụ thể"),
        *by_objective(standings, lambda one: review_words.sentence(by_key[one.line.key])),
        block("paragraph", "Chi tiết tại các Phụ lục I, II kèm theo."),
    ]
