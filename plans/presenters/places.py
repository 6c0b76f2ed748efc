"""One line on the boundaries of the plan's area and on those of its predecessors or successors."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import reduce
from operator import or_
from typing import TYPE_CHECKING

from django.db.models import Q

from facilities.models import Area, Succession
from indicators.models import Indicator
from indicators.models.results import Exactness
from indicators.reading import MonthFigures
from indicators.seasonality import Pace
from plans.models import PlanIndicator
from plans.presenters.choices import Choices, boundary_words
from plans.presenters.figures import counts_of, printed, reports_of
from plans.presenters.words import FLAGS
from plans.standing.figures import compute_line
from plans.standing.records import Computed

if TYPE_CHECKING:
    from plans.presenters.allocated import PlaceGoal

SMALL = 5
ESTIMATE = Exactness.ESTIMATE


@dataclass(frozen=True)
class Place:
    """A place's year to date as printed; `is_small` where a count could point at a person.

    `goal` is what it is held to, where the page says so.
    """

    area: Area
    name: str
    value: str
    counts: str
    completeness: str
    note: str
    figure: Computed | None
    is_small: bool
    goal: PlaceGoal | None = None


@dataclass(frozen=True)
class Comparison:
    """One boundary with last year's whole year and this year to date."""

    place: str
    is_plan: bool
    last: Place
    current: Place
    query: str


def is_computed(line: PlanIndicator) -> bool:
    return line.indicator is not None and line.indicator.timing != Indicator.Timing.SURVEY


def compare_boundaries(
    line: PlanIndicator, choices: Choices, months: dict[int, list[MonthFigures]]
) -> list[Comparison]:
    """The plan's own boundaries beside those of its predecessors or successors, from their `months` by area id.

    Counts of units do not restate (domain/places.md): each boundary then keeps to its own figures.
    """
    if not is_computed(line) or choices.as_of is None or not choices.related:
        return []
    if line.indicator.timing == Indicator.Timing.UNITS:
        return []
    areas = (choices.plan.area, *choices.related)
    compared = [_compare(line, choices, area, months.get(area.pk, [])) for area in areas]
    # Both years of a boundary at once: what is estimated asks for its source one time.
    noted = with_sources([place for one in compared for place in (one.last, one.current)])
    return [replace(one, last=noted[2 * n], current=noted[2 * n + 1]) for n, one in enumerate(compared)]


def with_sources(places: list[Place]) -> list[Place]:
    """Where a share was used, say whose it is (domain/places.md): one query, none where nothing is estimated."""
    is_estimated = [bool(place.figure) and place.figure.exactness == ESTIMATE for place in places]
    sources = share_sources(
        {place.area.pk for place, is_one in zip(places, is_estimated, strict=True) if is_one}
    )
    return [
        replace(place, note=f"{place.note} ({sources[place.area.pk]})")
        if is_one and place.area.pk in sources
        else place
        for place, is_one in zip(places, is_estimated, strict=True)
    ]


def share_sources(estimated: Collection[int]) -> dict[int, str]:
    """Whose shares the figures of these areas rest on, by area id: one query, none for no area."""
    if not estimated:
        return {}
    ends = ("successor", "predecessor", "successor__parent", "predecessor__parent")
    touching = reduce(or_, (Q(**{f"{end}__in": estimated}) for end in ends))
    sources: dict[int, set[str]] = defaultdict(set)
    for source, *areas in (
        Succession.objects.filter(touching, share__lt=1)
        .exclude(share_source="")
        .values_list("share_source", *ends)
    ):
        for area in set(estimated).intersection(areas):
            sources[area].add(source)
    return {area: "; ".join(sorted(found)) for area, found in sources.items()}


def _compare(line: PlanIndicator, choices: Choices, area: Area, months: Sequence[MonthFigures]) -> Comparison:
    by_year: dict[int, list[MonthFigures]] = {choices.year - 1: [], choices.year: []}
    for month in months:
        if month.month.year in by_year:
            by_year[month.month.year].append(month)
    name = boundary_words(area)
    return Comparison(
        place=name,
        is_plan=area.pk == choices.plan.area_id,
        last=place_of(area, name, line, by_year[choices.year - 1], choices, ended=True),
        current=place_of(area, name, line, by_year[choices.year], choices),
        query=choices.query_at(area, choices.as_of),
    )


def place_of(
    area: Area,
    name: str,
    line: PlanIndicator,
    months: Iterable[MonthFigures],
    choices: Choices,
    *,
    ended: bool = False,
    pace: Pace | None = None,
) -> Place:
    """A place with the year to date of its months; by `pace` it is projected where it is held to something."""
    computed = compute_line(line, list(months), pace=pace)
    figure = computed.figure if computed else None
    numerator = figure.numerator if figure else None
    return Place(
        area=area,
        name=name,
        value=printed(figure.value if figure else None, line),
        counts=counts_of(figure, line.indicator.timing),
        completeness=reports_of(computed, line.indicator.timing)[0],
        note=exactness_words(computed),
        figure=computed,
        is_small=line.indicator.interval == Indicator.Interval.POISSON and 0 < (numerator or 0) < SMALL,
    )


def exactness_words(computed: Computed | None) -> str:
    if computed is None or computed.exactness == Exactness.EXACT:
        return ""
    flag = "no_exact_figure" if computed.exactness == Exactness.NONE else "share_estimate"
    return str(FLAGS[flag])
