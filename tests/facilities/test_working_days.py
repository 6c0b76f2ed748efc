from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from facilities.periods import Month
from facilities.working_days import deadline_after_month, is_working_day, nth_working_day_after


@pytest.mark.parametrize(
    ("month", "days", "deadline"),
    [
        ("2026-05", 5, date(2026, 6, 5)),
        # A weekend, then two days of National Day: 3, 4, 5, 8, 9 September.
        ("2025-08", 5, date(2025, 9, 9)),
        # Lunar New Year 2025 fills the end of January; the first week of February is ordinary.
        ("2025-01", 5, date(2025, 2, 7)),
        # The five days of Lunar New Year 2026 (16–20 February) do not count.
        ("2026-01", 12, date(2026, 2, 24)),
        # 1 May 2025 and its neighbour (made up on Saturday 26 April) are off.
        ("2025-04", 1, date(2025, 5, 5)),
    ],
)
def test_deadline_counts_vietnamese_working_days(month, days, deadline):
    assert deadline_after_month(Month.parse(month), days) == deadline


def test_a_saturday_worked_in_exchange_counts():
    assert is_working_day(date(2025, 4, 26))


def test_counting_starts_at_one():
    with pytest.raises(ValueError, match="from 1"):
        nth_working_day_after(date(2026, 1, 1), 0)


@given(day=st.dates(date(2021, 1, 1), date(2035, 12, 31)), n=st.integers(1, 20))
def test_the_nth_working_day_has_n_working_days_up_to_it(day, n):
    found = nth_working_day_after(day, n)

    between = [
        d for d in range(day.toordinal() + 1, found.toordinal() + 1) if is_working_day(date.fromordinal(d))
    ]
    assert len(between) == n
    assert is_working_day(found)
