"""Two contents of a report compared: numbers by line and column, what came and went, texts."""

import copy

import pytest

from reporting.content.cells import HIDDEN, column, number, row, table
from reporting.differences import CellChange, RowChange, TextChange, differences
from tests.reporting.cases import small_snapshot


@pytest.fixture
def old():
    content = small_snapshot()["content"]
    content["tables"]["lines"] = table(
        "lines",
        "KẾT QUẢ",
        [column("STT", 4), column("Chỉ tiêu", 24), column("Thực hiện", 8, "right"), column("Đánh giá", 9)],
        [
            row(["Mục tiêu 1"], "group"),
            row(["1", "Khám thai", number(95, 1), "Đạt"]),
            row(["", "Trong đó: DTTS", number(90, 1), "Đạt"], "part"),
            row(["2", "Đẻ tại cơ sở y tế", number(99, 1), "Đạt"]),
            row(["", "Trong đó: DTTS", number(80, 1), "Không đạt"], "part"),
        ],
    )
    return content


@pytest.fixture
def new(old):
    return copy.deepcopy(old)


def lines(content):
    return content["tables"]["lines"]["rows"]


def test_equal_contents_do_not_differ(old, new):
    assert not differences(old, new)
    # A database may give keys back in another order.
    new["tables"] = dict(reversed(new["tables"].items()))
    assert not differences(old, new)


def test_a_changed_number_is_told_with_its_line_and_column(old, new):
    lines(new)[1]["cells"][2:] = [number(89, 1), "Không đạt"]
    assert differences(old, new).cells == [
        CellChange("KẾT QUẢ", "1 Khám thai", "Thực hiện", "95,0", "89,0"),
        CellChange("KẾT QUẢ", "1 Khám thai", "Đánh giá", "Đạt", "Không đạt"),
    ]


def test_numbers_that_print_alike_are_told_exactly(old, new):
    lines(new)[1]["cells"][2] = {**number(95, 1), "value": "95.04"}
    [change] = differences(old, new).cells
    assert (change.old, change.new) == ("95,0 (95)", "95,0 (95,04)")


def test_a_number_that_one_side_hides_is_marked(old, new):
    lines(old)[1]["cells"][2] = HIDDEN
    lines(new)[3]["cells"][2] = number(98, 1)
    found = differences(old, new).cells
    assert [(one.old, one.new, one.is_hidden) for one in found] == [
        (HIDDEN, "95,0", True),
        ("99,0", "98,0", False),
    ]


def test_a_row_that_came_or_went_is_marked_where_one_of_its_cells_is_hidden(old, new):
    lines(new)[3]["cells"][1:3] = ["Tên khác", HIDDEN]
    del lines(new)[4]
    found = differences(old, new).rows
    assert [(one.row, one.is_hidden) for one in found] == [
        ("2 Tên khác", True),
        ("2 Đẻ tại cơ sở y tế", False),
        ("Trong đó: DTTS (Đẻ tại cơ sở y tế)", False),
    ]


def test_a_line_that_went_shifts_none_behind_it(old, new):
    del lines(new)[1:3]
    lines(new)[1]["cells"][0] = "1"
    found = differences(old, new)
    assert not found.cells and not found.texts
    assert found.rows == [
        RowChange("KẾT QUẢ", "1 Khám thai", came=False, cells=(("Thực hiện", "95,0"),)),
        RowChange("KẾT QUẢ", "Trong đó: DTTS (Khám thai)", came=False, cells=(("Thực hiện", "90,0"),)),
    ]


def test_lines_of_one_name_are_told_apart_by_the_line_above(old, new):
    lines(new)[4]["cells"][2] = number(81, 1)
    [change] = differences(old, new).cells
    assert change.row == "Trong đó: DTTS (Đẻ tại cơ sở y tế)"


def test_a_renamed_heading_leaves_its_lines_what_they_are(old, new):
    lines(new)[0]["cells"][0] = "Mục tiêu khác"
    assert not differences(old, new).rows


def test_a_column_is_known_by_its_title_and_one_only_renamed_by_its_place(old, new):
    new["tables"]["lines"]["columns"][2]["title"] = "Thực hiện đến tháng 10/2026"
    lines(new)[1]["cells"][2] = number(96, 1)
    [change] = differences(old, new).cells
    assert change.column == "Thực hiện → Thực hiện đến tháng 10/2026"
    assert not differences(old, new).rows


def test_communes_and_columns_that_came_or_went_are_named(old, new):
    communes = new["tables"]["communes"]
    del communes["columns"][-1]
    for one in communes["rows"]:
        del one["cells"][-1]
    communes["rows"][2]["cells"][1] = "Phường mới"
    found = differences(old, new).rows
    assert [(change.row, change.came, change.is_column) for change in found] == [
        ("2 Phường mới", True, False),
        ("2 Xã 2", False, False),
        ("Chỉ tiêu 11", False, True),
    ]
    assert not differences(old, new).cells


def test_a_total_is_one_whatever_its_name(old, new):
    new["tables"]["communes"]["rows"][0]["cells"][1:3] = ["Tỉnh đổi tên", number(7, 1)]
    found = differences(old, new)
    assert not found.rows
    assert [(change.column, change.old, change.new) for change in found.cells] == [
        ("Xã, phường", "Tỉnh M", "Tỉnh đổi tên"),
        ("Chỉ tiêu 0", "0,0", "7,0"),
    ]


def test_tables_stand_in_the_order_of_the_annexes(old, new):
    new["annexes"] = [{"label": "I", "tables": ["quality", "lines"]}]
    assert differences(old, new).titles[:3] == ["QUALITY", "KẾT QUẢ", "BUDGET"]


def test_a_table_that_came_is_named_once(old, new):
    new["tables"]["more"] = table("more", "BẢNG MỚI", [column("Tên", 9)], [row(["x"])])
    new["tables"]["empty"] = table("empty", "BẢNG RỖNG", [column("Tên", 9)], [])
    assert differences(old, new).rows == [RowChange("BẢNG MỚI", "", came=True)]


def test_texts_are_told_by_what_they_are(old, new):
    old["sections"][1]["blocks"][0] |= {"key": "line:1.1"}
    new["sections"] = copy.deepcopy(old["sections"])
    new["header"]["addressees"] = ["Bộ Y tế", "UBND tỉnh Bắc Ninh"]
    new["footer"]["signer"] = "Nguyễn Văn A"
    new["sections"][0]["blocks"][0] |= {"text": "Đã chỉ đạo.", "prompt": "Chỉ đạo"}
    new["sections"][1]["blocks"][0]["text"] = "Tỷ lệ khám thai: 89,0%."
    new["sections"][1]["blocks"] += [
        {"kind": "addition", "key": "line:1.1", "text": "Do mưa lũ."},
        {"kind": "paragraph", "text": "Câu mới."},
    ]
    new["tables"]["lines"]["note"] = "Ghi chú khác."
    assert differences(old, new).texts == [
        TextChange("head", "addressees", "UBND tỉnh Bắc Ninh", "Bộ Y tế\nUBND tỉnh Bắc Ninh"),
        TextChange("head", "signer", "", "Nguyễn Văn A"),
        TextChange("typed", "Chỉ đạo", "", "Đã chỉ đạo."),
        TextChange("computed", "II. KẾT QUẢ", "Tỷ lệ khám thai: 95,0%.", "Tỷ lệ khám thai: 89,0%."),
        TextChange("addition", "II. KẾT QUẢ", "", "Do mưa lũ."),
        TextChange("computed", "II. KẾT QUẢ", "", "Câu mới."),
        TextChange("note", "KẾT QUẢ", "", "Ghi chú khác."),
    ]


def test_place_and_date_of_issue_are_told_but_not_the_year_of_a_date_left_open(old, new):
    old["dateline"] = "Bắc Ninh, ngày       tháng       năm 2026"
    new["dateline"] = "Bắc Ninh, ngày       tháng       năm 2027"
    assert not differences(old, new)
    new["dateline"] = "Bắc Ninh, ngày 05 tháng 02 năm 2027"
    assert differences(old, new).texts == [TextChange("head", "dateline", old["dateline"], new["dateline"])]


def test_a_report_of_another_kind_and_an_old_snapshot_compare_too(old, new):
    old.pop("plan")
    new["plan"], new["kind"], new["annexes"] = None, "combined", []
    assert not differences(old, new)
