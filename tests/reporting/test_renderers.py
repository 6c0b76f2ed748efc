"""Files from a snapshot alone: the same numbers in PDF and Excel, on the page the decree asks for."""

import io
import re
from decimal import Decimal

import pytest
from openpyxl import load_workbook

from reporting.checks import missing_libraries, serif_font
from reporting.content.cells import column, number, row, table, worded
from reporting.renderers import FormatNotOffered, render
from reporting.renderers.layout import document
from tests.reporting.cases import small_snapshot

needs_pango = pytest.mark.skipif(
    bool(missing_libraries()) or serif_font() is None, reason="needs Pango and Tinos"
)


@pytest.fixture(scope="module")
def book():
    return load_workbook(io.BytesIO(render(small_snapshot(), "xlsx")))


@pytest.fixture(scope="module")
def pages():
    import pdfplumber

    with pdfplumber.open(io.BytesIO(render(small_snapshot(), "pdf"))) as pdf:
        return [
            (page.width, page.height, page.extract_text() or "", {c["fontname"] for c in page.chars})
            for page in pdf.pages
        ]


def test_a_format_nobody_renders_is_refused():
    with pytest.raises(FormatNotOffered, match="odt"):
        render(small_snapshot(), "odt")


def test_the_workbook_has_a_sheet_for_each_table_and_one_for_the_source(book):
    assert book.sheetnames == [
        "Tóm tắt",
        "Chỉ tiêu",
        "Theo xã",
        "Nhiệm vụ",
        "Nhiệm vụ theo cơ quan",
        "Kinh phí",
        "Chất lượng số liệu",
        "Đầy đủ theo chỉ tiêu",
        "Nguồn",
    ]
    source = {row[0].value: row[1].value for row in book["Nguồn"].iter_rows(min_row=2)}
    assert re.fullmatch(r"[0-9a-f]{64}", source["SHA-256 của bản chốt"])
    assert source["Kỳ báo cáo"] == "năm 2025"


def test_numbers_are_numbers_with_vietnamese_formats(book):
    sheet = book["Chỉ tiêu"]
    row = list(sheet[6])
    assert row[2].value == 3571278 and row[2].number_format.startswith("[$-42A]#,##0")
    assert row[3].value == -19 and '"−"#,##0.0' in row[3].number_format
    assert sheet[7][3].number_format.startswith('[$-42A]#,##0.0"%"')
    assert sheet[8][2].value == "–"


def test_text_that_looks_like_a_formula_stays_text(book):
    sheet = book["Chỉ tiêu"]
    assert [sheet.cell(row=n, column=2).data_type for n in (6, 7)] == ["s", "s"]
    assert sheet.cell(row=6, column=2).value.startswith("=HYPERLINK")


def test_sheets_print_one_page_wide_with_a_frozen_repeated_header(book):
    for name in book.sheetnames:
        sheet = book[name]
        is_table = name not in ("Tóm tắt", "Nguồn")
        assert sheet.freeze_panes == ("C5" if is_table else "A2")
        assert sheet.print_title_rows == ("$4:$4" if is_table else None)
        assert sheet.page_setup.paperSize == int(sheet.PAPERSIZE_A4)
        assert sheet.page_setup.orientation == ("portrait" if name == "Tóm tắt" else "landscape")
        assert (sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight) == (1, 0)
        assert sheet.sheet_properties.pageSetUpPr.fitToPage


def test_a_wide_table_is_split_and_repeats_its_first_columns():
    blocks = document(small_snapshot())["annexes"][1]["tables"]
    assert [len(block["columns"]) for block in blocks] == [8, 8]
    assert all(block["rows"][1]["cells"][1]["text"] == "Xã 1" for block in blocks)


def test_every_part_of_a_wide_table_that_hides_numbers_says_why():
    snapshot = small_snapshot()
    table = snapshot["content"]["tables"]["communes"]
    table["note"] = "“ẩn”: vì thế."
    notes = [block["note"] for block in document(snapshot)["annexes"][1]["tables"]]
    assert notes == ["", "“ẩn”: vì thế."]
    table["rows"][1]["cells"][2] = "ẩn"
    notes = [block["note"] for block in document(snapshot)["annexes"][1]["tables"]]
    assert notes == ["“ẩn”: vì thế.", "“ẩn”: vì thế."]


@needs_pango
def test_the_first_page_is_the_decrees_and_carries_no_number(pages):
    width, height, text, fonts = pages[0]
    assert (round(width), round(height)) == (595, 842)
    lines = text.split("\n")
    assert "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM" in lines[0]
    assert "BÁO CÁO" in lines
    assert "Kính gửi: UBND tỉnh Bắc Ninh" in lines
    assert any(line.endswith("./.") for line in lines)
    assert "GIÁM ĐỐC" in text
    assert all("Tinos" in font or "Liberation" in font for font in fonts)


@needs_pango
def test_annexes_are_landscape_and_vietnamese_reads_back(pages):
    annexes = [page for page in pages if page[0] > page[1]]
    assert len(annexes) >= 4
    assert annexes[0][2].startswith("Phụ lục I\n")
    assert "Nghiêng ngả: ẫ ữ ợ ỹ đ Đ ằ" in annexes[0][2]
    assert "3.571.278" in annexes[0][2] and "−19,0" in annexes[0][2]
    assert annexes[2][2].startswith("2\n")


@needs_pango
def test_the_pdf_reads_only_its_own_files():
    from reporting.renderers.pdf import FOLDER
    from reporting.renderers.pdf.fetcher import OwnFiles

    fetcher = OwnFiles(FOLDER)
    for address in (
        "https://example.org/x.css",
        "file:///etc/passwd",
        f"{FOLDER.as_uri()}/../xlsx.py",
        "data:,x",
    ):
        with pytest.raises(ValueError):
            fetcher.fetch(address)
    snapshot = small_snapshot()
    snapshot["content"]["closing"] = '<img src="file:///etc/passwd">'
    assert render(snapshot, "pdf").startswith(b"%PDF")


def test_a_target_in_words_has_its_number_beside_it():
    snapshot = small_snapshot()
    snapshot["content"]["tables"]["lines"] = table(
        "lines",
        "KẾT QUẢ",
        [column("STT", 4), column("Kế hoạch", 8, "right", has_numbers=True), column("Ghi chú", 16)],
        [
            row(["Mục tiêu"], "group"),
            row(["1", {**number(Decimal("15.1"), 1), "text": "15,1"}, ""]),
            row(["2", worded("≥ 97", 97), ""]),
            row(["3", worded("giảm 0,06", Decimal("-0.06")), ""]),
            row(["4", "10-15", ""]),
        ],
    )
    sheet = load_workbook(io.BytesIO(render(snapshot, "xlsx")))["Chỉ tiêu"]
    head, _group, *rows = [[cell.value for cell in cells] for cells in sheet.iter_rows(min_row=4, max_row=9)]
    assert head == ["STT", "Kế hoạch", "Kế hoạch (số)", "Ghi chú"]
    assert [cells[1:3] for cells in rows] == [
        [15.1, 15.1],
        ["≥ 97", 97],
        ["giảm 0,06", -0.06],
        ["10-15", None],
    ]
    assert sheet["C8"].number_format.endswith('"−"#,##0.00')


def pasted_snapshot():
    """As typed before in Word: breaks by hand and a bell, in a cell, a title, a note and the prose."""
    snapshot = small_snapshot()
    content = snapshot["content"]
    lines = content["tables"]["lines"]
    lines["title"], lines["note"] = "KẾT\x0bQUẢ", "Ghi\x0cchú\x07"
    lines["rows"][1]["cells"][1] = "Một\x0bhai\x07"
    content["header"]["subject"] += "\x0b"
    content["agency"]["name"] += "\x01"
    content["closing"] = "Trên\x0bđây\x07 là báo cáo"
    return snapshot


def test_text_pasted_from_word_breaks_no_workbook():
    sheet = load_workbook(io.BytesIO(render(pasted_snapshot(), "xlsx")))["Chỉ tiêu"]
    assert (sheet["A1"].value, sheet["B6"].value) == ("KẾT\nQUẢ", "Một\nhai")


@needs_pango
def test_text_pasted_from_word_reads_well_in_the_pdf():
    import pdfplumber

    with pdfplumber.open(io.BytesIO(render(pasted_snapshot(), "pdf"))) as pdf:
        text = " ".join((page.extract_text() or "") for page in pdf.pages)
    assert "Trên đây là báo cáo" in " ".join(text.split())
