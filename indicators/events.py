"""Which sensitive counts say something of each other, and the events behind them. Pure: no Django.

A measure is an indicator for a group of people, known here by its position. Deaths under 28 days lie within
those under one year, deaths of ethnic minorities within those of all: an attacker knows it, so the events are
split into kinds that no measure cuts, each named by the set of measures that count it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TypeAlias

Kind: TypeAlias = frozenset[int]
Place: TypeAlias = tuple[int, bool]  # level within the family, whether of a group of people


def chains(elements: Iterable[str], within: Iterable[tuple[str, str]]) -> list[list[str]]:
    """The elements in chains, each a part of the next. `within` says (part, whole) for any elements.

    Where two parts of one whole are no parts of each other, the second begins a chain of its own.
    """
    larger: dict[str, set[str]] = {}
    for part, whole in within:
        larger.setdefault(part, set()).add(whole)
    beyond = {element: _reached(element, larger) for element in elements}
    found: list[list[str]] = []
    for element in sorted(beyond, key=lambda one: (-len(beyond[one]), one)):
        chain = next((chain for chain in found if element in beyond[chain[-1]]), None)
        if chain is None:
            found.append([element])
        else:
            chain.append(element)
    return found


def _reached(start: str, larger: Mapping[str, set[str]]) -> set[str]:
    reached: set[str] = set()
    waiting = [start]
    while waiting:
        new = larger.get(waiting.pop(), set()) - reached
        reached |= new
        waiting += new
    return reached - {start}


def split(values: Mapping[int, int], places: Sequence[Place]) -> dict[Kind, int]:
    """One facility's month: how many events of each kind stand behind the measures it reported.

    Kinds that could have occurred and did not are there with 0. Where a measure is missing, only neighbouring
    levels are told of the same events. Counts that contradict each other (more deaths under 28 days than
    under one year) belong to no common events: each measure then has its own.
    """
    found = _all_linked(values, places) if len(values) == len(places) else _in_runs(values, places)
    if any(count < 0 for count in found.values()):
        return {frozenset([measure]): max(count, 0) for measure, count in values.items()}
    return found


def _all_linked(values: Mapping[int, int], places: Sequence[Place]) -> dict[Kind, int]:
    """Events of the group and of the others, by the first level that counts them."""
    everybody = {places[measure][0]: count for measure, count in values.items() if not places[measure][1]}
    of_group = {places[measure][0]: count for measure, count in values.items() if places[measure][1]}
    if not of_group or of_group.keys() - everybody.keys():
        return _in_runs(values, places)
    found: dict[Kind, int] = {}
    group_before = rest_before = 0
    for level in sorted(everybody):
        group = _group_count(level, everybody[level] - rest_before, of_group)
        rest = everybody[level] - group
        counted = {measure for measure in values if places[measure][0] >= level}
        everyone = frozenset(measure for measure in counted if not places[measure][1])
        found[everyone] = rest - rest_before
        found[frozenset(counted)] = found.get(frozenset(counted), 0) + group - group_before
        group_before, rest_before = group, rest
    return found


def _group_count(level: int, most: int, of_group: Mapping[int, int]) -> int:
    """The group's count at a level; where it is not told, the largest that fits between its neighbours."""
    if level in of_group:
        return of_group[level]
    above = [count for other, count in of_group.items() if other > level]
    below = [count for other, count in of_group.items() if other < level]
    return min(most, *above) if above else max(below, default=0)


def _in_runs(values: Mapping[int, int], places: Sequence[Place]) -> dict[Kind, int]:
    """All people and the group each on their own, by runs of levels that follow each other."""
    found: dict[Kind, int] = {}
    for of_group in (False, True):
        mine = {measure: count for measure, count in values.items() if places[measure][1] == of_group}
        levels = sorted({place[0] for place in places if place[1] == of_group})
        present = {places[measure][0] for measure in mine}
        before = 0
        for position, level in enumerate(levels):
            if level not in present:
                before = 0
                continue
            end = next((i for i in range(position, len(levels)) if levels[i] not in present), len(levels))
            run = levels[position:end]
            count = max(mine[measure] for measure in mine if places[measure][0] == level)
            found[frozenset(measure for measure in mine if places[measure][0] in run)] = count - before
            before = count
    return found
