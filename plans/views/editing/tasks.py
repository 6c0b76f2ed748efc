"""Tasks of a plan as its planner writes them."""

from __future__ import annotations

from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from facilities.models import Agency, Area
from facilities.permissions import Permission
from plans.actions.tasks import delete_task, save_task
from plans.forms.tasks import TaskForm
from plans.models import Plan, Task
from plans.views.access import get_plan_or_404
from plans.views.editing.steps import delete_and_return, save_form


@require_http_methods(["GET", "HEAD", "POST"])
def edit_task(request: HttpRequest, slug: str, pk: int | None = None) -> HttpResponse:
    plan = get_plan_or_404(request.user, slug, Permission.EDIT_PLAN)
    task = get_object_or_404(plan.tasks, pk=pk) if pk else Task(plan=plan, order=plan.tasks.count() + 1)
    task.plan = plan
    form = TaskForm(request.POST or None, instance=task, agencies=_agencies(plan))

    def save() -> Task:
        task.due_month = form.cleaned_data["due_month"]
        named = {part: list(form.cleaned_data[part]) for part in ("lead", "partners")}
        return save_task(task=task, by=request.user, **named)

    return save_form(
        request,
        form,
        save,
        plan=plan,
        title=_("Sửa nhiệm vụ") if pk else _("Nhiệm vụ mới"),
        back=reverse("plans:edit", args=[slug]),
        delete=reverse("plans:delete-task", args=[slug, pk]) if pk else "",
    )


@require_POST
def remove_task(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    plan = get_plan_or_404(request.user, slug, Permission.EDIT_PLAN)
    task = get_object_or_404(plan.tasks, pk=pk)
    task.plan = plan
    back = reverse("plans:edit", args=[slug])
    return delete_and_return(
        request, lambda: delete_task(task=task, by=request.user), back=back, plan=plan, subject=str(task)
    )


def _agencies(plan: Plan) -> QuerySet[Agency]:
    """Agencies of the plan's area and of what it lies in, inside and around it."""
    inside = Area.objects.covered_by(Area.objects.filter(pk=plan.area_id))
    around = Area.objects.filter(coverage__covered=plan.area_id)
    return Agency.objects.filter(Q(area__in=inside.values("pk")) | Q(area__in=around.values("pk")))
