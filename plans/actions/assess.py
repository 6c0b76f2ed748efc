"""The standing of a plan as other programs read it (`assess_plan`)."""

from __future__ import annotations

from typing import Any

from facilities.periods import Month
from plans.exchange import plain
from plans.models import Plan
from plans.presenters.explanation import explain
from plans.standing import LineStanding, assess_lines
from plans.standing.telling import Telling


def assess_plan(
    plan: Plan, *, year: int, as_of: Month | None = None, further: bool = False, shared: bool = False
) -> list[dict[str, Any]]:
    """One object a quantitative line, with `further` also the lines that stand only in the body.

    `shared`: as a document may tell them. Raises AsOfOutsideYear.
    """
    standings = assess_lines(plan, year, as_of)
    if shared:
        standings = Telling(plan.area).told(standings)
    return [as_data(standing) for standing in standings if further or not standing.line.is_further]


def as_data(standing: LineStanding) -> dict[str, Any]:
    line, assessment = standing.line, standing.assessment
    return {
        "key": line.key,
        "objective": line.objective.label,
        "label": line.label,
        "name": line.name,
        "group": line.group_text or None,
        "year": standing.year,
        "as_of": str(standing.as_of) if standing.as_of else None,
        "target_text": standing.target_text,
        "value": plain(standing.value),
        "numerator": plain(standing.numerator),
        "denominator": plain(standing.denominator),
        "source": standing.source,
        "status": str(assessment.status),
        "percent_of_target": plain(assessment.percent_of_target),
        "difference": plain(assessment.difference),
        "projected": plain(standing.projected),
        "projected_interval": _limits(standing.projected_interval),
        "pace": plain(assessment.pace),
        "interval": _limits(assessment.interval),
        "reported": standing.reported,
        "expected": standing.expected,
        "hidden": standing.is_hidden,
        "flags": list(assessment.flags),
        "explanation": explain(standing) or None,
    }


def _limits(limits: tuple[float, float] | None) -> list[int | float | None] | None:
    return [plain(limit) for limit in limits] if limits else None
