"""Bringing the packaged places into the database: areas, successions, facilities, derived tables."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import asdict, dataclass

from django.db import transaction

from facilities.actions.audit import record
from facilities.actions.contributions import refresh_contributions
from facilities.actions.coverage import hold_places, refresh_coverage
from facilities.gazetteer import AreaRecord, Gazetteer, Key, read_gazetteer, read_yaml
from facilities.models import Area, Facility, Placement, Succession, User
from facilities.registry import Registry
from facilities.text import fold

CHUNK = 2000
AREA_FIELDS = (
    "level",
    "kind",
    "name",
    "folded_name",
    "parent_id",
    "valid_to",
    "traits",
    "is_urban",
    "latitude",
    "longitude",
    "surface",
    "registered_population",
)


@dataclass(frozen=True)
class Loaded:
    """How many rows were made or changed; all zero when the files were loaded before."""

    areas: int
    successions: int
    facilities: int
    placements: int
    coverage: int
    contributions: int


@transaction.atomic
def load_places(*, provinces: Collection[str] = (), by: User | None = None) -> Loaded:
    """Load the packaged places of `provinces` (today's codes; none given: all), with their predecessors.

    May run again: what people added (traits, shares, changes of facilities) stays.
    Raises UnknownProvince.
    """
    hold_places()
    gazetteer = read_gazetteer()
    if provinces:
        gazetteer = gazetteer.within(provinces)
    changed, areas = _load_areas(gazetteer)
    successions = _load_successions(gazetteer, areas)
    facilities, placements = _load_facilities(gazetteer, areas)
    loaded = Loaded(
        areas=changed,
        successions=successions,
        facilities=facilities,
        placements=placements,
        coverage=refresh_coverage(),
        contributions=refresh_contributions(),
    )
    if any(asdict(loaded).values()):
        country = Area.objects.get(pk=areas[gazetteer.areas[0].key])
        record(
            by=by,
            verb="load_places",
            subject=country,
            area=country,
            provinces=sorted(provinces),
            **asdict(loaded),
        )
    return loaded


def _load_areas(gazetteer: Gazetteer) -> tuple[int, dict[Key, int]]:
    """Create or update areas level by level; return how many, and the ids by key."""
    stored = {(area.code, area.valid_from): area for area in Area.objects.all()}
    changed = 0
    for level in Area.Level.values:
        new, updated = [], []
        for entry in (area for area in gazetteer.areas if area.level == level):
            area = stored.get(entry.key) or Area(code=entry.code, valid_from=entry.valid_from)
            parent = stored[entry.parent].pk if entry.parent else None
            if _apply(area, _area_values(entry, parent, area)):
                (updated if area.pk else new).append(area)
                stored[entry.key] = area
        Area.objects.bulk_create(new, batch_size=CHUNK)
        Area.objects.bulk_update(updated, AREA_FIELDS, batch_size=CHUNK)
        changed += len(new) + len(updated)
    return changed, {key: area.pk for key, area in stored.items()}


def _area_values(entry: AreaRecord, parent: int | None, held: Area) -> dict[str, object]:
    """The fields the files decide; traits that people added and the end by a later reform are kept."""
    traits = sorted({*entry.traits, *held.traits})
    return {
        "level": entry.level,
        "kind": entry.kind,
        "name": entry.name,
        "folded_name": fold(entry.name),
        "parent_id": parent,
        "valid_to": held.valid_to if held.ended_by_id else entry.valid_to,
        "traits": traits,
        "is_urban": Area.Trait.URBAN in traits,
        "latitude": entry.latitude,
        "longitude": entry.longitude,
        "surface": entry.surface,
        "registered_population": entry.population,
    }


def _apply(area: Area, values: dict[str, object]) -> bool:
    """Set the values that differ; say whether the area is new or any did."""
    differing = {name: value for name, value in values.items() if getattr(area, name) != value}
    for name, value in differing.items():
        setattr(area, name, value)
    return area.pk is None or bool(differing)


def _load_successions(gazetteer: Gazetteer, areas: dict[Key, int]) -> int:
    """Create missing successions. A stored one is left alone: its share may have been entered since."""
    stored = set(Succession.objects.values_list("date", "predecessor_id", "successor_id"))
    new = [
        Succession(
            date=gazetteer.reform,
            predecessor_id=areas[change.predecessor],
            successor_id=areas[change.successor],
            share=1 if change.is_whole else None,
            is_main=change.is_main,
            legal_basis=change.legal_basis,
        )
        for change in gazetteer.changes
        if (gazetteer.reform, areas[change.predecessor], areas[change.successor]) not in stored
    ]
    Succession.objects.bulk_create(new, batch_size=CHUNK)
    return len(new)


def _load_facilities(gazetteer: Gazetteer, areas: dict[Key, int]) -> tuple[int, int]:
    """Create missing facilities with their placements. A stored one belongs to the people who keep it."""
    stored = set(Facility.objects.values_list("code", flat=True))
    entries = [
        entry
        for entry in Registry(gazetteer, read_yaml("facilities.yaml")).facilities()
        if entry.code not in stored
    ]
    spots = {entry.code: gazetteer.by_key[entry.places[-1].area] for entry in entries}
    Facility.objects.bulk_create(
        (
            Facility(
                code=entry.code,
                name=entry.name,
                folded_name=fold(entry.name),
                type=entry.type,
                ownership=entry.ownership,
                opened=entry.opened,
                latitude=spots[entry.code].latitude,
                longitude=spots[entry.code].longitude,
            )
            for entry in entries
        ),
        batch_size=CHUNK,
    )
    ids = dict(Facility.objects.values_list("code", "pk"))
    placements = [
        Placement(
            facility_id=ids[entry.code],
            area_id=areas[place.area],
            from_month=place.from_month,
            main_station_id=ids[place.main_station] if place.main_station else None,
        )
        for entry in entries
        for place in entry.places
    ]
    Placement.objects.bulk_create(placements, batch_size=CHUNK)
    return len(entries), len(placements)
