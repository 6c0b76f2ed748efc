"""The pages of reforms: steps without JavaScript, a preview by the real machinery, nothing typed lost."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from facilities.actions.reforms import enter_reform
from facilities.models import Area, Reform, StaleMark
from facilities.periods import Month
from facilities.reform_orders import NewArea, Order
from indicators.actions import recompute
from indicators.actions.duties import refresh_duties
from indicators.models import MonthlyResult
from indicators.presenters.reform_preview import preview_reform
from tests.factories import AreaFactory, FacilityFactory, ProvinceFactory, settle_places
from tests.factories_indicators import (
    DataElementFactory,
    FormFactory,
    GroupFactory,
    IndicatorFactory,
    SubmissionFactory,
    TermFactory,
)
from tests.plans.pages import signed_in

pytestmark = pytest.mark.django_db
NEW = "/places/reforms/new/"
DAY = "2026-03-01"


@pytest.fixture
def figures(world):
    """January and February 2026: T-a1, T-a2 and T-b2 report 10, 11 and 20 births of 100 each."""
    GroupFactory()
    form = FormFactory(code="X", cells=[("X.all", ""), ("X.part", "")])
    indicator = IndicatorFactory(code="BIRTHS", name="Tỷ lệ thử")
    for part, code in (("numerator", "X.part"), ("denominator", "X.all")):
        TermFactory(indicator=indicator, part=part, element=DataElementFactory(code=code))
    refresh_duties()
    for month in (1, 2):
        for code, count in (("T-a1", 10), ("T-a2", 11), ("T-b2", 20)):
            SubmissionFactory(
                facility=world.facilities[code], form=form, period=date(2026, month, 1), status="approved",
                values={("X.all", ""): 100, ("X.part", ""): count},
            )  # fmt: skip
    recompute.recompute_months(Month(2026, 1), Month(2026, 2))
    return world


def address(kind, day=DAY, place="M@2025-07-01"):
    return f"{NEW}?kind={kind}&place={place}&date={day}"


def merger(world, **changes):
    fields = {
        "date": DAY,
        "legal_basis": "NQ 12",
        "predecessors": [world.areas["x"].pk, world.areas["z"].pk],
        "unit": "Phường",
        "name": "Mới",
        "code": "n1",
        "traits": ["urban"],
        "rows": "2",
        "action": "preview",
    }
    return fields | changes


def text_of(answer):
    return answer.content.decode()


def test_the_first_step_offers_the_kinds_and_the_planners_province(world, cast):
    page = text_of(signed_in(cast.planner).get(NEW))
    assert 'value="merge"' in page and "Tỉnh M" in page and "Việt Nam" not in page
    assert "Việt Nam" in text_of(signed_in(cast.administrator).get(NEW))


def test_a_first_step_not_filled_in_says_so(world, cast):
    answer = signed_in(cast.planner).get(f"{NEW}?kind=split&date=mai")
    assert answer.status_code == 422


def test_provinces_are_merged_and_renamed_only(world, cast):
    answer = signed_in(cast.administrator).get(address("divide", place=world.areas["country"].key))
    assert answer.status_code == 422 and "Tỉnh chỉ nhập hoặc đổi tên" in text_of(answer)


@pytest.mark.parametrize("day", ["9999-12-15", "0001-01-01"])
def test_a_day_far_off_is_refused_at_either_step(world, cast, day):
    client, words = signed_in(cast.planner), "Ngày sắp xếp phải từ năm 1950 đến năm 2150"
    first = client.get(address("merge", day=day))
    assert first.status_code == 422 and words in text_of(first)
    for kind, chosen in (("merge", {}), ("divide", {"predecessor": world.areas["x"].pk})):
        second = client.post(address(kind), merger(world, date=day, **chosen))
        assert second.status_code == 422 and words in text_of(second)


def test_shares_far_too_large_are_refused(world, cast):
    x = world.areas["x"].pk
    fields = {
        "date": DAY, "legal_basis": "NQ 13", "predecessor": x, "rows": "2", "action": "preview",
        "goes_on-1": x, "share-1": "1e30", "goes_on-2": world.areas["z"].pk, "share-2": "9" * 23,
        "share_source": "Số sinh 2025",
    }  # fmt: skip
    answer = signed_in(cast.planner).post(address("divide"), fields)
    assert answer.status_code == 422 and "Mỗi tỷ phần lớn hơn 0 và nhỏ hơn 1" in text_of(answer)


@pytest.mark.parametrize(
    ("shares", "wrong", "words"),
    [
        (("0,6", "0,6"), ["share-1", "share-2"], "Các tỷ phần phải cộng lại bằng 1; đang là 1,2."),
        (("0,6", ""), ["share-2"], "Ghi tỷ phần của mọi phần"),
        (("1,5", "0,5"), ["share-1"], "Mỗi tỷ phần lớn hơn 0 và nhỏ hơn 1."),
    ],
)
def test_shares_that_do_not_fit_are_told_at_their_row_and_above(world, cast, shares, wrong, words):
    x = world.areas["x"].pk
    fields = {
        "date": DAY, "legal_basis": "NQ 13", "predecessor": x, "rows": "2", "action": "preview",
        "goes_on-1": x, "share-1": shares[0], "goes_on-2": world.areas["z"].pk, "share-2": shares[1],
        "share_source": "Số sinh 2025",
    }  # fmt: skip
    form = signed_in(cast.planner).post(address("divide"), fields).context["form"]
    told = {name: errors for name, errors in form.errors.items() if name.startswith("share-")}
    assert list(told) == wrong and all(words in errors[0] for errors in told.values())
    assert any(words in text for text in form.non_field_errors())


def test_places_are_offered_by_the_vietnamese_alphabet(world, cast):
    for code, name in (("q1", "Xã Yên"), ("q2", "Xã Đa"), ("q3", "Xã Chũ"), ("q4", "Xã Cảnh")):
        AreaFactory(parent=world.areas["M"], valid_from=date(2025, 7, 1), code=code, name=name)
    form = signed_in(cast.planner).get(address("rename")).context["form"]
    names = [words for _pk, words in form.fields["predecessor"].choices if words.startswith("Xã")]
    assert [name for name in names if "(q" in name] == [
        "Xã Cảnh (q4)",
        "Xã Chũ (q3)",
        "Xã Đa (q2)",
        "Xã Yên (q1)",
    ]


def test_the_address_of_the_undo_opened_by_hand_leads_to_the_reforms(world, cast):
    reform = enter_reform(
        order=Order("rename", date(2026, 3, 1), "NQ 1", [world.areas["z"].pk], [NewArea("z9", "Xã", "Xã Z")]),
        by=cast.planner,
    )
    page = signed_in(cast.planner).get(
        f"/places/reforms/{reform.pk}/undo/", headers={"Accept": "text/html"}, follow=True
    )
    assert page.redirect_chain == [("/places/reforms/", 302)] and "Chưa làm gì" in text_of(page)
    assert Reform.objects.get().undone_at is None


def test_a_province_that_ends_tomorrow_is_offered_beside_its_successor(world, cast):
    tomorrow = timezone.localdate() + timedelta(days=1)
    new = NewArea("M", "Tỉnh", "Tỉnh M")
    enter_reform(order=Order("rename", tomorrow, "NQ 1", [world.areas["M"].pk], [new]), by=None)
    old, begun = f"Tỉnh M (đến {timezone.localdate():%d/%m/%Y})", f"Tỉnh M (từ {tomorrow:%d/%m/%Y})"
    pages = [text_of(signed_in(person).get(NEW)) for person in (cast.planner, cast.administrator)]
    assert [(old in page, begun in page) for page in pages] == [(True, False), (True, True)]


def test_the_preview_of_a_merger_of_provinces_takes_the_same_queries_for_any_number_of_communes(world):
    counts = []
    for number in (2, 6):
        one, two = (ProvinceFactory(parent=world.areas["country"]) for _ in range(2))
        for province in (one, two):
            for _ in range(number):
                FacilityFactory(area=AreaFactory(parent=province))
        settle_places()
        order = Order("merge", date(2026, 3, 1), "NQ 1", [one.pk, two.pk], [NewArea("P", "Tỉnh", "Tỉnh P")])
        with CaptureQueriesContext(connection) as queries:
            preview = preview_reform(order=order, by=None, indicator=None)
        assert (preview.carried, len(preview.moves)) == (2 * number, 2 * number)
        assert preview.effects == []
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_a_preview_shows_places_facilities_and_the_series_and_changes_nothing(
    figures, cast, django_assert_max_num_queries
):
    client = signed_in(cast.planner)
    results = MonthlyResult.objects.count()
    # … with the stations of the new communes and what plans gave to the old ones
    with django_assert_max_num_queries(77):
        answer = client.post(address("merge"), merger(figures))
    page = text_of(answer)
    assert answer.status_code == 200
    series = answer.context["preview"].series
    rows = {row.name: ([cell.text for cell in row.cells], row.exactness) for row in series[0].rows}
    assert rows == {
        "Phường x": (["10,5", "10,5"], "exact"),
        "Xã z": (["20,0", "20,0"], "exact"),
        "Phường Mới": (["13,7", "13,7"], "exact"),
    }
    assert "Điểm trạm b2" in page and "Xã z → Phường Mới" in page
    assert "Phường Mới có 2 trạm y tế chính (Trạm Y tế x, Trạm Y tế z)" in page
    assert not Reform.objects.exists() and not StaleMark.objects.exists()
    assert (MonthlyResult.objects.count(), Area.objects.filter(code="n1").count()) == (results, 0)


def test_what_was_previewed_is_entered(figures, cast):
    client = signed_in(cast.planner)
    seen = client.post(address("merge"), merger(figures)).context["seen"]
    answer = client.post(address("merge"), merger(figures, action="enter", seen=seen))
    assert answer.status_code == 302
    reform = Reform.objects.get()
    assert (reform.entered_by, reform.legal_basis) == (cast.planner, "NQ 12")
    assert (new := reform.begun.get()).name == "Phường Mới" and new.is_urban
    page = text_of(client.get("/places/reforms/"))
    assert "Phường x, Xã z → Phường Mới" in page and "Hoàn tác…" in page and "NQ 12" in page


def test_what_was_changed_after_the_preview_is_previewed_again(figures, cast):
    client = signed_in(cast.planner)
    seen = client.post(address("merge"), merger(figures)).context["seen"]
    answer = client.post(address("merge"), merger(figures, action="enter", seen=seen, name="Khác"))
    assert "Nội dung đã đổi" in text_of(answer) and not Reform.objects.exists()
    assert answer.context["preview"]


def test_a_refusal_stands_beside_its_field_and_nothing_typed_is_lost(figures, cast):
    answer = signed_in(cast.planner).post(address("merge"), merger(figures, code="y", name="Quang Trung"))
    page = text_of(answer)
    assert answer.status_code == 422
    assert "Mã y vào ngày 01/03/2026 là của Xã y" in page
    assert 'value="Quang Trung"' in page and 'value="NQ 12"' in page and page.count("checked") >= 3


def test_a_division_asks_for_each_facility_and_names_the_source_of_its_shares(figures, cast):
    client, x = signed_in(cast.planner), figures.areas["x"].pk
    fields = {
        "date": DAY, "legal_basis": "NQ 13", "predecessor": x, "rows": "2", "action": "preview",
        "goes_on-1": x, "share-1": "0,6", "goes_on-2": "", "unit-2": "Xã", "name-2": "Mới", "code-2": "n1",
        "share-2": "0.4", "share_source": "Số sinh 2025",
    }  # fmt: skip
    asked = client.post(address("divide"), fields)
    assert asked.status_code == 422 and "Chọn đơn vị mới cho từng cơ sở" in text_of(asked)
    for code, part in (("S-x", "1"), ("T-a1", "1"), ("T-a2", "2")):
        fields[f"facility-{figures.facilities[code].pk}"] = part
        fields[f"past-{figures.facilities[code].pk}"] = "shared"
    answer = client.post(address("divide"), fields)
    rows = {row.name: row for row in answer.context["preview"].series[0].rows if row.is_new}
    assert {(r.exactness, r.source) for r in rows.values()} == {("estimate", "Số sinh 2025")}
    assert "≈ " in text_of(answer)
    unknown = client.post(address("divide"), fields | {"share-1": "", "share-2": "", "share_source": ""})
    assert {r.exactness for r in unknown.context["preview"].series[0].rows if r.is_new} == {"none"}
    assert "không có số liệu chính xác" in text_of(unknown)


def test_a_division_asks_whose_the_past_of_each_facility_is_and_offers_what_is_likely(figures, cast):
    """Two points that report for themselves served their own part; the only station of a commune served all."""
    client = signed_in(cast.planner)
    fields = {
        "date": DAY, "legal_basis": "NQ 13", "predecessor": figures.areas["x"].pk, "rows": "2", "action": "preview",
        "unit-1": "Xã", "name-1": "Một", "code-1": "n1", "unit-2": "Xã", "name-2": "Hai", "code-2": "n2",
    }  # fmt: skip
    points = {code: figures.facilities[code].pk for code in ("S-x", "T-a1", "T-a2")}
    parts = {f"facility-{pk}": "2" if code == "T-a2" else "1" for code, pk in points.items()}
    own = client.post(address("divide"), fields | parts)
    rows = {row.name: (row.cells[0].text, row.exactness) for row in own.context["preview"].series[0].rows}
    assert (rows["Xã Một"], rows["Xã Hai"]) == (("10,0", "exact"), ("11,0", "exact"))
    assert text_of(own).count("số liệu trước khi chia đi theo trọn vẹn") == 3
    assert not own.context["preview"].shares_past
    (words,) = own.context["preview"].effects
    assert words.startswith("Xã Hai chưa có trạm y tế chính") and words in text_of(own)
    empty = client.post(address("divide"), fields | dict.fromkeys(parts, "1"))
    (words,) = empty.context["preview"].effects
    assert words.startswith("Xã Hai chưa có trạm y tế hay điểm trạm nào")
    shared = client.post(address("divide"), fields | parts | {f"past-{points['T-a1']}": "shared"})
    assert {row.exactness for row in shared.context["preview"].series[0].rows if row.is_new} == {"none"}
    assert "Mẫu số cả năm của năm 2026" not in text_of(shared)
    assert text_of(shared).count("không tách được cho từng phần (chưa có tỷ phần)") == 1
    known = fields | {"share-1": "0.6", "share-2": "0.4", "share_source": "Số sinh 2025"}
    shared = client.post(address("divide"), known | parts | {f"past-{points['T-a1']}": "shared"})
    assert "Mẫu số cả năm của năm 2026" in text_of(shared) and "không tách được" not in text_of(shared)
    alone = FacilityFactory(code="S-alone", area=AreaFactory(parent=figures.areas["M"], name="Xã Lẻ"))
    page = client.post(address("divide"), fields | {"predecessor": alone.placements.get().area_id})
    first = text_of(page).partition(f'name="past-{alone.pk}"')[2].partition("</option>")[0]
    assert 'value="shared"' in first


def test_what_was_said_of_the_past_is_stored_and_shown_again(figures, cast):
    client = signed_in(cast.planner)
    fields = {
        "date": DAY, "legal_basis": "NQ 13", "predecessor": figures.areas["x"].pk, "rows": "2", "action": "preview",
        "unit-1": "Xã", "name-1": "Một", "code-1": "n1", "unit-2": "Xã", "name-2": "Hai", "code-2": "n2",
    }  # fmt: skip
    for code in ("S-x", "T-a1", "T-a2"):
        fields[f"facility-{figures.facilities[code].pk}"] = "1"
    fields[f"past-{figures.facilities['T-a2'].pk}"] = "shared"
    answer = client.post(address("divide"), fields)
    assert 'value="shared" selected' in text_of(answer)
    client.post(address("divide"), fields | {"action": "enter", "seen": answer.context["seen"]})
    kept = {row.facility.code: row.carries_past for row in Reform.objects.get().placements.all()}
    assert kept == {"S-x": True, "T-a1": True, "T-a2": False}


def test_a_part_is_added_without_losing_what_was_typed(world, cast):
    answer = signed_in(cast.planner).post(
        address("divide"), {"date": DAY, "name-2": "Quang Trung", "rows": "2", "action": "more"}
    )
    page = text_of(answer)
    assert answer.status_code == 200 and 'name="name-3"' in page and 'value="Quang Trung"' in page


def test_a_share_that_is_no_number_is_told(world, cast):
    fields = {"date": DAY, "share-1": "nửa", "rows": "2", "action": "preview"}
    answer = signed_in(cast.planner).post(address("divide"), fields)
    assert answer.status_code == 422 and "không phải là số" in text_of(answer)


def test_an_undo_asks_first_and_says_what_stands_against_it(figures, cast):
    client = signed_in(cast.planner)
    seen = client.post(address("merge"), merger(figures)).context["seen"]
    client.post(address("merge"), merger(figures, action="enter", seen=seen))
    undo = f"/places/reforms/{Reform.objects.get().pk}/undo/"
    assert "trở lại như trước" in text_of(client.post(undo))
    held = SubmissionFactory(facility=figures.facilities["T-a1"], form__code="Y", period=date(2026, 3, 1))
    assert "Chưa hoàn tác được" in text_of(client.post(undo))
    assert "1 báo cáo" in text_of(client.post(undo, {"sure": "1"}, follow=True))
    held.delete()
    assert client.post(undo, {"sure": "1"}).status_code == 302
    assert Reform.objects.get().is_undone and not Area.objects.filter(code="n1").exists()
    assert "đã hoàn tác" in text_of(client.get("/places/reforms/"))


def test_others_read_the_list_and_may_neither_enter_nor_undo(figures, cast):
    planner = signed_in(cast.planner)
    seen = planner.post(address("merge"), merger(figures)).context["seen"]
    planner.post(address("merge"), merger(figures, action="enter", seen=seen))
    undo = f"/places/reforms/{Reform.objects.get().pk}/undo/"
    for user in (cast.clerk, cast.reviewer, cast.leader, cast.stranger):
        client = signed_in(user)
        page = client.get("/places/reforms/")
        assert page.status_code == 200 and "Hoàn tác…" not in text_of(page)
        assert client.get(NEW).status_code == 404 and client.post(undo, {"sure": "1"}).status_code == 404


@pytest.mark.parametrize("count", [1, 6])
def test_the_list_takes_the_same_queries_at_any_length(world, cast, count, django_assert_max_num_queries):
    now = date(2026, 3, 1)
    for n in range(count):
        Reform.objects.create(
            kind="rename", date=now, legal_basis=f"NQ {n}", area=world.areas["M"], entered_by=cast.planner,
            entered_at="2026-02-01T00:00Z", summary={"ended": ["x"], "begun": ["y"], "facilities": 0},
        )  # fmt: skip
    client = signed_in(cast.planner)
    # session, person, roles; count, page; areas that the person plans for
    with django_assert_max_num_queries(8):
        client.get("/places/reforms/")


def test_the_tree_links_to_the_reforms(world, cast):
    assert "/places/reforms/" in text_of(signed_in(cast.clerk).get("/places/"))
