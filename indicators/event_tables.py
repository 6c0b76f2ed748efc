"""From events of facilities to the tables that `indicators.suppression` protects. Pure: no Django."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

import numpy as np

from indicators.events import Kind, Place, Tree, split
from indicators.suppression import ABSENT, UNBOUNDED, Tables

WHOLE = 1_000_000
MONTHS = range(1, 13)
Measure = tuple[int, int]  # indicator, group
Piece = tuple[tuple[int, int], ...]  # (area, share in millionths) of the land that no boundary cuts


@dataclass(frozen=True)
class Results:
    """Where facilities count: (facility, area, from month, to month, share), and whose totals are told.

    communes: the areas whose people know their own counts. urban: the sets of communes whose sum is told as the urban
    part of an area.
    """

    year: int
    contributions: list[tuple[int, int, date, date | None, int | None]]
    headlines: set[int]
    communes: set[int]
    urban: list[frozenset[int]]


@dataclass(frozen=True)
class Events:
    """Measures that say something of each other, and by (facility, month number) what each counted.

    places, tree: what each measure counts, and what is part of what (`indicators.events`).
    bounds: what each count is divided by, in the shape of `counts`; of a measure that is divided by nothing there is
    none.
    """

    measures: list[Measure]
    places: list[Place]
    tree: Tree
    counts: dict[tuple[int, int], dict[int, int]]
    bounds: dict[tuple[int, int], dict[int, float]] = field(default_factory=dict)


def build_tables(results: Results, events: Events) -> tuple[Tables, list[int | None]]:
    """The tables of one family, and the area of each of their places (None: the urban part of one)."""
    lies_in = _pieces_by_month(results)
    split_up: dict[tuple[Piece, int], dict[Kind, int]] = defaultdict(dict)
    unknown: set[tuple[int, int]] = set()
    for (facility, month), counted in events.counts.items():
        piece, unclear = lies_in.get((facility, month), ((), ()))
        unknown |= {(area, month) for area in unclear}
        total = split_up[piece, month]
        for kind, count in split(counted, events.places, events.tree).items():
            total[kind] = total.get(kind, 0) + count
    pieces = sorted({piece for piece, _month in split_up})
    kinds = sorted({kind for counts in split_up.values() for kind in counts}, key=sorted)
    counts = np.full((len(pieces), 12, len(kinds)), ABSENT, dtype=np.int64)
    row = {piece: index for index, piece in enumerate(pieces)}
    column = {kind: index for index, kind in enumerate(kinds)}
    for (piece, month), told in split_up.items():
        for kind, count in told.items():
            counts[row[piece], month - 1, column[kind]] = count
    areas = sorted({area for piece in pieces for area, _share in piece} | {area for area, _m in unknown})
    places, names = _places(areas, pieces, results)
    exact = np.array([[(name, m) not in unknown for m in MONTHS] for name in names]).reshape(-1, 12)
    measures = np.array([[m in kind for kind in kinds] for m in range(len(events.measures))], dtype=bool)
    headline = np.array([name is None or name in results.headlines for name in names], dtype=bool)
    bounds = _bounds(events, lies_in, row)
    knowing = np.array([name in results.communes for name in names], dtype=bool)
    return Tables(counts, places, measures.reshape(-1, len(kinds)), headline, exact, bounds, knowing), names


def _bounds(
    events: Events,
    lies_in: Mapping[tuple[int, int], tuple[Piece, tuple[int, ...]]],
    row: Mapping[Piece, int],
) -> np.ndarray:
    """Pieces × months × measures; a measure that nothing is told to divide has no bound."""
    found = np.zeros((len(row), 12, len(events.measures)))
    divided = {measure for told in events.bounds.values() for measure in told}
    found[:, :, [m for m in range(len(events.measures)) if m not in divided]] = UNBOUNDED
    for key, told in events.bounds.items():
        piece, _unclear = lies_in.get(key, ((), ()))
        for measure, bound in told.items():
            found[row[piece], key[1] - 1, measure] += bound
    return found


def _places(areas: list[int], pieces: list[Piece], results: Results) -> tuple[np.ndarray, list[int | None]]:
    """Places × pieces; below the areas the urban parts of those whose totals are told."""
    index = {area: number for number, area in enumerate(areas)}
    places = np.zeros((len(areas), len(pieces)))
    for number, piece in enumerate(pieces):
        for area, share in piece:
            places[index[area], number] = share / WHOLE
    urban = [
        places[[index[commune] for commune in sorted(communes) if commune in index]].sum(axis=0)
        for communes in results.urban
    ]
    return np.concatenate([places, np.array(urban).reshape(-1, len(pieces))]), [*areas, *[None] * len(urban)]


def _pieces_by_month(results: Results) -> dict[tuple[int, int], tuple[Piece, tuple[int, ...]]]:
    """By facility and month number: the areas it counts in with their shares, and those where no share is known."""
    known: dict[tuple[int, int], list[tuple[int, int]]] = defaultdict(list)
    unclear: dict[tuple[int, int], list[int]] = defaultdict(list)
    for facility, area, start, end, share in results.contributions:
        for month in MONTHS:
            if start <= date(results.year, month, 1) and (end is None or date(results.year, month, 1) < end):
                if share is None:
                    unclear[facility, month].append(area)
                else:
                    known[facility, month].append((area, share))
    return {
        key: (tuple(sorted(known.get(key, ()))), tuple(unclear.get(key, ())))
        for key in known.keys() | unclear.keys()
    }
