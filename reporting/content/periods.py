"""The period a report covers: always from January, to the end of the half, of nine months, of a month or the year."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from facilities.periods import InvalidPeriod, Month

YEAR, HALF, NINE_MONTHS = "year", "h1", "m9"
LAST_MONTH = {YEAR: 12, HALF: 6, NINE_MONTHS: 9}
TITLES = {YEAR: "năm {year}", HALF: "6 tháng đầu năm {year}", NINE_MONTHS: "9 tháng đầu năm {year}"}
MONTH_CODE = re.compile(r"[0-9]{4}-[0-9]{2}")


@dataclass(frozen=True)
class ReportPeriod:
    """January to `last` of a year. `code` is `year`, `h1`, `m9` or `YYYY-MM`."""

    year: int
    code: str

    @classmethod
    def parse(cls, year: int, code: str) -> ReportPeriod:
        """Read a period code; a month must lie in the year. Raises InvalidPeriod."""
        if code in LAST_MONTH:
            return cls(year, code)
        if not MONTH_CODE.fullmatch(code or "") or Month.parse(code).year != year:
            raise InvalidPeriod(code)
        return cls(year, code)

    @property
    def last(self) -> Month:
        return Month(self.year, LAST_MONTH.get(self.code) or Month.parse(self.code).number)

    @property
    def title(self) -> str:
        """As a heading names it: "năm 2026", "6 tháng đầu năm 2026", "10 tháng đầu năm 2026"."""
        if self.code in TITLES:
            return TITLES[self.code].format(year=self.year)
        if self.last.number == 1:
            return f"tháng {month_words(self.last)}"
        return f"{self.last.number} tháng {'đầu ' if self.last.number < 12 else ''}năm {self.year}"

    def is_over(self, today: date) -> bool:
        return self.last < Month.of(today)


def month_number(number: int) -> str:
    """A leading zero for January and February alone (decree 30/2020/NĐ-CP)."""
    return f"{number:02d}" if number < 3 else str(number)


def month_words(month: Month) -> str:
    return f"{month_number(month.number)}/{month.year}"


def day_words(day: date) -> str:
    """`05/02/2026`, as documents name each other's dates."""
    return f"{day.day:02d}/{month_number(day.month)}/{day.year}"
