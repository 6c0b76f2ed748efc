"""The verdict on a line of a plan. Source of every rule: domain/targets.md, "Judging"."""

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction

from indicators.intervals import interval
from indicators.timing import ACCUMULATING, MONTHS_OF_A_YEAR, YEARLY_RATE, Timing
from plans.assessment.comparison import Goal
from plans.assessment.records import Assessment, Flag, Reading, Status
from plans.targets import Meaning


def judge(
    goals: Sequence[Meaning],
    reading: Reading,
    *,
    direction: str,
    timing: str,
    interval_kind: str,
    factor: Fraction | int,
    baseline: Decimal | None,
    tolerance: Decimal | None,
) -> Assessment:
    """Judge what is known of a line in a year against the meanings of its target for that year and group.

    A level judges where level and change stand together. A year that has not ended is judged by its
    projection: a lower-is-better ratio stays at its current value, and a count past a "không quá" cannot come
    back, so its projection keeps it at risk. An estimate stands for the whole year and is judged as such.
    """
    meaning = _deciding(goals)
    if meaning is None:
        return Assessment(Status.NOT_ASSESSED, flags=_ordered(reading, Flag.NO_TARGET_THIS_YEAR))
    if meaning.kind == "text":
        return Assessment(_by_officer(reading.verdict), flags=_ordered(reading), goal=meaning)
    goal = None if meaning.ambiguous else Goal.of(meaning, baseline, tolerance)
    limits = _limits(reading, timing, interval_kind, factor)
    change = _less(reading.value, reading.previous)
    figure = change if meaning.kind == "change" else reading.value
    percent, difference = _against_target(goal, figure, reading, direction, timing)
    is_running = not reading.is_final and reading.value is not None
    return Assessment(
        status=_status(goal, figure, reading, direction),
        percent_of_target=percent,
        difference=difference,
        projected=_projection(reading) if is_running else None,
        projected_interval=reading.projected_interval if is_running else None,
        interval=limits,
        flags=_ordered(
            reading,
            Flag.AMBIGUOUS_TARGET if meaning.ambiguous else None,
            Flag.TARGET_WORSE_THAN_BASELINE if goal and goal.is_worse_than(baseline, direction) else None,
            Flag.INTERVAL_STRADDLES_TARGET if _straddles(goal, limits, reading, timing) else None,
        ),
        change=change,
        pace=_pace(goal, reading, timing),
        goal=meaning,
    )


def _deciding(goals: Sequence[Meaning]) -> Meaning | None:
    """Choose the meaning that judges: a level before a change before a text."""
    for kind in ("level", "change", "text"):
        for meaning in goals:
            if meaning.kind == kind:
                return meaning
    return None


def _by_officer(verdict: bool | None) -> Status:
    if verdict is None:
        return Status.NOT_ASSESSED
    return Status.MET if verdict else Status.NOT_MET


def _status(goal: Goal | None, figure: Fraction | None, reading: Reading, direction: str) -> Status:
    if goal is None or goal.is_open:
        return Status.NOT_ASSESSED
    if figure is None:
        return Status.NO_DATA
    if reading.is_final:
        if goal.is_exceeded_by(figure, direction):
            return Status.EXCEEDED
        return Status.MET if goal.is_met_by(figure) else Status.NOT_MET
    expected = _projection(reading)
    if goal.meaning.kind == "change":
        expected = _less(expected, reading.previous)
    return Status.ON_TRACK if expected is not None and goal.is_met_by(expected) else Status.AT_RISK


def _against_target(
    goal: Goal | None, figure: Fraction | None, reading: Reading, direction: str, timing: str
) -> tuple[Fraction | None, Fraction | None]:
    """Give either the percentage of the target or, where none makes sense, the difference."""
    if goal is None or figure is None:
        return None, None
    without_denominator = reading.numerator is not None and reading.denominator is None
    percent = goal.percent(figure, direction, timing == Timing.COUNT or without_denominator)
    return percent, goal.difference(figure) if percent is None else None


def _projection(reading: Reading) -> Fraction | None:
    """Give what the year will come to: the projection, or the current value where nothing projects it."""
    return reading.value if reading.projected is None else reading.projected


def _less(value: Fraction | None, other: Fraction | None) -> Fraction | None:
    return None if value is None or other is None else value - other


def _limits(reading: Reading, timing: str, kind: str, factor: Fraction | int) -> tuple[float, float] | None:
    """Give the interval in the unit of the value: a rate of part of a year is scaled to the whole year."""
    if reading.value is None:
        return None
    scale = Fraction(factor)
    if timing in YEARLY_RATE and reading.source == "computed" and reading.months:
        scale *= Fraction(MONTHS_OF_A_YEAR, reading.months)
    return interval(kind, reading.numerator, reading.denominator, scale)


def _straddles(goal: Goal | None, limits: tuple[float, float] | None, reading: Reading, timing: str) -> bool:
    """Compare only what measures the same span: half a year's sum says little about a year's target."""
    if goal is None or limits is None or goal.meaning.kind != "level":
        return False
    return (reading.is_final or timing not in ACCUMULATING) and goal.lies_inside(limits)


def _pace(goal: Goal | None, reading: Reading, timing: str) -> Fraction | None:
    """Give the part of the target that the months passed should have brought, before the year ends.

    By the season where past years tell one, else month by month alike. A year's sum is ahead of its pace
    exactly where its projection is above the target, so that pace and verdict never disagree.
    """
    if goal is None or goal.meaning.kind != "level" or reading.is_final or timing not in ACCUMULATING:
        return None
    if reading.elapsed is not None:
        return goal.value * reading.elapsed
    return goal.value * min(reading.months, MONTHS_OF_A_YEAR) / MONTHS_OF_A_YEAR


def _ordered(reading: Reading, *found: Flag | None) -> tuple[str, ...]:
    """Join what the figures bring with them and what judging found."""
    flags = {str(flag) for flag in found if flag} | {str(flag) for flag in reading.flags}
    if reading.source == "estimate":
        flags.add(str(Flag.ESTIMATE))
    return tuple(sorted(flags))
