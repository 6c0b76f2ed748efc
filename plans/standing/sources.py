"""Reading what the lines of a plan need, in a fixed number of queries whatever the number of lines."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Subquery

from facilities.models import Area
from facilities.periods import Month
from indicators.models import Group, Indicator, Term
from indicators.reading import MonthFigures, Series, figures_of
from plans.models import EnteredFigure, Plan, PlanIndicator, Target
from plans.standing.records import Entered


@dataclass(frozen=True)
class Sources:
    """Lines with targets, entered figures by (line id, year), and months of results by line."""

    lines: Sequence[PlanIndicator]
    entered: dict[tuple[int, int], Entered]
    everywhere: Series
    urban: Series

    def months_of(self, line: PlanIndicator, year: int) -> list[MonthFigures]:
        """The line's months of a year, up to the last month read."""
        if not line.indicator_id:
            return []
        in_places = _is_of_places(line)
        series = self.urban if in_places else self.everywhere
        return [m for m in series.get(_key(line), []) if m.month.year == year]


def read_lines(plan: Plan) -> list[PlanIndicator]:
    """The plan's lines in order with all their targets: two queries."""
    denominators = Term.objects.filter(indicator=OuterRef("indicator"), part=Term.Part.DENOMINATOR)
    everybody = Group.objects.filter(code="").values("pk")[:1]
    lines = plan.lines.select_related("indicator", "group", "objective", "parent")
    return list(
        lines.annotate(
            has_denominator=Exists(denominators), everybody_id=Subquery(everybody)
        ).prefetch_related("targets")
    )


def read_sources(
    plan: Plan, lines: Sequence[PlanIndicator], *, area: Area, years: Iterable[int], until: Month | None
) -> Sources:
    """Entered figures (one query) and results of `years`, until a month included (one or two)."""
    years = sorted(years)
    last = until or Month(years[-1] - 1, 12)
    months = (Month(years[0], 1), last)
    fed = [line for line in lines if line.indicator and line.indicator.timing != Indicator.Timing.SURVEY]
    pairs = {flag: {_key(line) for line in fed if _is_of_places(line) == flag} for flag in (False, True)}
    return Sources(
        lines=lines,
        entered=_entered(plan, years),
        everywhere=figures_of(area=area, indicator_groups=pairs[False], months=months),
        urban=figures_of(area=area, indicator_groups=pairs[True], months=months, urban_only=True),
    )


def targets_in(line: PlanIndicator, year: int) -> tuple[Target, ...]:
    return tuple(target for target in line.targets.all() if target.year == year)


def _is_of_places(line: PlanIndicator) -> bool:
    return bool(line.group and line.group.kind == Group.Kind.PLACES)


def _key(line: PlanIndicator) -> tuple[int, int]:
    """Results of a group of places are everybody's results in those places."""
    of_people = line.group_id and not _is_of_places(line)
    return line.indicator_id, line.group_id if of_people else line.everybody_id


def _entered(plan: Plan, years: Sequence[int]) -> dict[tuple[int, int], Entered]:
    """The newest figure of each kind."""
    newest: dict[tuple[int, int], dict[str, EnteredFigure]] = defaultdict(dict)
    figures = EnteredFigure.objects.filter(line__plan=plan, year__in=years).order_by("at", "id")
    for figure in figures:
        newest[figure.line_id, figure.year][figure.kind] = figure
    return {key: Entered(**kinds) for key, kinds in newest.items()}
