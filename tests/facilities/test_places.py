"""The facts of domain/places.md on what was loaded."""

from collections import defaultdict
from datetime import date

from django.test import TestCase

from facilities.actions.places import load_places
from facilities.gazetteer import read_gazetteer
from facilities.models import (
    Area,
    Contribution,
    Coverage,
    Facility,
    Placement,
    Succession,
)

START = date(2021, 1, 1)
REFORM = date(2025, 7, 1)
WHOLE = Contribution.WHOLE


def old_area(code):
    return Area.objects.get(code=code, valid_from=START)


def new_area(code):
    return Area.objects.get(code=code, valid_from=REFORM)


def communes_of(area):
    return Area.objects.filter(level=Area.Level.COMMUNE).filter(
        pk__in=Coverage.objects.filter(area=area).values("covered"), valid_to=area.valid_to
    )


class LoadedPlacesTests(TestCase):
    """Bắc Ninh (with Bắc Giang) and Điện Biên, loaded once."""

    @classmethod
    def setUpTestData(cls):
        cls.loaded = load_places(provinces=["24", "11"])

    def test_every_old_commune_went_whole_into_one_new_one(self):
        counts = {
            code: Succession.objects.filter(predecessor__in=communes_of(old_area(code)), share=1).count()
            for code in ("27", "24", "11")
        }
        assert counts == {"27": 121, "24": 192, "11": 129}
        assert not Succession.objects.exclude(share=1).exists()
        assert communes_of(new_area("24")).count() == 99

    def test_old_districts_that_are_exact_unions_of_new_communes(self):
        districts_of = defaultdict(set)
        for row in Succession.objects.filter(predecessor__level="commune").select_related("predecessor"):
            districts_of[row.successor_id].add(row.predecessor.parent_id)
        crossing = {district for met in districts_of.values() if len(met) > 1 for district in met}
        exact = {}
        for code in ("27", "24", "11"):
            districts = Area.objects.filter(parent=old_area(code), level="district")
            exact[code] = (sum(d.pk not in crossing for d in districts), len(districts))
        assert exact == {"27": (8, 8), "24": (6, 10), "11": (1, 10)}

    def test_a_merged_station_has_exact_old_districts_exactly_in_exact_unions(self):
        rows = Contribution.objects.filter(
            facility__code__startswith="S", area__level="district", area__parent__code="11"
        )
        exact = {row.area.name for row in rows if row.share == WHOLE} - {
            row.area.name for row in rows if row.share is None
        }
        assert exact == {"Huyện Điện Biên Đông"}

    def test_codes_are_reused_for_other_places(self):
        names = {
            (a.code, a.valid_from): a.name for a in Area.objects.filter(code__in=["03127", "03334", "24"])
        }
        assert names == {
            ("03127", START): "Phường Him Lam",
            ("03127", REFORM): "Phường Điện Biên Phủ",
            ("03334", START): "Xã Thanh Xương",
            ("03334", REFORM): "Phường Mường Thanh",
            ("24", START): "Tỉnh Bắc Giang",
            ("24", REFORM): "Tỉnh Bắc Ninh",
        }

    def test_the_city_of_dien_bien_phu_went_into_four_communes_two_of_them_shared(self):
        city = communes_of(old_area("094"))
        heirs = set(Succession.objects.filter(predecessor__in=city).values_list("successor", flat=True))
        origins = Succession.objects.filter(successor__in=heirs).exclude(predecessor__in=city)
        assert (city.count(), len(heirs)) == (12, 4)
        assert len(set(origins.values_list("successor", flat=True))) == 2

    def test_the_series_of_the_city_goes_on_exactly_through_its_points(self):
        points = Contribution.objects.filter(
            area=old_area("094"), from_month=REFORM, share=WHOLE, facility__type=Facility.Type.POINT
        )
        assert set(points.values_list("facility__code", flat=True)) == {
            f"T{commune.code}" for commune in communes_of(old_area("094"))
        }

    def test_old_provinces_go_on_exactly_and_the_merged_one_reaches_back(self):
        points = Facility.objects.filter(type=Facility.Type.POINT)
        old = Contribution.objects.filter(area=old_area("24"), from_month=REFORM, facility__in=points)
        merged = Contribution.objects.filter(area=new_area("24"), from_month=START, facility__in=points)
        assert set(old.values_list("share", flat=True)) == {WHOLE}
        assert (old.count(), merged.filter(share=WHOLE).count()) == (192, 192 + 121)

    def test_every_commune_has_its_station_and_every_old_one_its_point(self):
        counts = {type_: Facility.objects.filter(type=type_).count() for type_ in Facility.Type.values}
        assert counts == {
            "station": 99 + 45,
            "point": 121 + 192 + 129,
            "health_centre": 8 + 10 + 10,
            "hospital": 21 + 4,
            "cdc": 2,
        }

    def test_a_point_belongs_to_the_new_station_from_the_reform(self):
        rows = Placement.objects.filter(facility__code="T03127").order_by("from_month")
        assert [(p.area.key, p.from_month, p.main_station and p.main_station.code) for p in rows] == [
            ("03127@2021-01-01", START, None),
            ("03127@2025-07-01", REFORM, "S03127"),
        ]

    def test_a_commune_that_goes_on_alone_has_a_new_station_with_one_point(self):
        points = Placement.objects.filter(main_station__name="Trạm Y tế xã Tuấn Đạo")
        assert points.count() == 1

    def test_traits_come_from_the_kind_and_from_the_plan(self):
        assert old_area("03127").traits == ["urban"]
        assert old_area("03127").is_urban
        assert old_area("03317").traits == ["difficult", "ethnic_minority"]
        assert not old_area("03317").is_urban
        assert old_area("07306").is_urban
        assert Area.objects.filter(traits__icontains="difficult").count() == 5

    def test_the_merged_province_covers_its_predecessors_and_their_districts(self):
        covered = set(Coverage.objects.filter(area=new_area("24")).values_list("covered", flat=True))
        districts = Area.objects.filter(level="district", parent__code__in=["24", "27"])
        expected = {old_area("24").pk, old_area("27").pk, *districts.values_list("pk", flat=True)}
        assert expected <= covered
        assert old_area("11").pk not in covered


def test_the_packaged_files_are_whole():
    gazetteer = read_gazetteer()
    counts = defaultdict(int)
    for area in gazetteer.areas:
        counts[area.level, area.valid_to is None] += 1
    assert counts == {
        ("country", True): 1,
        ("province", False): 63,
        ("district", False): 696,
        ("commune", False): 10_035,
        ("province", True): 34,
        ("commune", True): 3_321,
    }
    assert len(gazetteer.changes) == 10_665
    assert len(gazetteer.by_key) == len(gazetteer.areas)


def test_an_island_district_became_a_commune():
    island = read_gazetteer().within(["31"])
    way = next(change for change in island.changes if change.predecessor == ("318", START))
    assert (way.successor, way.is_whole) == (("11948", REFORM), True)


def test_the_kind_in_a_name_is_written_as_it_is_alone():
    names = {area.code: area.name for area in read_gazetteer().areas if area.level == "district"}
    assert (names["222"], names["058"]) == ("Thị xã Việt Yên", "Thành phố Bắc Kạn")
    assert not [name for name in names.values() if name.startswith(("Thị Xã", "Thành Phố"))]
