"""What a plan file names and the database must hold: the area, agencies, indicators, groups."""

from __future__ import annotations

from dataclasses import dataclass, field

from facilities.models import Agency, Area
from facilities.models.areas import AreaNotFound
from facilities.text import fold
from indicators.models import Group, Indicator
from plans.files import PlanFile


@dataclass
class References:
    """Names resolved to rows; what is missing is collected in words, once each."""

    area: Area | None = None
    agencies: dict[str, Agency] = field(default_factory=dict)
    indicators: dict[str, Indicator] = field(default_factory=dict)
    groups: dict[str, Group] = field(default_factory=dict)
    missing: list[str] = field(default_factory=list)


def resolve(plan: PlanFile) -> References:
    """Look up everything the plan names. Agencies: in the plan's area, else in the areas around it."""
    found = References()
    try:
        found.area = Area.objects.select_related("parent__parent").named(plan.area)
    except AreaNotFound:
        found.missing.append(f"chưa có địa bàn {plan.area}; chạy load_places trước")
    if found.area:
        _find_agencies(plan, found)
    wanted = {line.indicator for line in plan.lines if line.indicator}
    found.indicators = {i.code: i for i in Indicator.objects.filter(code__in=wanted)}
    found.missing += [
        f"chưa có chỉ số {code}; chạy load_catalogue trước" for code in sorted(wanted - set(found.indicators))
    ]
    _find_groups(plan, found)
    return found


def find_group(text: str) -> Group | None:
    """The group a plan prints: by its code ("DTTS") or its name ("đô thị")."""
    return next((group for group in Group.objects.exclude(code="") if _names(group, text)), None)


def _names(group: Group, text: str) -> bool:
    return fold(text) in {fold(group.code), fold(group.name)}


def _find_agencies(plan: PlanFile, found: References) -> None:
    around = _around(found.area)
    names = {plan.issuer}.union(*((*task.lead, *task.partners) for task in plan.tasks))
    for agency in Agency.objects.filter(area__in=around, name__in=names):
        nearest = found.agencies.get(agency.name)
        if nearest is None or around.index(agency.area_id) < around.index(nearest.area_id):
            found.agencies[agency.name] = agency
    found.missing += [
        f"chưa có cơ quan “{name}” ở {plan.area}; thêm vào plans/data/agencies"
        for name in sorted(names - set(found.agencies))
        if name
    ]


def _around(area: Area | None) -> list[int]:
    """The area and what it lies in, nearest first."""
    ids = []
    while area is not None:
        ids.append(area.pk)
        area = area.parent
    return ids


def _find_groups(plan: PlanFile, found: References) -> None:
    groups = list(Group.objects.exclude(code=""))
    for text in dict.fromkeys(line.group for line in plan.lines if line.group):
        group = next((group for group in groups if _names(group, text)), None)
        if group is None:
            found.missing.append(f"chưa có nhóm “{text}”; chạy load_catalogue trước")
        else:
            found.groups[text] = group
