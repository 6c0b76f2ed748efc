"""What the combined report reads of one plan."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from facilities.periods import Month
from plans.models import BudgetLine, Plan, Task
from plans.standing import LineStanding
from plans.standing.telling import Telling
from reporting.content import budget, header, tasks
from reporting.content.boundaries import boundaries
from reporting.content.lines import Before, levels_before, main_lines
from reporting.content.periods import ReportPeriod
from reporting.content.report import read_standings, same_month


@dataclass(frozen=True)
class PlanPart:
    """A plan in the report's period, on its own boundaries. `money`: the budget lines of the year."""

    plan: Plan
    as_of: Month | None
    year: int
    standings: Sequence[LineStanding]
    before: Before
    tasks: Sequence[Task]
    states: Sequence[str]
    money: Sequence[BudgetLine]
    boundaries: dict[str, Any]

    @property
    def main(self) -> list[LineStanding]:
        return main_lines(self.standings)

    @property
    def title(self) -> str:
        """ "Kế hoạch số 683/KH-SYT: Kế hoạch ngành y tế …"."""
        return f"{header.document_name(self.plan)}: {self.plan.short_title}"


def read_part(plan: Plan, period: ReportPeriod, as_of: Month | None, today: date) -> PlanPart:
    telling = Telling(plan.area)
    standings = read_standings(plan, period.year, as_of, telling)
    then = read_standings(plan, period.year - 1, same_month(as_of), telling) if as_of else []
    plan_tasks = tasks.read_tasks(plan)
    return PlanPart(
        plan=plan,
        as_of=as_of,
        year=period.year,
        standings=standings,
        before=levels_before(standings, then),
        tasks=plan_tasks,
        states=[tasks.state_of(task, period, today) for task in plan_tasks],
        money=[line for line in budget.read_budget(plan) if line.year == period.year],
        boundaries=boundaries(plan.area, today),
    )
