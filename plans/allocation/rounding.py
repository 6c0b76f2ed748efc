"""Rounding that keeps promises: parts that sum to the whole, levels that are never worse than asked for."""

from __future__ import annotations

import math
from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction


def parts_of(total: Decimal, weights: Sequence[Fraction], places: int) -> list[Decimal]:
    """Divide `total` in proportion to `weights` into parts of `places` decimals that sum to it exactly.

    Largest remainder (Hamilton): every part is rounded down to a unit of 10^−places, and the units left over
    go one each to the largest remainders, the earlier part first where two are equal. `total` must be a
    multiple of the unit and the weights must not be negative and not all zero.
    """
    unit = 10**places
    units = abs(Fraction(total)) * unit
    whole = sum(weights, Fraction(0))
    exact = [units * weight / whole for weight in weights]
    floors = [math.floor(part) for part in exact]
    left = int(units) - sum(floors)
    order = sorted(range(len(exact)), key=lambda at: (floors[at] - exact[at], at))
    for at in order[:left]:
        floors[at] += 1
    sign = -1 if total < 0 else 1
    return [_decimal(sign * count, places) for count in floors]


def towards(value: Fraction, places: int, better: int) -> Decimal:
    """Round to `places` decimals towards what is asked for: up for 1, down for −1, half up for 0."""
    scaled = value * 10**places
    if better > 0:
        count = math.ceil(scaled)
    elif better < 0:
        count = math.floor(scaled)
    else:
        count = math.floor(scaled + Fraction(1, 2))
    return _decimal(count, places)


def _decimal(count: int, places: int) -> Decimal:
    return Decimal(count).scaleb(-places)
