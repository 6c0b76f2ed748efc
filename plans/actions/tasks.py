"""Tasks edited by the planner, and what agencies report of them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from facilities.actions.audit import record
from facilities.models import Agency, User
from facilities.permissions import Permission, agencies_for, has_permission, require
from plans.actions.changes import HasHistory, delete_row, save_row
from plans.actions.load_tasks import set_parts
from plans.models import Task, TaskUpdate


@transaction.atomic
def save_task(*, task: Task, lead: Sequence[Agency], partners: Sequence[Agency], by: User) -> Task:
    """Create or change a task and who does it, in the order given.

    Raises PermissionDenied, ValidationError.
    """
    save_row(task, plan=task.plan, by=by)
    parts = [
        (part, order, agency.pk)
        for part, agencies in (("lead", lead), ("partner", partners))
        for order, agency in enumerate(dict.fromkeys(agencies))
    ]
    before = sorted(task.parts.values_list("part", "order", "agency"))
    if before != sorted(parts):
        set_parts(task, parts)
        names = {"lead": [a.name for a in lead], "partners": [a.name for a in partners]}
        record(by=by, verb="set_agencies", subject=task, area=task.plan.area, **names)
    return task


@transaction.atomic
def delete_task(*, task: Task, by: User) -> None:
    """Delete a task nobody reported on. Raises PermissionDenied, HasHistory."""
    require(by, Permission.EDIT_PLAN, task.plan.area)
    if task.updates.exists():
        raise HasHistory(_("Nhiệm vụ đã có báo cáo tiến độ nên không thể xóa."))
    delete_row(task, plan=task.plan, by=by)


def may_update(user: User, task: Task) -> bool:
    """Planners of the area, and officers of an agency that leads or joins the task or succeeded one."""
    if has_permission(user, Permission.UPDATE_TASK, task.plan.area):
        return True
    return task.parts.filter(agency__in=agencies_for(user)).exists()


@transaction.atomic
def report_progress(
    *, task: Task, status: str, note: str, by: User, completed_on: date | None = None
) -> TaskUpdate:
    """Add what an agency says of a task and let the task stand so. Done without a day is done today.

    Raises PermissionDenied, ValidationError.
    """
    if not may_update(by, task):
        raise PermissionDenied(Permission.UPDATE_TASK)
    now = timezone.now()
    today = timezone.localdate(now)
    done = status == Task.Status.DONE
    if done and completed_on and completed_on > today:
        raise ValidationError({"completed_on": _("Ngày hoàn thành không thể ở tương lai.")})
    update = TaskUpdate(task=task, status=status, note=note.strip(), at=now, by=by)
    update.full_clean()
    update.save()
    task.status = status
    task.completed_on = (completed_on or today) if done else None
    task.save(update_fields=["status", "completed_on"])
    record(by=by, verb="report_progress", subject=task, area=task.plan.area, status=status)
    return update
