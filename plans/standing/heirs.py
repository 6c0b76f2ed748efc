"""What a reform left of an allocation: places that ended with what they were given, and those that came after them.

What a place was given does not restate (docs/decisions/0014): its successor has no target until a version gives it one.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from facilities.models import Area, Succession
from plans.models import Allocation

WHOLE = 1


@dataclass(frozen=True)
class Heir:
    """A place in force on a day that was given nothing, where places that were given something ended.

    is_union: it consists of nothing but those places, each whole and each given something, by one reform.
    """

    area: Area
    olds: Sequence[Allocation]
    is_union: bool


def ended_shares(shares: Iterable[Allocation], day: date) -> list[Allocation]:
    """Those whose place has ended by the day; each comes with its area."""
    return [share for share in shares if share.area.valid_to is not None and share.area.valid_to <= day]


def read_heirs(shares: Sequence[Allocation], day: date) -> list[Heir]:
    """The places that came after those ended by the day: a query for each reform in a row and one more, none
    where no place has ended."""
    given = {share.area_id: share for share in shares}
    roots = {share.area_id: {share.area_id} for share in ended_shares(shares, day)}
    heirs: dict[int, Area] = {}
    came: dict[int, set[int]] = defaultdict(set)
    while roots:
        steps = Succession.objects.filter(predecessor__in=roots).select_related("successor")
        onward: dict[int, set[int]] = defaultdict(set)
        for step in steps:
            area = step.successor
            if area.valid_to is not None and area.valid_to <= day:
                onward[area.pk] |= roots[step.predecessor_id]
            elif area.pk not in given:
                heirs[area.pk] = area
                came[area.pk] |= roots[step.predecessor_id]
        roots = dict(onward)
    unions = _unions(heirs, given)
    found = [
        Heir(
            area,
            sorted((given[old] for old in came[pk]), key=lambda share: share.area.folded_name),
            pk in unions,
        )
        for pk, area in heirs.items()
    ]
    return sorted(found, key=lambda heir: (heir.area.folded_name, heir.area.code))


def _unions(heirs: Iterable[int], given: Iterable[int]) -> set[int]:
    origins: dict[int, list[Succession]] = defaultdict(list)
    heirs = list(heirs)
    for step in Succession.objects.filter(successor__in=heirs) if heirs else ():
        origins[step.successor_id].append(step)
    return {
        pk
        for pk, steps in origins.items()
        if all(step.share == WHOLE and step.predecessor_id in given for step in steps)
    }
