"""What a planner types while sharing a target out stays: beside what a method gives, and after leaving the page."""

import pytest

from facilities.models import AuditEvent
from indicators.models import MonthlyResult
from plans.models import AllocationVersion, TypedShares
from tests.plans.pages import make_scene, signed_in
from tests.plans.shares import ids, last_year, publish
from tests.plans.test_pages_allocation import TERMS, URL, opened_with, text_of, typed, upload, value_in

pytestmark = pytest.mark.django_db
SCRIPT = {"HTTP_ACCEPT": "application/json"}


@pytest.fixture
def scene():
    scene = make_scene()
    last_year(scene)
    return scene


@pytest.fixture
def planner(scene):
    return signed_in(scene.cast.planner)


def table(page, scene):
    return [value_in(page, scene, letter) for letter in "xyz"]


def equal(scene, **values):
    """The page as an equal share opens it, with `values` typed."""
    same = dict.fromkeys("xyz", "90")
    return (
        typed(scene, **same | values) | opened_with(scene, **same) | {"level": "commune", "method": "equal"}
    )


def test_computing_keeps_what_was_typed_and_lists_it(scene, planner):
    sent = equal(scene, x="85,5") | {"compute": "1", "to_method": "baseline", "to_level": "commune"}
    page = text_of(planner.post(URL, sent | {"note": "đợt 1"}))
    assert table(page, scene) == ["85,5", "100", "75"] and 'value="đợt 1"' in page
    listed = page.split("Số gõ tay khác số vừa tính</h2>")[1].split("</table>")[0]
    assert "Phường x" in listed and ">95<" in listed and "Xã y" not in listed
    assert 'name="method" value="baseline"' in page


def test_the_values_computed_are_taken_on_demand_and_taken_back(scene, planner):
    kept = f"v{scene.world.areas['x'].pk}"
    sent = typed(scene, x="85,5", y="100", z="75") | opened_with(scene, x="95", y="100", z="75")
    sent |= {"level": "commune", "method": "baseline"}
    page = text_of(planner.post(URL, sent | {"take": "1", "kept": kept}))
    assert table(page, scene) == ["95", "100", "75"] and "Hoàn tác" in page
    back = planner.post(URL, sent | typed(scene, x="95") | {"undo": "1", "legal_basis": "Phụ lục 2"})
    page = text_of(planner.get(back.url))
    # What was typed about the version since then stays.
    assert table(page, scene) == ["85,5", "100", "75"] and 'value="Phụ lục 2"' in page
    planner.post(URL, sent | {"undo": "1"})
    assert table(text_of(planner.get(URL)), scene) == ["95", "100", "75"]


def test_a_method_that_gives_nothing_leaves_the_table_and_its_method(scene, planner):
    MonthlyResult.objects.filter(month__year=2024).delete()
    sent = equal(scene, x="85,5") | {"compute": "1", "to_method": "baseline", "to_level": "commune"}
    response = planner.post(URL, sent)
    page = text_of(response)
    assert response.status_code == 422 and "chưa có số năm trước" in page
    assert table(page, scene) == ["85,5", "90", "90"] and 'name="method" value="equal"' in page


def test_leaving_the_page_loses_nothing(scene, planner):
    answer = planner.post(URL, equal(scene, x="85,5", y="chín") | {"keep": "1", "note": "đợt 1"}, **SCRIPT)
    assert answer.status_code == 200 and answer.json()["at"]
    response = planner.get(URL)
    page = text_of(response)
    assert response.status_code == 200 and table(page, scene) == ["85,5", "chín", "90"]
    assert "Bản nháp của bạn" in page and "không phải là số" in page and 'value="đợt 1"' in page
    assert not AllocationVersion.objects.exists()
    assert not AuditEvent.objects.filter(verb="publish_allocation").exists()


def test_what_no_database_holds_is_left_out_of_a_draft(scene, planner):
    planner.post(URL, equal(scene, x="85\x00,5") | {"keep": "1", "note": "đợt\x07 1"}, **SCRIPT)
    fields = TypedShares.objects.get().fields
    assert (fields[f"v{scene.world.areas['x'].pk}"], fields["note"]) == ("85,5", "đợt 1")
    planner.post(URL, equal(scene, x="85\x00,5") | {"check": "1"})
    assert "\x00" not in "".join(TypedShares.objects.get().fields.values())


def test_without_a_script_a_button_keeps_the_draft(scene, planner):
    response = planner.post(URL, equal(scene, z="80") | {"keep": "1"})
    assert response.status_code == 302
    page = text_of(planner.get(response.url))
    assert "Đã lưu nháp lúc" in page and table(page, scene) == ["90", "90", "80"]


def test_a_draft_is_its_persons_alone(scene, planner):
    planner.post(URL, equal(scene, x="85,5") | {"keep": "1"})
    page = text_of(signed_in(scene.cast.administrator).get(URL))
    assert value_in(page, scene, "x") == "90" and "Bản nháp của bạn" not in page
    other = equal(scene) | {"keep": "1", "person": str(scene.cast.administrator.pk)}
    assert planner.post(URL, other, **SCRIPT).status_code == 409
    assert TypedShares.objects.get().by == scene.cast.planner


def test_a_file_can_be_taken_back(scene, planner):
    y = scene.world.areas["y"].key
    rows = "\n".join(["Bảng của,m-2025 / 1.1 / 2025", "", "Mã,Chỉ tiêu giao", f"{y},91"]).encode()
    page = text_of(upload(planner, rows, **equal(scene, x="85,5")))
    assert table(page, scene) == ["85,5", "91", ""]
    planner.post(URL, {"undo": "1"})
    assert table(text_of(planner.get(URL)), scene) == ["85,5", "90", "90"]


def test_a_draft_thrown_away_comes_back_whole(scene, planner):
    planner.post(URL, equal(scene, x="85,5") | {"anew": "1", "legal_basis": "Phụ lục 2"})
    page = text_of(planner.get(URL))
    assert table(page, scene) == ["90", "90", "90"] and "Bản nháp của bạn" not in page
    planner.post(URL, equal(scene) | {"undo": "1"})
    page = text_of(planner.get(URL))
    assert table(page, scene) == ["85,5", "90", "90"] and 'value="Phụ lục 2"' in page


def test_what_is_refused_is_kept_and_what_is_published_is_not(scene, planner):
    sent = typed(scene, x="90", y="90", z="") | TERMS
    assert planner.post(URL, sent).status_code == 422
    assert table(text_of(planner.get(URL)), scene) == ["90", "90", ""]
    assert planner.post(URL, sent | {"reason": "Xã z giao sau"}).status_code == 302
    assert not TypedShares.objects.exists()


def test_a_draft_says_that_somebody_published_meanwhile(scene, planner):
    planner.post(URL, equal(scene, x="85,5") | {"keep": "1", "opened": "0"})
    publish(scene, ids(scene, x=91, y=92, z=93))
    page = text_of(planner.get(URL))
    assert "trước khi có bản 1" in page and value_in(page, scene, "x") == "85,5"
    assert 'name="opened" value="1"' in page


def test_nothing_to_take_back_is_said(scene, planner):
    response = planner.post(URL, equal(scene) | {"undo": "1"}, follow=True)
    assert "Không có bước nào để hoàn tác" in text_of(response)


def test_a_table_is_downloaded_as_proposed_whatever_was_typed(scene, planner):
    planner.post(URL, equal(scene, x="85,5") | {"keep": "1"})
    content = planner.get(f"{URL}?method=equal&format=csv").content.decode()
    assert "85" not in content and "90" in content


def test_a_second_tab_puts_what_the_first_typed_one_step_back(scene, planner):
    mark = planner.get(URL).context["mark"]
    first = equal(scene, x="81", y="82", z="83") | {"keep": "1", "seen": mark}
    answer = planner.post(URL, first, **SCRIPT).json()
    assert answer["notice"] == "" and answer["seen"] != mark
    second = planner.post(URL, equal(scene, x="70") | {"keep": "1", "seen": mark}, **SCRIPT).json()
    assert "thẻ hoặc máy khác" in second["notice"]
    again = planner.post(URL, equal(scene, x="71") | {"keep": "1", "seen": second["seen"]}, **SCRIPT).json()
    assert again["notice"] == ""
    planner.post(URL, equal(scene, x="71") | {"undo": "1"})
    assert table(text_of(planner.get(URL)), scene) == ["81", "82", "83"]


@pytest.mark.parametrize("step", ["publish", "compute", "undo", "anew", "check", "keep"])
def test_a_page_opened_by_another_person_does_nothing(scene, planner, step):
    sent = equal(scene, x="81") | TERMS | {"person": "987654", step: "1", "seen": "-"}
    answer = planner.post(URL, sent)
    assert answer.status_code == 409 and "Trang này do người khác mở" in text_of(answer)
    assert table(text_of(answer), scene)[0] == "81"
    assert not TypedShares.objects.exists() and not AllocationVersion.objects.exists()


def test_a_day_that_the_page_gave_does_not_take_the_place_of_a_typed_one(scene, planner):
    given = planner.get(URL).context["given_day"].isoformat()
    planner.post(URL, equal(scene, x="81") | {"in_force_from": "2025-07-01", "keep": "1"})
    planner.post(URL, equal(scene, x="81") | {"in_force_from": "2025-07-01", "anew": "1"})
    page_gave = {"in_force_from": given, "given-in_force_from": given}
    planner.post(URL, equal(scene, y="70") | page_gave | {"keep": "1"})
    planner.post(URL, equal(scene, y="70") | page_gave | {"undo": "1"})
    page = text_of(planner.get(URL))
    assert table(page, scene)[0] == "81" and 'value="2025-07-01"' in page


def test_a_reason_that_is_too_long_is_kept_whole_to_be_shortened(scene, planner):
    reason = "Giao theo sức của từng nơi. " * 20
    planner.post(URL, equal(scene, x="81") | {"reason": reason, "keep": "1"})
    assert TypedShares.objects.get().fields["reason"] == reason


def test_what_was_typed_is_kept_where_the_target_is_no_longer_one_to_share(scene, planner):
    scene.line.targets.update(is_ambiguous=True)
    answer = planner.post(URL, equal(scene, x="81") | {"check": "1"})
    assert (
        answer.status_code == 422
        and TypedShares.objects.get().fields[f"v{scene.world.areas['x'].pk}"] == "81"
    )
