"""Values as other programs read them: exact decimals as JSON numbers, dates and months as ISO text."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from facilities.periods import Month


def plain(number: Decimal | Fraction | int | float | None) -> int | float | None:
    """A whole number as int, any other as the float nearest to it (the shortest text that reads back)."""
    if number is None:
        return None
    return int(number) if number == int(number) else float(number)


def iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def month_text(day: date | None) -> str | None:
    """The month of a first day, `YYYY-MM`."""
    return str(Month.of(day)) if day else None


def as_json(data: Any) -> str:
    """Readable UTF-8 JSON in one style for every command."""
    return json.dumps(data, ensure_ascii=False, indent=1)
