"""Completeness and timeliness of a month."""

from datetime import date, datetime

import pytest
from django.utils import timezone

from indicators.models import Duty
from tests.factories_indicators import FormFactory, SubmissionFactory
from tests.plans.pages import signed_in
from tests.world import make_cast, make_world

pytestmark = pytest.mark.django_db
SEPTEMBER = date(2025, 9, 1)


@pytest.fixture
def world():
    return make_world()


@pytest.fixture
def form(world):
    form = FormFactory(code="B4", name="Biểu 4", deadline_working_days=5)
    for code in ("T-a1", "T-a2", "T-b1"):
        Duty.objects.create(facility=world.facilities[code], form=form, from_month=SEPTEMBER, to_month=None)
    return form


def send(world, form, code, day):
    at = timezone.make_aware(datetime(2025, 10, day))
    SubmissionFactory(
        facility=world.facilities[code], form=form, period=SEPTEMBER, status="submitted", submitted_at=at
    )


def test_it_counts_what_was_sent_and_what_in_time(world, form):
    send(world, form, "T-a1", 2)
    send(world, form, "T-a2", 20)
    page = signed_in(make_cast(world).reviewer).get("/quality/?period=2025-09").content.decode()
    assert "66,7%" in page and "33,3%" in page and "2/3" in page
    assert "/submissions/T-b1/B4/2025-09/" in page and "/submissions/T-a1/" not in page


@pytest.mark.parametrize(
    ("role", "status"), [("planner", 200), ("leader", 200), ("auditor", 200), ("clerk", 404)]
)
def test_readers_of_plans_see_it(world, form, role, status):
    assert signed_in(getattr(make_cast(world), role)).get("/quality/?period=2025-09").status_code == status


def test_another_areas_facilities_are_not_in_it(world, form):
    page = signed_in(make_cast(world).stranger).get("/quality/?period=2025-09").content.decode()
    assert "Không có biểu nào phải nộp" in page


def test_a_period_that_is_none_is_not_found_and_pages_are_for_reading(world, form):
    client = signed_in(make_cast(world).leader)
    assert client.get("/quality/?period=2025-19").status_code == 404
    assert client.post("/quality/").status_code == 405


@pytest.mark.parametrize("facilities", [1, 6])
def test_it_costs_the_same_at_any_size(world, form, facilities, django_assert_max_num_queries):
    for code in [c for c in world.facilities if c.startswith("S-")][: facilities - 1]:
        Duty.objects.create(facility=world.facilities[code], form=form, from_month=SEPTEMBER, to_month=None)
    client = signed_in(make_cast(world).leader)
    # session, person, assignments; first month asked for; duties; submissions.
    with django_assert_max_num_queries(6):
        client.get("/quality/?period=2025-09")
