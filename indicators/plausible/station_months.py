"""A station's month: forms B4, B7, B8 and the additional form BS, told as one story of its births."""

from __future__ import annotations

import math

import numpy as np

from indicators.expressions import Cell
from indicators.plausible.levels import stream
from indicators.plausible.stations import Station, part_of_year

Counts = dict[Cell, int]
DTTS = "DTTS"


class Draw:
    """Counts drawn from one stream."""

    def __init__(self, rng: np.random.Generator) -> None:
        self.rng = rng

    def some(self, total: int, share: float) -> int:
        """How many of `total`, each with this share."""
        return int(self.rng.binomial(total, share)) if total > 0 and share > 0 else 0

    def about(self, expected: float) -> int:
        return int(self.rng.poisson(expected))


def station_month(station: Station, year: int, month: int) -> Counts:
    """Every monthly cell of a station. The rules of the forms hold by construction."""
    draw = Draw(stream(station.seed, station.code, f"{year}-{month:02d}"))
    season = 1 + 0.07 * math.cos(2 * math.pi * (month - 10) / 12)
    people = station.population(year + (month - 0.5) / 12)
    expected = people * station.level("birth_rate", year) / 12 * season
    women = draw.about(expected)
    minority = draw.some(women, station.minority)
    mothers = _deliveries(station, year, draw, women, minority)
    cells = _pregnancy(station, year, draw, expected) | _tests(draw, women) | mothers
    births = women + draw.some(women, station.level("twins", year))
    children = _children(station, year, draw, births, min(births, minority))
    return (
        cells
        | children
        | _additional(station, year, month, draw, mothers, children, people)
        | _family_planning(station, year, draw, people)
    )


def _pregnancy(station: Station, year: int, draw: Draw, expected: float) -> Counts:
    new, stock = draw.about(expected * 1.03), draw.about(expected * 6.4)
    visits = draw.about(stock * 0.85)
    teenage = station.level("teenage", year)
    return {
        ("B4.3a", ""): new,
        ("B4.3b", ""): draw.some(new, teenage),
        ("B4.4a", ""): stock,
        ("B4.4b", ""): draw.some(stock, teenage),
        ("B4.5", ""): visits,
        ("B4.6", ""): draw.some(visits, 0.88),
    }


def _tests(draw: Draw, women: int) -> Counts:
    cells = {}
    for column, early, positive in (("10", 0.88, 0.055), ("11", 0.72, 0.0015)):
        before = draw.some(women, early)
        at_birth = draw.some(women - before, 0.8)
        cells[f"B4.{column}a", ""] = before
        cells[f"B4.{column}b", ""] = at_birth
        cells[f"B4.{column}c", ""] = draw.some(before + at_birth, positive)
    before = draw.some(women, 0.86)
    at_birth = draw.some(women - before, 0.8)
    found = draw.some(before, 0.0006)
    infected = found + draw.some(at_birth, 0.0004)
    sugar = draw.some(women, 0.74)
    return cells | {
        ("B4.12a", ""): before,
        ("B4.12b", ""): at_birth,
        ("B4.13a", ""): found,
        ("B4.13b", ""): infected,
        ("B4.14", ""): draw.some(infected, 0.97),
        ("B4.15a", ""): sugar,
        ("B4.15b", ""): draw.some(sugar, 0.06),
    }


def _deliveries(station: Station, year: int, draw: Draw, women: int, minority: int) -> Counts:
    anc4 = station.share("anc4", year)
    anc4_minority = draw.some(minority, anc4 * 0.97)
    outside = draw.some(women, 1 - station.share("facility_birth", year))
    # Of those outside a facility some are attended, so that the skilled share is what the level says.
    attended = women - outside + draw.some(outside, 0.35)
    skilled = draw.some(attended, min(1.0, station.share("skilled", year) + 0.002))
    home = draw.some(women, min(0.998, station.share("home_care", year) + 0.06))
    week1 = station.share("home_care", year) / min(0.998, station.share("home_care", year) + 0.06)
    died = draw.some(women, station.level("maternal_risk", year))
    operated = draw.some(women, station.share("caesarean", year))
    return {
        ("B4.7", ""): women,
        ("B4.8a", ""): draw.some(women, station.level("teenage", year)),
        ("B4.7", DTTS): minority,
        ("B4.8c", ""): draw.some(women, 0.985),
        ("B4.8d", ""): draw.some(women, 0.965),
        ("B4.9a", ""): anc4_minority + draw.some(women - minority, anc4),
        ("B4.9a", DTTS): anc4_minority,
        ("B4.16", ""): draw.some(women - operated, 0.004),
        ("B4.17", ""): operated,
        ("B4.18a", ""): outside,
        ("B4.18b", ""): attended,
        ("B4.18c", ""): skilled,
        ("B4.18c", DTTS): min(skilled, draw.some(minority, station.share("skilled", year) * 0.985)),
        ("B4.19", ""): draw.some(women, 0.99),
        ("B4.20", ""): home,
        ("B4.21a", ""): draw.some(home, min(week1, 1.0)),
        ("B4.21b", ""): draw.some(home, 0.9),
        ("B4.22a", ""): died,
        ("B4.22a", DTTS): draw.some(died, station.minority),
        ("B4.22b", ""): draw.some(died, 0.85),
    }


def _children(station: Station, year: int, draw: Draw, births: int, minority: int) -> Counts:
    eenc = draw.some(births, station.share("eenc", year))
    operated = draw.some(eenc, station.share("caesarean", year))
    weighed = draw.some(births, 0.996)
    light = draw.some(weighed, station.level("low_weight", year))
    vaccine = draw.some(births, 0.96)
    infected = draw.some(births, 0.0006)
    neonatal, infant, under5 = (
        station.level(f"{age}_risk", year) for age in ("neonatal", "infant", "under5")
    )
    week = draw.about(births * neonatal * 0.7)
    month = week + draw.about(births * neonatal * 0.3)
    first_year = month + draw.about(births * (infant - neonatal))
    fifth_year = first_year + draw.about(births * (under5 - infant))
    # Minority children die more often than their share of births says.
    exposed = min(1.0, station.minority * 1.25)
    infants_minority = draw.some(first_year, exposed)
    return {
        ("B8.3", ""): births,
        ("B8.3a", ""): draw.some(births, 1 / (1 + station.level("sex_ratio", year))),
        ("B8.3", DTTS): minority,
        ("B8.3c", ""): eenc - operated,
        ("B8.3d", ""): operated,
        ("B8.3e", ""): draw.some(births, 0.03),
        ("B8.3f", ""): draw.some(births, 0.045),
        ("B8.3g", ""): draw.some(births, 0.004),
        ("B8.4", ""): weighed,
        ("B8.4a", ""): light,
        ("B8.4b", ""): draw.some(weighed - light, 0.02),
        ("B8.5", ""): draw.some(births, 0.975),
        ("B8.6", ""): vaccine,
        ("B8.6a", ""): draw.some(vaccine, 0.93),
        ("B8.7", ""): draw.some(births, station.share("newborn_screening", year)),
        ("B8.8", ""): infected,
        ("B8.8a", ""): draw.some(infected, 0.97),
        ("B8.9", ""): draw.about(births * 0.003),
        ("B8.10", ""): week,
        ("B8.11", ""): month,
        ("B8.12", ""): first_year,
        ("B8.12", DTTS): infants_minority,
        ("B8.13", ""): fifth_year,
        ("B8.13", DTTS): infants_minority + draw.some(fifth_year - first_year, exposed),
    }


def _additional(
    station: Station, year: int, month: int, draw: Draw, mothers: Counts, children: Counts, people: int
) -> Counts:
    women, births = mothers["B4.7", ""], children["B8.3", ""]
    prenatal, four = (station.share(f"prenatal_screening{kind}", year) for kind in ("", "_4"))
    five, any_disease = (station.share(f"newborn_screening{kind}", year) for kind in ("_5", ""))
    screened = draw.some(women, prenatal)
    couples = draw.about(people * station.level("marriage_rate", year) / 12)
    old = part_of_year(station.elderly(year), month)
    others = part_of_year(station.population(year + 1), month) - old
    examined = draw.some(old, station.share("elderly_exam", year))
    infants = part_of_year(station.infants(year), month)
    return {
        ("BS.vien_sat", ""): draw.some(women, station.share("iron", year)),
        ("BS.sl_truoc_sinh", ""): screened,
        ("BS.sl_truoc_sinh_4", ""): draw.some(screened, min(1.0, four / prenatal)),
        ("BS.sl_so_sinh_5", ""): draw.some(children["B8.7", ""], min(1.0, five / any_disease)),
        ("BS.sinh_con_3", ""): draw.some(births, station.level("third_child", year)),
        ("BS.ket_hon", ""): couples,
        ("BS.tu_van_ket_hon", ""): draw.some(couples, station.share("premarital", year)),
        ("BS.tu_vong", ""): draw.about(people * station.level("death_rate", year) / 12),
        ("BS.tiem_du", ""): draw.some(infants, station.share("vaccinated", year)),
        ("BS.dan_kham", ""): examined + draw.some(others, station.share("health_check", year)),
        ("BS.nct_kham", ""): examined,
    }


def _family_planning(station: Station, year: int, draw: Draw, people: int) -> Counts:
    methods = {
        "4": station.level("iud_rate", year),
        "5a": station.level("injectable_rate", year),
        "5b": station.level("implant_rate", year),
        "5c": station.level("pill_rate", year),
        "6": 0.00012,
        "8": station.level("condom_rate", year),
        "9": 0.00005,
    }
    used = {column: draw.about(people * rate / 12) for column, rate in methods.items()}
    ended = {column: draw.about(people * rate / 12) for column, rate in _ABORTIONS.items()}
    return (
        {(f"B7.{column}", ""): count for column, count in (used | ended).items()}
        | {("B7.3", ""): sum(used.values()), ("B7.7", ""): draw.some(used["6"], 0.03)}
        | {("B7.10", ""): sum(ended.values()), ("B7.14", ""): draw.some(sum(ended.values()), 0.02)}
    )


_ABORTIONS = {"11": 0.0012, "12": 0.0004, "13": 0.00005}
