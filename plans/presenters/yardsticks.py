"""The targets a station's form is typed against: lines in force where the station counts, computed by this form."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.db.models import Prefetch, Q

from facilities.models import Contribution, Facility
from indicators.expressions import Cell, cell_text
from indicators.models import Form, FormItem, Term
from indicators.yardsticks import Yardstick
from plans.models import PlanIndicator, Target

SUMMED = ("flow", "count", "stock")


def station_yardsticks(facility: Facility, form: Form, period: date) -> list[Yardstick]:
    """One a line, of the newest plan where several promise the same. Five queries at most."""
    lines = _lines(facility, period)
    if not lines:
        return []
    cells = set(FormItem.objects.filter(form=form).values_list("element__code", "group__code"))
    found: dict[tuple[int, int | None], Yardstick] = {}
    for line in lines:
        key = (line.indicator_id, line.group_id)
        if key not in found and (one := _yardstick(line, cells)):
            found[key] = one
    return list(found.values())


def _lines(facility: Facility, period: date) -> list[PlanIndicator]:
    areas = (
        Contribution.objects.filter(facility=facility, from_month__lte=period)
        .filter(Q(to_month__isnull=True) | Q(to_month__gt=period))
        .values("area")
    )
    targets = Target.objects.filter(year=period.year, kind=Target.Kind.LEVEL, value__isnull=False)
    return list(
        PlanIndicator.objects.filter(
            plan__area__in=areas,
            plan__start_year__lte=period.year,
            plan__end_year__gte=period.year,
            indicator__timing__in=SUMMED,
            is_further=False,
            pk__in=targets.filter(is_ambiguous=False).values("line"),
        )
        .select_related("plan", "indicator", "group")
        .prefetch_related(
            Prefetch("targets", targets, to_attr="of_year"),
            Prefetch("indicator__terms", Term.objects.select_related("element", "group")),
        )
        .order_by("-plan__issued_on", "plan", "order")
    )


def _yardstick(line: PlanIndicator, cells: set[Cell]) -> Yardstick | None:
    """None where a part of the indicator stands on another form, or only some places are meant."""
    if line.is_of_places:
        return None
    group = line.group.code if line.group else ""
    terms = [term for term in line.indicator.terms.all() if term.group.code == group]
    named = {(term.element.code, term.group.code) for term in terms}
    if not named or not named <= cells:
        return None
    target = line.of_year[0]
    return Yardstick(
        name=line.name if not line.parent_id else line.indicator.label,
        plan=str(line.plan),
        numerator=_terms(terms, Term.Part.NUMERATOR),
        denominator=_terms(terms, Term.Part.DENOMINATOR),
        factor=line.indicator.factor,
        unit=line.unit or line.indicator.unit,
        decimals=line.decimals,
        timing=line.indicator.timing,
        target={
            "text": target.text,
            "operator": target.operator,
            "value": float(target.value),
            "upper": None if target.upper is None else float(target.upper),
        },
    )


def _terms(terms: Iterable[Term], part: str) -> list[tuple[str, int | float]]:
    found = []
    for term in terms:
        if term.part == part:
            factor = term.coefficient
            number = int(factor) if factor == factor.to_integral_value() else float(factor)
            found.append((cell_text((term.element.code, term.group.code)), number))
    return found
