"""An attacker who holds every published table and reckons: shares no code with what it attacks.

It knows how the tables are built (which pieces a place is made of, that months add up to the year, which
kinds a measure counts), takes every shown figure as an equation, every count as not below zero, no hidden
count as more than what it is divided by, and asks a solver how low and how high each hidden cell can be. A
hidden cell is recovered where only one whole number is left; of a place that counts a share, where less than that
share lies between lowest and highest.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, linprog, milp
from scipy.sparse import block_diag, csr_matrix

NEAR = 1e-6


@dataclass
class Puzzle:
    """`shown` · events = `figures`; `hidden` · events is wanted and not above `tops`.

    One column an event count (piece, month, kind).
    """

    shown: csr_matrix
    figures: np.ndarray
    hidden: csr_matrix
    tops: np.ndarray
    names: list[tuple]

    @property
    def steps(self) -> np.ndarray:
        """By hidden cell what one event adds to it at the least: 1, or a share."""
        return np.array([row.data.min() if row.nnz else 1.0 for row in self.hidden])

    def only(self, cells: np.ndarray) -> Puzzle:
        """The same with only these hidden cells asked for."""
        kept = np.array([bool(cells[name]) for name in self.names], dtype=bool)
        names = [name for name in self.names if cells[name]]
        return Puzzle(self.shown, self.figures, self.hidden[kept], self.tops[kept], names)


def read(tables, hidden, knows=None) -> Puzzle:
    """The equations of the published tables; `hidden` is 2 × places × months × measures, as is what is published.

    knows: the place whose own events, piece by piece, the attacker knows as well.
    """
    counts = tables.counts
    reported = counts >= 0
    columns = -np.ones(counts.shape, dtype=int)
    columns[reported] = np.arange(reported.sum())
    equations, values, wanted, tops, names = [], [], [], [], []
    told = _told_bounds(tables)
    for time, place, month, measure in np.ndindex(hidden.shape):
        if not _is_published(tables, time, place, month, measure):
            continue
        row = np.zeros(reported.sum())
        for piece in np.nonzero(tables.places[place])[0]:
            for kind in np.nonzero(tables.measures[measure])[0]:
                for earlier in range(0 if time else month, month + 1):
                    if columns[piece, earlier, kind] >= 0:
                        row[columns[piece, earlier, kind]] = tables.places[place, piece]
        if hidden[time, place, month, measure]:
            wanted.append(row)
            tops.append(told[time, place, month, measure])
            names.append((time, place, month, measure))
        else:
            equations.append(row)
            values.append(row @ counts[reported])
    for piece, month, kind in np.argwhere(reported) if knows is not None else ():
        if tables.places[knows, piece]:
            row = np.zeros(reported.sum())
            row[columns[piece, month, kind]] = 1
            equations.append(row)
            values.append(counts[piece, month, kind])
    width = int(reported.sum())
    return Puzzle(
        csr_matrix(np.array(equations).reshape(-1, width)),
        np.array(values),
        csr_matrix(np.array(wanted).reshape(-1, width)),
        np.array(tops),
        names,
    )


def _is_published(tables, time: int, place: int, month: int, measure: int) -> bool:
    """Whether the cell holds a figure: something was reported in it, and all of that is exactly known."""
    pieces, kinds = np.nonzero(tables.places[place])[0], np.nonzero(tables.measures[measure])[0]
    months = [
        one
        for one in range(0 if time else month, month + 1)
        if (tables.counts[np.ix_(pieces, [one], kinds)] >= 0).any()
    ]
    return bool(months) and (tables.exact is None or bool(tables.exact[place, months].all()))


def _told_bounds(tables) -> np.ndarray:
    """What each count is divided by, in the shape of the published cells."""
    if tables.bounds is None:
        return np.full((2, len(tables.places), tables.counts.shape[1], len(tables.measures)), np.inf)
    months = np.tensordot(tables.places, tables.bounds, axes=1)
    return np.stack([months, np.cumsum(months, axis=1)])


def ranges(puzzles: list[Puzzle]) -> list[np.ndarray]:
    """For each puzzle lowest and highest value of each hidden cell, by linear programming.

    The puzzles share no unknown, so one programme asks one cell of each at a time. Every answer is a possible
    world and tells something of all the cells: those that have shown two whole numbers are asked no more.
    """
    system = block_diag([p.shown for p in puzzles], format="csr")
    right = np.concatenate([p.figures for p in puzzles])
    system, right = _plain(system, right)
    bounded = block_diag([p.hidden for p in puzzles], format="csr")
    tops = np.concatenate([p.tops for p in puzzles])
    bounded, tops = bounded[np.isfinite(tops)], tops[np.isfinite(tops)]
    widths = np.cumsum([0, *(p.shown.shape[1] for p in puzzles)])
    seen = [np.array([[np.inf, -np.inf]] * p.hidden.shape[0]).reshape(-1, 2) for p in puzzles]
    asked, steps = [set() for _ in puzzles], [p.steps for p in puzzles]
    while True:
        goal = np.zeros(widths[-1])
        for index, puzzle in enumerate(puzzles):
            question = _question(seen[index], steps[index], asked[index])
            if question:
                cell, sign = question
                goal[widths[index] : widths[index + 1]] = sign * puzzle.hidden[cell].toarray()[0]
        if not goal.any():
            return seen
        answer = linprog(
            goal, A_ub=bounded, b_ub=tops, A_eq=system, b_eq=right, bounds=(0, 10_000), method="highs"
        )
        assert answer.status == 0, answer.message
        for index, puzzle in enumerate(puzzles):
            world = puzzle.hidden @ answer.x[widths[index] : widths[index + 1]]
            seen[index][:, 0] = np.minimum(seen[index][:, 0], world)
            seen[index][:, 1] = np.maximum(seen[index][:, 1], world)


def _plain(system: csr_matrix, right: np.ndarray) -> tuple[csr_matrix, np.ndarray]:
    """The same equations, each once: totals of one part say the same as the part."""
    seen, kept = set(), []
    for row in range(system.shape[0]):
        start, end = system.indptr[row : row + 2]
        key = (tuple(system.indices[start:end]), tuple(system.data[start:end]))
        if key not in seen:
            seen.add(key)
            kept.append(row)
    return system[kept], right[kept]


def _question(seen: np.ndarray, steps: np.ndarray, asked: set) -> tuple[int, int] | None:
    for cell in np.nonzero(~holds_two(seen, steps))[0]:
        for sign in (1, -1):
            if (cell, sign) not in asked:
                asked.add((cell, sign))
                return cell, sign
    return None


def holds_two(seen: np.ndarray, steps: np.ndarray) -> np.ndarray:
    """Whether at least two whole numbers lie between lowest and highest; of shares, whether one more event does."""
    whole = np.floor(seen[:, 1] + NEAR) - np.ceil(seen[:, 0] - NEAR) >= 1
    return np.where(steps < 1, seen[:, 1] - seen[:, 0] >= steps - NEAR, whole)


def recovered(puzzles: list[Puzzle]) -> list[list[tuple]]:
    """The hidden cells of each puzzle that have one value left."""
    found = ranges(puzzles)
    return [
        [name for name, two in zip(puzzle.names, holds_two(seen, puzzle.steps), strict=True) if not two]
        for puzzle, seen in zip(puzzles, found, strict=True)
    ]


def whole_number_range(puzzle: Puzzle, cell: int) -> tuple[float, float]:
    """Lowest and highest value of one hidden cell over whole-number worlds, by integer programming."""
    goal = puzzle.hidden[cell].toarray()[0]
    ends = []
    for sign in (1, -1):
        answer = milp(
            sign * goal,
            integrality=np.ones(len(goal)),
            bounds=Bounds(0, 10_000),
            constraints=[
                LinearConstraint(puzzle.shown, puzzle.figures, puzzle.figures),
                LinearConstraint(puzzle.hidden, ub=puzzle.tops),
            ],
        )
        assert answer.status == 0, answer.message
        ends.append(sign * answer.fun)
    return ends[0], ends[1]
