"""An upload as its page shows it: what would change, what was rejected, where two people met."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from facilities.periods import format_period, parse_period
from indicators.cell_json import State, read_state
from indicators.models import Upload
from indicators.presenters.periods import period_words
from indicators.presenters.sheet import printed


@dataclass(frozen=True)
class Change:
    """One cell, with its three values printed; `choice` names a conflict in the posted form."""

    label: str
    where: str
    before: str
    server: str
    file: str
    conflict: bool
    erases: bool
    choice: str


@dataclass(frozen=True)
class ChangedPlace:
    name: str
    form_name: str
    blocked: str
    changes: list[Change]


@dataclass(frozen=True)
class Shown:
    period: str
    places: list[ChangedPlace]
    conflicts: list[tuple[ChangedPlace, list[Change]]]
    rejects: list[dict[str, Any]]
    rejected: int
    notes: list[str]
    results: list[dict[str, Any]]

    @property
    def count(self) -> int:
        """Cells that a plain yes would change."""
        return sum(not c.conflict for place in self.places if not place.blocked for c in place.changes)

    @property
    def unnamed(self) -> int:
        """Rejected cells that are counted and not listed."""
        return self.rejected - len(self.rejects)

    @property
    def failed(self) -> bool:
        """Whether something was confirmed and could not be stored."""
        return any(result["problem"] for result in self.results)

    @property
    def met(self) -> int:
        return sum(len(changes) for _place, changes in self.conflicts)


def shown(upload: Upload) -> Shown | None:
    """None for an upload that was refused."""
    preview = upload.preview
    if not preview:
        return None
    period = parse_period(preview["period"], yearly=preview["yearly"])
    places = [_place(place) for place in preview["places"]]
    met = [(p, [c for c in p.changes if c.conflict]) for p in places if not p.blocked]
    return Shown(
        period=period_words(period, yearly=preview["yearly"]),
        places=places,
        conflicts=[(place, changes) for place, changes in met if changes],
        rejects=preview["rejects"],
        rejected=preview.get("rejected", len(preview["rejects"])),
        notes=preview["notes"],
        results=[_result(one, period, yearly=preview["yearly"]) for one in preview.get("results", [])],
    )


def _result(result: dict[str, Any], period: date, *, yearly: bool) -> dict[str, Any]:
    """With the address of the form where something was stored: it is still to be submitted there."""
    facility, _colon, form = result["key"].partition(":")
    address = [facility, form, format_period(period, yearly=yearly)]
    return result | {"url": reverse("submissions:form", args=address) if result["stored"] else ""}


def _place(place: dict[str, Any]) -> ChangedPlace:
    changes = [
        Change(
            label=one["label"],
            where=f"{one['sheet']}!{one['column']}{one['row']}",
            before=_words(one["before"]),
            server=_words(one["server"]),
            file=_words(one["file"]),
            conflict=one["conflict"],
            erases=one["file"] is None,
            choice=f"{place['key']}|{one['cell']}",
        )
        for one in place["changes"]
    ]
    return ChangedPlace(place["name"], place["form_name"], place["blocked"], changes)


def _words(state: State) -> str:
    return printed(read_state(state)) or _("ô trống")
