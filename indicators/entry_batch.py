"""What the entry page sends in one operation, read and bounded (pure; docs/entry-protocol.md)."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from indicators.cell_json import NotACell, NotAState, checked_cell, read_state
from indicators.expressions import Cell, cell_text
from indicators.values import CellValue

MOST_BYTES, MOST_CELLS, MOST_VERSION, MOST_CODES = 256_000, 500, 2**31 - 1, 500
NOTE_CHARS, REMARK_CHARS = 500, 500
NOTE_KINDS = ("note", "reason", "typed")
REASON_OF = "reason_of"  # beside a reason: the value it was given for


class InvalidBatch(ValueError):
    """The body is no batch; `field` names the part that is wrong, `cells` the cells by their texts."""

    def __init__(self, field: str, cells: tuple[str, ...] = ()) -> None:
        super().__init__(field)
        self.field = field
        self.cells = cells


@dataclass(frozen=True)
class Submitting:
    """The wish to hand the form in: what the person said, and which warnings and blanks they were shown."""

    remark: str = ""
    breaks_seen: frozenset[str] = frozenset()
    blanks_seen: bool = False


@dataclass(frozen=True)
class Batch:
    """`mine` are cells of `cells` kept after a conflict, measured against version `seen` instead of `version`.

    `reasons_of`: the values that reasons among `notes` speak of; a reason without one speaks of the cell's.
    """

    operation: UUID
    digest: str
    version: int
    cells: Mapping[Cell, CellValue] = field(default_factory=dict)
    notes: Mapping[str, Mapping[Cell, str]] = field(default_factory=dict)
    reasons_of: Mapping[Cell, CellValue] = field(default_factory=dict)
    mine: frozenset[Cell] = frozenset()
    seen: int = 0
    submit: Submitting | None = None


def read_batch(body: bytes) -> Batch:
    """Read the request's body. Raises InvalidBatch."""
    if len(body) > MOST_BYTES:
        raise InvalidBatch("size")
    try:
        given = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise InvalidBatch("body") from error
    if not isinstance(given, dict):
        raise InvalidBatch("body")
    cells = _cells(given.get("cells", {}))
    mine, seen = _choices(given.get("choices"))
    if stray := mine - set(cells):
        raise InvalidBatch("choices", tuple(map(cell_text, stray)))
    return Batch(
        operation=_operation(given.get("operation")),
        digest=hashlib.sha256(body).hexdigest(),
        version=_version(given.get("version"), "version"),
        cells=cells,
        notes=_notes(given.get("notes", {})),
        reasons_of=_reasons_of(given.get("notes", {})),
        mine=mine,
        seen=seen,
        submit=_submit(given.get("submit")),
    )


def _operation(given: Any) -> UUID:
    try:
        return UUID(given) if isinstance(given, str) else _refuse("operation")
    except ValueError as error:
        raise InvalidBatch("operation") from error


def _version(given: Any, name: str) -> int:
    if isinstance(given, bool) or not isinstance(given, int) or not 0 <= given <= MOST_VERSION:
        raise InvalidBatch(name)
    return given


def _cells(given: Any) -> dict[Cell, CellValue]:
    found = {}
    for text, value in _mapping(given, "cells").items():
        try:
            found[checked_cell(text)] = read_state(value)
        except (NotACell, NotAState) as error:
            raise InvalidBatch("cells", (text[:60],)) from error
    return found


def _notes(given: Any) -> dict[str, dict[Cell, str]]:
    found: dict[str, dict[Cell, str]] = {}
    for text, kinds in _mapping(given, "notes").items():
        for kind, words in _mapping(kinds, "notes").items():
            if kind == REASON_OF:
                continue
            if kind not in NOTE_KINDS or not isinstance(words, str) or "\x00" in words:
                raise InvalidBatch("notes", (text[:60],))
            try:
                found.setdefault(kind, {})[checked_cell(text)] = words[:NOTE_CHARS]
            except NotACell as error:
                raise InvalidBatch("notes", (text[:60],)) from error
    return found


def _reasons_of(notes: Mapping[str, Mapping[str, Any]]) -> dict[Cell, CellValue]:
    """The value each reason was given for; the notes are checked already."""
    found = {}
    for text, kinds in notes.items():
        if REASON_OF in kinds:
            try:
                found[checked_cell(text)] = read_state(kinds[REASON_OF])
            except (NotACell, NotAState) as error:
                raise InvalidBatch("notes", (text[:60],)) from error
    return found


def _choices(given: Any) -> tuple[frozenset[Cell], int]:
    """Cells where the person keeps their own value, and the version at which they chose."""
    if given is None:
        return frozenset(), 0
    given = _mapping(given, "choices")
    try:
        chosen = {
            checked_cell(text): choice for text, choice in _mapping(given.get("cells"), "choices").items()
        }
    except NotACell as error:
        raise InvalidBatch("choices") from error
    if any(choice not in ("mine", "theirs") for choice in chosen.values()):
        raise InvalidBatch("choices")
    mine = frozenset(cell for cell, choice in chosen.items() if choice == "mine")
    return mine, _version(given.get("seen"), "choices")


def _submit(given: Any) -> Submitting | None:
    if given is None or given is False:
        return None
    given = _mapping({} if given is True else given, "submit")
    remark, codes = given.get("remark", ""), given.get("breaks_seen", [])
    named = isinstance(codes, list) and len(codes) <= MOST_CODES and all(isinstance(c, str) for c in codes)
    if not isinstance(remark, str) or "\x00" in remark or not named:
        raise InvalidBatch("submit")
    remark = remark.encode("utf-8", "replace").decode()  # half a surrogate pair is stored by no database
    return Submitting(remark.strip()[:REMARK_CHARS], frozenset(codes), given.get("blanks_seen") is True)


def _mapping(given: Any, name: str) -> dict[str, Any]:
    if not isinstance(given, dict) or len(given) > MOST_CELLS:
        raise InvalidBatch(name)
    return given


def _refuse(name: str) -> UUID:
    raise InvalidBatch(name)
