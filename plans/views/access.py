"""Which plans a person sees, and the helpers every plan view gets its plan from. No access reads as 404."""

from __future__ import annotations

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.http import Http404, QueryDict

from facilities.models import Area, Coverage, User
from facilities.models.areas import AreaNotFound
from facilities.permissions import Permission, agencies_for, areas_for, has_permission
from plans.models import Plan, PlanIndicator
from plans.presenters.choices import Choices, read_choices
from plans.standing.sharing import LEVELS


def plans_in_areas(user: User, permission: Permission = Permission.VIEW_PLAN) -> QuerySet[Plan]:
    """Plans of the areas on which the person holds `permission`, abolished predecessors included."""
    return Plan.objects.within(areas_for(user, permission))


def visible_plans(user: User) -> QuerySet[Plan]:
    """Plans of the person's areas, and those in which an agency they answer for takes part.

    Each carries `can_read` (the whole plan, not only the tasks) and `can_edit`.
    """
    part = Q(pk__in=Plan.objects.filter(tasks__agencies__in=agencies_for(user)).values("pk"))
    return with_rights(user, Plan.objects.filter(Q(pk__in=plans_in_areas(user).values("pk")) | part))


def with_rights(user: User, plans: QuerySet[Plan]) -> QuerySet[Plan]:
    """Add what the person may do with each plan, in the same query."""
    return plans.select_related("area__parent", "issuer").annotate(
        can_read=_reaches(areas_for(user, Permission.VIEW_PLAN)),
        can_edit=_reaches(areas_for(user, Permission.EDIT_PLAN)),
        can_report=_reaches(areas_for(user, Permission.PREPARE_REPORT)),
        can_see_submissions=_reaches(areas_for(user, Permission.VIEW_SUBMISSION)),
    )


def get_plan_or_404(user: User, slug: str, permission: Permission = Permission.VIEW_PLAN) -> Plan:
    """The plan, where a role on its area grants `permission`."""
    return _one(with_rights(user, plans_in_areas(user, permission)), slug)


def get_shared_plan_or_404(user: User, slug: str) -> Plan:
    """The plan for its tasks and document: an officer of an agency that takes part may read these too."""
    return _one(visible_plans(user), slug)


def get_place_or_404(user: User, slug: str, key: str) -> tuple[Plan, Area]:
    """A district or commune inside the plan's area, and the plan: for whoever reads plans at that place.

    A role at the place alone opens this and nothing else of the plan.
    """
    plan = Plan.objects.filter(slug=slug).select_related("area__parent", "issuer").first()
    if plan is None:
        raise Http404
    inside = Area.objects.covered_by(Area.objects.filter(pk=plan.area_id)).filter(level__in=LEVELS)
    try:
        place = inside.exclude(pk=plan.area_id).named(key)
    except AreaNotFound as error:
        raise Http404 from error
    if not has_permission(user, Permission.VIEW_PLAN, place):
        raise Http404
    return plan, place


def own_places(user: User, slug: str = "") -> list[tuple[Plan, Area]]:
    """Plans of wider areas with the places inside them at which the person reads plans, the newest plan first.

    Two queries, three where there are any.
    """
    pairs = Coverage.objects.filter(
        covered__in=areas_for(user, Permission.VIEW_PLAN), covered__level__in=LEVELS
    ).exclude(area=F("covered"))
    covers: dict[int, list[Area]] = {}
    for pair in pairs.select_related("covered").order_by("covered__folded_name", "covered__code"):
        covers.setdefault(pair.area_id, []).append(pair.covered)
    if not covers:
        return []
    readable = plans_in_areas(user).values("pk")
    plans = Plan.objects.filter(area__in=covers).exclude(pk__in=readable).select_related("area", "issuer")
    if slug:
        plans = plans.filter(slug=slug)
    return [(plan, place) for plan in plans.order_by("-end_year", "slug") for place in covers[plan.area_id]]


def get_line_or_404(plan: Plan, key: str) -> PlanIndicator:
    """A line of a plan that the caller has already been let into."""
    line = (
        plan.lines.filter(key=key)
        .select_related("indicator", "group", "objective", "parent")
        .prefetch_related("targets")
        .first()
    )
    if line is None:
        raise Http404
    line.plan = plan
    return line


def get_commune_or_404(choices: Choices, key: str) -> Area:
    """A commune that lies wholly inside the plan's area or the boundaries chosen."""
    inside = Area.objects.covered_by(Area.objects.filter(pk__in=[choices.plan.area_id, choices.area.pk]))
    try:
        return inside.filter(level=Area.Level.COMMUNE).named(key)
    except AreaNotFound as error:
        raise Http404 from error


def choices_for(user: User, plan: Plan, query: QueryDict) -> Choices:
    """What the address chooses, and whether the person may go from its sums to cells, names and stations.

    Sums on other boundaries are for everybody who reads the plan; what they are made of asks for a role there.
    """
    choices = read_choices(plan, query)
    if plan.can_see_submissions and choices.area.pk != plan.area_id:
        plan.can_see_submissions = has_permission(user, Permission.VIEW_SUBMISSION, choices.area)
    return choices


def _one(plans: QuerySet[Plan], slug: str) -> Plan:
    plan = plans.filter(slug=slug).first()
    if plan is None:
        raise Http404
    return plan


def _reaches(areas: QuerySet[Area]) -> Exists:
    return Exists(Coverage.objects.filter(area__in=areas, covered=OuterRef("area")))
