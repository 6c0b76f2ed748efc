"""The report of each of the five plans has the thirty elements of decree 30/2020; a spoiled one is found out."""

import copy

import pytest

from reporting.checks import missing_libraries, serif_font
from reporting.renderers import pdf, render
from tests.reporting.decree_body import ELEMENTS, faults
from tests.reporting.five_plans import FIVE, five_snapshots

pytestmark = [
    pytest.mark.skipif(bool(missing_libraries()) or serif_font() is None, reason="needs Pango and Tinos"),
    pytest.mark.django_db,
]
SHOWN = "bac-ninh-683-2026"
TYPED = (
    "Công tác chỉ đạo được triển khai đồng bộ từ tỉnh đến cơ sở; các đơn vị chủ động xây dựng kế hoạch, phân công "
    "nhiệm vụ cụ thể, kiểm tra và đôn đốc thường xuyên.\nCác khó khăn được báo cáo kịp thời."
)
# What officers set: everything, the authorities one by one, or nothing at all.
DOCUMENTS = {
    SHOWN: {
        "number": "05/BC-SYT",
        "date": "2027-02-05",
        "authority": "KT.",
        "authority_of": "Giám đốc",
        "office": "Phó Giám đốc",
        "signer": "Nguyễn Thị Phương Thảo",
        "addressees": ["Bộ Y tế", "Ủy ban nhân dân tỉnh Bắc Ninh"],
        "bases": ["Căn cứ Luật Khám bệnh, chữa bệnh số 15/2023/QH15;", "Nghị định số 30/2020/NĐ-CP"],
        "recipients": ["Như trên;", "Bộ Y tế (để báo cáo);", "Lãnh đạo Sở;", "Lưu: VT, NVY."],
    },
    "bac-giang-2024-2025": {
        "number": "112/BC-UBND",
        "date": "2027-01-31",
        "authority": "TM.",
        "authority_of": "Ủy ban nhân dân",
        "office": "Chủ tịch",
        "signer": "Trần Văn Định",
    },
    "bac-ninh-1999-2026-2030": {
        "superior": "Ủy ban nhân dân tỉnh Bắc Ninh",
        "issuer": ["Chi cục Dân số, Trẻ em và Phòng,", "chống tệ nạn xã hội"],
        "number": "09/BC-CCDS",
        "date": "2027-03-08",
        "authority": "TL.",
        "authority_of": "Giám đốc Sở Y tế",
        "office": "Chi cục trưởng",
        "signer": "Lê Hoàng Yến",
    },
}


@pytest.fixture(scope="module")
def snapshots(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock():
        return five_snapshots(DOCUMENTS)


@pytest.fixture(scope="module")
def shown(snapshots):
    """Plan 683's report with its typed parts filled."""
    data = copy.deepcopy(snapshots[SHOWN])
    for block in (block for section in data["content"]["sections"] for block in section["blocks"]):
        if block["kind"] == "typed":
            block["text"] = TYPED
    return data


def test_there_are_thirty_elements():
    assert len(ELEMENTS) == len({element.__name__ for element in ELEMENTS}) == 30


@pytest.mark.parametrize("slug", FIVE)
def test_every_element_of_the_decree_is_found_in_each_plans_report(snapshots, slug):
    assert faults(render(snapshots[slug], "pdf")) == {}


def test_what_the_officer_typed_keeps_the_decrees_form(shown):
    assert faults(render(shown, "pdf")) == {}


def short(data):
    """The report with one annex, its text cut to what takes two pages: as good for finding one fault."""
    found = copy.deepcopy(data)
    content = found["content"]
    content["sections"] = content["sections"][:2] + content["sections"][4:]
    content["annexes"] = content["annexes"][:1]
    content["tables"]["lines"]["rows"] = content["tables"]["lines"]["rows"][:14]
    return found


# Each spoils one element by the style sheet.
STYLES = {
    "page_size": "@page { size: Letter }",
    "top_margin": "@page { margin-top: 35mm }",
    "bottom_margin": "@page { margin-bottom: 12mm }",
    "left_margin": "@page { margin-left: 22mm }",
    "right_margin": "@page { margin-right: 30mm }",
    "page_numbers": "@page { @top-center { font-size: 10pt } }",
    "no_number_on_page_1": "@page :first { @top-center { content: '1' } }",
    "annex_numbers": "@page annex-1 { @top-center { content: counter(page) } }",
    "letters": ".basis { color: #333 }",
    "country": ".country { font-size: 11pt }",
    "motto": ".motto { font-weight: normal }",
    "motto_rule": ".motto::after { width: 70% }",
    "superior": ".superior { font-weight: bold }",
    "issuer": ".issuer { font-size: 14pt }",
    "issuer_rule": ".issuer .ruled::after { width: 90% }",
    "number": ".number { font-size: 14pt }",
    "dateline": ".dateline { font-style: normal }",
    "title": "h1 { font-size: 16pt }",
    "subject": "h1 .ruled { font-weight: normal }",
    "subject_rule": "h1 .ruled::after { width: 20% }",
    "addressees": ".to-list li { font-size: 12pt }",
    "bases": ".basis { font-style: normal }",
    "body": "p { text-align: left }",
    "paragraph_shape": "p { margin-bottom: 2pt }",
    "headings": "h2 { font-weight: normal }",
    "ending": ".ending > p::after { content: ' ' '.' }",
    "office": ".signing { font-weight: normal }",
    "signer": ".signer { font-style: italic }",
    "recipients": ".recipients { font-size: 13pt }",
    "annex_heads": ".annex-reference { font-style: normal }",
}


@pytest.mark.parametrize("element", [element.__name__ for element in ELEMENTS])
def test_a_spoiled_element_is_found_out(shown, element, monkeypatch):
    whole = pdf.html_of

    def spoiled(*arguments):
        return whole(*arguments).replace("</head>", f"<style>{STYLES[element]}</style></head>")

    monkeypatch.setattr(pdf, "html_of", spoiled)
    assert element in faults(render(short(shown), "pdf"))


@pytest.mark.parametrize(
    ("part", "key", "value", "element"),
    [
        ("header", "number", "Số: 5/BC-SYT", "number"),
        ("header", "number", "Số: 05 / BC - SYT", "number"),
        ("header", "superior", "", "superior"),
        ("header", "superior", "Ủy ban nhân dân tỉnh", "superior"),
        ("footer", "signer", "TS. Nguyễn Văn An", "signer"),
        ("footer", "office", ["Phó Giám đốc"], "office"),
        ("footer", "office", ["PHÓ GIÁM ĐỐC", "GIÁM ĐỐC"], "office"),
        ("footer", "recipients", ["Bộ Y tế;", "Lưu: VT."], "recipients"),
    ],
)
def test_a_wrong_word_of_the_head_or_foot_is_found_out(shown, part, key, value, element):
    data = short(shown)
    data["content"][part][key] = value
    assert element in faults(render(data, "pdf"))


@pytest.mark.parametrize(
    ("key", "value", "element"),
    [
        ("dateline", "Bắc Ninh, ngày 5 tháng 02 năm 2027", "dateline"),
        ("dateline", "Bắc Ninh, ngày 15 tháng 03 năm 2027", "dateline"),
    ],
)
def test_a_wrong_date_is_found_out(shown, key, value, element):
    assert element in faults(render({**short(shown), key: value}, "pdf"))
