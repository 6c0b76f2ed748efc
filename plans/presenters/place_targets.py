"""One place's lines: its own figure beside what it was given or the plan's target as a benchmark (decision 0014)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from facilities.models import Area
from facilities.periods import Month
from indicators.reading import MonthFigures, figures_of
from indicators.seasonality import Pace
from plans.models import AllocationVersion, PlanIndicator
from plans.presenters.allocated import Held, PlaceGoal
from plans.presenters.benchmarks import Benchmark
from plans.presenters.choices import Choices
from plans.presenters.figures import counts_of, printed, reports_of
from plans.presenters.places import exactness_words, is_computed
from plans.standing import assess_lines
from plans.standing.allocated import InForce, judged_on, read_in_force_at
from plans.standing.figures import compute_line
from plans.standing.pace import read_paces
from plans.standing.sources import result_key


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
    """Every line that is about the place, held to the pace of the whole area as the whole is.

    The queries of a scorecard, up to two each for paces and for the place's figures, two for what was given. One more
    for each line whose share is of all the plan's years.
    """
    plan, year = choices.plan, choices.year
    given = read_in_force_at(place, plan, year, judged_on(year, choices.as_of))
    wholes = assess_lines(plan, year, choices.as_of)
    paces = read_paces(wholes, plan.area)
    about = [one.line for one in wholes if _is_about(one.line, place)]
    months = _months(about, place, choices)
    return [_row(line, place, choices, months, paces[line.pk], given.get(line.pk)) for line in about]


def _is_about(line: PlanIndicator, place: Area) -> bool:
    """A line on urban communes says nothing of a rural one."""
    return not line.is_of_places or place.level != Area.Level.COMMUNE or place.is_urban


def _months(lines: Sequence[PlanIndicator], place: Area, choices: Choices) -> dict[int, list[MonthFigures]]:
    """The place's months of the year to date by line id. A line on urban places adds up those of a district."""
    if choices.as_of is None:
        return {}
    within = (Month(choices.year, 1), choices.as_of)
    asked: dict[bool, list[PlanIndicator]] = defaultdict(list)
    for line in lines:
        if is_computed(line):
            asked[line.is_of_places and place.level != Area.Level.COMMUNE].append(line)
    months: dict[int, list[MonthFigures]] = {}
    for urban_only, of_kind in asked.items():
        keys = {result_key(line) for line in of_kind}
        found = figures_of(area=place, indicator_groups=keys, months=within, urban_only=urban_only)
        months |= {line.pk: found.get(result_key(line), []) for line in of_kind}
    return months


def _row(
    line: PlanIndicator,
    place: Area,
    choices: Choices,
    months: Mapping[int, list[MonthFigures]],
    pace: Pace,
    in_force: InForce | None,
) -> PlaceTarget:
    """What people entered of the plan is of its whole area: only what is computed is the place's own."""
    computed = compute_line(line, months[line.pk], pace=pace) if line.pk in months else None
    figure = computed.figure if computed else None
    benchmark = Benchmark.of(line, choices.year, pace)
    held = Held(line, choices, in_force, benchmark, tells_baselines=True, pace=pace)
    return PlaceTarget(
        line=line,
        value=printed(figure.value if figure else None, line),
        counts=counts_of(figure, line.indicator.timing) if figure else "",
        completeness=reports_of(computed, line.indicator.timing)[0] if computed else "",
        note=exactness_words(computed),
        goal=held.goal_of(place, computed),
        version=in_force.version if in_force else None,
    )
