"""Who may do what, where. What the state of a thing allows is asked elsewhere.

Roles are in code (design decision 11). A role held on an area reaches every area of any epoch that lies
wholly in it, so the merged province sees the plans of its predecessors (domain/places.md).
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from typing import TypeAlias

from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet

from facilities.models import Agency, Area, Assignment, Coverage, Facility, Notice, Placement, Role, User
from facilities.sql import with_tables

Person: TypeAlias = User | AnonymousUser


class Permission(StrEnum):
    VIEW_PLAN = "view_plan"
    EDIT_PLAN = "edit_plan"
    ENTER_FIGURE = "enter_figure"
    UPDATE_TASK = "update_task"
    VIEW_SUBMISSION = "view_submission"
    EDIT_SUBMISSION = "edit_submission"
    REVIEW_SUBMISSION = "review_submission"
    CLOSE_PERIOD = "close_period"
    VIEW_REPORT = "view_report"
    PREPARE_REPORT = "prepare_report"
    SIGN_REPORT = "sign_report"
    REFORM_PLACES = "reform_places"
    VIEW_LOG = "view_log"
    ADMINISTER = "administer"


P = Permission
READING = frozenset({P.VIEW_PLAN, P.VIEW_SUBMISSION, P.VIEW_REPORT})
GRANTS: dict[str, frozenset[Permission]] = {
    Role.CLERK: frozenset({P.VIEW_SUBMISSION, P.EDIT_SUBMISSION}),
    Role.REVIEWER: READING | {P.REVIEW_SUBMISSION, P.CLOSE_PERIOD},
    Role.PLANNER: READING | {P.EDIT_PLAN, P.ENTER_FIGURE, P.UPDATE_TASK, P.PREPARE_REPORT, P.REFORM_PLACES},
    Role.OFFICER: frozenset({P.UPDATE_TASK}),
    Role.LEADER: READING | {P.SIGN_REPORT},
    Role.AUDITOR: READING | {P.VIEW_LOG},
    Role.ADMINISTRATOR: frozenset(Permission),
}


# Every request asks this, most of them for one row; written by hand it costs a third.
HELD = with_tables(
    """
    SELECT held.*, (SELECT count(*) FROM {notice} notice
                    WHERE notice.user_id = held.user_id AND notice.read_at IS NULL) AS unread
    FROM {assignment} held WHERE held.user_id = %(user)s ORDER BY held.id
    """,
    notice=Notice,
    assignment=Assignment,
)


def assignments_of(user: Person) -> list[Assignment]:
    """The person's assignments, read once a request, with the count of notices they have not read.

    The header shows that count on every page; asked for here it costs no query of its own.
    """
    if not user.is_authenticated or not user.is_active:
        return []
    if not hasattr(user, "_assignments"):
        user._assignments = list(Assignment.objects.raw(HELD, {"user": user.pk}))
    return user._assignments


def unread_notices(user: Person) -> int:
    """How many notices the person has not read; a query only for those without any role."""
    if held := assignments_of(user):
        return held[0].unread
    return Notice.objects.filter(user=user, read_at=None).count() if user.is_authenticated else 0


def has_role(user: Person, *roles: str) -> bool:
    return any(held.role in roles for held in assignments_of(user))


def areas_for(user: Person, permission: Permission) -> QuerySet[Area]:
    """The areas on which a role grants `permission`; what they cover is granted with them."""
    held = [a for a in assignments_of(user) if permission in GRANTS[a.role]]
    if administers_all(user):
        return Area.objects.filter(parent__isnull=True)
    return Area.objects.filter(pk__in=[a.area_id for a in held if a.area_id])


def administers_all(user: Person) -> bool:
    """Whether the person is an administrator of the whole portal, not of one area."""
    return any(held.role == Role.ADMINISTRATOR and held.area_id is None for held in assignments_of(user))


def goes_with(user: Person, permission: Permission, other: Permission) -> bool:
    """Whether each role that grants the person `permission` grants `other` too: told without a query."""
    granted = [GRANTS[held.role] for held in assignments_of(user)]
    return all(other in grants for grants in granted if permission in grants)


def agencies_for(user: Person) -> QuerySet[Agency]:
    """The agencies whose tasks the person answers for: their own and those it succeeded."""
    own = {a.agency_id for a in assignments_of(user) if a.role == Role.OFFICER}
    return Agency.objects.succeeded_by(own)


def own_facilities(user: Person) -> Q:
    """A clerk's station and the points that belong to it now."""
    own = [a.facility_id for a in assignments_of(user) if a.role == Role.CLERK]
    points = Placement.objects.current().filter(main_station__in=own)
    return Q(pk__in=own) | Q(pk__in=points.values("facility"))


def facilities_for(user: Person, permission: Permission) -> QuerySet[Facility]:
    """The facilities on whose figures the person has `permission`.

    Reading reaches every facility ever placed in the person's areas, writing those that stand there now.
    """
    areas = areas_for(user, permission)
    within = Q(pk__in=Facility.objects.within(areas, now=permission not in READING).values("pk"))
    return Facility.objects.filter(
        within | own_facilities(user) if permission in GRANTS[Role.CLERK] else within
    )


def is_own_station(user: Person, permission: Permission, facility: Facility) -> bool:
    """Whether the person is this station's own clerk and clerks may do this: told without a query of its own."""
    return permission in GRANTS[Role.CLERK] and any(
        held.role == Role.CLERK and held.facility_id == facility.pk for held in assignments_of(user)
    )


def has_permission(user: Person, permission: Permission, place: Area | Facility) -> bool:
    """Whether the person may do this at this place."""
    if isinstance(place, Facility):
        if is_own_station(user, permission, place):
            return True
        return facilities_for(user, permission).filter(pk=place.pk).exists()
    return Coverage.objects.filter(area__in=areas_for(user, permission), covered=place).exists()


def require(user: Person, permission: Permission, place: Area | Facility) -> None:
    """Raise PermissionDenied where the person may not. For actions; views answer 404 before they get here."""
    if not has_permission(user, permission, place):
        raise PermissionDenied(permission)


def grants_anywhere(user: Person, permissions: Iterable[Permission]) -> frozenset[Permission]:
    """Which of `permissions` the person has at some place: what navigation and buttons may offer."""
    held = frozenset().union(*(GRANTS[a.role] for a in assignments_of(user)))
    return held & frozenset(permissions)
