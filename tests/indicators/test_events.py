"""Sensitive counts that say something of each other are split into events that no count cuts."""

from hypothesis import given
from hypothesis import strategies as st

from indicators.events import split, trees

# Deaths of all ages; under 28 days; under 1 year, and of them; under 5 years, and of them; of mothers, and of them.
PLACES = [
    ("week", False),
    ("year", False),
    ("year", True),
    ("five", False),
    ("five", True),
    ("all", False),
    ("mother", False),
    ("mother", True),
]
NEONATAL, INFANT, INFANT_DTTS, CHILD, CHILD_DTTS, ALL, MOTHER, MOTHER_DTTS = range(8)
TREE = {"all": None, "five": "all", "mother": "all", "year": "five", "week": "year"}


def test_elements_hang_on_the_smallest_whole_they_are_a_part_of():
    within = [
        ("B8.10", "B8.11"),
        ("B8.11", "B8.12"),
        ("B8.12", "B8.13"),
        ("B7.11", "B7.10"),
        ("B7.12", "B7.10"),
    ]
    found = trees(["B8.13", "B8.11", "B4.22a", "B7.10", "B7.11", "B7.12"], within)
    assert found == [
        {"B7.10": None, "B7.11": "B7.10"},
        {"B8.13": None, "B8.11": "B8.13"},
        {"B4.22a": None},
        {"B7.12": None},
    ]


def test_parts_that_have_no_event_in_common_hang_side_by_side():
    within = [("year", "five"), ("five", "all"), ("mother", "all"), ("woman", "all")]
    found = trees(["year", "mother", "woman", "all"], within, {("mother", "five")})
    assert found == [{"all": None, "mother": "all", "year": "all"}, {"woman": None}]


def test_events_are_told_by_the_first_age_that_counts_them_and_by_group():
    values = {NEONATAL: 1, INFANT: 3, INFANT_DTTS: 1, CHILD: 4, CHILD_DTTS: 2}
    assert told(values) == {
        (NEONATAL, INFANT, INFANT_DTTS, CHILD, CHILD_DTTS): 1,
        (INFANT, CHILD): 2,
        (CHILD, CHILD_DTTS): 1,
    }


def test_deaths_of_children_and_of_mothers_are_among_all_deaths_and_not_among_each_other():
    values = {INFANT: 1, CHILD: 2, CHILD_DTTS: 1, MOTHER: 1, MOTHER_DTTS: 0, ALL: 9}
    assert told(values) == {
        (INFANT, CHILD, CHILD_DTTS, ALL): 1,
        (CHILD, ALL): 1,
        (ALL, MOTHER): 1,
        (ALL,): 6,
    }


def test_what_lies_within_a_missing_measure_lies_within_what_that_lies_in():
    assert told({NEONATAL: 1, CHILD: 3, CHILD_DTTS: 1}) == {
        (NEONATAL, CHILD, CHILD_DTTS): 1,
        (CHILD,): 2,
    }
    assert told({NEONATAL: 1, INFANT_DTTS: 2, CHILD: 3}) == {
        (NEONATAL, CHILD): 1,
        (CHILD,): 2,
        (INFANT_DTTS,): 2,
    }


def test_a_count_that_contradicts_its_parts_has_events_of_its_own():
    assert told({NEONATAL: 2, INFANT: 1, CHILD: 3}) == {(NEONATAL, CHILD): 2, (INFANT,): 1, (CHILD,): 1}
    assert told({CHILD: 2, CHILD_DTTS: 3, ALL: 4}) == {(CHILD, ALL): 2, (CHILD_DTTS,): 3, (ALL,): 2}


def test_what_is_not_told_of_the_group_fits_between_what_is():
    """Of 3 deaths under 28 days one at most is no minority's, for of the 4 under one year 3 are."""
    assert told({NEONATAL: 3, INFANT: 4, INFANT_DTTS: 3}) == {
        (NEONATAL, INFANT, INFANT_DTTS): 3,
        (INFANT,): 1,
    }
    assert told({NEONATAL: 3, INFANT: 4, INFANT_DTTS: 0}) == {(NEONATAL, INFANT): 3, (INFANT,): 1}


def told(values: dict[int, int]) -> dict[tuple[int, ...], int]:
    return {tuple(sorted(kind)): count for kind, count in split(values, PLACES, TREE).items() if count}


@given(st.dictionaries(st.integers(0, 7), st.integers(0, 6)))
def test_the_events_add_up_to_every_measure(values):
    found = split(values, PLACES, TREE)
    assert all(count >= 0 for count in found.values())
    for measure, count in values.items():
        assert sum(events for kind, events in found.items() if measure in kind) == count
