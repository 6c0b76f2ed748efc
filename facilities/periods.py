"""Months as values: parsed at the edge, ordered, and stored as the first day."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

MONTH_PATTERN = re.compile(r"([0-9]{4})-(0[1-9]|1[0-2])")
YEAR_PATTERN = re.compile(r"([0-9]{4})")
# What a Month can be, and what is read from outside: far enough inside that arithmetic about it stays a Month.
FIRST_YEAR, LAST_YEAR = 1900, 2200
FIRST_READ, LAST_READ = 1950, 2150


class InvalidPeriod(ValueError):
    """A text that is neither a month `YYYY-MM` nor, where allowed, a year `YYYY`."""


@dataclass(frozen=True, order=True)
class Month:
    """A calendar month.

    >>> str(Month(2025, 12) + 1)
    '2026-01'
    """

    year: int
    number: int

    def __post_init__(self) -> None:
        if not (FIRST_YEAR <= self.year <= LAST_YEAR and 1 <= self.number <= 12):
            raise InvalidPeriod(f"{self.year}-{self.number}")

    @classmethod
    def parse(cls, text: str) -> Month:
        """Read `YYYY-MM`; raise InvalidPeriod otherwise."""
        match = MONTH_PATTERN.fullmatch(text.strip()) if isinstance(text, str) else None
        if not match:
            raise InvalidPeriod(text)
        return cls(_read_year(match[1]), int(match[2]))

    @classmethod
    def of(cls, day: date) -> Month:
        return cls(day.year, day.month)

    @property
    def first_day(self) -> date:
        return date(self.year, self.number, 1)

    @property
    def last_day(self) -> date:
        return date.fromordinal((self + 1).first_day.toordinal() - 1)

    def __add__(self, months: int) -> Month:
        index = self.year * 12 + self.number - 1 + months
        return Month(index // 12, index % 12 + 1)

    def __sub__(self, months: int) -> Month:
        return self + -months

    def __str__(self) -> str:
        return f"{self.year:04d}-{self.number:02d}"

    def until(self, last: Month) -> Iterator[Month]:
        """Yield every month from this one to `last`, both included."""
        month = self
        while month <= last:
            yield month
            month += 1


def parse_period(text: str, *, yearly: bool) -> date:
    """Read a period of a form as its first day: `YYYY` for yearly forms, `YYYY-MM` for monthly ones.

    Raises InvalidPeriod.
    """
    if not yearly:
        return Month.parse(text).first_day
    match = YEAR_PATTERN.fullmatch(text.strip()) if isinstance(text, str) else None
    if not match:
        raise InvalidPeriod(text)
    return Month(_read_year(match[1]), 1).first_day


def _read_year(text: str) -> int:
    year = int(text)
    if not FIRST_READ <= year <= LAST_READ:
        raise InvalidPeriod(text)
    return year


def format_period(first_day: date, *, yearly: bool) -> str:
    """Write a period the way `parse_period` reads it."""
    return f"{first_day.year:04d}" if yearly else str(Month.of(first_day))
