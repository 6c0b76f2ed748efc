"""The events behind sensitive results, facility by facility, as the stored rows tell them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from facilities.models import Contribution
from indicators.event_tables import Events, Measure
from indicators.events import Place, Tree, trees
from indicators.expressions import InvalidExpression, parse
from indicators.models import DataValue, FacilityResult, Rule, Submission, Term
from indicators.models.catalogue import Basis

# By their definitions (indicators/data/elements.yaml) all three count residents who died in the month: children
# under five and mothers are among those of all ages, and no mother is a child under five.
WITHIN_ALL_DEATHS = (("B8.13", "BS.tu_vong"), ("B4.22a", "BS.tu_vong"))
APART = (("B8.13", "B4.22a"),)
LONE: Place = ("", False)


def read_events(
    sensitive: Collection[int], year: int, facilities: QuerySet[Contribution]
) -> Iterator[Events]:
    """The families of sensitive measures with their counts: three queries and one for mixed numerators."""
    measured = _measures(sensitive)
    counts = _counts(measured, year, facilities)
    for tree, family in _families(measured):
        measures = [measure for measure, _place in family]
        position = {measure: index for index, measure in enumerate(measures)}
        mine: dict[tuple[int, int], dict[int, int]] = defaultdict(dict)
        bounds: dict[tuple[int, int], dict[int, float]] = defaultdict(dict)
        for (facility, month, measure), (count, bound) in counts.items():
            if measure in position:
                mine[facility, month][position[measure]] = count
                if bound is not None:
                    bounds[facility, month][position[measure]] = bound
        yield Events(measures, [place for _measure, place in family], tree, dict(mine), dict(bounds))


@dataclass(frozen=True)
class _Measured:
    """What a measure counts: its sensitive element (or "" with several), whether nothing else is in it and whether
    it is divided by anything.
    """

    element: str
    elements: frozenset[int]
    basis: str
    is_pure: bool
    is_divided: bool


def _measures(sensitive: Collection[int]) -> dict[Measure, _Measured]:
    terms = Term.objects.filter(indicator__in=sensitive)
    rows: dict[Measure, list[Term]] = defaultdict(list)
    for term in terms.select_related("element", "indicator").order_by("indicator", "group", "pk"):
        rows[term.indicator_id, term.group_id].append(term)
    found = {}
    for measure, terms_of_it in rows.items():
        own = [term for term in terms_of_it if term.part == Term.Part.NUMERATOR]
        telling = [term for term in own if term.element.is_sensitive]
        if telling:
            found[measure] = _Measured(
                element=telling[0].element.code if len(telling) == 1 else "",
                elements=frozenset(term.element_id for term in telling),
                basis=own[0].indicator.basis,
                is_pure=len(telling) == len(own) and all(abs(term.coefficient) == 1 for term in own),
                is_divided=len(own) < len(terms_of_it),
            )
    return found


def _families(measured: dict[Measure, _Measured]) -> Iterator[tuple[Tree, list[tuple[Measure, Place]]]]:
    """Measures along a tree of elements, all people and one group; every other measure alone.

    That an element is part of another is read from the rules of the forms: "B8.11 <= B8.12". No rule speaks of two
    forms, so what deaths of all ages hold by definition is said here.
    """
    within = [*_within(), *WITHIN_ALL_DEATHS]
    everybody = set(Term.objects.filter(group__code="").values_list("group_id", flat=True))
    groups = sorted({group for _indicator, group in measured} - everybody)
    chained = everybody | set(groups[:1])
    elements = {one.element for (_i, group), one in measured.items() if one.element and group in chained}
    for basis in Basis.values:
        for tree in trees(elements, within, APART):
            family = [
                (measure, (one.element, measure[1] not in everybody))
                for measure, one in measured.items()
                if one.element in tree and measure[1] in chained and one.basis == basis
            ]
            if family:
                yield tree, family
    for measure, one in measured.items():
        if not one.element or measure[1] not in chained:
            yield {LONE[0]: None}, [(measure, LONE)]


def _within() -> list[tuple[str, str]]:
    """(part, whole) of elements, from the rules "part <= whole" and "whole >= part" on two cells of one group."""
    found = []
    for text in Rule.objects.filter(kind=Rule.Kind.RELATION).values_list("expression", flat=True):
        try:
            rule = parse(text)
        except InvalidExpression:
            continue
        cells = [operand.cell for operand in (*rule.left, *rule.right)]
        if len(cells) == 2 and len(rule.left) == 1 and None not in cells and rule.operator != "=":
            part, whole = cells if rule.operator == "<=" else reversed(cells)
            if part[1] == whole[1]:
                found.append((part[0], whole[0]))
    return found


def _counts(
    measured: dict[Measure, _Measured], year: int, facilities: QuerySet[Contribution]
) -> dict[tuple[int, int, Measure], tuple[int, float | None]]:
    """Events, and what divides them, by (facility, month number, measure), of the facility-months that entered."""
    rows = FacilityResult.objects.filter(
        facility__in=facilities,
        indicator__in={indicator for indicator, _group in measured},
        month__range=(date(year, 1, 1), date(year, 12, 1)),
        reported__gt=0,
    ).order_by("facility", "month", "indicator", "group")
    typed = _typed([one for one in measured.values() if not one.is_pure], year, facilities)
    found = {}
    for facility, month, indicator, group, numerator, denominator in rows.values_list(
        "facility", "month", "indicator", "group", "numerator", "denominator"
    ):
        one = measured.get((indicator, group))
        if one is None:
            continue
        cells = (typed.get((facility, month, group, one.basis, element), 0) for element in one.elements)
        count = abs(int(numerator)) if one.is_pure else sum(cells)
        bound = float(denominator) if one.is_divided else None
        found[facility, month.month, (indicator, group)] = count, bound
    return found


def _typed(
    mixed: Collection[_Measured], year: int, facilities: QuerySet[Contribution]
) -> dict[tuple[int, date, int, str, int], int]:
    """Approved values of the sensitive elements of numerators that count other things too (births − deaths)."""
    if not mixed:
        return {}
    values = DataValue.objects.filter(
        submission__facility__in=facilities,
        submission__status=Submission.Status.APPROVED,
        submission__period__range=(date(year, 1, 1), date(year, 12, 1)),
        element__in=set().union(*(one.elements for one in mixed)),
        value__isnull=False,
    ).values_list(
        "submission__facility", "submission__period", "group", "submission__form__basis", "element", "value"
    )
    found: dict[tuple[int, date, int, str, int], int] = {}
    for facility, period, group, basis, element, value in values:
        for counted in Basis.values if basis == Basis.NONE else (basis,):
            key = (facility, period, group, counted, element)
            found[key] = found.get(key, 0) + int(value)
    return found
