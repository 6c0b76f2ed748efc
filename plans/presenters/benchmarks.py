"""A line's target as a mark to hold figures of parts against: a commune, a group, a month.

The plan promises for its whole area. A part is held against the same level as a benchmark, never judged by it;
a count of the whole area says nothing of a part.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction

from indicators.intervals import interval
from indicators.models import Indicator
from indicators.timing import ACCUMULATING, MONTHS_OF_A_YEAR, YEARLY_RATE, YearFigure
from plans.assessment import Reading
from plans.assessment.comparison import Goal
from plans.models import PlanIndicator, Target
from plans.presenters.words import meaning_words
from plans.standing.readings import judge_line
from plans.standing.sources import targets_in

Limits = tuple[float, float]


def goal_in(line: PlanIndicator, year: int) -> Goal | None:
    """The level that the year's target asks for; None where it has none or a planner has yet to decide it."""
    meaning = judge_line(line, targets_in(line, year), Reading(), False).goal
    if meaning is None or meaning.kind != Target.Kind.LEVEL or meaning.ambiguous:
        return None
    goal = Goal.of(meaning, line.baseline_value, line.tolerance)
    return None if goal is None or goal.is_open else goal


@dataclass(frozen=True)
class Benchmark:
    """`goal` for the whole year; where figures add up over it, `due` takes the part of the months passed."""

    goal: Goal
    adds_up: bool
    unit: str

    @classmethod
    def of(cls, line: PlanIndicator, year: int) -> Benchmark | None:
        """None for a count: what a whole province promises is not asked of each commune."""
        goal = goal_in(line, year) if line.indicator and line.has_denominator else None
        if goal is None or line.indicator.timing == Indicator.Timing.COUNT:
            return None
        return cls(goal, line.indicator.timing in ACCUMULATING, line.unit)

    def due(self, months: int) -> Goal:
        """The goal after so many months of the year."""
        if not self.adds_up or months >= MONTHS_OF_A_YEAR:
            return self.goal
        part = Fraction(months, MONTHS_OF_A_YEAR)
        upper = None if self.goal.upper is None else self.goal.upper * part
        return replace(self.goal, value=self.goal.value * part, upper=upper)

    def is_met(self, value: Fraction, months: int) -> bool:
        return self.due(months).is_met_by(value)

    def distance(self, value: Fraction, months: int) -> Fraction:
        """Value − mark, in the line's unit; to the nearer end of a range, 0 inside it."""
        return self.due(months).difference(value)

    def straddled_by(self, limits: Limits | None, months: int) -> bool:
        return limits is not None and self.due(months).lies_inside(limits)

    def words(self, months: int) -> str:
        """What the mark asks for, as a sentence's part: "ít nhất 90%"."""
        due = self.due(months)
        return meaning_words(
            replace(
                due.meaning, value=_plain(due.value), upper=None if due.upper is None else _plain(due.upper)
            ),
            unit=self.unit,
        )


def _plain(value: Fraction) -> Decimal:
    """The mark as it is printed: two decimals at most."""
    return Decimal(round(value * 100)) / 100


def limits_of(figure: YearFigure | None, line: PlanIndicator) -> Limits | None:
    """The 95 % limits in the line's unit; a rate of part of a year is scaled to the whole year as its value is."""
    indicator = line.indicator
    if figure is None or figure.value is None or indicator is None:
        return None
    scale = Fraction(indicator.factor)
    if indicator.timing in YEARLY_RATE and figure.months:
        scale *= Fraction(MONTHS_OF_A_YEAR, figure.months)
    return interval(indicator.interval, figure.numerator, figure.denominator, scale)
