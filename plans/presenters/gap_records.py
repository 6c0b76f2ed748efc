"""What a comparison of groups is made of: periods, the sides in each, the gap."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction

from django.utils.translation import gettext as _

from facilities.periods import Month
from indicators.reading import MonthFigures
from indicators.timing import YearFigure
from plans.charts import Chart
from plans.presenters.choices import Choices

YEARS_BACK, MONTHS = 4, 12
Key = tuple[int, int]


@dataclass(frozen=True)
class Period:
    """`year` up to month `last`; `is_whole` for all twelve. `label` as printed."""

    year: int
    last: int

    @property
    def is_whole(self) -> bool:
        return self.last == MONTHS

    @property
    def end(self) -> Month:
        return Month(self.year, self.last)

    @property
    def label(self) -> str:
        return (
            str(self.year)
            if self.is_whole
            else _("%(months)d tháng %(year)d") % {"months": self.last, "year": self.year}
        )

    @property
    def spoken(self) -> str:
        """The period inside a sentence."""
        return _("năm %(year)d") % {"year": self.year} if self.is_whole else self.label

    def holds(self, month: MonthFigures) -> bool:
        return month.month.year == self.year and month.month.month <= self.last


@dataclass(frozen=True)
class Printed:
    """One side in one period. `name` only where it changes from period to period (the best commune)."""

    value: str
    counts: str
    interval: str
    name: str = ""
    exact: Fraction | None = None


@dataclass(frozen=True)
class Row:
    period: Period
    first: Printed
    second: Printed
    gap: str
    gap_interval: str
    note: str
    difference: Fraction | None


@dataclass(frozen=True)
class Comparison:
    """`sentence` says whether the gap has narrowed, with its numbers; `cautions` what to keep in mind."""

    key: str
    title: str
    first: str
    second: str
    rows: list[Row]
    sentence: str
    course: str
    cautions: list[str]
    chart: Chart | None
    hides: bool = False


@dataclass(frozen=True)
class Told:
    """A side's figure of a period with the commune it is of, where it is one commune's.

    `is_hidden`: the figure could point at a person and is taken out.
    """

    figure: YearFigure
    name: str = ""
    is_hidden: bool = False


Pick = Callable[[Period], Told | None]


def periods_of(choices: Choices) -> list[Period]:
    """Whole years, oldest first; then of a year that runs the same months of the last year and those to date."""
    whole = [Period(year, MONTHS) for year in range(choices.year - YEARS_BACK, choices.year)]
    last = choices.as_of.number
    if last == MONTHS:
        return [*whole, Period(choices.year, MONTHS)]
    return [*whole, Period(choices.year - 1, last), Period(choices.year, last)]
