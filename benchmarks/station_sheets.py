"""Sheets of stations with two years behind them, as the generator of figures tells them (pure, but for NumPy).

A sheet is one monthly form of one station for one month; its past has the blemishes of real reports: a month
that never came, a blank, "không có số liệu", a figure that breaks a rule.
"""

from __future__ import annotations

import statistics
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property, lru_cache
from pathlib import Path

import yaml

from indicators.expressions import Cell
from indicators.plausible import Station, station_month, stream
from indicators.plausible.blemishes import blemished

Values = Mapping[Cell, int | None]
FORMS = ("B4", "B7", "B8", "BS")
MONTHS_BEHIND, MONTHS_USUAL = 24, 12
NEVER_CAME = 0.014
CURRENT = [date(2025, 12, 1), *(date(2026, month, 1) for month in range(1, 11))]
# People of a station of the lowland, of a point of it, and the same of the highland: (median, spread of the logarithm).
SIZES = {
    (False, "station"): (24_000, 0.35),
    (False, "point"): (10_000, 0.30),
    (True, "station"): (11_000, 0.35),
    (True, "point"): (4_500, 0.35),
}
_CATALOGUE = Path(__file__).resolve().parent.parent / "indicators" / "data" / "forms.yaml"


@dataclass(frozen=True)
class Sheet:
    """A form as it is typed: its sections of cells in order, the true figures, and the months before, oldest first."""

    station: str
    highland: bool
    form: str
    period: date
    sections: tuple[tuple[Cell, ...], ...]
    values: dict[Cell, int | None]
    past: dict[date, dict[Cell, int | None]]

    @cached_property
    def usual(self) -> dict[Cell, float]:
        """Each cell's median of the last 12 months; cells never filled in them are absent."""
        recent = [self.past[month] for month in sorted(self.past) if _age(month, self.period) <= MONTHS_USUAL]
        counts = {
            cell: [month[cell] for month in recent if month.get(cell) is not None] for cell in self.values
        }
        return {cell: statistics.median(known) for cell, known in counts.items() if known}


def stations(seed: int, of_each: int) -> list[Station]:
    """`of_each` stations and as many points of either kind of country."""
    found = []
    for (highland, kind), (median, spread) in SIZES.items():
        for number in range(of_each):
            code = f"{'H' if highland else 'L'}-{kind}-{number}"
            rng = stream(seed, code, "who")
            found.append(
                Station(
                    code=code,
                    seed=seed,
                    people=median * float(rng.lognormal(0, spread)),
                    minority=float(rng.uniform(0.5, 0.98) if highland else rng.uniform(0.01, 0.08)),
                    highland=highland,
                    urban=bool(rng.random() < 0.3),
                )
            )
    return found


def sheets(seed: int, of_each: int) -> Iterator[Sheet]:
    """Every form of every station for one month each, without slips in it."""
    for station in stations(seed, of_each):
        period = CURRENT[int(stream(seed, station.code, "when").integers(len(CURRENT)))]
        for form in FORMS:
            yield sheet_of(station, form, period)


def sheet_of(station: Station, form: str, period: date) -> Sheet:
    sections = sections_of(form, period)
    cells = [cell for section in sections for cell in section]
    past = {}
    for month in months_before(period, MONTHS_BEHIND):
        rng = stream(station.seed, station.code, form, month)
        if rng.random() >= NEVER_CAME:
            figures = _figures(station, month)
            typed = blemished(rng, form, {cell: figures[cell] for cell in cells})
            past[month] = {cell: state.value for cell, state in typed.items()}
    figures = _figures(station, period)
    values: dict[Cell, int | None] = {cell: figures[cell] for cell in cells}
    return Sheet(station.code, station.highland, form, period, sections, values, past)


@lru_cache(maxsize=100_000)
def _figures(station: Station, month: date) -> dict[Cell, int]:
    return station_month(station, month.year, month.month)


def months_before(period: date, count: int) -> Sequence[date]:
    """The `count` months before a month, oldest first."""
    last = period.year * 12 + period.month - 1
    return [date(number // 12, number % 12 + 1, 1) for number in range(last - count, last)]


def _age(month: date, period: date) -> int:
    return (period.year - month.year) * 12 + period.month - month.month


@lru_cache(maxsize=20)
def sections_of(form: str, period: date) -> tuple[tuple[Cell, ...], ...]:
    """The cells of the version of the form in force, section by section, in the order they are typed."""
    for entry in yaml.safe_load(_CATALOGUE.read_text(encoding="utf-8")):
        ends = entry["valid_to"]
        if entry["code"] == form and entry["valid_from"] <= period and (ends is None or period < ends):
            return tuple(tuple(map(_cell, section["items"])) for section in entry["sections"])
    raise LookupError(f"no version of form {form} is in force in {period:%Y-%m}")


def _cell(item: str | Mapping[str, str]) -> Cell:
    return (item, "") if isinstance(item, str) else (item["element"], item.get("group", ""))
