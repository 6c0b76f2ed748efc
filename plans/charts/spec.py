"""What a chart shows, said once. Every drawer reads this and nothing else; texts come in the reader's language."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from facilities.numbers import format_number

TICK_DECIMALS = 3
# How far intervals may stretch the axis, in sizes of the largest value.
WIDEST_INTERVAL = 3


class Look(StrEnum):
    """How a series stands apart from the others: by colour, by dash and by the shape of its points."""

    MAIN = "main"
    SECOND = "second"
    THIRD = "third"
    FOURTH = "fourth"
    GIVEN = "given"


class Drawn(StrEnum):
    LINE = "line"
    COLUMN = "column"
    DOTS = "dots"


class Mark(StrEnum):
    """A point of a map: what it says, told by colour and by shape."""

    GOOD = "good"
    BAD = "bad"
    PLAIN = "plain"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Category:
    """A place on the horizontal axis: `label` stands under it where there is room, `name` says it in full.

    A label may have several lines.
    """

    label: str
    name: str


@dataclass(frozen=True)
class Point:
    """A value in the chart's unit with its interval; `words` say it in full. `is_partial`: part of its period."""

    value: Fraction
    words: str
    low: float | None = None
    high: float | None = None
    is_partial: bool = False


@dataclass(frozen=True)
class Series:
    """One point a category, None where nothing is known: a line breaks there, it never bridges."""

    name: str
    points: tuple[Point | None, ...]
    look: Look = Look.MAIN
    drawn: Drawn = Drawn.LINE

    @property
    def known(self) -> list[Point]:
        return [point for point in self.points if point is not None]

    @property
    def has_intervals(self) -> bool:
        return any(point.low is not None and point.high is not None for point in self.known)


@dataclass(frozen=True)
class Target:
    """What is promised in each category, None where nothing is; `uppers` close a range."""

    name: str
    values: tuple[Fraction | None, ...]
    uppers: tuple[Fraction | None, ...] = ()

    @property
    def known(self) -> list[Fraction]:
        return [value for value in (*self.values, *self.uppers) if value is not None]


@dataclass(frozen=True)
class Chart:
    """`unit` is printed after numbers where it is % or ‰; `decimals` are those of the plan.

    `description` is the alternative text: what the chart shows, with its first and last figures. `start` says
    where the vertical axis begins if not at zero, `%(start)s` being that number.
    """

    title: str
    description: str
    categories: tuple[Category, ...]
    series: tuple[Series, ...]
    target: Target | None = None
    unit: str = ""
    decimals: int = 1
    axis: str = ""
    interval_name: str = ""
    start: str = ""

    @property
    def is_empty(self) -> bool:
        return not any(series.known for series in self.series)

    @property
    def values(self) -> list[Fraction]:
        """Everything that must fit on the vertical axis.

        An interval so wide that it would press the values flat is cut at the edge of the drawing.
        """
        points = [point for series in self.series for point in series.known]
        found = [point.value for point in points] + (self.target.known if self.target else [])
        reach = WIDEST_INTERVAL * max((abs(value) for value in found), default=Fraction(0))
        ends = [Fraction(end) for point in points for end in (point.low, point.high) if end is not None]
        return found + [max(min(end, reach), -reach) for end in ends if reach]

    def printed(self, value: Fraction) -> str:
        return format_number(value, self.decimals) + self.suffix

    def tick(self, value: Fraction) -> str:
        """A round number of the scale: 25% rather than 25,0%."""
        text = format_number(value, TICK_DECIMALS)
        return text.rstrip("0").rstrip(",") + self.suffix if "," in text else text + self.suffix

    @property
    def suffix(self) -> str:
        return self.unit if self.unit in ("%", "‰") else ""


@dataclass(frozen=True)
class Pin:
    """A place on a map, degrees north and east; `weight` 0 to 1 sizes it.

    `label` is written beside it where there is room, those of the first `rank`s first; "" for the others.
    """

    name: str
    latitude: float
    longitude: float
    mark: Mark
    words: str
    weight: float = 0.0
    rank: int = 0
    label: str = ""


@dataclass(frozen=True)
class PointMap:
    """`legend` says what each mark means and how many bear it, `notes` what else is to be known of the drawing.

    `north` and `east` follow the degrees.
    """

    title: str
    description: str
    pins: tuple[Pin, ...]
    legend: tuple[tuple[Mark, str], ...]
    size_words: str = ""
    notes: tuple[str, ...] = ()
    north: str = "N"
    east: str = "E"
