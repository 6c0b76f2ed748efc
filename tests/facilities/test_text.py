"""Text as people paste it, made fit for files; numbers of rows as pages send them."""

import re

import pytest
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

from facilities.text import alphabetical, as_key, printable


def test_every_character_a_workbook_refuses_is_gone():
    everything = "".join(map(chr, range(0x20))) + "\ufffe\uffff\ud800"
    assert not ILLEGAL_CHARACTERS_RE.search(printable(everything))
    assert re.sub(r"\s", "", printable(everything)) == ""


def test_breaks_of_word_keep_words_apart_and_the_rest_stays():
    assert printable("Ý một\x0bý hai\x0cba\tbốn\r\n\x07") == "Ý một\ný hai\nba\tbốn\r\n"


def test_no_mark_turns_the_words_around_it():
    assert printable("Số \u202e5\u202c đến \u2066\u200f12\u2069 \u061cca") == "Số 5 đến 12 ca"


@pytest.mark.parametrize("slip", ["Hoà\u0300 Bình", "\u0301Hoà Bình", "Hoà \u0323 Bình"])
def test_a_mark_without_its_letter_breaks_no_order(slip):
    assert sorted(["Phường Hưng", f"Phường {slip}", "Phường An"], key=alphabetical)[1].startswith("Phường")
    assert alphabetical("\u0300")[0] == ()


@pytest.mark.parametrize("text", ["", " 1", "-1", "1.0", "٢", "²", "x", "1" * 13, "9" * 5000, "\x00"])
def test_what_is_no_row_is_none(text):
    assert as_key(text) is None


def test_up_to_twelve_digits_are_a_row():
    assert (as_key("7"), as_key("9" * 12)) == (7, 999_999_999_999)


@pytest.mark.parametrize(
    "ordered",
    [
        ["Phường Cảnh Thụy", "Phường Chũ", "Phường Đa Mai", "Phường Yên Dũng"],
        ["an", "ăn", "ân", "bà", "dũng", "đa", "e", "ê"],
        ["ma", "mà", "mả", "mã", "má", "mạ", "mai"],
        ["Trạm 1", "Trạm A", "trạm ă"],
        ["Ba Đồn", "Bà Rịa", "Ba Vì"],
    ],
)
def test_names_are_sorted_by_the_vietnamese_alphabet(ordered):
    shuffled = [*ordered[1:], ordered[0]]
    assert sorted(shuffled, key=alphabetical) == ordered
