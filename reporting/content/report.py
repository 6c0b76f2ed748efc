"""The report of a plan for a period, as plain data."""

from __future__ import annotations

from datetime import date
from typing import Any

from facilities.periods import Month
from indicators.reading import last_computed_month
from plans.standing import assess_lines
from reporting.content import budget, communes, header, quality, tasks
from reporting.content.lines import levels_before, lines_table
from reporting.content.periods import ReportPeriod, month_words
from reporting.content.sections import sections
from reporting.models import Report

ANNEXES = [
    {"label": "I", "tables": ["lines"]},
    {"label": "II", "tables": ["communes"]},
    {"label": "III", "tables": ["quality", "completeness"]},
]


def build(report: Report, today: date) -> dict[str, Any]:
    """Sections I to VII and three annexes: the lines, the communes, the quality of the figures."""
    plan = report.plan
    period = ReportPeriod.parse(report.year, report.period)
    agency = plan.issuer.responsible_on(today)
    as_of = last_month(period, today)
    standings = assess_lines(plan, period.year, as_of) if as_of else assess_lines(plan, period.year)
    then = assess_lines(plan, period.year - 1, Month(period.year - 1, as_of.number)) if as_of else []
    for standing in standings:
        standing.line.plan = plan
    before = levels_before(standings, then)
    plan_tasks, budget_lines = tasks.read_tasks(plan), budget.read_budget(plan)
    states = [tasks.state_of(task, period, today) for task in plan_tasks]
    boundaries = header.boundaries(plan.area, today)
    reach = f" Số liệu tính đến hết tháng {month_words(as_of)}." if as_of else ""
    tables = [
        lines_table(plan, period, standings, before, as_of),
        communes.communes_table(plan, period, standings, as_of),
        tasks.tasks_table(plan_tasks, states),
        tasks.by_agency_table(plan_tasks, states),
        budget.budget_table(budget_lines),
        quality.forms_table(plan, as_of, period.year),
        quality.completeness_table(standings),
    ]
    name = header.agency_name(agency)
    return {
        "plan": _plan(report),
        "period": {
            "year": period.year,
            "code": period.code,
            "title": period.title,
            "as_of": str(as_of) if as_of else None,
            "as_of_text": month_words(as_of) if as_of else "",
            "is_over": period.is_over(today),
        },
        "agency": {"name": agency.name, "issued_plan": plan.issuer.name},
        "header": header.header(plan, agency, period),
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
            basis=boundaries["text"] + reach,
            today=today,
        ),
        "closing": f"Trên đây là báo cáo của {name} về kết quả {period.title} thực hiện "
        f"{header.document_name(plan)}",
        "tables": {table["key"]: table for table in tables},
        "annexes": ANNEXES,
    }


def last_month(period: ReportPeriod, today: date) -> Month | None:
    """The last month that counts: the period's own once it is over, else the last one computed in it."""
    if period.is_over(today):
        return period.last
    newest = last_computed_month(period.year, today)
    return min(newest, period.last) if newest else None


def _plan(report: Report) -> dict[str, Any]:
    plan = report.plan
    return {
        "slug": plan.slug,
        "number": plan.number,
        "title": plan.title,
        "short_title": plan.short_title,
        "area": plan.area.key,
        "issued_on": plan.issued_on.isoformat() if plan.issued_on else None,
        "years": [plan.start_year, plan.end_year],
    }
