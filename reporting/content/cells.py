"""Cells and tables: the exact value as a text beside its printed form, so that renderers compute nothing.

A cell is a text, or `{"text", "value", "decimals", "suffix"}` where it is a number: `text` is what is
printed, `value` the exact decimal (or fifteen significant digits where the fraction does not end).
A cell with `is_text` prints words around its number ("≥ 95"): a column with `has_numbers` gets a column of the
numbers alone beside it where numbers are kept as numbers.
A table is `{"key", "title", "note", "columns": [{"title", "width", "align"}], "rows": [{"kind", "cells"}]}`;
widths are shares of the page, a row's kind is `group` (one cell over the whole width), `line`, `part` (of
the line above) or `total`. A row that tells of one line of the plan has its `key` beside its cells.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Context, Decimal
from fractions import Fraction
from typing import Any, TypeAlias

from facilities.numbers import format_number, format_share
from reporting.content.units import spoken

Cell: TypeAlias = str | dict[str, Any]
Table: TypeAlias = dict[str, Any]
Row: TypeAlias = dict[str, Any]

NONE = "–"
# A small number that could name a person, or one that would give such a number away (decision 0011).
HIDDEN = "ẩn"
SIGNIFICANT = Context(prec=15)
CLOSE_UNITS = ("%", "‰")
# Decimals of a count this large say nothing.
LARGE = 1000


def exact_text(value: Fraction | Decimal | int) -> str:
    """The decimal text of a value: exact where it ends, else fifteen significant digits."""
    fraction = Fraction(value)
    quotient = SIGNIFICANT.divide(Decimal(fraction.numerator), Decimal(fraction.denominator))
    return f"{quotient.normalize():f}"


def number(
    value: Fraction | Decimal | int | None, decimals: int = 0, *, signed: bool = False, suffix: str = ""
) -> Cell:
    """A number cell, or a dash where there is none."""
    if value is None:
        return NONE
    return {
        "text": format_number(value, decimals, signed) + suffix,
        "value": exact_text(value),
        "decimals": decimals,
        "suffix": suffix,
    }


def share_of(part: int, whole: int, decimals: int = 1) -> Cell:
    """How much of a whole came, in percent: the exact value, printed as 100% only where nothing is missing."""
    if not whole:
        return NONE
    percent = Fraction(part, whole) * 100
    return {**number(percent, decimals, suffix="%"), "text": format_share(percent, decimals)}


def worded(text: str, value: Fraction | Decimal | int) -> Cell:
    """Words that stand for one number: kept as printed, the number beside them for those who reckon with it."""
    exact = exact_text(value)
    decimals = len(exact.partition(".")[2])
    return {"text": text, "value": exact, "decimals": decimals, "suffix": "", "is_text": True}


def text_of(cell: Cell) -> str:
    return cell if isinstance(cell, str) else cell["text"]


def count_text(value: Fraction | Decimal | int) -> str:
    """A count in a sentence: whole, unless a share made a small one fractional."""
    fraction = Fraction(value)
    return format_number(fraction, 0 if fraction.denominator == 1 or abs(fraction) >= LARGE else 1)


def with_unit(text: str, unit: str) -> str:
    """Set % and ‰ close to the number, other units after a space: 95%; 15,1 bác sỹ."""
    if not unit:
        return text
    if unit in CLOSE_UNITS:
        return text + unit
    return f"{text} {spoken(unit)}"


def column(title: str, width: float, align: str = "left", *, has_numbers: bool = False) -> dict[str, Any]:
    # Tenths of a share, whole: a snapshot holds no floats.
    shown = {"title": title, "width": round(width * 10), "align": align}
    return {**shown, "has_numbers": True} if has_numbers else shown


def row(cells: Sequence[Cell], kind: str = "line", key: str = "") -> Row:
    """`key`: the line of the plan that the row tells of, by which it is found again."""
    told = {"kind": kind, "cells": list(cells)}
    return {**told, "key": key} if key else told


def with_total(rows: Sequence[Row], words: Sequence[str]) -> list[Row]:
    """The rows and, where there are several, what their whole numbers come to, under `words` in the first columns."""
    if len(rows) < 2:
        return list(rows)
    columns = zip(*(one["cells"][len(words) :] for one in rows), strict=True)
    sums = [number(sum(int(cell["value"]) for cell in cells)) for cells in columns]
    return [*rows, row([*words, *sums], "total")]


def table(
    key: str, title: str, columns: Sequence[dict[str, Any]], rows: Sequence[Row], note: str = ""
) -> Table:
    return {"key": key, "title": title, "note": note, "columns": list(columns), "rows": list(rows)}
