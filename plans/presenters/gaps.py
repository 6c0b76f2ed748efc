"""Groups side by side: a group of people against all, urban against rural, best against worst commune.

Whole years, and of a year that runs the months to date against the same months of the year before, so that
like is held against like.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from django.utils.translation import gettext as _

from facilities.models import Area
from facilities.periods import Month
from indicators.models import Group, Indicator, Term
from indicators.reading import MonthFigures, communes_of, figures_of
from indicators.reading_places import add_up
from indicators.timing import YearFigure
from plans.models import PlanIndicator
from plans.presenters.choices import Choices
from plans.presenters.figures import NONE
from plans.presenters.gap_records import YEARS_BACK, Comparison, Period, Pick, Told, periods_of
from plans.presenters.gap_shape import compare_sides
from plans.presenters.hiding import Hiding, read_hiding
from plans.presenters.places import is_computed
from plans.standing.figures import figure_of
from plans.standing.sources import result_key

Hides = Callable[[Period, YearFigure], bool]


def read_comparisons(line: PlanIndicator, choices: Choices, *, inside: bool) -> list[Comparison]:
    """Every comparison the line allows: four queries. `inside`: the reader may see counts of single persons.

    For others what is hidden of the communes and of the area itself is read beside.
    """
    if not is_computed(line) or choices.as_of is None:
        return []
    periods = periods_of(choices)
    months = (Month(choices.year - YEARS_BACK, 1), choices.as_of)
    years = range(choices.year - YEARS_BACK, choices.year + 1)
    if line.indicator.timing == Indicator.Timing.UNITS:
        hiding = read_hiding(line, [choices.area.pk], years, inside=inside)
        return _people(line, choices, months, periods, hiding)
    indicator, group = result_key(line)
    by_commune = communes_of(area=choices.area, indicator=indicator, group=group, months=months)
    hiding = read_hiding(line, [choices.area.pk, *by_commune], years, inside=inside)
    found = _people(line, choices, months, periods, hiding)
    areas = {area.pk: area for area in Area.objects.filter(pk__in=by_commune)}
    found += _urban(line, choices, by_commune, areas, periods, hiding)
    if line.has_denominator:
        ranked = {pk: own for pk, own in by_commune.items() if areas[pk].is_urban or not line.is_of_places}
        found += _extremes(line, ranked, areas, periods, hiding)
    return found


def _people(
    line: PlanIndicator, choices: Choices, months: tuple[Month, Month], periods: Sequence[Period],
    hiding: Hiding,
) -> list[Comparison]:  # fmt: skip
    """Each group of people that the indicator is counted for, against everybody."""
    terms = Term.objects.filter(indicator=line.indicator).values("group")
    groups = list(Group.objects.filter(kind=Group.Kind.PEOPLE, pk__in=terms))
    if not groups:
        return []
    keys = {(line.indicator_id, pk) for pk in (line.everybody_id, *(group.pk for group in groups))}
    found = figures_of(area=choices.area, indicator_groups=keys, months=months)

    def side(group: int) -> Pick:
        def hides(period: Period, figure: YearFigure) -> bool:
            return hiding.year(choices.area.pk, period.end, figure.numerator, group=group)

        return _of(line, found.get((line.indicator_id, group), []), hides)

    return _known(
        compare_sides(
            line, f"people-{group.code}", (group.label, _("Tất cả")), periods,
            side(group.pk), side(line.everybody_id),
        )
        for group in groups
    )  # fmt: skip


def _urban(
    line: PlanIndicator, choices: Choices, by_commune: dict[int, list[MonthFigures]], areas: dict[int, Area],
    periods: Sequence[Period], hiding: Hiding,
) -> list[Comparison]:  # fmt: skip
    """What is hidden of communes is chosen beside the urban sums of areas whose totals are told; of others not.

    Nor are both told where few communes make one of them: it would be their count, and so would the rest of the whole.
    """
    unsafe = hiding.hidden is not None and choices.area.pk not in hiding.hidden.headlines
    parts = {
        urban: {pk: own for pk, own in by_commune.items() if areas[pk].is_urban == urban}
        for urban in (True, False)
    }

    def hides(period: Period, _figure: YearFigure) -> bool:
        reporting = (
            [pk for pk, months in part.items() if any(one.reported and period.holds(one) for one in months)]
            for part in parts.values()
        )
        return unsafe or any(hiding.is_of_few(communes, period.end) for communes in reporting)

    added = (add_up(month for months in part.values() for month in months) for part in parts.values())
    sides = [_of(line, months, hides) for months in added]
    names = (_("Đô thị (phường, thị trấn)"), _("Nông thôn (xã)"))
    return _known([compare_sides(line, "urban", names, periods, *sides)])


def _extremes(
    line: PlanIndicator, by_commune: dict[int, list[MonthFigures]], areas: dict[int, Area],
    periods: Sequence[Period], hiding: Hiding,
) -> list[Comparison]:  # fmt: skip
    """The best and the worst commune of each period. Neither exists where neither way is better.

    Where a commune is hidden nobody is told to be the last, or the first: it may be the hidden one.
    """
    if line.direction == Indicator.Direction.NONE:
        return []
    ranked: dict[Period, list[Told]] = {}
    for period in periods:
        figures = {
            pk: _figure(line, part)
            for pk, months in by_commune.items()
            if (part := [month for month in months if period.holds(month)])
        }
        told = [Told(figure, areas[pk].name) for pk, figure in figures.items() if figure.value is not None]
        ranked[period] = sorted(told, key=lambda one: (one.figure.value, one.name))
        if any(hiding.year(pk, period.end, figure.numerator) for pk, figure in figures.items()):
            ranked[period] = [_hidden(one.figure) for one in ranked[period]]
    best, worst = (-1, 0) if line.direction == Indicator.Direction.HIGHER else (0, -1)

    def pick(end: int) -> Pick:
        return lambda period: ranked[period][end] if len(ranked[period]) > 1 else None

    names = (_("Xã, phường tốt nhất"), _("Xã, phường kém nhất"))
    found = _known([compare_sides(line, "extremes", names, periods, pick(best), pick(worst))])
    for one in found:
        one.cautions.insert(
            0, _("Hai xã, phường được chọn vì đứng đầu và cuối bảng, nên khoảng cách luôn gồm cả phần ngẫu nhiên; "
                 "xã càng ít đối tượng càng dễ ở hai đầu."),
        )  # fmt: skip
    return found


def _of(line: PlanIndicator, months: Sequence[MonthFigures], hides: Hides) -> Pick:
    def pick(period: Period) -> Told | None:
        part = [month for month in months if period.holds(month)]
        if not part:
            return None
        figure = _figure(line, part)
        if hides(period, figure):
            return _hidden(figure)
        return Told(figure)

    return pick


def _hidden(figure: YearFigure) -> Told:
    return Told(replace(figure, value=None, numerator=None, inexact=False), is_hidden=True)


def _figure(line: PlanIndicator, months: Sequence[MonthFigures]) -> YearFigure:
    return figure_of(
        months, timing=line.indicator.timing, factor=line.indicator.factor,
        has_denominator=line.has_denominator,
    )  # fmt: skip


def _known(comparisons: Iterable[Comparison]) -> list[Comparison]:
    """Those with a gap in at least one period, or with one that is hidden."""
    return [one for one in comparisons if one.hides or any(row.gap != NONE for row in one.rows)]
