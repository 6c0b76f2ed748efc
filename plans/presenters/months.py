"""The chart of a line's months in one year: the month alone, the year to date, the target across."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from django.utils.translation import gettext as _

from plans.charts import Category, Chart, Look, Point, Series, Target
from plans.charts.spec import Drawn
from plans.presenters.benchmarks import goal_in
from plans.presenters.figures import printed_shared
from plans.presenters.hiding import Hiding
from plans.standing import LineStanding, MonthPoint
from plans.standing.assess import is_period_count

LEAST_MONTHS = 2


def months_chart(standing: LineStanding, area: int, hiding: Hiding) -> Chart | None:
    """None with fewer than two known months: a single column shows nothing that its number does not."""
    line = standing.line
    points = [_shown(point, hiding.flags(area, point.month)) for point in standing.series]
    if sum(point.value is not None for point in points) < LEAST_MONTHS:
        return None

    def said(point: MonthPoint, value: Fraction | None, is_shared: bool) -> Point | None:
        words = f"{point.month.number}/{point.month.year}: {printed_shared(value, line, is_shared)}"
        return None if value is None else Point(value, words)

    goal = None if is_period_count(line.plan, line) else goal_in(line, standing.year)
    return Chart(
        title=_("Diễn biến trong năm %(year)s: %(name)s") % {"year": standing.year, "name": line.name},
        description="; ".join(
            f"{p.month.number}/{p.month.year}: {printed_shared(p.value, line, p.is_shared)}" for p in points
        ),
        categories=tuple(Category(f"T{p.month.number}", f"{p.month.number}/{p.month.year}") for p in points),
        series=(
            Series(
                _("riêng tháng"), tuple(said(p, p.value, p.is_shared) for p in points), drawn=Drawn.COLUMN
            ),
            Series(
                _("lũy kế từ đầu năm"),
                tuple(said(p, p.to_date, p.is_shared_to_date) for p in points),
                Look.SECOND,
            ),
        ),
        target=goal and Target(_("kế hoạch"), (goal.value,) * len(points), (goal.upper,) * len(points)),
        unit=line.unit,
        decimals=line.decimals,
    )


def _shown(point: MonthPoint, hides: tuple[bool, bool]) -> MonthPoint:
    """The month without what is hidden of it: its own figure, the one to date."""
    value, to_date = (
        None if hidden else figure for hidden, figure in zip(hides, (point.value, point.to_date), strict=True)
    )
    return replace(point, value=value, to_date=to_date)
