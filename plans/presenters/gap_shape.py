"""Two groups over their periods: rows, the chart, and the sentence that says whether the gap narrows."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from django.utils.translation import gettext as _

from indicators.gaps import Change, Course, Gap, Side, compare
from plans.assessment.comparison import Goal
from plans.charts import Category, Chart, Look, Point, Series, Target
from plans.models import PlanIndicator
from plans.presenters.benchmarks import goal_in, limits_of
from plans.presenters.figures import NONE, counts_of, distance_words, interval_words, printed
from plans.presenters.gap_records import Comparison, Period, Pick, Printed, Row, Told
from plans.presenters.hiding import hidden_word
from plans.presenters.places import SMALL

Sides = dict[Period, tuple[Told | None, Told | None]]


def compare_sides(
    line: PlanIndicator, key: str, names: tuple[str, str], periods: Sequence[Period],
    first: Pick, second: Pick,
) -> Comparison:  # fmt: skip
    sides = {period: (first(period), second(period)) for period in periods}
    shown = [period for period in periods if any(sides[period])]
    gaps = {period: gap for period in shown if (gap := _gap(line, *sides[period])) is not None}
    sentence, course = _sentence(line, names, gaps)
    return Comparison(
        key=key,
        title=_("%(first)s so với %(second)s") % {"first": names[0], "second": names[1].lower()},
        first=names[0],
        second=names[1],
        rows=[_row(line, period, sides[period], gaps.get(period)) for period in shown],
        sentence=sentence,
        course=course,
        cautions=_cautions(line, sides),
        chart=_chart(line, names, shown, sides),
        hides=any(told.is_hidden for pair in sides.values() for told in pair if told),
    )


def _side(line: PlanIndicator, told: Told) -> Side:
    return Side(told.figure.value, limits_of(told.figure, line))


def _gap(line: PlanIndicator, first: Told | None, second: Told | None) -> Gap | None:
    """None where a side has no figure: a gap against a part of a figure would be no gap."""
    if first is None or second is None or first.figure.value is None or second.figure.value is None:
        return None
    return Gap.between(_side(line, first), _side(line, second))


def _row(line: PlanIndicator, period: Period, sides: tuple[Told | None, Told | None], gap: Gap | None) -> Row:
    first, second = (_printed(line, told) for told in sides)
    note = ""
    if any(told is not None and told.figure.inexact for told in sides):
        note = _("không có số liệu chính xác trên ranh giới này")
    elif gap is not None and gap.is_sure is False:
        note = _("có thể do ngẫu nhiên")
    return Row(
        period=period,
        first=first,
        second=second,
        gap=NONE if gap is None else distance_words(gap.difference, line),
        gap_interval="" if gap is None else interval_words(gap.limits, line.decimals),
        note=note,
        difference=None if gap is None else gap.difference,
    )


def _printed(line: PlanIndicator, told: Told | None) -> Printed:
    if told is None:
        return Printed(NONE, "", "")
    if told.is_hidden:
        return Printed(hidden_word(), "", "")
    figure = told.figure
    return Printed(
        value=printed(figure.value, line),
        counts=counts_of(figure, line.indicator.timing),
        interval=interval_words(limits_of(figure, line), line.decimals),
        name=told.name,
        exact=figure.value,
    )


def _sentence(line: PlanIndicator, names: tuple[str, str], gaps: dict[Period, Gap]) -> tuple[str, str]:
    """The latest period against the one a year before it, in one sentence with its numbers."""
    if not gaps:
        return _("Chưa đủ số liệu của cả hai nhóm để tính khoảng cách."), ""
    latest = max(gaps, key=lambda period: (period.year, period.last))
    words = {"period": _first_upper(latest.spoken), "gap": _size(line, gaps[latest])}
    before = gaps.get(Period(latest.year - 1, latest.last))
    if before is None:
        return _("%(period)s khoảng cách là %(gap)s; chưa có cùng kỳ năm trước để so.") % words, ""
    change = compare(before, gaps[latest])
    words |= {"earlier": Period(latest.year - 1, latest.last).spoken, "before": _size(line, before)}
    words |= {"by": _unsigned(line, abs(change.by))}
    if change.course == Course.TURNED:
        gap, gap_before = (distance_words(one.difference, line) for one in (change.after, change.before))
        higher = names[0] if change.after.difference > 0 else names[1]
        words |= {"gap": gap, "before": gap_before, "higher": higher}
    sentence = _course_words(change, line) % words
    if change.is_sure is False and change.course != Course.SAME:
        sentence += " " + _(
            "Mức thay đổi này nằm trong phạm vi ngẫu nhiên của số nhỏ, chưa đủ cơ sở kết luận."
        )
    return sentence, change.course


def _first_upper(text: str) -> str:
    return text[:1].upper() + text[1:]


def _course_words(change: Change, line: PlanIndicator) -> str:
    if change.course == Course.NARROWED:
        return _("%(period)s khoảng cách là %(gap)s, %(earlier)s là %(before)s: đã thu hẹp %(by)s.")
    if change.course == Course.TURNED:
        return _(
            "%(period)s khoảng cách là %(gap)s, %(earlier)s là %(before)s: đã đảo chiều, nay “%(higher)s” cao hơn."
        )
    if change.course == Course.WIDENED:
        return _("%(period)s khoảng cách là %(gap)s, %(earlier)s là %(before)s: đã rộng thêm %(by)s.")
    return _("%(period)s khoảng cách là %(gap)s, bằng %(earlier)s: không thay đổi.")


def _size(line: PlanIndicator, gap: Gap) -> str:
    return _unsigned(line, gap.size)


def _unsigned(line: PlanIndicator, size: Fraction) -> str:
    return distance_words(size, line).lstrip("+")


def _cautions(line: PlanIndicator, sides: Sides) -> list[str]:
    """Say where a side rests on few cases; the reader otherwise takes chance for a difference."""
    few = [
        told
        for pair in sides.values()
        for told in pair
        if told is not None and told.figure.value is not None and 0 <= (told.figure.numerator or 0) < SMALL
    ]
    if line.has_denominator and few:
        return [
            _("Có nhóm chỉ dưới %(count)d ca trong một kỳ: đọc khoảng tin cậy trước khi so sánh.")
            % {"count": SMALL}
        ]
    return []


def _chart(
    line: PlanIndicator, names: tuple[str, str], shown: Sequence[Period],
    sides: Sides,
) -> Chart | None:  # fmt: skip
    def points(side: int) -> tuple[Point | None, ...]:
        return tuple(_point(line, period, sides[period][side]) for period in shown)

    goals = [goal_in(line, period.year) if period.is_whole else None for period in shown]
    rows = [
        f"{period.label}: {' / '.join(_printed(line, told).value for told in sides[period])}"
        for period in shown
    ]
    chart = Chart(
        title=f"{line.name}: {names[0]} – {names[1]}",
        description="; ".join(rows),
        categories=tuple(Category(period.label, period.label) for period in shown),
        series=(Series(names[0], points(0)), Series(names[1], points(1), Look.SECOND)),
        target=_target(goals),
        unit=line.unit,
        decimals=line.decimals,
        start=_("trục đứng bắt đầu từ %(start)s"),
        interval_name=_("khoảng tin cậy 95%"),
    )  # fmt: skip
    return None if chart.is_empty else chart


def _target(goals: Sequence[Goal | None]) -> Target | None:
    if not any(goals):
        return None
    values = tuple(goal.value if goal else None for goal in goals)
    return Target(_("kế hoạch"), values, tuple(goal.upper if goal else None for goal in goals))


def _point(line: PlanIndicator, period: Period, told: Told | None) -> Point | None:
    if told is None or told.figure.value is None:
        return None
    low, high = limits_of(told.figure, line) or (None, None)
    words = f"{period.label}: {printed(told.figure.value, line)}"
    return Point(
        told.figure.value, f"{words} ({told.name})" if told.name else words, low, high, not period.is_whole
    )
