"""What the page that begins a report offers: the kinds, and first the plan asked for, its running year, the period
to date."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from plans.models import Plan
from reporting.content import BUILDERS
from reporting.content.periods import YEAR
from reporting.models import Report

Kind = Report.Kind


@dataclass(frozen=True)
class KindChoice:
    """A kind of report that can be begun, in the reader's words."""

    kind: str
    label: str
    words: str
    is_current: bool


WORDS: dict[str, Promise] = {
    Kind.PLAN: _("Một kế hoạch trong một kỳ: 6 tháng, 9 tháng, cả năm hoặc đến hết một tháng."),
    Kind.REVIEW: _(
        "Một kế hoạch qua nhiều năm: từng chỉ tiêu mỗi năm, xu hướng, mức đạt so với chỉ tiêu cuối kỳ."
    ),
    Kind.COMBINED: _("Mọi kế hoạch trong năm thuộc trách nhiệm của một cơ quan, mỗi kế hoạch một phần."),
    Kind.SHEETS: _("Mỗi xã, phường một phiếu kết quả của một kế hoạch, làm một lượt cho cả địa bàn."),
    Kind.BRIEF: _("Một kế hoạch trong một trang: chỉ tiêu nào đạt, nguy cơ không đạt, có gì đổi."),
}


def kind_choices(current: str) -> list[KindChoice]:
    """Every kind that can be built, in the order of the model."""
    return [
        KindChoice(kind, str(Kind(kind).label), str(WORDS[kind]), kind == current)
        for kind in Kind.values
        if kind in BUILDERS
    ]


def first_choice(plans: QuerySet[Plan], kind: str, wanted: str, year: str, today: date) -> dict[str, Any]:
    """Initial `plan` (slug or None), `year` and `period`; of a review also `start_year`, of a combined report
    `agency` (its key or None) instead of the plan.

    `wanted` names a plan by slug or by number.
    """
    plan = _find(plans, wanted)
    chosen = int(year) if year.isdecimal() and len(year) == 4 else today.year
    if kind == Kind.COMBINED:
        agency = plan.issuer.responsible_on(today).pk if plan else None
        return {"agency": agency, "year": chosen, "period": period_to_date(chosen, today)}
    if kind == Kind.REVIEW:
        return _years(plan, today)
    if plan and chosen not in plan.years:
        chosen = min(max(today.year, plan.start_year), plan.end_year)
    return {"plan": plan.slug if plan else None, "year": chosen, "period": period_to_date(chosen, today)}


def _years(plan: Plan | None, today: date) -> dict[str, Any]:
    """The plan's years so far."""
    if plan is None:
        return {"plan": None, "start_year": None, "year": today.year - 1, "period": YEAR}
    last = min(max(today.year, plan.start_year + 1), plan.end_year)
    return {
        "plan": plan.slug,
        "start_year": plan.start_year,
        "year": last,
        "period": period_to_date(last, today),
    }


def period_to_date(year: int, today: date) -> str:
    """The whole year once it is over, else up to its last month that is over (in January: that month)."""
    return YEAR if year != today.year else f"{max(1, today.month - 1):02d}"


def _find(plans: QuerySet[Plan], wanted: str) -> Plan | None:
    found = plans.filter(slug=wanted).first()
    # Ten digits at most: a longer number is no key and would not fit the column.
    if found is None and wanted.isdecimal() and len(wanted) <= 10:
        found = plans.filter(pk=int(wanted)).first()
    return found or (plans.get() if plans.count() == 1 else None)
