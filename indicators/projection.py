"""What an unfinished year will come to, with a 95% prediction interval. Pure; the point exact, limits floats.

Point. What adds up is divided by the share of the year that its months bring: by the season of the last full
years, else months / 12. A ratio of two flows stays where it is; a rate per population is brought to the year
by its season. The latest level of a stock stands as it is, without an interval.

Interval. The year's figure R is predicted from the part seen, r, as Krishnamoorthy and Peng do ("Improved
closed-form prediction intervals for binomial and Poisson distributions", Journal of Statistical Planning and
Inference 141, 2011): the limits are the roots of (R − r)² = f·k·V(R), with V(R) = R for counts, R(1 − R) for
proportions, k = rest / (seen × whole) in the units of exposure, and no events seen taken as one half. The
exposure of a sum is the share of the year; of a ratio its denominator, the rest by the denominator's season.

f = z² where months scatter as chance alone would, else t²·φ: φ is Pearson's dispersion of the months about
their expectation (full years before and this year), so it holds the spread of past years' shares as well. A
season of few events adds its own uncertainty: k × (1 + expected sum of the year / sum of the years it is from).

Limits of the method, as tested by simulation: near 95% where the year goes on as its months and its season did.
It knows no campaign that never was, no trend inside the year, and without two full years no season at all.
Reports that have not come yet can only add to a sum: its upper limit is that of what all reports due would give.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import sqrt
from statistics import NormalDist

from indicators.intervals import IntervalKind
from indicators.seasonality import EVEN, Months, Pace, Season, full_years, is_nearly_complete, season_of
from indicators.timing import (
    ACCUMULATING,
    MONTHS_OF_A_YEAR,
    YEARLY_RATE,
    MonthFigure,
    Timing,
    YearFigure,
    year_to_date,
)

LEVEL = 0.95
# With fewer degrees of freedom nothing tells how months scatter, and so how sure a projection is.
FREEDOM_NEEDED = 3
NO_EVENTS = 0.5

Limits = tuple[float, float]


@dataclass(frozen=True)
class Projection:
    """The whole year, in the indicator's unit, seen from its months to date.

    elapsed: the share of the year's sum that the months passed should have brought, None for a stock or a
    ratio. pace: what says so, for every month of the year.
    """

    value: Fraction | None = None
    interval: Limits | None = None
    elapsed: Fraction | None = None
    pace: Pace = EVEN

    @property
    def years(self) -> tuple[int, ...]:
        """The full years whose season tells the pace, () where months count alike."""
        return self.pace.years


def project(
    timing: str, figures: Months, past: Mapping[int, Months], factor: Fraction | int, interval_kind: str
) -> Projection:
    """Project a year from its months (January to the as-of month) and from those of the years before it.

    `past`: months by year, of the same place on the same boundaries; what is not a full year is passed over.
    """
    figure = year_to_date(timing, figures, factor)
    whole = full_years(past)
    is_sum = timing in ACCUMULATING or timing in YEARLY_RATE
    if figure.value is None or figure.numerator is None:
        return Projection(pace=pace_of(whole) if is_sum else EVEN)
    if is_sum:
        return _of_sum(timing, figure, figures, whole, Fraction(factor))
    if timing == Timing.FLOW:
        limits = _of_ratio(figure, figures, whole, float(factor), interval_kind)
        return Projection(figure.value, limits)
    return Projection(figure.value)


def project_at(timing: str, figures: Months, pace: Pace, factor: Fraction | int) -> Projection:
    """Project a part of a place by the pace of the whole: the point alone, for its months tell no interval."""
    figure = year_to_date(timing, figures, factor)
    if figure.value is None or figure.numerator is None:
        return Projection(pace=pace)
    if timing not in ACCUMULATING and timing not in YEARLY_RATE:
        return Projection(figure.value)
    elapsed = pace.part_of(months_seen(timing, figures))
    if not elapsed:
        return project_at(timing, figures, EVEN, factor)
    per_event = factor / figure.denominator if figure.denominator else Fraction(factor)
    return Projection(figure.numerator / elapsed * per_event, None, elapsed, pace)


def months_seen(timing: str, figures: Months) -> frozenset[int]:
    """The months that a figure stands for: of a sum all that have elapsed, of a rate those reported."""
    return frozenset(one.month for one in figures if one.reported or timing not in YEARLY_RATE)


def pace_of(whole: Mapping[int, Months]) -> Pace:
    """The pace that full years tell; even where they are fewer than two."""
    return Pace(season_of({year: [one.numerator for one in of_year] for year, of_year in whole.items()}))


def _of_sum(
    timing: str, figure: YearFigure, figures: Months, whole: Mapping[int, Months], factor: Fraction
) -> Projection:
    """A sum has seen every month that has elapsed; a rate only those in which its population is known."""
    months, pace = months_seen(timing, figures), pace_of(whole)
    if not pace.part_of(months):
        pace = EVEN
    season, elapsed = pace.season, pace.part_of(months)
    per_event = factor / figure.denominator if figure.denominator else factor
    numerator = figure.numerator or Fraction(0)
    spread = _scatter_of_sums(figures, whole if season else {}, season)
    limits = None
    # A numerator below zero is no count.
    if spread.is_known and all((one.numerator or 0) >= 0 for one in figures):
        missing = 1.0 if timing in YEARLY_RATE else figure.expected / figure.reported
        of_year = _sum_limits(float(numerator), float(elapsed), missing, spread, season)
        limits = of_year[0] * float(per_event), of_year[1] * float(per_event)
    return Projection(numerator / elapsed * per_event, limits, elapsed, pace)


def _sum_limits(
    seen: float, elapsed: float, missing: float, spread: _Scatter, season: Season | None
) -> Limits:
    """Limits of the year's sum. `missing`: reports due / reports come, 1 where all have."""

    def limits(events: float) -> Limits:
        counted = max(events, NO_EVENTS)
        pool = 1 + counted / elapsed / float(season.total) if season else 1.0
        width = spread.width * pool * (1 - elapsed) / elapsed
        low, high = _score(counted / elapsed, width, is_part=False)
        return low, high - counted + events

    if elapsed == 1:
        return seen, seen * missing
    return max(limits(seen)[0] if seen else 0.0, seen), limits(seen * missing)[1]


def _of_ratio(
    figure: YearFigure, figures: Months, whole: Mapping[int, Months], factor: float, kind: str
) -> Limits | None:
    """Limits of a ratio of flows at the year's end: what is known of it, and its expected rest."""
    if kind == IntervalKind.NONE or not figure.denominator or (figure.numerator or 0) < 0:
        return None
    events, base = float(figure.numerator or 0), float(figure.denominator)
    if kind == IntervalKind.SEX_RATIO:
        base += events
    if kind != IntervalKind.POISSON and events > base:
        return None
    spread = _scatter_of_ratios([figures, *whole.values()], kind)
    if not spread.is_known:
        return None
    low, high = _ratio_limits(
        events, base, base * _odds_of_rest(figures, whole), spread.width, is_part=kind != IntervalKind.POISSON
    )
    if kind == IntervalKind.SEX_RATIO:
        return low / (1 - low) * factor, high / (1 - high) * factor
    return low * factor, high * factor


def _ratio_limits(events: float, base: float, rest: float, width: float, *, is_part: bool) -> Limits:
    """Limits of the year's events / (base + rest): those counted stay, and a part has at most all of the rest."""
    if not rest:
        return events / base, events / base
    counted = max(events, NO_EVENTS)
    if is_part:
        counted = min(counted, max(base - NO_EVENTS, base / 2))
    low, high = _score(counted / base, width * rest / (base * (base + rest)), is_part=is_part)
    fewest = events / (base + rest)
    high += (events - counted) / (base + rest)
    most = (events + rest) / (base + rest) if is_part else high
    return max(low, fewest) if events else 0.0, min(high, most)


def _odds_of_rest(figures: Months, whole: Mapping[int, Months]) -> float:
    """The expected denominator of the rest of the year / that of the months reported."""
    months = {one.month for one in figures if one.reported}
    season = season_of({year: [one.denominator for one in of_year] for year, of_year in whole.items()})
    seen = season.share_of(months) if season else Fraction(0)
    seen = seen or Fraction(len(months), MONTHS_OF_A_YEAR)
    return float((1 - seen) / seen)


def _score(share: float, width: float, *, is_part: bool) -> Limits:
    """The roots of (R − share)² = width × R, or × R(1 − R) where R is a part of 1."""
    lead = 1 + width if is_part else 1.0
    inside = width * share * (1 - share if is_part else 1.0) + width * width / 4
    centre, margin = (share + width / 2) / lead, sqrt(max(inside, 0.0)) / lead
    return max(centre - margin, 0.0), min(centre + margin, 1.0) if is_part else centre + margin


@dataclass(frozen=True)
class _Scatter:
    """Pearson's chi-squared of months about their expectation, and its degrees of freedom."""

    squares: float
    freedom: int

    @property
    def is_known(self) -> bool:
        return self.freedom >= FREEDOM_NEEDED

    @property
    def width(self) -> float:
        """f of the interval: z² where months scatter as chance would, else t² × dispersion."""
        dispersion = self.squares / self.freedom
        tail = (1 + LEVEL) / 2
        if dispersion <= 1:
            return NormalDist().inv_cdf(tail) ** 2
        from scipy.special import stdtrit  # slow to import, and most pages need no interval

        return float(stdtrit(self.freedom, tail)) ** 2 * dispersion


def _scatter_of_sums(figures: Months, whole: Mapping[int, Months], season: Season | None) -> _Scatter:
    """Months about their share of their year's sum; the shares were fitted to the full years: one year less."""
    shares = season.shares if season else (Fraction(1, MONTHS_OF_A_YEAR),) * MONTHS_OF_A_YEAR
    known = [of_year for year, of_year in whole.items() if season and year in season.years]
    squares, freedom = 0.0, 0
    for months in [*known, [one for one in figures if is_nearly_complete(one)]]:
        weights = [float(shares[one.month - 1]) for one in months]
        counts = [float(one.numerator or 0) for one in months]
        found = _pearson(counts, weights)
        squares, freedom = squares + found.squares, freedom + found.freedom
    fitted = sum(1 for share in shares if share) - 1 if season else 0
    return _Scatter(squares, max(freedom - fitted, 0))


def _pearson(counts: Sequence[float], weights: Sequence[float]) -> _Scatter:
    """Counts about weights × their own sum; months without weight say nothing."""
    pairs = [(count, weight) for count, weight in zip(counts, weights, strict=True) if weight > 0]
    total, whole = sum(count for count, _ in pairs), sum(weight for _, weight in pairs)
    if total <= 0 or len(pairs) < 2:
        return _Scatter(0.0, max(len(pairs) - 1, 0))
    expected = [weight / whole * total for _, weight in pairs]
    squares = sum((count - mean) ** 2 / mean for (count, _), mean in zip(pairs, expected, strict=True))
    return _Scatter(squares, len(pairs) - 1)


def _scatter_of_ratios(years: Iterable[Months], kind: str) -> _Scatter:
    """Months about their own year's ratio, every year for itself: a level may differ from year to year."""
    squares, freedom = 0.0, 0
    for months in years:
        pairs = [pair for one in months if (pair := _pair(one, kind))]
        events, base = sum(e for e, _ in pairs), sum(b for _, b in pairs)
        share = events / base if base else 0.0
        variance = share if kind == IntervalKind.POISSON else share * (1 - share)
        freedom += max(len(pairs) - 1, 0)
        if variance > 0:
            squares += sum((e - b * share) ** 2 / (b * variance) for e, b in pairs)
    return _Scatter(squares, freedom)


def _pair(figure: MonthFigure, kind: str) -> tuple[float, float] | None:
    """Events and base of a month reported; boys of all births for a sex ratio."""
    if not figure.reported or figure.numerator is None or not figure.denominator:
        return None
    events, base = float(figure.numerator), float(figure.denominator)
    return events, base + events if kind == IntervalKind.SEX_RATIO else base
