"""Who reaches what in the small world (tests/world.py): areas of any epoch, stations and their points."""

import pytest

from facilities.models import Facility
from facilities.permissions import Permission, facilities_for, has_permission
from tests.world import make_world


@pytest.fixture
def world(db):
    return make_world()


def test_a_role_on_the_merged_province_reaches_its_abolished_predecessors(world, cast):
    for place in ("M", "A", "B", "a", "c", "a1", "x"):
        assert has_permission(cast.planner, Permission.EDIT_PLAN, world.areas[place]), place
    assert not has_permission(cast.planner, Permission.EDIT_PLAN, world.areas["country"])


def test_a_stranger_reaches_nothing_here(world, cast):
    assert not has_permission(cast.stranger, Permission.VIEW_PLAN, world.areas["M"])
    assert not facilities_for(cast.stranger, Permission.VIEW_SUBMISSION).exists()


def test_a_clerk_edits_the_station_and_its_points_only(world, cast):
    own = facilities_for(cast.clerk, Permission.EDIT_SUBMISSION)
    assert set(own.values_list("code", flat=True)) == {"S-x", "T-a1", "T-a2"}


def test_a_reviewer_reviews_every_facility_of_the_area_and_a_leader_none(world, cast):
    assert facilities_for(cast.reviewer, Permission.REVIEW_SUBMISSION).count() == Facility.objects.count()
    assert not facilities_for(cast.leader, Permission.REVIEW_SUBMISSION).exists()


def test_an_administrator_reaches_every_loaded_place(world, cast):
    assert has_permission(cast.administrator, Permission.ADMINISTER, world.areas["b2"])
