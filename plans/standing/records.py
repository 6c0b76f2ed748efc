"""What is known of one line in one year, for pages, reports and other programs alike."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from facilities.periods import Month
from indicators.projection import Projection
from indicators.timing import YearFigure
from plans.assessment import Assessment
from plans.models import EnteredFigure, PlanIndicator, Target


@dataclass(frozen=True)
class MonthPoint:
    """One month of the trend: the figure of the month `alone` and that of the year `so_far`, each with its counts.

    is_shared and is_shared_to_date: shares of a divided unit enter it, so that it is an estimate.
    """

    month: Month
    alone: YearFigure
    so_far: YearFigure
    reported: int
    expected: int
    is_shared: bool = False
    is_shared_to_date: bool = False

    @property
    def value(self) -> Fraction | None:
        """Of the month alone, in the line's unit; a rate is brought to a whole year."""
        return self.alone.value

    @property
    def to_date(self) -> Fraction | None:
        """Since January, in the line's unit."""
        return self.so_far.value


@dataclass(frozen=True)
class Entered:
    """The newest figures people entered for a line and year; None where nobody did."""

    actual: EnteredFigure | None = None
    estimate: EnteredFigure | None = None
    verdict: EnteredFigure | None = None


@dataclass(frozen=True)
class Computed:
    """What submissions amount to, January to the as-of month.

    figure: from approved values; value None where nothing was reported or no exact figure exists.
    provisional: the same with submitted values, None where that adds nothing. exactness: `exact`,
    `estimate` or `none`. flags: what the figure brings with it. projection: the whole year seen from here,
    while it runs; `figure.projected` is its value. passed: the months of the year that the figure stands for.
    """

    figure: YearFigure
    provisional: YearFigure | None
    exactness: str
    flags: frozenset[str]
    series: tuple[MonthPoint, ...]
    projection: Projection = Projection()
    passed: frozenset[int] = frozenset()


@dataclass(frozen=True)
class LineStanding:
    """A line in a year. All numbers unrounded, in the line's unit.

    value: what stands against the target: the level, or for a line that states a change this year's level −
    last year's. level: the level itself. previous: last year's level with its source (`computed`, `entered`,
    `none`) and, where computed, its reports. source: `computed`, `entered`, `estimate` or `none`. targets: those
    of the year; next_targets: where the year has none, those of the next year that has. estimate_assessment: the
    officer's estimate judged beside a computed figure while the year runs. is_restated: what is computed was read
    on other boundaries than the plan's own; what the plan prints and people entered stays on its own. is_hidden,
    is_previous_hidden: the figure, last year's figure was taken out (`plans.standing.telling`).
    """

    line: PlanIndicator
    year: int
    as_of: Month | None
    targets: tuple[Target, ...]
    next_targets: tuple[Target, ...]
    value: Fraction | None
    level: Fraction | None
    numerator: Fraction | None
    denominator: Fraction | None
    source: str
    reported: int
    expected: int
    states_change: bool
    computed: Computed | None
    entered: Entered
    previous: Fraction | None
    previous_source: str
    assessment: Assessment
    estimate_assessment: Assessment | None
    is_restated: bool = False
    previous_reported: int = 0
    is_hidden: bool = False
    is_previous_hidden: bool = False

    @property
    def target_text(self) -> str | None:
        """The year's target as printed; None where the year has none of its own."""
        return self.targets[0].text if self.targets else None

    @property
    def exactness(self) -> str:
        """`exact`, `estimate` (a share was used) or `none`; an entered figure is as exact as its source."""
        return self.computed.exactness if self.computed and self.source in ("computed", "none") else "exact"

    @property
    def projected(self) -> Fraction | None:
        """What the year will come to, a change where the line states one."""
        projected = self.assessment.projected
        if not self.states_change or projected is None:
            return projected
        return None if self.previous is None else projected - self.previous

    @property
    def projected_interval(self) -> tuple[float, float] | None:
        """The 95% limits of `projected`, of a change where the line states one."""
        limits = self.assessment.projected_interval
        if not self.states_change or limits is None:
            return limits
        if self.previous is None:
            return None
        return limits[0] - float(self.previous), limits[1] - float(self.previous)

    @property
    def series(self) -> tuple[MonthPoint, ...]:
        return self.computed.series if self.computed else ()
