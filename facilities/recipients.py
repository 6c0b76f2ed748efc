"""Whom to tell about facilities: set-based twins of what `facilities.permissions` asks for one person."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from django.db.models import F, QuerySet

from facilities.models import Assignment, Coverage, Facility, Placement, Role, User


def clerks_of(facilities: Iterable[int]) -> dict[int, list[User]]:
    """The active clerks of each facility (by id), and of the main station a point belongs to. Two queries."""
    own: dict[int, dict[int, User]] = defaultdict(dict)
    held = Assignment.objects.filter(role=Role.CLERK, user__is_active=True).select_related("user")
    for assignment in held.order_by("user_id"):
        own[assignment.facility_id][assignment.user_id] = assignment.user
    points = Placement.objects.current().filter(main_station__in=held.order_by().values("facility"))
    mains = dict(points.values_list("facility", "main_station"))
    return {pk: list((own.get(mains.get(pk), {}) | own.get(pk, {})).values()) for pk in facilities}


def planners_of(areas: Iterable[int]) -> dict[int, list[User]]:
    """The active planners whose area covers each of these areas (by id). One query."""
    wanted = set(areas)
    found: dict[int, list[User]] = {pk: [] for pk in wanted}
    held = Assignment.objects.filter(
        role=Role.PLANNER, user__is_active=True, area__coverage__covered__in=wanted
    ).annotate(covered=F("area__coverage__covered"))
    for assignment in held.select_related("user").order_by("user_id"):
        if assignment.covered in wanted and assignment.user not in found[assignment.covered]:
            found[assignment.covered].append(assignment.user)
    return found


def reviewers_of(facilities: QuerySet[Facility], reviewers: QuerySet[User]) -> dict[User, set[int]]:
    """Which of `facilities` stand today in the areas each of these reviewers holds. Three queries."""
    held = Assignment.objects.filter(role=Role.REVIEWER, user__in=reviewers).select_related("user")
    areas: dict[int, list[User]] = defaultdict(list)
    for assignment in held.order_by("user_id"):
        areas[assignment.area_id].append(assignment.user)
    standing: dict[int, list[int]] = defaultdict(list)
    placements = Placement.objects.current().filter(facility__in=facilities.values("pk"))
    for facility, commune in placements.values_list("facility", "area"):
        standing[commune].append(facility)
    communes = placements.order_by().values("area")
    covered = Coverage.objects.filter(area__in=held.order_by().values("area"), covered__in=communes)
    reached: dict[User, set[int]] = defaultdict(set)
    for area, commune in covered.values_list("area", "covered"):
        for user in areas[area]:
            reached[user].update(standing[commune])
    return dict(reached)
