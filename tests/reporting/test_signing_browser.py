"""A leader and a planner sign in a real browser; each state of the page fits a laptop and a telephone."""

import os
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings as portal
from django.test import Client
from django.urls import reverse
from playwright.sync_api import sync_playwright

from reporting.actions.reports import freeze
from reporting.checks import missing_libraries, serif_font
from reporting.models import Signature
from tests.config.test_browser import CHROMIUM, sideways, violations
from tests.reporting.signing_world import (
    PASSWORD,
    drawing,
    give_agency_key,
    key_file,
    make_report,
    store_pdf,
)
from tests.world import make_cast, make_world

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium is installed"),
    pytest.mark.skipif(bool(missing_libraries()) or serif_font() is None, reason="needs Pango and Tinos"),
    pytest.mark.filterwarnings("ignore:No directory at"),
]
SIZES = ((1366, 768), (360, 740))
# Set to a folder to keep a picture of each state.
PICTURES = os.environ.get("SIGNING_PICTURES", "")


@pytest.fixture
def chromium(monkeypatch):
    with sync_playwright() as playwright:
        # The driver keeps an event loop in this thread; the database is only asked between its calls.
        monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        yield browser
        browser.close()


@pytest.fixture
def visit(chromium, live_server):
    """Opens a page as a person."""
    contexts = []

    def open_as(person, url):
        client = Client()
        client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
        session = client.cookies[portal.SESSION_COOKIE_NAME].value
        contexts.append(chromium.new_context(locale="vi-VN"))
        contexts[-1].add_cookies(
            [{"name": portal.SESSION_COOKIE_NAME, "value": session, "url": live_server.url}]
        )
        page = contexts[-1].new_page()
        page.goto(live_server.url + url)
        return page

    yield open_as
    for context in contexts:
        context.close()


def looked_at(page, state: str) -> list[str]:
    found = []
    for width, height in SIZES:
        page.set_viewport_size({"width": width, "height": height})
        found += sideways(page, f"{state} at {width}px", width)
        found += violations(Axe(), page, f"{state} at {width}px")
        if PICTURES:
            page.screenshot(path=f"{PICTURES}/{state}-{width}.png", full_page=True)
    return found


def test_a_report_is_signed_twice_in_the_browser(visit, settings, tmp_path):
    world = make_world()
    cast, report = make_cast(world), make_report(world)
    snapshot = report.snapshots.get()
    store_pdf(snapshot)
    give_agency_key(settings, tmp_path / "signing", snapshot.data["content"]["agency"]["name"])
    (tmp_path / "khoa.p12").write_bytes(key_file())
    (tmp_path / "chu-ky.png").write_bytes(drawing())
    url = reverse("reports:signing", args=[report.pk])

    page = visit(cast.leader, url)
    faults = looked_at(page, "unsigned")
    page.set_input_files("input[name=key]", tmp_path / "khoa.p12")
    page.check("input[name=unfinished]")
    page.fill("input[name=password]", "sai mật khẩu")
    page.click("button.button[data-long]")
    page.wait_for_selector("[role=alert]")
    faults += looked_at(page, "refused")
    assert "Mật khẩu của tệp khoá không đúng" in page.inner_text("[role=alert]")
    page.set_input_files("input[name=key]", tmp_path / "khoa.p12")
    page.set_input_files("input[name=picture]", tmp_path / "chu-ky.png")
    page.fill("input[name=password]", PASSWORD)
    page.click("button.button[data-long]")
    page.wait_for_selector("dl.facts")

    page = visit(cast.planner, url)
    faults += looked_at(page, "person")
    page.click("button.button[data-long]")
    page.wait_for_selector("text=Chữ ký của cơ quan")
    faults += looked_at(page, "both")
    assert Signature.objects.count() == 2

    report.narrative = {"limits": "Bổ sung"}
    report.save()
    freeze(report=report, by=None, reason="Bổ sung")
    signed = Path(Signature.objects.get(part="agency").signed.path)
    signed.write_bytes(signed.read_bytes().replace(b"/Rect", b"/Rekt", 1))
    faults += looked_at(visit(cast.auditor, f"{url}?number=1"), "broken")
    faults += looked_at(visit(cast.auditor, url), "waiting")
    faults += looked_at(visit(cast.auditor, report.get_absolute_url()), "detail")
    faults += looked_at(visit(cast.auditor, reverse("reports:list")), "list")
    assert not faults, "\n".join(faults)
