"""The list of plans: what each covers, and how its lines stand."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils import timezone

from plans.models import Plan
from plans.presenters.scorecard import tally_of
from plans.presenters.words import Verdict
from plans.standing import assess_lines


@dataclass(frozen=True)
class Entry:
    """A plan with the verdicts of its running (or last) year; no tally where only its tasks may be read."""

    plan: Plan
    year: int
    tally: list[tuple[int, Verdict]]


def present_list(plans: Iterable[Plan]) -> list[Entry]:
    """A handful of plans: each tally costs the fixed queries of one scorecard."""
    today = timezone.localdate()
    entries = []
    for plan in plans:
        year = min(max(today.year, plan.start_year), plan.end_year)
        tally = tally_of(_main(plan, year)) if plan.can_read else []
        entries.append(Entry(plan, year, tally))
    return entries


def _main(plan: Plan, year: int) -> list:
    return [standing for standing in assess_lines(plan, year) if not standing.line.is_further]
