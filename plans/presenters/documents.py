"""The document word for word, its tables set as tables, each target linked to its line."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

from plans.models import Plan, PlanIndicator


@dataclass(frozen=True)
class Piece:
    """A run of text; `key` names the line it is about."""

    text: str
    key: str = ""


@dataclass(frozen=True)
class Block:
    """A paragraph (one cell) or a table (rows of cells)."""

    is_table: bool
    rows: list[list[list[Piece]]]


@dataclass(frozen=True)
class Part:
    heading: str
    blocks: list[Block]


def present_document(plan: Plan, lines: Iterable[PlanIndicator]) -> list[Part]:
    """Sections of the plan as printed. The first place that prints a line's name links to the line."""
    waiting = {line.key: line.original_text or line.name for line in lines}
    return [
        Part(section.get("heading", ""), _blocks(section.get("text") or "", waiting))
        for section in plan.sections
    ]


def _blocks(text: str, waiting: dict[str, str]) -> list[Block]:
    blocks = []
    paragraphs = [line.strip() for line in text.split("\n") if line.strip()]
    for is_table, group in groupby(paragraphs, key=lambda line: "|" in line):
        rows = [line.split("|") if is_table else [line] for line in group]
        pieces = [[_pieces(cell.strip(), waiting) for cell in row] for row in rows]
        blocks += [Block(True, pieces)] if is_table else [Block(False, [row]) for row in pieces]
    return blocks


def _pieces(text: str, waiting: dict[str, str]) -> list[Piece]:
    """Cut the text at the names it prints, the longest first, and strike them off the waiting list."""
    found = sorted(
        ((key, name) for key, name in waiting.items() if name and name in text),
        key=lambda pair: -len(pair[1]),
    )
    pieces: Sequence[Piece] = [Piece(text)]
    for key, name in found:
        cut = [_cut(piece, key, name) for piece in pieces]
        if any(len(parts) > 1 or parts[0].key == key for parts in cut):
            del waiting[key]
        pieces = [piece for parts in cut for piece in parts]
    return list(pieces)


def _cut(piece: Piece, key: str, name: str) -> list[Piece]:
    before, match, after = piece.text.partition(name)
    if piece.key or not match:
        return [piece]
    return [part for part in (Piece(before), Piece(match, key), Piece(after)) if part.text]
