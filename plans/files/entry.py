"""One mapping of a YAML file, read key by key into the types of a plan."""

from __future__ import annotations

import re
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from facilities.periods import InvalidPeriod, Month
from plans.files.source import Source

AREA = re.compile(r"^[0-9A-Za-z]{1,10}@\d{4}-\d{2}-\d{2}$")
# What the database holds: 20 digits, six of them decimals.
GREATEST, SMALLEST_STEP = Decimal(10) ** 14, -6


class Entry:
    """One mapping of the file. Every reader reports what is wrong and gives a harmless value."""

    def __init__(self, source: Source, value: Any, path: tuple[str | int, ...] = ()) -> None:
        self.source = source
        self.path = path
        self.value: dict[str, Any] = value if isinstance(value, dict) else {}
        if not isinstance(value, dict):
            source.report(path, "phải là một mục gồm các khóa")

    def wrong(self, key: str, message: str) -> None:
        self.source.report((*self.path, key), message)

    def only(self, *keys: str) -> None:
        """Report keys nobody reads: a slip of the pen would otherwise go unnoticed."""
        for key in self.value:
            if key not in keys:
                self.wrong(str(key), "khóa không dùng trong tệp này")

    def text(self, key: str, *, required: bool = False, longest: int | None = None) -> str:
        value = self.value.get(key)
        if value is None:
            value = ""
        if not isinstance(value, str):
            self.wrong(key, "phải là chữ; đặt trong ngoặc kép")
            return ""
        value = value.strip()
        if required and not value:
            self.wrong(key, "không được để trống")
        if longest and len(value) > longest:
            self.wrong(key, f"dài quá {longest} ký tự")
        return value

    def choice(self, key: str, allowed: tuple[str, ...]) -> str:
        value = self.value.get(key)
        if value not in allowed:
            self.wrong(key, f"phải là một trong: {', '.join(allowed)}")
            return allowed[0]
        return value

    def area(self, key: str) -> str:
        value = self.text(key, required=True)
        if value and not AREA.match(value):
            self.wrong(key, "địa bàn ghi dạng mã@YYYY-MM-DD")
        return value

    def year(self, key: str, *, required: bool = True) -> int | None:
        value = self.value.get(key)
        if value is None and not required:
            return None
        if not isinstance(value, int) or isinstance(value, bool) or not 1900 <= value <= 2200:
            self.wrong(key, "phải là một năm")
            return None
        return value

    def count(self, key: str, *, default: int | None = None, most: int = 10**17) -> int:
        value = self.value.get(key, default)
        if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= most:
            self.wrong(key, "phải là số nguyên không âm")
            return 0
        return value

    def decimal(self, key: str) -> Decimal | None:
        value = self.value.get(key)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int | float):
            self.wrong(key, "phải là một số")
            return None
        try:
            number = Decimal(repr(value))
        except InvalidOperation:
            number = Decimal("NaN")
        if not storable(number):
            self.wrong(key, "số quá lớn hoặc quá nhiều chữ số thập phân")
            return None
        return number

    def day(self, key: str, *, required: bool = False) -> date | None:
        value = self.value.get(key)
        if isinstance(value, str):
            try:
                value = date.fromisoformat(value)
            except ValueError:
                value = False
        if value is None and not required:
            return None
        if not isinstance(value, date) or isinstance(value, datetime):
            self.wrong(key, "phải là một ngày YYYY-MM-DD")
            return None
        return value

    def month(self, key: str) -> Month | None:
        value = self.value.get(key)
        if value is None:
            return None
        try:
            return Month.parse(value)
        except InvalidPeriod:
            self.wrong(key, 'phải là một tháng "YYYY-MM"')
            return None

    def flag(self, key: str) -> bool:
        value = self.value.get(key, False)
        if not isinstance(value, bool):
            self.wrong(key, "phải là true hoặc false")
        return value is True

    def texts(self, key: str) -> tuple[str, ...]:
        items = self._list(key)
        for position, item in enumerate(items):
            if not isinstance(item, str) or not item.strip():
                self.source.report((*self.path, key, position), "phải là chữ; đặt trong ngoặc kép")
        return tuple(item.strip() for item in items if isinstance(item, str) and item.strip())

    def entries(self, key: str) -> list[Entry]:
        return [
            Entry(self.source, item, (*self.path, key, position))
            for position, item in enumerate(self._list(key))
        ]

    def entry(self, key: str) -> Entry | None:
        value = self.value.get(key)
        return None if value is None else Entry(self.source, value, (*self.path, key))

    def _list(self, key: str) -> list[Any]:
        value = self.value.get(key)
        if value is None:
            return []
        if not isinstance(value, list):
            self.wrong(key, "phải là một danh sách")
            return []
        return value


def storable(number: Decimal) -> bool:
    """Whether the number fits where targets and baselines are kept, without rounding."""
    if not number.is_finite() or abs(number) >= GREATEST:
        return False
    return number.normalize().as_tuple().exponent >= SMALLEST_STEP
