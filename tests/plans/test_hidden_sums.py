"""Sums that one or two communes make are those communes' counts: no view and no file of a line tells them."""

import pytest

from facilities.models import Area
from indicators.models import Group
from tests.indicators.sensitive import report_deaths, roll_up
from tests.reporting.test_content import with_deaths

pytestmark = pytest.mark.django_db
VIEWS = ("trend", "ranking", "months", "map", "groups")


@pytest.fixture
def deaths(world):
    """Of the four communes of A only a1 is urban: 2 deaths of 100 births there, 9, 0 and 7 elsewhere."""
    plan = with_deaths(world, {"T-a1": 2, "T-a2": 9, "T-b1": 0, "T-b2": 7})
    Area.objects.filter(pk=world.areas["a1"].pk).update(is_urban=True)
    return plan.lines.get(key="1.9")


def files_of(client, line, **asked):
    """Texts of the line's files by view; a chart's carries its description."""
    found = {}
    for view in VIEWS:
        for name in ("csv", "svg"):
            asked = {"year": 2025, "as_of": "2025-12", "view": view, "format": name}
            answer = client.get(line.get_absolute_url(), asked)
            if answer.status_code == 200:
                found[view, name] = b"".join(answer).decode("utf-8-sig")
    return found


def test_a_line_on_urban_places_tells_nothing_of_the_only_one(client, cast, deaths):
    places = Group.objects.create(code="URBAN", kind="places", trait="urban", name="Đô thị")
    deaths.group = places
    deaths.save()
    client.force_login(cast.leader)
    files = files_of(client, deaths)
    assert {view for view, name in files if name == "csv"} >= {"trend", "ranking", "months"}
    for asked, text in files.items():
        assert "20,0" not in text and ",20," not in text and "2/100" not in text, asked
    assert "ẩn" in files["trend", "csv"]


def test_urban_beside_rural_tells_neither_the_only_urban_commune_nor_the_rest(client, cast, deaths):
    client.force_login(cast.leader)
    text = files_of(client, deaths)["groups", "csv"]
    assert "53" not in text and ",20," not in text and "33,3" not in text and "ẩn" in text


def test_a_year_in_which_one_commune_alone_reported_is_told_in_no_trend(client, cast, world, deaths):
    report_deaths(world, deaths.indicator, "2023-01", {"T-a1": 3})
    roll_up("2023-01")
    client.force_login(cast.leader)
    text = files_of(client, deaths)["trend", "csv"]
    (row,) = (line for line in text.splitlines() if line.startswith("2023"))
    assert ",30," not in row and "3/100" not in row and ",ẩn," in row
    assert any("45" in line for line in text.splitlines() if line.startswith("2025"))
