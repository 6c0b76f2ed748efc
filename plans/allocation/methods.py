"""The ways to share a target out. `allocate(method, goal, places)` gives a value for every place, or None."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal
from fractions import Fraction

from plans.allocation.records import HUNDRED, CanNotShare, Goal, Method, Place, Why
from plans.allocation.rounding import parts_of, towards

Shares = dict[int, Decimal | None]
Share = Callable[[Goal, Sequence[Place]], Shares]


def allocate(method: str, goal: Goal, places: Sequence[Place]) -> Shares:
    """A value for every place by its id, in the unit of the line; None where the method knows none.

    Raises CanNotShare.
    """
    if not places:
        raise CanNotShare(Why.NO_PLACES)
    return METHODS[Method(method)](goal, places)


def equal(goal: Goal, places: Sequence[Place]) -> Shares:
    """A level g for each of n places: vᵢ = g. A count G in equal parts: vᵢ = G / n, by largest remainder."""
    if not goal.adds_up:
        return {place.id: goal.value for place in places}
    return _parts(goal, places, [Fraction(1)] * len(places))


def by_population(goal: Goal, places: Sequence[Place]) -> Shares:
    """A count G by weights wᵢ: vᵢ = G · wᵢ / Σw, by largest remainder.

    A level is not divided by people: weighing gives every place the same level again, so `equal` says it.
    A place without a weight gets no value. Raises CanNotShare.
    """
    if not goal.adds_up:
        raise CanNotShare(Why.SAME_AS_EQUAL)
    known = [place for place in places if place.weight is not None]
    weights = [place.weight or Fraction(0) for place in known]
    if not sum(weights):
        raise CanNotShare(Why.NO_WEIGHTS)
    return {place.id: None for place in places} | _parts(goal, known, weights)


def by_baseline(goal: Goal, places: Sequence[Place]) -> Shares:
    """From each place's own last year's figure bᵢ.

    A level g: vᵢ = bᵢ + s, the same step s for all, with s such that Σ wᵢ·vᵢ / Σ wᵢ = g. No value falls
    below 0 and a share of a whole ends at 100: a place that the step would carry past stops there, and s
    changes for the others until the mean is g again. Values are rounded towards the better side, so that the
    mean never falls short.
    A place without a figure or a weight gets g itself, which leaves the mean as it is.

    A count G: vᵢ = G · bᵢ / Σb, each keeps its part of last year's total, by largest remainder; a place
    without a figure gets no value.

    Raises CanNotShare where no place has a figure (and, for a level, a weight), or last year's sum is 0.
    """
    if goal.adds_up:
        known = [place for place in places if place.baseline is not None]
        if not known:
            raise CanNotShare(Why.NO_BASELINES)
        baselines = [max(place.baseline or Fraction(0), Fraction(0)) for place in known]
        if not sum(baselines):
            raise CanNotShare(Why.ZERO_BASELINES)
        return {place.id: None for place in places} | _parts(goal, known, baselines)
    known = [place for place in places if place.baseline is not None and place.weight]
    if not known:
        raise CanNotShare(
            Why.NO_BASELINES if all(place.baseline is None for place in places) else Why.NO_WEIGHTS
        )
    moved = _moved(goal, known)
    rounded = {key: towards(value, goal.places, goal.better) for key, value in moved.items()}
    return {place.id: goal.value for place in places} | rounded


def by_hand(goal: Goal, places: Sequence[Place]) -> Shares:
    """Nothing is proposed: every value is typed or comes from a file."""
    return {place.id: None for place in places}


METHODS: dict[Method, Share] = {
    Method.EQUAL: equal,
    Method.POPULATION: by_population,
    Method.BASELINE: by_baseline,
    Method.MANUAL: by_hand,
}


def _parts(goal: Goal, places: Sequence[Place], weights: Sequence[Fraction]) -> Shares:
    parts = parts_of(goal.value, weights, goal.places)
    return {place.id: part for place, part in zip(places, parts, strict=True)}


def _moved(goal: Goal, places: Sequence[Place]) -> dict[int, Fraction]:
    """bᵢ + s for every place, kept within the bounds, with the one s whose weighted mean is the goal.

    The mean grows with s. Where the places cut at the top lose more than those cut at the bottom gain, s has to
    grow, so those at the top stay there and are settled; else those at the bottom. Every round settles one at
    least.
    """
    low, high = _bounds(goal, places)
    free = {place.id: (place.baseline or Fraction(0), place.weight or Fraction(0)) for place in places}
    # What the free places together have to bring: Σ wᵢ·vᵢ over them.
    needed = Fraction(goal.value) * sum(weight for _baseline, weight in free.values())
    settled: dict[int, Fraction] = {}
    while free:
        moving = sum(baseline * weight for baseline, weight in free.values())
        step = (needed - moving) / sum(weight for _baseline, weight in free.values())
        kept = {key: _cut(baseline + step, low, high) for key, (baseline, _weight) in free.items()}
        past = {key: baseline + step - kept[key] for key, (baseline, _weight) in free.items()}
        lost = sum(past[key] * weight for key, (_baseline, weight) in free.items())
        gone = [key for key, by in past.items() if (by > 0 if lost >= 0 else by < 0)]
        if not gone:
            return settled | kept
        for key in gone:
            settled[key] = kept[key]
            needed -= kept[key] * free.pop(key)[1]
    return settled


def _bounds(goal: Goal, places: Sequence[Place]) -> tuple[Fraction | None, Fraction | None]:
    """No figure falls below 0 unless one already lies there; a share of a whole ends at 100."""
    is_signed = goal.value < 0 or any((place.baseline or 0) < 0 for place in places)
    is_bounded = goal.is_share and goal.value <= HUNDRED
    return None if is_signed else Fraction(0), Fraction(HUNDRED) if is_bounded else None


def _cut(value: Fraction, low: Fraction | None, high: Fraction | None) -> Fraction:
    if low is not None and value < low:
        return low
    return high if high is not None and value > high else value
