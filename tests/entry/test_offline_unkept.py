"""A browser whose database stops writing: the form posts as it does without scripts, and nothing typed is lost."""

from __future__ import annotations

import pytest

from indicators.models import Submission
from tests.entry.browser import type_cells
from tests.entry.conftest import field
from tests.entry.waiting import READY, RECEIVED, counts, saved_says, seen, until

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
