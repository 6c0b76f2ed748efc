"""Marked to be submitted with the network off: the form is closed, can be taken back, and stays closed once it went."""

from __future__ import annotations

import time

import pytest
from django.urls import reverse

from indicators.models import DataValue, Submission
from tests.entry.browser import type_cells
from tests.entry.conftest import field, signed_in
from tests.entry.waiting import RECEIVED, counts, go_offline, leave, saved_says, seen, until, worker_ready

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

LOCKED = f"document.getElementById('{field(1)}').readOnly"
TOLD = "document.getElementById('attention').textContent"
# From a list the month is fetched anew when the network is back: a page of before stands where that came too early.
COPY_KEPT = """async ([path, from, to]) => {
  const name = async (part) => (await caches.keys()).find((one) => one.startsWith(part)) || part;
  const copy = await (await caches.open(await name(from))).match(path);
  await (await caches.open(await name(to))).put(path, copy);
}"""


@pytest.fixture
def page(chromium, live_server, station):
    page = signed_in(chromium, live_server.url, station.clerk, 1366, 768)
    page.site = live_server.url
    page.faults = []
    page.on("pageerror", lambda error: page.faults.append(str(error)))
    yield page
    page.context.close()
    time.sleep(0.5)  # what was under way still holds the tables that the next test empties


def keep_month(page) -> str:
    """Visit the list of what is due; returns the address of the newest form."""
    page.goto(page.site + reverse("submissions:due"))
    assert seen(page, "Number(document.documentElement.dataset.kept) > 0")
    worker_ready(page)
    return page.get_attribute("tbody th a[href*='/T-a1/'] >> nth=-1", "href")


def test_ready_without_a_network_the_form_is_closed_until_it_is_taken_back(page):
    form = keep_month(page)
    go_offline(page)
    page.goto(page.site + form)
    type_cells(page, *(str(60 - n) for n in range(40)))
    page.keyboard.press("Enter")
    assert saved_says(page, "Sẵn sàng nộp, sẽ gửi khi có mạng")
    page.goto(page.site + form)
    assert seen(page, f"{TOLD}.includes('Sẵn sàng nộp')") and page.evaluate(LOCKED)
    assert not page.is_visible(".foot button.button")
    page.focus(f"#{field(1)}")
    page.keyboard.press("Delete")
    page.keyboard.type("7")
    assert page.input_value(f"#{field(1)}") == "60"

    page.click("#attention >> text=Lấy lại để sửa")
    assert seen(page, f"!{LOCKED} && {TOLD} === ''")
    page.focus(f"#{field(1)}")
    page.keyboard.type("61")
    page.keyboard.press("Enter")
    assert saved_says(page, "40 ô chưa được nhận")
    page.context.set_offline(False)
    assert until(lambda: DataValue.objects.count() == 40)
    assert seen(page, RECEIVED)
    assert Submission.objects.get().status == "draft" and counts()["X.c1"] == 61
    assert page.faults == []


def test_sent_from_the_list_a_page_kept_before_shows_what_was_received_and_that_it_is_submitted(page):
    form = keep_month(page)
    go_offline(page)
    page.evaluate(COPY_KEPT, [form, "entry-pages-", "before"])
    page.goto(page.site + form)
    type_cells(page, "5", "hai", "NA")
    leave(page, page.site + reverse("submissions:due"))
    page.context.set_offline(False)
    assert until(lambda: counts().get("X.c1") == 5)
    assert seen(
        page, "!document.querySelector('.here-state') || !document.querySelector('.here-state').textContent"
    )

    go_offline(page)
    page.evaluate(COPY_KEPT, [form, "before", "entry-pages-"])
    page.goto(page.site + form)
    shown = (
        "[1, 2, 3].map((n) => document.querySelectorAll('table.entry .cell input[type=text]')[n - 1].value)"
    )
    assert seen(page, f"{shown}.join() === '5,hai,NA'")
    page.focus(f"#{field(1)}")
    type_cells(page, *(str(60 - n) for n in range(40)))
    page.keyboard.press("Enter")
    assert saved_says(page, "Sẵn sàng nộp")
    page.goto(page.site + reverse("submissions:due"))
    page.context.set_offline(False)
    assert until(lambda: Submission.objects.filter(status="submitted").exists())
    assert seen(page, "document.body.textContent.includes('Máy chủ đã nhận và đã nộp')")

    go_offline(page)
    page.evaluate(COPY_KEPT, [form, "before", "entry-pages-"])
    page.goto(page.site + form)
    assert seen(page, f"{TOLD}.includes('Biểu này đã nộp')") and page.evaluate(LOCKED)
    assert page.input_value(f"#{field(1)}") == "60" and page.input_value(f"#{field(40)}") == "21"
    assert page.faults == []
