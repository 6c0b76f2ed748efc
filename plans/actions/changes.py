"""Saving and deleting one row of a plan: permission, checks, only what changed, and the log."""

from __future__ import annotations

from typing import Any

from django.db import models, transaction
from django.db.models import ProtectedError
from django.utils.translation import gettext as _

from facilities.actions.audit import record
from facilities.models import User
from facilities.permissions import Permission, require
from plans.models import Plan


class HasHistory(Exception):
    """The row can not be deleted: people entered figures, reported on it, or a report rests on it."""


@transaction.atomic
def save_row(row: models.Model, *, plan: Plan, by: User) -> dict[str, list[str]]:
    """Create the row or save the fields that differ; return {field: [old, new]}.

    Raises PermissionDenied, or ValidationError with messages for people.
    """
    require(by, Permission.EDIT_PLAN, plan.area)
    row.full_clean()
    if row.pk is None:
        row.save()
        record(by=by, verb="create", subject=row, area=plan.area, plan=plan.slug)
        return {}
    changes = changes_of(row)
    if changes:
        row.save(update_fields=list(changes))
        record(by=by, verb="update", subject=row, area=plan.area, plan=plan.slug, changes=changes)
    return changes


@transaction.atomic
def delete_row(row: models.Model, *, plan: Plan, by: User) -> None:
    """Delete the row and what hangs on it. Raises PermissionDenied, HasHistory."""
    require(by, Permission.EDIT_PLAN, plan.area)
    record(by=by, verb="delete", subject=row, area=plan.area, plan=plan.slug)
    try:
        row.delete()
    except ProtectedError as error:
        raise HasHistory(_("Đã có dữ liệu dựa vào mục này nên không thể xóa.")) from error


def changes_of(row: models.Model) -> dict[str, list[str]]:
    """{field: [stored, now]} of the fields that differ from what is stored."""
    stored = type(row)._default_manager.get(pk=row.pk)
    fields = [field for field in row._meta.concrete_fields if not field.primary_key]
    return {
        field.name: [_told(getattr(stored, field.attname)), _told(getattr(row, field.attname))]
        for field in fields
        if getattr(stored, field.attname) != getattr(row, field.attname)
    }


def _told(value: Any) -> str:
    """A log entry tells what changed; a whole document does not fit in it."""
    return "" if value is None else str(value)[:200]
