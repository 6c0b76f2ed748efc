"""From months of results to a year's figure. Pure arithmetic over `indicators.timing`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

from facilities.periods import Month
from indicators import projection as projecting
from indicators.projection import Projection, months_seen, project, project_at
from indicators.reading import MonthFigures
from indicators.seasonality import Pace, full_years
from indicators.timing import LATEST, MONTHS_OF_A_YEAR, MonthFigure, YearFigure, year_to_date
from plans.assessment.records import Flag
from plans.models import PlanIndicator
from plans.standing.records import Computed, MonthPoint

EXACT, NO_EXACT = "exact", "none"


def compute(
    months: Sequence[MonthFigures],
    *,
    timing: str,
    factor: int,
    has_denominator: bool,
    interval_kind: str = "none",
    past: Mapping[int, Sequence[MonthFigures]] | None = None,
    pace: Pace | None = None,
) -> Computed | None:
    """The year to date of one line; None where nothing is due, so that nothing computes the line.

    `past`: the months of the years before on the same boundaries, whose season tells the pace; None where the
    year is not to be projected by it. `pace`: of a part, the pace of the whole instead.
    """
    if not months:
        return None
    official = [_official(month, has_denominator) for month in months]
    figure = year_to_date(timing, official, factor)
    projection = Projection()
    if past is not None:
        projection = project(timing, official, _seasons(past, has_denominator), factor, interval_kind)
    elif pace is not None:
        projection = project_at(timing, official, pace, factor)
    if past is not None or pace is not None:
        figure = replace(figure, projected=projection.value)
    with_submitted = year_to_date(timing, [_provisional(m, has_denominator) for m in months], factor)
    return Computed(
        figure=figure,
        provisional=with_submitted if with_submitted.reported > figure.reported else None,
        exactness=_exactness(months, figure, timing),
        flags=_flags(months, figure, timing),
        series=tuple(_series(months, official, timing, factor)),
        projection=projection,
        passed=months_seen(timing, official),
    )


def compute_line(
    line: PlanIndicator,
    months: Sequence[MonthFigures],
    *,
    past: Mapping[int, Sequence[MonthFigures]] | None = None,
    pace: Pace | None = None,
) -> Computed | None:
    """`compute` as the line's indicator asks for it. The line comes from `lines_of` and has one."""
    indicator = line.indicator
    return compute(
        months,
        timing=indicator.timing,
        factor=indicator.factor,
        has_denominator=line.has_denominator,
        interval_kind=indicator.interval,
        past=past,
        pace=pace,
    )


def pace_of(past: Sequence[MonthFigures], *, has_denominator: bool) -> Pace:
    """The pace that these months of years before tell, as `compute` finds it."""
    by_year: dict[int, list[MonthFigures]] = {}
    for month in past:
        by_year.setdefault(month.month.year, []).append(month)
    return projecting.pace_of(full_years(_seasons(by_year, has_denominator)))


def _seasons(
    past: Mapping[int, Sequence[MonthFigures]], has_denominator: bool
) -> dict[int, list[MonthFigure]]:
    """Past years month by month; one with a month that is not exact on these boundaries tells no season."""
    return {
        year: [_official(month, has_denominator) for month in months]
        for year, months in past.items()
        if all(month.exactness == EXACT for month in months)
    }


def add_period(found: Sequence[Computed | None]) -> Computed | None:
    """A whole period's count from its years in order, None for a year without anything; None where the last is."""
    known = [one for one in found if one]
    return add_years(known, years=len(found)) if known and found[-1] else None


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
    exactness = max((one.exactness for one in computed), key=(EXACT, "estimate", NO_EXACT).index)
    projection = _add_to_projection(last.projection, rest, years)
    return replace(
        last, figure=total, provisional=None, exactness=exactness, flags=flags, projection=projection
    )


def _add_to_projection(last: Projection, rest: Fraction, years: int) -> Projection:
    """The last year's projection with what the years before came to; each year is one part of the promise.

    A year without reports has passed all the same: a pace is not flattered by silence.
    """
    limits = last.interval
    return replace(
        last,
        value=None if last.value is None else last.value + rest,
        interval=None if limits is None else (limits[0] + float(rest), limits[1] + float(rest)),
        elapsed=None if last.elapsed is None else (years - 1 + last.elapsed) / years,
    )


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
        is_shared=month.is_shared,
    )


def _used(months: Sequence[MonthFigures], timing: str) -> list[MonthFigures]:
    used = sorted((month for month in months if month.reported), key=lambda month: month.month)
    return used[-1:] if timing in LATEST else used


def _exactness(months: Sequence[MonthFigures], figure: YearFigure, timing: str) -> str:
    if figure.inexact:
        return NO_EXACT
    return "estimate" if any(m.exactness == "estimate" for m in _used(months, timing)) else EXACT


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
                alone=year_to_date(timing, [figure], factor, MONTHS_OF_A_YEAR),
                so_far=year_to_date(timing, official[:position], factor),
                reported=month.reported,
                expected=month.expected,
                is_shared=month.is_shared,
                is_shared_to_date=any(one.is_shared for one in _used(months[:position], timing)),
            )
        )
    return points


def figure_of(
    months: Sequence[MonthFigures], *, timing: str, factor: int, has_denominator: bool
) -> YearFigure:
    """The figure of these months alone, as `compute` gives it, for those who ask for many at once."""
    return year_to_date(timing, [_official(month, has_denominator) for month in months], factor)
