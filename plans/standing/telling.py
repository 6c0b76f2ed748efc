"""What may leave of how a plan stands: totals behind which one commune may stand are asked about (decision 0011).

The total of a plan is told however small it is, for the plan promises it. A commune's own plan, and a place in which
one commune alone has reported, would tell that commune's count; of two each would learn the other's.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from facilities.models import Area
from facilities.periods import Month
from indicators.models import MonthlyResult, Term
from indicators.projection import Projection
from indicators.reading import communes_at
from indicators.small_numbers import Hidden, hidden_results
from indicators.timing import YearFigure
from plans.assessment import Assessment, Status
from plans.standing.assess import DECEMBER, is_period_count
from plans.standing.records import LineStanding
from plans.standing.sources import result_key

# Of two communes each knows its own, and with their total the other's (docs/decisions/0011).
FEW = 2
# As many stations and points as so few communes may have: where more report in a month, more communes do.
OF_FEW_COMMUNES = 20


class Telling:
    """Takes out of standings read on an area what may not leave. What a year hides is asked for once, if at all."""

    def __init__(self, area: Area) -> None:
        self.area = area
        self._years: dict[int, Hidden] = {}
        self._communes: dict[Month, dict[tuple[int, int], dict[int, bool]]] = {}

    def told(self, standings: Iterable[LineStanding]) -> list[LineStanding]:
        """The standings as a document may tell them.

        No query unless a line counts deaths, HIV or abortions and no more stations reported than two communes may
        have, or sums up a plan's years; then one a year, and where one or two communes alone reported those of
        `hidden_results` for each year told.
        """
        return [self._told(one) for one in standings]

    def _told(self, standing: LineStanding) -> LineStanding:
        line = standing.line
        if line.indicator is None or not line.counts_sensitive:
            return standing
        hides_previous = self._hides_previous(standing)
        if self._hides_value(standing) or (standing.states_change and hides_previous):
            standing = _without_figure(standing)
        return _without_previous(standing) if hides_previous else standing

    def _hides_value(self, standing: LineStanding) -> bool:
        if standing.computed is None or standing.as_of is None:
            return False
        stations = max((point.reported for point in standing.series), default=0)
        plan, ends = standing.line.plan, {standing.as_of: stations}
        if standing.year == plan.end_year and is_period_count(plan, standing.line):
            # A sum over years would tell the one year that is hidden; how many reported in those is not known here.
            ends |= {Month(year, DECEMBER): 0 for year in range(plan.start_year, standing.year)}
        return any(
            self._is_of_few(standing, reported, last) and self._hides(standing, last.year, last.number)
            for last, reported in ends.items()
        )

    def _hides_previous(self, standing: LineStanding) -> bool:
        if standing.previous_source != "computed":
            return False
        last, stations = Month(standing.year - 1, DECEMBER), standing.previous_reported // DECEMBER
        is_of_few = self._is_of_few(standing, stations, last)
        return is_of_few and self._hides(standing, last.year, last.number)

    def _is_of_few(self, standing: LineStanding, stations: int, last: Month) -> bool:
        """Whether few communes make the line's figure of the year up to a month. `stations`: the most in one month."""
        if self.area.level == Area.Level.COMMUNE:
            return True
        return stations <= OF_FEW_COMMUNES and len(self._behind(standing, last)) <= FEW

    def _behind(self, standing: LineStanding, last: Month) -> list[int]:
        """The communes that make the line's figure of the year up to a month; of a line on urban places those."""
        reporting = self._reporting(last).get(result_key(standing.line), {})
        return [area for area, is_urban in reporting.items() if is_urban or not standing.line.is_of_places]

    def _reporting(self, last: Month) -> dict[tuple[int, int], dict[int, bool]]:
        """By (indicator, group) the communes that reported in the year up to a month, and whether urban: one query."""
        if last not in self._communes:
            rows = MonthlyResult.objects.filter(
                area__in=communes_at(self.area, last),
                month__range=(date(last.year, 1, 1), last.first_day),
                indicator__terms__part=Term.Part.NUMERATOR,
                indicator__terms__element__is_sensitive=True,
                reported__gt=0,
            )
            found: dict[tuple[int, int], dict[int, bool]] = defaultdict(dict)
            told = rows.values_list("indicator", "group", "area", "area__is_urban").distinct()
            for indicator, group, area, is_urban in told:
                found[indicator, group][area] = bool(is_urban)
            self._communes[last] = found
        return self._communes[last]

    def _hides(self, standing: LineStanding, year: int, month: int) -> bool:
        """Whether the area's own figure is hidden; of a line on urban places, that of a commune behind it."""
        if year not in self._years:
            self._years[year] = hidden_results([self.area.pk], [year])
        areas = [self.area.pk]
        if standing.line.is_of_places and self.area.level != Area.Level.COMMUNE:
            areas = self._behind(standing, Month(year, month))
        indicator, group = result_key(standing.line)
        hidden, day = self._years[year], date(year, month, 1)
        return any(hidden.marks_year(area, indicator, group, day) for area in areas)


def _without_previous(standing: LineStanding) -> LineStanding:
    assessment = replace(standing.assessment, change=None)
    return replace(standing, previous=None, assessment=assessment, is_previous_hidden=True)


def _without_figure(standing: LineStanding) -> LineStanding:
    """The line with its target and its reports alone: nothing of what they count, to date or month by month."""
    computed = standing.computed and replace(
        standing.computed,
        figure=_untold(standing.computed.figure),
        provisional=None,
        series=tuple(
            replace(point, alone=_untold(point.alone), so_far=_untold(point.so_far))
            for point in standing.series
        ),
        # What season the places are held to tells no count.
        projection=Projection(pace=standing.computed.projection.pace),
    )
    return replace(
        standing,
        value=None,
        level=None,
        numerator=None,
        computed=computed,
        assessment=Assessment(Status.NOT_ASSESSED, goal=standing.assessment.goal),
        estimate_assessment=None,
        is_hidden=True,
    )


def _untold(figure: YearFigure) -> YearFigure:
    return replace(figure, numerator=None, value=None, projected=None)
