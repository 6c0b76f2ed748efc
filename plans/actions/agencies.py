"""Agencies from the packaged files, one file a place."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from django.db import transaction

from facilities.models import Agency, Area
from plans.files import AgencyEntry, InvalidFile, read_agencies

DATA = Path(__file__).resolve().parents[1] / "data" / "agencies"

Key = tuple[str, int]


@transaction.atomic
def load_agencies(paths: Sequence[Path] | None = None) -> int:
    """Create or update the agencies of the files; return how many stand there now. Rerunnable.

    Agencies of areas that are not loaded are left out: a portal may hold one province alone. Agencies
    that no file names are kept, people may have added them. Raises InvalidFile.
    """
    entries = _read(sorted(DATA.glob("*.yaml")) if paths is None else paths)
    areas = {area.key: area.pk for area in _areas(entries)}
    known = {
        (agency.name, agency.area_id): agency for agency in Agency.objects.filter(area__in=areas.values())
    }
    loaded = [entry for entry in entries if entry.area in areas]
    for entry in loaded:
        key = (entry.name, areas[entry.area])
        known[key] = _store(entry, areas[entry.area], known.get(key))
    for entry in loaded:
        _succeed(entry, areas, known)
    return len(loaded)


def _read(paths: Iterable[Path]) -> list[AgencyEntry]:
    entries, problems = [], []
    for path in paths:
        try:
            entries += read_agencies(path)
        except InvalidFile as error:
            problems += error.problems
    if problems:
        raise InvalidFile(problems)
    return entries


def _areas(entries: Iterable[AgencyEntry]) -> list[Area]:
    codes = {entry.area.partition("@")[0] for entry in entries}
    return list(Area.objects.filter(code__in=codes))


def _store(entry: AgencyEntry, area: int, agency: Agency | None) -> Agency:
    fields = {
        "short_name": entry.short,
        "superior": entry.superior,
        "valid_from": entry.valid_from,
        "valid_to": entry.valid_to,
    }
    if agency is None:
        return Agency.objects.create(name=entry.name, area_id=area, **fields)
    changed = [name for name, value in fields.items() if getattr(agency, name) != value]
    if changed:
        for name in changed:
            setattr(agency, name, fields[name])
        agency.save(update_fields=changed)
    return agency


def _succeed(entry: AgencyEntry, areas: dict[str, int], known: dict[Key, Agency]) -> None:
    """Link the successor where its place is loaded too."""
    agency = known[entry.name, areas[entry.area]]
    name, area = entry.successor or ("", "")
    successor = known.get((name, areas.get(area, 0)))
    if agency.successor_id != (successor.pk if successor else None):
        agency.successor = successor
        agency.save(update_fields=["successor"])
