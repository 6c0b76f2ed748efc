"""The review of several years of a plan: sơ kết while it runs, tổng kết at its end."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from facilities.models import Area
from facilities.periods import Month
from plans.charts.plain import as_plain
from plans.models import BudgetLine, Plan, Task
from plans.standing import LineStanding
from plans.standing.assess import is_period_count
from plans.standing.telling import Telling
from reporting.content import budget, header, review_charts, review_tables, review_words, tasks
from reporting.content.boundaries import area_of, of_report, subject_words
from reporting.content.cells import Table
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
DETAILS = "Chi tiết tại các Phụ lục I, II kèm theo."
CHART_WORDS = (
    "Biểu đồ của các chỉ tiêu có số liệu từ ba năm trở lên, kể cả năm gốc in trong kế hoạch. Vạch đứt là mức kế hoạch "
    "của năm; điểm rỗng là số lượng của năm chưa hết."
)


@dataclass(frozen=True)
class _Seen:
    """Everything a review tells, read once. `ends`: of each year reviewed the last month that counts."""

    plan: Plan
    period: ReportPeriod
    ends: dict[int, Month | None]
    area: Area
    by_year: dict[int, list[LineStanding]]
    tasks: Sequence[Task]
    states: Sequence[str]
    budget: Sequence[BudgetLine]

    @property
    def years(self) -> range:
        return range(min(self.ends), self.period.year + 1)

    @property
    def as_of(self) -> Month | None:
        return self.ends[self.period.year]

    @property
    def money(self) -> list[BudgetLine]:
        """Of the years reviewed."""
        return [line for line in self.budget if line.year in self.years]

    @property
    def title(self) -> str:
        return f"{kind_words(self.plan, self.period)} {span_words(self.years, self.period)}"

    @property
    def title_within(self) -> str:
        """The title inside a sentence."""
        return f"{self.title[0].lower()}{self.title[1:]}"


def build(report: Report, today: date) -> dict[str, Any]:
    """Sections I to VII over the years, and two annexes: the lines by years, the quality of their figures."""
    seen = _read(report, today)
    lines = line_years(seen.plan, seen.by_year, seen.years)
    boundaries = of_report(report, seen.area, today)
    drawn = review_charts.charts(lines)
    return {
        **_letter(report, seen, today),
        "plan": plan_data(seen.plan),
        "period": {
            **period_data(seen.period, seen.as_of, today),
            "title": seen.title_within,
            "start_year": seen.years[0],
        },
        "boundaries": boundaries,
        "sections": _sections(report, seen, lines, list(drawn), boundaries["text"]),
        "tables": {table["key"]: table for table in _tables(seen, lines)},
        "charts": {key: as_plain(chart) for key, chart in drawn.items()},
        "annexes": ANNEXES,
    }


def _letter(report: Report, seen: _Seen, today: date) -> dict[str, Any]:
    """What stands around the sections: who writes to whom about what."""
    plan, agency = seen.plan, seen.plan.issuer.responsible_on(today)
    name = header.agency_name(agency)
    subject = f"{seen.title} thực hiện {header.plan_name(plan)}{subject_words(report, seen.area)}"
    return {
        "agency": {"name": agency.name, "issued_plan": plan.issuer.name},
        "header": header.header(agency, subject),
        "footer": header.footer(agency),
        "legal_bases": header.legal_bases(plan.legal_bases),
        "opening": f"Thực hiện {header.full_reference(plan)}, {name} báo cáo {seen.title_within} như sau:",
        "closing": f"Trên đây là báo cáo {seen.title_within} của {name} về thực hiện "
        f"{header.document_name(plan)}",
    }


def _sections(
    report: Report, seen: _Seen, lines: Sequence[LineYears], drawn: Sequence[str], basis: str
) -> list[dict[str, Any]]:
    results = _results(lines, seen.period.year, basis + reach_words(seen.as_of))
    paragraphs = budget.period_paragraphs(seen.budget, seen.years)
    return frame(
        [
            (
                "KẾT QUẢ THỰC HIỆN MỤC TIÊU, CHỈ TIÊU",
                [*results, *_course(drawn), block("paragraph", DETAILS)],
            ),
            ("KẾT QUẢ THỰC HIỆN NHIỆM VỤ", task_blocks(seen.tasks, seen.states)),
            ("KINH PHÍ", money_blocks(paragraphs, has_table=bool(seen.money))),
        ],
        report.narrative,
        report.additions,
    )


def _tables(seen: _Seen, lines: Sequence[LineYears]) -> list[Table]:
    return [
        review_tables.lines_table(seen.plan, lines, seen.years, seen.as_of),
        review_tables.years_table({year: seen.by_year[year] for year in seen.years}),
        tasks.tasks_table(seen.tasks, seen.states),
        tasks.by_agency_table(seen.tasks, seen.states),
        budget.budget_table(seen.money),
        review_tables.quality_table(seen.area, seen.ends),
        review_tables.completeness_table(lines, seen.years),
    ]


def kind_words(plan: Plan, period: ReportPeriod) -> str:
    """A review at the plan's end is its tổng kết, any before that a sơ kết."""
    return "Tổng kết" if period.year == plan.end_year and period.code == YEAR else "Sơ kết"


def span_words(years: range, period: ReportPeriod) -> str:
    """ "05 năm (2021 - 2025)", "từ năm 2021 đến hết tháng 9/2025"."""
    if period.code != YEAR:
        return f"từ năm {years[0]} đến hết tháng {month_words(period.last)}"
    return f"{len(years):02d} năm ({years[0]} - {years[-1]})"


def _read(report: Report, today: date) -> _Seen:
    plan, years = report.plan, range(report.start_year, report.year + 1)
    period, area = ReportPeriod.parse(report.year, report.period), area_of(report, today)
    ends = {year: Month(year, 12) for year in years[:-1]} | {period.year: last_month(period, today)}
    plan_tasks = tasks.read_tasks(plan)
    return _Seen(
        plan=plan,
        period=period,
        ends=ends,
        area=area,
        by_year=_standings(plan, ends, area),
        tasks=plan_tasks,
        states=[tasks.state_of(task, period, today) for task in plan_tasks],
        budget=budget.read_budget(plan),
    )


def _standings(plan: Plan, ends: dict[int, Month | None], area: Area) -> dict[int, list[LineStanding]]:
    """The lines year by year; from the plan's first year where one of them promises a sum of all years."""
    telling = Telling(area)
    found = {year: read_standings(plan, year, as_of, telling) for year, as_of in ends.items()}
    first = min(found)
    if any(is_period_count(plan, one.line) for one in found[first]):
        earlier = range(plan.start_year, first)
        found |= {year: read_standings(plan, year, Month(year, 12), telling) for year in earlier}
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
    ]


def _course(drawn: Sequence[str]) -> list[Block]:
    """The charts, two beside each other."""
    if not drawn:
        return []
    return [
        block("heading", "3. Diễn biến qua các năm"),
        block("paragraph", CHART_WORDS),
        *[{"kind": "chart", "key": key, "size": "half"} for key in drawn],
    ]
