"""Ends of an interval that print alike are one number; units as a sentence says them."""

from decimal import Decimal
from types import SimpleNamespace

import pytest

from plans.presenters.figures import interval_words as page_words
from reporting.content.cells import row, with_unit
from reporting.content.lines import unit_note
from reporting.content.wording import interval_words, range_words


def standing(low, high, **fields):
    limits = (Decimal(low), Decimal(high))
    line = SimpleNamespace(decimals=1, unit="%", indicator=SimpleNamespace(interval="poisson"))
    return SimpleNamespace(
        line=line, states_change=False, projected_interval=limits, numerator=3,
        assessment=SimpleNamespace(interval=limits), **fields,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("low", "high", "forecast", "interval", "page"),
    [
        ("86.11", "86.14", "khoảng dự báo 95%: 86,1%", "khoảng tin cậy 95%: 86,1", "KTC 95%: 86,1"),
        (
            "86.1", "91.0", "khoảng dự báo 95% từ 86,1% đến 91,0%", "khoảng tin cậy 95%: 86,1 đến 91,0",
            "KTC 95%: 86,1–91,0",
        ),
    ],
)  # fmt: skip
def test_ends_that_print_alike_are_said_once(low, high, forecast, interval, page):
    found = standing(low, high)
    assert range_words(found) == f", {forecast}"
    assert interval_words(found) == interval
    assert page_words(found.projected_interval, 1) == page


@pytest.mark.parametrize(
    ("unit", "said"),
    [
        ("%", "118,7%"),
        ("", "118,7"),
        ("Số bé trai/100 bé gái", "118,7 bé trai/100 bé gái"),
        ("BM/100.000 trẻ đẻ sống", "118,7 bà mẹ/100.000 trẻ đẻ sống"),
        ("TVM/100.000 trẻ sinh sống", "118,7 ca tử vong mẹ/100.000 trẻ sinh sống"),
        ("Bà mẹ", "118,7 bà mẹ"),
        ("bác sỹ", "118,7 bác sỹ"),
    ],
)
def test_a_unit_follows_its_number_as_people_say_it(unit, said):
    assert with_unit("118,7", unit) == said


def test_abbreviations_among_the_units_of_a_table_are_explained_once():
    units = ["%", "BM/100.000 trẻ đẻ sống", "Bà mẹ", "BM"]
    rows = [row(["Mục tiêu"], "group"), *[row(["1", "Dòng", unit]) for unit in units]]
    assert unit_note(rows) == "BM: bà mẹ."
    assert unit_note(rows[:2]) == ""
