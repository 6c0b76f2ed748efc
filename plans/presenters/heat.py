"""Communes by months: every cell a number and a shade, and what is missing told apart from what is low."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from facilities.periods import Month
from indicators.models import Indicator
from indicators.models.results import Exactness
from indicators.reading import MonthFigures
from indicators.reading_places import add_up
from indicators.seasonality import Pace
from indicators.timing import YEARLY_RATE
from plans.models import PlanIndicator
from plans.presenters.benchmarks import Benchmark, pace_words
from plans.presenters.choices import Choices
from plans.presenters.communes import Commune, order, outgoing
from plans.presenters.figures import counts_of, printed, printed_shared
from plans.presenters.heat_cells import MONTH, SIGNS, Cell, Due, Painter, Shade, Spot, fifths
from plans.presenters.hiding import Hiding, flags_of
from plans.standing import LineStanding, MonthPoint


@dataclass(frozen=True)
class Row:
    commune: Commune
    name: str
    cells: list[Cell]
    total: str


@dataclass(frozen=True)
class Heat:
    """`whole` is the area's own row; `legend` says each shade that occurs, in order.

    `marks`: what each column is held against where that differs by month, the year to date last, and `pace` why so.
    `counts_events`: the cells are counts of rare events, for the rate of one commune in one month says nothing.
    """

    measure: str
    months: list[Month]
    rows: list[Row]
    whole: list[Cell]
    whole_total: str
    marks: list[Due]
    pace: str
    legend: list[tuple[Shade, str]]
    has_partial: bool
    has_shared: bool
    counts_events: bool
    hides: bool

    @property
    def signs(self) -> list[tuple[str, str]]:
        """What the signs in cells without a number mean."""
        return [(SIGNS[shade], words) for shade, words in self.legend if shade in SIGNS]


def present_heat(
    standing: LineStanding,
    choices: Choices,
    communes: Sequence[Commune],
    hiding: Hiding,
    *,
    sort: str,
    measure: str,
    pace: Pace,
) -> Heat:
    """Shape the cells; asks nothing. A month that nothing is due in stays empty.

    A commune hidden to date may have months that are told, and the other way round: each cell is asked about.
    """
    line = standing.line
    months = list(Month(choices.year, 1).until(choices.as_of)) if choices.as_of and communes else []
    events = line.indicator is not None and line.indicator.interval == Indicator.Interval.POISSON
    known = {one.area.pk: one for one in communes}
    ordered = order(outgoing(communes, hiding, choices.as_of), line, sort)
    timing = line.indicator.timing if line.indicator else ""
    spots = [_spots(known[one.area.pk], months, measure, timing, events, hiding) for one in ordered]
    painter = _painter(line, choices, pace, measure, events, [spot for row in spots for spot in row])
    rows = [
        Row(one, one.area.name, _cells(painter, row, choices, measure), _total(one, line))
        for one, row in zip(ordered, spots, strict=True)
    ]
    whole = _whole(standing, choices, communes, months, measure, events, hiding)
    marks = _marks(painter, months)
    cells = [cell for row in rows for cell in row.cells]
    found = {cell.shade for cell in cells}
    return Heat(
        measure=measure,
        months=months,
        rows=rows,
        whole=_cells(painter, whole, choices, measure),
        whole_total=SIGNS[Shade.HIDDEN] if standing.is_hidden else printed(standing.level, line),
        marks=marks,
        pace=pace_words(pace) if marks else "",
        legend=[(shade, words) for shade, words in painter.legend() if shade in found],
        has_partial=any(cell.is_partial for cell in cells),
        has_shared=any(cell.is_shared for cell in cells),
        counts_events=events,
        hides=Shade.HIDDEN in found or any(one.is_hidden for one in ordered),
    )


def _cells(painter: Painter, spots: Sequence[Spot], choices: Choices, measure: str) -> list[Cell]:
    """The cells of a row, each with the address part of its number."""
    return [replace(painter.cell(spot), query=_query(choices, spot.month, measure)) for spot in spots]


def _query(choices: Choices, month: Month, measure: str) -> str:
    if measure == MONTH:
        return f"{choices.all_lines_query}&month={month}"
    return choices.query_at(choices.area, month)


@dataclass(frozen=True)
class Known:
    """What a row is made of: results and points by month, and how months of the line become a year.

    `events`: the cells are counts of rare events.
    """

    months: dict[Month, MonthFigures]
    points: dict[Month, MonthPoint]
    timing: str
    events: bool

    def passed(self, month: Month, measure: str) -> frozenset[int]:
        """The months that the month's cell stands for: of a rate those reported alone."""
        if measure == MONTH:
            return frozenset({month.number})
        return frozenset(
            one.number
            for one, point in self.points.items()
            if one <= month and (point.reported or self.timing not in YEARLY_RATE)
        )


def _spots(
    commune: Commune, months: Sequence[Month], measure: str, timing: str, events: bool, hiding: Hiding
) -> list[Spot]:
    known = Known(commune.months, commune.points, timing, events)
    return [_spot(known, month, measure, _is_hidden(commune, month, measure, hiding)) for month in months]


def _is_hidden(commune: Commune, month: Month, measure: str, hiding: Hiding) -> bool:
    if not hiding:
        return False
    if measure == MONTH:
        figures = commune.months.get(month)
        return figures is not None and hiding.month(commune.area.pk, month, figures.numerator)
    return hiding.year(commune.area.pk, month, _events(commune.months, month, measure))


def _painter(
    line: PlanIndicator, choices: Choices, pace: Pace, measure: str, events: bool, spots: Sequence[Spot]
) -> Painter:
    benchmark = None if events else Benchmark.of(line, choices.year, pace)
    decimals = 0 if events else line.decimals
    if benchmark and benchmark.is_paced:
        # A mark of one month is a small part of the year's: one decimal more parts the values around it.
        decimals += 1
    values = [spot.value for spot in spots if spot.value is not None]
    return Painter(
        benchmark=benchmark,
        measure=measure,
        bounds=[Fraction(0)] if events else fifths(values, decimals),
        unit="" if events else line.unit,
        decimals=decimals,
        counts_events=events,
    )


def _marks(painter: Painter, months: Sequence[Month]) -> list[Due]:
    """The mark of every column, where a part of the year is held against a part of the target."""
    if painter.benchmark is None or not painter.benchmark.is_paced or not months:
        return []
    to_date = [range(1, month.number + 1) for month in months]
    columns = [[month.number] for month in months] if painter.measure == MONTH else to_date
    return [painter.mark(passed) for passed in (*columns, to_date[-1])]


def _total(commune: Commune, line: PlanIndicator) -> str:
    if commune.is_hidden:
        return SIGNS[Shade.HIDDEN]
    return printed_shared(commune.value, line, commune.exactness == Exactness.ESTIMATE)


def _whole(
    standing: LineStanding,
    choices: Choices,
    communes: Sequence[Commune],
    months: Sequence[Month],
    measure: str,
    events: bool,
    hiding: Hiding,
) -> list[Spot]:
    """The area's own row; of events the sum of the communes."""
    points = {point.month: point for point in standing.series}
    figures: dict[Month, MonthFigures] = {}
    if events:
        added = add_up(month for one in communes for month in one.months.values())
        figures = {Month.of(one.month): one for one in added}
    area = choices.area.pk
    hidden = {month: flags_of(standing, hiding, area, month)[measure != MONTH] for month in months}
    known = Known(figures, points, standing.line.indicator.timing if months else "", events)
    return [_spot(known, month, measure, hidden[month]) for month in months]


def _spot(known: Known, month: Month, measure: str, is_hidden: bool) -> Spot:
    months, point = known.months, known.points.get(month)
    if is_hidden:
        return Spot(month, None, 0, 0, "", Shade.HIDDEN)
    if point is None or not point.expected:
        return Spot(month, None, 0, 0, "", Shade.NONE)
    figure = point.alone if measure == MONTH else point.so_far
    value = _events(months, month, measure) if known.events else figure.value
    said = "" if known.events else counts_of(figure, known.timing)
    blank = Shade.EMPTY if point.reported else Shade.MISSING
    if any(_is_unknown(months[one]) for one in _asked(months, month, measure)):
        value, blank = None, Shade.UNKNOWN
    is_shared = point.is_shared if measure == MONTH else point.is_shared_to_date
    passed = known.passed(month, measure)
    return Spot(month, value, point.reported, point.expected, said, blank, passed, is_shared)


def _events(months: dict[Month, MonthFigures], month: Month, measure: str) -> Fraction | None:
    """Cases of the month, or of the months so far; None where none of them was reported."""
    found = [months[one].numerator for one in _asked(months, month, measure)]
    known = [Fraction(number) for number in found if number is not None]
    return sum(known, Fraction(0)) if known else None


def _asked(months: dict[Month, MonthFigures], month: Month, measure: str) -> list[Month]:
    """The months that a cell is made of."""
    return [one for one in months if one == month or (measure != MONTH and one < month)]


def _is_unknown(figures: MonthFigures) -> bool:
    return bool(figures.reported) and figures.exactness == Exactness.NONE
