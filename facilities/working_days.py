"""Vietnamese working days, for deadlines counted in them."""

from __future__ import annotations

from datetime import date, timedelta
from functools import lru_cache

from facilities.periods import Month


@lru_cache(maxsize=1)
def _calendar() -> object:
    # Import late: building the calendar takes longer than most commands run.
    import holidays

    return holidays.country_holidays("VN")


def is_working_day(day: date) -> bool:
    """Whether offices work: no weekend, no public holiday nor its substitute (Labour Code 2019, art. 112)."""
    return _calendar().is_working_day(day)


@lru_cache(maxsize=4096)
def nth_working_day_after(day: date, n: int) -> date:
    """Return the `n`-th working day strictly after `day`; `n` counts from 1.

    >>> nth_working_day_after(date(2025, 8, 31), 5)
    datetime.date(2025, 9, 9)
    """
    if n < 1:
        raise ValueError(f"n counts working days from 1, not {n}")
    while n:
        day += timedelta(days=1)
        n -= is_working_day(day)
    return day


def deadline_after_month(month: Month, working_days: int) -> date:
    """Return the last day on which a report of `month` is in time, `working_days` working days after it."""
    return nth_working_day_after(month.last_day, working_days)
