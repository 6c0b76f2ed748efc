"""A small world with a reform, and the fixed cast for access tests.

    old province A: district a: communes a1, a2; district b: communes b1, b2
    old province B: district c: commune c1
    reform: a1 + a2 → x (phường);  b1 + c1 → y;  b2 → z, all in the merged province M.
Every old commune has a station `t…` that became a point of the new commune's station `s…`.
"""

from dataclasses import dataclass

from facilities.models import Area, Facility, Role, User
from tests.factories import (
    REFORM,
    START,
    AreaFactory,
    DistrictFactory,
    FacilityFactory,
    PlacementFactory,
    ProvinceFactory,
    SuccessionFactory,
    person,
    settle_places,
)

MERGERS = {"x": ("a1", "a2"), "y": ("b1", "c1"), "z": ("b2",)}


@dataclass(frozen=True)
class World:
    """Areas by their letter ("country", "A", "B", "M", "a" … "z"), facilities by code ("T-a1", "S-x")."""

    areas: dict[str, Area]
    facilities: dict[str, Facility]


@dataclass(frozen=True)
class Cast:
    clerk: User
    neighbour: User
    reviewer: User
    planner: User
    leader: User
    auditor: User
    administrator: User
    stranger: User


def _old_areas() -> dict[str, Area]:
    country = AreaFactory(code="VN", level=Area.Level.COUNTRY, kind="Nước", name="Việt Nam")
    areas = {"country": country}
    for letter, districts in (("A", "ab"), ("B", "c")):
        areas[letter] = ProvinceFactory(parent=country, valid_to=REFORM, code=letter, name=f"Tỉnh {letter}")
        for district in districts:
            areas[district] = DistrictFactory(
                parent=areas[letter], valid_to=REFORM, code=district, name=f"Huyện {district}"
            )
    for commune in ("a1", "a2", "b1", "b2", "c1"):
        areas[commune] = AreaFactory(
            parent=areas[commune[0]], valid_to=REFORM, code=commune, name=f"Xã {commune}"
        )
    return areas


def _reform(areas: dict[str, Area]) -> None:
    merged = ProvinceFactory(parent=areas["country"], valid_from=REFORM, code="M", name="Tỉnh M", traits=[])
    areas["M"] = merged
    for old in ("A", "B"):
        SuccessionFactory(predecessor=areas[old], successor=merged)
    for new, olds in MERGERS.items():
        urban = new == "x"
        areas[new] = AreaFactory(
            parent=merged,
            valid_from=REFORM,
            code=new,
            kind="Phường" if urban else "Xã",
            name=f"{'Phường' if urban else 'Xã'} {new}",
            traits=[Area.Trait.URBAN] if urban else [],
        )
        for old in olds:
            SuccessionFactory(predecessor=areas[old], successor=areas[new])


def _stations(areas: dict[str, Area]) -> dict[str, Facility]:
    facilities = {}
    for new, olds in MERGERS.items():
        main = FacilityFactory(code=f"S-{new}", name=f"Trạm Y tế {new}", opened=REFORM, area=areas[new])
        facilities[main.code] = main
        for old in olds:
            point = FacilityFactory(
                code=f"T-{old}",
                name=f"Điểm trạm {old}",
                type=Facility.Type.POINT,
                opened=START,
                area=areas[old],
            )
            PlacementFactory(facility=point, area=areas[new], from_month=REFORM, main_station=main)
            facilities[point.code] = point
    return facilities


def make_world() -> World:
    """Create the small world with its derived tables."""
    areas = _old_areas()
    _reform(areas)
    world = World(areas=areas, facilities=_stations(areas))
    settle_places()
    return world


def make_cast(world: World) -> Cast:
    """The clerk of station x and its points, the clerk of y, and a person of each role on M; a stranger."""
    merged = world.areas["M"]
    return Cast(
        clerk=person(Role.CLERK, facility=world.facilities["S-x"]),
        neighbour=person(Role.CLERK, facility=world.facilities["S-y"]),
        reviewer=person(Role.REVIEWER, area=merged),
        planner=person(Role.PLANNER, area=merged),
        leader=person(Role.LEADER, area=merged),
        auditor=person(Role.AUDITOR, area=merged),
        administrator=person(Role.ADMINISTRATOR),
        stranger=person(Role.LEADER, area=ProvinceFactory()),
    )
