"""The chart of a line's months: bars of the month alone, a line to date, the target across."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from facilities.numbers import format_number
from plans.models import PlanIndicator
from plans.presenters.figures import printed
from plans.presenters.words import with_unit
from plans.standing import LineStanding, MonthPoint

WIDTH, HEIGHT, LEFT, BOTTOM, TOP = 720, 220, 64, 26, 12
BAR_SHARE = 0.55
TICKS = 4
TICK_DECIMALS = 3


@dataclass(frozen=True)
class Column:
    x: float
    y: float
    width: float
    height: float
    middle: float
    label: str
    words: str


@dataclass(frozen=True)
class Chart:
    """Positions in a box of `width` × `height`."""

    columns: list[Column]
    line: str
    ticks: list[tuple[float, str]]
    target: float | None
    width: int = WIDTH
    height: int = HEIGHT
    left: int = LEFT
    base: int = HEIGHT - BOTTOM


def chart_of(standing: LineStanding) -> Chart | None:
    """Nothing with fewer than two known months, or where some value is below zero."""
    points = standing.series
    known = [v for point in points for v in (point.value, point.to_date) if v is not None]
    if sum(point.value is not None for point in points) < 2 or min(known) < 0:
        return None
    goal = standing.assessment.goal
    target = Fraction(goal.value) if goal and goal.kind == "level" and goal.value is not None else None
    top = _round_up(max([*known, *([target] if target is not None else [])]))

    def height(value: Fraction) -> float:
        return round(HEIGHT - BOTTOM - float(value / top) * (HEIGHT - BOTTOM - TOP), 1)

    step = (WIDTH - LEFT) / 12
    return Chart(
        columns=[_column(point, step, height, standing) for point in points if point.value is not None],
        line=" ".join(
            f"{_middle(point, step):.1f},{height(point.to_date)}"
            for point in points
            if point.to_date is not None
        ),
        ticks=[(height(top * n / TICKS), _tick(top * n / TICKS, standing.line)) for n in range(TICKS + 1)],
        target=None if target is None else height(target),
    )


def _column(point: MonthPoint, step: float, height: object, standing: LineStanding) -> Column:
    y = height(point.value)
    return Column(
        x=round(_middle(point, step) - step * BAR_SHARE / 2, 1),
        y=y,
        width=round(step * BAR_SHARE, 1),
        height=round(HEIGHT - BOTTOM - y, 1),
        middle=round(_middle(point, step), 1),
        label=f"T{point.month.number}",
        words=f"{point.month.number}/{point.month.year}: {printed(point.value, standing.line)}",
    )


def _tick(value: Fraction, line: PlanIndicator) -> str:
    """A round number of the scale: 25% rather than 25,0%."""
    return with_unit(format_number(value, TICK_DECIMALS).rstrip("0").rstrip(","), line.unit)


def _middle(point: MonthPoint, step: float) -> float:
    return LEFT + step * (point.month.number - 0.5)


def _round_up(value: Fraction) -> Fraction:
    """The next round number above, so that the scale reads well."""
    if value <= 0:
        return Fraction(1)
    unit = Fraction(1)
    while unit * 10 <= value:
        unit *= 10
    while unit > value:
        unit /= 10
    return next(unit * n for n in (1, Fraction(3, 2), 2, 3, 4, 5, 6, 8, 10) if unit * n >= value)
