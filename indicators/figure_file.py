"""A CSV of figures as rows of text (pure): what can be said of the file before any table is asked."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass

COLUMNS = ("facility", "form", "period", "element", "group", "value")


class UnreadableFile(Exception):
    """The file as a whole can not be read; the text says why in one line."""


@dataclass(frozen=True)
class Row:
    """One line of the file. `number` counts as a spreadsheet does: the header is row 1.

    `texts` is None where the line has not as many columns as the header.
    """

    number: int
    texts: dict[str, str] | None


@dataclass(frozen=True)
class Rejected:
    """Why a row was not stored, and the column to look at ("" where the row itself is malformed)."""

    row: int
    column: str
    reason: str

    def as_json(self) -> dict[str, object]:
        return {"row": self.row, "column": self.column, "reason": self.reason}


@dataclass(frozen=True)
class Report:
    """What an import did, or would do. rows = stored + rejected.

    `unapproved`: submissions that were to be approved, but hold a text nobody could read.
    """

    rows: int
    stored: int
    rejected: tuple[Rejected, ...]
    unapproved: tuple[str, ...] = ()

    def as_json(self) -> dict[str, object]:
        rejected = [row.as_json() for row in self.rejected]
        return {"rows": self.rows, "stored": self.stored, "rejected": rejected}


def read_rows(content: bytes, columns: tuple[str, ...] = COLUMNS) -> list[Row]:
    """The rows of a UTF-8 CSV with exactly these columns, in any order. Empty lines are no rows.

    Raises UnreadableFile: not UTF-8, empty, another header, broken quoting.
    """
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UnreadableFile(f"tệp không phải UTF-8 (byte thứ {error.start + 1})") from error
    lines = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        header = [name.strip() for name in next(lines, [])]
        if not any(header):
            raise UnreadableFile("tệp trống")
        if sorted(header) != sorted(columns):
            expected, found = ",".join(columns), ",".join(header)
            raise UnreadableFile(f"dòng đầu phải là {expected}; tệp ghi {found[:200]}")
        return list(_rows(lines, header))
    except csv.Error as error:
        raise UnreadableFile(f"dòng {lines.line_num} không đọc được: {error}") from error


def _rows(lines: Iterator[list[str]], header: list[str]) -> Iterator[Row]:
    for number, line in enumerate(lines, start=2):
        if not any(text.strip() for text in line):
            continue
        fits = len(line) == len(header)
        yield Row(number, dict(zip(header, map(str.strip, line), strict=True)) if fits else None)
