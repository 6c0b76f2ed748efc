"""One line in many places: the communes inside the plan's area, and the same figure on other boundaries."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from facilities.models import Area
from facilities.periods import Month
from indicators.models import Group, Indicator
from indicators.models.results import Exactness
from indicators.reading import MonthFigures, communes_of, figures_of
from plans.models import PlanIndicator
from plans.presenters.choices import Choices, boundary_words
from plans.presenters.figures import counts, printed, reports_of
from plans.presenters.words import FLAGS
from plans.standing.figures import compute
from plans.standing.records import Computed

SORTS = ("value", "name", "reported")
SMALL = 5


@dataclass(frozen=True)
class Place:
    """A place's year to date as printed; `is_small` where a count could point at a person."""

    area: Area
    name: str
    value: str
    counts: str
    completeness: str
    note: str
    figure: Computed | None
    is_small: bool


@dataclass(frozen=True)
class Comparison:
    """One boundary with last year's whole year and this year to date."""

    place: str
    is_plan: bool
    last: Place
    current: Place


def result_key(line: PlanIndicator) -> tuple[int, int]:
    """(indicator, group) of the stored results; a group of places is everybody in those places."""
    of_people = line.group is not None and line.group.kind == Group.Kind.PEOPLE
    return line.indicator_id, line.group_id if of_people else line.everybody_id


def is_computed(line: PlanIndicator) -> bool:
    return line.indicator is not None and line.indicator.timing != Indicator.Timing.SURVEY


def read_communes(line: PlanIndicator, choices: Choices, sort: str) -> list[Place]:
    """Communes of the chosen boundaries with their year to date: two queries. A line on urban communes shows those."""
    if not is_computed(line) or choices.as_of is None:
        return []
    indicator, group = result_key(line)
    months = (Month(choices.year, 1), choices.as_of)
    found = communes_of(area=choices.area, indicator=indicator, group=group, months=months)
    areas = Area.objects.filter(pk__in=found)
    if is_urban(line):
        areas = areas.filter(is_urban=True)
    places = [_place(area, area.name, line, found[area.pk], choices) for area in areas.order_by("name")]
    return sorted(places, key=lambda place: _order(place, line, sort))


def compare_boundaries(line: PlanIndicator, choices: Choices, related: Sequence[Area]) -> list[Comparison]:
    """The plan's own boundaries beside those of its predecessors or successors, one query each.

    Counts of units do not restate (domain/places.md): each boundary then keeps to its own figures.
    """
    if not is_computed(line) or choices.as_of is None or not related:
        return []
    if line.indicator.timing == Indicator.Timing.UNITS:
        return []
    return [_compare(line, choices, area) for area in (choices.plan.area, *related)]


def is_urban(line: PlanIndicator) -> bool:
    return line.group is not None and line.group.kind == Group.Kind.PLACES


def _compare(line: PlanIndicator, choices: Choices, area: Area) -> Comparison:
    key = result_key(line)
    months = (Month(choices.year - 1, 1), choices.as_of)
    found = figures_of(area=area, indicator_groups={key}, months=months, urban_only=is_urban(line))
    by_year: dict[int, list[MonthFigures]] = {choices.year - 1: [], choices.year: []}
    for month in found.get(key, []):
        by_year[month.month.year].append(month)
    name = boundary_words(area)
    return Comparison(
        place=name,
        is_plan=area.pk == choices.plan.area_id,
        last=_place(area, name, line, by_year[choices.year - 1], choices, ended=True),
        current=_place(area, name, line, by_year[choices.year], choices),
    )


def _place(
    area: Area,
    name: str,
    line: PlanIndicator,
    months: Iterable[MonthFigures],
    choices: Choices,
    *,
    ended: bool = False,
) -> Place:
    computed = compute(
        list(months),
        timing=line.indicator.timing,
        factor=line.indicator.factor,
        has_denominator=line.has_denominator,
    )
    figure = computed.figure if computed else None
    numerator = figure.numerator if figure else None
    return Place(
        area=area,
        name=name,
        value=printed(figure.value if figure else None, line),
        counts=counts(numerator, figure.denominator) if figure else "",
        completeness=reports_of(computed, line.indicator.timing)[0],
        note=_exactness(computed),
        figure=computed,
        is_small=line.indicator.interval == Indicator.Interval.POISSON and 0 < (numerator or 0) < SMALL,
    )


def _exactness(computed: Computed | None) -> str:
    if computed is None or computed.exactness == Exactness.EXACT:
        return ""
    flag = "no_exact_figure" if computed.exactness == Exactness.NONE else "share_estimate"
    return str(FLAGS[flag])


def _order(place: Place, line: PlanIndicator, sort: str) -> tuple:
    """By value the worst first, by completeness the emptiest; places without a figure come last."""
    figure = place.figure.figure if place.figure else None
    if sort == "name":
        return (place.area.folded_name,)
    if sort == "reported":
        share = Fraction(figure.reported, figure.expected) if figure and figure.expected else Fraction(0)
        return share, place.area.folded_name
    if figure is None or figure.value is None:
        return True, Fraction(0), place.area.folded_name
    worst_first = -figure.value if line.direction == Indicator.Direction.LOWER else figure.value
    return False, worst_first, place.area.folded_name
