"""How a figure compares with its target and with the same time last year, as words and as cells."""

from __future__ import annotations

from fractions import Fraction

from facilities.numbers import format_number
from indicators.models import Indicator
from plans.presenters.figures import near_target_of
from plans.presenters.words import MOST_DECIMALS, near_target_note, percent_of_target_words
from plans.standing import LineStanding
from plans.standing.assess import is_period_count
from reporting.content.cells import CLOSE_UNITS, HIDDEN, NONE, Cell, number, text_of

PERCENT_DECIMALS = 1


def value_cell(standing: LineStanding) -> Cell:
    """The figure of the line to date, with the plan's decimals; a change carries its sign."""
    if standing.is_hidden:
        return HIDDEN
    return number(standing.value, standing.line.decimals, signed=standing.states_change)


def target_cell(standing: LineStanding) -> Cell:
    """So với kế hoạch: percentage of the target where it means something, else the difference."""
    if standing.is_hidden:
        return HIDDEN
    assessment = standing.assessment
    percent, difference = assessment.percent_of_target, assessment.difference
    if percent is not None:
        closer = near_target_note(percent, 100, PERCENT_DECIMALS)
        places = len(closer.partition(",")[2]) if closer[:1].isdigit() else PERCENT_DECIMALS
        return number(percent, places, suffix="%")
    places = standing.line.decimals if difference is None else visible_decimals(difference, standing)
    return number(difference, places, signed=True)


def target_words(standing: LineStanding) -> str:
    """ "đạt 97,3% kế hoạch", "thấp hơn mức kế hoạch 1,2", "trong khoảng kế hoạch"; empty without a target."""
    assessment = standing.assessment
    if assessment.percent_of_target is not None:
        printed = percent_of_target_words(assessment.percent_of_target)
        return f"{'bằng' if assessment.projected is not None else 'đạt'} {printed} kế hoạch năm"
    difference = assessment.difference
    if difference is None:
        return ""
    if difference == 0:
        between = assessment.goal is not None and assessment.goal.operator == "between"
        return "trong khoảng kế hoạch" if between else "bằng mức kế hoạch"
    side = "cao hơn" if difference > 0 else "thấp hơn"
    return f"{side} mức kế hoạch {size(abs(difference), standing)}"


def rounding_words(standing: LineStanding) -> str:
    """The figure with more decimals where it prints like the target it misses or passes; else empty."""
    note = near_target_of(standing)
    return f"chưa làm tròn: {note}" if note and note[-1] in "0123456789%‰" else note


def visible_decimals(difference: Fraction, standing: LineStanding) -> int:
    """The line's decimals, or more where a difference that is there would print as 0."""
    decimals = standing.line.decimals
    for places in range(decimals, MOST_DECIMALS + 1):
        if difference and any(digit in "123456789" for digit in format_number(difference, places)):
            return places
    return decimals


def own_level(standing: LineStanding) -> Fraction | None:
    """The year's own level, also where the standing holds the sum of the plan's years."""
    line = standing.line
    if standing.source == "computed" and standing.series and is_period_count(line.plan, line):
        return standing.series[-1].to_date
    return standing.level


def last_year_level(standing: LineStanding, then: LineStanding | None) -> Fraction | None:
    """The level at the same time last year; of a whole year also the plan's printed baseline level."""
    if standing.states_change:
        return None
    if then and then.level is not None and then.source in ("computed", "entered"):
        return then.level
    line, plan = standing.line, standing.line.plan
    whole_year = standing.as_of is not None and standing.as_of.number == 12
    is_baseline = whole_year and plan.baseline_year == standing.year - 1 and not standing.is_restated
    if is_baseline and line.baseline_kind == "level" and line.baseline_operator in ("", "="):
        return None if line.baseline_value is None else Fraction(line.baseline_value)
    return None


def growth_cell(standing: LineStanding, before: Fraction | None) -> Cell:
    """So với cùng kỳ: points or units for shares and rates, percent for counts."""
    if standing.is_hidden:
        return HIDDEN
    return NONE if before is None else change_cell(standing, before, own_level(standing))


def change_cell(standing: LineStanding, before: Fraction, level: Fraction | None) -> Cell:
    """From one level of the line to another, in its unit; of a count in percent."""
    if level is None:
        return NONE
    if not is_count(standing):
        return number(level - before, standing.line.decimals, signed=True)
    if not before:
        return NONE
    return number((level - before) / before * 100, PERCENT_DECIMALS, signed=True, suffix="%")


def growth_words(standing: LineStanding, before: Fraction | None) -> str:
    """ "tăng 4,9% so cùng kỳ", "giảm 0,3 điểm % so cùng kỳ"; empty where nothing compares."""
    level = own_level(standing)
    if before is None or level is None:
        return ""
    own = "" if level == standing.level else f"riêng năm {standing.year} "
    words = change_words(standing, before, level, "cùng kỳ", "so")
    return f"{own}{words}" if words else ""


def change_words(
    standing: LineStanding, before: Fraction, level: Fraction, since: str, joint: str = "so với"
) -> str:
    """ "tăng 4,9% so với <since>", "bằng <since>", "xấp xỉ <since>"; empty where no percentage can be taken."""
    cell = change_cell(standing, before, level)
    if cell == NONE:
        return ""
    if level == before:
        return f"bằng {since}"
    printed = text_of(cell).lstrip("+−")
    if not any(digit in printed for digit in "123456789"):
        return f"xấp xỉ {since}"
    if not is_count(standing):
        printed = with_short_unit(printed, standing.line.unit)
    return f"{'tăng' if level > before else 'giảm'} {printed} {joint} {since}"


def is_count(standing: LineStanding) -> bool:
    indicator = standing.line.indicator
    without_denominator = standing.numerator is not None and standing.denominator is None
    return bool(indicator and indicator.timing == Indicator.Timing.COUNT) or without_denominator


def size(value: Fraction, standing: LineStanding) -> str:
    return with_short_unit(format_number(value, visible_decimals(value, standing)), standing.line.unit)


def with_short_unit(printed: str, unit: str) -> str:
    """A difference of percentages is in points; a long unit has been said with the figure itself."""
    if unit == "%":
        return f"{printed} điểm %"
    return printed + unit if unit in CLOSE_UNITS else printed
