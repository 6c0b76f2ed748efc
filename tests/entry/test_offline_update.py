"""A new version of the page's files, and the ways out of offline use."""

from __future__ import annotations

import time

import pytest
from django.contrib.staticfiles import finders
from django.urls import reverse

from indicators.models import DataValue
from indicators.presenters import offline
from tests.entry.browser import type_cells
from tests.entry.conftest import field, signed_in
from tests.entry.waiting import saved_says, seen, until, worker_ready

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

CACHES = "caches.keys().then((names) => names.sort().join(' '))"
CONTROLLED = "Boolean(navigator.serviceWorker.controller)"
REGISTERED = "navigator.serviceWorker.getRegistrations().then((all) => all.length)"


@pytest.fixture
def page(chromium, live_server, station):
    page = signed_in(chromium, live_server.url, station.clerk, 1366, 768)
    page.site = live_server.url
    page.faults = []
    page.on("pageerror", lambda error: page.faults.append(str(error)))
    yield page
    page.context.close()
    time.sleep(0.5)  # what was under way still holds the tables that the next test empties


def install(page) -> str:
    """Let the worker take the page; returns the newest form's address."""
    page.goto(page.site + reverse("submissions:due"))
    assert seen(page, "Number(document.documentElement.dataset.kept) > 0")
    worker_ready(page)
    form = page.get_attribute("tbody th a[href*='/T-a1/'] >> nth=-1", "href")
    page.goto(page.site + form)
    assert page.evaluate(CONTROLLED)
    return form


def bring(monkeypatch, tmp_path, name: str, more: str, without: tuple[str, ...] = ()) -> str:
    """A new version: `more` at the end of one file, some files no longer named. Returns the version before."""
    before, find, names = offline.version(), finders.find, offline.asset_names()
    changed = tmp_path / "changed.js"
    changed.write_text(open(find(name), encoding="utf-8").read() + more, encoding="utf-8")  # noqa: SIM115
    monkeypatch.setattr(finders, "find", lambda path, **o: str(changed) if path == name else find(path, **o))
    monkeypatch.setattr(offline, "asset_names", lambda: [one for one in names if one not in without])
    return before


def test_a_new_version_is_offered_and_used_after_a_reload_and_what_was_typed_stays(
    page, monkeypatch, tmp_path
):
    install(page)
    assert seen(page, "document.querySelector('.foot + .tools')")
    before = bring(monkeypatch, tmp_path, "entry/words.js", "\nexport const news = 'mới';\n")
    assert offline.version() != before
    page.route("**/sync/", lambda route: route.abort())
    type_cells(page, "5", "hai")
    assert saved_says(page, "Đã lưu trên máy")
    page.evaluate("navigator.serviceWorker.getRegistration('/submissions/').then((one) => one.update())")
    page.wait_for_selector("#attention >> text=Có phiên bản mới")
    news = "import('/static/entry/words.js').then((one) => String(one.news))"
    assert page.evaluate(news) == "undefined", "the open page keeps its version"

    page.click("#attention >> text=Dùng phiên bản mới")
    stored = f"{CACHES}.then((names) => names.includes('entry-assets-{offline.version()}'))"
    assert until(lambda: settled(page, stored))
    assert until(lambda: settled(page, news) == "mới")
    assert until(lambda: [page.input_value(f"#{field(n)}") for n in (1, 2)] == ["5", "hai"])
    page.unroute("**/sync/")
    assert until(lambda: DataValue.objects.filter(value=5).exists())
    assert page.faults == []


def settled(page, expression: str) -> object:
    """What the page says, None while it is on its way elsewhere."""
    try:
        return page.evaluate(expression)
    except Exception:  # noqa: BLE001  Playwright's error has no narrower name: the context was destroyed
        return None


def test_an_older_page_still_open_finds_its_files_with_the_network_off(page, monkeypatch, tmp_path):
    form = install(page)
    other = page.context.new_page()
    other.goto(page.site + form)
    bring(monkeypatch, tmp_path, "entry/words.js", "\n", without=("entry/help.js",))
    page.evaluate("navigator.serviceWorker.getRegistration('/submissions/').then((one) => one.update())")
    page.wait_for_selector("#attention >> text=Có phiên bản mới")
    page.click("#attention >> text=Dùng phiên bản mới")
    name = f"entry-assets-{offline.version()}"
    assert until(lambda: settled(page, f"caches.has('{name}')"))
    assert seen(other, f"navigator.serviceWorker.controller.state === 'activated' && {CONTROLLED}")
    page.context.set_offline(True)
    assert not other.evaluate(
        f"caches.open('{name}').then((c) => c.match('/static/entry/help.js')).then(Boolean)"
    )
    assert other.evaluate("fetch('/static/entry/help.js').then((one) => one.text())").startswith("//")


def test_sw_off_takes_worker_and_pages_away_and_leaves_the_draft(page):
    form = install(page)
    page.route("**/sync/", lambda route: route.abort())
    type_cells(page, "5")
    assert saved_says(page, "Đã lưu trên máy")
    page.goto(page.site + form + "?sw=off")
    page.wait_for_selector("#attention >> text=Đã gỡ bản dùng ngoại tuyến")
    assert seen(page, f"{CACHES}.then((names) => names === '')")
    page.goto(page.site + form)
    assert seen(page, f"document.getElementById('{field(1)}').value === '5'")
    assert not page.evaluate(CONTROLLED) and page.evaluate(REGISTERED) == 0
    assert page.evaluate(CACHES) == ""

    page.goto(page.site + form + "?sw=on")
    assert seen(page, f"{REGISTERED}.then((n) => n === 1)")


def test_switched_off_at_the_server_the_worker_removes_itself_and_its_caches(page, settings):
    form = install(page)
    page.route("**/sync/", lambda route: route.abort())
    type_cells(page, "5")
    assert saved_says(page, "Đã lưu trên máy")
    settings.ENTRY_OFFLINE = False
    page.goto(page.site + form)
    assert seen(page, f"{CACHES}.then((names) => !names.includes('entry-assets'))")
    page.goto(page.site + form)
    assert seen(page, "document.querySelector('.foot + .tools')")
    page.goto(page.site + form)
    assert seen(page, f"{REGISTERED}.then((n) => n === 0)")
    assert seen(page, f"{CACHES}.then((names) => names === '')")
    assert until(lambda: page.input_value(f"#{field(1)}") == "5")
    page.unroute("**/sync/")
    assert until(lambda: DataValue.objects.filter(value=5).exists())
