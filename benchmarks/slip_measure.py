"""What a set of checks finds of seeded slips, and what it flags on sheets without any."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from benchmarks.station_sheets import Sheet, Values
from benchmarks.typing_slips import Kind, Slip
from indicators.expressions import Cell

Found = frozenset[tuple[str, frozenset[Cell]]]  # findings: the rule's code and the cells it names
Find = Callable[[Sequence[tuple[Sheet, Values]]], list[Found]]  # each sheet at most once a call
LARGE = 5  # "cells whose usual value is 5 or more"
BARRED = (Kind.TIMES_TEN, Kind.SHIFTED)
CAUGHT_BAR, FLAGGED_BAR = 0.90, 0.02


@dataclass
class Share:
    """How many of how many."""

    hits: int = 0
    of: int = 0

    def add(self, hit: bool) -> None:
        self.hits += hit
        self.of += 1

    @property
    def share(self) -> float:
        return self.hits / self.of if self.of else float("nan")

    def __str__(self) -> str:
        return f"{self.hits}/{self.of} = {self.share:.1%}" if self.of else "–"


def _shares() -> dict[tuple[Kind, bool], Share]:
    return defaultdict(Share)


@dataclass
class Measured:
    """Shares by kind and by whether the usual value is large (5 or more).

    `slips`: slips caught, large where one of the touched cells is; `cells`: touched cells that a finding names;
    `clean`: fields flagged on sheets without slips, `clean_by_rule` how many by each rule; `missed` for a look.
    """

    slips: dict[tuple[Kind, bool], Share] = field(default_factory=_shares)
    cells: dict[tuple[Kind, bool], Share] = field(default_factory=_shares)
    clean: Share = field(default_factory=Share)
    clean_by_rule: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    missed: list[Slip] = field(default_factory=list)

    def barred(self) -> dict[Kind, Share]:
        """The shares that the bar is about."""
        return {kind: self.slips[kind, True] for kind in BARRED}

    @property
    def holds(self) -> bool:
        caught = all(share.share >= CAUGHT_BAR for share in self.barred().values())
        return caught and self.clean.share <= FLAGGED_BAR


def measure(sheets: Sequence[Sheet], slips: Sequence[Slip], find: Find) -> Measured:
    """Run the checks on every sheet without slips and on every slip.

    A slip is caught when a finding that the sheet without it does not have names one of its touched cells.
    """
    measured = Measured()
    before = dict(zip(map(id, sheets), find([(sheet, sheet.values) for sheet in sheets]), strict=True))
    for sheet in sheets:
        _count_clean(measured, sheet, before[id(sheet)])
    for batch in _batches(slips):
        found = find([(slip.sheet, slip.typed) for slip in batch])
        for slip, own in zip(batch, found, strict=True):
            _count_slip(measured, slip, own - before[id(slip.sheet)])
    return measured


def _batches(slips: Sequence[Slip]) -> Iterator[list[Slip]]:
    """All slips, in batches that hold every sheet once at most."""
    waiting = list(slips)
    while waiting:
        batch: dict[int, Slip] = {}
        for slip in waiting:
            batch.setdefault(id(slip.sheet), slip)
        yield list(batch.values())
        taken = set(map(id, batch.values()))
        waiting = [slip for slip in waiting if id(slip) not in taken]


def _count_clean(measured: Measured, sheet: Sheet, found: Found) -> None:
    for cell in sheet.values:
        rules = {rule for rule, cells in found if cell in cells}
        measured.clean.add(bool(rules))
        for rule in rules:
            measured.clean_by_rule[rule] += 1


def _count_slip(measured: Measured, slip: Slip, found: Found) -> None:
    named = {cell for _rule, cells in found for cell in cells}
    large = {cell: slip.sheet.usual.get(cell, 0) >= LARGE for cell in slip.touched}
    caught = bool(named & slip.touched)
    measured.slips[slip.kind, any(large.values())].add(caught)
    if not caught:
        measured.missed.append(slip)
    for cell, is_large in large.items():
        measured.cells[slip.kind, is_large].add(cell in named)
