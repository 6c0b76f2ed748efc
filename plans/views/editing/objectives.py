"""Objectives and money of a plan."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from facilities.permissions import Permission
from plans.actions.editing import (
    delete_budget_line,
    delete_objective,
    save_budget_line,
    save_objective,
)
from plans.forms.plans import BudgetLineForm, ObjectiveForm
from plans.models import BudgetLine, Objective
from plans.views.access import get_plan_or_404
from plans.views.editing.steps import delete_and_return, save_form


@require_http_methods(["GET", "HEAD", "POST"])
def edit_objective(request: HttpRequest, slug: str, pk: int | None = None) -> HttpResponse:
    plan = get_plan_or_404(request.user, slug, Permission.EDIT_PLAN)
    new = Objective(plan=plan, order=plan.objectives.count() + 1)
    objective = get_object_or_404(plan.objectives, pk=pk) if pk else new
    return save_form(
        request,
        ObjectiveForm(request.POST or None, instance=objective),
        lambda: save_objective(objective=objective, by=request.user),
        plan=plan,
        title=_("Sửa mục tiêu") if pk else _("Mục tiêu mới"),
        back=reverse("plans:edit", args=[slug]),
        delete=reverse("plans:delete-objective", args=[slug, pk]) if pk else "",
    )


@require_POST
def remove_objective(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    plan = get_plan_or_404(request.user, slug, Permission.EDIT_PLAN)
    objective = get_object_or_404(plan.objectives, pk=pk)
    back = reverse("plans:edit", args=[slug])
    return delete_and_return(
        request,
        lambda: delete_objective(objective=objective, by=request.user),
        back=back,
        plan=plan,
        subject=str(objective),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def edit_budget_line(request: HttpRequest, slug: str, pk: int | None = None) -> HttpResponse:
    plan = get_plan_or_404(request.user, slug, Permission.EDIT_PLAN)
    new = BudgetLine(plan=plan, year=plan.start_year)
    line = get_object_or_404(plan.budget_lines, pk=pk) if pk else new
    return save_form(
        request,
        BudgetLineForm(request.POST or None, instance=line),
        lambda: save_budget_line(line=line, by=request.user),
        plan=plan,
        title=_("Sửa kinh phí") if pk else _("Dòng kinh phí mới"),
        back=reverse("plans:budget", args=[slug]),
        delete=reverse("plans:delete-budget-line", args=[slug, pk]) if pk else "",
    )


@require_POST
def remove_budget_line(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    plan = get_plan_or_404(request.user, slug, Permission.EDIT_PLAN)
    line = get_object_or_404(plan.budget_lines, pk=pk)
    back = reverse("plans:budget", args=[slug])
    return delete_and_return(
        request,
        lambda: delete_budget_line(line=line, by=request.user),
        back=back,
        plan=plan,
        subject=f"{line.year}: {line.source}",
    )
