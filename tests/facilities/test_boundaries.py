from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from facilities.boundaries import WHOLE, Boundaries, Life, Passage, Row, Stay, Track, month_from
from facilities.covering import Covering
from tests.facilities.oracle import Oracle

REFORMS = [date(2025, 2, 1), date(2025, 5, 1)]
STARTS = [date(2024, 10, 1), *REFORMS]
MONTHS = [date(2024 + (n + 9) // 12, (n + 9) % 12 + 1, 1) for n in range(10)]
DIVISIONS = [
    [600_000, 400_000],
    [None, None],
    [300_000, None, None],
    [333_333, 333_333, 333_333],
    [500_000, None],
    [None],
    [400_000],
    [600_000, 400_000, None],
]
COUNTRY = 1


@st.composite
def geographies(draw):
    """Communes through two reforms: each goes on, merges or is divided; tops of any life above them."""
    areas = [Life(COUNTRY, None, STARTS[0], None)]
    passages = []

    def add(epoch):
        start = STARTS[epoch]
        standing = [top for top in tops if areas[top - 1].overlaps(start, start + timedelta(days=1))]
        areas.append(Life(len(areas) + 1, draw(st.sampled_from(standing)), start, None))
        return areas[-1].id

    tops = [COUNTRY]
    for _top in range(draw(st.integers(1, 4))):
        first = draw(st.integers(0, 2))
        last = draw(st.integers(first, 2))
        tops.append(add(first))
        # A top ends with the one above it at the latest; communes may be left behind by the files.
        end, above = [*REFORMS, None][last], areas[areas[-1].parent - 1].valid_to
        areas[-1] = replace(areas[-1], valid_to=min((day for day in (end, above) if day), default=None))
    alive = [add(0) for _ in range(draw(st.integers(1, 4)))]
    for epoch, day in enumerate(REFORMS, start=1):
        fresh = [add(epoch) for _ in range(draw(st.integers(1, 3)))]
        going_on = []
        for commune in alive:
            fate = draw(st.sampled_from(["goes on", "merges", "divides"]))
            if fate == "goes on":
                going_on.append(commune)
                continue
            areas[commune - 1] = replace(areas[commune - 1], valid_to=day)
            shares = [WHOLE]
            fitting = [division for division in DIVISIONS if len(division) <= len(fresh)]
            if fate == "divides" and fitting:
                shares = draw(st.sampled_from(fitting))
            heirs = draw(st.permutations(fresh))[: len(shares)]
            passages += [Passage(day, commune, heir, s) for heir, s in zip(heirs, shares, strict=True)]
        alive = going_on + fresh
    communes = [area.id for area in areas if area.id not in tops]
    return areas, passages, communes


@st.composite
def facility_stays(draw, areas, communes):
    """Moves in any months, mostly to communes of the time; late openings, closures, one report for all."""
    months = sorted(draw(st.sets(st.sampled_from(MONTHS), min_size=1, max_size=4)))
    closed = draw(st.booleans()) and len(months) > 1
    consolidated = draw(st.sampled_from([*MONTHS, *[None] * 10]))
    stays = []
    for start, end in zip(months, [*months[1:], None], strict=True):
        of_the_time = [c for c in communes if areas[c - 1].overlaps(start, start + timedelta(days=1))]
        choice = draw(st.sampled_from([of_the_time, of_the_time, of_the_time, communes])) or communes
        reports_for_all = bool(consolidated and start >= consolidated)
        stays.append(
            Stay(draw(st.sampled_from(choice)), start, end, reports_for_all, carries=draw(st.booleans()))
        )
    return stays[:-1] if closed else stays


@settings(max_examples=500, deadline=None)
@given(data=st.data())
def test_rows_equal_the_month_by_month_check(data):
    areas, passages, communes = data.draw(geographies())
    stays = data.draw(facility_stays(areas, communes))
    oracle = Oracle(areas, passages)

    rows = Track(Boundaries(areas, passages), stays).rows()

    found = {
        (row.area, month): (row.share, row.in_own_time)
        for row in rows
        for month in MONTHS
        if row.start <= month < (row.end or date.max)
    }
    expected = {
        (area.id, month): (share, oracle.valid_in_month(area.id, month))
        for area in areas
        for month in MONTHS
        if (share := oracle.share(stays, month, area.id)) != 0
    }
    assert found == expected


@settings(max_examples=150, deadline=None)
@given(data=st.data())
def test_rows_of_an_area_do_not_overlap_and_are_merged(data):
    areas, passages, communes = data.draw(geographies())
    rows = Track(Boundaries(areas, passages), data.draw(facility_stays(areas, communes))).rows()

    for row, following in zip(rows, rows[1:], strict=False):
        if row.area == following.area:
            assert row.end is not None
            assert row.end <= following.start
            same = (row.share, row.in_own_time) == (following.share, following.in_own_time)
            assert not (same and row.end == following.start)


@settings(max_examples=150, deadline=None)
@given(geography=geographies())
def test_coverage_equals_the_pair_by_pair_check(geography):
    areas, passages, _communes = geography

    pairs = Covering(areas, passages, [COUNTRY]).pairs()

    assert pairs == Oracle(areas, passages).covered_pairs([COUNTRY])


REFORM = date(2025, 7, 1)
START = date(2021, 1, 1)


def reformed(*passages):
    """Old communes 11, 12 (district 1) and 21 (district 2); new communes 31, 32 under 3."""
    old = [
        Life(id_, parent, START, REFORM) for id_, parent in [(1, None), (2, None), (11, 1), (12, 1), (21, 2)]
    ]
    new = [Life(id_, parent, REFORM, None) for id_, parent in [(3, None), (31, 3), (32, 3)]]
    return Boundaries(old + new, [Passage(REFORM, *passage) for passage in passages])


def shares_after(boundaries, *stays):
    return {row.area: row.share for row in Track(boundaries, stays).rows() if row.end is None}


def shares_before(boundaries, *stays):
    return {row.area: row.share for row in Track(boundaries, stays).rows() if row.start < REFORM}


def test_a_point_keeps_counting_in_its_old_commune_after_a_merger():
    boundaries = reformed((11, 31, WHOLE), (21, 31, WHOLE))

    rows = Track(boundaries, [Stay(11, START, REFORM), Stay(31, REFORM, None)]).rows()

    assert rows == [
        Row(area, *months, WHOLE, own)
        for area, old in [(1, True), (3, False), (11, True), (31, False)]
        for months, own in [((START, REFORM), old), ((REFORM, None), not old)]
    ]


def test_a_merged_station_counts_in_an_old_district_only_where_all_of_it_lay():
    boundaries = reformed((11, 31, WHOLE), (12, 31, WHOLE), (21, 32, WHOLE))

    assert shares_after(boundaries, Stay(31, REFORM, None)) == {
        1: WHOLE,
        3: WHOLE,
        11: None,
        12: None,
        31: WHOLE,
    }


def test_a_station_merged_across_districts_has_no_exact_figure_in_either():
    boundaries = reformed((11, 31, WHOLE), (21, 31, WHOLE))

    assert shares_after(boundaries, Stay(31, REFORM, None)) == {
        1: None,
        2: None,
        3: WHOLE,
        11: None,
        21: None,
        31: WHOLE,
    }


def test_a_station_that_reports_for_its_points_does_not_count_whole_in_its_own_old_commune():
    boundaries = reformed((11, 31, WHOLE), (12, 31, WHOLE))
    stays = [Stay(11, START, REFORM), Stay(31, REFORM, None, consolidated=True)]

    assert shares_after(boundaries, *stays) == {1: WHOLE, 3: WHOLE, 11: None, 12: None, 31: WHOLE}


@pytest.mark.parametrize(
    ("shares", "first", "second"),
    [((600_000, 400_000), 600_000, 400_000), ((None, None), None, None), ((250_000, None), 250_000, 750_000)],
)
def test_a_divided_commune_is_estimated_by_its_share_or_unknown_and_stays_whole_above(shares, first, second):
    boundaries = reformed((11, 31, shares[0]), (11, 32, shares[1]))
    stays = [Stay(11, START, REFORM), Stay(31, REFORM, None)]

    assert shares_before(boundaries, *stays) == {1: WHOLE, 11: WHOLE, 3: WHOLE, 31: first, 32: second}


@pytest.mark.parametrize("share", [600_000, None])
def test_a_station_that_served_one_part_alone_takes_its_past_there_whole(share):
    boundaries = reformed((11, 31, share), (11, 32, None if share is None else WHOLE - share))
    stays = [Stay(11, START, REFORM), Stay(32, REFORM, None, carries=True)]

    assert shares_before(boundaries, *stays) == {1: WHOLE, 11: WHOLE, 3: WHOLE, 32: WHOLE}


def test_what_a_station_of_one_part_reports_since_lies_whole_in_the_divided_commune_it_came_from():
    boundaries = reformed((11, 31, 600_000), (11, 32, 400_000), (12, 32, WHOLE))
    since = [Stay(11, START, REFORM), Stay(32, REFORM, None, carries=True)]

    assert shares_after(boundaries, *since) == {1: WHOLE, 11: WHOLE, 3: WHOLE, 32: WHOLE}
    others = [Stay(11, START, REFORM), Stay(32, REFORM, None)]
    assert shares_after(boundaries, *others) == {1: WHOLE, 11: None, 12: None, 3: WHOLE, 32: WHOLE}


def test_a_past_that_went_along_is_shared_where_its_part_is_divided_in_turn():
    later = date(2025, 12, 1)
    areas = [Life(1, None, START, REFORM), Life(2, None, REFORM, None), Life(3, None, REFORM, later)]
    areas += [Life(4, None, later, None), Life(5, None, later, None)]
    passages = [Passage(REFORM, 1, 2, 700_000), Passage(REFORM, 1, 3, 300_000)]
    passages += [Passage(later, 3, 4, 900_000), Passage(later, 3, 5, 100_000)]
    stays = [Stay(1, START, REFORM), Stay(3, REFORM, later, carries=True), Stay(4, later, None)]

    assert shares_before(Boundaries(areas, passages), *stays) == {1: WHOLE, 3: WHOLE, 4: 900_000, 5: 100_000}


def test_thirds_recorded_to_a_millionth_are_the_whole_above():
    areas = [Life(1, None, START, REFORM), Life(2, None, REFORM, None)]
    areas += [Life(id_, 2, REFORM, None) for id_ in (3, 4, 5)]
    boundaries = Boundaries(areas, [Passage(REFORM, 1, new, 333_333) for new in (3, 4, 5)])

    rows = Track(boundaries, [Stay(1, START, REFORM)]).rows()

    assert {row.area: row.share for row in rows} == {1: WHOLE, 2: WHOLE, 3: 333_333, 4: 333_333, 5: 333_333}


def test_shares_that_leave_a_part_unrecorded_do_not_make_a_whole():
    boundaries = reformed((11, 31, 400_000))

    assert shares_before(boundaries, Stay(11, START, REFORM))[3] == 400_000


def test_a_figure_of_a_moved_facility_lies_where_it_stands_on_the_other_boundaries():
    boundaries = reformed((11, 31, WHOLE), (21, 32, WHOLE))

    shares = shares_before(boundaries, Stay(11, START, REFORM), Stay(32, REFORM, None))

    assert shares == {1: WHOLE, 11: WHOLE, 3: WHOLE, 32: WHOLE}


def test_a_district_follows_its_communes_into_the_new_province():
    boundaries = [(11, 31, WHOLE), (12, 31, None), (12, 32, None), (21, 32, WHOLE)]
    reformed_areas = list(reformed(*boundaries).areas.values())
    passages = [Passage(REFORM, *passage) for passage in boundaries]

    pairs = Covering(reformed_areas, passages, []).pairs()

    assert {covered for area, covered in pairs if area == 3} == {1, 2, 3, 11, 12, 21, 31, 32}
    assert {covered for area, covered in pairs if area == 32} == {2, 21, 32}
    assert {covered for area, covered in pairs if area == 1} == {1, 11, 12}


@pytest.mark.parametrize(
    ("day", "month"),
    [
        (date(2025, 7, 1), date(2025, 7, 1)),
        (date(2025, 7, 2), date(2025, 8, 1)),
        (date(2025, 12, 15), date(2026, 1, 1)),
        (date(2025, 11, 30), date(2025, 12, 1)),
    ],
)
def test_a_change_within_a_month_rules_from_the_next(day, month):
    assert month_from(day) == month
