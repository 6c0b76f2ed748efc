"""A line's target as a mark to hold figures of parts against: a commune, a group, a month.

The plan promises for its whole area. A part is held against the same level as a benchmark, never judged by it;
a count of the whole area says nothing of a part.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction

from django.utils.translation import gettext as _

from indicators.intervals import interval
from indicators.models import Indicator
from indicators.seasonality import EVEN, Pace
from indicators.timing import ACCUMULATING, MONTHS_OF_A_YEAR, YEARLY_RATE, YearFigure
from plans.assessment import Reading
from plans.assessment.comparison import Goal
from plans.models import PlanIndicator, Target
from plans.presenters.words import meaning_words
from plans.standing.pace import PACED
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
    """`goal` for the whole year; where figures add up over it, `due` takes the part of the months passed.

    That part is of the `pace` that the line's own verdict goes by; so is what a rate of a part of the year, which
    is printed as twelve months' worth of it, is held against.
    """

    goal: Goal
    timing: str
    unit: str
    pace: Pace = EVEN

    @classmethod
    def of(cls, line: PlanIndicator, year: int, pace: Pace = EVEN) -> Benchmark | None:
        """None for a count: what a whole province promises is not asked of each commune."""
        goal = goal_in(line, year) if line.indicator and line.has_denominator else None
        if goal is None or line.indicator.timing == Indicator.Timing.COUNT:
            return None
        return cls(goal, line.indicator.timing, line.unit, pace)

    @property
    def adds_up(self) -> bool:
        return self.timing in ACCUMULATING

    @property
    def is_paced(self) -> bool:
        """Whether the mark of a part of the year is another than that of the whole."""
        return self.timing in PACED

    def due(self, months: Collection[int]) -> Goal:
        """The goal for a figure of these months of the year (1 to 12)."""
        part = part_due(self.timing, self.pace, months)
        if part == 1:
            return self.goal
        upper = None if self.goal.upper is None else self.goal.upper * part
        return replace(self.goal, value=self.goal.value * part, upper=upper)

    def is_met(self, value: Fraction, months: Collection[int]) -> bool:
        return self.due(months).is_met_by(value)

    def distance(self, value: Fraction, months: Collection[int]) -> Fraction:
        """Value − mark, in the line's unit; to the nearer end of a range, 0 inside it."""
        return self.due(months).difference(value)

    def straddled_by(self, limits: Limits | None, months: Collection[int]) -> bool:
        return limits is not None and self.due(months).lies_inside(limits)

    def words(self, months: Collection[int]) -> str:
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


def part_due(timing: str, pace: Pace, months: Collection[int]) -> Fraction:
    """The part of a year's level that a figure of these months is held against; 1 for a level of any moment."""
    if timing not in PACED or not months or len(months) >= MONTHS_OF_A_YEAR:
        return Fraction(1)
    part = pace.part_of(months)
    return part * Fraction(MONTHS_OF_A_YEAR, len(months)) if timing in YEARLY_RATE else part


def pace_words(pace: Pace) -> str:
    """Which pace marks and shares go by, in one sentence: that of the verdict."""
    if not pace.years:
        return _(
            "Mốc của một phần năm theo nhịp dùng để đánh giá chỉ tiêu: chia đều theo tháng, vì chưa có hai năm trước "
            "đủ số liệu từng tháng."
        )
    years = ", ".join(str(year) for year in pace.years)
    return _(
        "Mốc của một phần năm theo nhịp dùng để đánh giá chỉ tiêu: tỷ trọng từng tháng của các năm %(years)s trên cả "
        "địa bàn."
    ) % {"years": years}


def limits_of(figure: YearFigure | None, line: PlanIndicator) -> Limits | None:
    """The 95 % limits in the line's unit; a rate of part of a year is scaled to the whole year as its value is."""
    indicator = line.indicator
    if figure is None or figure.value is None or indicator is None:
        return None
    scale = Fraction(indicator.factor)
    if indicator.timing in YEARLY_RATE and figure.months:
        scale *= Fraction(MONTHS_OF_A_YEAR, figure.months)
    return interval(indicator.interval, figure.numerator, figure.denominator, scale)
