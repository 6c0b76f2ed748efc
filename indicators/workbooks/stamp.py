"""What a workbook remembers of the day it was written: ids, labels, values and versions, signed by this portal."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from django.core import signing

from indicators.cell_json import State

SHEET, SALT, PIECE, WRITTEN_AS = "_dau", "indicators.workbooks", 30_000, 1
Line = tuple[str, str, str]  # id, two labels


class NoStamp(Exception):
    """The workbook was not written by a portal."""


class ForeignStamp(Exception):
    """The stamp was changed, or another portal signed it."""


@dataclass(frozen=True)
class StampedSheet:
    """One sheet. `facility` is "" where the lines are facilities and the columns cells.

    `states` has a row a line and an entry a column; `versions` the submission's version by facility code.
    """

    name: str
    form: str
    valid_from: str
    facility: str
    columns: list[tuple[str, str]]
    lines: list[Line]
    states: list[list[State]]
    versions: dict[str, int]

    @property
    def form_key(self) -> str:
        """Names the version of the form: two may be owed for one period."""
        return f"{self.form}@{self.valid_from}"

    def place_of(self, line: str, column: str) -> tuple[str, str]:
        """(facility code, cell text) of a line and a column."""
        return (self.facility, line) if self.facility else (line, column)


@dataclass(frozen=True)
class Stamp:
    period: str
    written_at: str
    sheets: list[StampedSheet]


def sign(stamp: Stamp) -> list[str]:
    """The signed stamp in pieces a cell can hold."""
    text = signing.dumps({"as": WRITTEN_AS, **asdict(stamp)}, salt=SALT, compress=True)
    return [text[at : at + PIECE] for at in range(0, len(text), PIECE)]


def find_stamp(sheets: dict[str, list[list[Any]]]) -> Stamp:
    """The stamp among the cells of a workbook. Raises NoStamp, ForeignStamp."""
    pieces = [text for _row, column, kind, text in sheets.get(SHEET, ()) if column == 1 and kind == "s"]
    if not pieces:
        raise NoStamp
    try:
        data = signing.loads("".join(pieces), salt=SALT)
    except signing.BadSignature as error:
        raise ForeignStamp from error
    if data.get("as") != WRITTEN_AS:
        raise ForeignStamp
    found = [
        StampedSheet(
            **{
                **sheet,
                "columns": [tuple(one) for one in sheet["columns"]],
                "lines": [tuple(one) for one in sheet["lines"]],
            }
        )
        for sheet in data["sheets"]
    ]
    return Stamp(data["period"], data["written_at"], found)
