"""Words typed with the network off: they speak of the value they were typed for, and stay until they are read."""

from __future__ import annotations

from datetime import date

import pytest

from facilities.models import Role
from indicators.actions.figures import save_cells
from indicators.models import CellNote
from indicators.values import CellValue
from tests.entry.browser import type_cells
from tests.entry.conftest import field
from tests.entry.waiting import RECEIVED, counts, go_offline, saved_says, seen, until
from tests.factories import person

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_a_reason_given_for_a_value_that_was_retyped_before_it_was_sent_does_not_explain_the_new_one(
    open_form,
):
    page = open_form(allowed="Failed to load")
    type_cells(page, "2")
    assert seen(page, RECEIVED)
    go_offline(page)
    type_cells(page, "50")
    page.locator(f"#w-{field(2)} button").click()
    page.keyboard.type("Sinh đôi.")
    page.keyboard.press("Enter")
    page.focus(f"#{field(2)}")
    page.keyboard.type("6")
    page.keyboard.press("Enter")
    page.context.set_offline(False)
    assert until(lambda: counts() == {"X.c1": 2, "X.c2": 6})
    assert until(
        lambda: list(CellNote.objects.values_list("kind", "text", "value")) == [("reason", "Sinh đôi.", 50)]
    )
    page.reload()
    assert until(lambda: "1 cảnh báo" in page.inner_text(".foot .reported"), 5)


def test_a_text_nobody_can_read_stays_where_a_colleague_wrote_and_its_correction_asks(open_form, station):
    page = open_form(allowed="409")
    type_cells(page, "2")
    assert seen(page, RECEIVED)
    page.context.set_offline(True)
    type_cells(page, "hai")
    save_cells(
        facility=station.facility,
        form=station.form,
        period=date(2025, 8, 1),
        cells={("X.c2", ""): CellValue(8)},
        by=person(Role.CLERK, facility=station.facility),
    )
    page.context.set_offline(False)
    assert until(lambda: CellNote.objects.filter(kind="typed", text="hai").exists())
    assert saved_says(page, "đã nhận") and page.input_value(f"#{field(2)}") == "hai"
    page.focus(f"#{field(2)}")
    page.keyboard.press("Control+a")
    page.keyboard.type("9")
    page.keyboard.press("Enter")
    page.wait_for_selector("dialog[open]")
    assert counts() == {"X.c1": 2, "X.c2": 8}
