"""The facilities that follow from the places: a station in every commune, and where each stands when.

Circular 43/2025/TT-BYT: from the reform each commune has one station; the stations of its old communes
are its points and go on reporting. Health centres, hospitals and CDCs stay where they stood.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from facilities.gazetteer import AreaRecord, Gazetteer, Key

COMMUNE_KINDS = ("Xã", "Phường", "Đặc khu", "Thị trấn")
PROVINCE_KINDS = ("Tỉnh", "Thành phố")
SEAT_KINDS = ("Phường", "Thị trấn")
CITY_KINDS = ("Thành phố", "Quận")


@dataclass(frozen=True)
class Place:
    area: Key
    from_month: date
    main_station: str | None = None


@dataclass(frozen=True)
class FacilityRecord:
    code: str
    name: str
    type: str
    places: tuple[Place, ...]
    ownership: str = "public"

    @property
    def opened(self) -> date:
        return self.places[0].from_month


def bare_name(area: AreaRecord) -> str:
    """The name without its kind; numbered quarters keep it. `Huyện Yên Thế` → `Yên Thế`."""
    rest = area.name[len(area.kind) :].strip()
    return area.name if not rest or rest.isdigit() else rest


def running_name(area: AreaRecord) -> str:
    """The name as it stands within a sentence. `Phường Kinh Bắc` → `phường Kinh Bắc`."""
    return area.name[0].lower() + area.name[1:]


class Registry:
    """Plans the facilities of a gazetteer; `listed` holds the hospitals by today's province code."""

    def __init__(self, gazetteer: Gazetteer, listed: dict[str, Any]) -> None:
        self.gazetteer = gazetteer
        self.listed = listed
        self.children: dict[Key, list[AreaRecord]] = defaultdict(list)
        for area in sorted(gazetteer.areas, key=lambda area: area.code):
            if area.parent:
                self.children[area.parent].append(area)

    def facilities(self) -> Iterator[FacilityRecord]:
        """Yield every facility, main stations before the points that name them."""
        areas = self.gazetteer.areas
        communes = [area for area in areas if area.level == "commune"]
        yield from (self._station(area) for area in communes if area.valid_to is None)
        yield from (self._point(area) for area in communes if area.valid_to)
        yield from (self._health_centre(area) for area in areas if area.level == "district")
        for area in areas:
            if area.level == "province" and area.valid_to is None:
                yield from self._provincial(area)

    @cached_property
    def heirs(self) -> dict[Key, Key]:
        """Where most of an area went: whole, or its main part."""
        return {c.predecessor: c.successor for c in self.gazetteer.changes if c.is_whole or c.is_main}

    def _station(self, commune: AreaRecord) -> FacilityRecord:
        place = Place(commune.key, commune.valid_from)
        return FacilityRecord(f"S{commune.code}", f"Trạm Y tế {running_name(commune)}", "station", (place,))

    def _point(self, commune: AreaRecord) -> FacilityRecord:
        heir = self.heirs[commune.key]
        places = (
            Place(commune.key, commune.valid_from),
            Place(heir, self.gazetteer.reform, main_station=f"S{heir[0]}"),
        )
        return FacilityRecord(f"T{commune.code}", f"Điểm trạm y tế {running_name(commune)}", "point", places)

    def _health_centre(self, district: AreaRecord) -> FacilityRecord:
        seat = self._seat(district)
        name = f"Trung tâm Y tế {bare_name(district)}"
        return FacilityRecord(f"H{district.code}", name, "health_centre", self._staying(seat.key))

    def _provincial(self, province: AreaRecord) -> Iterator[FacilityRecord]:
        seat = self._provincial_seat(province).code
        own = self.listed.get(province.code) or {
            "cdc": {"name": f"Trung tâm Kiểm soát bệnh tật {running_name(province)}", "at": seat},
            "hospitals": [{"name": f"Bệnh viện Đa khoa {running_name(province)}", "at": seat}],
        }
        yield self._listed(f"CDC{province.code}", "cdc", own["cdc"])
        for number, hospital in enumerate(own["hospitals"], start=1):
            yield self._listed(f"BV{province.code}-{number:02d}", "hospital", hospital)

    def _listed(self, code: str, type_: str, entry: dict[str, str]) -> FacilityRecord:
        places = self._staying((entry["at"], self.gazetteer.start))
        return FacilityRecord(code, entry["name"], type_, places, entry.get("ownership", "public"))

    def _staying(self, old: Key) -> tuple[Place, Place]:
        """The same building before and after the reform."""
        return Place(old, self.gazetteer.start), Place(self.heirs[old], self.gazetteer.reform)

    def _seat(self, district: AreaRecord) -> AreaRecord:
        """Its first urban commune, else its first; an island district without communes is its own seat."""
        communes = self.children[district.key]
        return next((c for c in communes if c.kind in SEAT_KINDS), communes[0] if communes else district)

    def _provincial_seat(self, province: AreaRecord) -> AreaRecord:
        """The seat of the first city among its predecessor of the same code, else among all of them."""
        olds = [c.predecessor for c in self.gazetteer.changes if c.successor == province.key]
        olds.sort(key=lambda key: (key[0] != province.code, key[0]))
        districts = [district for old in olds for district in self.children[old]]
        return self._seat(next((d for d in districts if d.kind in CITY_KINDS), districts[0]))
