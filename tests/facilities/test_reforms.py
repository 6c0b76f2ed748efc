"""Entering reforms and undoing them: what is refused, what is made, and what holds a reform fast."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from facilities.actions.contributions import refresh_contributions
from facilities.actions.places import load_places
from facilities.actions.reforms import ReformInUse, enter_reform, undo_reform
from facilities.models import Area, AuditEvent, Facility, Placement, Reform, Role, StaleMark, Succession
from facilities.reform_orders import NewArea, Order
from tests.factories import (
    AreaFactory,
    AssignmentFactory,
    FacilityFactory,
    ProvinceFactory,
    person,
    settle_places,
)
from tests.factories_indicators import FormFactory, SubmissionFactory
from tests.factories_plans import PlanFactory

pytestmark = pytest.mark.django_db
DAY = date(2026, 3, 1)
BASIS = "Nghị quyết 12/NQ-HĐND"


def ids(world, *letters):
    return [world.areas[letter].pk for letter in letters]


def merge(world, *letters, new=None, day=DAY, **changes):
    new = new or NewArea("n1", "Xã", "Xã Mới")
    return Order("merge", day, BASIS, ids(world, *letters), [new], **changes)


def divide(world, letter, *parts, **changes):
    return Order("divide", DAY, BASIS, ids(world, letter), list(parts), **changes)


def refused(order, by=None):
    with pytest.raises(ValidationError) as caught:
        enter_reform(order=order, by=by)
    assert not Reform.objects.exists()
    return caught.value.message_dict


def test_a_merger_ends_the_old_begins_the_new_and_takes_the_facilities_along(world):
    reform = enter_reform(order=merge(world, "x", "z"), by=None)

    new = Area.objects.get(begun_by=reform)
    assert (new.key, new.name, new.parent) == ("n1@2026-03-01", "Xã Mới", world.areas["M"])
    assert (new.folded_name, new.is_urban) == ("xa moi", False)
    assert {a.code: a.valid_to for a in reform.ended.all()} == {"x": DAY, "z": DAY}
    assert {(s.predecessor.code, s.successor, s.share, s.legal_basis) for s in reform.successions.all()} == {
        ("x", new, 1, BASIS),
        ("z", new, 1, BASIS),
    }
    placed = {p.facility.code: (p.area, p.from_month, p.main_station_id) for p in reform.placements.all()}
    main = {code: f.pk for code, f in world.facilities.items()}
    assert placed == {
        "S-x": (new, DAY, None),
        "S-z": (new, DAY, None),
        "T-a1": (new, DAY, main["S-x"]),
        "T-a2": (new, DAY, main["S-x"]),
        "T-b2": (new, DAY, main["S-z"]),
    }
    assert refresh_contributions() == 0
    event = AuditEvent.objects.get(verb="enter_reform")
    assert (event.subject_id, event.details["begun"]) == (str(reform.pk), ["n1@2026-03-01"])


def test_a_reform_within_a_month_rules_from_the_next(world):
    reform = enter_reform(order=merge(world, "x", "z", day=date(2026, 3, 15)), by=None)
    assert set(reform.placements.values_list("from_month", flat=True)) == {date(2026, 4, 1)}
    assert reform.begun.get().valid_from == date(2026, 3, 15)


def test_the_code_of_an_area_that_ends_may_be_used_again_the_same_day(world):
    reform = enter_reform(order=merge(world, "x", "z", new=NewArea("x", "Phường", "Phường x")), by=None)
    assert reform.begun.get().key == "x@2026-03-01"


def test_a_part_may_go_to_an_existing_commune_which_begins_anew(world):
    station, point, other = (world.facilities[code].pk for code in ("S-y", "T-b1", "T-c1"))
    parts = [
        NewArea(goes_on=world.areas["y"].pk, share=Decimal("0.7")),
        NewArea(goes_on=world.areas["z"].pk, share=Decimal("0.3")),
    ]
    order = divide(
        world, "y", *parts, share_source="Số sinh 2025", facilities={station: 0, point: 1, other: 0}
    )

    reform = enter_reform(order=order, by=None)

    rows = {(s.predecessor.code, s.successor.code): (s.share, s.share_source, s.is_main)
            for s in reform.successions.all()}  # fmt: skip
    assert rows == {
        ("y", "y"): (Decimal("0.7"), "Số sinh 2025", True),
        ("y", "z"): (Decimal("0.3"), "Số sinh 2025", False),
        ("z", "z"): (1, "", True),
    }
    placed = {p.facility.code: (p.area.key, p.main_station_id) for p in reform.placements.all()}
    assert placed["T-b1"] == ("z@2026-03-01", None)  # its station stays behind: it reports for itself
    assert placed["T-c1"] == ("y@2026-03-01", station)
    assert placed["S-z"] == ("z@2026-03-01", None)


def test_a_merger_of_provinces_carries_their_communes(world):
    other = ProvinceFactory(parent=world.areas["country"], code="O", name="Tỉnh O")
    FacilityFactory(code="S-o", area=AreaFactory(parent=other, code="o1", name="Xã o1"))
    order = Order("merge", DAY, BASIS, [world.areas["M"].pk, other.pk], [NewArea("M", "Tỉnh", "Tỉnh MO")])

    reform = enter_reform(order=order, by=None)

    province = reform.begun.get(level="province")
    assert {a.code for a in province.children.all()} == {"x", "y", "z", "o1"}
    assert reform.summary["carried"] == 4
    assert Placement.objects.get(facility__code="S-o", reform=reform).area.parent == province


def test_a_move_keeps_the_commune_under_another_province(world):
    other = ProvinceFactory(parent=world.areas["country"], code="O", name="Tỉnh O")
    order = Order("move", DAY, BASIS, ids(world, "z"), parent=other.pk)
    reform = enter_reform(order=order, by=None)
    new = reform.begun.get()
    assert (new.code, new.name, new.parent) == ("z", "Xã z", other)


@pytest.mark.parametrize(
    ("make", "field", "words"),
    [
        (lambda w: merge(w, "x"), "predecessors", "từ hai đơn vị"),
        (lambda w: merge(w, "x", "z", new=NewArea("y", "Xã", "Xã Mới")), "successors", "Mã y vào ngày"),
        (lambda w: merge(w, "x", "z", new=NewArea("", "Xã", "Xã Mới")), "successors", "cần có mã"),
        (lambda w: merge(w, "x", "z", new=NewArea("a b", "Xã", "Xã Mới")), "successors", "Mã chỉ gồm"),
        (lambda w: merge(w, "a1", "a2"), "date", "đã kết thúc ngày 01/07/2025"),
        (lambda w: merge(w, "x", "z", day=date(2025, 7, 1)), "date", "chỉ bắt đầu từ ngày"),
        (lambda w: merge(w, "x", "M"), "predecessors", "cùng một cấp"),
        (lambda w: divide(w, "x", NewArea("n1", "Xã", "Xã 1")), "successors", "từ hai phần"),
        (
            lambda w: divide(w, "M", NewArea("n1", "Tỉnh", "Tỉnh 1"), NewArea("n2", "Tỉnh", "Tỉnh 2")),
            "predecessors",
            "Chỉ chia và chuyển được xã",
        ),
        (lambda w: Order("move", DAY, BASIS, ids(w, "x")), "parent", "cấp trên mới"),
        (lambda w: Order("move", DAY, BASIS, ids(w, "x"), parent=w.areas["M"].pk), "parent", "đã trực thuộc"),
        (lambda w: Order("move", DAY, BASIS, ids(w, "x"), parent=w.areas["A"].pk), "parent", "không còn"),
        (
            lambda w: Order("rename", DAY, " ", ids(w, "x"), [NewArea("x", "Xã", "Xã Mới")]),
            "legal_basis",
            "căn cứ",
        ),
    ],
)
def test_an_order_that_cannot_be_is_refused_with_what_to_do(world, make, field, words):
    assert words in " ".join(refused(make(world))[field])
    assert not Area.objects.filter(valid_from=DAY).exists()


@pytest.mark.parametrize("name", ["Xã y", "XÃ  Y"])
def test_two_communes_of_one_area_are_not_called_alike(world, name):
    taken = refused(merge(world, "x", "z", new=NewArea("n1", "Xã", name)))
    assert taken == {"successors": [f"Tỉnh M đã có {name}. Đặt tên khác."]}
    parts = [NewArea("n1", "Xã", "Xã Mới"), NewArea("n2", "Xã", "Xã mới")]
    facilities = {world.facilities[code].pk: 0 for code in ("T-a1", "T-a2", "S-x")}
    twins = refused(divide(world, "x", *parts, facilities=facilities))
    assert "Hai đơn vị mới cùng tên Xã mới. Đặt tên khác nhau." in twins["successors"]
    kept = [NewArea(goes_on=world.areas["x"].pk), NewArea("n2", "Phường", "Phường x")]
    assert "Hai đơn vị mới cùng tên Phường x" in " ".join(
        refused(divide(world, "x", *kept, facilities=facilities))["successors"]
    )


def test_a_name_is_free_again_once_its_area_ends_and_in_another_area(world):
    AreaFactory(parent=ProvinceFactory(code="O"), code="o1", name="Xã Mới")
    enter_reform(order=merge(world, "x", "y", new=NewArea("n1", "Xã", "Xã y")), by=None)
    again = Order("rename", date(2026, 5, 1), BASIS, ids(world, "z"), [NewArea("z", "Xã", "Xã Mới")])
    assert enter_reform(order=again, by=None).summary["begun"] == ["Xã Mới"]


@pytest.mark.parametrize("day", [date(1949, 12, 31), date(2151, 1, 1), date(9999, 12, 15), date.max])
def test_a_day_outside_the_years_that_periods_are_read_in_is_refused(world, day):
    messages = refused(merge(world, "x", day=day))
    assert messages["date"] == ["Ngày sắp xếp phải từ năm 1950 đến năm 2150. Kiểm tra lại năm."]
    assert "từ hai đơn vị" in messages["predecessors"][0]


def test_a_reform_entered_ahead_of_its_day_abolishes_nothing_before_it(world):
    day = timezone.localdate() + timedelta(days=1)
    enter_reform(order=merge(world, "x", "z", day=day), by=None)
    for letter, abolished in (("x", False), ("y", False), ("a1", True)):
        assert Area.objects.get(code=letter).is_abolished == abolished
    assert Area(valid_from=day - timedelta(days=9), valid_to=day - timedelta(days=1)).is_abolished


@pytest.mark.parametrize(
    ("shares", "source", "field", "words"),
    [
        (("0.5", "0.4"), "nguồn", "successors", "cộng lại bằng 1; đang là 0,9"),
        (("0.5", None), "nguồn", "successors", "mọi phần"),
        (("1", "0"), "nguồn", "successors", "lớn hơn 0"),
        (("1e30", "0.5"), "nguồn", "successors", "lớn hơn 0"),
        (("1" * 23, "0.5"), "nguồn", "successors", "lớn hơn 0"),
        (("1e-30", "0.5"), "nguồn", "successors", "sáu chữ số"),
        (("0.4000001", "0.5999999"), "nguồn", "successors", "sáu chữ số"),
        (("0.5", "0.5"), "", "share_source", "cần nguồn"),
        ((None, None), "", "facilities", "từng cơ sở"),
    ],
)
def test_shares_add_up_and_have_a_source_and_each_facility_has_its_part(world, shares, source, field, words):
    parts = [
        NewArea(f"n{n}", "Xã", f"Xã {n}", share=share and Decimal(share)) for n, share in enumerate(shares)
    ]
    assert words in " ".join(refused(divide(world, "x", *parts, share_source=source))[field])


def test_a_facility_placed_later_in_an_area_that_ends_must_be_seen_to_first(world):
    Placement.objects.create(
        facility=world.facilities["S-y"], area=world.areas["x"], from_month=date(2026, 6, 1)
    )
    assert "đã có nơi đặt ở Phường x từ 06/2026" in refused(merge(world, "x", "z"))["date"][0]


def test_a_second_reform_of_a_commune_in_one_month_is_refused_with_what_to_do(world):
    first = enter_reform(order=merge(world, "x", "z", day=date(2026, 3, 5)), by=None)
    again = Order(
        "rename", date(2026, 3, 20), BASIS, [first.begun.get().pk], [NewArea("n2", "Xã", "Xã Khác")]
    )
    with pytest.raises(ValidationError) as caught:
        enter_reform(order=again, by=None)
    (words,) = caught.value.message_dict["date"]
    assert "Xã Mới mới thành lập bởi" in words and "chọn ngày sau 01/04/2026" in words
    assert Reform.objects.count() == 1
    enter_reform(order=replace(again, date=date(2026, 4, 2)), by=None)


def test_only_planners_of_the_area_above_enter_and_undo(world, cast):
    for other in (cast.reviewer, cast.leader, cast.stranger, person(Role.PLANNER, area=world.areas["x"])):
        with pytest.raises(PermissionDenied):
            enter_reform(order=merge(world, "x", "z"), by=other)
    reform = enter_reform(order=merge(world, "x", "z"), by=cast.planner)
    with pytest.raises(PermissionDenied):
        undo_reform(reform=reform, by=cast.leader)
    undo_reform(reform=reform, by=cast.planner)
    assert (reform := Reform.objects.get()).undone_by == cast.planner
    with pytest.raises(ReformInUse, match="đã được hoàn tác"):
        undo_reform(reform=reform, by=cast.planner)


def test_a_planner_does_not_take_communes_into_a_province_of_others(world, cast):
    other = ProvinceFactory(parent=world.areas["country"], code="O", name="Tỉnh O")
    settle_places()
    order = Order("move", DAY, BASIS, ids(world, "z"), parent=other.pk)
    with pytest.raises(PermissionDenied):
        enter_reform(order=order, by=cast.planner)
    assert enter_reform(order=order, by=cast.administrator)


def test_an_undo_is_refused_once_a_later_reform_builds_on_it(world):
    first = enter_reform(order=merge(world, "x", "z"), by=None)
    later = Order(
        "rename", date(2026, 6, 1), BASIS, [first.begun.get().pk], [NewArea("n1", "Phường", "Phường Mới")]
    )
    second = enter_reform(order=later, by=None)
    with pytest.raises(ReformInUse, match="Lần sắp xếp sau"):
        undo_reform(reform=first, by=None)
    undo_reform(reform=second, by=None)
    undo_reform(reform=first, by=None)
    assert not Succession.objects.filter(date__gte=DAY).exists()


def rename_province(world, letter, day):
    return Order("rename", day, BASIS, ids(world, letter), [NewArea(letter, "Tỉnh", f"Tỉnh {letter} Mới")])


def test_nothing_moves_under_an_area_that_a_later_reform_has_ended(world):
    world.areas["O"] = ProvinceFactory(parent=world.areas["country"], code="O", name="Tỉnh O")
    enter_reform(order=rename_province(world, "O", date(2026, 6, 1)), by=None)
    order = Order("move", DAY, BASIS, ids(world, "z"), parent=world.areas["O"].pk)
    with pytest.raises(ValidationError) as caught:
        enter_reform(order=order, by=None)
    assert "Tỉnh O đã kết thúc ngày 01/06/2026" in caught.value.message_dict["parent"][0]


def test_an_undo_is_refused_once_the_area_above_what_would_come_back_has_ended(world):
    other = ProvinceFactory(parent=world.areas["country"], code="O", name="Tỉnh O")
    move = enter_reform(order=Order("move", DAY, BASIS, ids(world, "z"), parent=other.pk), by=None)
    later = enter_reform(order=rename_province(world, "M", date(2026, 6, 1)), by=None)
    with pytest.raises(ReformInUse, match="Lần sắp xếp sau"):
        undo_reform(reform=move, by=None)
    undo_reform(reform=later, by=None)
    assert undo_reform(reform=move, by=None).is_undone
    assert Area.objects.get(code="z").valid_to is None


@pytest.mark.parametrize(
    ("period", "held"), [(date(2026, 2, 1), False), (DAY, True), (date(2026, 5, 1), True)]
)
def test_an_undo_is_refused_once_a_figure_came_for_a_month_from_its_day_on(world, period, held):
    reform = enter_reform(order=merge(world, "x", "z"), by=None)
    SubmissionFactory(
        facility=world.facilities["T-a1"], form=FormFactory(code="X", cells=[("X.1", "")]), period=period
    )
    if held:
        with pytest.raises(ReformInUse, match="1 báo cáo của cơ sở y tế"):
            undo_reform(reform=reform, by=None)
        assert Area.objects.get(code="n1")
    else:
        assert undo_reform(reform=reform, by=None).is_undone


def test_figures_typed_before_the_reform_was_entered_do_not_hold_it(world):
    form = FormFactory(code="X", cells=[("X.1", "")])
    SubmissionFactory(facility=world.facilities["T-a1"], form=form, period=date(2026, 5, 1))
    reform = enter_reform(order=merge(world, "x", "z"), by=None)
    assert undo_reform(reform=reform, by=None).is_undone


def test_an_undo_is_refused_once_a_role_or_a_plan_names_the_new_area(world):
    reform = enter_reform(order=merge(world, "x", "z"), by=None)
    new = reform.begun.get()
    held = AssignmentFactory(role=Role.REVIEWER, area=new)
    with pytest.raises(ReformInUse, match="phân công vai trò gắn với địa bàn mới"):
        undo_reform(reform=reform, by=None)
    held.delete()
    plan = PlanFactory(slug="moi", area=new, issuer__area=world.areas["M"])
    with pytest.raises(ReformInUse, match="kế hoạch gắn với địa bàn mới"):
        undo_reform(reform=reform, by=None)
    plan.delete()
    assert undo_reform(reform=reform, by=None).is_undone


def test_a_facility_placed_in_the_new_area_since_is_named_where_it_refuses_an_undo(world):
    reform = enter_reform(order=merge(world, "x", "z"), by=None)
    facility = world.facilities["S-y"]
    Placement.objects.create(facility=facility, area=reform.begun.get(), from_month=date(2026, 5, 1))
    with pytest.raises(ReformInUse, match=f"nơi đặt gắn với địa bàn mới: {facility.name}, 05/2026"):
        undo_reform(reform=reform, by=None)


def test_an_undo_is_refused_once_the_old_code_is_anothers(world):
    reform = enter_reform(order=merge(world, "x", "z"), by=None)
    AreaFactory(code="z", name="Xã khác", valid_from=date(2026, 5, 1), parent=world.areas["M"])
    with pytest.raises(ReformInUse, match="Mã z nay là của Xã khác"):
        undo_reform(reform=reform, by=None)


def test_the_marks_name_the_areas_in_which_something_else_counts(world):
    StaleMark.objects.all().delete()
    enter_reform(order=merge(world, "x", "z"), by=None)
    marked = {mark.area.code for mark in StaleMark.objects.select_related("area")}
    assert {"n1", "x", "z"} <= marked
    assert marked.isdisjoint({"y", "M", "VN", "B", "c", "c1"})


def test_loading_the_packaged_places_again_keeps_a_reform():
    load_places(provinces=["11"])
    one, two = Area.objects.filter(level="commune", valid_to=None).order_by("code")[:2]
    order = Order("merge", DAY, BASIS, [one.pk, two.pk], [NewArea(one.code, "Xã", "Xã Mới")])
    enter_reform(order=order, by=None)
    load_places(provinces=["11"])
    assert set(Area.objects.filter(pk__in=[one.pk, two.pk]).values_list("valid_to", flat=True)) == {DAY}
    assert Facility.objects.filter(placements__area__code=one.code, placements__from_month=DAY).exists()
