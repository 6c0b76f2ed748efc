"""How the months of a year become one figure. Pure arithmetic on exact fractions, division last.

Source of the rules: domain/indicators.md, "Timing". A zero denominator is "no value"; a month nobody
reported is not a zero, and a reported zero is.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

MONTHS_OF_A_YEAR = 12


class Timing(StrEnum):
    """What months of a figure mean together; the values are those of the catalogue files."""

    FLOW = "flow"
    FLOW_POPULATION = "flow_population"
    RATE = "rate"
    STOCK = "stock"
    COUNT = "count"
    SURVEY = "survey"
    UNITS = "units"
    CHANGE = "change"


# A survey is entered once, so its latest figure is the year's, as for a stock.
LATEST = {Timing.STOCK, Timing.UNITS, Timing.SURVEY}
# A change is taken between levels of two years; the level of a monthly form is a rate per population.
YEARLY_RATE = {Timing.RATE, Timing.CHANGE}
# What adds up over the year and is projected by the months elapsed: a month nobody reported has elapsed too.
ACCUMULATING = {Timing.FLOW_POPULATION, Timing.COUNT}


@dataclass(frozen=True)
class MonthFigure:
    """One month of one place, indicator and group. `numerator` None: no exact figure on these boundaries.

    `denominator` is None throughout for an indicator without denominator terms. `reported` and `expected`
    count facility-months. A month nobody reported has `reported` 0; its sums are not read, but it has elapsed.
    `year_denominator` is the yearly denominator of every facility that has one, also of those that missed
    this month; None where only the reporters' is known. `is_shared`: a share of a divided unit enters the month.
    """

    month: int
    numerator: Fraction | None
    denominator: Fraction | None
    reported: int
    expected: int
    year_denominator: Fraction | None = None
    is_shared: bool = False


@dataclass(frozen=True)
class YearFigure:
    """The year to date. `value` and `projected` (to the whole year) are in the indicator's unit.

    `months` counts the months with a report; for what adds up over the year, the months elapsed.
    """

    numerator: Fraction | None
    denominator: Fraction | None
    value: Fraction | None
    months: int
    projected: Fraction | None
    reported: int
    expected: int
    inexact: bool = False


def year_to_date(
    timing: str, figures: Sequence[MonthFigure], factor: Fraction | int, year_months: int = MONTHS_OF_A_YEAR
) -> YearFigure:
    """Combine the months of one year, January to the as-of month, in any order.

    `year_months` is how many months the year has for this figure (a plan or a place may begin in July).
    Value None: nothing reported, a zero denominator, or (with `inexact`) a month without exact figure.
    """
    reported = sum(figure.reported for figure in figures)
    expected = sum(figure.expected for figure in figures)
    used = sorted((figure for figure in figures if _counts(figure)), key=lambda figure: figure.month)
    months = sum(1 for figure in used if figure.reported)
    if months and timing in ACCUMULATING:
        months = len({figure.month for figure in figures})
    if timing in LATEST:
        used = used[-1:]
    numerator, denominator, inexact = _sums(timing, used)
    value = projected = None
    if numerator is not None and months:
        value = _divide(numerator, denominator, factor)
    if value is not None:
        to_year = Fraction(year_months, months)
        if timing in YEARLY_RATE:
            value *= to_year
        projected = value * to_year if timing in ACCUMULATING else value
    return YearFigure(numerator, denominator, value, months, projected, reported, expected, inexact)


def _counts(figure: MonthFigure) -> bool:
    """Keep reported months, and those that have no exact figure and must not be passed over in silence."""
    return figure.reported > 0 or figure.numerator is None


def _sums(timing: str, figures: Sequence[MonthFigure]) -> tuple[Fraction | None, Fraction | None, bool]:
    """Numerator and denominator of the year, and whether a month without exact figure spoils them."""
    if not figures:
        return None, None, False
    numerators = [figure.numerator for figure in figures if figure.numerator is not None]
    denominators = [figure.denominator for figure in figures if figure.denominator is not None]
    if len(numerators) < len(figures) or (denominators and len(denominators) < len(figures)):
        return None, None, True
    if not denominators:
        return Fraction(sum(numerators)), None, False
    if timing == Timing.FLOW_POPULATION:
        return Fraction(sum(numerators)), _year_denominator(figures), False
    return Fraction(sum(numerators)), _denominator(timing, denominators), False


def _year_denominator(figures: Sequence[MonthFigure]) -> Fraction:
    """That year's denominator of a coverage: every facility's yearly figure once (domain/indicators.md)."""
    known = [
        (figure.denominator if figure.year_denominator is None else figure.year_denominator, figure.is_shared)
        for figure in figures
    ]
    return Fraction(known[base_month(known)][0])


def base_month(months: Sequence[tuple[Fraction, bool]]) -> int:
    """Which month's yearly denominator is the year's, as a position; everything that reads a coverage asks here.

    months: of each in order the denominator, and whether a share of a divided unit enters it. It is the same in
    every month; where some facilities lack it, the fullest is nearest to it, of equals the first. In the year of
    a division it is that of a month before it: what was typed for the year is of the undivided unit, and goes to
    the parts by their shares to the end of the year, wherever its station stands (docs/decisions/0005).
    """
    shared = [position for position, (value, is_shared) in enumerate(months) if is_shared and value]
    return max(shared or range(len(months)), key=lambda position: (months[position][0], -position))


def _denominator(timing: str, denominators: Sequence[Fraction]) -> Fraction:
    """Add the months' denominators; a rate takes their mean, the mean population of who reported.

    So a station that missed a month leaves both the events and the people of that month, and the rate stays.
    """
    total = Fraction(sum(denominators))
    return total / len(denominators) if timing in YEARLY_RATE else total


def _divide(numerator: Fraction, denominator: Fraction | None, factor: Fraction | int) -> Fraction | None:
    """Take the ratio × factor; an indicator without denominator terms is its numerator × factor."""
    if denominator is None:
        return numerator * factor
    return numerator / denominator * factor if denominator else None
