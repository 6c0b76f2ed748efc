"""Vietnamese numbers as typed, printed and spelled."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from facilities.numbers import (
    AmbiguousNumber,
    NotANumber,
    amount_in_words,
    format_number,
    format_percent,
    format_share,
    parse_number,
)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("0", "0"),
        ("02", "2"),
        (" 90 ", "90"),
        ("42,7", "42.7"),
        ("9,5", "9.5"),
        ("99.9", "99.9"),
        ("75.0", "75.0"),
        ("3.571.278", "3571278"),
        ("1.250,5", "1250.5"),
        ("1,234", "1.234"),
        ("0.125", "0.125"),
        ("1234.567", "1234.567"),
        ("−0,06", "-0.06"),
        ("-0,06", "-0.06"),
        ("–16,2", "-16.2"),
        ("+0,1", "0.1"),
    ],
)
def test_a_number_is_read_as_vietnamese_documents_write_it(text, value):
    assert parse_number(text) == Decimal(value)


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "abc",
        "1,2,3",
        "1,000,000",
        "1,234.5",
        "1.23.4",
        "0.123.456",
        "5%",
        "1 000",
        "--1",
        "1e3",
        "٣",
    ],
)
def test_other_text_is_refused(text):
    with pytest.raises(NotANumber):
        parse_number(text)


def test_one_dot_and_three_digits_asks_with_both_readings():
    with pytest.raises(AmbiguousNumber) as caught:
        parse_number("-1.250")
    assert (caught.value.thousands, caught.value.decimal) == (Decimal("-1250"), Decimal("-1.250"))


@pytest.mark.parametrize("text", ["1,234", "1.234"])
def test_where_a_count_is_meant_a_comma_before_three_digits_asks_too(text):
    with pytest.raises(AmbiguousNumber) as caught:
        parse_number(text, integer=True)
    assert (caught.value.thousands, caught.value.decimal) == (Decimal(1234), Decimal("1.234"))


def test_a_count_has_no_part():
    assert parse_number("3.571.278", integer=True) == 3571278
    assert parse_number("12,0", integer=True) == 12
    with pytest.raises(NotANumber):
        parse_number("42,7", integer=True)


@pytest.mark.parametrize(
    ("value", "decimals", "signed", "text"),
    [
        (3571278, None, False, "3.571.278"),
        (0, None, True, "0"),
        (Decimal("42.7"), None, False, "42,7"),
        (Decimal("9.50"), None, False, "9,50"),
        (Decimal("1E+3"), None, False, "1.000"),
        (Decimal("-0.06"), None, False, "−0,06"),
        (Decimal("0.1"), None, True, "+0,1"),
        (Decimal("97.96"), 1, False, "98,0"),
        (Decimal("0.25"), 1, False, "0,3"),
        (Decimal("-0.25"), 1, False, "−0,3"),
        (Decimal("2.5"), 0, False, "3"),
        (Decimal("-0.04"), 1, True, "0,0"),
        (Fraction(200, 3), 1, False, "66,7"),
        (Fraction(1, 3), None, False, "0,33"),
        (Fraction(1, 2), None, False, "0,5"),
        (Fraction(90), None, False, "90"),
        (0.1, None, False, "0,1"),
        (58.45, 1, False, "58,5"),
    ],
)
def test_a_number_prints_with_dots_a_comma_and_a_true_minus(value, decimals, signed, text):
    assert format_number(value, decimals, signed) == text


def test_a_percentage_has_no_space():
    assert format_percent(Decimal("88.5")) == "88,5%"
    assert format_percent(Fraction(200, 3), 1, signed=True) == "+66,7%"


@pytest.mark.parametrize(
    ("part", "whole", "texts"),
    [
        (9999, 10_000, ["99%", "99,9%", "99,99%"]),
        (1, 10_000, ["1%", "0,1%", "0,01%"]),
        (99_999, 100_000, ["99%", "99,9%", "99,99%"]),
        (0, 3, ["0%", "0,0%", "0,00%"]),
        (3, 3, ["100%", "100,0%", "100,00%"]),
        (1, 3, ["33%", "33,3%", "33,33%"]),
    ],
)
def test_a_share_is_whole_or_none_only_where_it_is(part, whole, texts):
    assert [format_share(Fraction(part, whole) * 100, places) for places in range(3)] == texts
    assert [format_share(part / whole * 100, places) for places in range(3)] == texts


@pytest.mark.parametrize(
    ("amount", "words"),
    [
        (0, "Không đồng"),
        (1, "Một đồng"),
        (4, "Bốn đồng"),
        (5, "Năm đồng"),
        (10, "Mười đồng"),
        (11, "Mười một đồng"),
        (14, "Mười bốn đồng"),
        (15, "Mười lăm đồng"),
        (20, "Hai mươi đồng"),
        (21, "Hai mươi mốt đồng"),
        (24, "Hai mươi tư đồng"),
        (25, "Hai mươi lăm đồng"),
        (55, "Năm mươi lăm đồng"),
        (100, "Một trăm đồng"),
        (105, "Một trăm linh năm đồng"),
        (110, "Một trăm mười đồng"),
        (111, "Một trăm mười một đồng"),
        (131, "Một trăm ba mươi mốt đồng"),
        (1000, "Một nghìn đồng"),
        (1005, "Một nghìn, không trăm linh năm đồng"),
        (1015, "Một nghìn, không trăm mười lăm đồng"),
        (1105, "Một nghìn, một trăm linh năm đồng"),
        (21_000, "Hai mươi mốt nghìn đồng"),
        (1_000_005, "Một triệu, không trăm linh năm đồng"),
        (745_880_000, "Bảy trăm bốn mươi lăm triệu, tám trăm tám mươi nghìn đồng"),
        (378_940_000, "Ba trăm bảy mươi tám triệu, chín trăm bốn mươi nghìn đồng"),
        (366_940_000, "Ba trăm sáu mươi sáu triệu, chín trăm bốn mươi nghìn đồng"),
        (2_005_000_000, "Hai tỷ, không trăm linh năm triệu đồng"),
        (1_000_000_001, "Một tỷ, không trăm linh một đồng"),
        (1_005_000_000_000, "Một nghìn không trăm linh năm tỷ đồng"),
        (10**18, "Một tỷ tỷ đồng"),
        (-1005, "Âm một nghìn, không trăm linh năm đồng"),
    ],
)
def test_money_is_spelled_as_official_documents_do(amount, words):
    assert amount_in_words(amount) == words


@given(st.decimals(-(10**9), 10**9, allow_nan=False, places=2))
def test_a_printed_number_reads_back(value):
    assert parse_number(format_number(value, 2)) == value


@given(st.integers(-(10**12), 10**12))
def test_a_printed_whole_number_reads_back_or_asks(value):
    try:
        assert parse_number(format_number(value), integer=True) == value
    except AmbiguousNumber as ambiguous:
        assert ambiguous.thousands == value


@given(st.text(max_size=12) | st.text("0123456789.,-−+ ", max_size=12))
def test_reading_any_text_gives_a_number_or_a_named_error(text):
    try:
        assert parse_number(text).is_finite()
    except (NotANumber, AmbiguousNumber):
        pass


@given(st.integers(1, 10**15), st.integers(1, 10**15))
def test_different_sums_are_spelled_differently(one, other):
    assert (amount_in_words(one) == amount_in_words(other)) == (one == other)
