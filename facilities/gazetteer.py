"""The packaged files of places as values: areas before and after the reform, and what became of them."""

from __future__ import annotations

import csv
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

import yaml

DATA = Path(__file__).parent / "data"
URBAN_KINDS = frozenset({"Phường", "Thị trấn"})
Key = tuple[str, date]


class UnknownProvince(LookupError):
    """Codes that are no province's code today."""


@dataclass(frozen=True)
class AreaRecord:
    """One area as the files name it; `parent` is the key of the area above, None for the country."""

    code: str
    level: str
    kind: str
    name: str
    valid_from: date
    valid_to: date | None
    parent: Key | None
    traits: tuple[str, ...] = ()
    latitude: Decimal | None = None
    longitude: Decimal | None = None
    surface: Decimal | None = None
    population: int | None = None

    @property
    def key(self) -> Key:
        return self.code, self.valid_from


@dataclass(frozen=True)
class ChangeRecord:
    predecessor: Key
    successor: Key
    is_whole: bool
    is_main: bool
    legal_basis: str = ""


@dataclass(frozen=True)
class Gazetteer:
    """Areas, those above before those below, and their successions on the day of the reform."""

    areas: tuple[AreaRecord, ...]
    changes: tuple[ChangeRecord, ...]
    start: date
    reform: date

    @cached_property
    def by_key(self) -> dict[Key, AreaRecord]:
        return {area.key: area for area in self.areas}

    def province_of(self, key: Key) -> Key | None:
        """The province above an area or the area itself; None for the country."""
        area = self.by_key[key]
        while area.level != "province":
            if area.parent is None:
                return None
            area = self.by_key[area.parent]
        return area.key

    def within(self, provinces: Collection[str]) -> Gazetteer:
        """Narrow to provinces by today's codes, with all their predecessors, and the country.

        Raises UnknownProvince.
        """
        today = {a.code for a in self.areas if a.level == "province" and a.valid_to is None}
        if unknown := sorted(set(provinces) - today):
            raise UnknownProvince(", ".join(unknown))
        kept: set[Key | None] = {None, *((code, self.reform) for code in provinces)}
        kept |= {change.predecessor for change in self.changes if change.successor in kept}
        return Gazetteer(
            tuple(area for area in self.areas if self.province_of(area.key) in kept),
            tuple(change for change in self.changes if self.province_of(change.successor) in kept),
            self.start,
            self.reform,
        )


def read_yaml(name: str) -> Any:
    return yaml.safe_load((DATA / name).read_text(encoding="utf-8"))


@lru_cache(maxsize=1)
def read_gazetteer() -> Gazetteer:
    """Read the packaged files, whole."""
    reform = read_yaml("reform.yaml")
    start, day = reform["start"], reform["date"]
    country = AreaRecord(**reform["country"], level="country", valid_from=start, valid_to=None, parent=None)
    named = {code: tuple(entry["traits"]) for entry in reform["traits"] for code in entry["until_2025-06-30"]}
    old = list(_areas("areas_until_2025-06-30.csv", country, start, day, named))
    new = list(_areas("areas_from_2025-07-01.csv", country, day, None, {}))
    parents = {area.key: area.parent for area in new}
    changes = tuple(_changes(start, day, parents, reform["resolutions"]))
    return Gazetteer((country, *old, *new), changes, start, day)


def _written(kind: str, name: str) -> str:
    """The name with its kind as it is written: "Thị xã Việt Yên" for "Thị Xã Việt Yên"."""
    return kind + name[len(kind) :] if name.casefold().startswith(f"{kind} ".casefold()) else name


def _rows(name: str) -> Iterator[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def _areas(
    name: str, country: AreaRecord, start: date, end: date | None, named: dict[str, tuple[str, ...]]
) -> Iterator[AreaRecord]:
    """Read areas, those above first. The start of the country is that of the oldest areas."""
    levels = ("province", "district", "commune")
    for row in sorted(_rows(name), key=lambda row: levels.index(row["level"])):
        urban = ("urban",) if row["kind"] in URBAN_KINDS else ()
        yield AreaRecord(
            code=row["code"],
            level=row["level"],
            kind=row["kind"],
            name=_written(row["kind"], row["name"]),
            valid_from=start,
            valid_to=end,
            parent=(row["parent_code"], start) if row["parent_code"] else country.key,
            traits=tuple(sorted({*urban, *named.get(row["code"], ())})),
            latitude=_decimal(row["lat"], "0.000001"),
            longitude=_decimal(row["lon"], "0.000001"),
            surface=_decimal(row.get("area_km2"), "0.01"),
            population=int(row["population"]) if row.get("population") else None,
        )


def _decimal(text: str | None, places: str) -> Decimal | None:
    return Decimal(text).quantize(Decimal(places)) if text else None


def _changes(
    start: date, day: date, parents: dict[Key, Key | None], resolutions: dict[str, Any]
) -> Iterator[ChangeRecord]:
    for row in _rows("changes_2025-07-01.csv"):
        successor = (row["new_code"], day)
        if row["new_level"] == "province":
            basis = resolutions["provinces"]
        else:
            basis = resolutions["communes"].get(parents[successor][0], "")
        yield ChangeRecord(
            predecessor=(row["old_code"], start),
            successor=successor,
            is_whole=row["extent"] == "whole",
            is_main=row["main"] == "main",
            legal_basis=basis,
        )
