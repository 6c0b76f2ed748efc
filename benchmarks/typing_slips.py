"""Slips of the hand on a sheet, one each, as clerks make them (pure, seeded).

Written from the words of the task alone, apart from the rules that look for slips: it shares no code and no
threshold with them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from benchmarks.station_sheets import Sheet
from indicators.expressions import Cell
from indicators.plausible import stream

Typed = dict[Cell, int | None]
SHORTEST_RUN = 3


class Kind(StrEnum):
    TIMES_TEN = "times ten"
    TENTH = "tenth"
    TRANSPOSED = "digits transposed"
    DOUBLED = "digit doubled"
    SHIFTED = "rows shifted"
    SWAPPED = "rows swapped"
    ZERO = "zero where none was"
    OTHER_MONTH = "value of another month"


@dataclass(frozen=True)
class Slip:
    """A sheet as typed, with one slip: `touched` are the cells that do not hold what was meant."""

    kind: Kind
    sheet: Sheet
    typed: Typed
    touched: frozenset[Cell]


def slips(sheets: Sequence[Sheet], count: int, seed: int, kinds: Sequence[Kind] = tuple(Kind)) -> list[Slip]:
    """`count` slips, every kind as often as the others, each on a sheet drawn anew."""
    found = []
    for number in range(count):
        kind, rng = kinds[number % len(kinds)], stream(seed, "slip", number)
        slip = None
        while slip is None:
            slip = make_slip(sheets[int(rng.integers(len(sheets)))], kind, rng)
        found.append(slip)
    return found


def make_slip(sheet: Sheet, kind: Kind, rng: np.random.Generator) -> Slip | None:
    """The sheet with one slip of this kind; None where it has no place for one."""
    changed = MAKERS[kind](sheet, rng)
    touched = frozenset(cell for cell, value in changed.items() if sheet.values[cell] != value)
    if not touched:
        return None
    return Slip(kind, sheet, {**sheet.values, **changed}, touched)


def _one_of(rng: np.random.Generator, choices: Sequence) -> object:
    return choices[int(rng.integers(len(choices)))]


def _one_cell(
    fits: Callable[[Sheet, Cell, int], bool], alter: Callable[[Sheet, Cell, int, np.random.Generator], int]
) -> Callable[[Sheet, np.random.Generator], Typed]:
    """A maker that alters one cell among those that fit."""

    def make(sheet: Sheet, rng: np.random.Generator) -> Typed:
        fitting = [
            cell for cell, value in sheet.values.items() if value is not None and fits(sheet, cell, value)
        ]
        if not fitting:
            return {}
        cell = _one_of(rng, fitting)
        return {cell: alter(sheet, cell, sheet.values[cell], rng)}

    return make


def _transposable(value: int) -> list[int]:
    """Places of a digit that differs from the next; a leading zero is no number a hand types."""
    text = str(value)
    places = [index for index in range(len(text) - 1) if text[index] != text[index + 1]]
    return [index for index in places if index or text[1] != "0"]


def _transpose(sheet: Sheet, cell: Cell, value: int, rng: np.random.Generator) -> int:
    text, place = str(value), _one_of(rng, _transposable(value))
    return int(text[:place] + text[place + 1] + text[place] + text[place + 2 :])


def _double(sheet: Sheet, cell: Cell, value: int, rng: np.random.Generator) -> int:
    text = str(value)
    place = int(rng.integers(len(text)))
    return int(text[: place + 1] + text[place:])


def _never_zero(sheet: Sheet, cell: Cell, value: int) -> bool:
    known = [month[cell] for month in sheet.past.values() if month.get(cell) is not None]
    return value > 0 and bool(known) and min(known) > 0


def _others(sheet: Sheet, cell: Cell, value: int) -> list[int]:
    known = [month.get(cell) for month in sheet.past.values()]
    return [count for count in known if count is not None and count != value]


def _shift(sheet: Sheet, rng: np.random.Generator) -> Typed:
    """A run of rows one row up or down. The row it leaves free stays blank, or its neighbour was typed twice."""
    section = _one_of(rng, sheet.sections)
    if len(section) <= SHORTEST_RUN:
        return {}
    length = int(rng.integers(SHORTEST_RUN, len(section)))
    start = int(rng.integers(len(section) - length))
    rows = section[start : start + length + 1]
    down, blank = rng.random(2) < 0.5
    into, source = (rows[1:], rows[:-1]) if down else (rows[:-1], rows[1:])
    typed = {target: sheet.values[cell] for target, cell in zip(into, source, strict=True)}
    free = rows[0] if down else rows[-1]
    return typed | {free: None if blank else sheet.values[free]}


def _swap(sheet: Sheet, rng: np.random.Generator) -> Typed:
    """Two neighbouring rows of a section, each with the other's figure."""
    pairs = [pair for section in sheet.sections for pair in zip(section, section[1:], strict=False)]
    differing = [pair for pair in pairs if sheet.values[pair[0]] != sheet.values[pair[1]]]
    if not differing:
        return {}
    first, second = _one_of(rng, differing)
    return {first: sheet.values[second], second: sheet.values[first]}


MAKERS: dict[Kind, Callable[[Sheet, np.random.Generator], Typed]] = {
    Kind.TIMES_TEN: _one_cell(
        lambda sheet, cell, value: value > 0, lambda sheet, cell, value, rng: value * 10
    ),
    Kind.TENTH: _one_cell(
        lambda sheet, cell, value: value > 0 and value % 10 == 0, lambda sheet, cell, value, rng: value // 10
    ),
    Kind.TRANSPOSED: _one_cell(lambda sheet, cell, value: bool(_transposable(value)), _transpose),
    Kind.DOUBLED: _one_cell(lambda sheet, cell, value: value > 0, _double),
    Kind.SHIFTED: _shift,
    Kind.SWAPPED: _swap,
    Kind.ZERO: _one_cell(_never_zero, lambda sheet, cell, value, rng: 0),
    Kind.OTHER_MONTH: _one_cell(
        lambda sheet, cell, value: bool(_others(sheet, cell, value)),
        lambda sheet, cell, value, rng: _one_of(rng, _others(sheet, cell, value)),
    ),
}
