"""The plan itself: its head, and the page from which all of it is edited."""

from __future__ import annotations

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from facilities.models import Agency, Area, User
from facilities.permissions import Permission, areas_for, grants_anywhere
from plans.actions.editing import delete_plan, save_plan
from plans.forms.plans import PlanForm
from plans.models import Plan
from plans.presenters.outline import contents_of, present_outline
from plans.views.access import get_plan_or_404
from plans.views.editing.steps import delete_and_return, save_form

PLAN_LEVELS = (Area.Level.PROVINCE, Area.Level.DISTRICT)


@require_safe
def outline(request: HttpRequest, slug: str) -> HttpResponse:
    plan = get_plan_or_404(request.user, slug, Permission.EDIT_PLAN)
    context = {"plan": plan, "outline": present_outline(plan), "tab": "edit"}
    return render(request, "plans/outline.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def create(request: HttpRequest) -> HttpResponse:
    if not grants_anywhere(request.user, [Permission.EDIT_PLAN]):
        raise Http404
    plan = Plan()
    form = _form(request, plan)
    return save_form(
        request,
        form,
        lambda: save_plan(plan=plan, by=request.user),
        plan=None,
        title=_("Kế hoạch mới"),
        back=lambda: reverse("plans:edit", args=[plan.slug]),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def edit_head(request: HttpRequest, slug: str) -> HttpResponse:
    plan = get_plan_or_404(request.user, slug, Permission.EDIT_PLAN)
    return save_form(
        request,
        _form(request, plan),
        lambda: save_plan(plan=plan, by=request.user),
        plan=plan,
        title=_("Thông tin chung và toàn văn"),
        back=reverse("plans:edit", args=[slug]),
        delete=reverse("plans:delete", args=[slug]),
    )


@require_POST
def delete(request: HttpRequest, slug: str) -> HttpResponse:
    plan = get_plan_or_404(request.user, slug, Permission.EDIT_PLAN)
    return delete_and_return(
        request,
        lambda: delete_plan(plan=plan, by=request.user),
        back=reverse("plans:list"),
        plan=plan,
        subject=plan.short_title,
        gone=contents_of(plan),
    )


def _form(request: HttpRequest, plan: Plan) -> PlanForm:
    areas = editable_areas(request.user)
    agencies = Agency.objects.filter(
        area__in=Area.objects.covered_by(areas_for(request.user, Permission.EDIT_PLAN))
    )
    initial = {} if plan.pk else {"area": _own_area(request.user)}
    return PlanForm(request.POST or None, instance=plan, areas=areas, agencies=agencies, initial=initial)


def _own_area(user: User) -> Area | None:
    """The place the person plans for today, where it is one."""
    own = Area.objects.valid_on(timezone.localdate()).filter(level__in=PLAN_LEVELS)
    found = list(own.filter(pk__in=areas_for(user, Permission.EDIT_PLAN))[:2])
    return found[0] if len(found) == 1 else None


def editable_areas(user: User) -> QuerySet[Area]:
    """Provinces and districts of any time for which the person may write plans."""
    return Area.objects.covered_by(areas_for(user, Permission.EDIT_PLAN)).filter(level__in=PLAN_LEVELS)
