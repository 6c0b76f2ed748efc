"""Which number of a line is asked about, and that number, read the way pages and reports read it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from facilities.models import Area
from facilities.periods import InvalidPeriod, Month
from indicators.reading import MonthFigures, figures_of, urban_communes
from indicators.timing import MONTHS_OF_A_YEAR
from indicators.tracing import Weights, weights_of
from plans.models import PlanIndicator
from plans.presenters.places import is_computed
from plans.standing.assess import is_period_count
from plans.standing.figures import add_period, compute_line
from plans.standing.records import Computed
from plans.standing.sources import result_key

LAST, SAME = "last", "same"  # the whole of last year; last year up to the same month


class InvalidQuestion(ValueError):
    """The month asked for is none, or lies outside what the page shows."""


@dataclass(frozen=True)
class Asked:
    """A number of `line` at `area`, up to `as_of`: of the year, of last year (`of`), or of one month alone.

    urban_only: the figure is that of the urban communes inside the area.
    """

    line: PlanIndicator
    area: Area
    as_of: Month
    of: str = ""
    month: Month | None = None
    urban_only: bool = False

    @classmethod
    def read(
        cls, line: PlanIndicator, area: Area, as_of: Month, *, of: str, month: str, place: Area | None
    ) -> Asked:
        """From the address. Raises InvalidQuestion where it asks for something that is not there."""
        if of not in ("", LAST, SAME):
            raise InvalidQuestion(of)
        only = None
        if month:
            try:
                only = Month.parse(month)
            except InvalidPeriod as error:
                raise InvalidQuestion(month) from error
            if only.year != as_of.year or only > as_of:
                raise InvalidQuestion(month)
        urban = line.is_of_places and place is None
        return cls(line, place or area, as_of, of, only, urban)

    @property
    def last(self) -> Month:
        """The last month of the number."""
        if self.month:
            return self.month
        if self.of == LAST:
            return Month(self.as_of.year - 1, MONTHS_OF_A_YEAR)
        return Month(self.as_of.year - 1, self.as_of.number) if self.of == SAME else self.as_of

    @property
    def years(self) -> list[int]:
        """The years whose months are in it: those of the plan where the line promises one sum for all."""
        plan, year = self.line.plan, self.last.year
        whole_period = not self.month and is_period_count(plan, self.line) and year == plan.end_year
        return [y for y in plan.years if y <= year] if whole_period else [year]

    @property
    def first(self) -> Month:
        return self.month or Month(self.years[0], 1)

    def areas(self, year: int) -> list[int]:
        """Ids of the areas whose results the number adds up in one of its years: a query for urban communes."""
        if not self.urban_only:
            return [self.area.pk]
        return list(urban_communes(self.area, year, self.as_of).values_list("pk", flat=True))


@dataclass(frozen=True)
class Number:
    """The number with what it is made of: `computed` None where nothing is due; weights by month."""

    asked: Asked
    computed: Computed | None
    weights: Weights

    @property
    def value(self) -> Fraction | None:
        return self.computed.figure.value if self.computed else None

    @property
    def numerator(self) -> Fraction | None:
        return self.computed.figure.numerator if self.computed else None

    @property
    def denominator(self) -> Fraction | None:
        return self.computed.figure.denominator if self.computed else None

    @property
    def is_inexact(self) -> bool:
        return bool(self.computed and self.computed.figure.inexact)


def read_number(asked: Asked) -> Number:
    """The number of a computed line: one query, two where it is of urban communes. Empty for other lines."""
    line = asked.line
    if not is_computed(line):
        return Number(asked, None, Weights({}, {}, frozenset()))
    key = result_key(line)
    series = figures_of(
        area=asked.area,
        indicator_groups={key},
        months=(asked.first, asked.last),
        urban_only=asked.urban_only,
        urban_as_of=asked.as_of,
    )
    by_year: dict[int, list[MonthFigures]] = {year: [] for year in asked.years}
    for figure in series.get(key, []):
        by_year[figure.month.year].append(figure)
    years = list(by_year.values())
    return Number(asked, _computed(line, years), Weights.added(_weights(line, months) for months in years))


def _computed(line: PlanIndicator, years: Sequence[list[MonthFigures]]) -> Computed | None:
    found = [compute_line(line, months) for months in years]
    if len(found) == 1:
        return found[0]
    return add_period(found)


def _weights(line: PlanIndicator, months: Sequence[MonthFigures]) -> Weights:
    return weights_of(line.indicator.timing, months, divides=line.has_denominator)
