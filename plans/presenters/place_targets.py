"""One place's lines: its own figure beside what it was given or the plan's target as a benchmark (decision 0014)."""

from __future__ import annotations

from dataclasses import dataclass

from facilities.models import Area
from plans.models import AllocationVersion, PlanIndicator
from plans.presenters.allocated import Held, PlaceGoal
from plans.presenters.benchmarks import Benchmark
from plans.presenters.choices import Choices
from plans.presenters.figures import counts, printed, reports_of
from plans.presenters.places import exactness_words, is_computed
from plans.standing import LineStanding, assess_lines
from plans.standing.allocated import InForce, judged_on, read_in_force_at


@dataclass(frozen=True)
class PlaceTarget:
    """One line at the place; texts as printed, "" where there is nothing. `version` is what gave it its target."""

    line: PlanIndicator
    value: str
    counts: str
    completeness: str
    note: str
    goal: PlaceGoal
    version: AllocationVersion | None


def place_targets_of(place: Area, choices: Choices) -> list[PlaceTarget]:
    """Every line that is about the place: the queries of a scorecard, two for what was given.

    One more for each line whose share is of all the plan's years.
    """
    plan, year = choices.plan, choices.year
    given = read_in_force_at(place, plan, year, judged_on(year, choices.as_of))
    standings = assess_lines(plan, year, choices.as_of, place)
    return [
        _row(one, place, choices, given.get(one.line.pk)) for one in standings if _is_about(one.line, place)
    ]


def _is_about(line: PlanIndicator, place: Area) -> bool:
    """A line on urban communes says nothing of a rural one."""
    return not line.is_of_places or place.level != Area.Level.COMMUNE or place.is_urban


def _row(standing: LineStanding, place: Area, choices: Choices, in_force: InForce | None) -> PlaceTarget:
    """What people entered of the plan is of its whole area: only what is computed is the place's own."""
    line = standing.line
    computed = standing.computed if is_computed(line) else None
    figure = computed.figure if computed else None
    held = Held(line, choices, in_force, Benchmark.of(line, choices.year), tells_baselines=True)
    return PlaceTarget(
        line=line,
        value=printed(figure.value if figure else None, line),
        counts=counts(figure.numerator, figure.denominator) if figure else "",
        completeness=reports_of(computed, line.indicator.timing)[0] if computed else "",
        note=exactness_words(computed),
        goal=held.goal_of(place, computed),
        version=in_force.version if in_force else None,
    )
