"""Small counts stay hidden from whoever reckons with every published table."""

from __future__ import annotations

import time
from dataclasses import replace

import numpy as np
import pytest

from indicators.suppression import ABSENT, Tables, primary, suppress
from tests.indicators import attacker
from tests.indicators.tables_to_hide import MEASURES, random_tables

ALL_TABLES = 1000
AT_ONCE = 50


def attacked(seeds: range, **options: bool) -> dict[int, tuple[int, list[tuple]]]:
    """By seed: how many cells were hidden, and which of them the attacker recovered."""
    hidden, puzzles = [], []
    for seed in seeds:
        tables = random_tables(seed)
        found = suppress(tables, **options)
        hidden.append(np.stack([found.months, found.to_date]))
        puzzles.append(attacker.read(tables, hidden[-1]))
    recovered = attacker.recovered(puzzles)
    return {seed: (int(cells.sum()), got) for seed, cells, got in zip(seeds, hidden, recovered, strict=True)}


@pytest.mark.parametrize("first", range(0, ALL_TABLES, AT_ONCE))
def test_no_hidden_cell_of_a_thousand_random_tables_can_be_recovered(first):
    outcome = attacked(range(first, first + AT_ONCE))
    assert all(hidden for hidden, _ in outcome.values())
    assert sum(hidden for hidden, _ in outcome.values()) > 10 * AT_ONCE
    assert {seed: got for seed, (_, got) in outcome.items() if got} == {}


def test_the_attacker_succeeds_where_nothing_is_hidden_beside_the_small_cells():
    """Planted leak: the check above can fail."""
    outcome = attacked(range(20), complementary=False)
    leaking = [seed for seed, (_, got) in outcome.items() if got]
    assert len(leaking) > 10


def learned(seeds: range, *, guarded: bool) -> dict[int, list[tuple]]:
    """By seed the small cells that some commune recovers, who knows its own counts, of places it has no part in."""
    puzzles = []
    for seed in seeds:
        tables = random_tables(seed)
        knows = seed % int(tables.knowing.sum())
        found = suppress(tables if guarded else replace(tables, knowing=None))
        apart = (tables.places * tables.places[knows]).sum(axis=1) == 0
        others = primary(tables) & apart[None, :, None, None]
        puzzles.append(attacker.read(tables, np.stack([found.months, found.to_date]), knows).only(others))
    assert sum(len(puzzle.names) for puzzle in puzzles) > 10 * len(seeds), "hardly anything is asked for"
    return {seed: got for seed, got in zip(seeds, attacker.recovered(puzzles), strict=True) if got}


@pytest.mark.parametrize("first", range(0, 200, AT_ONCE))
def test_no_commune_learns_a_small_count_of_another_from_its_own(first):
    assert learned(range(first, first + AT_ONCE), guarded=True) == {}


def test_a_commune_learns_the_counts_of_those_it_alone_covers():
    """Planted leak: the check above can fail."""
    assert len(learned(range(20), guarded=False)) > 4


def test_two_communes_cover_a_small_count_against_each_other():
    """2, 9, 12 and 20 deaths under a told total: were the first two hidden alone, the second would know the 2."""
    places, headline = np.concatenate([np.eye(4), np.ones((1, 4))]), np.array([False] * 4 + [True])
    tables = Tables(np.array([[[2]], [[9]], [[12]], [[20]]]), places, np.array([[True]]), headline)
    assert suppress(tables).months[:, 0, 0].tolist() == [True, True, False, False, False]
    guarded = suppress(replace(tables, knowing=np.array([True] * 4 + [False])))
    assert guarded.months[:, 0, 0].tolist() == [True, True, True, False, False]


@pytest.mark.parametrize("seed", range(0, 60, 2))
def test_whole_numbers_tell_no_more_than_equations(seed):
    """A solver of whole numbers, sharper than linear programming, is left with two values as well."""
    tables = random_tables(seed)
    found = suppress(tables)
    puzzle = attacker.read(tables, np.stack([found.months, found.to_date]))
    for cell in range(0, puzzle.hidden.shape[0], 4):
        low, high = attacker.whole_number_range(puzzle, cell)
        assert high - low >= puzzle.steps[cell] - attacker.NEAR


def test_every_small_cell_is_hidden_and_a_headline_only_where_nothing_else_helps():
    for seed in range(200):
        tables = replace(random_tables(seed), bounds=None, knowing=None)
        found = suppress(tables)
        hidden = np.stack([found.months, found.to_date])
        assert not (primary(tables) & ~hidden).any()
        assert not (hidden & ~tables.published()).any()
        # A reporting piece outside every other place: one event may always be moved there.
        absent = (tables.counts < 0).any(axis=2)
        outside = [(place == 0).any() and not absent[place == 0].any() for place in tables.places[:-1]]
        if all(outside):
            assert not hidden[:, tables.headline].any()


def test_what_a_month_showed_stays_shown_and_hidden_when_later_months_come():
    """So the tables of the half-year may lie beside those of the year."""
    for seed in range(200):
        tables = random_tables(seed)
        whole = suppress(tables)
        for months in range(1, tables.counts.shape[1]):
            bounds = None if tables.bounds is None else tables.bounds[:, :months]
            exact = None if tables.exact is None else tables.exact[:, :months]
            so_far = replace(tables, counts=tables.counts[:, :months], bounds=bounds, exact=exact)
            part = suppress(so_far)
            assert np.array_equal(part.months, whole.months[:, :months])
            assert np.array_equal(part.to_date, whole.to_date[:, :months])


def test_one_place_alone_under_its_total_hides_the_total_too():
    tables = simple_tables([[2, 0]], total=True)
    tables.counts[1:] = ABSENT
    found = suppress(tables)
    assert found.months[:, :, 0].tolist() == [[True, False], [False, False], [True, False]]
    assert found.to_date[:, :, 0].tolist() == [[True, True], [False, False], [True, True]]


def test_a_merged_commune_does_not_reveal_its_parts():
    """Old communes of 2 and 9; the new one is both. Shown 11 and 9 would give 2 away."""
    tables = Tables(
        np.array([[[2]], [[9]], [[20]]]),
        np.array([[1, 0, 0], [0, 1, 0], [0, 0, 1], [1, 1, 0], [1, 1, 1.0]]),
        np.array([[True]]),
        np.array([False, False, False, False, True]),
    )
    hidden = suppress(tables).months[:, 0, 0]
    assert hidden.tolist() == [True, True, False, False, False]


def test_of_them_does_not_reveal_the_rest_of_another_place():
    """2 of 12 are of the group here, 3 of 9 there: the counts of all stay, one event of each kind may be swapped."""
    tables = Tables(
        np.array([[[2, 10]], [[3, 6]]]),
        np.array([[1, 0], [0, 1], [1, 1.0]]),
        np.array([[True, True], [True, False]]),
        np.array([False, False, True]),
    )
    assert suppress(tables).months[:, 0].tolist() == [[False, True], [False, True], [False, False]]


def test_a_commune_without_births_covers_no_other():
    """Deaths 2, 0, 9 among 50, 0, 50 births: nobody believes that the death of the first is one of the second."""
    tables = Tables(
        np.array([[[2]], [[0]], [[9]]]),
        np.concatenate([np.eye(3), np.ones((1, 3))]),
        np.array([[True]]),
        np.array([False, False, False, True]),
    )
    births = np.array([[[50.0]], [[0.0]], [[50.0]]])
    blind = np.stack([suppress(tables).months, suppress(tables).to_date])
    assert blind[0, :, 0, 0].tolist() == [True, True, False, False]
    told = replace(tables, bounds=births)
    assert attacker.recovered([attacker.read(told, blind)]) == [
        [(time, place, 0, 0) for time in (0, 1) for place in (0, 1)]
    ]
    found = np.stack([suppress(told).months, suppress(told).to_date])
    assert found[0, :, 0, 0].tolist() == [True, False, True, False]
    assert attacker.recovered([attacker.read(told, found)]) == [[]]


def test_a_swap_raises_no_count_above_what_it_is_divided_by():
    """All deaths and those of infants: a death of an infant may be swapped for another's only where there are births."""
    all_and_infants = np.array([[True, True], [True, False]])
    tables = Tables(
        np.array([[[2, 10]], [[0, 8]], [[0, 9]]]),
        np.concatenate([np.eye(3), np.ones((1, 3))]),
        all_and_infants,
        np.array([False, False, False, True]),
        bounds=np.array([[[900.0, 50.0]], [[900.0, 0.0]], [[900.0, 50.0]]]),
    )
    hidden = suppress(tables).months[:, 0]
    assert hidden.tolist() == [[False, True], [False, False], [False, True], [False, False]]


def test_deaths_of_children_are_known_to_be_among_all_deaths():
    """Of children 2, 0, 9; of all ages 30, 0, 40. Where nobody died no child did: that commune covers no other."""
    places = np.concatenate([np.eye(3), np.ones((1, 3))])
    headline = np.array([False, False, False, True])
    apart = [
        suppress(Tables(np.array(counts)[:, None, None], places, np.array([[True]]), headline))
        for counts in ([2, 0, 9], [30, 0, 40])
    ]
    blind = np.stack([np.concatenate([one.months for one in apart], axis=2) for _time in (0, 1)])
    assert blind[0, :, 0].tolist() == [[True, False], [True, False], [False, False], [False, False]]
    together = Tables(
        np.array([[[2, 28]], [[0, 0]], [[9, 31]]]), places, np.array([[True, False], [True, True]]), headline
    )
    assert attacker.recovered([attacker.read(together, blind)]) == [
        [(time, place, 0, 0) for time in (0, 1) for place in (0, 1)]
    ]
    found = np.stack([suppress(together).months, suppress(together).to_date])
    assert found[0, :, 0].tolist() == [[True, False], [False, False], [True, False], [False, False]]
    assert attacker.recovered([attacker.read(together, found)]) == [[]]


def test_estimates_by_share_and_places_without_exact_figure():
    """A piece counts 0.4 in one place and 0.6 in another; where no exact figure exists nothing is published."""
    counts = np.array([[[5], [1]], [[7], [8]]])
    places = np.array([[0.4, 0], [0.6, 1.0], [1, 1]])
    exact = np.array([[True, True], [True, False], [True, True]])
    tables = Tables(counts, places, np.array([[True]]), np.array([False, False, True]), exact)
    assert tables.published()[:, 1, :, 0].tolist() == [[True, False], [True, False]]
    found = suppress(tables)
    assert found.months[0, :, 0].tolist() == [True, True]
    assert not found.months[1, 1, 0]


@pytest.mark.parametrize(("mean", "measures"), [(0.05, 0), (0.3, 1), (0.3, 2), (5, 0)])
def test_a_province_of_124_communes_takes_less_than_two_seconds(mean, measures):
    tables = province(mean, np.array(MEASURES[measures], dtype=bool))
    started = time.process_time()
    found = suppress(tables)
    assert time.process_time() - started < 2
    assert np.array_equal(found.months, suppress(tables).months)


def province(mean: float, measures: np.ndarray) -> Tables:
    """124 old communes in 8 districts and 99 new ones, 12 months."""
    rng = np.random.default_rng(1)
    old, kinds = 124, measures.shape[1]
    places = np.zeros((old + 99 + 8 + 1, old))
    places[np.arange(old), np.arange(old)] = 1
    places[old + np.arange(old) * 99 // old, np.arange(old)] = 1
    places[old + 99 + np.arange(old) * 8 // old, np.arange(old)] = 1
    places[-1] = 1
    headline = np.zeros(len(places), dtype=bool)
    headline[-1] = True
    knowing = np.arange(len(places)) < old + 99
    return Tables(rng.poisson(mean / kinds, (old, 12, kinds)), places, measures, headline, knowing=knowing)


def simple_tables(counts: list[list[int]], *, total: bool) -> Tables:
    """One measure; the given communes and one more, and the province if `total`."""
    events = np.array([*counts, [0] * len(counts[0])])[:, :, None]
    places = np.eye(len(events))
    if total:
        places = np.concatenate([places, np.ones((1, len(events)))])
    headline = np.array([False] * len(events) + [True] * total)
    return Tables(events, places, np.array([[True]]), headline)
