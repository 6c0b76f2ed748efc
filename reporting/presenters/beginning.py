"""What the page that begins a report offers first: the plan asked for, its running year, the period to date."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import QuerySet

from plans.models import Plan
from reporting.content.periods import YEAR


def first_choice(plans: QuerySet[Plan], wanted: str, year: str, today: date) -> dict[str, Any]:
    """Initial `plan` (slug or None), `year` and `period`. `wanted` names a plan by slug or by number."""
    plan = _find(plans, wanted)
    chosen = int(year) if year.isdecimal() and len(year) == 4 else today.year
    if plan and chosen not in plan.years:
        chosen = min(max(today.year, plan.start_year), plan.end_year)
    return {"plan": plan.slug if plan else None, "year": chosen, "period": period_to_date(chosen, today)}


def period_to_date(year: int, today: date) -> str:
    """The whole year once it is over, else up to its last month that is over (in January: that month)."""
    return YEAR if year != today.year else f"{max(1, today.month - 1):02d}"


def _find(plans: QuerySet[Plan], wanted: str) -> Plan | None:
    found = plans.filter(slug=wanted).first()
    # Ten digits at most: a longer number is no key and would not fit the column.
    if found is None and wanted.isdecimal() and len(wanted) <= 10:
        found = plans.filter(pk=int(wanted)).first()
    return found or (plans.get() if plans.count() == 1 else None)
