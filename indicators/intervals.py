"""Exact and score intervals of ratios on small numbers. Pure: no Django, SciPy only when it is needed.

Source of the choice: domain/targets.md, "Small numbers": Poisson for rates on few events, Wilson for
proportions, a sex ratio through its proportion of boys.
"""

from enum import StrEnum
from fractions import Fraction
from math import sqrt
from statistics import NormalDist


class IntervalKind(StrEnum):
    """How an indicator's uncertainty is told."""

    POISSON = "poisson"
    WILSON = "wilson"
    SEX_RATIO = "sex_ratio"
    NONE = "none"


def interval(
    kind: str,
    numerator: Fraction | int | None,
    denominator: Fraction | int | None,
    factor: Fraction | int,
    level: float = 0.95,
) -> tuple[float, float] | None:
    """Lower and upper limit of numerator / denominator × factor, in the indicator's unit.

    None where the kind asks for none, a count is missing or negative, the denominator is zero, or a
    proportion has more cases than people. A sex ratio takes boys as numerator and girls as denominator.
    """
    if numerator is None or denominator is None or numerator < 0 or denominator <= 0:
        return None
    cases, base, scale = float(numerator), float(denominator), float(factor)
    if kind == IntervalKind.POISSON:
        low, high = _poisson(cases, level)
        return low / base * scale, high / base * scale
    if kind == IntervalKind.WILSON and cases <= base:
        low, high = _wilson(cases, base, level)
        return low * scale, high * scale
    if kind == IntervalKind.SEX_RATIO:
        low, high = _wilson(cases, cases + base, level)
        return low / (1 - low) * scale, high / (1 - high) * scale
    return None


def _poisson(events: float, level: float) -> tuple[float, float]:
    """Exact (Garwood) limits of a Poisson count: quantiles of chi-squared, zero below at zero events."""
    from scipy.stats import chi2  # slow to import, and most pages need no interval

    tail = (1 - level) / 2
    low = float(chi2.ppf(tail, 2 * events)) / 2 if events else 0.0
    return low, float(chi2.ppf(1 - tail, 2 * events + 2)) / 2


def _wilson(cases: float, base: float, level: float) -> tuple[float, float]:
    """Wilson's score limits of a proportion (Wilson 1927); clipped so that rounding stays within 0 and 1."""
    z = NormalDist().inv_cdf((1 + level) / 2)
    share = cases / base
    spread = 1 + z * z / base
    centre = (share + z * z / (2 * base)) / spread
    margin = z / spread * sqrt(share * (1 - share) / base + z * z / (4 * base * base))
    low = 0.0 if cases == 0 else max(0.0, centre - margin)
    high = 1.0 if cases == base else min(1.0, centre + margin)
    return low, high
