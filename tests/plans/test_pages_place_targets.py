"""Whoever has a role at one commune or district alone reads what that place is held to, and nothing else of the plan."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from facilities.models import Role
from tests.plans.pages import make_scene, signed_in
from tests.plans.shares import ids, publish
from tests.world import person

pytestmark = pytest.mark.django_db
# session, person with assignments, plan, place, the right to it; months computed, other boundaries; versions, what they
# gave; lines with targets, figures entered and computed; the place's own figures.
QUERIES = 15


@pytest.fixture
def scene():
    return make_scene()


def reader(scene, letter, role=Role.REVIEWER):
    return signed_in(person(role, area=scene.world.areas[letter]))


def address(scene, letter):
    return reverse("plans:place", args=["m-2025", scene.world.areas[letter].key])


def test_a_commune_reads_the_plans_target_as_a_benchmark(scene):
    client = reader(scene, "x")
    answer = client.get("/plans/m-2025/")
    assert (answer.status_code, answer.url) == (302, address(scene, "x"))
    of_last_year = client.get("/plans/m-2025/?year=2025&as_of=2025-03")
    assert of_last_year.url == f"{address(scene, 'x')}?year=2025&as_of=2025-03"
    [row] = client.get(answer.url).context["rows"]
    assert (row.goal.is_allocated, row.goal.target, row.goal.verdict) == (False, "90,0%", None)
    assert row.value not in ("", "–") and row.goal.distance


def test_a_commune_reads_what_it_was_given_with_its_own_verdict(scene):
    publish(scene, ids(scene, x=97, y=90, z=90), reason="Phường x giao cao hơn")
    answer = reader(scene, "x").get(address(scene, "x"))
    [row] = answer.context["rows"]
    assert (row.goal.is_allocated, row.goal.target) == (True, "97,0%") and row.goal.verdict
    assert "Phụ lục 1 kèm Kế hoạch 12/KH-UBND" in answer.text and "Xã y" not in answer.text


def test_the_list_of_plans_leads_to_the_place(scene):
    page = reader(scene, "x").get(reverse("plans:list")).text
    assert f'href="{address(scene, "x")}"' in page and "Chưa có kế hoạch" not in page
    assert address(scene, "x") not in signed_in(scene.cast.planner).get(reverse("plans:list")).text


def test_nothing_else_of_the_plan_opens(scene):
    client = reader(scene, "x")
    closed = [
        address(scene, "y"),
        "/plans/m-2025/lines/1.1/",
        "/plans/m-2025/document/",
        "/plans/m-2025/tasks/",
    ]
    assert [client.get(url).status_code for url in closed] == [404] * 4
    assert client.post(address(scene, "x")).status_code == 405
    assert client.get("/plans/m-2025/").status_code == 302 and client.get("/plans/none/").status_code == 404


@pytest.mark.parametrize("place", ["zz", "x@2025", "M"])
def test_what_is_no_place_of_the_plan_is_not_found(scene, place):
    url = reverse("plans:place", args=["m-2025", place])
    assert signed_in(scene.cast.planner).get(url).status_code == 404


@pytest.mark.parametrize("lines", [1, 6])
def test_the_page_costs_the_same_for_any_number_of_lines(lines):
    scene = make_scene(lines)
    publish(scene)
    client = reader(scene, "x")
    with CaptureQueriesContext(connection) as queries:
        client.get(address(scene, "x"))
    assert len(queries) <= QUERIES, "\n".join(q["sql"][:160] for q in queries)
