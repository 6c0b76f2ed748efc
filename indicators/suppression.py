"""Hide small counts in published tables so that nobody can reckon them back. Pure: no Django.

A cell of one to four events is hidden (primary). That is not enough: totals, the year to date, the same
months on other boundaries and "of them" groups are published too, and a hidden cell may be a difference of
cells that are shown. So further cells are hidden (complementary) until every hidden cell has a **witness**:
another table of whole numbers, none below zero, that agrees with every shown cell and differs in the hidden
one. Whoever holds only the shown cells can not tell the two tables apart, whatever they solve: linear
equations, bounds or whole numbers. No solver is needed to be sure of it; the tests attack with one.

A witness moves one event from a piece of land to another in one month (`indicators.witnesses`). The months
of a year are taken in their order and what was shown stays shown, so the tables of a later month may be laid
beside those of an earlier one. Choices are greedy, by the number of pieces a hidden cell covers, and
deterministic. Source of the idea: Willenborg, de Waal, "Elements of Statistical Disclosure Control" (2001),
chapter 4 (cell suppression).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from indicators.witnesses import TOLERANCE, Board

SMALL = 5
ABSENT = -1
# More than any count: of a measure that is not divided by anything.
UNBOUNDED = 2.0**40
Flags = NDArray[np.bool_]


@dataclass(frozen=True)
class Tables:
    """All tables that are or will be published of one kind of event in one year.

    counts    pieces × months × kinds: events as whole numbers, ABSENT where nothing was reported. A piece is
              a part of the land that no boundary cuts; kinds split the events so that every measure is a sum.
    places    places × pieces: the share of a piece that counts in a place (1 whole, 0 not at all).
    measures  measures × kinds: whether a measure counts the events of a kind ("all" counts every kind).
    headline  places: a plan's own total. A small count of it is not hidden for its own sake, and it is hidden
              beside others only where nothing else helps: all that reported lies in one commune.
    exact     places × months: whether there is an exact figure at all; everywhere where it is None.
    bounds    pieces × months × measures: what the count is divided by (births), UNBOUNDED where by nothing. It is
              told beside the count: nobody believes in a table with more deaths than births. None: nowhere.
    knowing   places: whether its people know its own counts, as a commune does. None: nobody does.
    """

    counts: NDArray[np.int64]
    places: NDArray[np.float64]
    measures: Flags
    headline: Flags
    exact: Flags | None = None
    bounds: NDArray[np.float64] | None = None
    knowing: Flags | None = None

    def values(self) -> NDArray[np.float64]:
        """2 × places × months × measures: of the month, and of the year up to it."""
        months = self._of_places(self.places, np.maximum(self.counts, 0))
        return np.stack([months, np.cumsum(months, axis=1)])

    def _of_places(self, places: NDArray[np.float64], kinds: NDArray[Any]) -> NDArray[np.float64]:
        """Kinds by piece and month summed to measures (places × months × measures), first over the fewer."""
        return np.tensordot(places, kinds @ self.measures.T.astype(float), axes=1)

    def room(self) -> NDArray[np.float64]:
        """Places × months × measures: how many events more would pass for true, in the month and to date."""
        months, _to_date = self.values()
        if self.bounds is None:
            return np.full(months.shape, UNBOUNDED)
        left = np.tensordot(self.places, self.bounds, axes=1) - months
        return np.minimum(left, np.cumsum(left, axis=1))

    def published(self) -> Flags:
        """The cells that hold a figure, in the shape of `values`: something was reported, and exactly known."""
        reported = self._of_places((self.places > 0).astype(float), self.counts >= 0) > 0
        exact = np.ones(reported.shape[:2], dtype=bool) if self.exact is None else self.exact
        spoilt = np.logical_or.accumulate(reported & ~exact[:, :, None], axis=1)
        months = reported & exact[:, :, None]
        return np.stack([months, np.logical_or.accumulate(reported, axis=1) & ~spoilt])


@dataclass(frozen=True)
class Suppression:
    """Which cells are hidden: places × months × measures, of the month and of the year up to it."""

    months: Flags
    to_date: Flags


def suppress(tables: Tables, *, complementary: bool = True) -> Suppression:
    """Which cells to hide. Without `complementary` only the small ones, which does not protect them."""
    published = tables.published()
    small = primary(tables, published)
    if not complementary or not small.any():
        return Suppression(small[0], small[1])
    board = Board(
        counts=tables.counts,
        places=tables.places,
        measures=tables.measures,
        headline=tables.headline,
        published=published,
        small=small,
        room=tables.room(),
        knowing=np.zeros(len(tables.places), dtype=bool) if tables.knowing is None else tables.knowing,
    )
    for month in range(tables.counts.shape[1]):
        board.open_month(month)
        for witness in board.witnesses:
            board.extend(witness)
        for cell in _small_cells(board, small, month):
            board.secure(cell)
        board.close_month()
    return Suppression(board.hidden[0], board.hidden[1])


def primary(tables: Tables, published: Flags | None = None) -> Flags:
    """The published cells of one to four events in places whose figures are not given."""
    values = tables.values()
    shown = tables.published() if published is None else published
    few = (values > TOLERANCE) & (values < SMALL - TOLERANCE)
    return few & shown & ~tables.headline[None, :, None, None]


def _small_cells(board: Board, small: Flags, month: int) -> Any:
    """The small cells of a month and to date: the month's own first, small places before large ones."""
    for time in (0, 1):
        places, measures = np.nonzero(small[time, :, month])
        for index in np.lexsort((measures, places, board.sizes[places])):
            yield time, int(places[index]), month, int(measures[index])
