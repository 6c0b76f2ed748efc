"""Places for other programs."""

import json

import pytest
from django.core.management import call_command
from django.test import TestCase

from facilities.actions.places import load_places
from facilities.exchange import places_as_data
from tests.factories import PlacementFactory


class ExportTests(TestCase):
    @classmethod
    def setUpTestData(cls):
        load_places(provinces=["11", "24"])

    def test_export_names_areas_by_code_and_start(self):
        data = places_as_data()
        by_key = {f"{a['code']}@{a['valid_from']}": a for a in data["areas"]}
        assert by_key["03317@2021-01-01"] == {
            "code": "03317",
            "level": "commune",
            "name": "Xã Nà Nhạn",
            "parent": "094@2021-01-01",
            "valid_from": "2021-01-01",
            "valid_to": "2025-07-01",
            "traits": ["difficult", "ethnic_minority"],
        }
        assert by_key["VN@2021-01-01"]["parent"] is None
        assert {"date": "2025-07-01", "from": "27@2021-01-01", "to": "24@2025-07-01", "share": 1} in data[
            "successions"
        ]
        point = next(f for f in data["facilities"] if f["code"] == "T03317")
        assert point == {
            "code": "T03317",
            "name": "Điểm trạm y tế xã Nà Nhạn",
            "type": "point",
            "opened": "2021-01",
            "closed": None,
            "consolidated_from": None,
            "placements": [
                {"area": "03317@2021-01-01", "from_month": "2021-01"},
                {"area": "03325@2025-07-01", "from_month": "2025-07", "main_station": "S03325"},
            ],
        }


@pytest.mark.django_db
def test_a_placement_that_takes_the_past_of_a_divided_commune_along_says_so(world):
    moved = PlacementFactory(
        facility=world.facilities["S-z"], area=world.areas["z"], from_month="2026-03-01", carries_past=True
    )
    found = next(f for f in places_as_data()["facilities"] if f["code"] == moved.facility.code)
    assert [one.get("carries_past", False) for one in found["placements"]] == [False, True]


@pytest.mark.django_db
def test_the_export_command_prints_json(capsys):
    load_places(provinces=["11"])
    call_command("export_places")
    data = json.loads(capsys.readouterr().out)
    assert set(data) == {"areas", "successions", "facilities"}
