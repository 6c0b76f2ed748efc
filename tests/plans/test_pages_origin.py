"""The page "Số này từ đâu": parts, cells, people; numbers that are estimates or not exact; clicks."""

from datetime import date
from fractions import Fraction

import pytest
from django.urls import reverse
from django.utils import timezone

from facilities.actions.reforms import enter_reform
from facilities.models import Area, Contribution, Role
from facilities.periods import Month
from facilities.reform_orders import NewArea, Order
from indicators.actions.recompute import recompute_months
from indicators.models import DataValueChange, Group, Indicator, Submission
from indicators.reading import figures_of
from plans.presenters.origin import Asked, present_origin
from plans.standing.sources import read_lines
from tests.factories import AgencyFactory, person
from tests.factories_indicators import (
    FormFactory,
    IndicatorFactory,
    SubmissionFactory,
    TermFactory,
    settle_duties,
)
from tests.factories_plans import EnteredFigureFactory, LineFactory, PlanFactory, TargetFactory
from tests.plans.pages import links, signed_in
from tests.world import make_cast, make_world

pytestmark = pytest.mark.django_db
JANUARY, DECEMBER = Month(2025, 1), Month(2025, 12)
# station, month, numerator, denominator
TYPED = (("T-a1", 1, 9, 10), ("T-a1", 8, 8, 10), ("T-a2", 8, 7, 10), ("T-b2", 8, 5, 5), ("T-b1", 8, 1, 4))


@pytest.fixture
def scene():
    """A share over `TYPED`, in a plan of the merged province for 2025; one report sent and not approved."""
    world = make_world()
    cast = make_cast(world)
    form = FormFactory(code="X", cells=[("X.part", ""), ("X.all", "")])
    settle_duties()
    indicator = IndicatorFactory(code="SHARE")
    TermFactory(indicator=indicator, element__code="X.part")
    TermFactory(indicator=indicator, part="denominator", element__code="X.all")
    area = world.areas["M"]
    plan = PlanFactory(slug="thu", area=area, issuer=AgencyFactory(area=area))
    line = LineFactory(plan=plan, key="1.1", indicator=indicator)
    TargetFactory(line=line)
    for station, month, top, bottom in TYPED:
        type_in(world, cast, form, station, month, top, bottom)
    type_in(world, cast, form, "T-c1", 8, 3, 3, status="submitted")
    recompute_months(JANUARY, DECEMBER)
    return world, cast, plan, line


def type_in(world, cast, form, station, month, top, bottom, status="approved"):
    submission = SubmissionFactory(
        facility=world.facilities[station],
        form=form,
        period=date(2025, month, 1),
        status=status,
        values={("X.part", ""): top, ("X.all", ""): bottom},
    )
    if status == "approved":
        submission.decided_by = cast.reviewer
        submission.save()
    for value in submission.values.all():
        DataValueChange.objects.create(
            submission=submission, element=value.element, group=value.group, version=1,
            new_value=value.value, at=timezone.now(), by=cast.clerk, source="form",
        )  # fmt: skip


def url(plan, **query):
    pairs = "&".join(f"{name}={value}" for name, value in query.items())
    return f"{reverse('plans:origin', args=[plan.slug, '1.1'])}?year=2025&{pairs}"


def ask(plan, area, *, place=None, of="", month=""):
    line = read_lines(plan)[0]
    line.plan = plan
    return Asked.read(line, area, DECEMBER, of=of, month=month, place=place)


def test_the_number_its_places_and_their_sum(scene):
    world, cast, plan, _line = scene
    page = signed_in(cast.leader).get(url(plan)).text
    assert "30 / 39 × 100" in page and "khớp" in page and "chưa khớp" not in page
    rows = present_origin(ask(plan, world.areas["M"])).rows
    assert [(row.name, row.numerator, row.denominator) for row in rows] == [
        ("Phường x", "24", "30"), ("Xã y", "1", "4"), ("Xã z", "5", "5"),
    ]  # fmt: skip


def test_a_place_shows_each_cell_with_who_typed_and_who_approved(scene):
    world, cast, plan, _line = scene
    page = signed_in(cast.leader).get(url(plan, part=world.areas["x"].key)).text
    assert page.count("Lịch sử</a>") == 6 and "khớp" in page
    assert cast.clerk.display_name in page and cast.reviewer.display_name in page
    assert "/submissions/T-a1/X/2025-01/history/?cell=X.part" in page


def test_what_did_not_enter_is_listed_with_its_reason(scene):
    world, cast, plan, _line = scene
    page = signed_in(cast.leader).get(url(plan, part=world.areas["y"].key)).text
    assert "đã nộp, chưa duyệt" in page and "chưa có báo cáo" in page


@pytest.mark.parametrize(
    ("query", "formula"),
    [
        ({"month": "2025-01"}, "9 / 10"),
        ({"as_of": "2025-07"}, "9 / 10"),
        ({"place": "x@2025-07-01"}, "24 / 30"),
        ({"boundaries": "A@2021-01-01"}, "30 / 39"),
    ],
)
def test_other_numbers_of_the_line_have_their_own_page(scene, query, formula):
    _world, cast, plan, _line = scene
    page = signed_in(cast.leader).get(url(plan, **query)).text
    assert f"= {formula} × 100" in page and "chưa khớp" not in page


def test_a_divided_place_counts_by_its_share_and_says_so(scene):
    world, _cast, plan, _line = scene
    divide(world, "T-a2", {"x": 600_000, "z": 400_000})
    recompute_months(JANUARY, DECEMBER)
    page = present_origin(ask(plan, world.areas["M"]))
    amounts = {row.name: (row.numerator, row.note) for row in page.rows}
    assert amounts["Phường x"] == ("21,2", "ước theo tỷ phần") and amounts["Xã z"] == (
        "7,8",
        "ước theo tỷ phần",
    )
    assert page.matches and page.number.numerator == 30
    part = present_origin(ask(plan, world.areas["M"]), world.areas["z"].key)
    assert part.matches and part.part.amount.numerator == Fraction(39, 5)
    assert "40%" in [row.share for row in part.cells.facilities]


def test_a_station_no_commune_can_be_given_stands_beside_them(scene):
    world, cast, plan, _line = scene
    divide(world, "T-a2", {"x": None, "z": None})
    recompute_months(JANUARY, DECEMBER)
    page = present_origin(ask(plan, world.areas["M"]))
    assert page.matches and [row.key for row in page.rows][-1] == "T-a2"
    assert "không xếp riêng được" in signed_in(cast.leader).get(url(plan)).text
    assert present_origin(ask(plan, world.areas["M"]), "T-a2").cells.numerator == "7"
    commune = present_origin(ask(plan, world.areas["M"], place=world.areas["x"]))
    assert commune.number.is_inexact and [f.code for f in commune.unknown] == ["T-a2"]
    text = signed_in(cast.leader).get(url(plan, place=world.areas["x"].key)).text
    assert "Không có số liệu chính xác" in text and "Điểm trạm a2" in text


def divide(world, station, shares):
    """The station's figures lie in several communes of today: by a share, or nobody knows (None)."""
    facility = world.facilities[station]
    Contribution.objects.filter(facility=facility, area__in=[world.areas[name] for name in "xyz"]).delete()
    for name, share in shares.items():
        Contribution.objects.create(
            facility=facility,
            area=world.areas[name],
            from_month=date(2021, 1, 1),
            share=share,
            in_own_time=False,
        )


def test_a_yearly_figure_read_by_every_month_counts_once_in_a_rate(scene):
    world, cast, plan, line = scene
    Indicator.objects.filter(code="SHARE").update(timing="rate", factor=1000)
    page = present_origin(ask(plan, world.areas["M"]))
    # Two months have reports: the denominator is their mean, the rate is brought to twelve months.
    assert page.number.denominator == Fraction(39, 2) and page.matches
    assert page.formula.endswith("× 1.000 × 12/2")
    for row in page.rows:
        assert present_origin(ask(plan, world.areas["M"]), row.key).cells.matches


def test_an_entered_figure_says_who_entered_it_and_from_where(scene):
    world, cast, plan, line = scene
    line.indicator = None
    line.save()
    EnteredFigureFactory(line=line, value=91, source="Điều tra năm 2025", by=cast.planner)
    page = signed_in(cast.leader).get(url(plan)).text
    assert (
        "Số này do người nhập" in page and "Điều tra năm 2025" in page and cast.planner.display_name in page
    )


def test_results_behind_their_figures_are_said_not_to_match(scene):
    world, cast, plan, _line = scene
    submission = Submission.objects.get(facility__code="T-b2", period=date(2025, 8, 1))
    submission.values.filter(element__code="X.part").update(value=4)
    page = signed_in(cast.leader).get(url(plan, part=world.areas["z"].key)).text
    assert "chưa khớp" in page and "đang được tính lại" in page


def test_what_is_not_there_is_not_found(scene):
    world, cast, plan, _line = scene
    client = signed_in(cast.leader)
    for query in (
        {"part": "nowhere"},
        {"of": "x"},
        {"month": "2024-01"},
        {"month": "?"},
        {"place": "b1@2021"},
    ):
        assert client.get(url(plan, **query)).status_code == 404, query
    assert signed_in(cast.stranger).get(url(plan)).status_code == 404
    assert client.post(url(plan)).status_code == 405


@pytest.mark.parametrize("stations", [1, 3])
def test_it_costs_the_same_at_any_size(scene, stations, django_assert_max_num_queries):
    world, cast, plan, _line = scene
    client = signed_in(cast.leader)
    for index in range(stations):
        commune = Area.objects.create(
            code=f"n{index}", level="commune", kind="Xã", name=f"Xã n{index}", valid_from="2025-07-01",
            parent=world.areas["M"],
        )  # fmt: skip
        Contribution.objects.create(
            facility=world.facilities["T-a1"],
            area=commune,
            from_month=date(2021, 1, 1),
            share=0,
            in_own_time=True,
        )
    # session, person, assignments; plan; computed months, related areas; lines, targets; the months;
    # shares, facility-months, facilities, communes and their shares; figures entered.
    with django_assert_max_num_queries(15):
        assert client.get(url(plan)).status_code == 200
    # … and in place of the entered figures: terms, items, duties, reports, values, changes, facilities.
    with django_assert_max_num_queries(22):
        assert client.get(url(plan, part=world.areas["z"].key)).status_code == 200


def test_from_a_number_to_the_cells_takes_at_most_three_clicks(scene):
    """Follow what is on the pages: number → its page → a place → the cell's history."""
    world, cast, plan, line = scene
    client = signed_in(cast.leader)
    starts = (plan.get_absolute_url(), line.get_absolute_url())
    for start in starts:
        here = client.get(start).text
        origin = next(link for link in links(here) if "/lines/1.1/origin/" in link)
        clicks, path = 1, origin
        page = client.get(path).text
        place = next(link for link in links(page) if "part=" in link and link.startswith("?"))
        clicks, path = clicks + 1, f"{origin.partition('?')[0]}{place}"
        page = client.get(path).text
        assert cast.clerk.display_name in page and "X.part" in page
        history = next(link for link in links(page) if "/history/" in link)
        clicks += 1
        assert client.get(history).status_code == 200
        assert clicks <= 3


def rename(world, cast, day, code="z"):
    """The commune becomes a ward on a day; a later reform within the province."""
    area = world.areas[code]
    named = NewArea(code, "Phường", f"Phường {code} mới", ("urban",))
    enter_reform(order=Order("rename", day, "NQ 9", [area.pk], [named]), by=cast.administrator)
    recompute_months(JANUARY, DECEMBER)


def urban_line(line):
    line.group = Group.objects.create(code="URBAN", kind="places", trait="urban", name="Đô thị")
    line.save()


def test_a_line_on_urban_communes_sums_those_of_the_boundaries_it_is_read_on(scene):
    world, cast, plan, line = scene
    urban_line(line)
    client = signed_in(cast.planner)
    assert "= 24 / 30 × 100" in client.get(url(plan)).text
    rename(world, cast, date(2025, 10, 1))
    assert "= 24 / 30 × 100" in client.get(url(plan, as_of="2025-09")).text
    page = client.get(url(plan)).text
    assert "= 29 / 35 × 100" in page and "Phường z mới" in page and "chưa khớp" not in page
    assert "= 20 / 25 × 100" in client.get(url(plan, month="2025-08")).text


def test_what_was_told_of_a_year_that_is_over_stays(scene):
    world, cast, _plan, line = scene
    urban_line(line)
    area = world.areas["M"]
    key = (line.indicator_id, Group.objects.get(code="").pk)

    def told(year):
        months = (Month(2025, 1), Month(year, 12))
        found = figures_of(area=area, indicator_groups={key}, months=months, urban_only=True)[key]
        return sum(figure.numerator or 0 for figure in found if figure.month.year == 2025)

    before = told(2025)
    rename(world, cast, date(2026, 3, 1))
    assert told(2025) == told(2026) == before == 24


def test_after_a_reform_within_the_province_the_parts_are_its_communes_of_that_day(scene):
    world, cast, plan, _line = scene
    rename(world, cast, date(2025, 10, 1))
    names = [row.name for row in present_origin(ask(plan, world.areas["M"])).rows]
    assert names == ["Phường x", "Phường z mới", "Xã y"]


def test_cells_of_boundaries_beyond_ones_own_are_not_found(scene):
    """A role on old A reads sums on the merged province, and no cell, name or station of it."""
    world, _cast, _plan, line = scene
    plan = PlanFactory(slug="cu", area=world.areas["A"], issuer=AgencyFactory(area=world.areas["A"]))
    own = LineFactory(plan=plan, key="1.1", indicator=line.indicator)
    TargetFactory(line=own)
    client = signed_in(person(Role.LEADER, area=world.areas["A"]))
    merged = "boundaries=M@2025-07-01"
    assert client.get(url(plan)).status_code == 200
    assert client.get(url(plan) + merged).status_code == 404
    assert client.get(url(plan, part="y@2025-07-01") + f"&{merged}").status_code == 404
    stations = reverse("plans:stations", args=["cu", "1.1", "y@2025-07-01"])
    assert client.get(f"{stations}?year=2025&{merged}").status_code == 404
    page = client.get(f"/plans/cu/lines/1.1/?year=2025&{merged}")
    assert page.status_code == 200
    cells = [link for link in links(page.text) if "/origin/" in link or "/lines/1.1/places/" in link]
    assert not [link for link in cells if "M%40" in link or "/places/" in link]
