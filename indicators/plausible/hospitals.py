"""A hospital or health centre: deliveries by place of service, staff and beds."""

from __future__ import annotations

from dataclasses import dataclass

from indicators.expressions import Cell
from indicators.plausible.levels import level, stream


@dataclass(frozen=True)
class Hospital:
    """A hospital's part of its province.

    `births_share`, `staff_share`, `beds_share` are its parts of the province's deliveries, of its doctors
    and pharmacists, and of its public (or private) beds; `people` is the province's population by year
    (at the year's end).
    """

    code: str
    seed: int
    people: int
    highland: bool
    is_private: bool
    births_share: float
    staff_share: float
    beds_share: float

    def level(self, name: str, year: int) -> float:
        return level(name, year, highland=self.highland)

    def population(self, year: float) -> float:
        return self.people * (1 + self.level("growth", int(year))) ** (year - 2025.5)


def hospital_month(hospital: Hospital, year: int, month: int) -> dict[Cell, int]:
    """The cells of form BV: deliveries and newborns at the facility."""
    rng = stream(hospital.seed, hospital.code, f"{year}-{month:02d}")

    def some(total: int, share: float) -> int:
        return int(rng.binomial(total, share))

    yearly = hospital.population(year + 0.5) * hospital.level("birth_rate", year)
    women = int(rng.poisson(yearly / 12 * hospital.births_share))
    births = women + some(women, 0.012)
    operated = some(women, min(0.9, hospital.level("caesarean", year) * 1.2))
    early = some(births, hospital.level("eenc", year))
    early_operated = some(early, 0.4)
    weighed = some(births, 0.998)
    week = some(births, 0.0015)
    return {
        ("B4.7", ""): women,
        ("B4.16", ""): some(women - operated, 0.006),
        ("B4.17", ""): operated,
        ("B4.22a", ""): some(women, 0.00006),
        ("B8.3", ""): births,
        ("B8.3a", ""): some(births, 1 / (1 + hospital.level("sex_ratio", year))),
        ("B8.3c", ""): early - early_operated,
        ("B8.3d", ""): early_operated,
        ("B8.3f", ""): some(births, 0.06),
        ("B8.4", ""): weighed,
        ("B8.4a", ""): some(weighed, hospital.level("low_weight", year) * 1.2),
        ("B8.7", ""): some(births, hospital.level("newborn_screening", year)),
        ("B8.9", ""): some(births, 0.004),
        ("B8.10", ""): week,
        ("B8.11", ""): week + some(births, 0.0006),
    }


def hospital_year(hospital: Hospital, year: int) -> dict[Cell, int]:
    """The cells of form BVN: staff and beds at the end of the year."""
    tens = hospital.population(year + 1) / 10_000
    beds = {
        kind: round(tens * hospital.level(f"beds_{kind}", year) * hospital.beds_share)
        for kind in ("public", "private")
    }
    return {
        ("BVN.bac_sy", ""): round(tens * hospital.level("doctors", year) * hospital.staff_share),
        ("BVN.duoc_sy", ""): round(tens * hospital.level("pharmacists", year) * hospital.staff_share),
        ("BVN.giuong_cong", ""): 0 if hospital.is_private else beds["public"],
        ("BVN.giuong_tu", ""): beds["private"] if hospital.is_private else 0,
    }
