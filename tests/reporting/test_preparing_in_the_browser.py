"""The preparing page in a browser: what is typed is saved by itself, and nothing typed is lost."""

from __future__ import annotations

import time
from decimal import Decimal

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.contrib.sessions.models import Session
from django.urls import reverse

from facilities.models import Notice
from plans.models import EnteredFigure
from reporting.actions.preparing import write_typed
from reporting.actions.reports import open_report
from reporting.content.periods import ReportPeriod
from reporting.models import Report, Snapshot
from tests.entry.conftest import chromium, chromium_driver, settle, signed_in
from tests.entry.waiting import seen, until
from tests.factories_indicators import FormFactory, settle_duties
from tests.reporting.cases import make_plan
from tests.world import make_cast, make_world

__all__ = ["chromium", "chromium_driver"]  # fixtures

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.filterwarnings("ignore:No directory at"),
]
SIZES = ((1366, 768), (360, 740), (320, 640))
SAYS = "document.getElementById('saving').textContent.includes(%r)"
SAVED = SAYS % "Đã lưu lúc"


@pytest.fixture
def scene(transactional_db):
    world = make_world()
    FormFactory(code="X", cells=[("X.all", "")])
    settle_duties()
    cast, plan = make_cast(world), make_plan(world, "M")
    last = open_report(plan=plan, period=ReportPeriod(2025, "m9"), by=None)
    Report.objects.filter(pk=last.pk).update(
        narrative={"limits": "Thiếu bác sỹ.\nXa.", "next": "Tập huấn."},
        document={"signer": "Trần Thị Bình", "authority": "KT.", "authority_of": "Giám đốc"},
    )
    return cast, open_report(plan=plan, period=ReportPeriod(2025, "year"), by=None)


@pytest.fixture
def opened(chromium, live_server, scene):
    """opened(who=planner, width=…, height=…) → the preparing page; a script that fails fails the test."""
    pages, sending, faults = [], set(), []

    def opening(who=None, width=1366, height=768, **options):
        cast, report = scene
        page = signed_in(chromium, live_server.url, who or cast.planner, width, height, **options)
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on("console", lambda said: faults.append(said.text) if "Content Security" in said.text else None)
        page.on("request", lambda sent: sending.add(sent) if sent.is_navigation_request() else None)
        page.on("requestfinished", lambda sent: sending.discard(sent))
        page.on("requestfailed", lambda sent: sending.discard(sent))
        pages.append(page)
        page.goto(live_server.url + reverse("reports:preparing", args=[report.pk]))
        return page

    yield opening
    for page in pages:
        settle(page.context, sending)
        page.context.close()
    time.sleep(0.5)
    assert faults == []


def stored(scene) -> Report:
    return Report.objects.get(pk=scene[1].pk)


def step(page, name) -> str:
    return page.inner_text(f"[data-step={name}]").strip()


def test_a_field_is_saved_a_moment_after_typing_and_the_preview_follows(opened, scene):
    page = opened()
    assert step(page, "texts").endswith("còn thiếu 6")
    page.fill("#id_strengths", "Các trạm nộp đúng hạn.")
    page.fill("[name='document-signer']", "Nguyễn Văn An")
    assert seen(page, SAVED)
    assert until(lambda: stored(scene).narrative == {"strengths": "Các trạm nộp đúng hạn."})
    assert stored(scene).document == {"signer": "Nguyễn Văn An"}
    assert step(page, "texts").endswith("còn thiếu 5") and step(page, "head").endswith("còn thiếu 1")
    shown = "document.getElementById('preview').contentDocument.body.textContent"
    assert seen(page, f"{shown}.includes('Các trạm nộp đúng hạn.') && {shown}.includes('Nguyễn Văn An')")


def test_words_added_after_a_sentence_are_saved(opened, scene):
    page = opened()
    page.click("details.add >> nth=1 >> summary")
    page.fill("[name='addition-line:1.1']", "Nhờ tập huấn.")
    assert seen(page, SAVED) and stored(scene).additions == {"line:1.1": "Nhờ tập huấn."}


def test_what_was_typed_without_a_network_waits_in_the_page_and_is_saved_on_return(opened, scene):
    page = opened()
    page.context.set_offline(True)
    page.fill("#id_strengths", "Gõ khi mất mạng")
    assert seen(page, SAYS % "Chưa lưu được, còn trong trang này")
    page.fill("#id_causes", "Gõ tiếp")
    asked = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.dismiss()))
    page.evaluate("setTimeout(() => location.reload(), 0)")
    assert until(lambda: (page.wait_for_timeout(50), asked)[1]) and asked == ["beforeunload"]
    assert page.input_value("#id_strengths") == "Gõ khi mất mạng" and stored(scene).narrative == {}
    page.context.set_offline(False)
    assert seen(page, SAVED)
    assert stored(scene).narrative == {"strengths": "Gõ khi mất mạng", "causes": "Gõ tiếp"}


def test_what_was_typed_after_the_session_ended_is_saved_once_the_person_is_back(opened, scene):
    page = opened()
    cookies = page.context.cookies()
    kept = Session.objects.get(pk=next(one["value"] for one in cookies if one["name"] == "sessionid"))
    Session.objects.all().delete()
    page.fill("#id_strengths", "Gõ khi phiên đã hết")
    assert seen(page, SAYS % "phiên đăng nhập đã hết")
    assert page.get_attribute("#saving a", "target") == "_blank" and stored(scene).narrative == {}
    kept.save(force_insert=True)
    page.context.add_cookies(cookies)
    page.evaluate("dispatchEvent(new Event('focus'))")
    assert seen(page, SAVED) and stored(scene).narrative == {"strengths": "Gõ khi phiên đã hết"}


def test_another_person_in_the_same_browser_saves_nothing_of_the_page(opened, scene):
    page, other = opened(), opened(who=scene[0].administrator)
    page.context.add_cookies(other.context.cookies())
    page.fill("#id_strengths", "Của người mở trang")
    assert seen(page, SAYS % "Trang này do người khác mở")
    assert stored(scene).narrative == {} and page.input_value("#id_strengths") == "Của người mở trang"


@pytest.mark.parametrize(("choice", "text"), [("Lưu bản trong ô", "Này"), ("Lấy bản kia", "Kia")])
def test_a_conflict_shows_both_and_the_person_decides(opened, scene, choice, text):
    page = opened()
    write_typed(report=stored(scene), typed={"narrative": {"limits": "Kia"}}, by=scene[0].administrator)
    page.fill("#id_limits", "Này")
    page.fill("#id_causes", "Xa")
    box = page.locator(".kept[data-name=limits] .other")
    box.wait_for()
    assert "Kia" in box.inner_text() and page.input_value("#id_limits") == "Này"
    assert stored(scene).narrative == {"limits": "Kia", "causes": "Xa"}
    page.get_by_role("button", name=choice).click()
    assert until(lambda: stored(scene).narrative == {"limits": text, "causes": "Xa"})
    assert page.input_value("#id_limits") == text and box.count() == 0
    page.fill("#id_limits", "Sau đó")
    assert until(lambda: stored(scene).narrative["limits"] == "Sau đó")


def test_what_is_refused_is_said_at_its_field_until_it_is_mended(opened, scene):
    page = opened()
    page.fill("[name='document-number']", "5/BC-SYT")
    said = page.locator(".kept[data-name='document-number'] .errorlist")
    said.wait_for()
    assert "như 05/BC-SYT" in said.inner_text() and stored(scene).document == {}
    assert page.get_attribute("[name='document-number']", "aria-invalid") == "true"
    page.fill("[name='document-number']", "05/BC-SYT")
    assert until(lambda: stored(scene).document == {"number": "05/BC-SYT"})
    assert seen(page, "!document.querySelector(\".kept[data-name='document-number'] .errorlist\")")
    page.fill("[name='document-signer']", "ThS. Nguyễn Văn An")
    page.locator(".kept[data-name='document-signer'] .warned").wait_for()


def test_a_draft_is_taken_over_part_by_part_and_the_head_whole(opened, scene):
    page = opened()
    page.click(".kept[data-name=limits] button[name=keep]")
    assert until(lambda: stored(scene).narrative == {"limits": "Thiếu bác sỹ.\nXa."})
    assert not page.is_visible(".kept[data-name=limits] .draft")
    assert page.is_visible(".kept[data-name=next] .draft")
    page.click("button[name=keep][value=document]")
    head = {"signer": "Trần Thị Bình", "authority": "KT.", "authority_of": "Giám đốc"}
    assert until(lambda: stored(scene).document == head)


def test_two_editors_are_told_of_each_other(opened, scene):
    first = opened()
    second = opened(who=scene[0].administrator)
    assert scene[0].planner.display_name in second.inner_text("#others")
    assert not first.is_visible("#others")
    first.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    assert seen(
        first,
        f"document.getElementById('others').textContent.includes({scene[0].administrator.display_name!r})",
    )


def test_freezing_at_once_after_typing_keeps_what_was_typed_and_is_no_conflict(opened, scene):
    page = opened()
    for text in ("Một", "Một hai"):
        page.fill("#id_strengths", text)
        page.evaluate("dispatchEvent(new Event('focus'))")  # a save is on its way
    page.get_by_role("button", name="Chốt và tạo tệp").click()
    page.wait_for_url("**/reports/*/")
    assert "Một hai" in str(Snapshot.objects.get().data)


def test_other_forms_of_the_page_save_what_was_typed_first(opened, scene):
    page = opened()
    page.fill("#id_strengths", "Vừa gõ xong")
    page.get_by_role("button", name="Nhắc").click()
    page.wait_for_selector(".messages")
    assert stored(scene).narrative == {"strengths": "Vừa gõ xong"} and Notice.objects.exists()
    line = scene[1].plan.lines.get(key="1.2")
    page.fill(f"[name='value-{line.pk}']", "18,2")
    page.fill(f"[name='source-{line.pk}']", "Phòng nghiệp vụ")
    page.get_by_role("button", name="Lưu ước thực hiện").click()
    page.wait_for_selector(".messages >> text=Đã lưu 1 ước thực hiện")
    assert EnteredFigure.objects.count() == 1


def test_estimates_typed_are_stored_before_reminding_and_before_freezing(opened, scene):
    page, line = opened(), scene[1].plan.lines.get(key="1.2")
    page.fill(f"[name='value-{line.pk}']", "17,5")
    page.get_by_role("button", name="Nhắc").click()
    page.wait_for_selector("text=Cần ghi nguồn.")
    assert not Notice.objects.exists() and page.input_value(f"[name='value-{line.pk}']") == "17,5"
    page.get_by_role("button", name="Chốt và tạo tệp").click()  # what was refused is not passed over
    page.wait_for_selector("text=Cần ghi nguồn.")
    assert not Snapshot.objects.exists()
    page.fill(f"[name='source-{line.pk}']", "Phòng nghiệp vụ")
    page.get_by_role("button", name="Nhắc").click()
    page.wait_for_selector(".messages >> text=Đã nhắc")
    assert EnteredFigure.objects.get().value == Decimal("17.5")
    page.fill(f"[name='value-{line.pk}']", "18,2")
    page.fill(f"[name='source-{line.pk}']", "Phòng nghiệp vụ")
    page.get_by_role("button", name="Chốt và tạo tệp").click()
    page.wait_for_url("**/reports/*/")
    assert "18,2" in str(Snapshot.objects.get().data)


def test_enter_in_a_field_saves_and_takes_over_no_draft(opened, scene):
    page = opened(java_script_enabled=False)
    page.fill("[name='document-place']", "Bắc Ninh")
    page.press("[name='document-place']", "Enter")
    page.wait_for_selector(".messages")
    report = stored(scene)
    assert (report.document, report.narrative) == ({"place": "Bắc Ninh"}, {})


def test_without_scripts_everything_is_saved_by_the_buttons(opened, scene):
    page = opened(java_script_enabled=False)
    page.fill("#id_strengths", "Không có JavaScript")
    page.click(".kept[data-name=limits] button[name=keep]")
    page.wait_for_selector(".messages")
    assert stored(scene).narrative == {"strengths": "Không có JavaScript", "limits": "Thiếu bác sỹ.\nXa."}
    page.get_by_role("button", name="Chốt và tạo tệp").click()
    page.wait_for_url("**/reports/*/")
    assert Snapshot.objects.exists()


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_with_everything_open_the_page_is_accessible_and_not_wider_than_its_window(
    opened, scene, width, height
):
    write_typed(
        report=scene[1],
        typed={"additions": {"line:1.1": "x" * 300}, "document": {"signer": "ThS. An"}},
        by=scene[0].planner,
    )
    opened(who=scene[0].administrator)
    page = opened(width=width, height=height)
    page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
    write_typed(report=scene[1], typed={"narrative": {"causes": "y" * 400}}, by=scene[0].administrator)
    page.fill("#id_causes", "Này")
    page.fill("[name='document-number']", "5")
    page.locator(".kept[data-name=causes] .other").wait_for()
    found = Axe().run(page, options={"resultTypes": ["violations"]}).response["violations"]
    assert [f"{one['id']}: {one['nodes'][0]['html'][:160]}" for one in found] == []
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    page.get_by_role("button", name="Lấy bản kia").click()
