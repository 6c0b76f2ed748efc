"""Targets given to communes that a reform ends: told before it is entered, and after it with what is to be done."""

from datetime import date
from decimal import Decimal

import pytest

from facilities.actions.reforms import enter_reform
from facilities.models import Area
from facilities.reform_orders import NewArea, Order
from indicators.models import Term
from plans.standing.sources import lines_of
from tests.factories_plans import LineFactory, PlanFactory, TargetFactory
from tests.plans.pages import make_scene, signed_in
from tests.plans.shares import ids, last_year, publish

pytestmark = pytest.mark.django_db
READ = "/plans/m-2025/lines/1.1/allocation/?year=2025"
LINE = "/plans/m-2025/lines/1.1/?view=ranking&year=2025"
NEW = "/places/reforms/new/?kind=merge&place=M@2025-07-01&date=2025-10-01"


@pytest.fixture
def scene():
    scene = make_scene()
    last_year(scene)
    return scene


def merge(scene, *letters, day=date(2025, 10, 1), code="n1"):
    new = NewArea(code, "Phường", "Phường Mới")
    return enter_reform(
        order=Order("merge", day, "NQ 9", [scene.world.areas[x].pk for x in letters], [new]), by=None
    )


def counted(scene):
    """The line becomes a plain count."""
    Term.objects.filter(indicator=scene.indicator, part="denominator").delete()


def previewed(scene):
    fields = {
        "date": "2025-10-01", "legal_basis": "NQ 9", "unit": "Phường", "name": "Mới", "code": "n1", "rows": "2",
        "predecessors": [scene.world.areas[letter].pk for letter in "xz"], "action": "preview",
    }  # fmt: skip
    return signed_in(scene.cast.planner).post(NEW, fields)


def told(scene):
    """What the preview says of targets given."""
    return [words for words in previewed(scene).context["preview"].effects if "chỉ tiêu giao" in words]


def test_the_preview_says_which_given_targets_end_and_what_to_do(scene):
    assert told(scene) == []
    publish(scene)
    (sentence,) = told(scene)
    assert "Kế hoạch tỉnh M năm 2025, năm 2025" in sentence and "Phường x, Xã z" in sentence
    assert "dòng 1.1" in sentence and "công bố một bản mới" in sentence
    assert "Phường x, Xã z" in previewed(scene).content.decode()


def test_what_a_later_version_took_away_and_years_that_are_over_are_not_told(scene):
    publish(scene, ids(scene, x=90, y=90, z=90))
    publish(scene, ids(scene, y=90), expected=1, in_force_from=date(2025, 2, 1), reason="Chỉ giao xã y")
    assert told(scene) == []


def test_the_allocation_page_names_the_new_place_with_what_the_old_ones_were_given(scene):
    publish(scene, ids(scene, x=90, y=91, z=92))
    client = signed_in(scene.cast.planner)
    assert client.get(READ).context["page"].heirs == []
    merge(scene, "x", "z")
    (heir,) = client.get(READ).context["page"].heirs
    assert (heir.area.name, heir.olds) == ("Phường Mới", [("Phường x", "90,0%"), ("Xã z", "92,0%")])
    assert heir.suggestion == ""  # rates of two places have no sum
    text = client.get(READ).content.decode()
    assert "Đơn vị mới chưa được giao chỉ tiêu" in text and "ghi số mới cho đơn vị này" in text
    line = client.get(LINE).content.decode()
    assert "Phường x, Xã z đã kết thúc sau sắp xếp" in line


def test_counts_of_places_merged_whole_are_added_as_a_suggestion_and_a_renamed_place_keeps_its_level(scene):
    counted(scene)
    publish(scene, ids(scene, x=40, y=30, z=20), adds_up=True)
    merge(scene, "x", "z")
    client = signed_in(scene.cast.planner)
    assert [heir.suggestion for heir in client.get(READ).context["page"].heirs] == ["60,0%"]
    renamed = Order(
        "rename", date(2025, 10, 1), "NQ 9", [scene.world.areas["y"].pk], [NewArea("y", "Phường", "Phường y")]
    )
    enter_reform(order=renamed, by=None)
    heirs = {heir.area.name: heir.suggestion for heir in client.get(READ).context["page"].heirs}
    assert heirs == {"Phường Mới": "60,0%", "Phường y": "30,0%"}
    assert "chưa phải là chỉ tiêu" in client.get(READ).content.decode()


def test_a_place_that_also_took_in_one_given_nothing_gets_no_suggestion(scene):
    counted(scene)
    publish(scene, ids(scene, x=40, y=30), adds_up=True, reason="Chưa giao xã z")
    merge(scene, "x", "z")
    (heir,) = signed_in(scene.cast.planner).get(READ).context["page"].heirs
    assert (heir.olds, heir.suggestion) == ([("Phường x", "40,0%")], "")


def test_parts_of_a_divided_place_get_no_suggestion(scene):
    counted(scene)
    publish(scene, ids(scene, x=40, y=30, z=20), adds_up=True)
    parts = [NewArea(f"x{n}", "Xã", f"Xã phần {n}", share=Decimal("0.5")) for n in (1, 2)]
    order = Order(
        "divide", date(2025, 10, 1), "NQ 9", [scene.world.areas["x"].pk], parts, share_source="Số sinh",
        facilities={scene.world.facilities[code].pk: 0 for code in ("S-x", "T-a1", "T-a2")},
    )  # fmt: skip
    enter_reform(order=order, by=None)
    heirs = signed_in(scene.cast.planner).get(READ).context["page"].heirs
    assert [(heir.area.name, heir.suggestion) for heir in heirs] == [("Xã phần 1", ""), ("Xã phần 2", "")]


def test_a_chain_of_reforms_leads_to_the_place_of_today_and_a_new_version_ends_the_notice(scene):
    publish(scene, ids(scene, x=90, y=91, z=92))
    merge(scene, "x", "z", day=date(2025, 8, 1))
    first = Area.objects.get(code="n1")
    again = Order(
        "rename", date(2025, 10, 1), "NQ 10", [first.pk], [NewArea("n2", "Phường", "Phường Mới Nữa")]
    )
    enter_reform(order=again, by=None)
    client = signed_in(scene.cast.planner)
    (heir,) = client.get(READ).context["page"].heirs
    assert [name for name, _value in heir.olds] == ["Phường x", "Xã z"] and heir.area.code == "n2"
    assert heir.suggestion == ""
    values = {Area.objects.get(code="n2").pk: Decimal(91), scene.world.areas["y"].pk: Decimal(91)}
    publish(scene, values, expected=1, in_force_from=date(2025, 10, 1))
    assert client.get(READ).context["page"].heirs == []
    assert "đã kết thúc sau sắp xếp" not in client.get(LINE).content.decode()


def test_places_that_ended_with_the_plans_own_area_keep_what_they_were_given(scene):
    """The plan of an abolished province was shared out to the communes of its last day."""
    plan = PlanFactory(slug="cu", area=scene.world.areas["A"], issuer=scene.plan.issuer)
    TargetFactory(line=LineFactory(plan=plan, key="1.1", indicator=scene.indicator))
    given = ids(scene, a1=90, a2=90, b1=90, b2=90)
    publish(scene, given, line=lines_of(plan).get(), reason="Chưa có số năm trước")
    page = signed_in(scene.cast.planner).get("/plans/cu/lines/1.1/allocation/?year=2025").context["page"]
    assert (len(page.rows), page.heirs) == (4, [])
