"""Typing a month with digits and Enter alone, and every key of the table of keys."""

from __future__ import annotations

import pytest

from facilities.models import AuditEvent
from indicators.models import DataValue, Submission
from tests.entry.browser import focused, module, texts, type_cells, words_under
from tests.entry.conftest import field

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


class Keys:
    """A keyboard that counts what it presses."""

    def __init__(self, page):
        self.page, self.count = page, 0

    def press(self, key):
        self.count += 1
        self.page.keyboard.press(key)


def test_forty_fields_are_filed_by_digits_and_enter_alone_in_at_most_145_keys(open_form, station):
    # More digits than a station's month has: ten counts of three, 29 of two, and a zero.
    counts = {n: 100 + n if n % 4 == 0 else 10 + n for n in range(1, 41)} | {2: 0}
    page = open_form()
    assert focused(page) == field(1)
    keys = Keys(page)
    for n in range(1, 41):
        for digit in str(counts[n]):
            keys.press(digit)
        keys.press("Enter")
    assert focused(page) == "Nộp biểu"
    keys.press("Enter")
    page.wait_for_url("**/submissions/")
    submission = Submission.objects.get()
    stored = dict(DataValue.objects.values_list("element__code", "value"))
    assert submission.status == "submitted"
    assert stored == {f"X.c{n}": count for n, count in counts.items()}
    print(f"40 fields: {keys.count} keystrokes")
    assert keys.count <= 145


def test_a_warning_and_blanks_are_asked_once_and_enter_answers(open_form):
    page = open_form()
    type_cells(page, "2", "5")
    page.keyboard.press("Control+Enter")
    asked = page.inner_text("dialog.ask")
    assert "Còn 38 ô trống" in asked and "Cột c2 lớn hơn cột c1." in asked
    assert focused(page) == "Vẫn nộp" and not Submission.objects.filter(status="submitted").exists()
    page.keyboard.press("Escape")
    assert page.query_selector("dialog") is None and focused(page) == field(3)
    page.keyboard.press("Control+Enter")
    page.keyboard.press("Enter")
    page.wait_for_url("**/submissions/")
    assert Submission.objects.get().status == "submitted"


def test_an_explanation_typed_straight_away_goes_to_its_field(open_form):
    """The focus is on the button that submits, and the first space would press it."""
    page = open_form()
    type_cells(page, "2", "5")
    page.keyboard.press("Control+Enter")
    page.keyboard.type("Một chị dùng hai biện pháp")
    page.wait_for_timeout(300)
    assert page.input_value("#ask-remark") == "Một chị dùng hai biện pháp"
    assert not Submission.objects.filter(status="submitted").exists()
    page.click("dialog button.button:not(.quiet)")
    page.wait_for_url("**/submissions/")
    told = AuditEvent.objects.get(verb="submit")
    assert told.details["remark"] == "Một chị dùng hai biện pháp"


def test_what_can_not_be_read_is_gone_back_to_before_submitting(open_form):
    page = open_form()
    type_cells(page, "2", "hai", "3")
    page.keyboard.press("Control+Enter")
    assert focused(page) == field(2) and "không phải là số" in words_under(page, field(2))
    assert (
        page.query_selector("dialog") is None and not Submission.objects.filter(status="submitted").exists()
    )


SEVEN = [str(n) for n in range(11, 18)]  # what stands in the first seven cells in the tests below


@pytest.fixture
def page(open_form):
    page = open_form()
    type_cells(page, *SEVEN)
    return page  # the eighth field has the focus


# Each row of the table of keys: what is pressed from cell 8 (7 cells filled), and where that leads.
MOVES = {
    "down": (["ArrowDown"], 9),
    "up": (["ArrowUp"], 7),
    "enter": (["Enter"], 9),
    "back": (["Shift+Enter"], 7),
    "tab": (["Tab"], 9),
    "tab_back": (["Shift+Tab"], 7),
    "section_first": (["Home"], 1),
    "section_last": (["End"], 14),
    "page_down": (["PageDown"], 18),
    "page_up": (["PageDown", "PageDown", "PageUp"], 18),
    "first": (["Control+Home"], 1),
    "last": (["Control+End"], 40),
    "next_open": (["Control+Home", "Control+ArrowDown"], 8),
    "previous_open": (["ArrowDown", "5", "ArrowDown", "Control+ArrowUp"], 8),
}


@pytest.mark.parametrize("action", MOVES)
def test_the_keys_that_move(page, action):
    keys, cell = MOVES[action]
    for key in keys:
        page.keyboard.press(key)
    assert focused(page) == field(cell)


def type_over(page):
    page.keyboard.press("ArrowUp")
    page.keyboard.type("9")
    return texts(page, field(7)) == ["9"]


def edit(page):
    page.keyboard.press("ArrowUp")
    page.keyboard.press("F2")
    page.keyboard.type("8")
    page.keyboard.press("Home")
    page.keyboard.press("Delete")
    page.keyboard.type("4")
    return texts(page, field(7)) == ["478"] and focused(page) == field(7)


def restore(page):
    page.keyboard.press("ArrowUp")
    page.keyboard.type("999")
    page.keyboard.press("Escape")
    return texts(page, field(7)) == ["17"] and focused(page) == field(7)


def clear(page):
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Delete")
    return texts(page, field(7)) == [""]


def no_data(page):
    page.keyboard.press("n")
    page.keyboard.press("Enter")
    return texts(page, field(8)) == ["NA"] and words_under(page, field(8)) == "" and focused(page) == field(9)


def undo(page):
    type_cells(page, "8", "12")
    page.keyboard.press("Control+z")
    page.keyboard.press("Control+z")
    return texts(page, field(7), field(8), field(9)) == ["17", "", ""] and focused(page) == field(8)


def redo(page):
    type_cells(page, "8", "12")
    for key in ("Control+z", "Control+z", "Control+y", "Control+Shift+z"):
        page.keyboard.press(key)
    return texts(page, field(8), field(9)) == ["8", "12"]


def paste(page):
    page.evaluate(PASTE, "21\n22\n")
    page.keyboard.press("Enter")
    return texts(page, field(8), field(9)) == ["21", "22"]


def zeros(page):
    page.keyboard.press("F9")
    filled = texts(page, *(field(n) for n in range(7, 16))) == ["17", *["0"] * 7, ""]
    page.keyboard.press("Control+z")
    return filled and texts(page, *(field(n) for n in range(7, 16))) == ["17", *[""] * 8]


def note(page):
    page.keyboard.press("Shift+F2")
    page.keyboard.type("Sổ mới, n ? 12")
    page.keyboard.press("Enter")
    return focused(page) == field(8) and "Ghi chú: Sổ mới, n ? 12" in words_under(page, field(8))


def explain(page):
    page.keyboard.press("Shift+F4")
    page.keyboard.type("Hai điểm lẻ gộp về")
    page.keyboard.press("Enter")
    return focused(page) == field(8)


def next_remark(page):
    page.keyboard.press("Control+Home")
    page.keyboard.type("1")
    page.keyboard.press("Control+End")
    page.keyboard.press("F8")
    return focused(page) == field(2)


def panel(page):
    page.keyboard.press("F4")
    inside = page.evaluate("document.getElementById('panel').contains(document.activeElement)")
    page.keyboard.press("Escape")
    return inside and focused(page) == field(8)


def save(page):
    page.keyboard.press("Control+s")
    for _wait in range(100):
        if DataValue.objects.count() == 7:
            break
        page.wait_for_timeout(100)
    return DataValue.objects.count() == 7


def submit(page):
    page.keyboard.press("Control+Enter")
    return page.is_visible("dialog.ask") and focused(page) == "Vẫn nộp"


def show_help(page):
    page.keyboard.press("F1")
    rows = page.locator("dialog .keys tr").count()
    page.keyboard.press("Escape")
    back = focused(page) == field(8)
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("?")
    return rows == 30 and back and page.is_visible("dialog .keys")


DEEDS = {
    "type": type_over, "edit": edit, "restore": restore, "clear": clear, "no_data": no_data, "undo": undo,
    "redo": redo, "paste": paste, "zeros": zeros, "note": note, "explain": explain, "next_remark": next_remark,
    "panel": panel, "save": save, "submit": submit, "help": show_help,
}  # fmt: skip
PASTE = """text => {
  const data = new DataTransfer();
  data.setData("text/plain", text);
  document.activeElement.dispatchEvent(new ClipboardEvent("paste", {clipboardData: data, bubbles: true, cancelable: true}));
}"""


@pytest.mark.parametrize("action", DEEDS)
def test_the_keys_that_do(page, action):
    assert DEEDS[action](page)


def test_every_row_of_the_table_of_keys_is_tried_here(blank_page):
    rows = blank_page.evaluate(module("keys", "() => m.KEYS.map((row) => row.action)"))
    assert len(rows) == 30 and sorted(rows) == sorted([*MOVES, *DEEDS])


def test_an_input_method_that_composes_keeps_its_keys(page):
    for key in ("Enter", "ArrowDown", "F9", "Escape"):
        page.evaluate(
            "key => document.activeElement.dispatchEvent(new KeyboardEvent('keydown', {key, isComposing: true, bubbles: true, cancelable: true}))",
            key,
        )
    assert focused(page) == field(8) and texts(page, field(9)) == [""]


def test_a_text_field_keeps_every_letter_and_sign(page):
    page.keyboard.press("Shift+F2")
    for key in ("?", "n", "N", "Home", "End", "ArrowDown", "Delete", "F9", "1"):
        page.keyboard.press(key)
    assert page.input_value("textarea") == "?nN1"
    page.keyboard.press("Escape")
    assert focused(page) == field(8) and words_under(page, field(8)) == ""


def test_a_text_with_two_readings_waits_and_takes_no_digit_of_the_next_figure(open_form):
    page = open_form()
    type_cells(page, "17", "1.034", "149")
    assert texts(page, field(1), field(2), field(3)) == ["17", "1.034", "149"]
    assert "hai cách" in words_under(page, field(2)) or page.locator(f"#w-{field(2)} .choice").count() == 2
    page.keyboard.press("Control+Enter")
    assert focused(page) == field(2)


def test_a_press_of_the_mouse_selects_and_a_double_one_edits(open_form):
    page = open_form()
    type_cells(page, "20")
    page.click(f"#{field(1)}")
    page.wait_for_timeout(700)
    page.click(f"#{field(1)}")
    page.keyboard.type("15")
    assert page.input_value(f"#{field(1)}") == "15"
    page.dblclick(f"#{field(1)}")
    page.keyboard.press("End")
    page.keyboard.type("7")
    assert page.input_value(f"#{field(1)}") == "157" and focused(page) == field(1)
