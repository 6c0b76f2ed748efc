"""What a person orders when entering a reform (domain/places.md, "Succession"). Pure data."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal


@dataclass(frozen=True)
class NewArea:
    """An area that begins. `goes_on`: id of an existing area whose life goes on in it, with its code, name
    and traits; the other fields are then not read. `share` of a divided area that goes to it (0 to 1), None
    where nobody knows."""

    code: str = ""
    kind: str = ""
    name: str = ""
    traits: tuple[str, ...] = ()
    goes_on: int | None = None
    share: Decimal | None = None


@dataclass(frozen=True)
class Order:
    """A reform to enter; areas and facilities are given by id.

    merge: two or more `predecessors`, one of `successors`. divide: one predecessor, two or more successors;
    `facilities` says of each facility that stands in it in which successor (a position) it stands from then
    on; `carrying` are those of them that served that part alone before the day too, so that their past goes
    with them; the past of the others is shared. rename: one of each. move: one or more predecessors, which go
    on under `parent`.
    """

    kind: str
    date: date
    legal_basis: str
    predecessors: Sequence[int]
    successors: Sequence[NewArea] = ()
    parent: int | None = None
    share_source: str = ""
    facilities: Mapping[int, int] = field(default_factory=dict)
    carrying: Collection[int] = ()
