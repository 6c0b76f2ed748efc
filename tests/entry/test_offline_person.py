"""Several people at one laptop: kept pages go with their person, a draft waits for its own."""

from __future__ import annotations

import time
from datetime import date

import pytest
from django.db import OperationalError
from django.urls import reverse

from facilities.models import Role
from indicators.models import DataValue
from tests.entry.browser import type_cells
from tests.entry.conftest import field, signed_in
from tests.entry.waiting import go_offline, leave, seen, until, worker_ready
from tests.factories import PASSWORD, person

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

KEPT = "caches.keys().then((names) => names.filter((one) => one.startsWith('entry-pages-')))"
IN_CACHE = "async (name) => (await (await caches.open(name)).keys()).map((one) => new URL(one.url).pathname)"


@pytest.fixture
def page(chromium, live_server, station):
    context = chromium.new_context(locale="vi-VN")
    page = context.new_page()
    page.site = live_server.url
    page.faults = []
    page.on("pageerror", lambda error: page.faults.append(str(error)))
    yield page
    context.close()
    time.sleep(0.5)  # what was under way still holds the tables that the next test empties


@pytest.fixture
def colleague(station):
    return person(Role.CLERK, facility=station.facility)


def sign_in(page, who) -> None:
    page.goto(page.site + reverse("accounts:sign-in"))
    page.fill("input[name=username]", who.username)
    page.fill("input[name=password]", PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_selector("form[data-signs-out]")


def sign_out(page) -> None:
    page.goto(page.site + reverse("places:tree"))
    page.click("form[data-signs-out] button")
    page.wait_for_selector("input[name=password]")


def keep_month(page, who) -> str:
    """Visit the list of what is due, as `who`; returns the address of the newest form."""
    page.goto(page.site + reverse("submissions:due"))
    assert seen(page, "Number(document.documentElement.dataset.kept) > 0")
    worker_ready(page)
    assert page.evaluate(KEPT) == [f"entry-pages-{who.pk}"]
    return page.get_attribute("tbody th a[href*='/T-a1/'] >> nth=-1", "href")


def unavailable(**_batch) -> None:
    raise OperationalError("no connection")


def test_signing_out_anywhere_takes_the_pages_and_leaves_the_draft_to_its_owner(
    page, station, colleague, monkeypatch
):
    sign_in(page, station.clerk)
    form = keep_month(page, station.clerk)
    go_offline(page)
    page.goto(page.site + form)
    # What a page sends as it goes may pass by a network that is cut off only in the browser.
    monkeypatch.setattr("indicators.views.entry.entry.count_batch", unavailable)
    type_cells(page, "5", "hai")
    leave(page, page.site + reverse("submissions:due"))
    page.context.set_offline(False)

    sign_out(page)
    assert page.evaluate(KEPT) == []
    go_offline(page)
    with pytest.raises(Exception, match="ERR_"):
        page.goto(page.site + form)
    page.context.set_offline(False)

    sign_in(page, colleague)
    keep_month(page, colleague)
    page.goto(page.site + form)
    page.wait_for_selector(".foot + .tools")  # the draft, if there were one, has been read
    assert page.input_value(f"#{field(1)}") == "" and not DataValue.objects.exists()
    sign_out(page)

    monkeypatch.undo()
    sign_in(page, station.clerk)
    page.goto(page.site + form)
    assert seen(page, f"document.getElementById('{field(2)}').value === 'hai'")
    assert page.input_value(f"#{field(1)}") == "5"
    assert until(lambda: DataValue.objects.filter(value=5).exists())
    assert page.faults == []


def test_another_person_signed_in_meanwhile_takes_the_pages_on_whatever_page(page, station, colleague):
    sign_in(page, station.clerk)
    keep_month(page, station.clerk)
    other = signed_in(page.context.browser, page.site, colleague, 800, 600)
    cookies = other.context.cookies()
    other.context.close()

    page.context.add_cookies(cookies)
    page.goto(page.site + reverse("places:tree"))
    assert seen(page, f"{KEPT}.then((names) => names.length === 0)")


def test_the_worker_puts_no_page_of_one_person_among_those_of_another(page, station, colleague):
    sign_in(page, station.clerk)
    form = keep_month(page, station.clerk)
    mine = f"entry-pages-{station.clerk.pk}"
    kept = page.evaluate(IN_CACHE, mine)
    assert form in kept and reverse("submissions:due") in kept
    other = signed_in(page.context.browser, page.site, colleague, 800, 600)
    cookies = other.context.cookies()
    other.context.close()

    page.context.add_cookies(cookies)
    page.route("**/person.js", lambda route: route.abort())  # by the worker alone
    answer = page.goto(page.site + form)
    assert answer.headers["x-entry-user"] == str(colleague.pk)
    assert seen(page, f"caches.has('{mine}').then((found) => !found)")


def test_being_sent_to_another_page_of_ones_own_leaves_what_is_kept(page, station):
    station.file(date(2025, 8, 1), {1: 5})
    sign_in(page, station.clerk)
    form = keep_month(page, station.clerk)
    page.goto(page.site + reverse("submissions:correct", args=station.key))
    assert page.url == page.site + station.url
    assert form in page.evaluate(IN_CACHE, f"entry-pages-{station.clerk.pk}")


def test_sent_to_sign_in_the_worker_takes_the_pages(page, station):
    sign_in(page, station.clerk)
    form = keep_month(page, station.clerk)
    page.context.clear_cookies()
    page.route("**/person.js", lambda route: route.abort())  # by the worker alone
    page.goto(page.site + form)
    assert seen(page, f"{KEPT}.then((names) => names.length === 0)")


def test_a_page_that_names_nobody_is_not_kept(page, station):
    sign_in(page, station.clerk)
    keep_month(page, station.clerk)
    page.goto(page.site + reverse("submissions:corrections"))
    page.wait_for_timeout(300)
    kept = page.evaluate(IN_CACHE, f"entry-pages-{station.clerk.pk}")
    assert reverse("submissions:corrections") not in kept
