"""Odd figures: a value unlike the facility's own months, a rate unlike that of facilities of its type."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import Sum

from facilities.models import Area, Facility
from indicators.definitions.quality import QualityCheck, checks_of
from indicators.expressions import Cell, cell_text
from indicators.models import DataElement, DataValue, FacilityResult, Form, Indicator
from indicators.presenters.quality.scope import Scope, communes_at, filed
from indicators.presenters.sheet import anchor_of
from indicators.robust import Middle
from indicators.slips import plain

STATIONS = (Facility.Type.STATION, Facility.Type.POINT)


@dataclass(frozen=True)
class OddValue:
    """A cell of the month that lies far from the median of the facility's months, this one included."""

    facility: Facility
    commune: Area | None
    form: str
    period_text: str
    cell: str
    name: str
    anchor: str
    value: int
    median: float
    months: int
    score: float


@dataclass(frozen=True)
class OddRate:
    """A facility's rate over the months looked at that lies far from the median of its peers."""

    facility: Facility
    commune: Area | None
    indicator: Indicator
    numerator: float
    denominator: float
    rate: float
    median: float
    peers: int
    score: float


@dataclass(frozen=True)
class OutliersPage:
    """`checked` cells had enough months, `compared` rates enough peers. A side not asked for has no rule."""

    values: list[OddValue]
    rates: list[OddRate]
    own: QualityCheck | None
    peers: QualityCheck | None
    checked: int = 0
    compared: int = 0


def present_outliers(scope: Scope) -> OutliersPage:
    """Both kinds for one month, of one form the values alone: five queries for any number of facilities."""
    own = next(iter(checks_of("own_history", scope.period)), None)
    peers = None if scope.form else next(iter(checks_of("peers", scope.period)), None)
    odd, checked = _odd_cells(scope, own) if own else ([], 0)
    far, compared = _odd_rates(scope, peers) if peers else ([], 0)
    wanted = {key[0] for key, *_rest in odd} | {key[0] for key, *_rest in far}
    facilities = Facility.objects.in_bulk(wanted)
    communes = communes_at(wanted, scope.month.first_day)
    values = _values(scope, odd, facilities, communes)
    rates = [
        OddRate(facilities[pk], communes.get(pk), indicator, *counts, rate, middle.median, number, score)
        for (pk, indicator), counts, rate, middle, number, score in far
    ]
    return OutliersPage(values, rates, own, peers, checked, compared)


Key = tuple[int, str, int, str, str]  # facility, form code, element, element code, group code


def _odd_cells(scope: Scope, check: QualityCheck) -> tuple[list[tuple[Key, int, Middle, int, float]], int]:
    """Cells of the month beyond the limit, the oddest first, and how many had enough months. One query."""
    months = scope.months(check.months)
    rows = DataValue.objects.filter(
        filed(scope),
        submission__period__in=months,
        submission__form__periodicity=Form.Periodicity.MONTH,
        value__isnull=False,
    )
    if scope.form:
        rows = rows.filter(submission__form__code=scope.form)
    series: dict[Key, dict[date, int]] = defaultdict(dict)
    for *key, period, value in rows.values_list(
        "submission__facility", "submission__form__code", "element", "element__code", "group__code",
        "submission__period", "value",
    ).iterator():  # fmt: skip
        series[tuple(key)][period] = value
    found, checked = [], 0
    for key, known in series.items():
        value = known.get(scope.period)
        if value is None or len(known) < check.least:
            continue
        checked += 1
        middle = Middle.of(list(known.values()))
        score = middle.score(value)
        if abs(score) > check.limit and abs(value - middle.median) >= check.difference:
            found.append((key, value, middle, len(known), score))
    return sorted(found, key=lambda one: (-abs(one[-1]), one[0])), checked


def _values(
    scope: Scope,
    odd: Iterable[tuple[Key, int, Middle, int, float]],
    facilities: Mapping[int, Facility],
    communes: Mapping[int, Area],
) -> list[OddValue]:
    odd = list(odd)
    elements = DataElement.objects.in_bulk({key[2] for key, *_rest in odd})
    found = []
    for (pk, form, element, code, group), value, middle, months, score in odd:
        cell: Cell = (code, group)
        named = elements[element]
        name = named.short_name or named.label
        found.append(
            OddValue(
                facilities[pk], communes.get(pk), form, scope.period_text, cell_text(cell), name,
                anchor_of(cell), value, plain(middle.median), months, score,
            )
        )  # fmt: skip
    return found


Rated = tuple[tuple[int, Indicator], tuple[float, float], float, Middle, int, float]


def _odd_rates(scope: Scope, check: QualityCheck) -> tuple[list[Rated], int]:
    """Rates of everybody over the months, against facilities of the same type in the same place. Two queries."""
    indicators = {i.pk: i for i in Indicator.objects.filter(timing=Indicator.Timing.FLOW)}
    rows = (
        FacilityResult.objects.filter(
            facility__in=scope.facilities.values("pk"),
            month__in=scope.months(check.months),
            indicator__in=indicators,
            group__code="",
            reported=1,
        )
        .values_list("facility", "facility__type", "indicator")
        .annotate(top=Sum("numerator"), bottom=Sum("denominator"))
    )
    peers: dict[tuple[int, bool], dict[int, tuple[float, float]]] = defaultdict(dict)
    for facility, kind, indicator, top, bottom in rows:
        if bottom >= check.denominator:
            peers[indicator, kind in STATIONS][facility] = (float(top), float(bottom))
    found, compared = [], 0
    for (pk, _kind), counts in peers.items():
        if len(counts) < check.least:
            continue
        factor = indicators[pk].factor
        rates = {facility: top / bottom * factor for facility, (top, bottom) in counts.items()}
        middle = Middle.of(list(rates.values()))
        compared += len(rates)
        for facility, rate in rates.items():
            score = middle.score(rate)
            if abs(score) > check.limit:
                found.append(((facility, indicators[pk]), counts[facility], rate, middle, len(rates), score))
    return sorted(found, key=lambda one: (-abs(one[-1]), one[0][0])), compared
