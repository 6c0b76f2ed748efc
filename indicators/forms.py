"""Reading a posted form of cells: every text is kept, whatever it says.

A cell is two inputs: `v:<element>:<group>` holds the text, `n:<element>:<group>` is ticked for
"không có số liệu". Typing NA means the same. Without scripts `m:<element>:<group>` holds the cell's note.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.http import QueryDict
from django.utils.translation import gettext as _

from facilities.text import printable
from indicators.checks import problem_text, quoted
from indicators.expressions import Cell
from indicators.models import CellNote
from indicators.values import NO_DATA, CellValue, read

TEXT, TICK, KEEP, NOTE = "v", "n", "k", "m"
NOT_SEEN = -1  # of no submission: who sends no version saw none
NO_DATA_TEXTS = frozenset({"on", "1"})


@dataclass(frozen=True)
class TypedCell:
    """What stands in the two inputs of a cell, and the state it means or what is wrong with it."""

    text: str
    ticked: bool
    state: CellValue | None
    error: str = ""


def field_name(kind: str, cell: Cell) -> str:
    """The name of one of the cell's inputs: `v:B4.7:DTTS`."""
    return f"{kind}:{cell[0]}:{cell[1]}"


def read_cells(posted: QueryDict) -> dict[Cell, TypedCell]:
    """Every cell whose text was posted."""
    found = {}
    for name in posted:
        kind, _colon, rest = name.partition(":")
        if kind == TEXT and rest:
            element, _colon, group = rest.partition(":")
            cell = (element, group)
            found[cell] = _typed(posted[name], posted.get(field_name(TICK, cell)) in NO_DATA_TEXTS)
    return found


def _typed(text: str, ticked: bool) -> TypedCell:
    reading = read(text)
    if not ticked:
        return TypedCell(text, ticked, reading.cell, problem_text(reading))
    if not text.strip() or reading.cell == NO_DATA:
        return TypedCell(text, ticked, NO_DATA)
    both = _("Vừa có “%(text)s” vừa đánh dấu NA (không có số liệu). Bỏ một trong hai.")
    return TypedCell(text, ticked, None, both % {"text": quoted(text)})


def as_typed(notes: Mapping[Cell, Mapping[str, CellNote]]) -> dict[Cell, TypedCell]:
    """Texts kept from an earlier visit, of the notes of a sheet, as they would read if they were typed now."""
    return {cell: _typed(kinds["typed"].text, False) for cell, kinds in notes.items() if "typed" in kinds}


def read_notes(posted: QueryDict) -> dict[Cell, str]:
    """The note of every cell whose field was posted, `m:<element>:<group>`; "" where it was emptied."""
    found = {}
    for name in posted:
        kind, _colon, rest = name.partition(":")
        if kind == NOTE and rest:
            element, _colon, group = rest.partition(":")
            found[element, group] = printable(posted[name]).strip()
    return found


def read_choices(posted: QueryDict) -> dict[Cell, str]:
    """Cells both changed, by what the person chose to keep: `mine` or `theirs`."""
    found = {}
    for name in posted:
        kind, _colon, rest = name.partition(":")
        if kind == KEEP and rest and posted[name] in {"mine", "theirs"}:
            element, _colon, group = rest.partition(":")
            found[element, group] = posted[name]
    return found


def read_version(posted: QueryDict, name: str = "version") -> int:
    """The version the person saw; what is no number reads as 0, the version before the first save."""
    return max(0, as_version(posted.get(name, "")))


def read_moment(posted: QueryDict) -> datetime | None:
    """When the page was made that is posted; None where it does not say."""
    try:
        moment = datetime.fromisoformat(posted.get("shown", ""))
    except ValueError:
        return None
    return moment if moment.tzinfo else None


def as_version(text: str) -> int:
    """The version a decision is about; NOT_SEEN where it is missing or no number."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else NOT_SEEN
