"""The bullet bar and the trend line of a row, as percentages and points; drawing is the templates' part."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from plans.models import Target
from plans.standing import LineStanding, MonthPoint

HEADROOM = Fraction(5, 4)
WIDTH, HEIGHT, MARGIN = 96, 24, 2


@dataclass(frozen=True)
class Bar:
    """Positions along the bar in percent of its length, None where there is nothing to draw."""

    actual: float
    target: float
    pace: float | None
    last: float | None
    direction: str


@dataclass(frozen=True)
class Trend:
    """A polyline in a box of `width` × `height`; `last` is its final point."""

    points: str
    last: tuple[float, float]
    width: int = WIDTH
    height: int = HEIGHT


def bar_of(standing: LineStanding) -> Bar | None:
    """Draw levels only: a change or a qualitative target has no length."""
    goal = standing.assessment.goal
    if goal is None or goal.kind != Target.Kind.LEVEL or goal.value is None or standing.value is None:
        return None
    target = Fraction(goal.upper if goal.upper is not None else goal.value)
    pace, last = standing.assessment.pace, standing.previous
    shown = [abs(x) for x in (standing.value, target, pace, last) if x is not None]
    longest = max(shown) * HEADROOM
    if not longest:
        return None

    def place(value: Fraction | None) -> float | None:
        return None if value is None else round(float(max(value, Fraction(0)) / longest * 100), 1)

    return Bar(
        actual=place(standing.value) or 0.0,
        target=place(target) or 0.0,
        pace=place(pace),
        last=place(last),
        direction=standing.line.direction,
    )


def trend_of(series: Sequence[MonthPoint]) -> Trend | None:
    """The figure to date at the end of every month; nothing with fewer than two points."""
    known = [(point.month.number, float(point.to_date)) for point in series if point.to_date is not None]
    if len(known) < 2:
        return None
    lowest, highest = min(v for _, v in known), max(v for _, v in known)
    span = (highest - lowest) or 1.0
    step = (WIDTH - 2 * MARGIN) / 11
    placed = [
        (
            round(MARGIN + (month - 1) * step, 1),
            round(HEIGHT - MARGIN - (value - lowest) / span * (HEIGHT - 2 * MARGIN), 1),
        )
        for month, value in known
    ]
    return Trend(points=" ".join(f"{x},{y}" for x, y in placed), last=placed[-1])
