"""All of a plan as its planner edits it."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from plans.models import BudgetLine, Objective, Plan, PlanIndicator, Task
from plans.presenters.line import YearTarget, targets_by_year


@dataclass(frozen=True)
class OutlineLine:
    """A line with one entry for every year of the plan; a year without a target has an empty text."""

    line: PlanIndicator
    targets: list[YearTarget]


@dataclass(frozen=True)
class OutlineObjective:
    objective: Objective
    lines: list[OutlineLine]


@dataclass(frozen=True)
class Outline:
    objectives: list[OutlineObjective]
    tasks: list[Task]
    budget: list[BudgetLine]


def present_outline(plan: Plan) -> Outline:
    """Five queries whatever the size of the plan."""
    lines = list(plan.lines.select_related("indicator").prefetch_related("targets"))
    return Outline(
        objectives=[
            OutlineObjective(o, [_line(line, plan) for line in lines if line.objective_id == o.pk])
            for o in plan.objectives.all()
        ],
        tasks=list(plan.tasks.all()),
        budget=list(plan.budget_lines.all()),
    )


def _line(line: PlanIndicator, plan: Plan) -> OutlineLine:
    by_year = {target.year: target for target in targets_by_year(line)}
    return OutlineLine(line, [by_year.get(year, YearTarget(year, "", [], False)) for year in plan.years])


def contents_of(plan: Plan) -> list[str]:
    """What goes with a plan that is deleted, counted in words."""
    parts = [
        (plan.objectives.count(), _("%(count)d mục tiêu")),
        (plan.lines.count(), _("%(count)d dòng chỉ tiêu cùng chỉ tiêu từng năm")),
        (plan.tasks.count(), _("%(count)d nhiệm vụ")),
        (plan.budget_lines.count(), _("%(count)d dòng kinh phí")),
        (len(plan.sections), _("%(count)d phần của toàn văn")),
    ]
    return [words % {"count": count} for count, words in parts if count]
