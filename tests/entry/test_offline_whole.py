"""Offline use as a whole: every due form opens, a draft travels as a file, everything is accessible and light."""

from __future__ import annotations

import gzip
import json
import time
from pathlib import Path

import pytest
from django.contrib.sessions.models import Session
from django.contrib.staticfiles import finders
from django.core.management import call_command
from django.urls import reverse

from facilities.models import Role
from indicators.actions.figures import save_cells
from indicators.models import DataValue, Form, Submission
from indicators.presenters import offline
from indicators.values import CellValue
from tests.entry.browser import type_cells
from tests.entry.conftest import field, signed_in
from tests.entry.test_look import MOST_BYTES, violations
from tests.entry.waiting import READY, RECEIVED, go_offline, saved_says, seen, until, worker_ready
from tests.factories import person
from tests.factories_indicators import settle_duties
from tests.world import make_world

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def browse(chromium, live_server):
    """browse(who) → a page of a browser of its own."""
    opened = []

    def opening(who):
        page = signed_in(chromium, live_server.url, who, 1366, 768)
        page.site, page.faults = live_server.url, []
        page.on("pageerror", lambda error: page.faults.append(str(error)))
        opened.append(page)
        return page

    yield opening
    for page in opened:
        page.context.close()
    time.sleep(0.5)  # what was under way still holds the tables that the next test empties


def test_every_due_form_of_the_catalogue_opens_and_is_typed_into_without_a_network(transactional_db, browse):
    call_command("load_catalogue", verbosity=0)
    world = make_world()
    clerk = person(Role.CLERK, facility=world.facilities["S-x"])
    settle_duties()
    page = browse(clerk)
    page.goto(page.site + reverse("submissions:due"))
    assert seen(page, "Number(document.documentElement.dataset.kept) > 0", seconds=60)
    worker_ready(page)
    forms = page.evaluate("fetch('/submissions/due.json').then((one) => one.json()).then((one) => one.forms)")
    codes = {one["key"].split("/")[1] for one in forms}
    hospitals = {"BV", "BVN"}
    assert codes == set(Form.objects.values_list("code", flat=True)) - hospitals, "a station owes the others"

    page.goto(page.site + forms[0]["url"])
    go_offline(page)
    for one in forms:
        page.goto(page.site + one["url"], wait_until="domcontentloaded")
        assert seen(page, READY), one["key"]
    page.keyboard.type("5")
    assert saved_says(page, "1 ô chưa được nhận")
    assert page.faults == []
    print(f"forms opened without a network: {len(forms)}")


def test_a_draft_goes_out_as_a_file_and_comes_back_in_another_browser(browse, station, tmp_path):
    page = browse(station.clerk)
    page.route("**/sync/", lambda route: route.abort())
    page.goto(page.site + station.url)
    type_cells(page, "5", "hai", "NA", "1.234")
    assert saved_says(page, "4 ô chưa được nhận")
    with page.expect_download() as coming:
        page.click(".tools >> text=Tải tệp nháp")
    coming.value.save_as(tmp_path / "draft.json")

    other = browse(station.clerk)
    other.goto(other.site + station.url)
    assert seen(other, READY)
    other.set_input_files("input[type=file]", str(tmp_path / "draft.json"))
    other.wait_for_selector("dialog[open]")
    assert violations(other) == []
    other.click("dialog[open] >> text=Đưa vào biểu")
    assert [other.input_value(f"#{field(n)}") for n in range(1, 5)] == ["5", "hai", "NA", "1.234"]
    assert until(lambda: DataValue.objects.filter(value=5).exists()) and seen(other, RECEIVED)

    given = json.loads((tmp_path / "draft.json").read_text())
    for wrong, words in (
        ({**given, "key": "T-a1/X/2025-07"}, "của biểu, cơ sở hoặc kỳ khác"),
        ([], "không phải tệp nháp"),
    ):
        (tmp_path / "wrong.json").write_text(json.dumps(wrong))
        other.set_input_files("input[type=file]", str(tmp_path / "wrong.json"))
        assert seen(other, f"document.getElementById('told').textContent.includes({words!r})")
    assert other.input_value(f"#{field(1)}") == "5" and page.faults == other.faults == []


def test_the_list_and_every_dialog_of_the_store_are_accessible(browse, station):
    page = browse(station.clerk)
    page.route("**/sync/", lambda route: route.abort())
    page.goto(page.site + reverse("submissions:due"))
    assert seen(page, "Number(document.documentElement.dataset.kept) > 0")
    form = page.get_attribute("tbody th a[href*='/T-a1/'] >> nth=-1", "href")
    page.goto(page.site + form)
    type_cells(page, "5")
    assert saved_says(page, "1 ô chưa được nhận")
    page.goto(page.site + reverse("submissions:due"))
    page.wait_for_selector(".here-state")
    assert violations(page) == []
    page.unroute("**/sync/")

    page.goto(page.site + form)
    assert seen(page, RECEIVED)
    page.click(".foot [value=submit]")
    page.wait_for_selector("dialog[open]")
    assert violations(page) == []
    page.keyboard.press("Escape")
    conflict(page, station)
    page.wait_for_selector("dialog[open]")
    assert violations(page) == []
    page.keyboard.press("Escape")
    assert violations(page) == []

    Session.objects.all().delete()
    page.evaluate("dispatchEvent(new Event('online'))")
    page.focus(f"#{field(2)}")
    visit_signed_out(page)
    assert violations(page) == [] and page.faults == []


def conflict(page, station) -> None:
    submission = Submission.objects.get()
    other = person(Role.CLERK, facility=station.facility)
    theirs = {("X.c1", ""): CellValue(8)}
    save_cells(facility=station.facility, form=station.form, period=submission.period, cells=theirs, by=other)
    page.focus(f"#{field(1)}")
    type_cells(page, "9")


def visit_signed_out(page) -> None:
    """Settle the conflict, which asks to sign in first."""
    page.click("#attention >> text=Chọn ngay")
    page.click("dialog[open] button.button:not(.quiet)")
    page.wait_for_selector("dialog[open] input[type=password]")


def test_the_page_with_every_module_of_store_and_worker_takes_at_most_100_kb(browse, station):
    page = browse(station.clerk)
    html = page.request.get(page.site + station.url).body()
    files = [Path(str(finders.find(name))).read_bytes() for name in offline.asset_names()]
    sizes = [len(gzip.compress(one)) for one in (html, *files)]
    print(f"page {sizes[0]}, {len(files)} files {sum(sizes[1:])}, together {sum(sizes)} bytes compressed")
    assert len(files) > 30 and sum(sizes) <= MOST_BYTES
