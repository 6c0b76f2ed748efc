"""The pace of a line's year on the boundaries read: the one that the verdict, the marks and the shares go by."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from facilities.models import Area
from facilities.periods import Month
from indicators.reading import figures_of
from indicators.seasonality import EVEN, YEARS_READ, Pace
from indicators.timing import ACCUMULATING, MONTHS_OF_A_YEAR, YEARLY_RATE
from plans.models import PlanIndicator
from plans.standing.figures import pace_of
from plans.standing.records import LineStanding
from plans.standing.sources import result_key

PACED = ACCUMULATING | YEARLY_RATE


def is_paced(line: PlanIndicator) -> bool:
    """Whether a part of the year is held against a part of the target: what adds up, and rates brought to a year."""
    return line.indicator is not None and line.indicator.timing in PACED


def read_pace(standing: LineStanding, area: Area) -> Pace:
    """The pace that the standing was projected by; of a year that is over the one it would have been: one query.

    Source: docs/decisions/0012-pace-and-projection.md.
    """
    return read_paces([standing], area)[standing.line.pk]


def read_paces(standings: Iterable[LineStanding], area: Area) -> dict[int, Pace]:
    """As `read_pace`, by line id, for standings of one year: one query, with lines on urban places two or three."""
    paces: dict[int, Pace] = {}
    over: dict[bool, list[LineStanding]] = defaultdict(list)
    for standing in standings:
        line, as_of, computed = standing.line, standing.as_of, standing.computed
        paces[line.pk] = EVEN
        if as_of is None or computed is None or not is_paced(line):
            continue
        if as_of.number < MONTHS_OF_A_YEAR:
            paces[line.pk] = computed.projection.pace
        else:
            over[line.is_of_places].append(standing)
    for urban_only, asked in over.items():
        year = asked[0].year
        months = (Month(year - YEARS_READ, 1), Month(year - 1, MONTHS_OF_A_YEAR))
        keys = {result_key(one.line) for one in asked}
        found = figures_of(area=area, indicator_groups=keys, months=months, urban_only=urban_only)
        for line in (one.line for one in asked):
            paces[line.pk] = pace_of(found.get(result_key(line), []), has_denominator=line.has_denominator)
    return paces
