"""From an order to the rows it makes: which areas end, which begin and where each facility stands. No writes."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from facilities.actions.reform_rules import (
    Kind,
    Problems,
    check_codes,
    check_head,
    check_level,
    check_lives,
    check_names,
    check_new,
    check_numbers,
    check_parent,
    check_shares,
    is_readable,
)
from facilities.boundaries import month_from
from facilities.models import Area, Facility, Placement
from facilities.reform_orders import NewArea, Order

COPIED = ("level", "code", "kind", "name", "traits")
MEASURED = ("latitude", "longitude", "surface", "registered_population")
WHOLE = Decimal(1)


@dataclass
class Origin:
    area: Area
    share: Decimal | None
    is_main: bool


@dataclass
class Birth:
    """An area that begins: its values, what it came from, and above it an area that stands or another birth."""

    values: dict[str, Any]
    origins: list[Origin]
    parent: Area | None = None
    under: Birth | None = None


@dataclass
class Standing:
    """From the month on the facility of `last` (its placement so far) stands in `birth`, and maybe its past too."""

    last: Placement
    birth: Birth
    keeps_station: bool = True
    carries_past: bool = False


@dataclass
class Plan:
    """Births stand above before below. `chosen` are the areas the order names, `ended` with what lies in them."""

    month: date
    chosen: list[Area] = field(default_factory=list)
    ended: list[Area] = field(default_factory=list)
    births: list[Birth] = field(default_factory=list)
    standings: list[Standing] = field(default_factory=list)


def make_plan(order: Order) -> Plan:
    """Work out the order, whose areas stay locked until the caller's transaction ends.

    Raises ValidationError with the messages by field: date, legal_basis, predecessors, successors, parent,
    share_source, facilities.
    """
    problems = Problems()
    check_head(order, problems)
    check_numbers(order, problems)
    if not is_readable(order.date):
        problems.raise_any()
    going_on = {new.goes_on for new in order.successors if new.goes_on is not None}
    found = _locked_areas({*order.predecessors, *going_on})
    parent = Area.objects.filter(pk=order.parent).first() if order.parent else None
    old = [found[pk] for pk in dict.fromkeys(order.predecessors) if pk in found]
    plan = Plan(month=month_from(order.date), chosen=list(found.values()), ended=list(found.values()))
    check_lives(order, plan.chosen, problems)
    check_level(order, old, problems)
    check_parent(order, old, parent, problems)
    check_shares(order, problems)
    for new in order.successors:
        check_new(order, new, plan.chosen, problems)
    problems.raise_any()
    plan.births = _births(order, old, found, parent)
    check_names(order, plan.births, plan.ended, problems)
    _carry_children(order, plan, problems)
    check_codes([birth.values["code"] for birth in plan.births], order.date, plan.ended, problems)
    _place(order, plan, problems)
    problems.raise_any()
    return plan


def facilities_in(areas: list[Area], month: date) -> list[Placement]:
    """The placements of open facilities that stand in `areas` just before `month` and still would from then on."""
    here = Placement.objects.filter(area__in=areas).values("facility")
    rows = Placement.objects.filter(facility__in=here, from_month__lt=month).select_related("facility")
    rows = rows.filter(Q(facility__closed__isnull=True) | Q(facility__closed__gt=month))
    last = {row.facility_id: row for row in rows.order_by("from_month")}
    chosen = {area.pk for area in areas}
    standing = [row for row in last.values() if row.area_id in chosen]
    return sorted(standing, key=lambda row: (row.main_station_id is not None, row.facility.name))


def serves_part(last: Placement, beside: list[Placement]) -> bool:
    """Whether the facility likely served one part of its commune alone: to be offered first to who divides it.

    The figures of the only station, or of one that reports for its points too, are of the whole commune
    (docs/decisions/0005). Every other reporter has its own round of villages, or counts where it stands.
    `beside`: the placements of all facilities of the commune, this one included.
    """
    stations = (Facility.Type.STATION, Facility.Type.POINT)
    if last.facility.type not in stations:
        return True
    others = [one for one in beside if one.facility.type in stations and one.facility_id != last.facility_id]
    return bool(others) and last.facility.consolidated_from is None


def _locked_areas(ids: set[int]) -> dict[int, Area]:
    areas = Area.objects.select_related("parent__parent").filter(pk__in=ids).order_by("pk")
    return {area.pk: area for area in areas.select_for_update(of=("self",))}


def _births(order: Order, old: list[Area], found: dict[int, Area], parent: Area | None) -> list[Birth]:
    if order.kind == Kind.MOVE:
        return [Birth(_copy(area), [Origin(area, WHOLE, True)], parent=parent) for area in old]
    if order.kind != Kind.DIVIDE:
        measures = _copy_measures(old[0]) if order.kind == Kind.RENAME else _sum_measures(old)
        values = _new_values(order.successors[0], old[0]) | measures
        return [Birth(values, [Origin(area, WHOLE, True) for area in old], parent=old[0].parent)]
    largest = max((new.share for new in order.successors if new.share is not None), default=None)
    births, main_given = [], False
    for new in order.successors:
        is_main = largest is not None and new.share == largest and not main_given
        main_given |= is_main
        origins = [Origin(old[0], new.share, is_main)]
        kept = found.get(new.goes_on) if new.goes_on is not None else None
        if kept is None:
            births.append(Birth(_new_values(new, old[0]), origins, parent=old[0].parent))
            continue
        if kept != old[0]:
            origins.append(Origin(kept, WHOLE, True))
        # Its people and surface changed with the part that came or went.
        values = _copy(kept) | {"surface": None, "registered_population": None}
        births.append(Birth(values, origins, parent=kept.parent))
    return births


def _copy(area: Area) -> dict[str, Any]:
    return {name: getattr(area, name) for name in COPIED} | _copy_measures(area)


def _copy_measures(area: Area) -> dict[str, Any]:
    return {name: getattr(area, name) for name in MEASURED}


def _new_values(new: NewArea, like: Area) -> dict[str, Any]:
    return {
        "level": like.level,
        "code": new.code.strip(),
        "kind": new.kind.strip(),
        "name": new.name.strip(),
        "traits": sorted(set(new.traits)),
    }


def _sum_measures(old: list[Area]) -> dict[str, Any]:
    """People and surface add up where all are known; the point on the map stays that of the first."""
    sums = {
        name: None if None in (parts := [getattr(area, name) for area in old]) else sum(parts)
        for name in ("surface", "registered_population")
    }
    return sums | {"latitude": old[0].latitude, "longitude": old[0].longitude}


def _carry_children(order: Order, plan: Plan, problems: Problems) -> None:
    """What lies in a larger area that ends begins anew under its successor, as on 1 July 2025."""
    above = {origin.area.pk: birth for birth in plan.births for origin in birth.origins}
    while above:
        children = list(
            Area.objects.filter(parent__in=above)
            .filter(Q(valid_to__isnull=True) | Q(valid_to__gt=order.date))
            .order_by("code", "valid_from")
        )
        check_lives(order, children, problems)
        births = {
            child.pk: Birth(_copy(child), [Origin(child, WHOLE, True)], under=above[child.parent_id])
            for child in children
        }
        plan.ended += children
        plan.births += births.values()
        above = births


def _place(order: Order, plan: Plan, problems: Problems) -> None:
    heirs: dict[int, list[Birth]] = defaultdict(list)
    for birth in plan.births:
        for origin in birth.origins:
            heirs[origin.area.pk].append(birth)
    moving_then = set(Placement.objects.filter(from_month=plan.month).values_list("facility", flat=True))
    for last in facilities_in(plan.ended, plan.month):
        births = heirs[last.area_id]
        choice = order.facilities.get(last.facility_id, -1) if len(births) > 1 else 0
        if last.facility_id in moving_then:
            continue
        if not 0 <= choice < len(births):
            problems.add("facilities", _("Chọn đơn vị mới cho từng cơ sở y tế của đơn vị bị chia."))
            continue
        carries = len(births) > 1 and last.facility_id in order.carrying
        plan.standings.append(Standing(last, births[choice], carries_past=carries))
    stands = {standing.last.facility_id: standing.birth for standing in plan.standings}
    for standing in plan.standings:
        station = standing.last.main_station_id
        standing.keeps_station = stands.get(station, standing.birth) is standing.birth
    late = Placement.objects.filter(area__in=plan.ended, from_month__gte=plan.month)
    for placement in late.select_related("facility", "area", "reform"):
        if placement.reform and placement.from_month == plan.month:
            problems.add("date", _twice_in_a_month(placement, plan.month))
            continue
        message = _(
            "%(facility)s đã có nơi đặt ở %(area)s từ %(month)s, khi đơn vị này không còn. "
            "Sửa nơi đặt đó trước."
        )
        words = {
            "facility": placement.facility.name,
            "area": placement.area.name,
            "month": f"{placement.from_month:%m/%Y}",
        }
        problems.add("date", message % words)


def _twice_in_a_month(placement: Placement, month: date) -> str:
    """Figures come by the month: of two reforms within one, no report could be of the area between them."""
    message = _(
        "%(area)s mới thành lập bởi “%(reform)s”, cũng được tính từ tháng %(month)s. Số liệu ghi theo tháng nên một "
        "đơn vị chỉ sắp xếp một lần trong tháng: chọn ngày sau %(day)s, hoặc hoàn tác lần trước rồi nhập một lần."
    )
    words = {
        "area": placement.area.name,
        "reform": placement.reform,
        "month": f"{month:%m/%Y}",
        "day": f"{month:%d/%m/%Y}",
    }
    return message % words
