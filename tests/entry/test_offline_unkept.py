"""A browser that keeps nothing, or came too late: the form posts as it does without scripts, nothing typed is lost."""

from __future__ import annotations

from datetime import date

import pytest
from django.urls import reverse

from facilities.models import Role
from indicators.actions.figures import save_cells
from indicators.models import Submission
from indicators.values import CellValue
from tests.entry.browser import type_cells
from tests.entry.conftest import field
from tests.entry.waiting import READY, RECEIVED, counts, saved_says, seen, until, worker_ready
from tests.factories import person

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

# The request fails after it was made, as it does on a full disk.
REFUSES = (
    "() => { IDBObjectStore.prototype.put = function (value) { this.add(value); return this.add(value); }; }"
)
NONE = "IDBFactory.prototype.open = () => { throw new DOMException('no', 'SecurityError'); }"


def test_a_database_that_refuses_to_write_lets_the_form_post_itself(open_form, station):
    page = open_form(service_workers="block", allowed="422")
    type_cells(page, "5")
    assert seen(page, READY) and seen(page, RECEIVED)
    page.evaluate(REFUSES)
    type_cells(page, "4", "hai")
    assert saved_says(page, "không cho lưu")
    page.focus(f"#{field(4)}")
    page.keyboard.press("Control+s")
    assert until(lambda: counts() == {"X.c1": 5, "X.c2": 4})
    page.wait_for_selector(f"#{field(3)}[aria-invalid=true]")
    assert page.input_value(f"#{field(3)}") == "hai"


def test_a_database_that_fails_at_the_submit_key_still_submits(open_form, station):
    page = open_form(service_workers="block")
    assert seen(page, READY)
    page.evaluate(REFUSES)
    type_cells(page, *(str(60 - n) for n in range(40)))
    page.keyboard.press("Enter")
    assert until(lambda: Submission.objects.filter(status="submitted").exists())
    assert sorted(counts().values()) == list(range(21, 61))
    page.wait_for_url("**/submissions/")


def test_without_database_and_network_the_page_stays_and_its_file_holds_what_was_typed(open_form, tmp_path):
    page = open_form(
        service_workers="block", before=lambda page: page.add_init_script(NONE), allowed="Failed to load"
    )
    assert saved_says(page, "không cho lưu")
    type_cells(page, "5", "hai")
    page.context.set_offline(True)
    page.keyboard.press("Control+s")
    assert seen(page, "document.getElementById('told').textContent.includes('Đừng đóng trang này')")
    assert page.input_value(f"#{field(1)}") == "5" and page.input_value(f"#{field(2)}") == "hai"
    with page.expect_download() as coming:
        page.click(".tools >> text=Tải tệp nháp")
    coming.value.save_as(tmp_path / "draft.json")
    assert '"hai"' in (tmp_path / "draft.json").read_text()

    page.context.set_offline(False)
    page.keyboard.press("Control+s")
    assert until(lambda: counts() == {"X.c1": 5})
    page.wait_for_selector(
        f"#{field(2)}[aria-invalid=true]"
    )  # the page that answers: none is left on its way


def without_scripts(page) -> None:
    page.route("**/entry/main.js", lambda route: route.abort())


@pytest.mark.parametrize("key", ["Control+s", "Control+Enter"])
def test_what_a_page_without_its_scripts_left_unsaved_is_posted_by_the_page_that_has_them(
    open_form, station, key
):
    page = open_form(service_workers="block", before=without_scripts, allowed="Failed to load")
    page.fill(f"#{field(1)}", "60")
    page.unroute("**/entry/main.js")
    page.click("button[value^=fill-] >> nth=0")
    assert seen(page, READY)
    assert (page.input_value(f"#{field(1)}"), page.input_value(f"#{field(2)}")) == ("60", "0")
    page.focus(f"#{field(15)}")
    type_cells(page, "7")
    page.keyboard.press(key)
    if key == "Control+Enter":
        page.keyboard.press("Enter")  # blanks are left
        page.wait_for_url("**/submissions/")
    filled = {f"X.c{n}": 0 for n in range(2, 15)}
    assert until(lambda: counts() == {"X.c1": 60, **filled, "X.c15": 7})


@pytest.mark.parametrize(("choice", "kept"), [("mine", 9), ("theirs", 8)])
def test_a_choice_between_two_figures_on_a_page_that_came_unsaved_is_posted(open_form, station, choice, kept):
    page = open_form(service_workers="block", before=without_scripts, allowed="Failed to load")
    save_cells(
        facility=station.facility,
        form=station.form,
        period=date(2025, 8, 1),
        cells={("X.c1", ""): CellValue(8), ("X.c2", ""): CellValue(4)},
        by=person(Role.CLERK, facility=station.facility),
    )
    page.fill(f"#{field(1)}", "9")
    page.unroute("**/entry/main.js")
    page.click(".foot [value=save]")
    assert seen(page, READY)
    page.focus(f"#{field(3)}")
    type_cells(page, "7")
    assert until(lambda: counts() == {"X.c1": 8, "X.c2": 4, "X.c3": 7})
    page.check(f"fieldset.choices input[value={choice}]")
    page.keyboard.press("Control+s")
    assert until(lambda: counts() == {"X.c1": kept, "X.c2": 4, "X.c3": 7})
    page.wait_for_selector("fieldset.choices", state="detached")


def test_a_worker_that_can_keep_no_page_still_shows_it_as_it_is_now(open_form, station, live_server):
    page = open_form()
    assert seen(page, READY)
    worker_ready(page)
    assert seen(page, "caches.match(location.pathname).then(Boolean)")
    full = "() => { Cache.prototype.put = () => Promise.reject(new DOMException('full', 'QuotaExceededError')); }"
    page.context.service_workers[0].evaluate(full)
    save_cells(
        facility=station.facility,
        form=station.form,
        period=date(2025, 8, 1),
        cells={("X.c1", ""): CellValue(8)},
        by=station.clerk,
    )
    page.goto(live_server.url + station.url)
    assert page.input_value(f"#{field(1)}") == "8"
    assert page.goto(live_server.url + reverse("submissions:due")).ok
