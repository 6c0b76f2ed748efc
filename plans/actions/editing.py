"""Plans, objectives and budgets edited in the browser. Rows come filled in, new or changed, from a form."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from facilities.models import User
from facilities.permissions import Permission, require
from plans.actions.changes import HasHistory, delete_row, save_row
from plans.models import BudgetLine, EnteredFigure, Objective, Plan, TaskUpdate


@transaction.atomic
def save_plan(*, plan: Plan, by: User) -> Plan:
    """Create or change a plan. Moving it to another area needs the permission on both.

    Raises PermissionDenied, ValidationError.
    """
    stored = Plan.objects.select_related("area").filter(pk=plan.pk).first()
    if stored and stored.area_id != plan.area_id:
        require(by, Permission.EDIT_PLAN, stored.area)
    save_row(plan, plan=plan, by=by)
    return plan


@transaction.atomic
def delete_plan(*, plan: Plan, by: User) -> None:
    """Delete a plan nobody worked with yet. Raises PermissionDenied, HasHistory."""
    require(by, Permission.EDIT_PLAN, plan.area)
    entered = EnteredFigure.objects.filter(line__plan=plan).exists()
    if entered or TaskUpdate.objects.filter(task__plan=plan).exists():
        raise HasHistory(_("Kế hoạch đã có số liệu nhập hoặc báo cáo tiến độ nên không thể xóa."))
    delete_row(plan, plan=plan, by=by)


def save_objective(*, objective: Objective, by: User) -> Objective:
    """Create or change an objective. Raises PermissionDenied, ValidationError."""
    save_row(objective, plan=objective.plan, by=by)
    return objective


@transaction.atomic
def delete_objective(*, objective: Objective, by: User) -> None:
    """Delete an objective without lines. Raises PermissionDenied, HasHistory."""
    require(by, Permission.EDIT_PLAN, objective.plan.area)
    if objective.lines.exists():
        raise HasHistory(_("Mục tiêu còn dòng chỉ tiêu nên không thể xóa."))
    delete_row(objective, plan=objective.plan, by=by)


def save_budget_line(*, line: BudgetLine, by: User) -> BudgetLine:
    """Create or change money planned, or record what was spent. Raises PermissionDenied, ValidationError."""
    save_row(line, plan=line.plan, by=by)
    return line


def delete_budget_line(*, line: BudgetLine, by: User) -> None:
    """Delete a budget line. Raises PermissionDenied."""
    delete_row(line, plan=line.plan, by=by)
