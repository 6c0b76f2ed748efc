"""Random tables of small counts for trials of what is hidden."""

from __future__ import annotations

import random
from dataclasses import replace

import numpy as np

from indicators.suppression import ABSENT, Tables, primary

# A seed that draws nothing to hide goes on from here; trials take seeds below it.
FURTHER = 1000
# One measure; all, of them; deaths under 28 days, under 1 year and of them, under 5 years and of them.
MEASURES = [
    [[1]],
    [[1, 1], [1, 0]],
    [[1, 1, 0, 0, 0, 0], [1, 1, 1, 1, 0, 0], [1, 0, 1, 0, 0, 0], [1, 1, 1, 1, 1, 1], [1, 0, 1, 0, 1, 0]],
]


def random_tables(seed: int) -> Tables:
    """A province of 3–8 pieces with something to hide: old communes, one perhaps divided; new ones; 1–4 months.

    In some a piece counts by share in two new communes, in some there is no exact figure of a place for months.
    """
    rng = random.Random(seed)
    while not primary(tables := _drawn(rng)).any():
        pass
    if rng.random() < 0.2:
        tables = replace(tables, places=_shared(rng, tables))
    if rng.random() < 0.2:
        tables = replace(tables, exact=_exact(rng, tables))
    return tables if primary(tables).any() else random_tables(seed + FURTHER)


def _shared(rng: random.Random, tables: Tables) -> np.ndarray:
    """The places with one piece shared out between the last commune that holds it and another."""
    places, piece = tables.places.copy(), rng.randrange(tables.places.shape[1])
    one = np.nonzero(tables.knowing & (places[:, piece] == 1))[0][-1]
    if len(others := np.nonzero(tables.knowing & (places[:, piece] == 0))[0]):
        share = rng.choice([0.6, 0.5, 0.25, 0.333333])
        places[one, piece], places[rng.choice(list(others)), piece] = share, round(1 - share, 6)
    return places


def _exact(rng: random.Random, tables: Tables) -> np.ndarray:
    """Some places, never the whole, without an exact figure for their first months."""
    exact = np.ones((len(tables.places), tables.counts.shape[1]), dtype=bool)
    for place in range(len(exact) - 1):
        if rng.random() < 0.2:
            exact[place, : rng.randint(1, exact.shape[1])] = False
    return exact


def _drawn(rng: random.Random) -> Tables:
    pieces, months = rng.randint(3, 8), rng.randint(1, 4)
    old = [[piece] for piece in range(pieces)]
    # Two neighbouring pieces of one old commune that was divided.
    if rng.random() < 0.5:
        old = [[0, 1], *old[2:]]
    order = rng.sample(range(pieces), pieces)
    cuts = sorted(rng.sample(range(1, pieces), rng.randint(1, pieces - 1)))
    new = [order[a:b] for a, b in zip([0, *cuts], [*cuts, pieces], strict=True)]
    half = rng.randint(1, len(old) - 1) if len(old) > 1 else 0
    districts = [sum(part, []) for part in (old[:half], old[half:]) if part] if rng.random() < 0.7 else []
    whole = [list(range(pieces))]
    areas = [*old, *new, *districts, *whole]
    places = np.zeros((len(areas), pieces))
    for place, members in enumerate(areas):
        places[place, members] = 1
    measures = np.array(rng.choice(MEASURES), dtype=bool)
    kinds = measures.shape[1]
    mean = rng.choice([0.3, 1, 3])
    counts = np.array(
        [[[_events(rng, mean) for _ in range(kinds)] for _ in range(months)] for _ in range(pieces)]
    )
    for piece in range(pieces):
        for month in range(months):
            if rng.random() < 0.05:
                counts[piece, month] = ABSENT
            elif rng.random() < 0.05:
                counts[piece, month, rng.randrange(kinds)] = ABSENT
    headline = np.array([False] * (len(areas) - 1) + [rng.random() < 0.7])
    communes = len(old) + len(new)
    tables = Tables(counts, places, measures, headline, knowing=np.arange(len(areas)) < communes)
    return replace(tables, bounds=_bounds(rng, tables)) if rng.random() < 0.25 else tables


def _bounds(rng: random.Random, tables: Tables) -> np.ndarray:
    """What each count is divided by: often no more than it counts, so nothing could be added there."""
    counted = np.einsum("pmk,sk->pms", np.maximum(tables.counts, 0), tables.measures.astype(float))
    spare = [rng.choice([0, 0, 1, 9]) for _ in range(counted.size)]
    return counted + np.array(spare).reshape(counted.shape)


def _events(rng: random.Random, mean: float) -> int:
    """Few more often than many, zero most often."""
    return 0 if rng.random() < 0.4 else int(rng.expovariate(1 / mean))
