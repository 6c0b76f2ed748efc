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


@pytest.mark.parametrize(
    "day",
    [
        # Lunar New Year, with the days the government swapped or added (decisions of each year).
        *("2024-02-08", "2024-02-09", "2024-02-12", "2024-02-13", "2024-02-14"),
        *("2025-01-27", "2025-01-28", "2025-01-29", "2025-01-30", "2025-01-31"),
        *("2026-02-16", "2026-02-17", "2026-02-18", "2026-02-19", "2026-02-20"),
        *("2027-02-04", "2027-02-05", "2027-02-08", "2027-02-09", "2027-02-10"),
        # The Hùng kings' day, the tenth of the third lunar month; on a Sunday the Monday after it.
        *("2024-04-18", "2025-04-07", "2026-04-27", "2027-04-16"),
        # 30 April and 1 May, the days swapped beside them, and 1 May 2027 (a Saturday) made up on Monday.
        *("2024-04-29", "2024-04-30", "2024-05-01", "2025-04-30", "2025-05-01", "2025-05-02"),
        *("2026-04-30", "2026-05-01", "2027-04-30", "2027-05-03"),
        # National Day has two days.
        *("2024-09-02", "2024-09-03", "2025-09-01", "2025-09-02", "2026-08-31", "2026-09-01", "2026-09-02"),
        *("2027-09-02", "2027-09-03"),
        *("2024-01-01", "2025-01-01", "2026-01-01", "2027-01-01"),
    ],
)
def test_offices_rest_on_every_public_holiday_and_its_substitute(day):
    assert not is_working_day(date.fromisoformat(day))


@pytest.mark.parametrize("saturday", ["2024-05-04", "2025-04-26", "2026-08-22"])
def test_a_saturday_made_up_for_a_swapped_day_is_worked(saturday):
    assert is_working_day(date.fromisoformat(saturday))


@pytest.mark.parametrize(
    ("month", "deadline"),
    [("2024-01", "2024-02-07"), ("2024-08", "2024-09-10"), ("2024-12", "2025-01-08"), ("2025-03", "2025-04-08"),
     ("2025-04", "2025-05-09"), ("2026-08", "2026-09-09"), ("2027-01", "2027-02-12"), ("2027-04", "2027-05-10"),
     ("2027-08", "2027-09-09")],
)  # fmt: skip
def test_the_fifth_working_day_over_four_years_of_holidays(month, deadline):
    assert deadline_after_month(Month.parse(month), 5) == date.fromisoformat(deadline)
