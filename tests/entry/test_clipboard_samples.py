"""240 clipboards pasted into the form page: every figure right or asked, none on another row; and how long a block takes."""

from __future__ import annotations

import os
import shutil
from datetime import date

import pytest
from django.conf import settings
from django.core.management import call_command
from django.urls import reverse
from playwright.sync_api import sync_playwright

from facilities.models import Role
from indicators.models import FormItem
from tests.entry import clipboard
from tests.factories import person
from tests.factories_indicators import FormFactory, settle_duties
from tests.world import make_world

CHROMIUM = shutil.which("chromium")
pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium is installed"),
    pytest.mark.filterwarnings("ignore:No directory at"),
]
PERIOD, SLOWER, LIMIT_MS = "2025-10", 4, 500
TIMES = 3
NEEDLESS = 24  # a page that asks always is never wrong, and never used: one sample in ten
# From the paste until the preview is painted, and from the answer until the fields are.
TIMED = """
async ({id, text}) => {
  const painted = () => new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
  const field = document.getElementById(id);
  field.focus();
  field.select();
  const data = new DataTransfer();
  data.setData("text/plain", text);
  const started = performance.now();
  field.dispatchEvent(new ClipboardEvent("paste", {clipboardData: data, bubbles: true, cancelable: true}));
  await painted();
  const shown = performance.now();
  document.querySelector('dialog[open] button[value="apply"]').click();
  await painted();
  return [shown - started, performance.now() - shown];
}
"""


@pytest.fixture(scope="module")
def chromium():
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        # The driver keeps an event loop in this thread; the database is only asked between its calls.
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        yield browser
        browser.close()


@pytest.fixture
def station(db):
    world = make_world()
    call_command("load_catalogue", verbosity=0)
    FormFactory(code="P", cells=[(f"P.{number}", "") for number in range(1, 41)])
    settle_duties()
    return world.facilities["T-a1"]


@pytest.fixture
def open_form(chromium, live_server, client, station):
    """Opens a form of the station as its clerk; what the page complains of lands in `page.faults`."""
    client.force_login(
        person(Role.CLERK, facility=station), backend="django.contrib.auth.backends.ModelBackend"
    )
    context = chromium.new_context(viewport={"width": 1366, "height": 768}, locale="vi-VN")
    session = client.cookies[settings.SESSION_COOKIE_NAME].value
    context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": live_server.url}])
    page = context.new_page()
    page.faults = []
    page.on("pageerror", lambda error: page.faults.append(str(error)))

    def go(form):
        page.goto(live_server.url + reverse("submissions:form", args=[station.code, form, PERIOD]))
        page.wait_for_load_state("networkidle")
        package = page.evaluate("JSON.parse(document.getElementById('entry-package').textContent)")
        rows = [row for section in package["sections"] for row in section["rows"]]
        page.fields = {row["column"] or row["cell"]: row["id"] for row in rows}
        page.labels = [row["label"] for row in rows]
        return page

    yield go
    context.close()


def test_every_sample_names_rows_of_the_form_and_they_are_enough(station):
    items = FormItem.objects.filter(form__code="B4", form__valid_from=date(2025, 7, 1))
    columns = set(items.values_list("column", flat=True))
    samples = clipboard.samples()
    assert len({sample["id"] for sample in samples}) == len(samples) >= 200
    for sample in samples:
        assert {sample.get("at", clipboard.FIRST), *sample["cells"], *sample.get("before", {})} <= columns


def test_every_clipboard_lands_right_or_asks_and_nothing_shifts_silently(open_form):
    page = open_form("B4")
    wrong, needless = {}, []
    for sample in clipboard.samples():
        outcome = clipboard.paste(page, page.fields, sample)
        if said := clipboard.faults(sample, outcome):
            wrong[sample["id"]] = said
        if outcome.asks_needlessly(sample):
            needless.append(sample["id"])
    print(f"asked more than needed: {', '.join(needless)}")
    assert wrong == {}, "\n".join(f"{name}: {'; '.join(said)}" for name, said in wrong.items())
    assert len(needless) <= NEEDLESS
    assert page.faults == [] and page.evaluate("window.hacked") is None


@pytest.mark.skipif(
    not os.environ.get("MEASURE"), reason="a time says nothing on a shared machine: MEASURE=1 on a quiet one"
)
def test_a_block_of_forty_rows_and_twelve_months_is_pasted_within_half_a_second_on_a_slow_machine(open_form):
    taken = []
    # Each time on a page just opened; the fastest is the one that other work on this machine disturbed least.
    for _time in range(TIMES):
        page = open_form("P")
        session = page.context.new_cdp_session(page)
        session.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
        taken.append(page.evaluate(TIMED, {"id": next(iter(page.fields.values())), "text": block_of(page)}))
        session.send("Emulation.setCPUThrottlingRate", {"rate": 1})
        values = page.evaluate(
            "ids => ids.map((id) => document.getElementById(id).value)", [*page.fields.values()]
        )
        assert values == [str(100 * number + 10) for number in range(40)]
    said = "; ".join(f"preview {shown:.0f} ms, landing {landed:.0f} ms" for shown, landed in taken)
    print(f"{said}, {SLOWER}× slower")
    assert min(map(sum, taken)) <= LIMIT_MS, said


def block_of(page) -> str:
    """Forty rows with their names and twelve months, as a sheet writes them."""
    assert len(page.labels) == 40
    lines = ["\t".join(["Chỉ tiêu", *(f"Tháng {month}" for month in range(1, 13))])]
    for number, label in enumerate(page.labels):
        lines.append("\t".join([label, *(str(100 * number + month) for month in range(1, 13))]))
    return "\r\n".join(lines)
