"""Numbers, months and days as pages print them, and the bullet bar."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from django.template import Context, Template
from django.utils import translation

from facilities.periods import Month
from facilities.templatetags import portal


def render(source, **context):
    return Template(source).render(Context(context))


@pytest.mark.parametrize(
    ("source", "value", "text"),
    [
        ("{{ v|number }}", 3571278, "3.571.278"),
        ("{{ v|number:1 }}", Decimal("42.68"), "42,7"),
        ("{{ v|number }}", 0, "0"),
        ("{{ v|number }}", None, "–"),
        ("{{ v|signed:2 }}", Decimal("-0.06"), "−0,06"),
        ("{{ v|percent }}", 96.66, "96,7%"),
        ("{{ v|share }}", 99.96, "99,9%"),
        ("{{ v|share:0 }}", 0.2, "1%"),
        ("{{ v|share }}", None, "–"),
        ("{{ v|month }}", date(2026, 10, 1), "tháng 10/2026"),
        ("{{ v|month }}", Month(2026, 10), "tháng 10/2026"),
        ("{{ v|month }}", None, "–"),
        ("{{ v|short_month }}", Month(2026, 1), "1/2026"),
        ("{{ v|day }}", date(2026, 11, 6), "06/11/2026"),
        ("{{ v|weekday }}", date(2026, 11, 6), "thứ Sáu 06/11/2026"),
    ],
)
def test_vietnamese_formats(source, value, text):
    assert render(source, v=value) == text


def test_moments_are_local():
    at = datetime(2026, 11, 22, 7, 5, tzinfo=ZoneInfo("UTC"))
    assert render("{{ v|moment }}", v=at) == "14:05 ngày 22/11/2026"


def test_english_names_its_months():
    with translation.override("en"):
        assert render("{{ v|month }}", v=date(2026, 10, 1)) == "October 2026"


def test_a_bullet_bar_never_prints_a_decimal_comma():
    drawn = render("{% bullet 66.5 80.25 None 70.5 words='66,5 so với 80,25' %}")
    assert 'width="66.5%"' in drawn and 'x="80.25%"' in drawn and 'cx="70.5%"' in drawn
    assert 'aria-label="66,5 so với 80,25"' in drawn
    assert 'class="pace"' not in drawn


@pytest.mark.parametrize(
    ("direction", "start", "width"), [("higher", "60", "40"), ("lower", "0", "60"), ("none", None, None)]
)
def test_the_good_side_of_the_target_is_shaded(direction, start, width):
    shown = portal.bullet(50, 60, direction=direction)
    assert shown["ok_from"] == start
    assert start is None or shown["ok_width"] == width


def test_marks_stay_inside_the_bar():
    shown = portal.bullet(140, -3)
    assert (shown["actual"], shown["target"]) == ("100", "0")
