"""The entry page as it is seen: accessible, narrow, light, and clean on paper."""

from __future__ import annotations

import gzip

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.entry.browser import focused, type_cells
from tests.entry.conftest import field, named
from tests.entry.test_paste import put

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

WIDTHS = [(1366, 768), (360, 740), (320, 640)]
MOST_BYTES = 100_000


def violations(page) -> list[str]:
    found = Axe().run(page, options={"resultTypes": ["violations"]}).response["violations"]
    return [f"{one['id']}: {one['help']}: {one['nodes'][0]['html'][:160]}" for one in found]


def sent_back(package):
    words = {"text": "Xem lại sổ.", "by": "Người duyệt", "at": "2025-09-03T08:00:00+07:00", "value": None}
    package["notes"][named(9)] = {"sent_back": words, "note": words}


def sideways(page) -> bool:
    return page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")


@pytest.mark.parametrize(("width", "height"), WIDTHS)
def test_with_everything_open_the_page_is_accessible_and_not_wider_than_its_window(open_form, width, height):
    page = open_form(width, height, change=sent_back)
    type_cells(page, "2", "5", "hai", "1.234", "NA")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("F4")
    page.keyboard.press("Shift+F2")
    assert violations(page) == [] and not sideways(page)
    page.keyboard.press("Escape")
    put(page, "Số liệu thứ 2\t1.234\nSố liệu thứ 7\t-")
    assert violations(page) == [] and not sideways(page)
    page.locator("input[value=names]").check()
    assert violations(page) == [] and not sideways(page)
    page.keyboard.press("Escape")
    page.keyboard.press("F1")
    assert violations(page) == [] and not sideways(page)


@pytest.mark.parametrize(("width", "height"), WIDTHS)
def test_the_focused_field_is_in_sight_and_nothing_lies_over_it(open_form, width, height):
    page = open_form(width, height)
    hidden = []
    for n in range(1, 41):
        page.keyboard.press("5")
        seen = page.evaluate(
            "() => { const box = document.activeElement.getBoundingClientRect();"
            " return document.elementFromPoint(box.left + box.width / 2, box.top + box.height / 2) === document.activeElement; }"
        )
        if not seen or focused(page) != field(n):
            hidden.append(n)
        page.keyboard.press("Enter")
    assert hidden == []


def test_targets_are_large_enough_for_a_finger(open_form):
    page = open_form(360, 740)
    type_cells(page, "2", "5", "1.234")
    small = page.evaluate(
        """() => [...document.querySelectorAll("#entry-form :is(button, input:not([type=hidden], [tabindex='-1']), textarea)")]
            .filter((one) => one.offsetParent && !one.closest(".hidden") && !one.classList.contains("hidden"))
            .map((one) => [one.textContent || one.name, one.getBoundingClientRect()])
            .filter(([, box]) => box.width && (box.width < 24 || box.height < 24)).map(([name]) => name)"""
    )
    assert small == []
    assert page.get_attribute(f"#{field(1)}", "inputmode") == "numeric"


def test_a_first_load_takes_at_most_100_kb_compressed_and_nothing_from_elsewhere(
    open_form, live_server, station
):
    bodies = {}
    page = open_form(before=lambda page: page.on("response", lambda sent: bodies.__setitem__(sent.url, sent)))
    page.wait_for_load_state("networkidle")
    sizes = {url: len(gzip.compress(answer.body())) for url, answer in bodies.items()}
    print(
        "\n".join(f"{size:7d} {url}" for url, size in sorted(sizes.items())), f"\nsum {sum(sizes.values())}"
    )
    assert all(url.startswith(live_server.url) for url in sizes)
    assert any(url.endswith("/entry/main.js") for url in sizes) and sum(sizes.values()) <= MOST_BYTES


def test_on_paper_the_form_is_a_clean_sheet(open_form):
    page = open_form()
    type_cells(page, "2", "5")
    page.emulate_media(media="print")
    for gone in ("#beside", ".foot", ".top", ".na", ".tools"):
        assert not page.locator(gone).first.is_visible()
    assert page.locator(f"#{field(1)}").is_visible() and page.pdf(format="A4").startswith(b"%PDF")
