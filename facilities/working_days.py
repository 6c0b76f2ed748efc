"""Vietnamese working days, for deadlines counted in them.

Pure: who starts the portal says where the days decided otherwise are read (facilities/apps.py).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import lru_cache

from facilities.periods import Month


@lru_cache(maxsize=1)
def _statutory() -> object:
    # Import late: building the calendar takes longer than most commands run.
    import holidays

    return holidays.country_holidays("VN")


@dataclass(frozen=True, eq=False)
class Calendar:
    """Weekends, public holidays and their substitutes (Labour Code 2019, art. 112), but for the days decided otherwise.

    `decided` says of a day whether offices work on it: the government swaps working days year by year.
    """

    decided: Mapping[date, bool] = field(default_factory=dict)

    def is_working_day(self, day: date) -> bool:
        decided = self.decided.get(day)
        return _statutory().is_working_day(day) if decided is None else decided


STATUTORY = Calendar()


def _law_alone() -> Calendar:
    return STATUTORY


_source: Callable[[], Calendar] = _law_alone


def read_calendar_from(source: Callable[[], Calendar]) -> None:
    """Let every question go to the calendar that `source` gives at that moment."""
    global _source
    _source = source


def is_working_day(day: date) -> bool:
    """Whether offices work on the day."""
    return _source().is_working_day(day)


def nth_working_day_after(day: date, n: int) -> date:
    """Return the `n`-th working day strictly after `day`; `n` counts from 1.

    >>> nth_working_day_after(date(2025, 8, 31), 5)
    datetime.date(2025, 9, 9)
    """
    if n < 1:
        raise ValueError(f"n counts working days from 1, not {n}")
    return _nth_after(_source(), day, n)


def last_working_day_until(day: date) -> date:
    """Return `day` itself if offices work on it, else the last working day before it.

    >>> last_working_day_until(date(2026, 1, 31))
    datetime.date(2026, 1, 30)
    """
    return _last_until(_source(), day)


def first_working_day_from(day: date) -> date:
    """Return `day` itself if offices work on it, else the first working day after it.

    A term whose last day is a day off ends with the next working day (Civil Code 2015, art. 148 (5)).

    >>> first_working_day_from(date(2026, 1, 31))
    datetime.date(2026, 2, 2)
    """
    return day if is_working_day(day) else nth_working_day_after(day, 1)


def deadline_after_month(month: Month, working_days: int) -> date:
    """Return the last day on which a report of `month` is in time, `working_days` working days after it."""
    return nth_working_day_after(month.last_day, working_days)


@lru_cache(maxsize=4096)
def _nth_after(calendar: Calendar, day: date, n: int) -> date:
    while n:
        day += timedelta(days=1)
        n -= calendar.is_working_day(day)
    return day


@lru_cache(maxsize=4096)
def _last_until(calendar: Calendar, day: date) -> date:
    while not calendar.is_working_day(day):
        day -= timedelta(days=1)
    return day
