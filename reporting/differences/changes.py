"""What a difference is: a cell, a row or column that came or went, a text."""

from __future__ import annotations

from dataclasses import dataclass

SHORT = 20


@dataclass(frozen=True)
class CellChange:
    """A cell of a row that both contents have; `old` and `new` as printed, or exact where they print alike.

    `is_hidden`: one content hides what the other tells (decision 0011).
    """

    table: str
    row: str
    column: str
    old: str
    new: str
    is_hidden: bool = False

    @property
    def is_short(self) -> bool:
        """Whether both would stand in a column of numbers without being wrapped."""
        return max(len(self.old), len(self.new)) <= SHORT


@dataclass(frozen=True)
class RowChange:
    """A row, a column or a whole table that one content has; `cells`: what a row says, by the column's title.

    `is_hidden`: some cell of the row is hidden, so the numbers beside it may be hidden in the other content.
    """

    table: str
    row: str
    came: bool
    cells: tuple[tuple[str, str], ...] = ()
    is_column: bool = False
    is_hidden: bool = False


@dataclass(frozen=True)
class TextChange:
    """`kind`: head, typed, addition, computed or note; `place`: a key of the head, else the words over the text."""

    kind: str
    place: str
    old: str
    new: str


@dataclass(frozen=True)
class Differences:
    """`titles`: the tables compared, in the order of the document."""

    titles: list[str]
    cells: list[CellChange]
    rows: list[RowChange]
    texts: list[TextChange]

    def __bool__(self) -> bool:
        return bool(self.cells or self.rows or self.texts)
