"""A commune divided within the year: every page tells the same counts, denominator and reports of its parts."""

from datetime import date
from fractions import Fraction

import pytest
from django.http import QueryDict

from facilities.models import Area, Facility
from indicators.actions.recompute import recompute_months
from indicators.models import Group
from plans.presenters.choices import read_choices
from plans.presenters.communes import read_communes
from plans.presenters.figures import reports_of
from plans.presenters.origin import Asked, present_origin
from plans.standing import assess_lines
from plans.standing.sources import read_lines
from tests.factories import AgencyFactory, settle_places
from tests.factories_indicators import (
    DataElementFactory,
    FormFactory,
    IndicatorFactory,
    SubmissionFactory,
    TermFactory,
    settle_duties,
)
from tests.factories_plans import LineFactory, PlanFactory, TargetFactory
from tests.plans.divided import AFTER, BEFORE, DECEMBER, JANUARY, address, divide, divided_scene
from tests.plans.pages import signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def scene():
    return divided_scene()


def line_of(plan):
    line = read_lines(plan)[0]
    line.plan = plan
    return line


def ranked(plan):
    choices = read_choices(plan, QueryDict())
    return {one.area.name: one for one in read_communes(line_of(plan), choices)}


def told_by_ranking(plan):
    return {name: (one.figure.numerator, one.figure.denominator) for name, one in ranked(plan).items()}


def origin(plan, place=None, part=""):
    area = place or plan.area
    return present_origin(Asked(line_of(plan), area, DECEMBER), part)


def told_by_origin(plan):
    """Of each commune as a part of the province's number."""
    found = {}
    for row in origin(plan).rows:
        page = origin(plan, part=row.key)
        assert page.cells.matches, row.name
        found[row.name] = (page.part.amount.numerator, page.part.amount.denominator)
    return found


def told_by_own_page(plan):
    areas = Area.objects.filter(level="commune", parent=plan.area, valid_to=None)
    pages = {area.name: origin(plan, place=area) for area in areas}
    assert all(page.matches for page in pages.values())
    return {name: (page.number.numerator, page.number.denominator) for name, page in pages.items()}


def test_stations_that_served_one_part_alone_take_their_past_along(scene):
    world, _cast, plan = scene
    divide(world, "S-x", "T-a1", "T-a2")
    told = told_by_ranking(plan)
    assert (told["Phường Đông"], told["Phường Tây"]) == ((60, 530), (90, 762))
    assert {one.exactness for one in ranked(plan).values()} == {"exact"}
    assert told == told_by_origin(plan) == told_by_own_page(plan)


def test_stations_that_served_both_parts_are_shared_and_so_is_the_denominator_of_the_year(scene):
    world, _cast, plan = scene
    divide(world)
    told = told_by_ranking(plan)
    # Months before by share, those since whole where the station stands; the year's children by share throughout.
    assert told["Phường Đông"] == (Fraction(60 + 20), Fraction(7752, 10))
    assert told["Phường Tây"] == (Fraction(40 + 30), Fraction(5168, 10))
    assert told["Phường Đông"][1] + told["Phường Tây"][1] == 530 + 762
    assert told == told_by_origin(plan) == told_by_own_page(plan)


@pytest.mark.parametrize("carrying", [("T-a1",), ("T-a2",), ("S-x", "T-a1", "T-a2"), ()])
def test_the_parts_come_to_what_the_undivided_commune_had(scene, carrying):
    world, _cast, plan = scene
    before = told_by_ranking(plan)["Phường x"]
    number = origin(plan).number
    divide(world, *carrying)
    told = told_by_ranking(plan)
    assert sum(told[name][0] for name in ("Phường Đông", "Phường Tây")) == before[0]
    assert sum(told[name][1] for name in ("Phường Đông", "Phường Tây")) == before[1]
    now = origin(plan).number
    assert (now.numerator, now.denominator) == (number.numerator, number.denominator)
    assert told == told_by_origin(plan) == told_by_own_page(plan)


def test_a_commune_whose_fullest_month_is_another_than_the_provinces_is_told_alike_and_the_rest_stands_apart(
    scene,
):
    """One station opens in November, a larger one closes in September: the province is fullest before, y after."""
    world, cast, plan = scene
    divide(world)
    Facility.objects.filter(code="T-c1").update(opened=date(2025, 11, 1))
    Facility.objects.filter(code="T-b2").update(closed=date(2025, 9, 1))
    settle_places()
    settle_duties()
    recompute_months(JANUARY, DECEMBER)
    assert told_by_ranking(plan)["Xã y"] == (11, 90 + 60)
    assert told_by_ranking(plan) == told_by_origin(plan) == told_by_own_page(plan)
    page = origin(plan)
    assert page.number.denominator == 530 + 762 + 90 + 100
    assert page.matches and (page.other_month, page.total.denominator) == ("−60", page.denominator)
    assert "Chênh do tháng lấy mẫu số" in signed_in(cast.leader).get(address(plan)).text


def test_reports_are_counted_once_in_the_whole_and_at_each_part_they_serve(scene):
    world, cast, plan = scene
    before = assess_lines(plan, 2025, DECEMBER)[0]
    divide(world)
    standing = assess_lines(plan, 2025, DECEMBER)[0]
    page = origin(plan)
    assert page.total.reports == f"{standing.reported}/{standing.expected}"
    assert (standing.reported, standing.expected) == (before.reported, before.expected)
    assert page.counts_twice and "dòng cộng đếm một lần" in signed_in(cast.leader).get(address(plan)).text


@pytest.mark.parametrize("timing", ["units", "stock"])
def test_points_left_behind_are_not_counted_as_stations(scene, timing):
    """A form of stations alone, of which each is a commune: three before the division, and S-x stands in one part."""
    world, _cast, plan = scene
    form = FormFactory(
        code="R", cells=[("R.met", ""), ("R.all", "")], periodicity="year", facility_types=["station"]
    )
    settle_duties()
    indicator = IndicatorFactory(code="MET", timing=timing)
    TermFactory(indicator=indicator, element=DataElementFactory(code="R.met"))
    TermFactory(indicator=indicator, part="denominator", element=DataElementFactory(code="R.all"))
    own = PlanFactory(slug="tram", area=plan.area, issuer=plan.issuer)
    TargetFactory(line=LineFactory(plan=own, key="1.1", indicator=indicator))
    for code in ("S-x", "S-y", "T-a2"):
        SubmissionFactory(
            facility=world.facilities[code], form=form, period=date(2025, 1, 1), status="approved",
            values={("R.met", ""): 1, ("R.all", ""): 1},
        )  # fmt: skip
    recompute_months(JANUARY, DECEMBER)

    def told():
        standing = assess_lines(own, 2025, DECEMBER)[0]
        page = origin(own)
        return reports_of(standing.computed, timing), page.total.reports, page.number.denominator

    before = told()
    assert before == (("2/3", "cơ sở"), "2/3", 2)
    divide(world)
    assert told() == before


def test_a_line_on_urban_communes_counts_a_shared_report_once(scene):
    world, _cast, plan = scene
    line = line_of(plan)
    line.group = Group.objects.create(code="URBAN", kind="places", trait="urban", name="Đô thị")
    line.save()
    before = assess_lines(plan, 2025, DECEMBER)[0]
    divide(world, urban=("x1", "x2"))
    standing = assess_lines(plan, 2025, DECEMBER)[0]
    assert (standing.reported, standing.expected) == (before.reported, before.expected)
    assert (standing.numerator, standing.denominator) == (before.numerator, before.denominator)
    assert present_origin(Asked(line_of(plan), plan.area, DECEMBER, urban_only=True)).total.reports == (
        f"{standing.reported}/{standing.expected}"
    )


def test_months_by_share_bear_the_sign_of_an_estimate_in_every_table(scene):
    world, cast, plan = scene
    divide(world)
    client = signed_in(cast.leader)
    heat = client.get(address(plan, "", view="months")).context["heat"]
    signs = {
        row.name: [cell.text[:1] == "≈" for cell in row.cells if cell.value is not None] for row in heat.rows
    }
    assert signs["Phường Đông"] == signs["Phường Tây"] == [True, False]
    assert signs["Xã y"] == [False, False]
    assert heat.has_shared
    ranking = client.get(address(plan, "", view="ranking")).context["ranking"]
    assert {row.name: row.value[:1] == "≈" for row in ranking.rows} == {
        "Phường Đông": True, "Phường Tây": True, "Xã y": False, "Xã z": False,
    }  # fmt: skip
    said = [point.words for point in ranking.chart.series[0].points if point]
    assert [words[:16] for words in said if "≈" in words] == ["Phường Đông: ≈ 1", "Phường Tây: ≈ 13"]
    text = client.get(address(plan, "", view="months")).text
    assert "ước lượng theo tỷ phần khi chia địa bàn" in text
    file = client.get(address(plan, "", view="months", format="csv")).text
    assert "Phường Đông: ước lượng theo tỷ phần" in file


def test_months_of_a_divided_place_bear_the_sign_on_its_line(scene):
    """A plan of one part: its months before are an estimate, and so is what they add up to."""
    world, cast, plan = scene
    divide(world)
    part = Area.objects.get(code="x1")
    own = PlanFactory(slug="dong", area=part, issuer=AgencyFactory(area=world.areas["M"]))
    TargetFactory(line=LineFactory(plan=own, key="1.1", indicator=line_of(plan).indicator))
    page = signed_in(cast.administrator).get(address(own, "")).context["page"]
    rows = {row.month.number: (row.value[:1], row.to_date[:1]) for row in page.months}
    assert rows[BEFORE] == ("≈", "≈") and rows[AFTER][0] != "≈" and rows[AFTER][1] == "≈"
    sheet = signed_in(cast.administrator).get(address(own, "", table="months", format="csv")).text
    assert "ước lượng theo tỷ phần khi chia địa bàn" in sheet
