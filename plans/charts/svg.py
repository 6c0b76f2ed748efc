"""A chart as SVG text. It carries its own colours and names its font, so it prints alike in a page, a PDF, a file."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from xml.etree import ElementTree as ET

from facilities.text import printable
from plans.charts.pieces import (
    ACCENT,
    GRID,
    INK,
    LOOKS,
    Style,
    column,
    element,
    goal_line,
    label,
    picture,
    point_shape,
    stroke,
    whisker,
)
from plans.charts.scale import Scale, scale_of
from plans.charts.spec import Category, Chart, Drawn, Look, Point, Series

TOP, RIGHT = 26, 14
FIRST_KEY, KEY, KEY_LINE, KEY_GAP = 12.0, 34, 26, 18
LETTER, ROW, LABEL_GAP, VALUE_GAP = 7.4, 20, 8, 8
AXIS_ROOM, LABEL_ROOM, LABEL_LINE = 52, 34, 15
FEW, WIDE_STEP = 8, 24
CUT = 12
SHARE_OF_STEP, WIDEST_COLUMN = 0.58, 44


@dataclass(frozen=True)
class Size:
    """Of the drawing without its legend, in the points its letters are measured in."""

    width: int
    height: int


PAGE = Size(680, 300)


def draw(chart: Chart, *, number: int = 1, size: Size = PAGE) -> str:
    """The chart as one `<svg>`; `number` keeps its title's id apart from others on the page."""
    lines = max((len(one.label.split("\n")) for one in chart.categories), default=1)
    plot_bottom = size.height - (AXIS_ROOM if chart.axis else LABEL_ROOM) - LABEL_LINE * (lines - 1)
    columns = any(series.drawn == Drawn.COLUMN for series in chart.series)
    scale = scale_of(chart.values, from_zero=columns, whole=not chart.decimals, bottom=plot_bottom, top=TOP)
    rows = _legend_rows(chart, size.width, start=_start_words(chart, scale))
    left = max(len(chart.tick(tick)) for tick in scale.ticks) * LETTER + 16
    root = picture(
        chart.title,
        chart.description,
        size.width,
        size.height + ROW * len(rows),
        name=f"chart-{number}",
        css="chart",
    )
    plot = Plot(root, chart, scale, left, size)
    plot.axes()
    for series in sorted(chart.series, key=lambda one: one.drawn != Drawn.COLUMN):
        plot.series(series)
    plot.target()
    plot.values()
    _legend(root, rows, size.height)
    return ET.tostring(root, encoding="unicode")


class Plot:
    """One drawing under way: where things stand, and the element they are added to."""

    def __init__(self, root: ET.Element, chart: Chart, scale: Scale, left: float, size: Size) -> None:
        self.root, self.chart, self.scale, self.left, self.size = root, chart, scale, left, size
        self.right = size.width - RIGHT
        self.step = (self.right - left) / max(len(chart.categories), 1)
        self.columns = [series for series in chart.series if series.drawn == Drawn.COLUMN]

    def middle(self, index: int) -> float:
        return round(self.left + self.step * (index + 0.5), 1)

    def axes(self) -> None:
        """Grid lines with round numbers, and under the axis as many categories as there is room for."""
        for tick in self.scale.ticks:
            y = self.scale.place(tick)
            element(self.root, "line", x1=self.left, x2=self.right, y1=y, y2=y, stroke=GRID)
            label(self.root, self.chart.tick(tick), self.left - LABEL_GAP, y + 4.5, anchor="end")
        bottom = self.scale.bottom
        every = label_every(self.chart.categories, self.step)
        for index, category in enumerate(self.chart.categories):
            for line, words in enumerate(category.label.split("\n") if index % every == 0 else ()):
                label(self.root, words, self.middle(index), bottom + 19 + LABEL_LINE * line, anchor="middle")
        if self.chart.axis:
            bottom = self.size.height - AXIS_ROOM + 38
            label(self.root, self.chart.axis, (self.left + self.right) / 2, bottom, anchor="middle")
        if _start_words(self.chart, self.scale):
            _cut(self.root, self.left, self.scale.bottom)

    def series(self, series: Series) -> None:
        style = LOOKS[series.look]
        group = element(self.root, "g", css=f"series {series.look}")
        if series.drawn == Drawn.LINE:
            for run in runs(series):
                stroke(
                    group, " ".join(f"{self.middle(i)},{self.scale.place(p.value)}" for i, p in run), style
                )
        for index, point in enumerate(series.points):
            if point is not None:
                self._point(group, series, index, point, style)

    def _point(self, group: ET.Element, series: Series, index: int, point: Point, style: Style) -> None:
        x, y = self.middle(index), self.scale.place(point.value)
        spot = element(group, "g")
        element(spot, "title").text = printable(point.words)
        if series.drawn == Drawn.COLUMN:
            x, width = self._place_of_column(series, x)
            zero = self.scale.place(0)
            column(spot, x - width / 2, min(y, zero), width, abs(zero - y), style)
        self._interval(spot, x, point, style)
        if series.drawn != Drawn.COLUMN:
            point_shape(spot, style.shape, x, y, self._radius(), style.colour, hollow=point.is_partial)

    def _place_of_column(self, series: Series, x: float) -> tuple[float, float]:
        """Middle and width of a column: several series stand side by side around the category's middle."""
        width = min(self.step * SHARE_OF_STEP, WIDEST_COLUMN * len(self.columns)) / len(self.columns)
        return x + (self.columns.index(series) - (len(self.columns) - 1) / 2) * width, width

    def values(self) -> None:
        """Over everything else, the values of the main series: all, or the last alone where they would touch."""
        if len(self.chart.categories) > FEW:
            return
        for series in self.chart.series:
            if series.look != Look.MAIN or series.drawn == Drawn.COLUMN:
                continue
            points = [(i, point) for i, point in enumerate(series.points) if point is not None]
            longest = max((len(self.chart.printed(point.value)) for _, point in points), default=0)
            fits = longest * LETTER <= self.step
            for index, point in points if fits else points[-1:]:
                self._value(self.chart.printed(point.value), self.middle(index), point)

    def _value(self, text: str, x: float, point: Point) -> None:
        """To the right of its point, to the left where it would leave the drawing."""
        leaves = x + VALUE_GAP + len(text) * LETTER > self.right + RIGHT
        x, anchor = (x - VALUE_GAP, "end") if leaves else (x + VALUE_GAP, "start")
        y = self.scale.place(point.value) - 9
        label(self.root, text, x, y, anchor=anchor, colour=INK, weight="600", halo=True)

    def _interval(self, spot: ET.Element, x: float, point: Point, style: Style) -> None:
        if point.low is None or point.high is None:
            return
        ends = self.scale.place(point.low), self.scale.place(point.high)
        whisker(spot, x, *ends, style.colour, capped=self.step > WIDE_STEP)

    def _radius(self) -> float:
        return min(4.0, max(2.0, self.step * 0.3))

    def target(self) -> None:
        """A dashed line over each category that has a target, a band where the target is a range."""
        target = self.chart.target
        if target is None:
            return
        group = element(self.root, "g", css="goal")
        element(group, "title").text = printable(target.name)
        uppers = target.uppers or (None,) * len(target.values)
        for index, (value, upper) in enumerate(zip(target.values, uppers, strict=True)):
            if value is None:
                continue
            x1, x2 = round(self.left + self.step * index, 1), round(self.left + self.step * (index + 1), 1)
            if upper is not None:
                top, bottom = self.scale.place(upper), self.scale.place(value)
                element(group, "rect", x=x1, y=top, width=round(x2 - x1, 1), height=round(bottom - top, 1),
                        fill=INK, opacity=0.09)  # fmt: skip
            for end in (value, upper):
                if end is not None:
                    goal_line(group, x1, x2, self.scale.place(end))


def runs(series: Series) -> list[list[tuple[int, Point]]]:
    """The stretches a line is drawn through: unbroken, whole or partial throughout, at least two points long."""
    found: list[list[tuple[int, Point]]] = [[]]
    for index, point in enumerate(series.points):
        last = found[-1][-1][1] if found[-1] else None
        if point is None or (last is not None and last.is_partial != point.is_partial):
            found.append([])
        if point is not None:
            found[-1].append((index, point))
    return [run for run in found if len(run) > 1]


def label_every(categories: tuple[Category, ...], step: float) -> int:
    """Every how many categories a label fits without touching the next one."""
    lines = [line for category in categories for line in category.label.split("\n")]
    longest = max(map(len, lines), default=1)
    every = 1
    while every * step < longest * LETTER + LABEL_GAP and every < len(categories):
        every += 1
    return every


class Sample(Enum):
    """What the legend shows beside series."""

    INTERVAL = "interval"
    TARGET = "target"
    CUT = "cut"


@dataclass(frozen=True)
class Key:
    """An entry of the legend: what a series looks like, or something else that is drawn."""

    name: str
    x: float
    sample: Series | Sample


def _start_words(chart: Chart, scale: Scale) -> str:
    """Where the axis begins, "" where at zero."""
    return chart.start % {"start": chart.tick(scale.low)} if chart.start and not scale.has_zero else ""


def _legend_rows(chart: Chart, room: int, *, start: str) -> list[list[Key]]:
    """The legend's entries, broken into rows that fit the width; where the axis begins comes last.

    In the drawing itself those words would lie over a line that falls to its end.
    """
    entries: list[tuple[str, Series | Sample]] = [
        (series.name, series) for series in chart.series if series.known
    ]
    if chart.interval_name and any(series.has_intervals for series in chart.series):
        entries.append((chart.interval_name, Sample.INTERVAL))
    if chart.target and chart.target.known:
        entries.append((chart.target.name, Sample.TARGET))
    if start:
        entries.append((start, Sample.CUT))
    rows: list[list[Key]] = [[]]
    x = FIRST_KEY
    for name, sample in entries:
        width = KEY + len(name) * LETTER + KEY_GAP
        if rows[-1] and x + width - KEY_GAP > room:
            rows.append([])
            x = FIRST_KEY
        rows[-1].append(Key(name, x, sample))
        x += width
    return [row for row in rows if row]


def _legend(root: ET.Element, rows: list[list[Key]], top: int) -> None:
    for number, row in enumerate(rows):
        y = top + ROW * number + 4.0
        for key in row:
            if isinstance(key.sample, Series):
                _series_key(root, key.sample, key.x, y)
            elif key.sample == Sample.TARGET:
                goal_line(root, key.x, key.x + KEY_LINE, y)
            elif key.sample == Sample.CUT:
                _cut(root, key.x + KEY_LINE / 2, y + CUT / 2)
            else:
                whisker(root, key.x + KEY_LINE / 2, y - 7, y + 7, ACCENT)
            label(root, key.name, key.x + KEY, y + 4.5)


def _cut(root: ET.Element, x: float, foot: float) -> None:
    """The break of an axis that does not begin at zero, `CUT` high."""
    steps = "".join(f"l{dx},{-CUT / 4:g}" for dx in (4, -8, 8, -4))
    path = f"M{round(x, 1)},{foot}{steps}"
    element(root, "path", css="cut", d=path, fill="none", stroke=INK, stroke_width=1.25)


def _series_key(root: ET.Element, series: Series, x: float, y: float) -> None:
    style = LOOKS[series.look]
    if series.drawn == Drawn.COLUMN:
        column(root, x, y - 6, KEY_LINE, 12, style)
        return
    if series.drawn == Drawn.LINE:
        stroke(root, f"{x:g},{y:g} {x + KEY_LINE:g},{y:g}", style)
    point_shape(root, style.shape, x + KEY_LINE / 2, y, 4, style.colour)
