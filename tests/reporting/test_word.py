"""The Word file: real styles and tables, the decree's page, the same bytes on any day, texts that stay texts."""

import hashlib
import io
import re
import shutil
import subprocess
import unicodedata
import zipfile
from datetime import datetime
from pathlib import Path

import pytest
from docx import Document
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, Twips
from PIL import Image

from facilities.text import printable
from reporting.checks import missing_libraries, serif_font
from reporting.content.cells import column, number, row, table
from reporting.renderers import FontMissing, render
from reporting.renderers import docx as docx_renderer
from reporting.renderers.docx.tables import column_widths
from reporting.renderers.docx.widths import line_width
from tests.reporting.cases import small_snapshot
from tests.reporting.hostile import HOSTILE
from tests.reporting.test_charts_in_pdf import with_charts

HALF = {"size": "half"}
needs_office = pytest.mark.skipif(shutil.which("lowriter") is None, reason="LibreOffice Writer is missing")
needs_pango = pytest.mark.skipif(
    bool(missing_libraries()) or serif_font() is None, reason="needs Pango and Tinos"
)


def written_snapshot():
    """With a part that was typed, one that was added, several addressees and a signer of two lines."""
    snapshot = small_snapshot()
    content = snapshot["content"]
    content["header"]["addressees"] = ["UBND tỉnh Bắc Ninh", "Bộ Y tế"]
    content["footer"] |= {"office": ["KT. GIÁM ĐỐC", "PHÓ GIÁM ĐỐC"], "signer": "Nguyễn Văn A"}
    content["tables"]["budget"] = table("budget", "KINH PHÍ", [column("Năm", 8)], [row([number(2025)])])
    content["sections"][1]["blocks"] = [
        {"kind": "heading", "text": "1. Đánh giá chung"},
        {"kind": "point", "text": "a) Mục tiêu 1"},
        {"kind": "item", "text": "Tỷ lệ khám thai: 95,0%."},
        {"kind": "addition", "key": "line:1", "text": "Dòng một.\n\nDòng hai."},
        {"kind": "table", "key": "budget"},
        {"kind": "typed", "key": "next", "prompt": "", "text": "Đã nhập."},
    ]
    return snapshot


@pytest.fixture(scope="module")
def word():
    return Document(io.BytesIO(render(written_snapshot(), "docx")))


def styled(word, name):
    return [paragraph.text for paragraph in word.paragraphs if paragraph.style.name == name]


def test_each_element_of_the_document_has_a_style_of_its_own(word):
    assert styled(word, "Tên loại văn bản") == ["BÁO CÁO"]
    assert styled(word, "Trích yếu") == ["Kết quả thực hiện Kế hoạch năm\xa02025"]
    assert styled(word, "Nơi kính gửi") == ["- UBND tỉnh Bắc Ninh;", "- Bộ Y tế."]
    assert styled(word, "Căn cứ") == ["Căn cứ Kế hoạch số 16/KH-UBND."]
    assert styled(word, "Heading 1") == ["I. CHỈ ĐẠO", "II. KẾT QUẢ"]
    assert styled(word, "Heading 2") == ["1. Đánh giá chung"]
    assert styled(word, "Heading 3") == ["a) Mục tiêu 1"]
    assert styled(word, "Gạch đầu dòng") == ["- Tỷ lệ khám thai: 95,0%."]
    body = styled(word, "Body Text")
    assert body[1:] == [
        "Dòng một.",
        "Dòng hai.",
        "Đã nhập.",
        "Trên đây là báo cáo của Sở Y tế./.",
        *["Không có số liệu cho phụ lục này."] * 2,
    ]
    assert styled(word, "Dòng để trống") == ["\t"] * 3


def test_the_sizes_are_the_decrees(word):
    styles = word.styles
    assert (styles["Normal"].font.name, styles["Normal"].font.size) == ("Times New Roman", Pt(14))
    sizes = {
        "Quốc hiệu": 12.5,
        "Tiêu ngữ": 14,
        "Cơ quan cấp trên": 13,
        "Cơ quan ban hành": 13,
        "Số và ký hiệu": 13,
        "Địa danh và thời gian": 14,
        "Nơi nhận": 12,
        "Danh sách nơi nhận": 11,
        "Số phụ lục": 14,
        "Header": 13,
    }
    assert {name: styles[name].font.size.pt for name in sizes} == sizes
    assert round(styles["Body Text"].paragraph_format.first_line_indent.cm, 2) == 1.27
    fonts = styles["Normal"].element.find(qn("w:rPr")).find(qn("w:rFonts"))
    assert set(fonts.attrib.values()) == {"Times New Roman"} and len(fonts.attrib) == 4
    assert word.core_properties.language == "vi-VN"


def test_head_and_foot_stand_in_tables_without_lines(word):
    head, foot = word.tables[0], next(t for t in word.tables if "Nơi nhận" in t.cell(0, 0).text)
    assert [p.text for p in head.cell(0, 0).paragraphs] == ["UBND TỈNH BẮC NINH", "SỞ Y TẾ", ""]
    assert [p.text for p in head.cell(0, 1).paragraphs][1] == "Độc lập - Tự do - Hạnh phúc"
    assert head.cell(1, 0).text == "Số:         /BC-SYT"
    assert foot.cell(0, 0).text == "Nơi nhận:\n- Như trên;\n- Lưu: VT."
    assert foot.cell(0, 1).text == "KT. GIÁM ĐỐC\nPHÓ GIÁM ĐỐC\nNguyễn Văn A"
    assert {head.style.name, foot.style.name} == {"Normal Table"}
    closing = next(p for p in word.paragraphs if p.text.endswith("./."))
    assert closing.paragraph_format.keep_with_next


def test_the_rule_under_the_motto_is_as_long_as_the_line(word):
    cell = word.tables[0].cell(0, 1)
    indents = cell.paragraphs[2].paragraph_format
    length = cell.width - indents.left_indent - indents.right_indent
    assert abs(Pt(line_width("Độc lập - Tự do - Hạnh phúc", 14) / 20) - length) < Pt(1)
    # Measured in the font itself: 171.4 points.
    assert abs(line_width("Độc lập - Tự do - Hạnh phúc", 14) / 20 - 171.4) < 1


def test_the_body_is_portrait_and_each_annex_a_landscape_section_counted_anew(word):
    body, *annexes = word.sections
    assert (body.page_width.mm, body.page_height.mm) == (
        pytest.approx(210, abs=0.1),
        pytest.approx(297, abs=0.1),
    )
    margins = (body.top_margin, body.right_margin, body.bottom_margin, body.left_margin)
    assert [round(margin.mm) for margin in margins] == [20, 20, 20, 30]
    assert len(annexes) == 3
    for section in annexes:
        assert section.page_width > section.page_height
        margins = (section.top_margin, section.right_margin, section.bottom_margin, section.left_margin)
        assert [round(margin.mm) for margin in margins] == [20, 15, 20, 30]
        assert section._sectPr.find(qn("w:pgNumType")).get(qn("w:start")) == "1"
    assert all(section.different_first_page_header_footer for section in word.sections)
    assert not any(section.first_page_header.paragraphs[0].text for section in word.sections)
    assert 'w:instr="PAGE"' in body.header._element.xml
    assert all(section.header.is_linked_to_previous for section in annexes)


def test_tables_repeat_their_header_and_no_row_is_split(word):
    tables = [t for t in word.tables if t.style.name == "Bảng số liệu"]
    assert [len(t.columns) for t in tables] == [1, 4, 8, 8]
    for one in tables:
        marks = [r._tr.trPr for r in one.rows]
        assert marks[0].find(qn("w:tblHeader")) is not None
        assert all(mark.find(qn("w:cantSplit")) is not None for mark in marks)
        assert sum(cell.width for cell in one.rows[0].cells) <= Mm(252.1)
    group = tables[1].rows[1]
    assert len(group._tr.tc_lst) == 1 and group.cells[0].text == "Mục tiêu 1: Sức khỏe bà mẹ"
    assert [cell.text for cell in tables[1].rows[2].cells][2:] == ["3.571.278", "−19,0"]


def test_a_column_is_as_wide_as_its_longest_word_where_all_fit():
    assert column_widths([1, 1, 2], [0, 0, 0], 400) == [100, 100, 200]
    narrow = column_widths([1, 99], [50, 50], 1000)
    assert sum(narrow) == 1000 and narrow[0] == 50
    assert column_widths([1, 1], [600, 600], 1000) == [500, 500]


def test_a_snapshot_of_format_1_has_its_three_annexes():
    word = Document(io.BytesIO(render(small_snapshot(), "docx")))
    assert styled(word, "Số phụ lục") == ["Phụ lục I", "Phụ lục II", "Phụ lục III"]


def test_the_same_snapshot_gives_the_same_bytes_on_another_day(monkeypatch):
    first = render(written_snapshot(), "docx")
    later = datetime(2031, 2, 3)
    monkeypatch.setattr("time.time", later.timestamp)
    monkeypatch.setattr("time.localtime", lambda *given: later.timetuple())
    assert hashlib.sha256(render(written_snapshot(), "docx")).digest() == hashlib.sha256(first).digest()
    with zipfile.ZipFile(io.BytesIO(first)) as parts:
        assert {part.date_time for part in parts.infolist()} == {(2026, 1, 10, 8, 0, 0)}
        assert parts.read("docProps/core.xml").decode().count("2026-01-10T01:00:00Z") == 2


def hostile_snapshot():
    """Each hostile text in every free text of the document."""
    snapshot = written_snapshot()
    content = snapshot["content"]
    content["legal_bases"] = list(HOSTILE)
    content["header"] |= {"addressees": list(HOSTILE), "issuer": list(HOSTILE)}
    content["footer"] |= {"recipients": list(HOSTILE), "office": list(HOSTILE)}
    content["sections"] = [
        {
            "label": "I",
            "title": text,
            "blocks": [
                *[{"kind": kind, "text": text} for kind in ("heading", "point", "paragraph", "item")],
                *[
                    {"kind": kind, "key": "next", "prompt": text, "text": text}
                    for kind in ("typed", "addition")
                ],
            ],
        }
        for text in HOSTILE
    ]
    lines = content["tables"]["lines"]
    lines["columns"] = [column(text, 4) for text in HOSTILE]
    lines["rows"] = [row([text], "group") for text in HOSTILE] + [row(HOSTILE), row(HOSTILE, "part")]
    for text in HOSTILE:
        content["header"] |= {"superior": text, "subject": text, "number": text}
        content["footer"]["signer"] = text
        content["agency"]["name"] = content["boundaries"]["text"] = content["opening"] = text
        content["closing"] = lines["title"] = lines["note"] = snapshot["dateline"] = text
        yield snapshot


def plain(text):
    return unicodedata.normalize("NFC", re.sub(r"[\t\n\r]", " ", printable(text)))


def test_hostile_texts_stay_texts():
    assert len(HOSTILE) == 60
    for text, snapshot in zip(HOSTILE, hostile_snapshot(), strict=True):
        content = render(snapshot, "docx")
        with zipfile.ZipFile(io.BytesIO(content)) as parts:
            files = {name: parts.read(name).decode() for name in parts.namelist()}
        assert not any("External" in files[name] for name in files if name.endswith(".rels"))
        whole = files["word/document.xml"]
        assert not re.search(r"<w:(fldSimple|instrText|fldChar|hyperlink|object|altChunk)", whole)
        word = Document(io.BytesIO(content))
        assert styled(word, "Trích yếu") == [plain(text)]
        assert word.tables[0].cell(1, 0).text == plain(text)


def test_hostile_texts_are_printed_as_typed():
    word = Document(io.BytesIO(render(next(hostile_snapshot()), "docx")))
    assert styled(word, "Căn cứ") == [plain(text) for text in HOSTILE]
    assert styled(word, "Heading 2") == styled(word, "Heading 3") == [plain(text) for text in HOSTILE]
    assert styled(word, "Heading 1") == [f"I. {plain(text)}" for text in HOSTILE]
    assert styled(word, "Gạch đầu dòng") == [f"- {plain(text)}" for text in HOSTILE]
    lines = next(t for t in word.tables if len(t.columns) == len(HOSTILE))
    texts = [plain(text) for text in HOSTILE]
    assert [cell.text for cell in lines.rows[0].cells] == texts
    assert [r.cells[0].text for r in lines.rows[1:61]] == texts
    assert [cell.text for cell in lines.rows[61].cells] == texts


def pages_of(content):
    import pdfplumber

    with pdfplumber.open(io.BytesIO(content)) as pdf:
        return [page.extract_text() or "" for page in pdf.pages]


@needs_office
@needs_pango
def test_libreoffice_opens_it_and_prints_about_as_many_pages_as_the_pdf(tmp_path):
    snapshot = written_snapshot()
    communes = snapshot["content"]["tables"]["communes"]
    communes["rows"] += [row([str(n), f"Xã {n}", *[number(n) for _n in range(12)]]) for n in range(6, 100)]
    (tmp_path / "a.docx").write_bytes(render(snapshot, "docx"))
    command = ["soffice", f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}", "--headless"]
    command += ["--convert-to", "pdf", "--outdir", str(tmp_path), str(tmp_path / "a.docx")]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    printed, ours = pages_of((tmp_path / "a.pdf").read_bytes()), pages_of(render(snapshot, "pdf"))
    assert len(ours) >= 9 and abs(len(printed) - len(ours)) <= 1
    assert not re.match(r"\d+\n", printed[0]) and printed[1].startswith(("2\n", "Phụ lục I\n"))
    firsts = [place for place, text in enumerate(printed) if text.startswith("Phụ lục")]
    assert len(firsts) == 3 and printed[firsts[1] + 1].startswith("2\n")


def test_a_chart_is_a_picture_of_the_pdfs_drawing_told_in_words():
    content = render(with_charts(a={}, b=HALF, c=HALF, d=HALF), "docx")
    word = Document(io.BytesIO(content))
    whole, *halves = [shape._inline for shape in word.inline_shapes]
    assert whole.docPr.get("title") == "Hình a: <khám thai>"
    assert whole.docPr.get("descr") == "từ 88,0% đến 93,0%"
    assert round(Twips(9071) / whole.extent.cx, 2) == 1
    assert [half.docPr.get("title")[:6] for half in halves] == ["Hình b", "Hình c", "Hình d"]
    assert len({half.docPr.get("id") for half in [whole, *halves]}) == 4
    beside = next(t for t in word.tables if "Hình b" in t.cell(0, 0).text)
    assert [[cell.text.strip() for cell in r.cells] for r in beside.rows[:1]] == [
        ["Hình b: <khám thai>", "Hình c: <khám thai>"]
    ]
    pictures = [part.blob for part in word.part.package.iter_parts() if part.content_type == "image/png"]
    assert pictures and all(_inked_letters(picture) for picture in pictures)
    assert render(with_charts(a={}), "docx") == render(with_charts(a={}), "docx")


def test_without_the_font_a_chart_is_refused_and_not_drawn_without_letters(monkeypatch):
    monkeypatch.setattr("reporting.renderers.docx.charts.serif_font", lambda: None)
    with pytest.raises(FontMissing, match="fonts-croscore"):
        render(with_charts(a={}), "docx")
    assert render(small_snapshot(), "docx")


def _inked_letters(picture):
    """Whether something is drawn where the axis has its numbers: a missing font draws nothing, silently."""
    drawn = Image.open(io.BytesIO(picture)).convert("L")
    return drawn.crop((0, 0, drawn.width // 14, drawn.height // 2)).getextrema()[0] < 100


def test_word_needs_nothing_of_the_pdf():
    sources = [path.read_text(encoding="utf-8") for path in Path(docx_renderer.__file__).parent.glob("*.py")]
    assert len(sources) > 5 and not any("renderers.pdf" in source for source in sources)
