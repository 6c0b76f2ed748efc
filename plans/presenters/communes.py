"""The communes of a line's area with their figures: read once, for the ranking, the months and the map alike."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import TYPE_CHECKING

from facilities.models import Area
from facilities.periods import Month
from indicators.models import Indicator
from indicators.models.results import Exactness
from indicators.reading import MonthFigures, communes_of
from indicators.seasonality import EVEN, Pace
from indicators.timing import YearFigure
from plans.models import PlanIndicator
from plans.presenters.benchmarks import Benchmark, Limits, limits_of
from plans.presenters.choices import Choices
from plans.presenters.figures import reports_counted
from plans.presenters.hiding import Hiding
from plans.presenters.places import is_computed, share_sources
from plans.standing.figures import compute_line
from plans.standing.records import Computed, MonthPoint
from plans.standing.sources import result_key

if TYPE_CHECKING:
    from plans.presenters.allocated import PlaceGoal

WORST, NAME, REPORTED = SORTS = ("value", "name", "reported")


@dataclass(frozen=True)
class Commune:
    """One commune's year to date. `is_met` against the plan's mark, None where nothing can be said.

    `source` says whose share an estimate rests on, `goal` what the commune is held to. `is_hidden`: its count
    could point at a person or give one away, and is taken out; then nothing of it may be shown but its name,
    its reports, its denominator and what it was given.
    """

    area: Area
    computed: Computed | None
    months: dict[Month, MonthFigures]
    reported: int
    expected: int
    denominator: Fraction | None
    limits: Limits | None
    distance: Fraction | None
    is_met: bool | None
    straddles: bool
    source: str = ""
    goal: PlaceGoal | None = None
    is_hidden: bool = False

    @property
    def figure(self) -> YearFigure | None:
        return self.computed.figure if self.computed else None

    @property
    def value(self) -> Fraction | None:
        return self.figure.value if self.figure else None

    @property
    def exactness(self) -> str:
        return self.computed.exactness if self.computed else Exactness.EXACT

    @property
    def passed(self) -> frozenset[int]:
        """The months of the year that the figure stands for."""
        return self.computed.passed if self.computed else frozenset()

    @property
    def points(self) -> dict[Month, MonthPoint]:
        return {point.month: point for point in self.computed.series} if self.computed else {}


def read_communes(line: PlanIndicator, choices: Choices, pace: Pace = EVEN) -> list[Commune]:
    """Communes of the chosen boundaries, by name. A line on urban communes shows those.

    `pace` is that of the whole area, of `standing.pace.read_pace`: the parts are held to it as the whole is. Two
    queries, one more where a figure is estimated by a share.
    """
    if not is_computed(line) or choices.as_of is None:
        return []
    indicator, group = result_key(line)
    months = (Month(choices.year, 1), choices.as_of)
    found = communes_of(area=choices.area, indicator=indicator, group=group, months=months)
    areas = Area.objects.filter(pk__in=found)
    if line.is_of_places:
        areas = areas.filter(is_urban=True)
    benchmark = Benchmark.of(line, choices.year, pace)
    communes = [
        _commune(area, found[area.pk], line, benchmark, pace)
        for area in areas.order_by("folded_name", "code")
    ]
    sources = share_sources({one.area.pk for one in communes if one.exactness == Exactness.ESTIMATE})
    return [replace(one, source=sources.get(one.area.pk, "")) for one in communes]


def outgoing(communes: Sequence[Commune], hiding: Hiding, last: Month | None) -> list[Commune]:
    """The communes as they may leave: every file, and every reader who may not see submissions, gets these.

    The only door for figures of communes on their way out. It takes out those whose year up to `last` is hidden.
    """
    return [
        _hidden(one) if one.figure and hiding.year(one.area.pk, last, one.figure.numerator) else one
        for one in communes
    ]


def order(communes: Sequence[Commune], line: PlanIndicator, sort: str) -> list[Commune]:
    """By value the worst first, by completeness the emptiest; communes without a figure come last.

    Hidden ones stand behind all by name: their place in the order would tell their value.
    """
    shown = [one for one in communes if not one.is_hidden]
    hidden = [one for one in communes if one.is_hidden]
    return [
        *sorted(shown, key=lambda one: _place(one, line, sort)),
        *sorted(hidden, key=lambda one: _place(one, line, NAME)),
    ]


def _commune(
    area: Area, months: list[MonthFigures], line: PlanIndicator, benchmark: Benchmark | None, pace: Pace
) -> Commune:
    computed = compute_line(line, months, pace=pace)
    figure = computed.figure if computed else None
    value, passed = (figure.value, computed.passed) if computed and figure else (None, frozenset())
    limits = limits_of(figure, line)
    reported, expected = reports_counted(computed, line.indicator.timing)
    compared = benchmark is not None and value is not None
    return Commune(
        area=area,
        computed=computed,
        months={Month.of(month.month): month for month in months},
        reported=reported,
        expected=expected,
        denominator=figure.denominator if figure else None,
        limits=limits,
        distance=benchmark.distance(value, passed) if compared else None,
        is_met=benchmark.is_met(value, passed) if compared else None,
        straddles=compared and not benchmark.adds_up and benchmark.straddled_by(limits, passed),
    )


def _hidden(commune: Commune) -> Commune:
    goal = commune.goal
    return replace(
        commune, computed=None, months={}, limits=None, distance=None, is_met=None, straddles=False,
        goal=goal and replace(goal, verdict=None, notes=[], distance=""), is_hidden=True,
    )  # fmt: skip


def _place(one: Commune, line: PlanIndicator, sort: str) -> tuple:
    if sort == NAME:
        return (one.area.folded_name,)
    if sort == REPORTED:
        share = Fraction(one.reported, one.expected) if one.expected else Fraction(0)
        return share, one.area.folded_name
    if one.value is None:
        return True, Fraction(0), one.area.folded_name
    worst_first = one.value if line.direction == Indicator.Direction.HIGHER else -one.value
    return False, worst_first, one.area.folded_name
