"""Reading what the lines of a plan need, in a fixed number of queries whatever the number of lines."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, QuerySet, Subquery

from facilities.models import Area
from facilities.periods import Month
from indicators.models import ComputedMonth, Group, Indicator, Term
from indicators.reading import MonthFigures, Series, figures_of
from indicators.seasonality import YEARS_READ
from plans.models import EnteredFigure, Plan, PlanIndicator, Target
from plans.standing.records import Entered


@dataclass(frozen=True)
class Sources:
    """Lines with targets, entered figures by (line id, year), and months of results by line.

    `projects`: the year runs, and the years before it were read for their season.
    """

    lines: Sequence[PlanIndicator]
    entered: dict[tuple[int, int], Entered]
    everywhere: Series
    urban: Series
    projects: bool = False

    def months_of(self, line: PlanIndicator, year: int) -> list[MonthFigures]:
        """The line's months of a year, up to the last month read."""
        if not line.indicator_id:
            return []
        series = self.urban if line.is_of_places else self.everywhere
        return [m for m in series.get(result_key(line), []) if m.month.year == year]

    def before(self, line: PlanIndicator, year: int) -> dict[int, list[MonthFigures]] | None:
        """The line's months of the years whose season tells the pace of `year`; None where nothing is projected."""
        if not self.projects:
            return None
        years = range(year - YEARS_READ, year)
        return {past: months for past in years if (months := self.months_of(line, past))}


def read_lines(plan: Plan) -> list[PlanIndicator]:
    """The plan's lines in order with all their targets: two queries."""
    return list(lines_of(plan))


def lines_of(plan: Plan) -> QuerySet[PlanIndicator]:
    """The plan's lines with what reading their results needs: `has_denominator`, `counts_sensitive`, `everybody_id`,
    `first_computed`.

    `counts_sensitive`: deaths, HIV or abortions are in the numerator. `first_computed`: the first month that has
    results anywhere, None where none has.
    """
    denominators = Term.objects.filter(indicator=OuterRef("indicator"), part=Term.Part.DENOMINATOR)
    sensitive = Term.objects.filter(
        indicator=OuterRef("indicator"), part=Term.Part.NUMERATOR, element__is_sensitive=True
    )
    everybody = Group.objects.filter(code="").values("pk")[:1]
    first = ComputedMonth.objects.order_by("month").values("month")[:1]
    lines = plan.lines.select_related("indicator", "group", "objective", "parent")
    return lines.annotate(
        has_denominator=Exists(denominators),
        counts_sensitive=Exists(sensitive),
        everybody_id=Subquery(everybody),
        first_computed=Subquery(first),
    ).prefetch_related("targets")


def read_sources(
    plan: Plan,
    lines: Sequence[PlanIndicator],
    *,
    area: Area,
    years: Iterable[int],
    until: Month | None,
    projects: bool = False,
) -> Sources:
    """Entered figures (one query) and results of `years`, until a month included (one, with lines on urban places two,
    and one more where shares of a divided commune enter these).

    With `projects` the results reach back over the years whose season tells the pace, in the same queries.
    """
    years = sorted(years)
    last = until or Month(years[-1] - 1, 12)
    first = min(years[0], years[-1] - YEARS_READ) if projects else years[0]
    months = (Month(first, 1), last)
    fed = [line for line in lines if line.indicator and line.indicator.timing != Indicator.Timing.SURVEY]
    pairs = {flag: {result_key(line) for line in fed if line.is_of_places == flag} for flag in (False, True)}
    return Sources(
        lines=lines,
        entered=_entered(plan, years),
        everywhere=figures_of(area=area, indicator_groups=pairs[False], months=months),
        urban=figures_of(area=area, indicator_groups=pairs[True], months=months, urban_only=True),
        projects=projects,
    )


def targets_in(line: PlanIndicator, year: int) -> tuple[Target, ...]:
    return tuple(target for target in line.targets.all() if target.year == year)


def result_key(line: PlanIndicator) -> tuple[int, int]:
    """(indicator, group) of the stored results; a group of places is everybody in those places."""
    of_people = line.group_id and not line.is_of_places
    return line.indicator_id, line.group_id if of_people else line.everybody_id


def _entered(plan: Plan, years: Sequence[int]) -> dict[tuple[int, int], Entered]:
    """The newest figure of each kind."""
    newest: dict[tuple[int, int], dict[str, EnteredFigure]] = defaultdict(dict)
    figures = EnteredFigure.objects.filter(line__plan=plan, year__in=years).order_by("at", "id")
    for figure in figures:
        newest[figure.line_id, figure.year][figure.kind] = figure
    return {key: Entered(**kinds) for key, kinds in newest.items()}
