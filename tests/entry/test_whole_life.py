"""A month from the first digit to the closed period, as its clerk and its reviewer live it in their browsers."""

from __future__ import annotations

import pytest
from django.urls import reverse

from indicators.models import ClosedPeriod, Correction, DataValue, DataValueChange, Submission
from tests.entry.browser import focused, type_cells, words_under
from tests.entry.conftest import KEY, field
from tests.entry.test_offline import until

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
NINTH, SAID = "Số liệu thứ 9", "Sổ A4 ghi 27, biểu ghi 42."
FORM, NEXT_DOOR = (reverse("submissions:form", args=[code, *KEY[1:]]) for code in ("T-a1", "T-a2"))
DUE, MATRIX, CLOSING = (
    reverse(f"submissions:{name}") + "?period=2025-08" for name in ("due", "matrix", "closing")
)
CORRECTIONS, HISTORY = reverse("submissions:corrections"), reverse("submissions:history", args=KEY)


def status() -> str:
    return Submission.objects.get(facility__code="T-a1").status


def ninth() -> int:
    return DataValue.objects.get(element__code="X.c9").value


def test_a_month_is_typed_sent_back_mended_approved_corrected_and_closed(open_form, live_server, station):
    clerk, reviewer = open_form(), open_form(who=station.reviewer, path=MATRIX)
    site = live_server.url
    types_and_submits(clerk)
    sends_back_with_a_reason_at_a_cell(reviewer, site)
    reads_it_and_mends_that_cell(clerk, site)
    approves(reviewer, site)
    proposes_a_correction(clerk, site)
    accepts_it(reviewer, site)
    closes_the_period(reviewer, site)
    can_type_no_more(clerk, site)
    finds_every_value_and_its_way(clerk, site)


def types_and_submits(clerk) -> None:
    type_cells(clerk, *(str(10 + n) for n in range(40, 0, -1)))
    assert focused(clerk) == "Nộp biểu"
    clerk.keyboard.press("Enter")
    clerk.wait_for_url("**/submissions/")
    assert status() == "submitted"


def sends_back_with_a_reason_at_a_cell(reviewer, site) -> None:
    reviewer.goto(site + MATRIX)
    reviewer.click("table.matrix .mx.submitted a")
    reviewer.click("text=Trả lại để sửa")
    reviewer.click("summary:has-text('Lý do cho từng ô')")
    reviewer.fill(f"input[aria-label='Lý do: c9 {NINTH}']", SAID)
    reviewer.click("button:has-text('Trả lại')")
    reviewer.wait_for_url(site + MATRIX)  # the list the form was opened from
    assert status() == "sent_back"


def reads_it_and_mends_that_cell(clerk, site) -> None:
    """In the list, above the form, at the cell."""
    clerk.goto(site + DUE)
    clerk.click("tr:has-text('Trả lại:') a")
    assert SAID in clerk.inner_text(".notice.warn") and SAID in words_under(clerk, field(9))
    assert words_under(clerk, field(8)) == ""
    clerk.click(f".notice a:has-text('{NINTH}')")
    clerk.fill(f"#{field(9)}", "27")
    clerk.keyboard.press("Control+Enter")
    clerk.keyboard.press("Enter")
    assert until(lambda: status() == "submitted") and ninth() == 27


def approves(reviewer, site) -> None:
    reviewer.goto(site + FORM)
    assert "c9 (42 → 27)" in reviewer.inner_text("main")
    reviewer.click("button:has-text('Duyệt')")
    reviewer.wait_for_url("**/review/")
    assert status() == "approved"


def proposes_a_correction(clerk, site) -> None:
    clerk.goto(site + FORM)
    assert clerk.locator("#entry-form").count() == 0
    clerk.click("a:has-text('Đề nghị đính chính')")
    clerk.get_by_label(NINTH, exact=True).fill("28")
    clerk.fill("#reason", "Sót một ca đẻ tại nhà.")
    clerk.click("button:has-text('Gửi đề nghị')")
    clerk.wait_for_url("**/corrections/*/")
    assert ninth() == 27


def accepts_it(reviewer, site) -> None:
    reviewer.goto(site + CORRECTIONS)
    reviewer.click("main table a")
    reviewer.click("button:has-text('Chấp nhận, ghi số mới')")
    assert until(lambda: Correction.objects.get().status == "accepted") and ninth() == 28


def closes_the_period(reviewer, site) -> None:
    """Over what other stations still owe, which asks for a tick."""
    reviewer.goto(site + CLOSING)
    reviewer.check("#confirm")
    reviewer.click("button:has-text('Khóa tháng 8/2025')")
    assert until(lambda: ClosedPeriod.objects.exists())


def can_type_no_more(clerk, site) -> None:
    for page in (FORM, NEXT_DOOR):
        clerk.goto(site + page)
        assert "Kỳ đã khóa" in clerk.inner_text("main")
        assert clerk.locator("main input:visible").count() == 0
        assert clerk.locator("a:has-text('Đề nghị đính chính')").count() == 0


def finds_every_value_and_its_way(clerk, site) -> None:
    clerk.goto(f"{site}{HISTORY}?cell=X.c9")
    changes = DataValueChange.objects.filter(element__code="X.c9").order_by("pk")
    ways = [(None, 42, "form"), (42, 27, "form"), (27, 28, "correction")]
    assert list(changes.values_list("old_value", "new_value", "source")) == ways
    assert clerk.locator("main tbody tr").count() == len(ways)
