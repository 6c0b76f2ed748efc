"""What a line's target can be shared out to: the target as a goal, the places of its year, what is known of each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from facilities.models import Area
from facilities.periods import Month
from indicators.models import Indicator
from indicators.reading import figures_by_area
from indicators.small_numbers import sensitive_indicators
from plans.allocation import Basis, Goal, Place
from plans.models import Plan, PlanIndicator, Target
from plans.standing.figures import compute
from plans.standing.sources import result_key, targets_in

LEVELS = (Area.Level.DISTRICT, Area.Level.COMMUNE)
# The people behind a count where the register says nothing of these boundaries (indicators/data/indicators.yaml).
PEOPLE = "MEAN_POPULATION"


class NotShareable(Exception):
    """The line has no target of this year that could be shared out; the text says why, for people."""


@dataclass(frozen=True)
class Known:
    """The places in order with last year's figures of each, and what they are weighed by."""

    areas: Sequence[Area]
    places: Sequence[Place]
    basis: Basis


def shared_target(line: PlanIndicator, year: int) -> Target:
    """The target that is shared out: the year's level. Raises NotShareable."""
    targets = targets_in(line, year)
    levels = [target for target in targets if target.kind == Target.Kind.LEVEL]
    if not targets:
        raise NotShareable(_("Năm này không đặt chỉ tiêu nên không có gì để phân bổ."))
    if not levels:
        raise NotShareable(
            _("Chỉ tiêu là mức thay đổi hoặc kết quả định tính, không phải một mức để phân bổ.")
        )
    if levels[0].is_ambiguous:
        raise NotShareable(_("Chỉ tiêu có hai cách hiểu. Chọn cách hiểu trước rồi mới phân bổ."))
    if levels[0].operator == Target.Operator.BETWEEN:
        raise NotShareable(_("Chỉ tiêu là một khoảng. Chỉ phân bổ được một mức hoặc một số lượng."))
    if goal_value(line, levels[0]) is None:
        raise NotShareable(_("Chỉ tiêu giữ mức năm gốc, nhưng kế hoạch không in mức đó."))
    return levels[0]


def goal_value(line: PlanIndicator, target: Target) -> Decimal | None:
    """The level asked for; "duy trì" asks for the baseline's."""
    if target.value is not None:
        return target.value
    return line.baseline_value if line.baseline_kind == Target.Kind.LEVEL else None


def adds_up_by_nature(line: PlanIndicator) -> bool | None:
    """Whether parts of the line's figure sum to it: a count does, a rate does not; None where a person says."""
    if line.indicator is None or line.indicator.timing == Indicator.Timing.SURVEY:
        return None
    return not line.has_denominator


def is_sensitive(line: PlanIndicator) -> bool:
    """Whether last year's figures of places may tell of a person's death, HIV or abortion: one query."""
    return line.indicator_id is not None and line.indicator_id in sensitive_indicators()


def goal_of(line: PlanIndicator, year: int, adds_up: bool) -> Goal:
    """The year's target as sharing out takes it. Raises NotShareable."""
    target = shared_target(line, year)
    value = goal_value(line, target) or Decimal(0)
    return Goal(
        value=value,
        operator=target.operator,
        adds_up=adds_up,
        decimals=line.decimals,
        tolerance=line.tolerance,
        is_share=not adds_up and line.unit == "%" and 0 <= value <= 100,
    )


def day_of(area: Area, year: int) -> date:
    """The day on which the places of a year are read: its last, within the life of the plan's area."""
    last = area.valid_to - timedelta(days=1) if area.valid_to else date.max
    return max(min(date(year, 12, 31), last), area.valid_from)


def places_below(plan: Plan, year: int) -> QuerySet[Area]:
    """Districts and communes of the plan's area as they stand in the year, on the plan's own boundaries."""
    inside = Area.objects.covered_by(Area.objects.filter(pk=plan.area_id)).exclude(pk=plan.area_id)
    return inside.filter(level__in=LEVELS).valid_on(day_of(plan.area, year))


def areas_to_share(line: PlanIndicator, year: int, level: str) -> QuerySet[Area]:
    """The places of a level that the line is about: a line on urban communes is shared out among those."""
    areas = places_below(line.plan, year).filter(level=level)
    if line.is_of_places:
        areas = areas.filter(is_urban=True)
    return areas.select_related("parent").order_by("folded_name", "code")


def known_of(line: PlanIndicator, areas: QuerySet[Area], year: int, adds_up: bool) -> Known:
    """Last year's whole-year figure of every place, and one basis of weights for all: four queries at most.

    A level is weighed by last year's denominators, where any place lacks one by registered people. A count has
    no denominator: it is weighed by registered people, or by those reported last year where the register
    says nothing of these boundaries.
    """
    found = list(areas)
    figures = _last_year(line, areas, year)
    baselines = {key: value for key, (value, _denominator) in figures.items()}
    weights, basis = _weights(line, areas, found, figures, year, adds_up)
    places = [Place(area.pk, weights.get(area.pk), baselines.get(area.pk)) for area in found]
    return Known(found, places, basis)


def _last_year(
    line: PlanIndicator, areas: QuerySet[Area], year: int
) -> dict[int, tuple[Fraction | None, Fraction | None]]:
    """(value, denominator) of last year by area id."""
    if line.indicator is None or line.indicator.timing == Indicator.Timing.SURVEY:
        return {}
    indicator, group = result_key(line)
    return _year_figures(line.indicator, group, areas, year - 1, line.has_denominator)


def _year_figures(
    indicator: Indicator, group: int, areas: QuerySet[Area], year: int, has_denominator: bool
) -> dict[int, tuple[Fraction | None, Fraction | None]]:
    months = (Month(year, 1), Month(year, 12))
    keys = areas.order_by().values("pk")
    found = figures_by_area(areas=keys, indicator=indicator.pk, group=group, months=months)
    figures = {}
    for key, own in found.items():
        computed = compute(
            own, timing=indicator.timing, factor=indicator.factor, has_denominator=has_denominator
        )
        if computed:
            figures[key] = (computed.figure.value, computed.figure.denominator)
    return figures


def _weights(
    line: PlanIndicator,
    areas: QuerySet[Area],
    found: Sequence[Area],
    figures: dict[int, tuple[Fraction | None, Fraction | None]],
    year: int,
    adds_up: bool,
) -> tuple[dict[int, Fraction], Basis]:
    """The first basis that knows every place; else the one that knows most."""
    bases: list[tuple[dict[int, Fraction], Basis]] = []
    if not adds_up:
        denominators = {key: denominator for key, (_value, denominator) in figures.items() if denominator}
        bases.append((denominators, Basis.DENOMINATOR))
    registered = {a.pk: Fraction(a.registered_population) for a in found if a.registered_population}
    bases.append((registered, Basis.POPULATION))
    for weights, basis in bases:
        if weights and len(weights) == len(found):
            return weights, basis
    bases.append((_reported(line, areas, year), Basis.REPORTED))
    best = max(bases, key=lambda one: len(one[0]))
    return best if best[0] else ({}, Basis.NONE)


def _reported(line: PlanIndicator, areas: QuerySet[Area], year: int) -> dict[int, Fraction]:
    people = Indicator.objects.filter(code=PEOPLE).first()
    if people is None:
        return {}
    figures = _year_figures(people, line.everybody_id, areas, year - 1, False)
    return {key: value for key, (value, _denominator) in figures.items() if value}
