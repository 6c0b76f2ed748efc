"""Figures of a line as printed: the plan's decimals, its unit, counts behind the value."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from django.utils.translation import gettext as _

from facilities.numbers import format_number
from indicators.timing import LATEST, MONTHS_OF_A_YEAR, YEARLY_RATE, YearFigure
from plans.models import PlanIndicator, Target
from plans.presenters.words import near_target_note, with_unit
from plans.standing import LineStanding
from plans.standing.records import Computed
from plans.targets.printed import in_numbers

NONE = "–"
ABOUT = "≈ "
LARGE = 1000


def printed(value: Fraction | Decimal | float | None, line: PlanIndicator, *, signed: bool = False) -> str:
    """The value with the decimals the plan prints, rounded only here; a dash where there is none."""
    if value is None:
        return NONE
    return with_unit(format_number(value, line.decimals, signed), line.unit)


def printed_shared(value: Fraction | None, line: PlanIndicator, is_shared: bool) -> str:
    """As `printed`, with the sign of an estimate before a value that shares of a divided unit enter."""
    return printed_estimate(printed(value, line), is_shared and value is not None)


def printed_estimate(words: str, is_estimate: bool) -> str:
    return ABOUT + words if is_estimate else words


def printed_apart(
    value: Fraction | None, goal: Fraction | Decimal | None, line: PlanIndicator, *, signed: bool = False
) -> str:
    """As `printed`, with more decimals where the value would read as the goal it differs from."""
    if value is None or goal is None:
        return printed(value, line, signed=signed)
    closer = near_target_note(value, goal, line.decimals)
    if not closer[-1:].isdigit():
        return printed(value, line, signed=signed)
    plus = "+" if signed and value > 0 and not closer.startswith("+") else ""
    return with_unit(f"{plus}{closer}", line.unit)


def near_target_of(standing: LineStanding) -> str:
    """The value with more decimals, where it prints like the target it misses or passes."""
    goal, line = standing.assessment.goal, standing.line
    if goal is None or standing.value is None or (goal.kind == Target.Kind.CHANGE) != standing.states_change:
        return ""
    notes = [
        near_target_note(standing.value, bound, line.decimals)
        for bound in (goal.value, goal.upper)
        if bound is not None
    ]
    note = next((note for note in notes if note), "")
    return with_unit(note, line.unit) if note and note[-1].isdigit() else note


def whole(value: Fraction | Decimal | None) -> str:
    """A count; a small one made of shares or halves keeps at most two decimals, a large one none."""
    if value is None:
        return NONE
    exact = Fraction(value)
    return format_number(exact, 0 if exact.denominator == 1 or abs(exact) >= LARGE else None)


def counts(numerator: Fraction | None, denominator: Fraction | None) -> str:
    """`214 / 231`; empty for a plain count, whose value already says it."""
    if numerator is None or denominator is None:
        return ""
    return f"{whole(numerator)} / {whole(denominator)}"


def counts_of(figure: YearFigure | None, timing: str) -> str:
    """The two counts that the figure's value is the quotient of.

    A rate of fewer than twelve months is brought to a year, which the division alone does not give: it says so.
    """
    words = counts(figure.numerator, figure.denominator or None) if figure else ""
    if words and timing in YEARLY_RATE and figure and 0 < figure.months < MONTHS_OF_A_YEAR:
        return _("%(counts)s, quy cả năm") % {"counts": words}
    return words


def value_of(standing: LineStanding) -> str:
    return printed(standing.value, standing.line, signed=standing.states_change)


def previous_of(standing: LineStanding) -> tuple[str, str]:
    """Last year's figure and what to say beside it.

    The plan's own baseline where it prints one for that year, with the computed figure beside it where the
    two differ in print; else the figure on the plan's boundaries (domain/targets.md, "Judging").
    """
    line = standing.line
    computed = printed(standing.previous, line) if standing.previous is not None else ""
    if not (line.has_baseline and line.plan.baseline_year == standing.year - 1):
        return computed or NONE, ""
    text = in_numbers(line.baseline_text)
    if not text:
        return computed or NONE, _("bản in để trống") if not computed else ""
    differs = computed and line.baseline_kind == "level" and _baseline(line) != computed
    return text, _("tính được %(value)s") % {"value": computed} if differs else ""


def previous_level(standing: LineStanding) -> Fraction | Decimal | None:
    """The number that `previous_of` prints, unrounded; None where a plan prints words or nothing."""
    line = standing.line
    if line.has_baseline and line.plan.baseline_year == standing.year - 1 and line.baseline_text:
        return line.baseline_value if line.baseline_kind == Target.Kind.LEVEL else None
    return standing.previous


def _baseline(line: PlanIndicator) -> str:
    return printed(line.baseline_value, line) if line.baseline_value is not None else ""


def difference_of(standing: LineStanding) -> str:
    """How far the value lies from its target: in points for a percentage, never a bare zero where it differs."""
    difference, line = standing.assessment.difference, standing.line
    return NONE if difference is None else distance_words(difference, line)


def distance_words(difference: Fraction, line: PlanIndicator) -> str:
    closer = near_target_note(difference, 0, line.decimals)
    number = closer if closer[-1:].isdigit() else format_number(difference, line.decimals, signed=True)
    return _("%(value)s điểm %(unit)s") % {"value": number, "unit": line.unit} if _is_share(line) else number


def _is_share(line: PlanIndicator) -> bool:
    return line.unit in ("%", "‰")


def interval_of(standing: LineStanding) -> str:
    """`95%: 2,6–24,1`, where the indicator has an interval."""
    return interval_words(standing.assessment.interval, standing.line.decimals)


def interval_words(limits: tuple[float, float] | None, decimals: int) -> str:
    if limits is None:
        return ""
    low, high = (format_number(limit, decimals) for limit in limits)
    if low == high:
        return _("KTC 95%%: %(one)s") % {"one": low}
    return _("KTC 95%%: %(low)s–%(high)s") % {"low": low, "high": high}


def reports_of(computed: Computed | None, timing: str) -> tuple[str, str]:
    """Reports come and due as printed, with the unit counted; empty where nothing is due."""
    reported, expected = reports_counted(computed, timing)
    return (completeness(reported, expected), reports_unit(timing)) if expected else ("", "")


def reports_counted(computed: Computed | None, timing: str) -> tuple[int, int]:
    """Reports come and due: facility-months, or the facilities of the latest month.

    A yearly figure stands in every month of its year; counting its months would multiply one report by twelve.
    """
    if computed is None or not computed.figure.expected:
        return 0, 0
    if timing not in LATEST:
        return computed.figure.reported, computed.figure.expected
    latest = next((point for point in reversed(computed.series) if point.reported), computed.series[-1])
    return latest.reported, latest.expected


def reports_unit(timing: str) -> str:
    return _("cơ sở") if timing in LATEST else _("cơ sở–tháng")


def completeness(reported: int, expected: int) -> str:
    return f"{whole(Fraction(reported))}/{whole(Fraction(expected))}" if expected else ""
