"""Rules of a form as sums of cells and one comparison: `B4.18b >= B4.7 - B4.18a`.

A cell is an element, or an element of a group of people: `B4.7[DTTS]`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

Cell = tuple[str, str]  # element code, group code or ""

TOKEN = re.compile(
    r"\s*(?:(?P<cell>[A-Za-z]\w*\.\w+(?:\[\w+\])?)|(?P<number>\d+)(?![\w.])|(?P<sign>[+-])|(?P<compare><=|>=|=))"
)


def gettext_noop(text: str) -> str:
    """Mark a text for translation by whoever shows it: this module knows no Django."""
    return text


class InvalidExpression(ValueError):
    """A text that is not two sums of cells and whole numbers with one `<=`, `>=` or `=` between them.

    It says why in Vietnamese; `reason` is translated before `names` are put into it.
    """

    def __init__(self, reason: str, **names: str) -> None:
        super().__init__(reason % names)
        self.reason, self.names = reason, names


class State(StrEnum):
    HOLDS = "holds"
    BROKEN = "broken"
    UNDECIDED = "undecided"


@dataclass(frozen=True)
class Operand:
    """A signed cell (`factor` 1 or -1), or a signed whole number (`factor`, with `cell` None)."""

    factor: int
    cell: Cell | None = None


@dataclass(frozen=True)
class Expression:
    """Two sums and the comparison that must hold between them."""

    left: tuple[Operand, ...]
    operator: str
    right: tuple[Operand, ...]

    @property
    def cells(self) -> tuple[Cell, ...]:
        """Every cell named, once, in reading order."""
        named = (operand.cell for operand in self.left + self.right if operand.cell)
        return tuple(dict.fromkeys(named))

    def as_json(self) -> dict[str, object]:
        """For evaluation in a browser: each operand is `[factor, element, group]`, null for a bare number."""
        sides = {
            name: [[operand.factor, *(operand.cell or (None, None))] for operand in side]
            for name, side in (("left", self.left), ("right", self.right))
        }
        return {"operator": self.operator, **sides}

    @classmethod
    def from_json(cls, written: Mapping[str, Any]) -> Expression:
        """What `as_json` wrote."""
        left, right = (
            tuple(Operand(factor, (element, group) if element else None) for factor, element, group in side)
            for side in (written["left"], written["right"])
        )
        return cls(left, written["operator"], right)


@dataclass(frozen=True)
class Outcome:
    """What the cells say of a rule; undecided, the sums are None and `missing` names the empty cells."""

    state: State
    left: int | None = None
    right: int | None = None
    missing: tuple[Cell, ...] = ()


def parse(text: str) -> Expression:
    """Read a rule. Raises InvalidExpression with the place that can not be read."""
    tokens = _tokens(text)
    places = [index for index, (kind, _) in enumerate(tokens) if kind == "compare"]
    if len(places) != 1:
        raise InvalidExpression(
            gettext_noop("“%(text)s”: cần đúng một phép so sánh <=, >= hoặc ="), text=text
        )
    middle = places[0]
    expression = Expression(
        left=_sum(tokens[:middle], text), operator=tokens[middle][1], right=_sum(tokens[middle + 1 :], text)
    )
    if not expression.cells:
        raise InvalidExpression(gettext_noop("“%(text)s”: không có ô số liệu nào"), text=text)
    return expression


def evaluate(expression: Expression, values: Mapping[Cell, int | None]) -> Outcome:
    """Compare the two sums.

    A cell absent from `values` or None (blank, "không có số liệu") leaves the rule undecided: blank is not 0.
    """
    missing = tuple(cell for cell in expression.cells if values.get(cell) is None)
    if missing:
        return Outcome(State.UNDECIDED, missing=missing)
    left, right = _total(expression.left, values), _total(expression.right, values)
    holds = {"<=": left <= right, ">=": left >= right, "=": left == right}[expression.operator]
    return Outcome(State.HOLDS if holds else State.BROKEN, left, right)


def cell_text(cell: Cell) -> str:
    """`("B4.7", "DTTS")` → `B4.7[DTTS]`."""
    element, group = cell
    return f"{element}[{group}]" if group else element


def read_cell(text: str) -> Cell:
    """`B4.7[DTTS]` → `("B4.7", "DTTS")`: what `cell_text` wrote."""
    element, _, group = text.rstrip("]").partition("[")
    return element, group


def _total(side: tuple[Operand, ...], values: Mapping[Cell, int | None]) -> int:
    return sum(operand.factor * (values[operand.cell] if operand.cell else 1) for operand in side)


def _tokens(text: str) -> list[tuple[str, str]]:
    tokens, position, end = [], 0, len(text.rstrip())
    while position < end:
        match = TOKEN.match(text, position)
        if not match:
            reason = gettext_noop("“%(text)s”: không đọc được từ “%(rest)s”")
            raise InvalidExpression(reason, text=text, rest=text[position:].strip())
        tokens.append((str(match.lastgroup), match[str(match.lastgroup)]))
        position = match.end()
    return tokens


def _sum(tokens: list[tuple[str, str]], text: str) -> tuple[Operand, ...]:
    if tokens and tokens[0][0] != "sign":
        tokens = [("sign", "+"), *tokens]
    signs, terms = tokens[::2], tokens[1::2]
    well_formed = (
        terms
        and len(signs) == len(terms)
        and all(kind == "sign" for kind, _ in signs)
        and all(kind in {"cell", "number"} for kind, _ in terms)
    )
    if not well_formed:
        reason = gettext_noop("“%(text)s”: mỗi vế là tổng, hiệu của các ô và số nguyên")
        raise InvalidExpression(reason, text=text)
    return tuple(
        _operand(-1 if sign == "-" else 1, kind, value)
        for (_, sign), (kind, value) in zip(signs, terms, strict=True)
    )


def _operand(sign: int, kind: str, value: str) -> Operand:
    if kind == "number":
        return Operand(sign * int(value))
    return Operand(sign, read_cell(value))
