"""Other worlds that agree with every shown cell: the working of `indicators.suppression`. Pure: no Django.

A witness moves one event from a piece `lost` to a piece `gained` in a month, or swaps one there with one of
another kind here, so that measures which count both stay as they are. What it changes must be hidden: the
month's cells of the places that hold exactly one of the two pieces, and their year to date from then on. In
a later month the difference may be carried to another piece, or closed by moving an event back, so that the
year to date can be shown again. Nowhere does it raise a count above what it is divided by: a commune without
births has no room for a death.

Two communes that cover each other are covered against everybody but themselves: each knows its own counts. So a
small cell has witnesses until no other commune holds a piece that all of them touch.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Flags = NDArray[np.bool_]
Prices = NDArray[np.float64]
Cell: TypeAlias = tuple[int, int, int, int]

# A shown figure of the past can not be hidden any more.
NEVER = 1e9
# A headline is hidden last of all.
HEADLINE = 1e3
# To keep a small cell covered is worth more than any number of cells of a month.
NEEDED = 1e6
# Sums of shares in millionths are not whole in binary.
TOLERANCE = 1e-9
# The year to date is what reports print.
TO_DATE_WEIGHT = 2.0


@dataclass(eq=False)
class Witness:
    """What `step` adds to the measures is missing in the piece `lost` and is too much in `gained`.

    `touched`: the communes that hold a piece which the witness has changed in any month. `companies`: the other
    witnesses with which it covers cells; no commune may be touched by all of a company.
    """

    lost: int
    gained: int
    step: int
    touched: Flags
    companies: dict[frozenset[int], list[Witness]] = field(default_factory=dict)

    @property
    def is_open(self) -> bool:
        return self.lost != self.gained


class Board:
    """What is shown and hidden up to a month, and the witnesses of what is hidden.

    Arrays over cells have the shape 2 (month, to date) × places × months × measures. The last piece is the
    world outside every place: it reports, and takes and gives as it likes.
    """

    def __init__(
        self,
        *,
        counts: NDArray[np.int64],
        places: NDArray[np.float64],
        measures: Flags,
        headline: Flags,
        published: Flags,
        small: Flags,
        room: NDArray[np.float64],
        knowing: Flags,
    ) -> None:
        _pieces, months, kinds = counts.shape
        outside = np.full((1, months, kinds), 2**31, dtype=counts.dtype)
        self.counts = np.concatenate([counts, outside])
        self.places = np.concatenate([places, np.zeros((len(places), 1))], axis=1)
        self.measures, self.headline, self.published, self.small = measures, headline, published, small
        self.sizes = np.zeros(len(places), dtype=int)
        self.hidden = np.zeros_like(published)
        self.price = np.zeros(published.shape)
        self.witnesses: list[Witness] = []
        self.month = -1
        self._read_members()
        self.communes = np.unique(self.places[knowing] > 0, axis=0)
        self.own = (self.places > 0).astype(float) @ self.communes.T > 0
        self._read_steps(self._with_room(room))

    def _read_members(self) -> None:
        """Pieces that count in a place by the same share look alike from there: a row for each such share."""
        owners, rows = [], []
        for place, shares in enumerate(self.places):
            for share in np.unique(shares[shares > 0]):
                owners.append(place)
                rows.append(shares == share)
        self.owners = np.array(owners, dtype=int)
        self.members = np.array(rows, dtype=float).reshape(len(rows), self.places.shape[1])
        self.rows_of = [np.nonzero(self.members[:, piece])[0] for piece in range(self.members.shape[1])]
        self.held_by, self.held = np.nonzero(self.members)

    def _with_room(self, room: NDArray[np.float64]) -> Flags:
        """Pieces × months × measures: whether every place that holds the piece has room for one event more of it."""
        fits = np.ones((self.places.shape[1], *room.shape[1:]), dtype=bool)
        for place, pieces in zip(self.owners, self.members > 0, strict=True):
            share = self.places[place, pieces][0]
            fits[pieces] &= room[place] >= share - TOLERANCE
        return fits

    def _read_steps(self, fits: Flags) -> None:
        """What one event, or one swapped for another kind, changes; and where and when it can go or come."""
        columns = [tuple(int(one) for one in column) for column in self.measures.T]
        ways: dict[tuple[int, ...], list[tuple[int, int | None]]] = {}
        for kind, column in enumerate(columns):
            ways.setdefault(column, []).append((kind, None))
            for other, less in enumerate(columns):
                if column != less:
                    step = tuple(a - b for a, b in zip(column, less, strict=True))
                    ways.setdefault(step, []).append((kind, other))
        order = sorted(ways, key=lambda step: (sum(map(abs, step)), step))
        self.steps = np.array(order, dtype=int)
        there, some = self.counts >= 0, self.counts > 0
        always = np.ones(self.counts.shape[:2], dtype=bool)
        self.can_lose = np.zeros((len(order), *always.shape), dtype=bool)
        self.can_gain = np.zeros_like(self.can_lose)
        for index, step in enumerate(order):
            for kind, other in ways[step]:
                there_too = always if other is None else there[:, :, other]
                some_too = always if other is None else some[:, :, other]
                self.can_lose[index] |= some[:, :, kind] & there_too
                self.can_gain[index] |= there[:, :, kind] & some_too
            self.can_gain[index] &= fits[:, :, self.steps[index] > 0].all(axis=2)
            self.can_lose[index] &= fits[:, :, self.steps[index] < 0].all(axis=2)

    def open_month(self, month: int) -> None:
        """The cells of the month come up for publication; its small ones are hidden."""
        self.month = month
        # A piece that reports later does not change what was chosen before.
        reported = (self.counts[:-1, : month + 1] >= 0).any(axis=(1, 2))
        self.sizes = (self.places[:, :-1] > 0) @ reported.astype(int)
        weights = self.sizes.astype(float)[None, :, None] * np.array([1.0, TO_DATE_WEIGHT])[:, None, None]
        price = np.where(self.published[:, :, month], weights, 0.0)
        price[:, self.headline] *= HEADLINE
        self.price[:, :, month] = price
        small = self.small[:, :, month]
        self.hidden[:, :, month] |= small
        self.price[:, :, month][small] = 0.0
        # Small cells that are not safe yet, the communes that still see through each, and what covers it so far.
        self.unsafe = small.copy()
        self.seeing = np.repeat(~self.own[None, :, None], 2, axis=0).repeat(small.shape[2], axis=2)
        self.covering: dict[tuple[int, int, int], list[Witness]] = defaultdict(list)

    def close_month(self) -> None:
        """What is not hidden now is out and stays so."""
        price = self.price[:, :, self.month]
        price[price > 0] = NEVER

    def extend(self, witness: Witness) -> None:
        """Take a witness into the open month by what hides least: kept as it is, carried on, or closed."""
        if not witness.is_open:
            return
        lost, gained, step, month = witness.lost, witness.gained, witness.step, self.month
        needed = self.unsafe[1] & self._differ(lost, gained, step)
        barred = self._barred(witness)
        changed = self.steps[step] != 0
        now = self.price[0, :, month][:, changed].sum(axis=1)
        to_date = (self.price[1, :, month] - NEEDED * needed)[:, changed].sum(axis=1)
        apart = {gained: self._apart(to_date, gained)}
        best, moved = apart[gained][lost], None
        # To keep it covers all it is needed for; where that hides nothing more no other way is better.
        is_best = not self.price[1, :, month][self._differ(lost, gained, step)].any()
        ends = ((lost, gained, self.can_lose), (gained, lost, self.can_gain))
        for end, kept, possible in () if is_best else ends:
            reverse = self.can_gain if end == lost else self.can_lose
            if not reverse[step, end, month]:
                continue
            costs = self._apart(now, end) + (apart[kept] if kept in apart else self._apart(to_date, kept))
            costs[~possible[step, :, month] | barred] = np.inf
            costs[end] = np.inf
            piece = int(np.argmin(costs))
            if costs[piece] < best:
                best, moved = costs[piece], (end, piece)
        if moved:
            end, piece = moved
            witness.touched = witness.touched | self.communes[:, piece]
            self._change(0, self._differ(end, piece, step), month, witness)
            witness.lost, witness.gained = (piece, gained) if end == lost else (lost, piece)
        self._change(1, self._differ(witness.lost, witness.gained, step), month, witness)

    def _barred(self, witness: Witness) -> Flags:
        """The pieces of communes that a witness may not touch, for all of one of its companies have."""
        met = np.zeros(len(self.communes), dtype=bool)
        for others in witness.companies.values():
            met |= np.logical_and.reduce([other.touched for other in others]) if others else True
        return self.communes[met & ~witness.touched].any(axis=0)

    def secure(self, cell: Cell) -> None:
        """Find witnesses of a small cell until no commune that does not overlap its place is touched by all."""
        time, place, _month, measure = cell
        seeing, used = ~self.own[place], []
        for witness in self.covering[time, place, measure]:
            narrower = seeing & witness.touched
            if not used or (narrower != seeing).any():
                used.append(witness)
                seeing = narrower
        while not used or seeing.any():
            witness = self._protect(cell, self.communes[seeing if used else []].any(axis=0))
            used.append(witness)
            seeing = seeing & witness.touched
        for witness in used:
            others = [one for one in used if one is not witness]
            witness.companies[frozenset(map(id, others))] = others

    def _protect(self, cell: Cell, avoided: Flags) -> Witness:
        """The witness of a small cell that hides least beside it and has no partner among the pieces `avoided`.

        There is one: a small cell of the month has an event of the month, which may be taken out of the world
        at the price of every total of that month. A small year to date without such an event was small a
        month ago, and the witnesses of that time have been kept.
        """
        best, found = NEVER, None
        place = cell[1]
        for piece, month, step in self._moves(cell):
            changed = self.steps[step] != 0
            price = self.price[0, :, month] + self.price[1, :, month : self.month + 1].sum(axis=1)
            costs = self._apart(price[:, changed].sum(axis=1), piece)
            costs[~self.can_gain[step, :, month] | avoided] = np.inf
            costs[self.places[place] == self.places[place, piece]] = np.inf
            choice = int(np.argmin(costs))
            if costs[choice] < best:
                best, found = costs[choice], (month, piece, choice, step)
            if best == 0:
                break
        if found is None:
            raise RuntimeError(f"no witness for {cell}")
        month, lost, gained, step = found
        witness = Witness(lost, gained, step, self.communes[:, lost] | self.communes[:, gained])
        changed = self._differ(lost, gained, step)
        self._change(0, changed, month, witness)
        for reached in range(month, self.month + 1):
            self._change(1, changed, reached, witness)
        self.witnesses.append(witness)
        return witness

    def _moves(self, cell: Cell) -> Iterator[tuple[int, int, int]]:
        """(piece, month, step) by which a cell could hold less than it does."""
        time, place, last, measure = cell
        telling = np.nonzero(self.steps[:, measure])[0]
        for month in [last] if time == 0 else range(last, -1, -1):
            for piece in np.nonzero(self.places[place] > 0)[0]:
                for step in telling[self.can_lose[telling, piece, month]]:
                    yield int(piece), month, int(step)

    def _apart(self, price: Prices, piece: int) -> Prices:
        """For each piece the price of the places that hold it or `piece`, by whatever share, but not alike."""
        weights = price[self.owners]
        own = self.rows_of[piece]
        common = weights[own] @ self.members[own]
        held = np.bincount(self.held, weights[self.held_by], self.members.shape[1])
        return held + weights[own].sum() - 2 * common

    def _differ(self, lost: int, gained: int, step: int) -> Flags:
        """The cells (places × measures) that a step from one piece to another changes."""
        return np.outer(self.places[:, lost] != self.places[:, gained], self.steps[step] != 0)

    def _change(self, time: int, cells: Flags, month: int, witness: Witness) -> None:
        """Hide the published cells of a month that tell worlds apart, and note what covers the small ones."""
        self.hidden[time, :, month] |= cells & self.published[time, :, month]
        self.price[time, :, month][cells] = 0.0
        if month < self.month:
            return
        places, measures = np.nonzero(cells & self.small[time, :, month])
        for place, measure in zip(places.tolist(), measures.tolist(), strict=True):
            self.covering[time, place, measure].append(witness)
        seeing = self.seeing[time, places, measures] & witness.touched
        self.seeing[time, places, measures] = seeing
        self.unsafe[time, places, measures] = seeing.any(axis=1)
