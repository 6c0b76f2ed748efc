"""Which sensitive counts say something of each other, and the events behind them. Pure: no Django.

A measure is an indicator for a group of people, known here by its position. Deaths under 28 days lie within
those under one year, these within deaths of all ages, deaths of ethnic minorities within those of all people:
an attacker knows it, so the events are split into kinds that no measure cuts, each named by the set of measures
that count it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import TypeAlias

Kind: TypeAlias = frozenset[int]
Place: TypeAlias = tuple[str, bool]  # element, whether of a group of people
Tree: TypeAlias = dict[str, str | None]  # by element the next larger one it is a part of; None: of none


def trees(
    elements: Iterable[str], within: Iterable[tuple[str, str]], apart: Collection[tuple[str, str]] = ()
) -> list[Tree]:
    """The elements in trees, each a part of the one it hangs on. `within` says (part, whole) for any elements.

    Two parts of one whole hang on it side by side where `apart` says of them, or of what they are parts of, that
    no event is in both; else the second begins a tree of its own, for nobody knows how far they overlap.
    """
    larger: dict[str, set[str]] = {}
    for part, whole in within:
        larger.setdefault(part, set()).add(whole)
    beyond = {element: _reached(element, larger) for element in elements}
    parts = {element: sum(element in others for others in beyond.values()) for element in beyond}
    strangers = {frozenset(pair) for pair in apart}
    found: list[Tree] = []
    for element in sorted(beyond, key=lambda one: (len(beyond[one]), -parts[one], one)):
        tree, whole = _smallest_whole(found, beyond, element)
        siblings = [one for one, other in tree.items() if other == whole] if whole else []
        if whole and all(_are_apart(element, one, beyond, strangers) for one in siblings):
            tree[element] = whole
        else:
            found.append({element: None})
    return found


def _reached(start: str, larger: Mapping[str, set[str]]) -> set[str]:
    reached: set[str] = set()
    waiting = [start]
    while waiting:
        new = larger.get(waiting.pop(), set()) - reached
        reached |= new
        waiting += new
    return reached - {start}


def _smallest_whole(
    found: Sequence[Tree], beyond: Mapping[str, set[str]], element: str
) -> tuple[Tree, str | None]:
    """The tree and the element in it to hang a part on: of the wholes it lies in, the one that lies in most."""
    wholes = [(tree, one) for tree in found for one in tree if one in beyond[element]]
    return max(wholes, key=lambda pair: len(beyond[pair[1]]), default=({}, None))


def _are_apart(one: str, other: str, beyond: Mapping[str, set[str]], strangers: set[frozenset[str]]) -> bool:
    pairs = ((a, b) for a in {one} | beyond[one] for b in {other} | beyond[other])
    return any(frozenset(pair) in strangers for pair in pairs)


def split(values: Mapping[int, int], places: Sequence[Place], tree: Tree) -> dict[Kind, int]:
    """One facility's month: how many events of each kind stand behind the measures it reported.

    Kinds that could have occurred and did not are there with 0. A measure that is missing is passed over: its parts
    lie within what it lies in. A count that contradicts its parts (fewer deaths under one year than under 28 days)
    has events of its own.
    """
    everybody = {places[measure][0] for measure in values if not places[measure][1]}
    if any(of_group and element not in everybody for element, of_group in map(places.__getitem__, values)):
        alone: dict[Kind, int] = {}
        for side in (False, True):
            mine = {measure: count for measure, count in values.items() if places[measure][1] == side}
            alone |= split(mine, [(element, False) for element, _of_group in places], tree)
        return alone
    found: dict[Kind, int] = {}
    left = dict(values)
    while (counts := _Counts(left, places, tree)).wrong is not None:
        wrong = counts.wrong
        for measure in [one for one in left if places[one] in (wrong, (wrong[0], True))]:
            found[frozenset([measure])] = left.pop(measure)
    for kind, count in counts.kinds():
        found[kind] = found.get(kind, 0) + count
    return found


class _Counts:
    """The counts of a facility's month along the tree, and how many of each could be of the group.

    `own` counts the events of an element that are in none of its parts. Between `low` and `high` lies what of
    an element can be of the group, as far as its parts and itself are told: one number where it is.
    `wrong`: where counts contradict each other; nothing else may be asked then.
    """

    def __init__(self, values: Mapping[int, int], places: Sequence[Place], tree: Tree) -> None:
        self.measures = {measure: places[measure] for measure in values}
        self.everybody = {places[m][0]: count for m, count in values.items() if not places[m][1]}
        self.of_group = {places[m][0]: count for m, count in values.items() if places[m][1]}
        self.above = {element: self._present_above(element, tree) for element in self.everybody}
        self.order = sorted(self.everybody, key=lambda one: (-len(self.above[one]), one))
        self.own = dict(self.everybody)
        self.low = dict.fromkeys(self.order, 0)
        self.high = dict.fromkeys(self.order, 0)
        self.wrong = self._add_up()

    def _present_above(self, element: str, tree: Tree) -> list[str]:
        """What is told of the wholes that hold an element, the smallest first."""
        found = []
        whole = tree[element]
        while whole is not None:
            if whole in self.everybody:
                found.append(whole)
            whole = tree[whole]
        return found

    def _add_up(self) -> Place | None:
        """Parts before wholes, up to the first place whose count does not hold its parts: returned, if any."""
        for element in self.order:
            if self.own[element] < 0:
                return element, False
            self.high[element] += self.own[element]
            told = self.of_group.get(element)
            if told is not None and not self.low[element] <= told <= self.high[element]:
                return element, True
            if told is not None:
                self.low[element] = self.high[element] = told
            for whole in self.above[element][:1]:
                self.own[whole] -= self.everybody[element]
                self.low[whole] += self.low[element]
                self.high[whole] += self.high[element]
        return None

    def kinds(self) -> Iterator[tuple[Kind, int]]:
        """Each kind with its events, wholes before parts: those of the group and those of the others."""
        group = {element: self.low[element] for element in self.order if not self.above[element]}
        for element in reversed(self.order):
            parts = [one for one in self.order if self.above[one][:1] == [element]]
            spare = min(group[element], sum(self.high[one] for one in parts))
            spare -= sum(self.low[one] for one in parts)
            for one in parts:
                more = min(spare, self.high[one] - self.low[one])
                group[one], spare = self.low[one] + more, spare - more
            of_group = group[element] - sum(group[one] for one in parts)
            counted = {element, *self.above[element]}
            kind = frozenset(m for m, (whole, _g) in self.measures.items() if whole in counted)
            everyone = frozenset(m for m in kind if not self.measures[m][1])
            yield everyone, self.own[element] - of_group
            yield kind, of_group
