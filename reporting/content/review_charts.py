"""The charts of a review: each line through the years beside what was planned for them."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from facilities.numbers import format_number
from plans.charts import Category, Chart, Point, Series, Target
from plans.presenters.benchmarks import goal_in
from reporting.content.cells import with_unit
from reporting.content.line_years import LineYears
from reporting.content.periods import month_words
from reporting.content.wording import AXIS_START, short_name

# Fewer figures are no course; the table and the sentence say them.
FEWEST = 3


def charts(lines: Sequence[LineYears]) -> dict[str, Chart]:
    """By the line's key, in the plan's order; a line with fewer than three figures has none."""
    drawn = {one.line.key: line_chart(one) for one in lines}
    return {f"line:{key}": chart for key, chart in drawn.items() if len(chart.series[0].known) >= FEWEST}


def line_chart(one: LineYears) -> Chart:
    """From the level the line began with; a last year whose count still grows stands apart from the others."""
    points = _points(one)
    years = sorted({standing.year for standing in one.years} | set(points))
    goals = {year: goal_in(one.line, year) for year in years if not _asks_for_a_sum(one)}
    known = {year: goal for year, goal in goals.items() if goal is not None}
    shown = [points.get(year) for year in years]
    return Chart(
        title=short_name(one.last),
        description="; ".join(point.words for point in shown if point is not None),
        categories=tuple(Category(_label(one, year), str(year)) for year in years),
        series=(Series("thực hiện", tuple(shown)),),
        target=Target(
            "kế hoạch",
            tuple(known[year].value if year in known else None for year in years),
            tuple(known[year].upper if year in known else None for year in years),
        )
        if known
        else None,
        unit=one.line.unit,
        decimals=one.line.decimals,
        start=AXIS_START,
    )


def _asks_for_a_sum(one: LineYears) -> bool:
    """Whether the targets are of several years together, which no single year is held against."""
    return one.is_sum


def _points(one: LineYears) -> dict[int, Point]:
    found = {year: _point(one, year, level) for year, level in one.levels}
    if one.start is not None and one.start.year not in found:
        found[one.start.year] = _point(one, one.start.year, one.start.level)
    return found


def _point(one: LineYears, year: int, level: Fraction) -> Point:
    printed = with_unit(format_number(level, one.line.decimals), one.line.unit)
    growing = one.is_partial_count and year == one.last.year
    until = f" (đến tháng {month_words(one.last.as_of)})" if growing and one.last.as_of else ""
    return Point(level, f"năm {year}{until} {printed}", is_partial=growing)


def _label(one: LineYears, year: int) -> str:
    """The year; a last one told in part by its last month."""
    as_of = one.last.as_of
    if year == one.last.year and as_of is not None and as_of.number < 12:
        return month_words(as_of)
    return str(year)
