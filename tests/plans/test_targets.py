"""What the texts of targets mean: the forms of the domain, every text of the five plans, any text at all."""

import json
from decimal import Decimal as D

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plans.targets import Meaning, parse

# text, direction → operator, value (between: low, high), kind. Signed unless it ends in "unsigned".
FORMS = [
    ("<30", "lower", "<", "30", "level"),
    ("dưới 30", "lower", "<", "30", "level"),
    ("dưới 9,5‰", "lower", "<", "9.5", "level"),
    ("≤ 16", "lower", "<=", "16", "level"),
    ("không quá 113", "lower", "<=", "113", "level"),
    ("không vượt quá 113", "none", "<=", "113", "level"),
    (">99", "higher", ">", "99", "level"),
    ("trên 80%", "higher", ">", "80", "level"),
    ("≥ 97", "higher", ">=", "97", "level"),
    ("tối thiểu 82%", "higher", ">=", "82", "level"),
    ("ít nhất 90%", "higher", ">=", "90", "level"),
    ("từ 10% trở lên", "higher", ">=", "10", "level"),
    ("10% trở lên", "lower", ">=", "10", "level"),
    ("5% trở xuống", "higher", "<=", "5", "level"),
    ("đạt 90%", "higher", ">=", "90", "level"),
    ("đạt >99%", "higher", ">", "99", "level"),
    ("xuống 17%", "lower", "<=", "17", "level"),
    ("giảm xuống còn 15,3", "lower", "<=", "15.3", "level"),
    ("giảm từ 20% xuống 17%", "lower", "<=", "17", "level"),
    ("tăng lên 80%", "higher", ">=", "80", "level"),
    ("khoảng 15,3", "lower", "about", "15.3", "level"),
    ("103–107", "none", "between", "103 107", "level"),
    ("1-1,5", "none", "between", "1 1.5", "level"),
    ("từ 3 đến 5%", "none", "between", "3 5", "level"),
    ("duy trì <5%", "lower", "<", "5", "level"),
    ("Giảm 0,06", "none", "<=", "-0.06", "change"),
    ("Tăng 0,1", "none", ">=", "0.1", "change"),
    ("Tăng 0,1‰", "lower", ">=", "0.1", "change"),
    ("giảm 2 điểm phần trăm", "lower", "<=", "-2", "change"),
    ("giảm 2-3 điểm%", "lower", "between", "-3 -2", "change"),
    ("giảm không quá 2 điểm%", "higher", ">=", "-2", "change"),
]
UNSIGNED = [
    ("90", "higher", ">=", "90"),
    ("88,5%", "higher", ">=", "88.5"),
    ("88,5%", "lower", "<=", "88.5"),
    ("1,00", "none", "about", "1.00"),
    ("3.571.278", "none", "about", "3571278"),
    ("99.9", "higher", ">=", "99.9"),
    ("duy trì 100%", "higher", ">=", "100"),
    ("0", "lower", "=", "0"),
    ("0", "higher", "=", "0"),
]


@pytest.mark.parametrize(("text", "direction", "operator", "values", "kind"), FORMS)
def test_a_printed_sign_decides(text, direction, operator, values, kind):
    low, *high = map(D, values.split())
    assert parse(text, direction) == [
        Meaning(text, None, operator, low, high[0] if high else None, kind, signed=True)
    ]


@pytest.mark.parametrize(("text", "direction", "operator", "value"), UNSIGNED)
def test_without_a_sign_the_direction_of_the_line_decides(text, direction, operator, value):
    assert parse(text, direction) == [Meaning(text, None, operator, D(value), kind="level")]


@pytest.mark.parametrize(
    "text", ["giảm 2%", "giảm 2%/năm", "Tăng 2 %", "Giảm tỷ lệ sinh con thứ 3 trở lên 2%;"]
)
def test_a_change_of_a_rate_in_percent_waits_for_a_person(text):
    (meaning,) = parse(text, "lower")
    assert (meaning.kind, abs(meaning.value), meaning.ambiguous) == ("change", 2, True)


@pytest.mark.parametrize(
    "text",
    [
        "1.250",
        "giảm dưới 30",
        "80%, 90%",
        "2 điểm%",
        "tiếp tục giảm tỷ lệ này: 2%",
        "Giảm 10 so với năm 2020",
        "1,2,3",
    ],
)
def test_what_has_two_readings_is_ambiguous(text):
    assert parse(text, "none")[0].ambiguous


def test_an_ambiguous_number_proposes_thousands_unless_people_are_counted():
    assert parse("1.250", "higher") == [Meaning("1.250", None, ">=", D(1250), kind="level", ambiguous=True)]
    assert parse("48.158 người;", "higher") == [Meaning("48.158 người;", None, ">=", D(48158), kind="level")]


def test_a_change_with_its_level_gives_both_and_the_level_first():
    expected = [
        Meaning("về mức 111", None, "<=", D(111), kind="level"),
        Meaning("Giảm 16,2 điểm%", None, "<=", D("-16.2"), kind="change", signed=True),
    ]
    assert parse("Giảm 16,2 điểm% (về mức 111)", "lower") == expected
    assert parse("Giảm 16,2 điểm% (về mức 111)", "none") == expected


def test_a_group_in_brackets_has_its_own_target():
    assert parse("70% (đô thị 80%)", "higher") == [
        Meaning("70%", None, ">=", D(70), kind="level"),
        Meaning("đô thị 80%", None, ">=", D(80), kind="level", group="đô thị"),
    ]
    general, mountain = parse("dưới 17% (miền núi dưới 28%)", "lower")
    assert (general.operator, general.value, general.group) == ("<", 17, None)
    assert (mountain.operator, mountain.value, mountain.group) == ("<", 28, "miền núi")


def test_each_year_of_a_cell_has_its_own_target():
    cell = "Năm 2026: 55% Năm 2027: 60% Năm 2028: 65% Năm 2029: 68% Năm 2030: 70% (đô thị 80%)"
    assert [(one.year, one.value, one.group) for one in parse(cell, "higher")] == [
        (2026, 55, None),
        (2027, 60, None),
        (2028, 65, None),
        (2029, 68, None),
        (2030, 70, None),
        (2030, 80, "đô thị"),
    ]


@pytest.mark.parametrize(
    ("text", "years"),
    [
        ("9% vào năm 2025 và 6% vào năm 2030", [(2025, 9), (2030, 6)]),
        ("đến năm 2025 còn 9%, đến năm 2030 còn 6%", [(2025, 9), (2030, 6)]),
        ("2025: 9%; 2030: 6%", [(2025, 9), (2030, 6)]),
        ("6% vào năm 2030", [(2030, 6)]),
        ("giai đoạn 2026-2030: 6%", [(2030, 6)]),
    ],
)
def test_a_year_is_read_wherever_it_stands(text, years):
    assert [(one.year, one.value) for one in parse(text, "lower")] == years


@pytest.mark.parametrize("text", ["", "  ", "-", "–", "\N{NO-BREAK SPACE}\n"])
def test_a_blank_is_no_target(text):
    assert parse(text, "higher") == []


@pytest.mark.parametrize("text", ["Duy trì", "duy trì mức năm 2025", "giữ vững kết quả đã đạt"])
def test_keeping_what_is_there_takes_the_baseline_as_target(text):
    assert parse(text, "lower") == [Meaning(text, None, "<=", kind="level")]
    assert parse(text, "higher")[0].keeps_baseline


# Every target text of the tables of the five plans, and those of their body texts:
# plan, direction of the line, operator, value, text.
TABLES = """
000  | higher | >=    | 88      | 88
000  | higher | >=    | 90      | 90
000  | higher | >     | 99      | >99
000  | higher | >=    | 78      | 78
000  | higher | >     | 80      | >80
000  | higher | >=    | 73      | 73
000  | higher | >=    | 75      | 75
000  | higher | >     | 75.0    | >75.0
000  | lower  | <     | 32      | <32
000  | lower  | <     | 30      | <30
000  | lower  | <     | 9.5     | <9,5
000  | lower  | <     | 12.5    | <12,5
000  | lower  | <     | 18.5    | <18,5
000  | lower  | <     | 5       | <5
000  | lower  | <=    | 19.0    | 19.0
000  | lower  | <=    | 18.5    | 18.5
001  | higher | >=    | 80      | 80,0
001  | higher | >=    | 98      | 98,0
001  | higher | >=    | 94      | 94,0
001  | higher | >=    | 99.9    | 99,9
001  | lower  | =     | 0       | 0
001  | lower  | <=    | 3.8     | 3,80
001  | lower  | <=    | 8.55    | 8,55
001  | lower  | <=    | 13.41   | 13,41
001  | lower  | <=    | 10.51   | 10,51
001  | lower  | <=    | 19.32   | 19,32
001  | lower  | <=    | 1.85    | 1,85
001  | lower  | <=    | 11.1    | 11,1
001  | lower  | <=    | 20.4    | 20,4
002  | higher | >=    | 80      | 80% cơ sở y tế đủ năng lực sàng lọc
002  | higher | >=    | 100     | 100% thôn, khu phố có CTV hoạt động, có chính sách đãi ngộ CTV
003  | higher | >=    | 15.1    | 15,1
003  | higher | >=    | 5.1     | 5,1
003  | higher | >=    | 100     | 100
003  | higher | >=    | 80      | 80,0
003  | higher | >=    | 36.8    | 36,8
003  | higher | >=    | 31.4    | 31,4
003  | higher | >=    | 5.4     | 5,4
003  | higher | >=    | 96.2    | 96,2
003  | higher | >=    | 97      | ≥ 97
003  | higher | >     | 95      | > 95
003  | lower  | <=    | 23      | ≤ 23
003  | lower  | <     | 11.5    | < 11,5
003  | lower  | <=    | 16      | ≤ 16
003  | lower  | <=    | 7.6     | 7,6
003  | lower  | <=    | 14.3    | 14,3
003  | lower  | <=    | 119     | 119,0
003  | none   | about | 3645701 | 3.645.701
003  | none   | about | 1       | 1,00
003  | none   | <=    | -0.06   | Giảm 0,06
003  | none   | >=    | 0.1     | Tăng 0,1
004  | higher | >=    | 88      | đạt 88%
004  | higher | >=    | 80      | 80%
004  | higher | >=    | 70.6    | 70,6%
004  | higher | >=    | 100     | 100%.
004  | higher | >=    | 7815    | 7.815 người
004  | higher | >=    | 200     | 200 người
004  | higher | >=    | 19015   | 19.015 người
004  | higher | >=    | 20470   | 20.470 người
004  | higher | >=    | 2       | ít nhất 02 đợt
004  | lower  | <=    | 111     | 16,2 điểm% (về mức 111 trẻ trai/100 trẻ gái)
body | higher | >=    | 90      | Tỷ lệ phụ nữ đẻ được khám thai 4 lần trong 3 thời kỳ đạt 90%.
body | higher | >     | 95      | Tỷ lệ phụ nữ đẻ được người đỡ đẻ có kỹ năng đỡ đạt > 95%
body | higher | >=    | 100     | 100% phụ nữ mang thai được khám thai định kỳ
body | higher | >=    | 100     | 100% các trạm y tế xã có Y sỹ sản nhi hoặc Nữ hộ sinh
body | higher | >=    | 90      | bảo đảm hằng năm có ít nhất 90% cán bộ chuyên môn liên quan được đào tạo
body | higher | >=    | 70      | 70% phụ nữ mang thai được khám sàng lọc trước sinh ít nhất 4 loại bệnh
body | higher | >=    | 90      | Tỷ lệ cặp nam, nữ được tư vấn đạt 90% trong đó ưu tiên nhóm công nhân.
body | higher | >=    | 48158   | Tổng số người mới sử dụng BPTT hiện đại trong năm: 48.158 người;
body | higher | >=    | 2       | Tổ chức ít nhất 02 đợt Chiến dịch tăng cường truyền thông
body | lower  | <     | 30      | Giảm tỷ số tử vong mẹ xuống dưới 30/100.000 trẻ đẻ sống.
body | lower  | <     | 9.5     | Giảm tỷ suất tử vong sơ sinh xuống dưới 9,5‰.
body | lower  | <     | 5       | Duy trì tỷ lệ trẻ sơ sinh có cân nặng dưới 2500g dưới 5%
body | lower  | <=    | 18.5    | Giảm tỷ lệ suy dinh dưỡng thấp còi ở trẻ em dưới 5 tuổi xuống còn 18,5%.
"""


@pytest.mark.parametrize(
    ("direction", "operator", "value", "text"),
    [[cell.strip() for cell in line.split("|")[1:]] for line in TABLES.strip().splitlines()],
)
def test_the_five_plans_mean_what_they_print(direction, operator, value, text):
    meanings = parse(text, direction)
    assert (meanings[0].operator, meanings[0].value, meanings[0].ambiguous) == (operator, D(value), False)


@pytest.mark.parametrize(
    "text",
    [
        "Bộ máy tinh gọn",
        "Xử lý nghiêm các hành vi vi phạm",
        "Kinh phí được bố trí đầy đủ trong dự toán hằng năm",
        "Xây dựng mạng lưới tư vấn SKSS học đường",
        "Phụ nữ, công nhân tiếp cận thông tin SKSS",
        "đến tháng 6/2026 tất cả các cơ sở khám chữa bệnh hoàn thành triển khai bệnh án điện tử",
        "Trực cấp cứu 24/24 giờ",
        "duy trì mức sinh thay thế",
    ],
)
def test_a_qualitative_text_is_left_to_a_person(text):
    assert parse(text, "none") == [Meaning(text)]


def test_a_whole_section_is_no_target():
    assert parse("5% " * 5000, "lower") == [Meaning("5% " * 5000)]


def test_the_interface_shape_is_plain_json():
    assert parse("≤ 23", "lower")[0].as_json() == {
        "year": None,
        "text": "≤ 23",
        "operator": "<=",
        "value": 23,
        "upper": None,
        "kind": "level",
        "group": None,
        "ambiguous": False,
    }
    assert json.dumps([one.as_json() for one in parse("1-1,5", "none")], ensure_ascii=False).count("1.5") == 1


WORDS = [
    "giảm",
    "tăng",
    "đạt",
    "dưới",
    "đô thị",
    "từ",
    "đến",
    "về mức",
    "duy trì",
    "trở lên",
    "trong đó",
    "so với",
]
SIGNS = ["≥", "<", "%", "điểm%", "(", ")", ":", "-", ";", ".", "90", "9,5", "1.250", "năm 2026", "/100.000"]
PIECES = st.sampled_from(WORDS + SIGNS)


@given(
    st.one_of(
        st.text(max_size=40), st.lists(PIECES, max_size=9).map(" ".join), st.lists(PIECES).map("".join)
    ),
    st.sampled_from(["higher", "lower", "none"]),
)
def test_any_text_gives_meanings_that_can_be_stored(text, direction):
    for meaning in parse(text, direction):
        json.dumps(meaning.as_json())
        assert meaning.kind in {"level", "change", "text"}
        assert meaning.operator in {"<", "<=", "=", ">=", ">", "between", "about", None}
        assert (meaning.upper is not None) == (meaning.operator == "between") or meaning.ambiguous
        assert meaning.kind == "text" or meaning.operator or meaning.ambiguous


@given(st.decimals(0, 10**7, places=2), st.sampled_from(["<", "≤ ", "≥", "> ", "dưới ", "tối thiểu ", ""]))
def test_a_printed_value_is_never_changed(value, sign):
    (meaning,) = parse(f"{sign}{value}".replace(".", ",") + "%", "higher")
    assert (meaning.value, meaning.ambiguous) == (value, False)
