"""Tasks of a plan, and reporting on one: for planners of the area and officers of the agencies named."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from facilities.permissions import agencies_for
from plans.actions.tasks import may_update, report_progress
from plans.forms.errors import add_errors
from plans.forms.tasks import ProgressForm
from plans.models import Plan, Task
from plans.presenters.tasks import count_states, entry_of, present_tasks
from plans.views.access import get_shared_plan_or_404


@require_safe
def task_list(request: HttpRequest, slug: str) -> HttpResponse:
    plan = get_shared_plan_or_404(request.user, slug)
    own = set(agencies_for(request.user).values_list("pk", flat=True))
    entries = present_tasks(_tasks(plan, own), today=timezone.localdate(), own=own)
    context = {
        "plan": plan,
        "sections": [
            (label, [entry for entry in entries if entry.task.section == section])
            for section, label in Task.Section.choices
        ],
        "counts": count_states(entries),
        "total": len(entries),
        "tab": "tasks",
    }
    return render(request, "plans/task_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def task_detail(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    plan = get_shared_plan_or_404(request.user, slug)
    own = set(agencies_for(request.user).values_list("pk", flat=True))
    task = get_object_or_404(_tasks(plan, own), pk=pk)
    task.plan = plan
    can_update = may_update(request.user, task)
    if request.method == "POST" and not can_update:
        raise Http404
    form = ProgressForm(
        request.POST or None, initial={"status": task.status, "completed_on": task.completed_on}
    )
    if request.method == "POST" and form.is_valid() and _report(request, form, task):
        messages.success(request, _("Đã ghi tình trạng nhiệm vụ."))
        return redirect("plans:task", slug, pk)
    context = {
        "plan": plan,
        "entry": entry_of(task, today=timezone.localdate(), own=own),
        "updates": task.updates.select_related("by"),
        "form": form if can_update else None,
    }
    return render(request, "plans/task_detail.html", context, status=422 if form.is_bound else 200)


def _tasks(plan: Plan, own: set[int]) -> QuerySet[Task]:
    """All tasks for readers of the plan; an officer sees those of their own agencies."""
    tasks = plan.tasks.select_related("refers_to").prefetch_related("parts__agency")
    if plan.can_read:
        return tasks
    return tasks.filter(agencies__in=own).distinct()


def _report(request: HttpRequest, form: ProgressForm, task: Task) -> bool:
    try:
        report_progress(task=task, by=request.user, **form.cleaned_data)
    except ValidationError as error:
        add_errors(form, error)
        return False
    except PermissionDenied as error:
        raise Http404 from error
    return True
