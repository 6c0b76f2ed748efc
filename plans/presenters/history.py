"""The years before: what stations' reports amount to, what people entered, what old reports give as a total.

A total stands beside computed years and is never added to them (domain/targets.md knows only figures of
stations and figures entered; a total is neither).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from fractions import Fraction

from django.utils.translation import gettext as _

from facilities.models import Area
from facilities.periods import Month
from indicators.reading import MonthFigures, figures_of
from plans.models import EnteredFigure, HistoricTotal, PlanIndicator, Target
from plans.models.history import FIRST_YEAR
from plans.presenters.figures import counts, counts_of, printed, reports_of
from plans.presenters.hiding import Hiding
from plans.presenters.places import is_computed
from plans.presenters.words import FLAGS
from plans.standing.figures import compute_line
from plans.standing.records import Computed
from plans.standing.sources import result_key


class Origin(StrEnum):
    COMPUTED = "computed"
    ENTERED = "entered"
    TOTAL = "total"


@dataclass(frozen=True)
class HistoryYear:
    """One figure of one past year, printed; `figure` unrounded, None where no exact one exists.

    `source` says where it is from, `note` what to know of it. `total` is the stored total, of `area`. `others`:
    what else is given for the same year and place, told beside it.
    """

    year: int
    origin: Origin
    figure: Fraction | None
    value: str
    counts: str
    source: str
    note: str
    area: Area
    total: HistoricTotal | None = None
    others: tuple[HistoryYear, ...] = ()


@dataclass(frozen=True)
class History:
    """`years` of the place itself, newest first; `inside` the totals of the places within it.

    hides: totals of other places than those of plans are left out, for their counts could point at a person.
    """

    years: list[HistoryYear]
    inside: list[HistoryYear]
    hides: bool = False

    @property
    def totals(self) -> list[HistoryYear]:
        """What old reports give for the place itself, beside a computed year or alone."""
        return [one for year in self.years for one in (year, *year.others) if one.origin == Origin.TOTAL]


def present_history(
    line: PlanIndicator, area: Area, before: int, entered: Iterable[EnteredFigure], hiding: Hiding
) -> History | None:
    """The years of a place before `before`, and totals of the places inside: two queries, none without an indicator.

    Each year stands once: what is computed before what was entered, that before what an old report gives; the
    others are told beside it. `line` comes from `assess_lines` or `read_lines`.
    """
    if line.indicator is None:
        return None
    covered = Area.objects.covered_by(Area.objects.filter(pk=area.pk))
    known = _totals(line, covered.values("pk"))
    totals = [total for total in known if hiding.tells(total.area_id)]
    own = [total for total in totals if total.area_id == area.pk]
    inside = [_of_total(line, total) for total in totals if total.area_id != area.pk]
    years = _years(line, area, before, own, entered)
    return History(
        years=years[::-1],
        inside=sorted(inside, key=lambda one: (one.area.folded_name, -one.year)),
        hides=len(totals) < len(known),
    )


def _totals(line: PlanIndicator, areas: object) -> Sequence[HistoricTotal]:
    """Totals of the line's indicator and group, a group of places included: they are as given."""
    group = line.group_id or line.everybody_id
    totals = HistoricTotal.objects.filter(indicator=line.indicator_id, group=group, area__in=areas)
    return list(totals.select_related("area", "indicator", "by").order_by("year"))


def _years(
    line: PlanIndicator,
    area: Area,
    before: int,
    totals: Iterable[HistoricTotal],
    entered: Iterable[EnteredFigure],
) -> list[HistoryYear]:
    found = _computed(line, area, before)
    if area.pk == line.plan.area_id:
        found += _entered(line, area, before, entered)
    found += [_of_total(line, total) for total in totals if total.year < before]
    by_year: dict[int, list[HistoryYear]] = {}
    for one in sorted(found, key=lambda one: (one.year, one.figure is None, list(Origin).index(one.origin))):
        by_year.setdefault(one.year, []).append(one)
    return [replace(first, others=tuple(rest)) for first, *rest in by_year.values()]


def _computed(line: PlanIndicator, area: Area, before: int) -> list[HistoryYear]:
    """Whole years of stations' reports on these boundaries, one query."""
    first = _first_year(line)
    if not is_computed(line) or first is None or first >= before:
        return []
    key = result_key(line)
    months = (Month(first, 1), Month(before - 1, 12))
    found = figures_of(area=area, indicator_groups={key}, months=months, urban_only=line.is_of_places)
    by_year: dict[int, list[MonthFigures]] = {}
    for month in found.get(key, []):
        by_year.setdefault(month.month.year, []).append(month)
    return [row for year, of_year in by_year.items() if (row := _of_reports(line, area, year, of_year))]


def _first_year(line: PlanIndicator) -> int | None:
    """Where reading begins: which communes are urban is asked for every year read, so not of years without results."""
    if not line.is_of_places:
        return FIRST_YEAR
    return line.first_computed.year if line.first_computed else None


def _of_reports(line: PlanIndicator, area: Area, year: int, months: list[MonthFigures]) -> HistoryYear | None:
    """A year in which nothing was reported is no year of history."""
    computed = compute_line(line, months)
    if computed is None or (computed.figure.value is None and not computed.figure.inexact):
        return None
    figure = computed.figure
    reports, unit = reports_of(computed, line.indicator.timing)
    return HistoryYear(
        year=year,
        origin=Origin.COMPUTED,
        figure=figure.value,
        value=printed(figure.value, line),
        counts=counts_of(figure, line.indicator.timing),
        source=_("báo cáo của cơ sở: %(reports)s %(unit)s") % {"reports": reports, "unit": unit},
        note=_note(computed),
        area=area,
    )


def _note(computed: Computed) -> str:
    flags = {"none": "no_exact_figure", "estimate": "share_estimate"}
    return str(FLAGS[flags[computed.exactness]]) if computed.exactness in flags else ""


def _entered(
    line: PlanIndicator, area: Area, before: int, figures: Iterable[EnteredFigure]
) -> list[HistoryYear]:
    """The newest actual of each year; on a line that states a change people enter that change, no level."""
    if any(target.kind == Target.Kind.CHANGE for target in line.targets.all()):
        return []
    newest: dict[int, EnteredFigure] = {}
    for figure in figures:
        is_newer = figure.year not in newest or (figure.at, figure.pk) > (
            newest[figure.year].at,
            newest[figure.year].pk,
        )
        if figure.kind == EnteredFigure.Kind.ACTUAL and figure.year < before and is_newer:
            newest[figure.year] = figure
    return [
        HistoryYear(
            year=year,
            origin=Origin.ENTERED,
            figure=Fraction(figure.value),
            value=printed(figure.value, line),
            counts=counts(figure.numerator, figure.denominator),
            source=figure.source,
            note=_("nhập tay"),
            area=area,
        )
        for year, figure in newest.items()
    ]


def _of_total(line: PlanIndicator, total: HistoricTotal) -> HistoryYear:
    return HistoryYear(
        year=total.year,
        origin=Origin.TOTAL,
        figure=total.figure,
        value=printed(total.figure, line),
        counts=counts(total.numerator, total.denominator),
        source=total.source,
        note=_("theo báo cáo cũ"),
        area=total.area,
        total=total,
    )
