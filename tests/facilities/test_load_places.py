"""Loading again, refusing, and keeping the derived tables in step."""

import json
from datetime import date

import pytest
from django.core.management import CommandError, call_command
from django.test import TestCase

from facilities.actions.contributions import refresh_contributions
from facilities.actions.places import load_places
from facilities.exchange import places_as_data
from facilities.models import Area, AuditEvent, Contribution, Facility, Placement, StaleMark, Succession

START = date(2021, 1, 1)
REFORM = date(2025, 7, 1)
WHOLE = Contribution.WHOLE


def old_area(code):
    return Area.objects.get(code=code, valid_from=START)


def new_area(code):
    return Area.objects.get(code=code, valid_from=REFORM)


class LoadedAgainTests(TestCase):
    """Điện Biên, loaded before."""

    @classmethod
    def setUpTestData(cls):
        load_places(provinces=["11"])

    def test_a_second_run_changes_nothing(self):
        again = load_places(provinces=["11"])
        assert set(vars(again).values()) == {0}
        assert AuditEvent.objects.filter(verb="load_places").count() == 1

    def test_a_rerun_keeps_what_people_added(self):
        commune = new_area("03127")
        commune.traits = ["industrial", "urban"]
        commune.save()
        Facility.objects.filter(code="BV11-01").update(name="Bệnh viện Đa khoa tỉnh")
        assert set(vars(load_places(provinces=["11"])).values()) == {0}
        assert Area.objects.get(pk=commune.pk).traits == ["industrial", "urban"]
        assert Facility.objects.get(code="BV11-01").name == "Bệnh viện Đa khoa tỉnh"

    def test_a_rerun_repairs_a_field_the_files_decide(self):
        Area.objects.filter(pk=old_area("03127").pk).update(name="Him Lam")
        assert load_places(provinces=["11"]).areas == 1
        assert old_area("03127").name == "Phường Him Lam"

    def test_first_loading_asks_for_no_computing(self):
        assert not StaleMark.objects.exists()

    def test_a_move_rewrites_only_its_facility_and_marks_the_areas_and_months(self):
        station = Facility.objects.get(code="S03127")
        others = set(Contribution.objects.exclude(facility=station).values_list("pk", flat=True))
        Placement.objects.create(facility=station, area=new_area("03334"), from_month=date(2026, 1, 1))

        changed = refresh_contributions([station])

        assert changed > 0
        assert set(Contribution.objects.exclude(facility=station).values_list("pk", flat=True)) == others
        marks = list(StaleMark.objects.select_related("area"))
        left_and_reached = {mark.area for mark in marks if mark.from_month == date(2026, 1, 1)}
        assert {new_area("03127"), new_area("03334")} <= left_and_reached
        assert all(mark.facility is None and mark.from_month >= REFORM for mark in marks)
        assert refresh_contributions() == 0

    def test_a_closed_facility_contributes_until_its_closure(self):
        station = Facility.objects.get(code="S03127")
        Facility.objects.filter(pk=station.pk).update(closed=date(2026, 3, 1))
        refresh_contributions([station])
        ends = set(station.contributions.values_list("to_month", flat=True))
        assert ends == {date(2026, 3, 1)}

    def test_a_point_that_reports_for_others_no_longer_counts_in_its_old_commune_alone(self):
        point = Facility.objects.get(code="T03127")
        point.type = Facility.Type.STATION
        point.consolidated_from = date(2026, 1, 1)
        point.save()
        refresh_contributions([point])
        rows = point.contributions.filter(area=old_area("03127"))
        assert [(r.from_month, r.share) for r in rows.order_by("from_month")] == [
            (START, WHOLE),
            (REFORM, WHOLE),
            (date(2026, 1, 1), None),
        ]


@pytest.mark.django_db
def test_a_share_with_its_source_is_kept_and_turns_unknown_into_an_estimate():
    load_places(provinces=["92"])
    divided = Succession.objects.filter(share__isnull=True).order_by("predecessor_id").first()
    ways = list(Succession.objects.filter(predecessor=divided.predecessor).order_by("pk"))
    facility = Facility.objects.get(code=f"T{divided.predecessor.code}")
    heirs = [way.successor_id for way in ways]
    before = facility.contributions.filter(area__in=heirs, from_month=START)
    assert {row.share for row in before} == {None}

    for way, share in zip(ways, ("0.7", "0.3"), strict=True):
        way.share, way.share_source = share, "Số sinh 2024"
        way.save()
    load_places(provinces=["92"])

    after = facility.contributions.filter(area__in=heirs, from_month=START)
    assert sorted(row.share for row in after) == [300_000, 700_000]
    shares = {way["share"] for way in places_as_data()["successions"]}
    assert shares >= {0.7, 0.3, None, 1}


@pytest.mark.django_db
def test_an_unknown_province_is_refused_and_nothing_is_loaded():
    with pytest.raises(CommandError, match="27, 99"):
        call_command("load_places", "--province", "24", "99", "27")
    assert not Area.objects.exists()


@pytest.mark.django_db
def test_another_province_is_added_without_touching_the_first(capsys):
    call_command("load_places", "--province", "11")
    before = set(Contribution.objects.values_list("pk", flat=True))
    call_command("load_places", "--province", "04", "--province", "11")

    loaded = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert loaded["areas"] > 0
    assert before < set(Contribution.objects.values_list("pk", flat=True))
    assert not StaleMark.objects.exists()
