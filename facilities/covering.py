"""Which areas of any epoch lie wholly in which (domain/places.md, "Who sees an abolished place"). Pure.

An area covers itself and what stands under it. It covers an older area that was wholly absorbed: one
whose successors are all covered, or one whose last children all are. An abolished district therefore
goes where its communes went, and to its province's successor. The country covers everything.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date

from facilities.boundaries import WHOLE, Life, Passage

Covers = frozenset[int]


def _common(ways: list[Covers]) -> Covers:
    return frozenset.intersection(*ways) if ways else frozenset()


class Covering:
    """For every area the areas that cover it, found from the latest lives back to the earliest."""

    def __init__(self, areas: Iterable[Life], passages: Iterable[Passage], countries: Iterable[int]) -> None:
        self.areas = {area.id: area for area in areas}
        self.countries = frozenset(countries)
        self.passages: dict[int, list[Passage]] = defaultdict(list)
        for passage in passages:
            self.passages[passage.predecessor].append(passage)
        self.ends: dict[int, date] = {}
        for area in self.areas:
            self._find_end(area)
        self.children: dict[int, list[int]] = defaultdict(list)
        for area in self.areas.values():
            # Children that ended before their parent went on in their successors, which are asked instead.
            if area.parent is not None and self.ends[area.id] == self.ends[area.parent]:
                self.children[area.parent].append(area.id)
        self._absorbed: dict[int, Covers] = {}
        self._covers: dict[int, Covers] = {}

    def pairs(self) -> set[tuple[int, int]]:
        """Return every (area, covered), each area with itself included."""
        for area in sorted(self.areas, key=lambda area: self.ends[area], reverse=True):
            self.covers(area)
        return {(area, covered) for covered, areas in self._covers.items() for area in areas}

    def covers(self, area: int) -> Covers:
        """The areas that cover this one."""
        if area not in self._covers:
            parent = self.areas[area].parent
            above = self.covers(parent) if parent is not None else frozenset()
            self._covers[area] = above | self._absorbers(area) | self.countries | {area}
        return self._covers[area]

    def _absorbers(self, area: int) -> Covers:
        """The areas living on after this one in which all of it ended up."""
        if area not in self._absorbed:
            end = self.ends[area]
            ways = [self.covers(p.successor) for p in self.passages[area] if self.ends[p.successor] > end]
            into = _common(ways) if self._is_complete(area, len(ways)) else frozenset()
            through = _common([self._absorbers(child) for child in self.children[area]])
            self._absorbed[area] = frozenset(a for a in into | through if self.ends[a] > end)
        return self._absorbed[area]

    def _is_complete(self, area: int, ways: int) -> bool:
        """Whether the passages account for the whole area: some part is open, or the shares add up."""
        shares = [passage.share for passage in self.passages[area]]
        if ways != len(shares):
            return False
        return None in shares or sum(shares) >= WHOLE - len(shares)

    def _find_end(self, area: int) -> date:
        """The day a life ends, at the latest with that of the area above."""
        if area not in self.ends:
            life = self.areas[area]
            end = life.valid_to or date.max
            self.ends[area] = end if life.parent is None else min(end, self._find_end(life.parent))
        return self.ends[area]
