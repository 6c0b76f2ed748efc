"""What judging takes and gives."""

from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from plans.targets import Meaning


class Status(StrEnum):
    """The verdict on a line; how it is worded and drawn is the presenters' business."""

    EXCEEDED = "exceeded"
    MET = "met"
    NOT_MET = "not_met"
    ON_TRACK = "on_track"
    AT_RISK = "at_risk"
    NO_DATA = "no_data"
    NOT_ASSESSED = "not_assessed"


class Flag(StrEnum):
    """What is shown beside a verdict without changing it."""

    TARGET_WORSE_THAN_BASELINE = "target_worse_than_baseline"
    INTERVAL_STRADDLES_TARGET = "interval_straddles_target"
    NO_EXACT_FIGURE = "no_exact_figure"
    SHARE_ESTIMATE = "share_estimate"
    PROVISIONAL = "provisional"
    ESTIMATE = "estimate"
    AMBIGUOUS_TARGET = "ambiguous_target"
    NO_TARGET_THIS_YEAR = "no_target_this_year"


@dataclass(frozen=True)
class Reading:
    """What is known of a line in a year.

    value, projected, previous (last year's level): unrounded, in the unit of the line; numerator and
    denominator as counted. source: `computed`, `entered`, `estimate` (of the whole year) or `none`.
    months: how many of the year the value covers. projected_interval: 95% limits of `projected`. elapsed: the
    share of the year's sum that the months passed should have brought, months / 12 where not given.
    verdict: the officer's, on a qualitative line. flags: what the figures bring with them
    (`no_exact_figure`, `share_estimate`, `provisional`).
    """

    value: Fraction | None = None
    numerator: Fraction | None = None
    denominator: Fraction | None = None
    source: str = "none"
    year_ended: bool = True
    months: int = 12
    projected: Fraction | None = None
    projected_interval: tuple[float, float] | None = None
    elapsed: Fraction | None = None
    previous: Fraction | None = None
    verdict: bool | None = None
    reported: int = 0
    expected: int = 0
    flags: frozenset[str] = frozenset()

    @property
    def is_final(self) -> bool:
        """Say whether the value stands for the whole year: it has ended, or an officer estimated it."""
        return self.year_ended or self.source == "estimate"


@dataclass(frozen=True)
class Assessment:
    """How the line stands. All figures unrounded and in the unit of the line.

    percent_of_target: value / target × 100 where that means something, else None and `difference` says how
    far the value (or the change) lies from the target, 0 within a range. projected: what an unfinished year
    will come to, projected_interval its 95% limits. pace: the part of the target that the months passed should
    have brought, for figures that add up. change: value − last year's level. goal: the meaning that decided.
    """

    status: Status
    percent_of_target: Fraction | None = None
    difference: Fraction | None = None
    projected: Fraction | None = None
    projected_interval: tuple[float, float] | None = None
    interval: tuple[float, float] | None = None
    flags: tuple[str, ...] = ()
    change: Fraction | None = None
    pace: Fraction | None = None
    goal: Meaning | None = None


def bar_percent(assessment: Assessment) -> float:
    """Give the length of a bar, 0 to 100, for display only; 0 where no percentage of target makes sense."""
    percent = assessment.percent_of_target
    return 0.0 if percent is None else float(min(max(percent, Fraction(0)), Fraction(100)))
