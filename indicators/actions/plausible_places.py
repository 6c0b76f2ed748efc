"""Who the facilities of a province are to the generator: people of each station, parts of each hospital."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from facilities.models import Area, Facility, Placement
from indicators.plausible import Hospital, Station, stream

# Shares of ethnic minorities where they are many, by today's province code; elsewhere a few in a hundred.
MINORITY = {"04": 0.94, "08": 0.57, "11": 0.80, "12": 0.84, "14": 0.83, "15": 0.57, "20": 0.83, "25": 0.30}
ELSEWHERE = 0.05
# The register counts a little more than plan 003's mean population of the same province.
REGISTER_TO_PLAN = 0.987
USUAL_PEOPLE = {"Phường": 36_000, "Xã": 21_000, "Thị trấn": 14_000, "Đặc khu": 9_000}


def places_of(province: Area, facilities: Iterable[Facility], seed: int) -> dict[int, Station | Hospital]:
    """Each facility of the province by id; those that report nothing (CDC) are absent."""
    facilities = list(facilities)
    latest = {p.facility_id: p for p in _placements(facilities)}
    people = _people_of_communes(province, seed)
    stations = [f for f in facilities if f.type in {Facility.Type.STATION, Facility.Type.POINT}]
    hospitals = [f for f in facilities if f.type in {Facility.Type.HOSPITAL, Facility.Type.HEALTH_CENTRE}]
    minority = MINORITY.get(province.code, ELSEWHERE)
    shares = _people_of_stations(stations, latest, people, seed)
    found: dict[int, Station | Hospital] = {
        f.pk: _station(f, latest[f.pk].area, shares[f.pk], minority, seed) for f in stations if f.pk in shares
    }
    return found | _hospitals(hospitals, round(sum(people.values())), minority, seed)


def _placements(facilities: list[Facility]) -> Iterable[Placement]:
    """Oldest first, so that the latest of a facility comes last."""
    chosen = [facility.pk for facility in facilities]
    return Placement.objects.filter(facility__in=chosen).order_by("from_month").select_related("area")


def _people_of_communes(province: Area, seed: int) -> dict[int, float]:
    people = {}
    for commune in Area.objects.filter(parent=province, level=Area.Level.COMMUNE):
        if commune.registered_population:
            people[commune.pk] = commune.registered_population * REGISTER_TO_PLAN
        else:
            spread = stream(seed, commune.key, "people").lognormal(0, 0.25)
            people[commune.pk] = USUAL_PEOPLE.get(commune.kind, USUAL_PEOPLE["Xã"]) * spread
    return people


def _people_of_stations(
    stations: list[Facility], latest: dict[int, Placement], people: dict[int, float], seed: int
) -> dict[int, float]:
    """A commune's people divided over those who report there: the points, or the station without any."""
    mains = {p.main_station_id for p in latest.values() if p.main_station_id}
    reporters = defaultdict(list)
    for facility in stations:
        if facility.pk in latest and facility.pk not in mains:
            reporters[latest[facility.pk].area_id].append(facility)
    shares: dict[int, float] = {}
    for commune, own in reporters.items():
        sizes = [stream(seed, facility.code, "size").uniform(0.6, 1.4) for facility in own]
        total = people.get(commune, USUAL_PEOPLE["Xã"])
        for facility, size in zip(own, sizes, strict=True):
            shares[facility.pk] = total * size / sum(sizes)
    for main in mains:
        shares[main] = sum(shares.get(pk, 0) for pk, p in latest.items() if p.main_station_id == main)
    return shares


def _station(facility: Facility, commune: Area, people: float, minority: float, seed: int) -> Station:
    highland = minority >= 0.5
    usual = minority * 0.45 if highland and commune.is_urban else minority
    spread = stream(seed, facility.code, "minority").uniform(0.7, 1.3)
    share = min(0.99, usual * spread if usual < 0.5 else usual + (1 - usual) * (spread - 1))
    return Station(
        code=facility.code,
        seed=seed,
        people=people,
        minority=share,
        highland=highland,
        urban=commune.is_urban,
    )


def _hospitals(
    hospitals: list[Facility], people: int, minority: float, seed: int
) -> dict[int, Station | Hospital]:
    births = {f.pk: _delivers(f) * _size(f, seed) for f in hospitals}
    staff = {f.pk: _weight(f) * _size(f, seed) for f in hospitals}
    public = {f.pk: staff[f.pk] for f in hospitals if f.ownership == Facility.Ownership.PUBLIC}
    private = {f.pk: staff[f.pk] for f in hospitals if f.ownership == Facility.Ownership.PRIVATE}
    return {
        f.pk: Hospital(
            code=f.code,
            seed=seed,
            people=people,
            highland=minority >= 0.5,
            is_private=f.pk in private,
            births_share=births[f.pk] / (sum(births.values()) or 1),
            staff_share=staff[f.pk] / sum(staff.values()),
            beds_share=staff[f.pk] / sum((private if f.pk in private else public).values()),
        )
        for f in hospitals
    }


def _size(facility: Facility, seed: int) -> float:
    return float(stream(seed, facility.code, "size").uniform(0.7, 1.3))


def _weight(facility: Facility) -> float:
    if facility.ownership == Facility.Ownership.PRIVATE:
        return 1.5
    return 5.0 if "da khoa" in facility.folded_name else 2.0


def _delivers(facility: Facility) -> float:
    """Which hospitals deliver: obstetric and general ones and health centres; eye or lung hospitals do not."""
    if "san" in facility.folded_name.split():
        return 6.0
    if facility.type == Facility.Type.HEALTH_CENTRE or "da khoa" in facility.folded_name:
        return _weight(facility)
    return 0.0
