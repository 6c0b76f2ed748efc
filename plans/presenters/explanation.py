"""Why a running year is on track or at risk, in one sentence with its numbers, and how that was worked out."""

from __future__ import annotations

from fractions import Fraction

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from facilities.numbers import format_number, format_percent, format_share
from indicators.timing import ACCUMULATING, LATEST
from plans.assessment import Status
from plans.models import Target
from plans.presenters.figures import near_target_of, printed, printed_apart, value_of
from plans.presenters.words import (
    PERCENT_DECIMALS,
    VERDICTS,
    meaning_words,
    percent_of_target_words,
    with_unit,
)
from plans.standing import LineStanding

RUNNING = (Status.ON_TRACK, Status.AT_RISK)
SIGNS = {"<": "<", "<=": "≤", "=": "=", ">=": "≥", ">": ">"}
# Reports missing below this are told in the sentence; the row shows their count in any case.
NEARLY_ALL = Fraction(95, 100)


def explain(standing: LineStanding) -> str:
    """One sentence on a line whose year runs: reached and needed to date, the year expected, the verdict.

    "Đến tháng 6 đạt 41,2% kế hoạch, theo nhịp hai năm trước cần 48,0%; dự báo cả năm 88,4% (86,1–91,0%),
    mục tiêu ≥ 90,0%: nguy cơ không đạt". Empty where the year is over or nothing is judged.
    """
    status, goal = standing.assessment.status, standing.assessment.goal
    if status not in RUNNING or goal is None or standing.as_of is None or standing.projected is None:
        return ""
    expected = _("%(forecast)s, mục tiêu %(target)s") % {
        "forecast": _forecast(standing) or _("giữ mức này đến cuối năm"),
        "target": _target_words(standing),
    }
    reached = _("Đến tháng %(month)s %(reached)s") % {
        "month": standing.as_of.number,
        "reached": _against_pace(standing) or _level(standing),
    }
    words = "; ".join(part for part in (reached, _missing(standing), expected) if part)
    return _("%(words)s: %(verdict)s") % {"words": words, "verdict": VERDICTS[status]}


def reason_of(standing: LineStanding) -> str:
    """The sentence without what its row says already: value, target and verdict; empty where that is all."""
    if not explain(standing):
        return ""
    parts = [_against_pace(standing), _missing(standing), _forecast(standing)]
    return "; ".join(part for part in parts if part)


def method_of(standing: LineStanding) -> str:
    """How pace, projection and interval were worked out, in words; empty where nothing is explained."""
    if not explain(standing) or standing.computed is None:
        return ""
    projection = standing.computed.projection
    if projection.elapsed is None:
        words = _("Dự báo giữ mức từ đầu năm.") if standing.projected_interval else ""
    elif projection.years:
        years = ", ".join(str(year) for year in projection.years)
        words = _("Nhịp theo tỷ trọng từng tháng của các năm %(years)s trên cùng ranh giới.") % {
            "years": years
        }
    else:
        words = _("Nhịp chia đều theo tháng vì chưa có hai năm trước đủ số liệu từng tháng.")
    if standing.projected_interval is None:
        return words
    limits = _(
        "Khoảng dự báo 95% tính từ dao động giữa các tháng đã có; giả định phần còn lại của năm diễn ra như nhịp này."
    )
    return " ".join(part for part in (words, limits, _late_reports(standing)) if part)


def _late_reports(standing: LineStanding) -> str:
    """Why the upper limit may stand far above the point: it is that of what all reports due would give."""
    indicator = standing.line.indicator
    late = (standing.expected or 0) - (standing.reported or 0)
    if late <= 0 or indicator is None or indicator.timing not in ACCUMULATING:
        return ""
    return ngettext(
        "Cận trên tính cả phần của %(count)d báo cáo chưa có.",
        "Cận trên tính cả phần của %(count)d báo cáo chưa có.",
        late,
    ) % {"count": late}


def forecast_words(standing: LineStanding) -> str:
    """`88,4% (86,1–91,0%)`: the figure the verdict rests on, and its interval.

    The figure alone where there is no interval or both its ends print alike.
    """
    line, limits = standing.line, standing.projected_interval
    goal = standing.assessment.goal
    bound = goal.value if goal else None
    one = printed_apart(standing.projected, bound, line, signed=standing.states_change)
    if limits is None:
        return one
    low, high = (format_number(limit, line.decimals, standing.states_change) for limit in limits)
    if low == high:
        return one
    if standing.states_change:
        ends = {"low": with_unit(low, line.unit), "high": with_unit(high, line.unit)}
        return f"{one} ({_('từ %(low)s đến %(high)s') % ends})"
    return f"{one} ({with_unit(f'{low}–{high}', line.unit)})"


def _level(standing: LineStanding) -> str:
    if standing.states_change:
        return _("thay đổi %(value)s so với năm trước") % {"value": value_of(standing)}
    return _("là %(value)s") % {"value": _value(standing)}


def _against_pace(standing: LineStanding) -> str:
    """What a sum has reached beside what was due by now, in parts of the plan where those mean something."""
    pace, goal = standing.assessment.pace, standing.assessment.goal
    if pace is None or goal is None or standing.value is None:
        return ""
    percent = standing.assessment.percent_of_target
    if percent is None or not goal.value:
        needed = printed_apart(pace, standing.value, standing.line)
        words = {"value": _value(standing), "pace": _pace_name(standing), "needed": needed}
        return _("là %(value)s, %(pace)s là %(needed)s") % words
    needed = format_percent(pace / Fraction(goal.value) * 100, PERCENT_DECIMALS)
    words = {
        "percent": percent_of_target_words(percent),
        "pace": _pace_name(standing),
        "needed": needed,
    }
    return _("đạt %(percent)s kế hoạch, %(pace)s cần %(needed)s") % words


def _value(standing: LineStanding) -> str:
    """The value, with what tells it from the target where both print alike."""
    closer = near_target_of(standing)
    return f"{value_of(standing)} ({closer})" if closer else value_of(standing)


def _pace_name(standing: LineStanding) -> str:
    years = standing.computed.projection.years if standing.computed else ()
    before = standing.year - len(years)
    if not years:
        return _("chia đều theo tháng")
    if years == tuple(range(before, standing.year)):
        return _("theo nhịp hai năm trước") if len(years) == 2 else _("theo nhịp ba năm trước")
    return _("theo nhịp các năm %(years)s") % {"years": ", ".join(str(year) for year in years)}


def _missing(standing: LineStanding) -> str:
    """How many reports have come, where that is far from all: the rest of them can still move a sum."""
    if not standing.expected or _is_level(standing):
        return ""
    share = Fraction(standing.reported, standing.expected)
    if share >= NEARLY_ALL:
        return ""
    return _("mới có %(share)s báo cáo") % {"share": format_share(share * 100, PERCENT_DECIMALS)}


def _is_level(standing: LineStanding) -> bool:
    """A yearly figure stands in every month of its year; its reports are those of the latest month."""
    indicator = standing.line.indicator
    return indicator is None or indicator.timing in LATEST


def _forecast(standing: LineStanding) -> str:
    """Empty where the level of today is all that is known of the year's end."""
    if standing.projected == standing.value and standing.projected_interval is None:
        return ""
    return _("dự báo cả năm %(forecast)s") % {"forecast": forecast_words(standing)}


def _target_words(standing: LineStanding) -> str:
    """The target with its sign; in words where it is a range, a change or the baseline kept."""
    goal, line = standing.assessment.goal, standing.line
    sign = SIGNS.get(goal.operator or "") if goal else None
    if goal is None or goal.value is None or goal.kind != Target.Kind.LEVEL or sign is None:
        return meaning_words(goal, unit=line.unit)
    return f"{sign} {printed(goal.value, line)}"
