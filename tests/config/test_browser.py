"""The pages in a real browser: accessible, narrow enough for a telephone, quiet, and at home with a keyboard."""

from __future__ import annotations

import shutil

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.urls import reverse
from playwright.sync_api import sync_playwright

from indicators.models import DataValue, Submission
from tests.config.access_site import make_site, routes
from tests.config.test_access_matrix import EXPECTED
from tests.entry.waiting import READY, seen

CHROMIUM = shutil.which("chromium")
pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium is installed"),
    pytest.mark.filterwarnings("ignore:No directory at"),
]
WIDE, NARROW = (1366, 768), ((360, 740), (320, 640))
FILES = {
    "reports:file",
    "reports:snapshot-file",
    "reports:signed-file",
    "reports:issued-file",
    "reports:link-file",
    "reports:package",
    "reports:preview",  # the printed page, as wide as paper
    "reports:preview-style",
    "submissions:workbook",
    "submissions:area-workbook",
}
SCRIPTS = {
    "plans:stamp",
    "submissions:who",
    "submissions:due-forms",
    "submissions:worker",
}  # answers to scripts, not pages
SHARED = {"home", "accounts:account", "accounts:password", "places:tree", "places:area", "accounts:notices"}
READING = {
    "plans:list",
    "plans:scorecard",
    "plans:line",
    "plans:allocation",
    "plans:tasks",
    "plans:document",
    "reports:detail",
    "reports:signing",
    "reports:preparing",
}
PAGES = {
    "anonymous": {"accounts:sign-in", "accounts:unsubscribe"},
    "clerk": SHARED
    | {
        f"submissions:{name}"
        for name in ("due", "form", "history", "correct", "upload", "upload-preview", "absence")
    }
    | {"accounts:notice"},
    "reviewer": {"home", "submissions:due", "submissions:review", "submissions:form", "quality:list"}
    | {f"submissions:{name}" for name in ("matrix", "closing", "corrections", "correction", "approved")},
    "planner": READING
    | {
        name
        for method, name in EXPECTED
        if method == "GET"
        and name.startswith(("plans:", "reports:", "reforms:"))
        and name not in FILES | SCRIPTS
    },
    "officer": {"home", "plans:list", "plans:tasks", "plans:task", "plans:document"},
    "leader": {
        "home",
        "quality:list",
        "quality:rules",
        "quality:outliers",
        "quality:consistency",
        "submissions:form",
    }
    | READING,
    "auditor": {"home", "log:list", "submissions:review", "submissions:history", "plans:scorecard"},
    "administrator": {"home", "plans:scorecard", "plans:edit", "recompute:list"},
}
LONG = "Tỷ lệ phụ nữ đẻ được khám thai ít nhất 4 lần trong 3 thai kỳ tại vùng đồng bào dân tộc thiểu số và miền núi"
# Everything but contrast of what is switched off; the rules of WCAG 2.2 A and AA, and good practice.
AXE = {"resultTypes": ["violations"]}


@pytest.fixture(scope="module")
def chromium():
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        # The driver keeps an event loop in this thread; the database is only asked between its calls.
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        yield browser
        browser.close()


@pytest.fixture
def site(chromium):
    site = make_site()
    site.plan.lines.filter(key="1.1").update(name=LONG, group_text="đồng bào dân tộc thiểu số")
    site.plan.objectives.update(title=LONG)
    site.plan.tasks.update(content=f"{LONG}; {LONG}", output=LONG)
    text = f"{LONG}\n\nTT | Chỉ tiêu | Đơn vị tính | Kế hoạch\n1 | {LONG} | % | 90"
    site.plan.sections = [{"heading": "I. MỤC TIÊU", "text": text}]
    site.plan.title = LONG
    site.plan.save()
    return site


@pytest.fixture
def page(chromium, live_server, site, request):
    """A page signed in as `who`, with everything it complained of or fetched elsewhere in `page.faults`."""
    who = request.node.callspec.params.get("who", "clerk") if hasattr(request.node, "callspec") else "clerk"
    context = chromium.new_context(viewport={"width": WIDE[0], "height": WIDE[1]}, locale="vi-VN")
    if who != "anonymous":
        session = site.client(who).cookies[settings.SESSION_COOKIE_NAME].value
        context.add_cookies(
            [{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": live_server.url}]
        )
    page = context.new_page()
    page.faults = []
    page.on(
        "console",
        lambda said: page.faults.append(f"{page.url}: {said.text}") if said.type == "error" else None,
    )
    page.on("pageerror", lambda error: page.faults.append(f"{page.url}: {error}"))
    page.on(
        "request",
        lambda sent: (
            None
            if sent.url.startswith((live_server.url, "data:"))
            else page.faults.append(f"{page.url} asks {sent.url}")
        ),
    )
    yield page
    context.close()


def test_every_page_is_looked_at_by_somebody():
    html = {
        name
        for (method, name), row in EXPECTED.items()
        if method == "GET"
        and not name.startswith("api:")
        and name != "healthz"
        and name not in FILES | SCRIPTS
    }
    assert set().union(*PAGES.values()) == html


@pytest.mark.parametrize("who", sorted(PAGES))
def test_the_pages_of_a_role_are_accessible_narrow_and_quiet(page, live_server, site, who):
    axe, faults = Axe(), []
    for name in sorted(PAGES[who]):
        url = site.address(name, routes()[name])
        page.set_viewport_size({"width": WIDE[0], "height": WIDE[1]})
        answer = page.goto(live_server.url + url)
        assert answer.status == 200, f"{name}: {answer.status}"
        faults += sideways(page, name, WIDE[0])
        faults += violations(axe, page, name)
        for width, height in NARROW:
            page.set_viewport_size({"width": width, "height": height})
            faults += sideways(page, name, width)
        faults += violations(axe, page, f"{name} at {width}px")
    assert not faults + page.faults, "\n".join(faults + page.faults)


@pytest.mark.parametrize("who", ["planner", "leader"])
def test_the_views_of_a_line_are_accessible_narrow_and_quiet(page, live_server, site, who):
    axe, faults = Axe(), []
    line = reverse("plans:line", args=[site.plan.slug, "1.1"])
    for view in ("trend", "ranking", "months", "map", "groups"):
        page.set_viewport_size({"width": WIDE[0], "height": WIDE[1]})
        assert page.goto(f"{live_server.url}{line}?view={view}&year=2025").status == 200
        faults += sideways(page, view, WIDE[0]) + violations(axe, page, view)
        for width, height in NARROW:
            page.set_viewport_size({"width": width, "height": height})
            faults += sideways(page, f"{view} at {width}px", width)
        faults += violations(axe, page, f"{view} at {width}px")
    assert not faults + page.faults, "\n".join(faults + page.faults)


def test_a_clerk_fills_and_submits_the_form_by_keyboard_alone(page, live_server, site):
    page.goto(live_server.url + reverse("submissions:form", args=["T-a1", "X", "2025-09"]))
    assert seen(page, READY)
    keys = page.keyboard
    # The first empty cell has the focus; Enter goes on, and from the last cell to the button.
    for text in ("12", "7"):
        keys.type(text)
        keys.press("Enter")
    with page.expect_navigation():
        keys.press("Enter")

    submission = Submission.objects.get(facility__code="T-a1", period="2025-09-01")
    stored = DataValue.objects.filter(submission=submission).values_list("element__code", "value")
    assert (submission.status, dict(stored)) == ("submitted", {"X.all": 12, "X.part": 7})
    assert page.url.endswith(reverse("submissions:due")) and not page.faults


def test_tab_alone_reaches_every_cell_and_the_buttons_in_the_order_they_are_read(page, live_server, site):
    page.goto(live_server.url + reverse("submissions:form", args=["T-a1", "X", "2025-09"]))
    reached = []
    for _step in range(12):
        reached.append(page.evaluate("document.activeElement.name + '=' + document.activeElement.value"))
        page.keyboard.press("Tab")
    wanted = ["v:X.all:=", "v:X.part:=", "action=save", "action=submit"]
    assert [one for one in reached if one in wanted] == wanted


def test_a_keyboard_can_skip_to_the_content_and_sees_where_it_is(page, live_server, site):
    page.goto(live_server.url + reverse("places:tree"))
    page.keyboard.press("Tab")
    outline = "getComputedStyle(document.activeElement).outlineStyle"
    assert page.evaluate("document.activeElement.className") == "skip"
    assert page.evaluate(outline) != "none"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"


def sideways(page, name: str, width: int) -> list[str]:
    """Say what sticks out where the page scrolls sideways."""
    wide = page.evaluate("document.documentElement.scrollWidth")
    if wide <= page.evaluate("document.documentElement.clientWidth"):
        return []
    culprit = page.evaluate(
        "w => [...document.querySelectorAll('body *')].filter(e => e.getBoundingClientRect().right > w + 1)"
        ".slice(-1).map(e => e.outerHTML.slice(0, 120))[0]",
        width,
    )
    return [f"{name}: {wide}px wide in {width}px, {culprit}"]


def violations(axe: Axe, page, name: str) -> list[str]:
    found = axe.run(page, options=AXE).response["violations"]
    return [f"{name}: {one['id']}: {one['help']}: {one['nodes'][0]['html'][:160]}" for one in found]
