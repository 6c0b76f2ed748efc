"""Two tables of the same key, row by row and column by column.

Rows are known by the name they bear, never by their place, so a line that went does not shift those behind it.
Names that occur twice are told apart by the heading and the line they stand under, then by their order.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from reporting.content.cells import HIDDEN, text_of
from reporting.differences.changes import CellChange, Differences, RowChange, TextChange

# A column that only counts: it changes wherever a row comes or goes.
COUNTING = "STT"
# The table whose columns are the lines.
COMMUNES = "communes"
# How many of the first cells name a row.
NAMING = 2


@dataclass(frozen=True)
class _Named:
    """A row and its name in words."""

    words: str
    cells: Sequence[Any]


def compare_tables(old: dict[str, Any], new: dict[str, Any], found: Differences) -> None:
    title = new["title"]
    shared = _ambiguous(old) | _ambiguous(new)
    before, after = _rows(old, shared), _rows(new, shared)
    columns = _columns(old["columns"], new["columns"])
    # The other cells of a line, its note above all, tell the count again; those of a commune are of other lines.
    of_lines = new["key"] != COMMUNES
    for name, row in after.items():
        if name not in before:
            found.rows.append(_row_change(title, new, row, came=True))
            continue
        is_hidden = of_lines and HIDDEN in [*before[name].cells, *row.cells]
        for place, (was, column) in columns.items():
            old_cell, new_cell = before[name].cells[was], row.cells[place]
            if _exact(old_cell) != _exact(new_cell):
                said = _said(old_cell, new_cell)
                hides = is_hidden or HIDDEN in (old_cell, new_cell)
                found.cells.append(CellChange(title, row.words, column, *said, is_hidden=hides))
    found.rows.extend(
        _row_change(title, old, row, came=False) for name, row in before.items() if name not in after
    )
    _column_changes(old, new, columns, found)
    if old["note"] != new["note"]:
        found.texts.append(TextChange("note", title, old["note"], new["note"]))


def _column_changes(
    old: dict[str, Any], new: dict[str, Any], columns: dict[int, tuple[int, str]], found: Differences
) -> None:
    """Columns that came or went, as far as both tables have rows to show in them."""
    if not old["rows"] or not new["rows"]:
        return
    kept = {was for was, _title in columns.values()}
    for came, table, known in ((True, new, set(columns)), (False, old, kept)):
        first = 1 if _counts(table) else 0
        found.rows.extend(
            RowChange(new["title"], column["title"], came=came, is_column=True)
            for place, column in enumerate(table["columns"])
            if place >= first and place not in known
        )


def _columns(old: Sequence[dict[str, Any]], new: Sequence[dict[str, Any]]) -> dict[int, tuple[int, str]]:
    """For each column of the new table its place in the old one and its title; the counting one is left out.

    A column is known by its title. One whose title alone changed ("đến tháng 10/2026") stands where it stood.
    """
    waiting: dict[str, list[int]] = {}
    for place, column in enumerate(old):
        waiting.setdefault(column["title"], []).append(place)
    found: dict[int, tuple[int, str]] = {}
    for place, column in enumerate(new):
        if waiting.get(column["title"]):
            found[place] = (waiting[column["title"]].pop(0), column["title"])
    if len(old) == len(new):
        used = {was for was, _title in found.values()}
        for place in set(range(len(new))) - set(found) - used:
            found[place] = (place, f"{old[place]['title']} → {new[place]['title']}")
    return {place: found[place] for place in sorted(found) if new[place]["title"] != COUNTING}


def _counts(table: dict[str, Any]) -> bool:
    return bool(table["columns"]) and table["columns"][0]["title"] == COUNTING


@dataclass(frozen=True)
class _Placed:
    """A row under its heading; `line`: the name of the line it is a part of."""

    heading: str
    line: str
    name: tuple[str, ...]
    row: dict[str, Any]

    @property
    def bare(self) -> tuple[Hashable, ...]:
        # A total is one, whatever the name of what it sums.
        return ("total",) if self.row["kind"] == "total" else (self.line, self.name)


def _placed(table: dict[str, Any]) -> Iterator[_Placed]:
    """Every row but headings."""
    first = 1 if _counts(table) and len(table["columns"]) > 1 else 0
    heading = line = ""
    for row in table["rows"]:
        if row["kind"] == "group":
            heading, line = text_of(row["cells"][0]), ""
            continue
        name = tuple(text_of(cell) for cell in row["cells"][first:NAMING] if isinstance(cell, str))
        is_part = row["kind"] == "part"
        if not is_part:
            line = " ".join(name)
        yield _Placed(heading, line if is_part else "", name, row)


def _ambiguous(table: dict[str, Any]) -> set[Hashable]:
    seen = Counter(placed.bare for placed in _placed(table))
    return {bare for bare, times in seen.items() if times > 1}


def _rows(table: dict[str, Any], shared: set[Hashable]) -> dict[Hashable, _Named]:
    found: dict[Hashable, _Named] = {}
    seen: Counter[Hashable] = Counter()
    for placed in _placed(table):
        heading = placed.heading if placed.bare in shared else ""
        known = (*placed.bare, heading)
        seen[known] += 1
        label = text_of(placed.row["cells"][0]) if _counts(table) else ""
        under = placed.line or heading
        words = " ".join(part for part in (label, *placed.name) if part)
        said = f"{words} ({under})" if under else words
        found[(*known, seen[known])] = _Named(said, placed.row["cells"])
    return found


def _row_change(title: str, table: dict[str, Any], row: _Named, *, came: bool) -> RowChange:
    return RowChange(
        title, row.words, came=came, cells=_told(table, row), is_hidden=HIDDEN in list(row.cells)
    )


def _told(table: dict[str, Any], row: _Named) -> tuple[tuple[str, str], ...]:
    pairs = zip(table["columns"], row.cells, strict=True)
    return tuple((column["title"], text_of(cell)) for column, cell in pairs if not isinstance(cell, str))


def _exact(cell: Any) -> str:
    return cell if isinstance(cell, str) else f"{cell['value']} {cell['text']}"


def _said(old: Any, new: Any) -> tuple[str, str]:
    """Both as printed, with their exact values where they print alike."""
    if text_of(old) != text_of(new):
        return text_of(old), text_of(new)
    return _with_value(old), _with_value(new)


def _with_value(cell: Any) -> str:
    return cell if isinstance(cell, str) else f"{cell['text']} ({cell['value'].replace('.', ',')})"
