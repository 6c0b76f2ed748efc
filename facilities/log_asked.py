"""What a page of the log is asked for, read from its address: what makes no sense is said, and left out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from django.utils.translation import gettext as _

from facilities.log_reading import BadCursor, Cursor, LogQuery
from facilities.periods import FIRST_READ, LAST_READ
from facilities.presenters.log_choices import deed_name, subject_types
from facilities.text import printable

WORDS_LENGTH = 100
FIELDS = ("from", "to", "person", "kind", "deed", "place")


@dataclass(frozen=True)
class Asked:
    """The query with the texts as they were typed, the place in the log, and what could not be read."""

    query: LogQuery
    typed: Mapping[str, str]
    before: Cursor | None
    after: Cursor | None
    problems: tuple[str, ...]


def read_asked(given: Mapping[str, str]) -> Asked:
    """Read `from`, `to` (days), `person`, `kind`, `deed`, `place`, and `before` or `after` (cursors)."""
    typed = {name: printable(given.get(name, ""))[:WORDS_LENGTH].strip() for name in FIELDS}
    problems: list[str] = []
    query = LogQuery(
        first=_day(typed["from"], problems),
        last=_day(typed["to"], problems),
        person=typed["person"],
        kind=typed["kind"] if typed["kind"] in subject_types() else "",
        deed=typed["deed"] if deed_name(typed["deed"]) else "",
        place=typed["place"],
    )
    if typed["kind"] != query.kind:
        problems.append(_("Không có loại đối tượng này. Chọn lại trong danh sách."))
    if typed["deed"] != query.deed:
        problems.append(_("Không có loại việc này. Chọn lại trong danh sách."))
    if query.first and query.last and query.first > query.last:
        query = replace(query, first=None, last=None)
        problems.append(_("“Từ ngày” sau “Đến ngày”. Đổi lại hai ngày rồi bấm Xem."))
    before, after = (_cursor(given.get(name, ""), problems) for name in ("before", "after"))
    return Asked(query, typed, before, after, tuple(problems))


def _day(text: str, problems: list[str]) -> date | None:
    if not text:
        return None
    try:
        day = date.fromisoformat(text)
        if FIRST_READ <= day.year <= LAST_READ:
            return day
    except ValueError:
        pass
    words = _("Không đọc được ngày “%(day)s”. Chọn trong lịch, hoặc viết năm-tháng-ngày, ví dụ 2026-03-31.")
    problems.append(words % {"day": text})
    return None


def _cursor(text: str, problems: list[str]) -> Cursor | None:
    if not text:
        return None
    try:
        return Cursor.parse(text)
    except BadCursor:
        problems.append(_("Địa chỉ trang này không còn đúng. Bên dưới là những việc mới nhất."))
        return None
