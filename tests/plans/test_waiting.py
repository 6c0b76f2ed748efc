"""Plan pages say that a recompute waits for what they show, and no longer once it is done."""

import pytest

from facilities.models import Area, StaleMark
from indicators.actions.recompute import drain_marks
from indicators.models import RecomputeRun
from tests.plans.divided import address, divide, divided_scene
from tests.plans.pages import signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def scene():
    return divided_scene()


@pytest.mark.parametrize("tail", ["", "origin/", "places/y@2025-07-01/"])
def test_pages_say_that_a_recompute_waits_until_it_is_done(scene, tail):
    world, cast, plan = scene
    client = signed_in(cast.leader)
    words = "Đang tính lại"
    assert words not in client.get(address(plan, tail)).text
    stamp = client.get(f"/plans/{plan.slug}/stamp/?year=2025").json()
    divide(world, settle=False)
    assert StaleMark.objects.exists()
    assert words in client.get(address(plan, tail)).text
    assert words in client.get(f"/plans/{plan.slug}/?year=2025").text
    assert words in client.get(f"/plans/{plan.slug}/?year=2025&format=csv").text
    assert client.get(f"/plans/{plan.slug}/stamp/?year=2025").json()["stamp"] != stamp["stamp"]
    drain_marks()
    assert words not in client.get(address(plan, tail)).text


def test_a_mark_of_a_place_elsewhere_or_of_years_not_shown_is_not_told(scene):
    world, cast, plan = scene
    client = signed_in(cast.leader)
    far = Area.objects.create(
        code="f", level="commune", kind="Xã", name="Xã f", valid_from="2025-07-01", parent=None
    )
    StaleMark.objects.create(area=far, from_month="2025-01-01", to_month="2025-12-01")
    StaleMark.objects.create(area=world.areas["y"], from_month="2022-01-01", to_month="2022-12-01")
    assert "Đang tính lại" not in client.get(address(plan, "")).text
    StaleMark.objects.create(from_month="2025-03-01", to_month="2025-03-01")
    assert "Đang tính lại" in client.get(address(plan, "")).text


@pytest.mark.parametrize(("state", "told"), [("running", True), ("closing", True), ("failed", False)])
def test_a_full_run_at_work_is_told_and_one_that_failed_is_not(scene, state, told):
    _world, cast, plan = scene
    RecomputeRun.objects.create(
        first_month="2025-01-01", last_month="2025-12-01", state=state, asked_at="2026-01-01T00:00Z"
    )
    assert ("Đang tính lại" in signed_in(cast.leader).get(address(plan, "")).text) == told
