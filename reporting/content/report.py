"""The report of a plan for a period, as plain data."""

from __future__ import annotations

from datetime import date
from typing import Any

from facilities.models import Area
from facilities.periods import Month
from indicators.reading import last_computed_month
from plans.models import Plan
from plans.standing import LineStanding, assess_lines
from plans.standing.telling import Telling
from reporting.content import budget, communes, header, quality, tasks
from reporting.content.boundaries import area_of, of_report, subject_words
from reporting.content.lines import levels_before, lines_table
from reporting.content.periods import ReportPeriod, month_words
from reporting.content.sections import sections
from reporting.models import Report

COMMUNES = "communes"
ANNEXES = [
    {"label": "I", "tables": ["lines"]},
    {"label": "II", "tables": [COMMUNES]},
    {"label": "III", "tables": ["quality", "completeness"]},
]


def draft(report: Report, today: date) -> dict[str, Any]:
    """The report without Annex II, which asks the results of every commune: a query a line."""
    return build(report, today, with_communes=False)


def build(report: Report, today: date, *, with_communes: bool = True) -> dict[str, Any]:
    """Sections I to VII and three annexes: the lines, the communes, the quality of the figures."""
    plan = report.plan
    period = ReportPeriod.parse(report.year, report.period)
    agency = plan.issuer.responsible_on(today)
    as_of, area = last_month(period, today), area_of(report, today)
    telling = Telling(area)
    standings = read_standings(plan, period.year, as_of, telling)
    then = read_standings(plan, period.year - 1, same_month(as_of), telling) if as_of else []
    before = levels_before(standings, then)
    plan_tasks, budget_lines = tasks.read_tasks(plan), budget.read_budget(plan)
    states = [tasks.state_of(task, period, today) for task in plan_tasks]
    boundaries = of_report(report, area, today)
    tables = [
        lines_table(plan, period, standings, before, as_of),
        *([communes.communes_table(area, period, standings, as_of)] if with_communes else []),
        tasks.tasks_table(plan_tasks, states),
        tasks.by_agency_table(plan_tasks, states),
        budget.budget_table(budget_lines),
        quality.forms_table(area, as_of, period.year),
        quality.completeness_table(standings),
    ]
    name = header.agency_name(agency)
    return {
        "plan": plan_data(plan),
        "period": period_data(period, as_of, today),
        "agency": {"name": agency.name, "issued_plan": plan.issuer.name},
        "header": header.header(agency, header.subject(plan, period) + subject_words(report, area)),
        "footer": header.footer(agency),
        "boundaries": boundaries,
        "legal_bases": header.legal_bases(plan.legal_bases),
        "opening": f"Thực hiện {header.full_reference(plan)}, {name} báo cáo kết quả {period.title} như sau:",
        "sections": sections(
            period=period,
            standings=standings,
            before=before,
            plan_tasks=plan_tasks,
            budget_lines=budget_lines,
            narrative=report.narrative,
            additions=report.additions,
            basis=boundaries["text"] + reach_words(as_of),
            today=today,
        ),
        "closing": f"Trên đây là báo cáo của {name} về kết quả {period.title} thực hiện "
        f"{header.document_name(plan)}",
        "tables": {table["key"]: table for table in tables},
        "annexes": [one for one in ANNEXES if with_communes or COMMUNES not in one["tables"]],
    }


def last_month(period: ReportPeriod, today: date) -> Month | None:
    """The last month that counts: the period's own once it is over, else the last one computed in it."""
    if period.is_over(today):
        return period.last
    newest = last_computed_month(period.year, today)
    return min(newest, period.last) if newest else None


def same_month(as_of: Month) -> Month:
    """The same month of the year before."""
    return Month(as_of.year - 1, as_of.number)


def read_standings(plan: Plan, year: int, as_of: Month | None, telling: Telling) -> list[LineStanding]:
    """The plan's lines in a year up to a month, as a document may tell them, each line with its plan."""
    return telling.told(standings_inside(plan, year, as_of, telling.area))


def standings_inside(plan: Plan, year: int, as_of: Month | None, area: Area) -> list[LineStanding]:
    """The same in full, on the boundaries of `area`: for whoever works on the report's figures."""
    standings = assess_lines(plan, year, as_of, boundaries=area)
    for standing in standings:
        standing.line.plan = plan
    return standings


def reach_words(as_of: Month | None) -> str:
    return f" Số liệu tính đến hết tháng {month_words(as_of)}." if as_of else ""


def period_data(period: ReportPeriod, as_of: Month | None, today: date) -> dict[str, Any]:
    return {
        "year": period.year,
        "code": period.code,
        "title": period.title,
        "as_of": str(as_of) if as_of else None,
        "as_of_text": month_words(as_of) if as_of else "",
        "is_over": period.is_over(today),
    }


def plan_data(plan: Plan) -> dict[str, Any]:
    return {
        "slug": plan.slug,
        "number": plan.number,
        "title": plan.title,
        "short_title": plan.short_title,
        "area": plan.area.key,
        "issued_on": plan.issued_on.isoformat() if plan.issued_on else None,
        "years": [plan.start_year, plan.end_year],
    }
