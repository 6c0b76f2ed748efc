"""Lists of the head and foot are printed as decree 30/2020 writes them, however they were typed."""

import io
from copy import deepcopy

import pdfplumber
import pytest
from django.utils import timezone
from docx import Document

from reporting.content.decree import listed, with_filing
from reporting.content.header import legal_bases, lowered, set_document
from reporting.renderers import render
from reporting.renderers.preview import preview_html
from tests.reporting.cases import small_snapshot
from tests.reporting.test_renderers import needs_pango

TYPED = ["như trên", "- Bộ Y tế (để báo cáo),", "–Các Sở, ngành ;", "", "• Lãnh đạo Sở.", "Lưu: VT, NVY"]
PRINTED = ["- như trên;", "- Bộ Y tế (để báo cáo);", "- Các Sở, ngành;", "- Lãnh đạo Sở;", "- Lưu: VT, NVY."]


@pytest.mark.parametrize(
    ("typed", "printed"),
    [
        (TYPED, PRINTED),
        (PRINTED, PRINTED),
        (["Như trên;", "................;", "Lưu: VT, ......"],
         ["- Như trên;", "- ................;", "- Lưu: VT, ......"]),
        (["- ................;", "- Lưu: VT, ......"], ["- ................;", "- Lưu: VT, ......"]),
        (["Lưu: VT, …"], ["- Lưu: VT, …"]),
        (["-2 °C", "12/KH-UBND"], ["- -2 °C;", "- 12/KH-UBND."]),
        (["  ", "-"], []),
        ([], []),
    ],
)  # fmt: skip
def test_each_line_begins_with_a_dash_and_ends_with_a_semicolon_the_last_with_a_stop(typed, printed):
    assert listed(typed) == printed
    assert listed(printed) == printed


@pytest.mark.parametrize(
    ("typed", "printed"),
    [
        (["UBND tỉnh"], ["UBND tỉnh", "Lưu: VT, ......"]),
        (["UBND tỉnh", "- lưu: VT, NVY"], ["UBND tỉnh", "- lưu: VT, NVY"]),
        (["Lưu: VT", "UBND tỉnh"], ["Lưu: VT", "UBND tỉnh"]),
    ],
)
def test_recipients_end_with_where_the_document_is_filed_also_where_nobody_typed_it(typed, printed):
    foot = {"recipients": ["Như trên;", "Lưu: VT, ......"], "office": ["GIÁM ĐỐC"], "signer": ""}
    content = {"header": {}, "footer": foot}
    assert set_document(content, {"recipients": typed})["footer"]["recipients"] == printed
    assert with_filing(typed, []) == typed


COMMITTEE, DEPARTMENT = ["TM. ỦY BAN NHÂN DÂN", "CHỦ TỊCH"], ["GIÁM ĐỐC"]


@pytest.mark.parametrize(
    ("proposed", "given", "printed"),
    [
        (DEPARTMENT, {}, DEPARTMENT),
        (COMMITTEE, {"office": "Quyền Chủ tịch"}, ["TM. ỦY BAN NHÂN DÂN", "QUYỀN CHỦ TỊCH"]),
        (DEPARTMENT, {"authority": "KT.", "authority_of": "Giám đốc", "office": "Phó Giám đốc"},
         ["KT. GIÁM ĐỐC", "PHÓ GIÁM ĐỐC"]),
        (COMMITTEE, {"authority": "KT.", "authority_of": "Chủ tịch", "office": "Phó Chủ tịch"},
         ["TM. ỦY BAN NHÂN DÂN", "KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH"]),
        (COMMITTEE, {"authority": "TL.", "authority_of": "Chủ tịch", "office": "Chánh Văn phòng"},
         ["TL. CHỦ TỊCH", "CHÁNH VĂN PHÒNG"]),
        (DEPARTMENT, {"authority": "Q.", "authority_of": "Giám đốc"}, ["Q. GIÁM ĐỐC"]),
        (COMMITTEE, {"authority": "Q.", "authority_of": "Chủ tịch", "office": "Chủ tịch"},
         ["TM. ỦY BAN NHÂN DÂN", "Q. CHỦ TỊCH"]),
        (COMMITTEE, {"authority": "TM.", "authority_of": "Ban Chỉ đạo", "office": "Trưởng ban"},
         ["TM. BAN CHỈ ĐẠO", "TRƯỞNG BAN"]),
    ],
)  # fmt: skip
def test_the_signers_authority_is_printed_as_the_decree_writes_it(proposed, given, printed):
    content = {"header": {}, "footer": {"recipients": [], "office": proposed, "signer": ""}}
    assert set_document(content, given)["footer"]["office"] == printed


@pytest.mark.parametrize(
    ("title", "within"),
    [("Công tác dân số", "công tác dân số"), ("DS-KHHGĐ", "DS-KHHGĐ"), ("Y tế", "y tế"), ("", "")],
)
def test_a_title_within_a_sentence_keeps_its_abbreviation(title, within):
    assert lowered(title) == within


def test_each_legal_basis_is_cited_once_however_it_was_typed():
    typed = ["căn cứ Luật A ;", "Luật B.", "  ", "Thực hiện Kế hoạch C,", "Luật B."]
    assert legal_bases(typed) == [
        "Căn cứ Luật A;", "Căn cứ Luật B;", "Thực hiện Kế hoạch C;", "Căn cứ Luật B.",
    ]  # fmt: skip


@pytest.fixture
def snapshot():
    made = small_snapshot()
    made["content"]["footer"]["recipients"] = list(TYPED)
    made["content"]["header"]["addressees"] = ["- Bộ Y tế;", "UBND tỉnh"]
    return made


def lines_of(text):
    return [line.strip() for line in text.split("\n")]


@needs_pango
def test_the_pdf_prints_them_so(snapshot):
    with pdfplumber.open(io.BytesIO(render(snapshot, "pdf"))) as file:
        page = next(page for page in file.pages if "Nơi nhận" in page.extract_text())
        left = page.crop((0, 0, page.width * 0.52, page.height)).extract_text()
        assert [line for line in lines_of(left) if line in PRINTED] == PRINTED
        assert {"- Bộ Y tế;", "- UBND tỉnh."} <= {*lines_of(file.pages[0].extract_text())}


def test_word_and_preview_print_them_so_and_what_is_stored_stays(snapshot):
    before = deepcopy(snapshot)
    word = Document(io.BytesIO(render(snapshot, "docx")))
    foot = next(t for t in word.tables if "Nơi nhận" in t.cell(0, 0).text)
    assert lines_of(foot.cell(0, 0).text)[1:] == PRINTED
    assert {"- Bộ Y tế;", "- UBND tỉnh."} <= {p.text for p in word.paragraphs}
    preview = preview_html(snapshot["content"], "", timezone.localtime())
    assert [line for line in PRINTED if f"<div>{line}</div>" not in preview] == []
    assert snapshot == before
