"""What differs between two contents of a report, number by number and text by text. Pure: plain data in and out."""

from __future__ import annotations

from typing import Any

from reporting.differences.changes import CellChange, Differences, RowChange, TextChange
from reporting.differences.tables import compare_tables
from reporting.differences.texts import compare_texts

__all__ = ["CellChange", "Differences", "RowChange", "TextChange", "differences"]


def differences(old: dict[str, Any], new: dict[str, Any]) -> Differences:
    """Everything in which the second content differs from the first; `dateline` may stand in both as they print it."""
    found = Differences([], [], [], list(compare_texts(old, new)))
    for key in _keys(old, new):
        before, after = old["tables"].get(key), new["tables"].get(key)
        found.titles.append((after or before)["title"])
        if before is None or after is None:
            only = after or before
            if only["rows"]:
                found.rows.append(RowChange(only["title"], "", came=before is None))
        else:
            compare_tables(before, after, found)
    return found


def _keys(old: dict[str, Any], new: dict[str, Any]) -> list[str]:
    """Keys of all tables, those of annexes first: a database gives keys back in an order of its own."""
    annexes = [key for one in (new, old) for annex in one.get("annexes", []) for key in annex["tables"]]
    known = {*old["tables"], *new["tables"]}
    return [key for key in dict.fromkeys([*annexes, *sorted(known)]) if key in known]
