"""Cells and their states as the entry page writes them (pure): `B4.7[DTTS]`; a whole number, "NA" or null."""

from __future__ import annotations

import re

from indicators.expressions import Cell
from indicators.values import BLANK, NO_DATA, CellValue

CELL = re.compile(r"([A-Za-z]\w*\.\w+)(?:\[(\w+)\])?", re.ASCII)
NO_DATA_WORD = "NA"

State = int | str | None


class NotACell(ValueError):
    """A text that names no cell."""


class NotAState(ValueError):
    """A value that is no whole number, "NA" or null."""


def checked_cell(text: object) -> Cell:
    """`"B4.7[DTTS]"` → `("B4.7", "DTTS")`, from outside. Raises NotACell."""
    match = CELL.fullmatch(text) if isinstance(text, str) and len(text) <= 60 else None
    if match is None:
        raise NotACell(text)
    return match[1], match[2] or ""


def read_state(value: object) -> CellValue:
    """Raises NotAState: texts, booleans and fractions are not read as counts."""
    if value is None:
        return BLANK
    if value == NO_DATA_WORD:
        return NO_DATA
    if isinstance(value, bool) or not isinstance(value, int):
        raise NotAState(value)
    return CellValue(value)


def write_state(state: CellValue) -> State:
    return NO_DATA_WORD if state.no_data else state.value
