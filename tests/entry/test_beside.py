"""What stands beside and under the fields: totals, targets, warnings and reasons, notes, sent-back words, zeros."""

from __future__ import annotations

from datetime import date

import pytest

from tests.entry.browser import focused, module, texts, type_cells, words_under
from tests.entry.conftest import field, named
from tests.entry.waiting import until

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def panel(page) -> str:
    return " ".join(page.inner_text("#panel").split())


def row(page, n: int) -> list[str]:
    return page.evaluate(
        "id => [...document.getElementById(id).closest('tr').querySelectorAll('.past')].map((td) => td.textContent)",
        field(n),
    )


def test_last_month_last_year_and_the_year_to_date_stand_beside_the_field_and_follow_the_typing(
    open_form, station
):
    station.file(date(2025, 7, 1), {1: 41}, status="approved")
    station.file(date(2025, 6, 1), {1: 9}, status="approved")
    station.file(date(2024, 8, 1), {1: 1234}, status="approved")
    page = open_form()
    assert row(page, 1) == ["41", "1.234", "50"]
    page.keyboard.type("7")
    assert row(page, 1)[-1] == "57"
    assert "Tháng 7/2025 41 Tháng 8/2024 1.234 Lũy kế 57" in panel(page)
    page.keyboard.press("Enter")
    assert row(page, 2) == ["–", "–", "–"] and "Đếm theo sổ, cột 2." in panel(page)


def test_a_target_moves_with_what_is_typed(open_form, station):
    station.file(date(2025, 7, 1), {1: 200, 2: 190}, status="approved")
    target = {"text": "90%", "operator": ">=", "value": 90, "upper": None}
    yardstick = {
        "name": "Tỷ lệ khám thai", "plan": "Kế hoạch thử", "numerator": [[named(2), 1]], "denominator": [[named(1), 1]],
        "factor": 100, "unit": "%", "decimals": 1, "timing": "flow", "target": target,
    }  # fmt: skip
    page = open_form(change=lambda package: package["yardsticks"].append(yardstick))
    assert "Lũy kế 95,0% (190/200), mốc so sánh 90%. Bằng hoặc tốt hơn mốc." in panel(page)
    type_cells(page, "31")
    page.keyboard.type("24")
    assert "Lũy kế 92,6% (214/231), mốc so sánh 90%. Bằng hoặc tốt hơn mốc." in panel(page)
    page.keyboard.press("Delete")
    page.keyboard.type("1")
    assert "Lũy kế 82,7% (191/231), mốc so sánh 90%. Chưa tới mốc." in panel(page)


CASES = """(given) => given.map(([timing, months, now]) => {
  const past = Object.fromEntries(months.map(([month, a, b]) => [month, {"X.a": a, "X.b": b}]));
  const pkg = {period: {text: "2025-08"}, past};
  const yardstick = {numerator: [["X.a", 1]], denominator: [["X.b", 1]], factor: 100, timing, target: {operator: ">=", value: 50, upper: null}};
  const found = m.measure(pkg, yardstick, {"X.a": now[0], "X.b": now[1]});
  return [found.value, found.months, found.holds, m.yearToDate(pkg, {cell: "X.a", stock: timing === "stock"}, now[0]).value];
})"""


def test_flows_add_up_stocks_are_the_latest_and_an_incomplete_month_keeps_out(blank_page):
    given = [
        ["flow", [["2025-06", 1, 2], ["2025-07", 2, 4], ["2024-08", 50, 50]], [1, 4]],
        ["flow", [["2025-07", 1, None]], [3, 4]],
        ["flow", [["2025-07", "NA", 9]], [0, 0]],
        ["flow", [], [None, 5]],
        ["stock", [["2025-06", 1, 2], ["2025-07", 6, 8]], [None, None]],
        ["stock", [["2025-07", 6, 8]], [1, 4]],
    ]
    assert blank_page.evaluate(module("totals", CASES), given) == [
        [40, 3, False, 4],
        [75, 1, True, 4],
        [None, 1, None, 0],
        [None, 0, None, None],
        [75, 1, True, 6],
        [25, 1, False, 1],
    ]


def test_sections_and_the_foot_count_as_one_types(open_form):
    page = open_form()
    type_cells(page, "2", "5", "hai")
    head = page.locator("tr.objective .count").first
    assert head.inner_text() == "2/14 ô · 1 cảnh báo"
    assert (
        page.inner_text(".foot .reported") == "Đã nhập 2/40 ô · 37 ô trống · 1 ô chưa đọc được · 1 cảnh báo"
    )


def test_a_reason_quiets_a_warning_while_the_value_stands(open_form):
    page = open_form()
    type_cells(page, "2", "5")
    assert "Cột c2 lớn hơn cột c1. (5 so với 2)" in words_under(page, field(2))
    page.locator(f"#w-{field(2)} button").click()
    page.keyboard.type("Sinh đôi, đã đối chiếu sổ.")
    page.keyboard.press("Enter")
    assert "Đã giải thích: “Sinh đôi, đã đối chiếu sổ.”" in words_under(page, field(2))
    assert until(lambda: "cảnh báo" not in page.inner_text(".foot .reported"), 5) and focused(page) == field(
        2
    )
    page.keyboard.type("6")
    page.keyboard.press("Enter")
    assert "Đã giải thích" not in words_under(page, field(2))
    assert until(lambda: "1 cảnh báo" in page.inner_text(".foot .reported"), 5)


def test_a_reason_given_at_the_other_cell_quiets_the_warning_where_it_stands(open_form):
    page = open_form()
    type_cells(page, "2", "5")
    page.focus(f"#{field(1)}")
    page.keyboard.press("Shift+F4")
    page.keyboard.type("Sinh đôi.")
    page.keyboard.press("Enter")
    assert until(lambda: "cảnh báo" not in page.inner_text(".foot .reported"), 5)
    assert page.locator("tr.warned").count() == 0
    assert page.locator(f"#w-{field(2)} .hint.quiet").count() == 1


def test_a_warning_goes_when_either_cell_is_mended(open_form):
    page = open_form()
    type_cells(page, "2", "5")
    page.keyboard.press("Control+Home")
    type_cells(page, "8")
    assert words_under(page, field(2)) == ""


def test_impossible_values_say_why(open_form):
    page = open_form()
    said = {"-3": "số âm", "9,5": "số lẻ", "9999999999999": "quá lớn", "hai": "không phải là số"}
    type_cells(page, *said)
    for n, (text, why) in enumerate(said.items(), start=1):
        assert f"“{text}”" in words_under(page, field(n)) and why in words_under(page, field(n))
        assert page.get_attribute(f"#{field(n)}", "aria-invalid") == "true"
        assert page.get_attribute(f"#{field(n)}", "aria-describedby") == f"w-{field(n)}"


def test_a_sent_back_cell_opens_first_and_says_what_the_reviewer_wrote(open_form, station):
    station.file(date(2025, 8, 1), {n: n for n in range(1, 41)}, status="sent_back")
    words = {
        "sent_back": {
            "text": "Thiếu điểm lẻ.",
            "by": "Người duyệt",
            "at": "2025-09-03T08:00:00+07:00",
            "value": 17,
        }
    }
    page = open_form(change=lambda package: package["notes"].update({named(17): words}))
    assert focused(page) == field(17) and "Người duyệt trả lại: Thiếu điểm lẻ." in words_under(
        page, field(17)
    )
    assert "Lý do trả lại Thiếu điểm lẻ." in panel(page)
    type_cells(page, "19")
    assert "Đã sửa sau khi trả lại" in words_under(page, field(17))


def test_a_note_is_shown_where_it_was_written_and_a_text_not_read_yet_comes_back(open_form):
    kept = {
        named(1): {"note": {"text": "Sổ mới.", "by": "", "at": "", "value": None}},
        named(2): {"typed": {"text": " 12a ", "by": "", "at": "", "value": None}},
    }
    page = open_form(change=lambda package: package["notes"].update(kept))
    assert "Ghi chú: Sổ mới." in words_under(page, field(1))
    assert texts(page, field(2)) == [" 12a "] and "không phải là số" in words_under(page, field(2))


def test_zeros_fill_only_the_blank_cells_of_one_section(open_form):
    page = open_form()
    type_cells(page, "5", "x")
    page.locator("tr.objective button").nth(0).click()
    assert texts(page, *(field(n) for n in (1, 2, 3, 14, 15))) == ["5", "x", "0", "0", ""]
    assert "Đã điền 0 vào 12 ô" in page.inner_text("#told")
    page.locator(f"#{field(3)}").focus()
    page.keyboard.press("Control+z")
    assert texts(page, *(field(n) for n in (1, 2, 3, 14, 15))) == ["5", "x", "", "", ""]


def test_zeros_filled_by_mouse_are_taken_back_by_the_key_where_the_mouse_left_the_focus(open_form):
    page = open_form()
    type_cells(page, "5", "x")
    page.locator("tr.objective button:visible").nth(0).click()
    page.keyboard.press("Control+z")
    assert texts(page, *(field(n) for n in (1, 2, 3, 14, 15))) == ["5", "x", "", "", ""]
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("Control+y")
    assert texts(page, field(2), field(3)) == ["x", "0"]


def test_zeros_filled_by_mouse_are_taken_back_by_a_button_beside_them(open_form):
    page = open_form()
    type_cells(page, "5", "x")
    back = page.locator("tr.objective button", has_text="Hoàn tác điền 0")
    assert back.locator("visible=true").count() == 0
    page.locator("tr.objective button:visible").nth(0).click()
    back.locator("visible=true").click()
    assert texts(page, *(field(n) for n in (1, 2, 3, 14, 15))) == ["5", "x", "", "", ""]
    assert "Đã hoàn tác 12 ô" in page.inner_text("#told") and back.locator("visible=true").count() == 0
    # What is typed after the filling is the last step: the button offers nothing it would not do.
    page.locator("tr.objective button:visible").nth(0).click()
    page.locator(f"#{field(1)}").click()
    page.keyboard.type("7")
    page.wait_for_function(
        "() => ![...document.querySelectorAll('tr.objective button')].some((b) => !b.hidden && b.textContent.includes('Hoàn tác'))"
    )


def test_the_tick_and_the_text_exclude_each_other(open_form):
    page = open_form()
    page.keyboard.type("5")
    tick = page.locator('input[name="n:X.c1:"]')
    tick.check()
    assert texts(page, field(1)) == [""]
    tick.uncheck()
    assert texts(page, field(1)) == ["5"]
    tick.check()
    page.locator(f"#{field(1)}").focus()
    page.keyboard.type("6")
    assert not tick.is_checked()


def test_the_page_opens_on_the_first_empty_field_or_the_one_of_its_address(open_form, station):
    station.file(date(2025, 8, 1), {1: 0, 2: 0, 3: 1})
    assert focused(open_form()) == field(4)
    assert focused(open_form(path=f"{station.url}#{field(20)}")) == field(20)
