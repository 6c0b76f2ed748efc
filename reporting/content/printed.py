"""Which number and date a frozen document prints: read back from its head."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

NUMBER = re.compile(r"Số:\s*(?P<number>\d{1,6})?\s*/?\s*(?P<symbol>[^\s/]*)\s*$")
DAY = re.compile(r"ngày\s+(\d{1,2})\s+tháng\s+(\d{1,2})\s+năm\s+(\d{4})")


@dataclass(frozen=True)
class Printed:
    """What stands in the head; None and "" where the place is left open."""

    number: int | None
    symbol: str
    on: date | None

    @classmethod
    def of(cls, data: Mapping[str, Any]) -> Printed:
        """Read from a snapshot's data. A date that is none counts as left open."""
        found = NUMBER.search(data["content"]["header"].get("number", ""))
        number = int(found["number"]) if found and found["number"] else None
        symbol = found["symbol"].strip(".") if found else ""
        return cls(number or None, symbol, _day(data.get("dateline", "")))


def place_and_day(dateline: str) -> tuple[str, date | None]:
    """What of place and date of issue somebody decided: a date left open has a year that tells only when it was."""
    return dateline.partition(",")[0].strip(), _day(dateline)


def _day(dateline: str) -> date | None:
    found = DAY.search(dateline)
    if found is None:
        return None
    day, month, year = (int(part) for part in found.groups())
    try:
        return date(year, month, day)
    except ValueError:
        return None
