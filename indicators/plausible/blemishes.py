"""What goes wrong in real reports: a late or missing one, a broken rule, a blank, "không có số liệu"."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import numpy as np

from indicators.expressions import Cell
from indicators.values import NO_DATA, CellValue

# One cell per form that clerks get wrong, and the cell it may not exceed (or must equal).
SLIPS: dict[str, tuple[Cell, Cell]] = {
    "B4": (("B4.9a", ""), ("B4.7", "")),
    "B7": (("B7.3", ""), ("B7.3", "")),
    "B8": (("B8.3a", ""), ("B8.3", "")),
    "BS": (("BS.tu_van_ket_hon", ""), ("BS.ket_hon", "")),
}
SLIP, ABSENT, BLANK_CELL = 0.004, 0.004, 0.003


@dataclass(frozen=True)
class Fate:
    """What became of a report: its status and days (None where it did not get that far)."""

    status: str
    submitted: datetime | None
    decided: datetime | None


def fate(
    rng: np.random.Generator, due_from: date, *, yearly: bool, newest: bool, now: datetime
) -> Fate | None:
    """Decide what became of a report due from `due_from` on; None where it never came.

    About 3 in 100 monthly reports are late or missing. In the newest month some still wait for review,
    are drafts, or were sent back. Yearly reports nearly all came.
    """
    missing, late, stage, days, review, hour = rng.random(6)
    if missing < (0.004 if yearly else 0.04 if newest else 0.014):
        return None
    delay = days * (28 if yearly else 6) + (8 + 12 * days if late < 0.016 and not yearly else 0)
    begun = datetime(due_from.year, due_from.month, due_from.day, tzinfo=now.tzinfo)
    submitted = min(begun + timedelta(days=int(delay), hours=8 + 8 * hour), now)
    decided = min(submitted + timedelta(days=1 + int(3 * review)), now)
    if newest and not yearly:
        if stage < 0.02:
            return Fate("draft", None, None)
        if stage < 0.03:
            return Fate("sent_back", submitted, decided)
        if stage < 0.17:
            return Fate("submitted", submitted, None)
    return Fate("approved", submitted, decided)


def blemished(rng: np.random.Generator, form: str, cells: Mapping[Cell, int]) -> dict[Cell, CellValue]:
    """The cells of a monthly form as typed: now and then a slip, a blank, or "no data"."""
    slip, absent, blank, which = rng.random(4)
    typed: dict[Cell, Any] = {cell: CellValue(count) for cell, count in cells.items()}
    if slip < SLIP and form in SLIPS:
        wrong, bound = SLIPS[form]
        typed[wrong] = CellValue(cells[bound] + 1)
    chosen = list(cells)[int(which * len(cells))]
    if absent < ABSENT:
        typed[chosen] = NO_DATA
    elif blank < BLANK_CELL:
        del typed[chosen]
    return typed
