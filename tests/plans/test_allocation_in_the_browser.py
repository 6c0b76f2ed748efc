"""Sharing a target out in a browser: what is typed is kept by itself, also over the end of a session."""

from __future__ import annotations

import time

import pytest
from django.contrib.sessions.models import Session
from django.test import Client

from plans.models import TypedShares
from tests.entry.conftest import chromium, chromium_driver, signed_in
from tests.entry.waiting import seen, until
from tests.plans.pages import make_scene
from tests.plans.shares import last_year
from tests.plans.test_pages_allocation import URL

__all__ = ["chromium", "chromium_driver"]  # fixtures

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.filterwarnings("ignore:No directory at"),
]
SAYS = "document.querySelector('[data-typed-words]').textContent.includes(%r)"


@pytest.fixture
def opened(chromium, live_server, transactional_db):
    """The page that shares a line out, with the scene it is of; a script that fails fails the test."""
    scene, faults = make_scene(), []
    last_year(scene)
    page = signed_in(chromium, live_server.url, scene.cast.planner, 1366, 768)
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.goto(f"{live_server.url}{URL}")
    if not page.query_selector("[data-typed]"):
        page.click("button[name=compute] >> nth=0")
    page.wait_for_selector("[data-typed]")
    yield page, scene
    page.context.close()
    time.sleep(0.5)  # what was under way still holds the tables that the next test empties
    assert faults == []


def kept(field):
    return [draft.fields.get(field) for draft in TypedShares.objects.all()]


def test_typing_is_kept_again_once_the_person_has_signed_in_anew(opened, live_server):
    page, scene = opened
    field = f"v{scene.world.areas['x'].pk}"
    page.fill(f"[name={field}]", "81,5")
    assert seen(page, SAYS % "Đã lưu nháp") and kept(field) == ["81,5"]

    Session.objects.all().delete()
    page.fill(f"[name={field}]", "82,5")
    assert seen(page, SAYS % "phiên đăng nhập đã hết")
    again = Client()
    again.force_login(scene.cast.planner, backend="django.contrib.auth.backends.ModelBackend")
    session = again.cookies["sessionid"].value
    page.context.add_cookies(
        [
            {"name": "sessionid", "value": session, "url": live_server.url},
            {"name": "csrftoken", "value": "n" * 32, "url": live_server.url},  # signing in brings another one
        ]
    )
    page.evaluate("dispatchEvent(new Event('focus'))")
    assert seen(page, SAYS % "Đã lưu nháp") and until(lambda: kept(field) == ["82,5"])
    page.click("button[name=check]:visible")
    page.wait_for_selector("[data-typed]")
    assert page.input_value(f"[name={field}]") == "82,5" and "Trang đã cũ" not in page.content()
