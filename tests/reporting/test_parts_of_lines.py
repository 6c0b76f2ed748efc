"""A line of a table and the rows that are parts of it stay on one page, in the PDF and in the Word file."""

import io

import pytest
from docx import Document

from reporting.content.cells import column, row, table
from reporting.renderers import render
from tests.reporting.cases import small_snapshot
from tests.reporting.test_renderers import needs_pango

LINES = 40


@pytest.fixture(scope="module")
def snapshot():
    """Forty lines of three rows: no page holds a multiple of three by chance on every page."""
    made = small_snapshot()
    rows = [row(["Nhóm"], "group")]
    for number in range(LINES):
        rows += [row([str(number), f"Dòng {number}", ""])]
        rows += [row(["", f"{what} {number}", ""], "part") for what in ("Kế hoạch", "Đánh giá")]
    columns = [column("STT", 4), column("Chỉ tiêu", 24), column("Năm", 8)]
    made["content"]["tables"]["lines"] = table("lines", "CÁC CHỈ TIÊU", columns, rows)
    return made


@needs_pango
def test_no_page_of_the_pdf_begins_with_a_part(snapshot):
    import pdfplumber

    with pdfplumber.open(io.BytesIO(render(snapshot, "pdf"))) as pdf:
        texts = [page.extract_text() for page in pdf.pages]
    first = [
        next(line for line in text.split("\n") if line.split(" ")[-1].isdigit() and " " in line)
        for text in texts
        if "Dòng" in text
    ]
    assert len(first) > 2
    assert all("Dòng" in line for line in first), first


def test_in_word_a_line_and_all_its_parts_but_the_last_keep_with_what_follows(snapshot):
    word = Document(io.BytesIO(render(snapshot, "docx")))
    lines = next(one for one in word.tables if one.cell(0, 1).text == "Chỉ tiêu" and len(one.rows) > LINES)
    kept = [
        {paragraph.paragraph_format.keep_with_next for cell in one.cells for paragraph in cell.paragraphs}
        for one in lines.rows[2:8]
    ]
    assert kept == [{True}, {True}, {None}] * 2
