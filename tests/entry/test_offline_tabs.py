"""Two tabs of one form, and keys pressed twice: one draft, one operation, one submission, one question."""

from __future__ import annotations

import time

import pytest

from facilities.models import AuditEvent, Role
from indicators.actions.figures import save_cells
from indicators.models import DataValue, DataValueChange, Operation, Submission
from indicators.values import CellValue
from tests.entry.browser import type_cells
from tests.entry.conftest import field, signed_in
from tests.entry.waiting import ON_DISK, READY, RECEIVED, seen, until
from tests.factories import person

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

HIDE = """() => { Object.defineProperty(document, 'visibilityState', {get: () => window.seen || 'hidden', configurable: true});
    document.dispatchEvent(new Event('visibilitychange')); }"""
SHOW = "() => { window.seen = 'visible'; document.dispatchEvent(new Event('visibilitychange')); }"


@pytest.fixture
def tabs(chromium, live_server, station):
    """The form in two tabs of one browser."""
    first = signed_in(chromium, live_server.url, station.clerk, 1366, 768)
    second = first.context.new_page()
    faults = []
    for page in (first, second):
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.goto(live_server.url + station.url)
        assert seen(page, READY)
    yield first, second
    first.context.close()
    time.sleep(0.5)  # what was under way still holds the tables that the next test empties
    assert faults == []


def value(page, n: int) -> str:
    return page.input_value(f"#{field(n)}")


def dialogs(tabs) -> int:
    return sum(len(page.query_selector_all("dialog[open]")) for page in tabs)


def submitted() -> int:
    return AuditEvent.objects.filter(verb="submit").count()


def test_what_is_typed_in_one_tab_shows_in_the_other_and_is_sent_once(tabs):
    first, second = tabs
    type_cells(first, "5", "hai")
    assert until(lambda: (value(second, 1), value(second, 2)) == ("5", "hai"))
    second.focus(f"#{field(3)}")
    type_cells(second, "7")
    assert until(lambda: value(first, 3) == "7")
    assert until(lambda: DataValue.objects.count() == 2)
    assert seen(first, RECEIVED) and seen(second, RECEIVED)
    assert DataValueChange.objects.count() == 2
    assert Operation.objects.count() <= 3
    assert dialogs(tabs) == 0


def test_the_submit_key_pressed_twice_and_in_two_tabs_submits_once(tabs):
    first, second = tabs
    type_cells(first, *(str(60 - n) for n in range(40)))
    assert until(lambda: value(second, 40) == "21")
    assert until(lambda: first.evaluate(ON_DISK))  # the other tab sends what the database holds
    press = "() => { const b = document.querySelector('.foot [value=submit]'); b.click(); b.click(); }"
    first.evaluate(press)
    second.evaluate(press)
    assert until(lambda: Submission.objects.filter(status="submitted").exists())
    first.wait_for_url("**/submissions/")
    second.wait_for_url("**/submissions/")
    first.wait_for_timeout(1500)
    assert submitted() == 1
    assert DataValue.objects.count() == DataValueChange.objects.count() == 40


def test_two_people_on_one_cell_are_asked_in_the_tab_in_sight_alone(tabs, station):
    first, second = tabs
    type_cells(first, "5")
    assert seen(first, RECEIVED) and seen(second, RECEIVED)
    second.evaluate(HIDE)
    submission = Submission.objects.get()
    other = person(Role.CLERK, facility=station.facility)
    theirs = {("X.c1", ""): CellValue(8)}
    save_cells(facility=station.facility, form=station.form, period=submission.period, cells=theirs, by=other)
    first.focus(f"#{field(1)}")
    type_cells(first, "9")
    first.wait_for_selector("dialog[open]")
    first.wait_for_timeout(500)
    assert dialogs(tabs) == 1
    second.evaluate(SHOW)  # two windows side by side
    assert seen(second, "document.getElementById('attention').textContent.includes('Chọn ngay')")
    assert dialogs(tabs) == 1

    first.check("dialog[open] input[value=mine]")
    first.keyboard.press("Enter")
    assert until(lambda: DataValue.objects.get(element__code="X.c1").value == 9)
    assert seen(first, RECEIVED) and seen(second, RECEIVED)
    assert seen(second, "!document.getElementById('attention').textContent.includes('Chọn ngay')")
    assert (value(first, 1), value(second, 1)) == ("9", "9") and dialogs(tabs) == 0


def test_a_figure_given_up_in_one_tab_goes_in_the_other_too(tabs, station):
    first, second = tabs
    type_cells(first, "5")
    assert seen(first, RECEIVED) and seen(second, RECEIVED)
    second.evaluate(HIDE)
    other = person(Role.CLERK, facility=station.facility)
    theirs = {("X.c1", ""): CellValue(8), ("X.c2", ""): CellValue(4)}
    period = Submission.objects.get().period
    save_cells(facility=station.facility, form=station.form, period=period, cells=theirs, by=other)
    first.focus(f"#{field(1)}")
    type_cells(first, "9")
    first.wait_for_selector("dialog[open]")
    assert until(lambda: value(second, 1) == "9")
    first.check("dialog[open] input[value=theirs]")
    first.keyboard.press("Enter")
    assert until(lambda: (value(first, 1), value(first, 2)) == ("8", "4"))
    assert until(lambda: (value(second, 1), value(second, 2)) == ("8", "4"), seconds=5)
