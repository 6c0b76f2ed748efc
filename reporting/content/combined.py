"""The combined report of an agency: all plans it answers for, each on its own boundaries."""

from __future__ import annotations

from datetime import date
from typing import Any

from facilities.models import Agency
from plans.models import Plan
from reporting.content import combined_sections, combined_tables, header, tasks
from reporting.content.boundaries import lower_name
from reporting.content.combined_plans import PlanPart, read_part
from reporting.content.periods import ReportPeriod
from reporting.content.report import last_month, period_data, reach_words
from reporting.content.sections import frame
from reporting.models import Report

ANNEXES = [
    {"label": "I", "tables": ["lines"]},
    {"label": "II", "tables": ["tasks_by_agency"]},
    {"label": "III", "tables": ["quality", "completeness"]},
]


def build(report: Report, today: date) -> dict[str, Any]:
    """The tally over all plans, a part for each of them, and three annexes."""
    agency = report.agency.responsible_on(today)
    period = ReportPeriod.parse(report.year, report.period)
    as_of = last_month(period, today)
    parts = [read_part(plan, period, as_of, today) for plan in plans_of(agency, period.year, today)]
    basis = boundaries(agency)
    tables = [
        combined_tables.plans_table(parts),
        combined_tables.plan_tasks_table(parts),
        combined_tables.lines_table(parts, period, as_of),
        tasks.by_agency_table(*_all_tasks(parts)),
        combined_tables.budget_table(parts),
        combined_tables.quality_table(parts),
        combined_tables.completeness_table(parts),
    ]
    name = header.agency_name(agency)
    return {
        "plan": None,
        "period": period_data(period, as_of, today),
        "agency": {"name": agency.name, "issued_plan": agency.name},
        "header": header.header(agency, f"Kết quả {period.title} thực hiện các kế hoạch do {name} chủ trì"),
        "footer": header.footer(agency),
        "boundaries": basis,
        "legal_bases": header.legal_bases([header.full_reference(part.plan) for part in parts]),
        "opening": f"Thực hiện {len(parts):02d} kế hoạch nêu trên, {name} báo cáo kết quả {period.title} như sau:",
        "sections": frame(
            [
                ("KẾT QUẢ CHUNG", combined_sections.overall(parts, basis["text"] + reach_words(as_of))),
                ("KẾT QUẢ TỪNG KẾ HOẠCH", combined_sections.by_plan(parts)),
                ("KINH PHÍ", combined_sections.money(parts, period.year)),
            ],
            report.narrative,
            report.additions,
        ),
        "closing": f"Trên đây là báo cáo của {name} về kết quả {period.title} thực hiện các kế hoạch",
        "tables": {table["key"]: table for table in tables},
        "annexes": ANNEXES,
    }


def plans_of(agency: Agency, year: int, today: date) -> list[Plan]:
    """The plans of a year that the agency answers for today, also those its predecessors issued."""
    issuers = Agency.objects.succeeded_by([agency])
    plans = Plan.objects.filter(issuer__in=issuers, start_year__lte=year, end_year__gte=year)
    found = plans.select_related("area", "issuer__area", "issuer__successor__successor").order_by("slug")
    return [plan for plan in found if plan.issuer.responsible_on(today).pk == agency.pk]


def boundaries(agency: Agency) -> dict[str, Any]:
    """Each plan keeps to its own boundaries; its part says which."""
    area = agency.area
    return {
        "area": area.key,
        "name": area.name,
        "valid_from": area.valid_from.isoformat(),
        "valid_to": area.valid_to.isoformat() if area.valid_to else None,
        "is_restated": False,
        "text": f"Báo cáo gồm các kế hoạch thuộc trách nhiệm hiện nay ở {lower_name(area)}. Số liệu của mỗi kế "
        f"hoạch tính theo ranh giới riêng của kế hoạch đó, ghi ở từng phần; không cộng số liệu giữa các kế hoạch.",
    }


def _all_tasks(parts: list[PlanPart]) -> tuple[list[Any], list[str]]:
    return (
        [task for part in parts for task in part.tasks],
        [state for part in parts for state in part.states],
    )
