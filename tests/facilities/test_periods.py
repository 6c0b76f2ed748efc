"""Periods as texts: `YYYY-MM` and `YYYY` in plain digits, nothing else."""

from datetime import date

import pytest

from facilities.periods import InvalidPeriod, Month, parse_period


def test_a_month_and_a_year_are_read_with_blanks_around_them():
    assert Month.parse(" 2025-06\n") == Month(2025, 6)
    assert parse_period("2025", yearly=True) == date(2025, 1, 1)


@pytest.mark.parametrize("text", ["2025", "2025-6", "2025-13", "٢٠٢٥-06", "2025-06-01", "", None])
def test_no_other_text_is_a_month(text):
    with pytest.raises(InvalidPeriod):
        Month.parse(text)


@pytest.mark.parametrize("text", ["2025-06", "٢٠٢٥", "25", "", None])
def test_no_other_text_is_a_year(text):
    with pytest.raises(InvalidPeriod):
        parse_period(text, yearly=True)
