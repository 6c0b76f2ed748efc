"""The number split over the communes inside its area, and the facilities no commune can be given."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from facilities.models import Area, Facility
from indicators.reading import communes_at
from indicators.timing import base_month
from indicators.tracing import Amount, FacilityMonth, Weights, read_parts
from indicators.tracing.parts import WHOLE, Span, read_shares, shares_in
from plans.presenters.origin.asked import Asked, Number
from plans.standing.sources import result_key

Counted = list[tuple[FacilityMonth, Fraction | None]]


@dataclass(frozen=True)
class Child:
    """A part of the number: a commune, or a facility. `parts` are its facility-months with their shares.

    amount: what they come to as the place's own figure, by `weights`; in_number: what they add to the number. The
    two differ where a coverage of the place takes its yearly denominator from another month than the number does.
    """

    place: Area | Facility
    amount: Amount
    in_number: Amount
    weights: Weights
    parts: Counted

    @property
    def key(self) -> str:
        """How an address names it."""
        return self.place.key if isinstance(self.place, Area) else self.place.code

    @property
    def is_area(self) -> bool:
        return isinstance(self.place, Area)


@dataclass(frozen=True)
class Split:
    """The number's children, which sum to `total` by what they add to it. `whole`: all its facility-months with
    their shares, each once, whatever the number of children it counts in.

    unknown: facilities whose share in the area nobody knows; with any the area has no exact figure.
    """

    children: list[Child]
    total: Amount
    whole: Counted
    unknown: list[Facility]

    def child(self, key: str) -> Child | None:
        return next((child for child in self.children if child.key == key), None)


def split_number(number: Number) -> Split:
    """Divide the number: five queries for a province, three for a commune.

    A facility-month goes to communes where their shares of it add up to the area's own; the facilities of the
    others stand beside the communes, so that the parts sum to the number whatever became of the boundaries.
    """
    asked, weights = number.asked, number.weights
    indicator, group = asked.line.indicator, result_key(asked.line)[1]
    areas = {year: asked.areas(year) for year in asked.years}
    parts = [
        part
        for year, own in areas.items()
        for part in read_parts(
            areas=own,
            indicator=indicator,
            group=group,
            months=[month for month in weights.months if month.year == year],
        )
    ]
    whole = [(part, part.share) for part in parts]
    total = Amount.sum_of(part.amount(weights, share) for part, share in whole)
    facilities = Facility.objects.in_bulk({part.facility for part in parts})
    communes = _communes(asked, {pk for own in areas.values() for pk in own})
    shares = read_shares(communes.keys(), indicator) if communes and not asked.urban_only else {}
    by_commune, by_facility = _divide(parts, communes, None if asked.urban_only else shares)
    children = [
        _child(communes[pk], counted, number, _own_weights(counted, weights))
        for pk, counted in by_commune.items()
    ]
    children.sort(key=lambda child: child.place.folded_name)
    beside = [_child(facilities[pk], counted, number, weights) for pk, counted in by_facility.items()]
    beside.sort(key=lambda child: child.place.folded_name)
    unknown = {part.facility for part, share in whole if share is None and part.month in weights.counted}
    return Split([*children, *beside], total, whole, [facilities[pk] for pk in sorted(unknown)])


def _child(place: Area | Facility, counted: Counted, number: Number, weights: Weights) -> Child:
    own = Amount.sum_of(part.amount(weights, share) for part, share in counted)
    added = Amount.sum_of(part.amount(number.weights, share) for part, share in counted)
    return Child(place, own, added, weights, counted)


def _own_weights(counted: Counted, weights: Weights) -> Weights:
    """How the commune's own figure weighs its months: a coverage has its denominator from its own base month.

    A commune without a figure of its own adds to the number as the number weighs it.
    """
    months = sorted({part.month for part, _share in counted if part.is_reported})
    if not weights.by_year or not months or any(share is None for _part, share in counted):
        return weights
    known = [
        (
            sum(part.year_denominator * (share or 0) for part, share in counted if part.month == month),
            any(share != 1 for part, share in counted if part.month == month),
        )
        for month in months
    ]
    return replace(weights, denominator={months[base_month(known)]: WHOLE})


def _communes(asked: Asked, areas: Collection[int]) -> Mapping[int, Area]:
    """The communes inside the area on the boundaries of the last month read; a commune has none."""
    if asked.area.level == Area.Level.COMMUNE:
        return {}
    if asked.urban_only:
        return Area.objects.in_bulk(areas)
    return {area.pk: area for area in communes_at(asked.area, asked.last)}


def _divide(
    parts: Iterable[FacilityMonth], communes: Mapping[int, Area], spans: Mapping[int, Sequence[Span]] | None
) -> tuple[dict[int, Counted], dict[int, Counted]]:
    """Facility-months by commune, and those of facilities that no commune can be given.

    `spans` None: the areas asked for are the communes themselves, and their shares stand in the parts.
    """
    by_commune: dict[int, Counted] = defaultdict(list)
    by_facility: dict[int, Counted] = defaultdict(list)
    for part in parts:
        inside = part.shares if spans is None else shares_in(spans.get(part.facility, ()), part.month)
        if inside and (spans is None or _adds_up(inside, part.share)):
            for commune, share in inside:
                by_commune[commune].append((part, share))
        else:
            by_facility[part.facility].append((part, part.share))
    return by_commune, by_facility


def _adds_up(inside: Iterable[tuple[int, Fraction | None]], share: Fraction | None) -> bool:
    shares = [known for _commune, known in inside]
    return share is not None and None not in shares and sum(shares) == share
