"""A station (or point) and its people, and the yearly forms DS and TYT."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from indicators.expressions import Cell
from indicators.plausible.levels import level, stream, tilted

REFERENCE = 2025.5  # the populations known are those of the middle of 2025
URBAN_TILT = {"prenatal_screening", "prenatal_screening_4", "newborn_screening", "newborn_screening_5"}


@dataclass(frozen=True)
class Station:
    """What makes a station's figures its own: its people in mid-2025 and how well it does (logit)."""

    code: str
    seed: int
    people: float
    minority: float
    highland: bool
    urban: bool

    @property
    def tilt(self) -> float:
        return _tilt(self.seed, self.code)

    def level(self, name: str, year: int) -> float:
        """A rate or risk of the country the station lies in."""
        return level(name, year, highland=self.highland)

    def share(self, name: str, year: int) -> float:
        """A share as this station achieves it: better or worse than its country, better in towns."""
        town = 0.0 if name not in URBAN_TILT else 0.3 if self.urban else -0.12
        return tilted(self.level(name, year), self.tilt + town)

    def population(self, year: float) -> int:
        """People at a moment: 2026.0 is the start of 2026."""
        return round(self.people * (1 + self.level("growth", int(year))) ** (year - REFERENCE))

    def elderly(self, year: int) -> int:
        return round(self.population(year + 1) * self.level("elderly", year))

    def infants(self, year: int) -> int:
        return round(self.population(year + 0.5) * self.level("birth_rate", year) * 0.985)


@lru_cache(maxsize=50_000)
def _tilt(seed: int, code: str) -> float:
    return float(stream(seed, code, "tilt").normal(0, 0.22))


def part_of_year(total: int, month: int) -> int:
    """The month's part of a yearly total; twelve parts add up to it."""
    return total * month // 12 - total * (month - 1) // 12


def station_year(station: Station, year: int) -> dict[Cell, int]:
    """The yearly cells (DS, TYT) of a station for a year."""
    rng = stream(station.seed, station.code, year)

    def some(total: int, share: float) -> int:
        return int(rng.binomial(total, share))

    people, elderly = station.population(year + 1), station.elderly(year)
    women = round(people * station.level("married_women", year))
    elderly_cards = some(elderly, 0.985)
    cards = min(people, elderly_cards + some(people - elderly, station.share("card", year)))
    # One draw for all years of a station: what it has, it keeps.
    fixed = stream(station.seed, station.code, "fixed").random(4)
    return {
        ("DS.dan_so_dau_nam", ""): station.population(year),
        ("DS.dan_so_cuoi_nam", ""): people,
        ("DS.nguoi_cao_tuoi", ""): elderly,
        ("DS.tre_duoi_1", ""): station.infants(year),
        ("DS.pn_co_chong", ""): women,
        ("DS.dung_bptt", ""): some(women, station.share("contraception", year)),
        ("DS.the_bhyt", ""): cards,
        ("DS.nct_the_bhyt", ""): elderly_cards,
        ("DS.nct_quan_ly", ""): some(elderly_cards, 0.955),
        ("DS.ho_so", ""): some(people, station.share("record", year)),
        ("DS.csdl_dan_cu", ""): some(people, 0.9993),
        ("DS.bac_sy", ""): int(fixed[0] < 0.93),
        ("DS.duoc_sy", ""): int(fixed[1] < 0.12),
        ("TYT.tram", ""): 1,
        ("TYT.bac_sy", ""): int(fixed[0] < 0.985),
        ("TYT.ho_sinh", ""): int(fixed[2] < 0.997),
        ("TYT.tieu_chi", ""): int(fixed[3] < station.level("criteria", year)),
    }
