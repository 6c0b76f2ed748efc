"""A line over the years: restated on the chosen boundaries and as it was on those of the time, with its targets."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from django.utils.translation import gettext as _

from facilities.models import Area
from facilities.periods import Month
from indicators.models import Indicator
from indicators.reading import MonthFigures
from indicators.reading_places import months_by_area
from indicators.timing import ACCUMULATING
from plans.charts import Category, Chart, Look, Point, Series, Target
from plans.charts.spec import Drawn
from plans.models import EnteredFigure, PlanIndicator
from plans.presenters.benchmarks import goal_in, limits_of
from plans.presenters.choices import Choices, boundary_words
from plans.presenters.figures import NONE, counts_of, interval_words, printed, reports_of
from plans.presenters.hiding import Hiding, hidden_word, read_hiding
from plans.presenters.places import exactness_words, is_computed
from plans.presenters.trend_records import Row, Trend, Typed, YearFigure
from plans.standing.assess import is_period_count
from plans.standing.figures import compute_line
from plans.standing.records import Computed
from plans.standing.sources import result_key

YEARS_BACK = 4
MONTHS = 12
LOOKS = (Look.SECOND, Look.THIRD, Look.FOURTH)
Months = dict[int, list[MonthFigures]]


def read_years(line: PlanIndicator, choices: Choices) -> Months:
    """Months of the chosen boundaries and of the related ones, some years back: one query."""
    if not is_computed(line) or choices.as_of is None:
        return {}
    months = (Month(choices.year - YEARS_BACK, 1), choices.as_of)
    areas = [choices.area, *others_of(choices)]
    return months_by_area(areas, result_key(line), months, urban_only=line.is_of_places)


def hiding_of_years(line: PlanIndicator, choices: Choices, *, inside: bool) -> Hiding:
    """What is hidden of the boundaries and years of the trend."""
    areas, years = [choices.area, *others_of(choices)], range(choices.year - YEARS_BACK, choices.year + 1)
    return read_hiding(
        line, [area.pk for area in areas], years, inside=inside, sums_of=areas, as_of=choices.as_of
    )


def others_of(choices: Choices) -> list[Area]:
    """The related boundaries that are not the chosen ones."""
    return [area for area in (choices.plan.area, *choices.related) if area.pk != choices.area.pk]


def present_trend(
    line: PlanIndicator, choices: Choices, months: Months, typed: Typed, hiding: Hiding
) -> Trend:
    """Shape the years; asks nothing. Counts of units do not restate: they have their as-was series alone."""
    restates = is_computed(line) and line.indicator.timing != Indicator.Timing.UNITS
    restated = _years(line, choices.area, months.get(choices.area.pk, []), hiding) if restates else {}
    areas = _with_as_was(choices, months, restates)
    as_was = [_years(line, area, _in_life(area, months.get(area.pk, [])), hiding) for area in areas]
    found = [*restated, *(year for one in as_was for year in one), *typed.entered, *typed.totals]
    rows = [
        typed.row(line, year, restated.get(year), [one.get(year) for one in as_was])
        for year in _range(line, choices, found)
    ]
    names = [boundary_words(area) for area in areas]
    as_it_was = [_("%(boundary)s (như khi đó)") % {"boundary": name} for name in names]
    return Trend(
        boundary=boundary_words(choices.area) if restates else "",
        others=names,
        rows=[row for row in rows if row.is_known],
        chart=_chart(line, choices, rows, as_it_was, typed),
        has_entered=bool(typed.entered),
        has_totals=bool(typed.totals),
    )


def _with_as_was(choices: Choices, months: Months, restates: bool) -> list[Area]:
    """Boundaries with figures of their own time; the chosen ones only where part of theirs is restated."""
    chosen = choices.area
    areas = [area for area in others_of(choices) if _in_life(area, months.get(area.pk, []))]
    own = months.get(chosen.pk, [])
    if chosen.pk in months and (not restates or 0 < len(_in_life(chosen, own)) < len(own)):
        areas.append(chosen)
    return areas[: len(LOOKS)]


def _in_life(area: Area, months: Sequence[MonthFigures]) -> list[MonthFigures]:
    return [
        month
        for month in months
        if month.month >= area.valid_from and (area.valid_to is None or month.month < area.valid_to)
    ]


def _years(
    line: PlanIndicator, area: Area, months: Sequence[MonthFigures], hiding: Hiding
) -> dict[int, YearFigure]:
    by_year: dict[int, list[MonthFigures]] = {}
    for month in months:
        by_year.setdefault(month.month.year, []).append(month)
    found = {}
    for year, part in by_year.items():
        computed = compute_line(line, part)
        if computed is not None and computed.figure.expected:
            hidden = hiding.year(area.pk, part[-1].month, computed.figure.numerator)
            found[year] = (
                _concealed(_printed(line, part, computed)) if hidden else _printed(line, part, computed)
            )
    return found


def _printed(line: PlanIndicator, months: Sequence[MonthFigures], computed: Computed) -> YearFigure:
    figure = computed.figure
    limits = limits_of(figure, line)
    first, last = Month.of(months[0].month), Month.of(months[-1].month)
    whole = first.number == 1 and last.number == MONTHS
    return YearFigure(
        value=printed(figure.value, line),
        counts=counts_of(figure, line.indicator.timing),
        interval=interval_words(limits, line.decimals),
        reports=reports_of(computed, line.indicator.timing)[0],
        note=exactness_words(computed),
        part="" if whole else _("tháng %(first)d–%(last)d") % {"first": first.number, "last": last.number},
        computed=computed,
    )


def _concealed(figure: YearFigure) -> YearFigure:
    return replace(figure, value=hidden_word(), counts="", interval="", note="", computed=None)


def _range(line: PlanIndicator, choices: Choices, found: Sequence[int]) -> list[int]:
    """Every year from the first with a figure to the last with one or with a target."""
    promised = [target.year for target in line.targets.all()]
    if not found:
        return []
    return list(range(min(found), max(*found, *promised, choices.year) + 1))


def _chart(
    line: PlanIndicator,
    choices: Choices,
    rows: Sequence[Row],
    names: Sequence[str],
    typed: Typed,
) -> Chart | None:
    name = boundary_words(choices.area)
    if names:
        name = _("%(boundary)s (quy về ranh giới này)") % {"boundary": name}
    series = [Series(name, tuple(_point(row.year, row.restated, line) for row in rows))]
    series += [
        Series(
            name, tuple(_point(row.year, row.as_was[n], line, with_interval=False) for row in rows), LOOKS[n]
        )
        for n, name in enumerate(names)
    ]
    entered = tuple(_entered_point(row, typed.entered) for row in rows)
    series.append(Series(_("số nhập theo năm"), entered, Look.FOURTH, Drawn.DOTS))
    totals = tuple(_total_point(row) for row in rows)
    series.append(Series(_("theo báo cáo cũ, như đã báo cáo"), totals, Look.GIVEN, Drawn.DOTS))
    chart = Chart(
        title=_("Diễn biến qua các năm: %(name)s") % {"name": line.name},
        description=_describe(rows, line),
        categories=tuple(Category(str(row.year), str(row.year)) for row in rows),
        series=tuple(one for one in series if one.known),
        target=_target(line, rows),
        unit=line.unit,
        decimals=line.decimals,
        start=_("trục đứng bắt đầu từ %(start)s"),
        interval_name=_("khoảng tin cậy 95%"),
    )
    return None if chart.is_empty else chart


def _point(
    year: int, figure: YearFigure | None, line: PlanIndicator, *, with_interval: bool = True
) -> Point | None:
    """A part of a year stands apart from the line; the sum of one, on boundaries gone since, says nothing here."""
    if figure is None or figure.computed is None or figure.computed.figure.value is None:
        return None
    parts = [f"{year}: {figure.value}", figure.part, figure.counts, figure.interval, figure.note]
    low, high = (limits_of(figure.computed.figure, line) if with_interval else None) or (None, None)
    adds_up = line.indicator.timing in ACCUMULATING
    if adds_up and figure.part and not with_interval:
        return None
    unfinished = bool(figure.part) and (adds_up or not with_interval)
    words = "; ".join(part for part in parts if part)
    return Point(figure.computed.figure.value, words, low, high, unfinished)


def _entered_point(row: Row, entered: dict[int, EnteredFigure]) -> Point | None:
    if row.entered is None:
        return None
    return Point(row.entered, f"{row.year}: {row.entered_text} ({entered[row.year].source})")


def _total_point(row: Row) -> Point | None:
    """A total as given; where the year is computed or was entered that stands alone."""
    if row.total is None or row.is_computed or row.entered is not None:
        return None
    return Point(row.total, f"{row.year}: {row.total_text} ({row.total_source})")


def _target(line: PlanIndicator, rows: Sequence[Row]) -> Target | None:
    """The level promised for each year; a sum promised for the whole period is no level of its last year."""
    if is_period_count(line.plan, line):
        return None
    goals = [goal_in(line, row.year) if row.target else None for row in rows]
    if not any(goals):
        return None
    return Target(
        _("kế hoạch"),
        tuple(goal.value if goal else None for goal in goals),
        tuple(goal.upper if goal else None for goal in goals),
    )


def _describe(rows: Sequence[Row], line: PlanIndicator) -> str:
    """The alternative text: each year's figure and target in a row; as it was where nothing is restated."""
    said = []
    for row in rows:
        figures = [one.value for one in ([row.restated] if row.restated else row.as_was) if one]
        figures += [text for text in (row.entered_text, row.total_text) if text]
        words = {"year": row.year, "value": ", ".join(figures) or NONE, "target": row.target or NONE}
        said.append(_("năm %(year)s: thực hiện %(value)s, kế hoạch %(target)s") % words)
    return "; ".join(said)
