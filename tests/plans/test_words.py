"""A figure that prints like its target says what parts them."""

from decimal import Decimal
from fractions import Fraction

import pytest

from plans.presenters.words import near_target_note, number_words, percent_of_target_words


@pytest.mark.parametrize(
    ("value", "target", "decimals", "note"),
    [
        (Fraction(269, 3), Decimal(90), 0, "89,7"),
        (Fraction("89.996"), Decimal(90), 1, "89,996"),
        (Fraction("31.38"), Decimal("31.4"), 1, "31,38"),
        (Fraction("-0.061"), Decimal("-0.06"), 2, "−0,061"),
        (Fraction(90), Decimal(90), 1, ""),
        (Fraction(89), Decimal(90), 1, ""),
        (Fraction("31.39999"), Decimal("31.4"), 1, "thấp hơn kế hoạch dưới mức làm tròn"),
        (Fraction("31.40001"), Decimal("31.4"), 1, "cao hơn kế hoạch dưới mức làm tròn"),
    ],
)
def test_a_value_near_its_target_is_told_apart(value, target, decimals, note):
    assert near_target_note(value, target, decimals) == note


@pytest.mark.parametrize(
    ("percent", "words"),
    [
        ("98.27", "98,3%"),
        ("100", "100,0%"),
        ("99.99", "99,99%"),
        ("100.004", "hơn 100%"),
        ("100.001", "hơn 100%"),
        ("100.02", "100,02%"),
        ("99.999999", "gần 100%"),
    ],
)
def test_a_hundred_percent_is_said_only_where_the_target_is_reached(percent, words):
    assert percent_of_target_words(Fraction(percent)) == words


def test_a_plan_without_its_number_says_so():
    assert (number_words("/KH-UBND"), number_words("683/KH-SYT")) == ("(chưa có số văn bản)", "683/KH-SYT")
