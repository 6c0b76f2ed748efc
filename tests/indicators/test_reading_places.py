"""Results of several places side by side: the same figures as read one by one, and sums that stay honest."""

from __future__ import annotations

import pytest

from facilities.periods import Month
from indicators.reading import communes_of, figures_of
from indicators.reading_places import add_up, months_by_area
from tests.factories_plans import everybody, make_indicator, make_result
from tests.world import make_world

pytestmark = pytest.mark.django_db
YEAR = (Month(2025, 1), Month(2025, 12))


@pytest.fixture
def scene():
    world = make_world()
    indicator = make_indicator("ANC4")
    for letter, numerator in (("M", 60), ("A", 40), ("x", 20), ("y", 30), ("z", 10)):
        for month in ("2025-01", "2025-02"):
            make_result(world.areas[letter], indicator, month, numerator, 100)
    return world, (indicator.pk, everybody().pk)


@pytest.mark.parametrize("urban_only", [False, True])
def test_several_areas_at_once_read_as_each_alone(scene, urban_only, django_assert_num_queries):
    world, key = scene
    areas = [world.areas["M"], world.areas["A"]]
    with django_assert_num_queries(1):
        found = months_by_area(areas, key, YEAR, urban_only=urban_only)
    alone = {
        area.pk: series[key]
        for area in areas
        if (series := figures_of(area=area, indicator_groups={key}, months=YEAR, urban_only=urban_only))
    }
    assert found == alone and found[world.areas["M"].pk][0].numerator == (20 if urban_only else 60)


def test_communes_add_up_to_their_province(scene):
    world, key = scene
    communes = communes_of(area=world.areas["M"], indicator=key[0], group=key[1], months=YEAR)
    whole = figures_of(area=world.areas["M"], indicator_groups={key}, months=YEAR)[key]
    added = add_up(month for months in communes.values() for month in months)
    assert [(m.month, m.numerator) for m in added] == [(m.month, m.numerator) for m in whole]
    assert [m.denominator for m in added] == [300, 300]


def test_one_place_without_an_exact_figure_leaves_the_month_without_one(scene):
    world, key = scene
    indicator = make_indicator("OTHER")
    make_result(world.areas["x"], indicator, "2025-01", 5, 10)
    make_result(world.areas["y"], indicator, "2025-01", 5, 10, unknown=1)
    make_result(world.areas["x"], indicator, "2025-02", 5, 10)
    make_result(world.areas["y"], indicator, "2025-02", 0, 0, reported=0)
    found = communes_of(area=world.areas["M"], indicator=indicator.pk, group=key[1], months=YEAR)
    january, february = add_up(month for months in found.values() for month in months)
    assert (january.numerator, january.exactness, january.reported) == (None, "none", 2)
    assert (february.numerator, february.exactness, february.reported, february.expected) == (
        5,
        "exact",
        1,
        2,
    )
