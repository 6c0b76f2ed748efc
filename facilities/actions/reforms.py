"""Entering a reform and undoing it: areas, successions, placements and what is derived from them."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from facilities import reform_hooks
from facilities.actions.audit import record
from facilities.actions.contributions import refresh_contributions
from facilities.actions.coverage import hold_places, refresh_coverage
from facilities.actions.reform_dependants import dependants_of
from facilities.actions.reform_plan import Birth, Plan, make_plan
from facilities.models import Area, Contribution, Facility, Placement, Reform, Succession, User
from facilities.permissions import Permission, require
from facilities.reform_orders import Order


class ReformInUse(ValidationError):
    """Something depends on the reform, so that it cannot be undone; the messages say what."""


@transaction.atomic
def enter_reform(*, order: Order, by: User | None) -> Reform:
    """End the old areas on the day, begin the new ones, and let every facility stand in its new one.

    A reform within a month rules from the next (domain/places.md: as-was follows the month's placement).
    Areas whose figures change are marked for computing again. Raises ValidationError by field, and
    PermissionDenied where `by` does not plan for the area above.
    """
    hold_places()
    plan = make_plan(order)
    if by is not None:
        parents = [birth.parent for birth in plan.births if birth.parent]
        for area in {*_above(plan.chosen), *parents}:
            require(by, Permission.REFORM_PLACES, area)
    touched = _touched(plan.ended)
    reform = Reform.objects.create(
        kind=order.kind,
        date=order.date,
        legal_basis=order.legal_basis.strip(),
        area=plan.chosen[0].parent,
        entered_at=timezone.now(),
        entered_by=by,
        summary=_summary(plan),
    )
    Area.objects.filter(pk__in=[area.pk for area in plan.ended]).update(valid_to=order.date, ended_by=reform)
    made = _begin(reform, plan.births)
    _succeed(reform, plan.births, made, order.share_source.strip())
    Placement.objects.bulk_create(
        Placement(
            facility_id=standing.last.facility_id,
            area=made[id(standing.birth)],
            from_month=plan.month,
            main_station_id=standing.last.main_station_id if standing.keeps_station else None,
            carries_past=standing.carries_past,
            reform=reform,
        )
        for standing in plan.standings
    )
    moved = {standing.last.facility_id for standing in plan.standings}
    _derive(touched | moved, moved)
    record(by=by, verb="enter_reform", subject=reform, area=reform.area, **_details(reform))
    return reform


@transaction.atomic
def undo_reform(*, reform: Reform, by: User | None) -> Reform:
    """Take back exactly what the reform made. Raises ReformInUse, saying what depends on it."""
    hold_places()
    reform = Reform.objects.select_for_update().get(pk=reform.pk)
    # Who gives a role or a plan on one of these waits, or is seen among what depends on it.
    begun = list(reform.begun.select_for_update(of=("self",)).order_by("pk"))
    ended = list(reform.ended.select_related("parent"))
    if by is not None:
        for area in _above([*ended, *begun]):
            require(by, Permission.REFORM_PLACES, area)
    if problems := dependants_of(reform):
        raise ReformInUse(problems)
    moved = set(reform.placements.values_list("facility", flat=True))
    touched = _touched([*begun, *ended]) | moved
    details = _details(reform)
    reform.placements.all().delete()
    reform.successions.all().delete()
    for level in reversed(Area.Level.values):
        Area.objects.filter(pk__in=[area.pk for area in begun], level=level).delete()
    reform.ended.update(valid_to=None, ended_by=None)
    reform.undone_at, reform.undone_by = timezone.now(), by
    reform.save(update_fields=["undone_at", "undone_by"])
    _derive(touched, moved)
    record(by=by, verb="undo_reform", subject=reform, area=reform.area, **details)
    return reform


def _above(areas: Collection[Area]) -> set[Area]:
    """The areas that stand above all of these: whoever plans for them may change what they consist of."""
    ids = {area.pk for area in areas}
    return {area.parent or area for area in areas if area.parent_id not in ids}


def _begin(reform: Reform, births: Sequence[Birth]) -> dict[int, Area]:
    """Create the areas, level by level from above; return them by the identity of their births."""
    made: dict[int, Area] = {}
    level = [birth for birth in births if birth.under is None]
    while level:
        areas = [
            Area(
                parent=made[id(birth.under)] if birth.under else birth.parent,
                valid_from=reform.date,
                begun_by=reform,
                **birth.values,
            )
            for birth in level
        ]
        for area in areas:
            area.derive()
        made |= zip(map(id, level), Area.objects.bulk_create(areas), strict=True)
        above = {id(birth) for birth in level}
        level = [birth for birth in births if id(birth.under) in above]
    return made


def _succeed(reform: Reform, births: Sequence[Birth], made: Mapping[int, Area], source: str) -> None:
    Succession.objects.bulk_create(
        Succession(
            date=reform.date,
            predecessor=origin.area,
            successor=made[id(birth)],
            share=origin.share,
            share_source=source if origin.share not in (None, 1) else "",
            is_main=origin.is_main,
            legal_basis=reform.legal_basis,
            reform=reform,
        )
        for birth in births
        for origin in birth.origins
    )


def _touched(areas: Collection[Area]) -> set[int]:
    """Facilities whose figures count in one of these areas: nobody else's can count otherwise afterwards."""
    return set(Contribution.objects.filter(area__in=areas).values_list("facility", flat=True))


def _derive(touched: set[int], moved: set[int]) -> None:
    refresh_coverage()
    refresh_contributions(Facility.objects.filter(pk__in=touched))
    for follower in reform_hooks.followers:
        follower(moved)


def _summary(plan: Plan) -> dict[str, Any]:
    return {
        "ended": [area.name for area in plan.chosen],
        "begun": [birth.values["name"] for birth in plan.births if birth.under is None],
        "carried": len(plan.ended) - len(plan.chosen),
        "facilities": len(plan.standings),
    }


def _details(reform: Reform) -> dict[str, Any]:
    return {
        "kind": reform.kind,
        "date": reform.date.isoformat(),
        "legal_basis": reform.legal_basis,
        "ended": sorted(area.key for area in reform.ended.all()),
        "begun": sorted(area.key for area in reform.begun.all()),
    }
