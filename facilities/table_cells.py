"""A cell of a table as a file can hold it. Pure: no Django."""

from facilities.text import printable

Cell = str | int | float | None
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def safe_cell(cell: Cell) -> Cell:
    """Text without control characters; one that a spreadsheet would run as a formula starts with a space."""
    if not isinstance(cell, str):
        return cell
    text = printable(cell)
    return f" {text}" if text.startswith(FORMULA_STARTS) else text
