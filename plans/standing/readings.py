"""Which figure stands for a line, and the judging of it."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction

from indicators.models import Indicator
from plans.assessment import Assessment, Reading, judge
from plans.models import PlanIndicator, Target
from plans.standing.records import Computed, Entered
from plans.targets import Meaning


def read(
    computed: Computed | None,
    entered: Entered,
    states_change: bool,
    previous: Fraction | None,
    year_ended: bool,
) -> Reading:
    """Choose what stands: computed, else entered, else the estimate (domain/indicators.md)."""
    verdict = bool(entered.verdict.value) if entered.verdict else None
    if computed and computed.figure.value is not None:
        figure = computed.figure
        return Reading(
            value=figure.value,
            numerator=figure.numerator,
            denominator=figure.denominator,
            source="computed",
            year_ended=year_ended,
            months=figure.months,
            projected=figure.projected,
            projected_interval=computed.projection.interval,
            elapsed=computed.projection.elapsed,
            previous=previous,
            verdict=verdict,
            reported=figure.reported,
            expected=figure.expected,
            flags=computed.flags,
        )
    chosen = entered.actual or entered.estimate
    return Reading(
        value=_fraction(chosen.value) if chosen else None,
        numerator=_fraction(chosen.numerator) if chosen else None,
        denominator=_fraction(chosen.denominator) if chosen else None,
        source=_source(entered),
        year_ended=year_ended,
        # Where the line states a change, that change is what people enter.
        previous=Fraction(0) if states_change and chosen else previous,
        verdict=verdict,
        reported=computed.figure.reported if computed else 0,
        expected=computed.figure.expected if computed else 0,
        flags=frozenset() if chosen or not computed else computed.flags,
    )


def _source(entered: Entered) -> str:
    if entered.actual:
        return "entered"
    if entered.estimate:
        return "estimate"
    return "entered" if entered.verdict else "none"


def judge_line(
    line: PlanIndicator, targets: tuple[Target, ...], reading: Reading, states_change: bool
) -> Assessment:
    """Judge a reading by the meanings of these targets and the line's own direction, baseline and tolerance."""
    baseline = line.baseline_value if line.baseline_kind == Target.Kind.LEVEL else None
    goals = [meaning_of(target) for target in targets]
    return judge_goals(line, goals, reading, states_change=states_change, baseline=baseline)


def judge_goals(
    line: PlanIndicator,
    goals: Sequence[Meaning],
    reading: Reading,
    *,
    baseline: Decimal | None,
    states_change: bool = False,
) -> Assessment:
    """Judge a reading by these goals, with the line's direction and tolerance and the baseline given."""
    indicator = line.indicator
    return judge(
        goals,
        reading,
        direction=line.direction,
        timing=indicator.timing if indicator else Indicator.Timing.SURVEY,
        # The interval belongs to the level; beside a change it would mislead.
        interval_kind=indicator.interval if indicator and not states_change else Indicator.Interval.NONE,
        factor=indicator.factor if indicator else 1,
        baseline=baseline,
        tolerance=line.tolerance,
    )


def meaning_of(target: Target) -> Meaning:
    """The stored target as judging takes it."""
    return Meaning(
        text=target.text,
        year=target.year,
        operator=target.operator or None,
        value=target.value,
        upper=target.upper,
        kind=target.kind,
        ambiguous=target.is_ambiguous,
        signed=target.is_signed,
    )


def change_of(reading: Reading) -> Fraction | None:
    """This year's level − last year's; None where either is unknown."""
    if reading.value is None or reading.previous is None:
        return None
    return reading.value - reading.previous


def _fraction(value: Decimal | None) -> Fraction | None:
    return None if value is None else Fraction(value)
