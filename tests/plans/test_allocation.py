"""Sharing a target out, and what was shared out against it: arithmetic alone."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plans.allocation import CanNotShare, Goal, Place, Why, allocate, check
from plans.allocation.rounding import parts_of, towards

D = Decimal


def level(value, operator=">=", decimals=1, **more):
    return Goal(D(value), operator, adds_up=False, decimals=decimals, **more)


def count(value, operator=">="):
    return Goal(D(value), operator, adds_up=True, decimals=0)


def places(*pairs):
    """(weight, baseline) of places 1, 2, …"""
    return [
        Place(n, *(None if number is None else Fraction(number) for number in pair))
        for n, pair in enumerate(pairs, start=1)
    ]


def test_a_level_is_the_same_for_all_and_a_count_is_divided():
    three = places((1, None), (2, None), (5, None))
    assert allocate("equal", level("90.5"), three) == {1: D("90.5"), 2: D("90.5"), 3: D("90.5")}
    assert allocate("equal", count(100), three) == {1: 34, 2: 33, 3: 33}


def test_a_count_by_people_goes_to_the_largest_remainders():
    # Exact parts of 10: 1,43 · 2,86 · 5,71; the two units left over go to ,86 and ,71.
    assert allocate("population", count(10), places((1, None), (2, None), (4, None))) == {1: 1, 2: 3, 3: 6}


def test_a_count_without_enough_known_places():
    shares = allocate("population", count(10), places((3, None), (None, None), (2, None)))
    assert shares == {1: 6, 2: None, 3: 4}
    with pytest.raises(CanNotShare) as caught:
        allocate("population", count(10), places((None, None)))
    assert caught.value.why == Why.NO_WEIGHTS


def test_a_level_is_not_divided_by_people():
    with pytest.raises(CanNotShare) as caught:
        allocate("population", level(90), places((1, None)))
    assert caught.value.why == Why.SAME_AS_EQUAL


def test_every_place_takes_the_same_step_from_its_own_figure():
    # The mean was (60·100 + 80·300) / 400 = 75: ten points more for both.
    assert allocate("baseline", level(85), places((100, 60), (300, 80))) == {1: 70, 2: 90}


def test_a_place_that_would_pass_a_hundred_stops_there_and_the_others_make_it_up():
    goal = level(90, is_share=True)
    shares = allocate("baseline", goal, places((100, 70), (100, 98)))
    assert shares == {1: 80, 2: 100}
    assert check(goal, places((100, 70), (100, 98)), shares).difference == 0


def test_a_rate_falls_to_nothing_but_not_below():
    assert allocate("baseline", level(5, "<="), places((100, 2), (100, 18))) == {1: 0, 2: 10}


def test_steps_are_rounded_towards_the_better_side():
    three = places((1, 10), (1, 10), (1, 11))
    up, down = level(20, ">=", 0), level(8, "<=", 0)
    assert check(up, three, allocate("baseline", up, three)).difference == Fraction(1, 3)
    assert not check(up, three, allocate("baseline", up, three)).is_worse
    assert check(down, three, allocate("baseline", down, three)).difference == Fraction(-2, 3)


def test_a_place_without_a_figure_gets_the_level_itself_and_no_part_of_a_count():
    known = places((100, 60), (100, None), (None, 30), (300, 80))
    assert allocate("baseline", level(85), known) == {1: 70, 2: 85, 3: 85, 4: 90}
    assert allocate("baseline", count(70), known) == {1: 25, 2: None, 3: 12, 4: 33}


@pytest.mark.parametrize(
    ("goal", "pairs", "why"),
    [
        (level(85), [(1, None), (2, None)], Why.NO_BASELINES),
        (level(85), [(None, 60)], Why.NO_WEIGHTS),
        (count(85), [(1, None)], Why.NO_BASELINES),
        (count(85), [(1, 0), (1, 0)], Why.ZERO_BASELINES),
        (count(85), [], Why.NO_PLACES),
    ],
)
def test_what_is_missing_is_named(goal, pairs, why):
    with pytest.raises(CanNotShare) as caught:
        allocate("baseline", goal, places(*pairs))
    assert caught.value.why == why


def test_by_hand_nothing_is_proposed():
    assert allocate("manual", level(85), places((1, 2))) == {1: None}


def test_a_mean_just_short_of_the_target_is_worse():
    two = places((1, None), (2, None))
    found = check(level(90), two, {1: D(90), 2: D("89.99")})
    assert found.is_worse and found.difference == Fraction(-1, 150) and found.differs
    assert check(level(90, "<="), two, {1: D(90), 2: D("89.99")}).is_worse is False


def test_the_parts_of_a_count_have_to_sum_to_it():
    two = places((1, None), (2, None))
    assert check(count(100), two, {1: D(60), 2: D(40)}).differs is False
    over = check(count(100), two, {1: D(60), 2: D(41)})
    assert (over.total, over.difference, over.is_worse) == (101, 1, True)


def test_one_level_for_all_needs_no_weights():
    two = places((None, None), (None, None))
    assert check(level(90), two, {1: D(90), 2: D(90)}).differs is False
    mixed = check(level(90), places((None, None), (3, None)), {1: D(90), 2: D(95)})
    assert (mixed.total, mixed.unweighted, mixed.differs) == (95, 1, True)
    assert check(level(90), two, {1: D(90), 2: D(95)}).total is None


def test_what_nobody_was_given_asks_for_a_reason():
    found = check(level(90), places((1, None), (1, None)), {1: D(95), 2: None})
    assert (found.missing, found.is_worse, found.differs) == (1, False, True)
    nothing = check(count(90), places((1, None)), {})
    assert (nothing.total, nothing.difference, nothing.differs) == (None, None, True)


def test_about_is_kept_within_its_tolerance():
    one = places((1, None))
    assert check(level(15, "about", tolerance=D("0.3")), one, {1: D("15.2")}).is_worse is False
    assert check(level(15, "about"), one, {1: D("15.2")}).is_worse is True


weights = st.lists(st.integers(0, 10**6), max_size=20).map(lambda rest: [Fraction(n) for n in (1, *rest)])


@given(st.integers(-(10**9), 10**9), weights, st.integers(0, 3))
def test_parts_always_sum_to_the_whole_and_lie_next_to_their_exact_share(units, weights, decimals):
    total = D(units).scaleb(-decimals)
    parts = parts_of(total, weights, decimals)
    unit = Fraction(1, 10**decimals)
    assert sum(parts) == total
    for part, weight in zip(parts, weights, strict=True):
        assert abs(Fraction(part) - Fraction(total) * weight / sum(weights)) < unit
    assert all(part == 0 for part, weight in zip(parts, weights, strict=True) if not weight)


@given(
    st.lists(st.tuples(st.integers(1, 5000), st.integers(0, 120)), min_size=1, max_size=30),
    st.integers(0, 1000),
    st.sampled_from([">=", "<="]),
    st.booleans(),
)
def test_steps_never_leave_the_whole_short_of_its_target(pairs, tenths, operator, is_share):
    goal = level(D(tenths).scaleb(-1), operator, is_share=is_share)
    shares = allocate("baseline", goal, found := places(*pairs))
    result = check(goal, found, shares)
    assert not result.differs
    assert abs(result.difference) < Fraction(1, 10)
    assert all(0 <= value <= (100 if is_share else 10**6) for value in shares.values())


@given(st.fractions(-1000, 1000), st.integers(0, 4))
def test_rounding_goes_towards_what_is_asked_for(value, decimals):
    unit = Fraction(1, 10**decimals)
    assert 0 <= Fraction(towards(value, decimals, 1)) - value < unit
    assert 0 <= value - Fraction(towards(value, decimals, -1)) < unit
    assert abs(Fraction(towards(value, decimals, 0)) - value) <= unit / 2
