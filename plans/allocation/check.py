"""What places were given, together, against the target of the whole."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from plans.allocation.records import Goal, Place


@dataclass(frozen=True)
class Check:
    """total: the sum of a count, the weighted mean of a level; None where nothing or no weight is known.

    difference: total − target, unrounded. is_worse: the total does not reach what the target asks for, or for
    a count is not equal to it. missing: how many places have no value; unweighted: how many have a value but
    no weight that the mean would need.
    """

    total: Fraction | None
    difference: Fraction | None
    is_worse: bool
    missing: int
    unweighted: int

    @property
    def differs(self) -> bool:
        """Whether publishing asks for a reason."""
        return self.is_worse or self.total is None or self.missing > 0 or self.unweighted > 0


def check(goal: Goal, places: Sequence[Place], values: Mapping[int, Decimal | None]) -> Check:
    """Add the values up, or take their mean weighted by the places' weights: Σ wᵢ·vᵢ / Σ wᵢ.

    Compared unrounded: a mean of 89,96 does not keep 90. The parts of a count have to sum to it exactly. Where
    every place has the same level the mean is that level, whatever the weights.
    """
    given = [(place, Fraction(value)) for place in places if (value := values.get(place.id)) is not None]
    missing = len(places) - len(given)
    if goal.adds_up:
        total = sum((value for _place, value in given), Fraction(0)) if given else None
        difference = None if total is None else total - Fraction(goal.value)
        return Check(total, difference, difference != 0, missing, 0)
    unweighted = 0
    if len({value for _place, value in given}) == 1:
        mean: Fraction | None = given[0][1]
    else:
        unweighted = sum(1 for place, _value in given if place.weight is None)
        mean = _mean(given)
    difference = None if mean is None else mean - Fraction(goal.value)
    return Check(
        mean, difference, difference is not None and _is_worse(goal, difference), missing, unweighted
    )


def _mean(given: Sequence[tuple[Place, Fraction]]) -> Fraction | None:
    weight = sum((place.weight or Fraction(0) for place, _value in given), Fraction(0))
    if not weight:
        return None
    return sum(((place.weight or Fraction(0)) * value for place, value in given), Fraction(0)) / weight


def _is_worse(goal: Goal, difference: Fraction) -> bool:
    if goal.better:
        return difference * goal.better < 0
    return abs(difference) > Fraction(goal.tolerance or 0)
