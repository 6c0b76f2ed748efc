"""The three charts of the leadership's page: verdicts by objective, the furthest lines, one line's months."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from textwrap import wrap

from facilities.models import Area
from facilities.numbers import format_number
from indicators.timing import ACCUMULATING
from plans.assessment import Status
from plans.charts import Category, Chart, Look, Point, Series, Target
from plans.charts.spec import Drawn
from plans.presenters.benchmarks import goal_in
from plans.presenters.figures import printed_estimate
from plans.presenters.hiding import read_hiding
from plans.standing import LineStanding, MonthPoint
from reporting.content.lines import heading
from reporting.content.periods import ReportPeriod
from reporting.content.wording import AXIS_START

TROUBLE = (Status.NOT_MET, Status.AT_RISK)
GROUPS = (
    ("đạt, có khả năng đạt", (Status.EXCEEDED, Status.MET, Status.ON_TRACK), Look.MAIN),
    ("không đạt, nguy cơ", TROUBLE, Look.SECOND),
    ("chưa đánh giá được", (Status.NO_DATA, Status.NOT_ASSESSED), Look.FOURTH),
)
SHOWN, LABEL_WIDTH, LABEL_LINES = 5, 14, 4
LIMITS = ("<", "<=")


def charts(
    standings: Sequence[LineStanding], then: Sequence[LineStanding], period: ReportPeriod, area: Area
) -> dict[str, Chart]:
    """By key, in the order of the page; a chart that has nothing to draw is left away. The page is of `area`."""
    drawn = {
        "tally": tally_chart(standings),
        "months": months_chart(standings, then, area),
        "distance": distance_chart(standings, period),
    }
    return {key: chart for key, chart in drawn.items() if chart and not chart.is_empty}


def tally_chart(standings: Sequence[LineStanding]) -> Chart | None:
    """Lines with a target by objective and verdict."""
    judged = [standing for standing in standings if standing.targets]
    objectives = list({standing.line.objective_id: heading(standing) for standing in judged}.items())
    counts = {
        name: [
            sum(s.line.objective_id == key and s.assessment.status in statuses for s in judged)
            for key, _title in objectives
        ]
        for name, statuses, _look in GROUPS
    }
    series = tuple(
        Series(name, tuple(Point(Fraction(n), f"{name}: {n}") for n in counts[name]), look, Drawn.COLUMN)
        for name, _statuses, look in GROUPS
        if any(counts[name])
    )
    words = [
        f"{title}: " + ", ".join(f"{name} {counts[name][index]}" for name, _statuses, _look in GROUPS)
        for index, (_key, title) in enumerate(objectives)
    ]
    several = len(objectives) > 1
    return Chart(
        title="Số chỉ tiêu theo mục tiêu (MT)" if several else "Số chỉ tiêu theo đánh giá",
        description="; ".join(words),
        categories=tuple(
            Category(f"MT {n}" if several else "Cả kế hoạch", title)
            for n, (_key, title) in enumerate(objectives, start=1)
        ),
        series=series,
        decimals=0,
    )


def percent_of_goal(standing: LineStanding) -> Fraction | None:
    """What the year will come to (or came to) in percent of its level asked for; None where that says nothing."""
    goal = None if standing.states_change else goal_in(standing.line, standing.year)
    figure = standing.value if standing.projected is None else standing.projected
    if goal is None or figure is None or goal.value <= 0 or goal.upper is not None:
        return None
    return figure / goal.value * 100


def by_distance(standings: Sequence[LineStanding]) -> list[LineStanding]:
    """The furthest from their levels first; those without a distance last, in the plan's order."""
    shares = {standing.line.pk: percent_of_goal(standing) for standing in standings}
    return sorted(
        standings,
        key=lambda one: -1 if shares[one.line.pk] is None else abs(shares[one.line.pk] - 100),
        reverse=True,
    )


def distance_chart(standings: Sequence[LineStanding], period: ReportPeriod) -> Chart | None:
    """The lines in trouble furthest from their levels; where none is, those of the plan nearest to theirs."""
    measured = [standing for standing in standings if percent_of_goal(standing) is not None]
    troubled = by_distance([standing for standing in measured if standing.assessment.status in TROUBLE])
    shown = (troubled or by_distance(measured)[::-1])[:SHOWN]
    if not shown:
        return None
    points = [_share_point(standing) for standing in shown]
    projected = any(standing.projected is not None for standing in shown)
    far, until = "xa" if troubled else "sát", "dự báo cả năm" if projected else period.title
    return Chart(
        title=f"Các chỉ tiêu {far} kế hoạch nhất, {until} (% của mức kế hoạch)",
        description="; ".join(point.words for point in points),
        categories=tuple(Category(_label(standing), standing.line.name) for standing in shown),
        series=(Series("so với mức kế hoạch", tuple(points), drawn=Drawn.DOTS),),
        target=Target(_goal_words(shown), (Fraction(100),) * len(shown)),
        unit="%",
        decimals=1,
        start=AXIS_START,
    )


def _goal_words(shown: Sequence[LineStanding]) -> str:
    """The mark's name; where a figure must stay below its level the chart says how that is told."""
    return "mức kế hoạch; nơi ghi ≤ phải ở dưới vạch" if any(map(_is_limit, shown)) else "mức kế hoạch"


def _is_limit(standing: LineStanding) -> bool:
    goal = goal_in(standing.line, standing.year)
    return goal is not None and goal.meaning.operator in LIMITS


def _share_point(standing: LineStanding) -> Point:
    share = percent_of_goal(standing) or Fraction(0)
    return Point(share, f"{standing.line.name}: {format_number(share, 1)}% của mức kế hoạch")


def _label(standing: LineStanding) -> str:
    """The line's number and short name over a few short lines; "≤" where the figure must stay below."""
    line = standing.line
    name = line.indicator.short_name if line.indicator and line.indicator.short_name else line.name
    number = f"{line.label.rstrip('.')}. " if line.label.strip(" -–+") else ""
    return "\n".join(
        wrap(
            f"{'≤ ' if _is_limit(standing) else ''}{number}{name}",
            LABEL_WIDTH,
            max_lines=LABEL_LINES,
            placeholder=" …",
        )
    )


def months_chart(standings: Sequence[LineStanding], then: Sequence[LineStanding], area: Area) -> Chart | None:
    """The furthest troubled line month by month, to date, against last year; else the plan's first computed line.

    Months of the area that are hidden, or that would give a hidden one away, are left out.
    """
    computed = [one for one in standings if any(point.to_date is not None for point in one.series)]
    troubled = by_distance([one for one in computed if one.assessment.status in TROUBLE])
    if not computed:
        return None
    standing = (troubled or computed)[0]
    line = standing.line
    before = next((one.series for one in then if one.line.key == line.key), ())
    hiding = read_hiding(
        line,
        [area.pk],
        [standing.year - 1, standing.year],
        inside=False,
        sums_of=[area],
        as_of=standing.as_of,
    )
    told, told_before = (
        [point for point in points if not hiding.flags(area.pk, point.month)[1]]
        for points in (standing.series, before)
    )
    numbers = range(1, 13)
    goal = (
        None
        if standing.states_change or line.indicator.timing in ACCUMULATING
        else goal_in(line, standing.year)
    )
    series = (
        Series(f"năm {standing.year}", _to_date(told, standing), Look.MAIN),
        Series(f"năm {standing.year - 1}", _to_date(told_before, standing), Look.SECOND),
    )
    last = series[0].known[-1] if series[0].known else None
    return Chart(
        title=f"{_label(standing).replace(chr(10), ' ').removeprefix('≤ ')}, lũy kế theo tháng",
        description=f"{line.name}: {last.words}" if last else line.name,
        categories=tuple(Category(str(n), f"tháng {n}") for n in numbers),
        series=series,
        target=Target("kế hoạch", (goal.value,) * 12) if goal and goal.upper is None else None,
        unit=line.unit,
        decimals=line.decimals,
        start=AXIS_START,
    )


def _to_date(points: Sequence[MonthPoint], standing: LineStanding) -> tuple[Point | None, ...]:
    known = {point.month.number: point for point in points if point.to_date is not None}
    return tuple(_month_point(known[n], standing) if n in known else None for n in range(1, 13))


def _month_point(point: MonthPoint, standing: LineStanding) -> Point:
    printed = printed_estimate(format_number(point.to_date, standing.line.decimals), point.is_shared_to_date)
    return Point(point.to_date, f"đến tháng {point.month.number}/{point.month.year} {printed}")
