"""From months of results to a year's figure. Pure arithmetic over `indicators.timing`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

from facilities.periods import Month
from indicators.reading import MonthFigures
from indicators.timing import MONTHS_OF_A_YEAR, MonthFigure, Timing, YearFigure, year_to_date
from plans.assessment.records import Flag
from plans.standing.records import Computed, MonthPoint

LATEST = {Timing.STOCK, Timing.UNITS, Timing.SURVEY}
NO_EXACT = "none"


def compute(
    months: Sequence[MonthFigures], *, timing: str, factor: int, has_denominator: bool
) -> Computed | None:
    """The year to date of one line; None where nothing is due, so that nothing computes the line."""
    if not months:
        return None
    official = [_official(month, has_denominator) for month in months]
    figure = year_to_date(timing, official, factor)
    with_submitted = year_to_date(timing, [_provisional(m, has_denominator) for m in months], factor)
    return Computed(
        figure=figure,
        provisional=with_submitted if with_submitted.reported > figure.reported else None,
        exactness=_exactness(months, figure, timing),
        flags=_flags(months, figure, timing),
        series=tuple(_series(months, official, timing, factor)),
    )


def add_years(computed: Sequence[Computed], *, years: int) -> Computed:
    """A count promised for a whole period: earlier years' sums and this year's, the last given."""
    last = computed[-1]
    figures = [one.figure for one in computed]
    values = [figure.value for figure in figures if figure.value is not None]
    inexact = any(figure.inexact for figure in figures)
    value = None if inexact or not values else sum(values, Fraction(0))
    rest = Fraction(0) if value is None else value - (last.figure.value or 0)
    projected = None if last.figure.projected is None or value is None else rest + last.figure.projected
    numerators = [figure.numerator for figure in figures if figure.numerator is not None]
    total = replace(
        last.figure,
        numerator=None if value is None else sum(numerators, Fraction(0)),
        value=value,
        projected=projected,
        # Judging asks how many of twelve parts of the promised time have passed.
        months=sum(figure.months for figure in figures) // years,
        reported=sum(figure.reported for figure in figures),
        expected=sum(figure.expected for figure in figures),
        inexact=inexact,
    )
    flags = frozenset().union(*(one.flags for one in computed))
    if len(values) < years:
        flags |= {Flag.PROVISIONAL}
    exactness = max((one.exactness for one in computed), key=("exact", "estimate", NO_EXACT).index)
    return replace(last, figure=total, provisional=None, exactness=exactness, flags=flags)


def _official(month: MonthFigures, has_denominator: bool) -> MonthFigure:
    numbers = (month.numerator, month.denominator, month.year_denominator)
    return _month(month, numbers, month.reported, has_denominator)


def _provisional(month: MonthFigures, has_denominator: bool) -> MonthFigure:
    denominator = month.provisional_denominator
    numbers = (month.provisional_numerator, denominator, max(denominator or 0, month.year_denominator or 0))
    return _month(month, numbers, month.provisional_reported, has_denominator)


def _month(
    month: MonthFigures, numbers: Sequence[Decimal | None], reported: int, has_denominator: bool
) -> MonthFigure:
    """An unreported month has nothing to read; a reported one without an exact figure spoils the year."""
    inexact = bool(reported) and month.exactness == NO_EXACT
    numerator, denominator, year_denominator = (Fraction(number or 0) for number in numbers)
    divides = has_denominator and not inexact
    return MonthFigure(
        month=month.month.month,
        numerator=None if inexact else numerator,
        denominator=denominator if divides else None,
        reported=reported,
        expected=month.expected,
        year_denominator=year_denominator if divides else None,
    )


def _used(months: Sequence[MonthFigures], timing: str) -> list[MonthFigures]:
    used = sorted((month for month in months if month.reported), key=lambda month: month.month)
    return used[-1:] if timing in LATEST else used


def _exactness(months: Sequence[MonthFigures], figure: YearFigure, timing: str) -> str:
    if figure.inexact:
        return NO_EXACT
    return "estimate" if any(m.exactness == "estimate" for m in _used(months, timing)) else "exact"


def _flags(months: Sequence[MonthFigures], figure: YearFigure, timing: str) -> frozenset[str]:
    """What to say beside the figure.

    Provisional: last year's yearly figure stands in, or a month to date has no report at all. Stations
    missing from a month are told by reported and expected.
    """
    if figure.inexact:
        return frozenset({Flag.NO_EXACT_FIGURE})
    if figure.value is None:
        return frozenset()
    used = _used(months, timing)
    flags = set()
    if any(month.exactness == "estimate" for month in used):
        flags.add(Flag.SHARE_ESTIMATE)
    silent = any(month.expected and not month.reported for month in months)
    if any(month.stand_in for month in used) or (silent and timing not in LATEST):
        flags.add(Flag.PROVISIONAL)
    return frozenset(flags)


def _series(
    months: Sequence[MonthFigures], official: Sequence[MonthFigure], timing: str, factor: int
) -> list[MonthPoint]:
    points = []
    for position, (month, figure) in enumerate(zip(months, official, strict=True), start=1):
        points.append(
            MonthPoint(
                month=Month.of(month.month),
                value=year_to_date(timing, [figure], factor, MONTHS_OF_A_YEAR).value,
                to_date=year_to_date(timing, official[:position], factor).value,
                reported=month.reported,
                expected=month.expected,
            )
        )
    return points
