"""Where figures count on the boundaries of any day (design decision 1, domain/places.md). Pure.

Between two reforms lies a boundary epoch. A figure belongs to the facility that reported it; for every
epoch it is located in communes of that epoch, as pieces: a weight that lies somewhere among candidates.
One candidate is known; several mean that nobody knows the division. An area then holds all of the
figure, a stated share of it, an unknown part of it, or nothing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import cached_property
from itertools import pairwise

WHOLE = 1_000_000


@dataclass(frozen=True)
class Life:
    """An area: valid in [valid_from, valid_to), under `parent`."""

    id: int
    parent: int | None
    valid_from: date
    valid_to: date | None

    def overlaps(self, start: date, end: date) -> bool:
        return self.valid_from < end and start < (self.valid_to or date.max)


@dataclass(frozen=True)
class Passage:
    """On a date `predecessor` went to `successor`: `share` in millionths, None where nobody knows it."""

    date: date
    predecessor: int
    successor: int
    share: int | None


@dataclass(frozen=True)
class Stay:
    """A facility stands in `area` in months [start, end), given as first days; `end` None is open.

    `consolidated`: in these months it reports for all of its commune, points included, so that its own
    former place says nothing about where its figures lie. `carries`: the commune it stood in before was divided,
    and it served this part of it alone: what it reports on either side of the division lies here whole.
    """

    area: int
    start: date
    end: date | None
    consolidated: bool = False
    carries: bool = False


@dataclass(frozen=True)
class Piece:
    weight: Fraction
    candidates: frozenset[int]


@dataclass(frozen=True)
class Row:
    """In months [start, end) the figures count in `area` with `share` millionths; None: nobody knows."""

    area: int
    start: date
    end: date | None
    share: int | None
    in_own_time: bool


Located = tuple[Piece, ...]
Epoch = tuple[date, date]


def month_from(day: date) -> date:
    """Return the first month that begins on or after `day`; a reform within a month rules from the next."""
    if day.day == 1 or day == date.max:
        return day
    return date(day.year + day.month // 12, day.month % 12 + 1, 1)


class Boundaries:
    """All areas and passages, with the epochs between the dates of the passages."""

    def __init__(self, areas: Iterable[Life], passages: Iterable[Passage]) -> None:
        self.areas = {area.id: area for area in areas}
        self.successors: dict[int, list[Passage]] = defaultdict(list)
        self.predecessors: dict[int, list[Passage]] = defaultdict(list)
        dates = set()
        for passage in passages:
            self.successors[passage.predecessor].append(passage)
            self.predecessors[passage.successor].append(passage)
            dates.add(passage.date)
        edges = [date.min, *sorted(dates), date.max]
        self.epochs: list[Epoch] = list(zip(edges, edges[1:], strict=False))
        self._located: dict[tuple[int, Epoch], Located] = {}

    @cached_property
    def month_edges(self) -> list[date]:
        """The months in which an epoch or an area's life begins or ends."""
        days = {start for start, _ in self.epochs[1:]}
        for area in self.areas.values():
            days.update({area.valid_from, area.valid_to} - {None})
        return sorted({month_from(day) for day in days})

    def ancestry(self, area: int, epoch: Epoch) -> Iterator[int]:
        """Yield the area and those above it that are valid in the epoch."""
        step: int | None = area
        while step is not None:
            if self.areas[step].overlaps(*epoch):
                yield step
            step = self.areas[step].parent

    def lives_on(self, area: int, day: date) -> bool:
        """Whether the area has not ended by `day`."""
        return (self.areas[area].valid_to or date.max) > day

    def follow(self, area: int, day: date, parts: Mapping[int, int]) -> int:
        """Follow `area` while it goes whole to one successor, at the latest to the one alive on `day`.

        `parts`: of a divided area the one part to go on with. Where it is divided otherwise the way ends there.
        """
        while not self.lives_on(area, day):
            passages = self.successors[area]
            whole = len(passages) == 1 and passages[0].share == WHOLE
            step = passages[0].successor if whole else parts.get(area)
            if step is None:
                break
            area = step
        return area

    def located(self, area: int, epoch: Epoch) -> Located:
        """Locate the figures of a whole area in areas of the epoch, through successors or predecessors."""
        key = area, epoch
        if key not in self._located:
            life = self.areas[area]
            if life.overlaps(*epoch):
                pieces: Located = (Piece(Fraction(1), frozenset({area})),)
            elif life.valid_from >= epoch[1]:
                pieces = self._backward(area, epoch)
            else:
                pieces = self._forward(area, epoch)
            self._located[key] = pieces
        return self._located[key]

    def _candidates(self, areas: Iterable[int], epoch: Epoch) -> frozenset[int]:
        pieces = (piece for area in areas for piece in self.located(area, epoch))
        return frozenset().union(*(piece.candidates for piece in pieces))

    def _backward(self, area: int, epoch: Epoch) -> Located:
        """The figures lie somewhere among the predecessors: which part in which, nobody recorded."""
        origins = self._candidates((p.predecessor for p in self.predecessors[area]), epoch)
        return (Piece(Fraction(1), origins),) if origins else ()

    def _forward(self, area: int, epoch: Epoch) -> Located:
        """Follow every passage by its share; what has no share lies somewhere among those without one."""
        passages = self.successors[area]
        known = [(Fraction(p.share, WHOLE), p.successor) for p in passages if p.share is not None]
        pieces = [
            Piece(share * piece.weight, piece.candidates)
            for share, successor in known
            for piece in self.located(successor, epoch)
        ]
        open_heirs = self._candidates((p.successor for p in passages if p.share is None), epoch)
        rest = 1 - sum(share for share, _ in known)
        if open_heirs and rest > 0:
            pieces.append(Piece(rest, open_heirs))
        return tuple(pieces)


def share_of(pieces: Located, inside: frozenset[int] | set[int]) -> int | None:
    """Return how much of the figures lies in an area that holds the communes `inside`, in millionths.

    WHOLE where all lies inside; None where an unknown part does; 0 where none does. Shares recorded to a
    millionth may miss one by rounding: all pieces inside are the whole all the same.
    """
    if any(piece.candidates & inside and not piece.candidates <= inside for piece in pieces):
        return None
    held = [piece.weight for piece in pieces if piece.candidates <= inside]
    total = round(sum(held) * WHOLE)
    if len(held) == len(pieces) and total >= WHOLE - len(pieces):
        return WHOLE
    return min(max(total, 1), WHOLE - 1) if held else 0


class Track:
    """One facility's stays on the boundaries: the rows of its contributions."""

    def __init__(self, boundaries: Boundaries, stays: Sequence[Stay]) -> None:
        self.boundaries = boundaries
        self.stays = sorted(stays, key=lambda stay: stay.start)
        self.parts = self._parts_served()

    def _parts_served(self) -> dict[int, int]:
        """Of each divided area that the facility served one part of, that part."""
        parts: dict[int, int] = {}
        for earlier, later in pairwise(self.stays):
            for passage in self.boundaries.predecessors[later.area] if later.carries else ():
                divided, day = passage.predecessor, self.boundaries.areas[passage.predecessor].valid_from
                if self.boundaries.follow(earlier.area, day, {}) == divided:
                    parts.setdefault(divided, later.area)
        return parts

    def rows(self) -> list[Row]:
        """Return one row for each area and run of months with the same share and standing."""
        runs: dict[int, list[Row]] = defaultdict(list)
        for stay, start, end in self._segments():
            for area, share in self._shares(stay, start).items():
                own = self.boundaries.areas[area].overlaps(start, date.fromordinal(start.toordinal() + 1))
                row = Row(area, start, end, share, own)
                last = runs[area][-1] if runs[area] else None
                if last and (last.end, last.share, last.in_own_time) == (start, share, own):
                    runs[area][-1] = Row(area, last.start, end, share, own)
                else:
                    runs[area].append(row)
        return [row for area in sorted(runs) for row in runs[area]]

    def _segments(self) -> Iterator[tuple[Stay, date, date | None]]:
        """Cut the stays where an epoch or an area's life begins or ends."""
        for stay in self.stays:
            end = stay.end or date.max
            cuts = [stay.start, *(e for e in self.boundaries.month_edges if stay.start < e < end), end]
            for first, last in zip(cuts, cuts[1:], strict=False):
                yield stay, first, None if last == date.max else last

    def _shares(self, stay: Stay, month: date) -> dict[int, int | None]:
        """Shares of the month's figures in every area of every epoch that holds some of them.

        An area alive in several epochs is asked in the one nearest to the month, so that what counts in an
        area in its own time is what stands there then.
        """
        epochs = self.boundaries.epochs
        source = next(n for n, epoch in enumerate(epochs) if epoch[0] <= month < epoch[1])
        shares: dict[int, int | None] = {}
        for number, epoch in enumerate(epochs):
            pieces = self._locate(stay, epoch)
            inside: dict[int, set[int]] = defaultdict(set)
            for commune in frozenset().union(*(piece.candidates for piece in pieces)):
                for area in self.boundaries.ancestry(commune, epoch):
                    inside[area].add(commune)
            for area, communes in inside.items():
                if self._is_nearest(area, number, source):
                    shares[area] = share_of(pieces, communes)
        return shares

    def _is_nearest(self, area: int, epoch: int, source: int) -> bool:
        """Whether no epoch between the month's own and this one knows the area."""
        if epoch == source:
            return True
        nearer = self.boundaries.epochs[epoch + (1 if epoch < source else -1)]
        return not self.boundaries.areas[area].overlaps(*nearer)

    def _locate(self, stay: Stay, epoch: Epoch) -> Located:
        """Where the stay's figures lie in the epoch: at the facility's place there, else by its area."""
        boundaries, life = self.boundaries, self.boundaries.areas[stay.area]
        if life.overlaps(*epoch):
            return boundaries.located(stay.area, epoch)
        later = life.valid_from < epoch[0]
        place = self._place(epoch, first=later)
        if later:
            area = boundaries.follow(stay.area, epoch[0], self.parts)
            is_known = place is not None and boundaries.lives_on(area, epoch[0])
            return boundaries.located(place if is_known else area, epoch)
        if place is not None and not stay.consolidated:
            heir = boundaries.follow(place, life.valid_from, self.parts)
            if boundaries.lives_on(heir, life.valid_from):
                return boundaries.located(place, epoch)
        return boundaries.located(stay.area, epoch)

    def _place(self, epoch: Epoch, *, first: bool) -> int | None:
        """The facility's first or last placement that is in force in the epoch in a commune of the epoch."""
        for stay in self.stays if first else reversed(self.stays):
            in_force = stay.start < epoch[1] and epoch[0] < (stay.end or date.max)
            if in_force and self.boundaries.areas[stay.area].overlaps(*epoch):
                return stay.area
        return None
