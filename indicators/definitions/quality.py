"""Thresholds of outliers and relations between elements, read from `indicators/data/quality.yaml`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

from indicators.definitions.reader import Field, Notes, read_entry, read_list
from indicators.definitions.shapes import DefinitionError
from indicators.expressions import Cell, InvalidExpression, Operand, parse

FILE = "quality.yaml"
FOLDER = Path(__file__).resolve().parent.parent / "data"
WITH_RATIO = ("pair", "over_time")
FIELDS = {
    "code": Field(length=40),
    "kind": Field(choices=("own_history", "peers", *WITH_RATIO)),
    "name": Field(length=200),
    "name_en": Field(length=200),
    "left": Field(default=""),
    "right": Field(default=""),
    "basis": Field(default="", choices=("", "residence", "service")),
    "months": Field(int),
    "least": Field(int),
    "difference": Field(int, default=0),
    "denominator": Field(int, default=0),
    "valid_from": Field(date),
    "valid_to": Field(date, default=None),
    "source": Field(length=500),
}
NUMBERS = ("limit", "low", "high")


@dataclass(frozen=True)
class QualityCheck:
    """One entry. `left` and `right` are sums of cells; low and high bound their ratio, limit the modified z."""

    code: str
    kind: str
    name: str
    name_en: str
    left: tuple[Operand, ...]
    right: tuple[Operand, ...]
    basis: str
    low: float
    high: float
    limit: float
    months: int
    least: int
    difference: int
    denominator: int
    valid_from: date
    valid_to: date | None
    source: str

    @property
    def cells(self) -> tuple[Cell, ...]:
        return tuple(dict.fromkeys(one.cell for one in (*self.left, *self.right) if one.cell))

    def is_valid_on(self, day: date) -> bool:
        return self.valid_from <= day and (self.valid_to is None or day < self.valid_to)


@lru_cache(maxsize=4)
def load_quality(folder: Path = FOLDER) -> tuple[QualityCheck, ...]:
    """Every entry of the file, once a process. Raises DefinitionError with every mistake."""
    notes = Notes()
    built = []
    for number, raw in enumerate(read_list(folder, FILE, notes), start=1):
        entry = str(raw.get("code") if isinstance(raw, dict) else f"mục {number}")
        built.append(_build(entry, raw, notes))
    codes = [one.code for one in built if one]
    for code in sorted({code for code in codes if codes.count(code) > 1}):
        notes.add(FILE, code, "mã viết hai lần")
    if notes.problems:
        raise DefinitionError(notes.problems)
    return tuple(one for one in built if one)


def checks_of(kind: str, day: date) -> list[QualityCheck]:
    """The entries of a kind in force on a day, in the order of the file."""
    return [one for one in load_quality() if one.kind == kind and one.is_valid_on(day)]


def _build(entry: str, raw: Any, notes: Notes) -> QualityCheck | None:
    numbers = {name: _number(entry, name, raw, notes) for name in NUMBERS}
    rest = {key: value for key, value in raw.items() if key not in NUMBERS} if isinstance(raw, dict) else raw
    before = len(notes.problems)
    found = read_entry(FILE, entry, rest, FIELDS, notes)
    if found is None:
        return None
    ratio = found["kind"] in WITH_RATIO
    if ratio != bool(found["left"]) or (found["kind"] == "pair") != bool(found["right"]):
        notes.add(FILE, entry, "pair cần left và right, over_time chỉ cần left, loại khác không có")
    if ratio and not numbers["low"] < numbers["high"]:
        notes.add(FILE, entry, "low phải nhỏ hơn high")
    if not ratio and numbers["limit"] <= 0:
        notes.add(FILE, entry, "limit phải lớn hơn 0")
    if min(found["months"], found["least"]) < 1:
        notes.add(FILE, entry, "months, least phải từ 1 trở lên")
    sides = {name: _side(entry, name, found[name], notes) for name in ("left", "right")}
    return QualityCheck(**found | numbers | sides) if len(notes.problems) == before else None


def _number(entry: str, name: str, raw: Any, notes: Notes) -> float:
    value = raw.get(name, 0) if isinstance(raw, dict) else 0
    if isinstance(value, bool) or not isinstance(value, int | float) or value < 0:
        notes.add(FILE, entry, f"{name}: “{value}” không phải số từ 0 trở lên")
        return 0.0
    return float(value)


def _side(entry: str, name: str, text: str, notes: Notes) -> tuple[Operand, ...]:
    """A sum of cells, read as one side of a rule."""
    if not text:
        return ()
    try:
        return parse(f"{text} = 0").left
    except InvalidExpression as error:
        notes.add(FILE, entry, f"{name}: {error}")
        return ()
