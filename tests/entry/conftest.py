"""A station whose monthly form has 40 cells in three sections, and a browser in which its clerk has it open."""

from __future__ import annotations

import json
import re
import shutil
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Browser, Page, Route, sync_playwright

from facilities.models import Facility, User
from indicators.models import Form
from tests.factories_indicators import (
    DataElementFactory,
    FormFactory,
    FormItemFactory,
    FormSectionFactory,
    GroupFactory,
    RuleFactory,
    SubmissionFactory,
    settle_duties,
)
from tests.world import make_cast, make_world

CHROMIUM = shutil.which("chromium")
KEY = ("T-a1", "X", "2025-08")
SCRIPT = '<script id="entry-package" type="application/json">%s</script>'
PACKAGE = re.compile(r'<script[^>]*id="entry-package"[^>]*>(.*?)</script>', re.S)
SECTIONS = (("Mang thai", range(1, 15)), ("Sinh đẻ", range(15, 30)), ("Chăm sóc sau đẻ", range(30, 41)))


@dataclass
class Station:
    """A facility with its form of 40 cells `X.c1` … `X.c40`; cell 3 is of a group of people."""

    facility: Facility
    form: Form
    clerk: User
    reviewer: User
    key: tuple[str, str, str] = KEY

    @property
    def url(self) -> str:
        return reverse("submissions:form", args=self.key)

    def file(self, period: date, values: dict[int, Any], **options: Any) -> Any:
        cells = {cell(n): value for n, value in values.items()}
        return SubmissionFactory(
            facility=self.facility, form=self.form, period=period, values=cells, **options
        )


def cell(n: int) -> tuple[str, str]:
    return (f"X.c{n}", "DTTS" if n == 3 else "")


def named(n: int) -> str:
    """The cell as the package writes it."""
    element, group = cell(n)
    return f"{element}[{group}]" if group else element


def field(n: int) -> str:
    """The id of the cell's field on the page."""
    return f"c-X-c{n}" + ("-DTTS" if n == 3 else "")


@pytest.fixture(scope="module")
def chromium_driver():
    if CHROMIUM is None:
        pytest.skip("no Chromium is installed")
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        # The driver keeps an event loop in this thread; the database is only asked between its calls.
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
        yield playwright.chromium


@pytest.fixture(scope="module")
def chromium(chromium_driver):
    browser = chromium_driver.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
    yield browser
    browser.close()


@pytest.fixture
def blank_page(chromium, live_server):
    """A page of this site that holds nothing, to run modules of the entry page in."""
    page = chromium.new_page()
    page.goto(live_server.url + "/healthz")
    yield page
    page.close()


@pytest.fixture
def station(transactional_db):
    world = make_world()
    cast = make_cast(world)
    form = FormFactory(code="X")
    for order, (title, numbers) in enumerate(SECTIONS, start=1):
        section = FormSectionFactory(form=form, order=order, title=title)
        for n in numbers:
            code, group = cell(n)
            element = DataElementFactory(
                code=code, name=f"Số liệu thứ {n}", definition=f"Đếm theo sổ, cột {n}."
            )
            FormItemFactory(
                form=form, section=section, order=n, element=element, group=GroupFactory(code=group)
            )
    RuleFactory(code="c2-c1", form_code="X", expression="X.c2 <= X.c1", message="Cột c2 lớn hơn cột c1.")
    settle_duties()
    return Station(world.facilities["T-a1"], form, cast.clerk, cast.reviewer)


@pytest.fixture
def open_form(chromium, live_server, station):
    """open_form(width=…, height=…, path="", change=f) → the clerk's page, the package changed by `f(package)` in place.

    What the page complained of or fetched elsewhere fails the test.
    """
    opened: list[tuple[Any, list[str]]] = []
    sending: set[Any] = set()

    def opening(
        width: int = 1366,
        height: int = 768,
        path: str = "",
        who: User | None = None,
        change: Any = None,
        before: Any = None,
        allowed: str = "\0",
        **options: Any,
    ) -> Page:
        page = signed_in(chromium, live_server.url, who or station.clerk, width, height, **options)
        faults: list[str] = []
        page.on(
            "console",
            lambda said: (
                faults.append(said.text) if said.type == "error" and allowed not in said.text else None
            ),
        )
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on(
            "request",
            lambda sent: (
                None if sent.url.startswith((live_server.url, "data:", "blob:")) else faults.append(sent.url)
            ),
        )
        opened.append((page.context, faults))
        page.on("request", lambda sent: sending.add(sent) if sent.is_navigation_request() else None)
        page.on("requestfinished", lambda sent: sending.discard(sent))
        page.on("requestfailed", lambda sent: sending.discard(sent))
        if before:
            before(page)
        if change:
            change_package(page, live_server.url + station.url, change)
        page.goto(live_server.url + (path or station.url))
        return page

    yield opening
    for context, _faults in opened:
        settle(context, sending)
        context.close()
    # What a page was sending when it closed still holds the tables that the next test empties.
    time.sleep(0.5)
    assert [fault for _context, faults in opened for fault in faults] == []


def settle(context: Any, sending: set[Any], seconds: float = 20) -> None:
    """Let a page that is on its way arrive: Chromium may never answer for a context closed in that moment."""
    end = time.monotonic() + seconds
    while sending and context.pages and time.monotonic() < end:
        context.pages[0].wait_for_timeout(50)


def signed_in(chromium: Browser, url: str, who: User, width: int, height: int, **options: Any) -> Page:
    client = Client()
    client.force_login(who, backend="django.contrib.auth.backends.ModelBackend")
    cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
    context = chromium.new_context(viewport={"width": width, "height": height}, locale="vi-VN", **options)
    context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": url}])
    return context.new_page()


def change_package(page: Page, url: str, change: Callable[[dict], None]) -> None:
    """Let the page arrive with its package changed in place by `change`."""

    def answer(route: Route) -> None:
        if route.request.method != "GET":
            route.continue_()
            return
        response = route.fetch()
        html = response.text()
        found = PACKAGE.search(html)
        package = json.loads(found[1])
        change(package)
        written = SCRIPT % json.dumps(package).replace("<", "\\u003c")
        route.fulfill(response=response, body=html.replace(found[0], written))

    page.route(url, answer)
