"""The pace of a line's year on the boundaries read: the one that the verdict, the marks and the shares go by."""

from __future__ import annotations

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
    line, as_of = standing.line, standing.as_of
    if as_of is None or not is_paced(line) or standing.computed is None:
        return EVEN
    if as_of.number < MONTHS_OF_A_YEAR:
        return standing.computed.projection.pace
    key = result_key(line)
    months = (Month(standing.year - YEARS_READ, 1), Month(standing.year - 1, MONTHS_OF_A_YEAR))
    found = figures_of(area=area, indicator_groups={key}, months=months, urban_only=line.is_of_places)
    return pace_of(found.get(key, []), has_denominator=line.has_denominator)
