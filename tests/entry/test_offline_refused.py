"""What does not get through: pages instead of answers, long texts, leaving in the middle, a state that ended meanwhile."""

from __future__ import annotations

import json

import pytest
from django.urls import reverse

from facilities.models import Area
from indicators.actions.closing import close_period
from indicators.actions.submissions import approve, submit
from indicators.models import CellNote, DataValueChange, Duty, Submission
from tests.entry.browser import type_cells
from tests.entry.conftest import field
from tests.entry.waiting import READY, RECEIVED, counts, saved_says, seen, until

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

TOLD = "document.getElementById('attention').textContent"
PUT = """([text, fields]) => fields.forEach((one) => { const f = document.getElementById(one);
    f.value = text; f.dispatchEvent(new InputEvent('input', {bubbles: true})); })"""


def saved_file(page, where) -> dict:
    """The draft as the notice's button gives it."""
    with page.expect_download() as coming:
        page.click("#attention >> text=Tải tệp nháp")
    coming.value.save_as(where / "draft.json")
    return json.loads((where / "draft.json").read_text())["cells"]


@pytest.mark.parametrize("status", [413, 403, 502, 200])
def test_a_page_instead_of_an_answer_is_said_and_what_was_typed_goes_later(open_form, tmp_path, status):
    page = open_form(service_workers="block", allowed="Failed to load")
    assert seen(page, READY)
    page.route(
        "**/sync/", lambda route: route.fulfill(status=status, body="<h1>No</h1>", content_type="text/html")
    )
    type_cells(page, "5", "hai")
    assert saved_says(page, f"mã {status}") and not page.evaluate(RECEIVED)
    assert f"mã {status}" in page.evaluate(TOLD)
    found = saved_file(page, tmp_path)
    assert (found["X.c1"]["text"], found["X.c2"]["text"]) == ("5", "hai")
    page.unroute("**/sync/")
    page.evaluate("dispatchEvent(new Event('online'))")
    assert seen(page, RECEIVED) and counts() == {"X.c1": 5}
    assert seen(page, f"{TOLD} === ''") and "mã" not in page.inner_text("#saved")


def test_texts_of_more_bytes_than_a_page_may_send_while_closing_are_sent(open_form):
    page = open_form(service_workers="block")
    assert seen(page, READY)
    page.route("**/sync/", lambda route: route.abort())
    sent = []
    page.on("request", lambda one: sent.append(one.post_data or "") if one.url.endswith("/sync/") else None)
    page.context.set_offline(True)
    page.evaluate(PUT, ["ế" * 500, [field(n) for n in range(1, 41)]])
    for n in range(1, 9):
        page.focus(f"#{field(n)}")
        page.keyboard.press("Shift+F2")
        page.fill("#words-note", "ế" * 500)
        page.keyboard.press("Enter")
    page.unroute("**/sync/")
    sent.clear()
    page.context.set_offline(False)
    assert until(lambda: CellNote.objects.filter(kind="typed").count() == 40)
    assert until(lambda: CellNote.objects.filter(kind="note").count() == 8)
    assert seen(page, RECEIVED)
    assert max(len(one.encode()) for one in sent) > 65_536 > 2 * 30_000 > max(len(one) for one in sent)


@pytest.mark.parametrize("how", ["elsewhere", "close"])
def test_leaving_right_after_typing_sends_what_was_kept_and_counts_it_once(
    open_form, station, live_server, how
):
    page = open_form(service_workers="block")
    assert seen(page, READY)
    type_cells(page, "5", "4")
    page.keyboard.type("3")
    assert seen(page, "document.getElementById('saved').textContent.includes('3 ô chưa')", seconds=1)
    elsewhere = live_server.url + reverse("places:tree")
    if how == "close":
        other = page.context.new_page()
        page.close(run_before_unload=True)
        page = other
    else:
        page.goto(elsewhere)
    assert until(lambda: counts() == {"X.c1": 5, "X.c2": 4, "X.c3": 3}, seconds=8)

    page.goto(live_server.url + station.url)
    assert seen(page, READY) and seen(page, RECEIVED)
    page.focus(f"#{field(3)}")
    type_cells(page, "31")
    assert until(lambda: counts()["X.c3"] == 31)
    assert not page.query_selector("dialog[open]") and DataValueChange.objects.count() == 4


def test_storage_is_asked_for_once_a_browser(open_form):
    count = """navigator.storage.persisted = async () => false; navigator.storage.persist = async () => {
        localStorage.setItem('asked', Number(localStorage.getItem('asked')) + 1); return false; }"""
    page = open_form(service_workers="block", before=lambda page: page.add_init_script(count))
    assert seen(page, "localStorage.getItem('asked') === '1'")
    for _ in range(2):
        page.reload()
        assert seen(page, READY)
    page.wait_for_timeout(300)
    assert page.evaluate("localStorage.getItem('asked')") == "1"


def closed(station, submission):
    close_period(area=Area.objects.get(code="M"), period=submission.period, yearly=False, by=station.reviewer)


def duty_ended(station, submission):
    Duty.objects.filter(facility=station.facility).delete()


def approved(station, submission):
    submit(submission=submission, by=station.clerk)
    approve(submission=submission, by=station.reviewer)


@pytest.mark.parametrize(
    ("change", "words", "is_open"),
    [(closed, "khóa", True), (duty_ended, "không phải nộp", True), (approved, "duyệt", False)],
)
def test_what_is_typed_while_the_form_stops_being_open_is_kept_and_told(
    open_form, station, tmp_path, change, words, is_open
):
    page = open_form(service_workers="block", allowed="Failed to load")
    type_cells(page, "5")
    assert seen(page, READY) and seen(page, RECEIVED)
    change(station, Submission.objects.get())
    type_cells(page, "4", "hai")
    assert seen(page, f"{TOLD}.includes('Số liệu đã gõ còn trên máy này')")
    assert words in page.evaluate(TOLD).lower(), page.evaluate(TOLD)
    assert page.input_value(f"#{field(2)}") == "4" and page.input_value(f"#{field(3)}") == "hai"
    assert page.evaluate(f"!document.getElementById('{field(2)}').readOnly") == is_open
    found = saved_file(page, tmp_path)
    assert (found["X.c2"]["text"], found["X.c3[DTTS]"]["text"]) == ("4", "hai")
    assert until(lambda: counts() == {"X.c1": 5})
