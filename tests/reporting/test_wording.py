"""Ends of an interval that print alike are one number."""

from decimal import Decimal
from types import SimpleNamespace

import pytest

from plans.presenters.figures import interval_words as page_words
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
