"""A month with the network off, two people on one cell, a session that ends: nothing typed is lost or counted twice."""

from __future__ import annotations

import time

import pytest
from django.contrib.sessions.models import Session
from django.urls import reverse

from facilities.models import Role
from indicators.actions.figures import save_cells
from indicators.models import DataValue, DataValueChange, Submission
from indicators.values import CellValue
from tests.entry.browser import type_cells
from tests.entry.conftest import field, signed_in
from tests.entry.waiting import RECEIVED, counts, go_offline, seen, until, worker_ready
from tests.factories import PASSWORD, person

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def page(chromium, live_server, station):
    page = signed_in(chromium, live_server.url, station.clerk, 1366, 768)
    page.faults = []
    page.on("pageerror", lambda error: page.faults.append(str(error)))
    yield page
    page.context.close()
    time.sleep(0.5)  # what was under way still holds the tables that the next test empties


def test_a_month_is_opened_typed_and_marked_ready_without_a_network_and_sent_on_return(page, live_server):
    page.goto(live_server.url + reverse("submissions:due"))
    assert seen(page, "Number(document.documentElement.dataset.kept) > 0")
    worker_ready(page)
    url = page.evaluate(
        "fetch('/submissions/due.json').then((one) => one.json()).then((found) => found.forms[0].url)"
    )

    go_offline(page)
    page.goto(live_server.url + reverse("submissions:due"))
    page.goto(live_server.url + url)
    type_cells(page, *(str(60 - n) for n in range(40)))
    page.keyboard.press("Enter")
    assert seen(page, "document.getElementById('saved').textContent.includes('Sẵn sàng')")
    assert not Submission.objects.exists(), "nothing can have been sent"
    page.goto(live_server.url + reverse("submissions:due"))
    page.wait_for_selector(".here-state")

    page.context.set_offline(False)
    assert until(lambda: Submission.objects.filter(status="submitted").exists())
    assert sorted(DataValue.objects.values_list("value", flat=True)) == list(range(21, 61))
    assert DataValue.objects.count() == DataValueChange.objects.count() == 40
    assert page.faults == []


@pytest.mark.parametrize(("choice", "kept"), [("mine", 9), ("theirs", 8)])
def test_one_cell_two_people_wrote_is_asked_and_other_cells_merge(page, live_server, station, choice, kept):
    page.goto(live_server.url + station.url)
    type_cells(page, "5")
    assert seen(page, RECEIVED)
    other = person(Role.CLERK, facility=station.clerk.assignments.get().facility)
    submission = Submission.objects.get()
    theirs = {("X.c1", ""): CellValue(8), ("X.c40", ""): CellValue(3)}
    save_cells(facility=station.facility, form=station.form, period=submission.period, cells=theirs, by=other)

    page.focus(f"#{field(1)}")
    page.keyboard.press("Control+a")
    page.keyboard.type("9")
    page.keyboard.press("Enter")
    page.wait_for_selector("dialog[open]", timeout=15_000)
    assert "8" in page.inner_text("dialog[open]")
    page.check(f"dialog[open] input[value={choice}]")
    page.keyboard.press("Enter")
    assert until(lambda: counts().get("X.c1") == kept and not page.query_selector("dialog[open]"))
    assert seen(page, RECEIVED)
    assert until(
        lambda: (page.input_value(f"#{field(1)}"), page.input_value(f"#{field(40)}")) == (str(kept), "3")
    )
    assert page.faults == []


def test_a_session_that_ended_is_taken_up_in_place(page, live_server, station):
    page.goto(live_server.url + station.url)
    Session.objects.all().delete()
    type_cells(page, "5", "4")
    page.wait_for_selector("dialog[open] input[type=password]", timeout=15_000)
    time.sleep(1)  # an Enter still under way from the sheet asks with an empty password
    page.fill("dialog[open] input[type=password]", "sai")
    page.keyboard.press("Enter")
    assert seen(page, "document.querySelector('dialog[open] input[type=password]').value === ''")
    assert not DataValue.objects.exists()
    page.fill("dialog[open] input[type=password]", PASSWORD)
    page.keyboard.press("Enter")
    assert until(lambda: (counts().get("X.c1"), counts().get("X.c2")) == (5, 4))
    assert page.input_value(f"#{field(1)}") == "5" and page.faults == []


def test_what_one_person_typed_is_not_sent_or_shown_by_another(page, live_server, station):
    page.goto(live_server.url + station.url)
    page.route("**/sync/", lambda route: route.abort())
    type_cells(page, "5")
    page.wait_for_timeout(600)
    other = person(Role.CLERK, facility=station.clerk.assignments.get().facility)
    stranger = signed_in(page.context.browser, live_server.url, other, 1366, 768)
    cookies = stranger.context.cookies()
    stranger.context.close()
    page.context.clear_cookies()
    page.context.add_cookies(cookies)
    page.unroute("**/sync/")
    page.goto(live_server.url + station.url)
    page.wait_for_timeout(2500)
    assert page.input_value(f"#{field(1)}") == "" and not DataValue.objects.exists()
