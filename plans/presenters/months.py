"""The chart of a line's months in one year: the month alone, the year to date, the target across."""

from __future__ import annotations

from fractions import Fraction

from django.utils.translation import gettext as _

from indicators.seasonality import Pace
from plans.charts import Category, Chart, Look, Point, Series, Target
from plans.charts.spec import Drawn
from plans.presenters.allocated import months_until
from plans.presenters.benchmarks import goal_in, part_due
from plans.presenters.figures import printed_shared
from plans.presenters.hiding import Hiding, flags_of
from plans.standing import LineStanding, MonthPoint
from plans.standing.assess import is_period_count
from plans.standing.pace import is_paced

LEAST_MONTHS = 2
Values = tuple[Fraction | None, Fraction | None]


def months_chart(standing: LineStanding, area: int, hiding: Hiding, pace: Pace) -> Chart | None:
    """None with fewer than two known months: a single column shows nothing that its number does not.

    Each month's target to date is the part of the year's that its `pace` asks for, where the figure adds up.
    """
    line = standing.line
    shown = [_shown(point, flags_of(standing, hiding, area, point.month)) for point in standing.series]
    if sum(alone is not None for alone, _to_date in shown) < LEAST_MONTHS:
        return None
    names = [f"{point.month.number}/{point.month.year}" for point in standing.series]

    def said(side: int) -> list[str]:
        shares = [(point.is_shared, point.is_shared_to_date)[side] for point in standing.series]
        return [
            f"{name}: {printed_shared(values[side], line, is_shared)}"
            for name, values, is_shared in zip(names, shown, shares, strict=True)
        ]

    def points(side: int) -> tuple[Point | None, ...]:
        found = [values[side] for values in shown]
        return tuple(
            None if value is None else Point(value, words)
            for value, words in zip(found, said(side), strict=True)
        )

    return Chart(
        title=_("Diễn biến trong năm %(year)s: %(name)s") % {"year": standing.year, "name": line.name},
        description="; ".join(said(0)),
        categories=tuple(Category(f"T{name.partition('/')[0]}", name) for name in names),
        series=(
            Series(_("riêng tháng"), points(0), drawn=Drawn.COLUMN),
            Series(_("lũy kế từ đầu năm"), points(1), Look.SECOND),
        ),
        target=_target(standing, pace),
        unit=line.unit,
        decimals=line.decimals,
    )


def _target(standing: LineStanding, pace: Pace) -> Target | None:
    line = standing.line
    goal = None if is_period_count(line.plan, line) else goal_in(line, standing.year)
    if goal is None:
        return None
    parts = [part_due(line.indicator.timing, pace, months_until(point.month)) for point in standing.series]
    return Target(
        _("kế hoạch theo nhịp đến tháng") if is_paced(line) else _("kế hoạch"),
        tuple(goal.value * part for part in parts),
        tuple(None if goal.upper is None else goal.upper * part for part in parts),
    )


def _shown(point: MonthPoint, hides: tuple[bool, bool]) -> Values:
    """The month's own figure and the one to date, without what is hidden of them."""
    alone, to_date = (
        None if hidden else figure for hidden, figure in zip(hides, (point.value, point.to_date), strict=True)
    )
    return alone, to_date
