"""Sensitive counts that say something of each other are split into events that no count cuts."""

from hypothesis import given
from hypothesis import strategies as st

from indicators.events import chains, split

# Under 28 days; under 1 year, and of them; under 5 years, and of them.
PLACES = [(0, False), (1, False), (1, True), (2, False), (2, True)]
NEONATAL, INFANT, INFANT_DTTS, CHILD, CHILD_DTTS = range(5)


def test_elements_stand_in_chains_each_a_part_of_the_next():
    within = [
        ("B8.10", "B8.11"),
        ("B8.11", "B8.12"),
        ("B8.12", "B8.13"),
        ("B7.11", "B7.10"),
        ("B7.12", "B7.10"),
    ]
    found = chains(["B8.13", "B8.11", "B4.22a", "B7.10", "B7.11", "B7.12"], within)
    assert found == [["B8.11", "B8.13"], ["B7.11", "B7.10"], ["B7.12"], ["B4.22a"]]


def test_events_are_told_by_the_first_age_that_counts_them_and_by_group():
    values = {NEONATAL: 1, INFANT: 3, INFANT_DTTS: 1, CHILD: 4, CHILD_DTTS: 2}
    found = {tuple(sorted(kind)): count for kind, count in split(values, PLACES).items() if count}
    assert found == {
        (NEONATAL, INFANT, INFANT_DTTS, CHILD, CHILD_DTTS): 1,
        (INFANT, CHILD): 2,
        (CHILD, CHILD_DTTS): 1,
    }


def test_where_a_measure_is_missing_only_neighbours_are_linked():
    found = split({NEONATAL: 1, CHILD: 3, CHILD_DTTS: 1}, PLACES)
    assert found == {frozenset([NEONATAL]): 1, frozenset([CHILD]): 3, frozenset([CHILD_DTTS]): 1}


def test_counts_that_contradict_each_other_have_no_common_events():
    assert split({NEONATAL: 2, INFANT: 1}, PLACES[:2]) == {frozenset([NEONATAL]): 2, frozenset([INFANT]): 1}


@given(st.dictionaries(st.integers(0, 4), st.integers(0, 6)))
def test_the_events_add_up_to_every_measure(values):
    found = split(values, PLACES)
    assert all(count >= 0 for count in found.values())
    for measure, count in values.items():
        assert sum(events for kind, events in found.items() if measure in kind) == count
