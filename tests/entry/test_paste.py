"""Blocks from a spreadsheet: read right or asked, never shifted silently, previewed, applied as one undo."""

from __future__ import annotations

import json
import os

import pytest

from tests.entry.browser import focused, module, texts, type_cells, words_under
from tests.entry.conftest import field

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

READ = (
    "([text, html]) => m.readBlock(text, html).map((row) => row.map((one) => one.covered ? null : one.text))"
)
TEXTS = {
    "12\n3\n": [["12"], ["3"]],
    "12\r\n3\r\n": [["12"], ["3"]],
    "12\r3": [["12"], ["3"]],
    "12\n\n3\n": [["12"], [""], ["3"]],
    "a\t1\nb\t2": [["a", "1"], ["b", "2"]],
    '"Số trẻ\nđẻ ra"\t24\n': [["Số trẻ\nđẻ ra", "24"]],
    '"nói ""thật"""\t1\n': [['nói "thật"', "1"]],
    '"a\tb"\t7': [["a\tb", "7"]],
    '"abc\t1\nd\t2': [['"abc', "1"], ["d", "2"]],
    '5"\t6': [['5"', "6"]],
    '"5" x\t6': [['"5" x', "6"]],
    "1\t2\n3": [["1", "2"], ["3", ""]],
    "\t\n": [["", ""]],
    " 7 \n\N{NO-BREAK SPACE}8": [[" 7 "], ["\N{NO-BREAK SPACE}8"]],
}
HTMLS = {
    "<table><tr><td>1</td><td>2</td></tr></table>": [["1", "2"]],
    "<table><tr><td colspan=2>A</td><td>3</td></tr><tr><td>4</td><td>5</td><td>6</td></tr></table>": [
        ["A", None, "3"],
        ["4", "5", "6"],
    ],
    "<table><tr><td rowspan=3>A</td><td>1</td></tr><tr><td>2</td></tr><tr><td>3</td></tr></table>": [
        ["A", "1"],
        [None, "2"],
        [None, "3"],
    ],
    "<table><tr><td rowspan=9>A</td><td>1</td></tr></table>": [["A", "1"]],
    "<html><body><!--StartFragment--><table><col><tr><td>Số trẻ\n  đẻ ra</td><td>24</td></tr></table></body></html>": [
        ["Số trẻ đẻ ra", "24"]
    ],
    "<p>12</p>": [],
}


def test_clipboard_texts_are_read_as_spreadsheets_write_them(blank_page):
    got = {text: blank_page.evaluate(module("clipboard", READ), [text, ""]) for text in TEXTS}
    assert got == TEXTS


def test_tables_are_read_with_their_merged_cells(blank_page):
    got = {html: blank_page.evaluate(module("clipboard", READ), ["", html]) for html in HTMLS}
    assert got == HTMLS


PUT = """([text, html]) => {
  const data = new DataTransfer();
  data.setData("text/plain", text);
  if (html) data.setData("text/html", html);
  document.activeElement.dispatchEvent(new ClipboardEvent("paste", {clipboardData: data, bubbles: true, cancelable: true}));
}"""


def put(page, text, html=""):
    page.evaluate(PUT, [text, html])


def apply(page):
    page.locator("dialog button.button:not(.quiet)").click()


def rows(page):
    """The preview: what stands, what is in the block, what will be written, by row."""
    script = """() => [...document.querySelectorAll(".preview tbody tr")].map((tr) =>
        [...tr.querySelectorAll("td")].map((td) => td.querySelector("select") ? [...td.querySelectorAll("option")].map((o) => o.textContent).join("|") : td.textContent))"""
    return page.evaluate(script)


def test_one_column_runs_downward_and_one_undo_takes_it_back(open_form):
    page = open_form()
    type_cells(page, "5", "4")
    page.keyboard.press("Control+Home")
    put(page, "7\r\n6\r\n5\r\n")
    assert rows(page) == [["5", "7", "7"], ["4", "6", "6"], ["–", "5", "5"]]
    assert focused(page) == "Ghi 3 ô"
    page.keyboard.press("Enter")
    assert texts(page, field(1), field(2), field(3)) == ["7", "6", "5"] and focused(page) == field(1)
    page.keyboard.press("Control+z")
    assert texts(page, field(1), field(2), field(3)) == ["5", "4", ""]


def test_escape_leaves_everything_as_it_was(open_form):
    page = open_form()
    put(page, "7\n6")
    page.keyboard.press("Escape")
    assert texts(page, field(1), field(2)) == ["", ""] and focused(page) == field(1)


def test_what_is_unclear_is_asked_and_what_can_not_be_read_is_left_out(open_form):
    page = open_form()
    page.keyboard.type("9")
    page.keyboard.press("Control+Home")
    put(page, "\n1.234\n9,5\n95%\n-\nNA\n-3\nhai\n 8 ")
    leave, asked = "giữ nguyên, chưa chọn", "NA (không có số liệu)"
    assert rows(page) == [
        ["9", "–", "giữ nguyên (trong khối trống)"],
        ["–", "1.234", f"{leave}|1.234"],
        ["–", "9,5", "giữ nguyên: số lẻ"],
        ["–", "95%", "giữ nguyên: không phải là số"],
        ["–", "-", f"{leave}|0|{asked}"],
        ["–", "NA", "NA"],
        ["–", "-3", "giữ nguyên: số âm"],
        ["–", "hai", "giữ nguyên: không phải là số"],
        ["–", "8", "8"],
    ]
    page.locator(".preview select").nth(0).select_option("1234")
    apply(page)
    got = texts(page, *(field(n) for n in range(1, 10)))
    assert got == ["9", "1234", "", "", "", "NA", "", "", " 8 "]


def test_blanks_of_the_block_clear_only_where_that_is_chosen(open_form):
    page = open_form()
    type_cells(page, "5", "4", "3")
    page.keyboard.press("Control+Home")
    put(page, "7\n\n6")
    page.locator("dialog input[type=checkbox]").check()
    apply(page)
    assert texts(page, field(1), field(2), field(3)) == ["7", "", "6"]


def test_of_many_columns_the_one_of_this_period_is_proposed_by_its_heading(open_form):
    page = open_form()
    head = "Nội dung\tTháng 7\tTháng 8\tTháng 9"
    put(page, head + "\n" + "\n".join(f"Số liệu thứ {n}\t{n}\t{n + 100}\t{n + 200}" for n in (1, 2)))
    assert "Tháng 8" in page.locator("#paste-column option:checked").inner_text()
    apply(page)
    assert texts(page, field(1), field(2)) == ["101", "102"]


def test_without_a_heading_the_column_is_asked_and_nothing_is_written_before(open_form):
    page = open_form()
    put(page, "24\t21\t19\n3\t4\t5")
    assert page.locator("dialog button.button:not(.quiet)").is_disabled() and rows(page) == []
    page.locator("#paste-column").select_option("2")
    apply(page)
    assert texts(page, field(1), field(2)) == ["19", "5"]


def test_names_that_disagree_with_the_rows_are_asked_and_can_place_the_figures(open_form):
    page = open_form()
    put(page, "Số liệu thứ 2\t22\nSố liệu thứ 5\t55\nDòng lạ\t9")
    assert page.locator("dialog button.button:not(.quiet)").is_disabled()
    page.locator("input[value=names]").check()
    assert "Dòng lạ: 9" in page.inner_text("dialog")
    apply(page)
    assert texts(page, *(field(n) for n in (1, 2, 3, 5))) == ["", "22", "", "55"]


def test_a_blank_line_on_the_heading_of_a_section_is_asked_about(open_form):
    page = open_form()
    for _ in range(13):
        page.keyboard.press("ArrowDown")
    put(page, "14\n\n15\n16")
    assert page.locator("dialog button.button:not(.quiet)").is_disabled()
    page.locator("input[value=titles]").check()
    apply(page)
    assert texts(page, *(field(n) for n in (14, 15, 16, 17))) == ["14", "15", "16", ""]


def test_rows_beyond_the_end_are_named(open_form):
    page = open_form()
    page.keyboard.press("Control+End")
    put(page, "1\n2\n3")
    assert "2 hàng của khối không có dòng trên biểu, bỏ qua: 2; 3" in page.inner_text("dialog")
    apply(page)
    assert texts(page, field(40)) == ["1"]


def test_a_heading_alone_above_a_column_is_no_figure(open_form):
    page = open_form()
    put(page, "Tháng 8/2025\n24\n3")
    apply(page)
    assert texts(page, field(1), field(2)) == ["24", "3"]


def test_the_number_behind_a_text_is_proposed_and_a_rounded_one_asked(open_form):
    page = open_form()
    html = '<table><tr><td sdval="1234">1.234</td></tr><tr><td sdval="12.4">12</td></tr></table>'
    put(page, "1.234\n12\n", html)
    said = page.inner_text(".preview")
    assert "theo số gốc trong bảng tính" in said and "bảng tính đang làm tròn từ 12,4" in said
    apply(page)
    assert texts(page, field(1), field(2)) == ["1234", ""]


def test_merged_cells_fill_only_their_first(open_form):
    page = open_form()
    html = "<table><tr><td rowspan=2>7</td></tr><tr></tr><tr><td>8</td></tr></table>"
    put(page, "7\n\n8\n", html)
    assert rows(page)[1] == ["–", "–", "giữ nguyên (ô gộp)"]


@pytest.mark.parametrize("text", ["12", "12\r\n", " 12\n"], ids=["plain", "line end", "spaces"])
def test_a_single_cell_lands_without_asking(open_form, text):
    page = open_form()
    put(page, text)
    assert page.query_selector("dialog") is None
    assert texts(page, field(1)) == [text.rstrip("\r\n")]


def test_one_ambiguous_text_is_asked_under_its_cell_and_answered_by_a_key(open_form):
    page = open_form()
    put(page, "1.234")
    page.keyboard.press("Enter")
    assert "đọc được hai cách" in words_under(page, field(1)) and focused(page) == field(2)
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Tab")
    assert "1234 (hàng nghìn)" in focused(page)
    page.keyboard.press("1")
    assert (
        texts(page, field(1)) == ["1234"] and focused(page) == field(2) and words_under(page, field(1)) == ""
    )
    page.keyboard.type("1,250")
    page.keyboard.press("Control+Enter")
    page.keyboard.press("Tab")
    page.keyboard.press("2")
    assert (
        texts(page, field(2)) == ["1,250"]
        and "số lẻ" in words_under(page, field(2))
        and focused(page) == field(2)
    )


def test_forty_rows_of_twelve_months_are_previewed_and_applied(open_form):
    head = "\t".join(["Nội dung", *(f"Tháng {month}" for month in range(1, 13))])
    lines = [
        "\t".join([f"Số liệu thứ {n}", *(str(n + month) for month in range(1, 13))]) for n in range(1, 41)
    ]
    text = "\n".join([head, *lines]).replace("Số liệu thứ 3\t", "Số liệu thứ 3 – DTTS\t")
    # A time says nothing on a shared machine: it is held to its bar with MEASURE=1, on a quiet one.
    measured = bool(os.environ.get("MEASURE"))
    best = float("inf")
    for _attempt in range(5 if measured else 1):
        page = open_form()
        page.context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": 4})
        preview, whole = page.evaluate(TIMED % (PUT, json.dumps(text)))
        print(
            f"40 × 12 pasted, 4× slowed: preview {preview:.0f} ms, previewed, applied and drawn {whole:.0f} ms"
        )
        assert texts(page, field(1), field(40)) == ["9", "48"]
        best = min(best, whole)
        page.context.close()
        if best <= 500:
            break
    assert not measured or best <= 500


TIMED = """() => new Promise((done) => {
  const started = performance.now();
  (%s)([%s, ""]);
  const shown = performance.now();
  requestAnimationFrame(() => setTimeout(() => {
    document.querySelector("dialog button.button:not(.quiet)").click();
    requestAnimationFrame(() => setTimeout(() => done([shown - started, performance.now() - started])));
  }));
})"""


@pytest.mark.parametrize("text", ["12", "12\n13"], ids=["a cell", "a block"])
def test_nothing_lands_in_a_closed_sheet(open_form, text):
    page = open_form(service_workers="block", change=lambda package: package.update(can_type=False))
    put(page, text)
    assert page.query_selector("dialog") is None
    assert texts(page, field(1), field(2)) == ["", ""]
