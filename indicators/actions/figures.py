"""Saving what a station typed: only what changed, with its history, asking where two people met."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone

from facilities.actions.audit import record
from facilities.models import Area, Facility, Placement, User
from facilities.permissions import Permission, require
from indicators.actions.duties import due_in
from indicators.actions.figure_errors import (
    Conflict,
    FigureError,
    ImpossibleValue,
    NotDue,
    NotOpen,
    StaleVersion,
    UnknownCell,
)
from indicators.expressions import Cell, cell_text
from indicators.models import DataValue, DataValueChange, Duty, Form, FormItem, Submission
from indicators.values import BLANK, CellValue

__all__ = [
    "Conflict",
    "FigureError",
    "ImpossibleValue",
    "NotDue",
    "NotOpen",
    "StaleVersion",
    "UnknownCell",
    "save_cells",
]


@transaction.atomic
def save_cells(
    *,
    facility: Facility,
    form: Form,
    period: date,
    cells: Mapping[Cell, CellValue],
    by: User,
    source: str = "form",
    expected_version: int | None = None,
    reason: str = "",
) -> Submission:
    """Save cells of a draft or a submission sent back; create the draft where there is none.

    `cells` maps (element code, group code or "") to its new state; cells left out stay as they are, and
    only those that differ are written. `expected_version` is the submission's version the person saw
    (0: none existed). Cells others changed since then are merged: where this person left the old value
    theirs stands, where both changed it StaleVersion carries both values. None saves without asking.

    A cell's version is the number of the submission's save that wrote it, so versions of a cell grow but
    may skip. Each change is one DataValueChange of the same version; the last one's new value is the
    stored value. A value without changes stands as it was first stored in bulk.

    Raises PermissionDenied, NotDue, NotOpen, UnknownCell, ImpossibleValue, StaleVersion.
    """
    require(by, Permission.EDIT_SUBMISSION, facility)
    area = _owing_commune(facility, form, period)
    if impossible := [cell for cell, state in cells.items() if not state.is_possible]:
        raise ImpossibleValue(impossible)
    submission = _locked(facility, form, period)
    if not submission.is_open:
        raise NotOpen(submission)
    items = _items(form, cells)
    stored = {
        (value.element_id, value.group_id): value for value in DataValue.objects.filter(submission=submission)
    }
    changed = {cell: state for cell, state in cells.items() if _state(stored.get(items[cell])) != state}
    if expected_version is not None and submission.version > expected_version:
        changed = _merged(submission, changed, items, stored, expected_version, by)
    if changed:
        states = {items[cell]: state for cell, state in changed.items()}
        _write(submission, states, stored, by, source, reason)
        record(
            by=by,
            verb="save",
            subject=submission,
            area=area,
            cells=[cell_text(cell) for cell in changed],
            version=submission.version,
            source=source,
        )
    return submission


def _owing_commune(facility: Facility, form: Form, period: date) -> Area:
    """The commune the facility stands in; NotDue where it owes nothing there. One query for both."""
    if period > timezone.localdate() or (form.is_yearly and period.month != 1):
        raise NotDue
    last = date(period.year, 12, 1) if form.is_yearly else period
    duty = Duty.objects.filter(due_in(period, yearly=form.is_yearly), facility=facility, form=form)
    placement = (
        Placement.objects.filter(facility=facility, from_month__lte=last)
        .annotate(owed=Exists(duty.filter(facility=OuterRef("facility"))))
        .select_related("area")
        .order_by("-from_month")
        .first()
    )
    if placement is None or not placement.owed:
        raise NotDue
    return placement.area


def _locked(facility: Facility, form: Form, period: date) -> Submission:
    """The submission, locked; two first savers meet in the unique constraint and both get the one row."""
    key = {"facility": facility, "form": form, "period": period}
    submission = Submission.objects.select_for_update().filter(**key).first()
    if submission is None:
        Submission.objects.bulk_create([Submission(**key)], ignore_conflicts=True)
        submission = Submission.objects.select_for_update().get(**key)
    submission.facility, submission.form = facility, form
    return submission


def _items(form: Form, cells: Mapping[Cell, CellValue]) -> dict[Cell, tuple[int, int]]:
    rows = FormItem.objects.filter(form=form).values_list(
        "element__code", "group__code", "element_id", "group_id"
    )
    items = {(element, group): (element_id, group_id) for element, group, element_id, group_id in rows}
    if unknown := [cell for cell in cells if cell not in items]:
        raise UnknownCell(unknown)
    return items


def _state(value: DataValue | None) -> CellValue:
    return CellValue(value.value, value.no_data) if value else BLANK


def _merged(
    submission: Submission,
    changed: dict[Cell, CellValue],
    items: Mapping[Cell, tuple[int, int]],
    stored: Mapping[tuple[int, int], DataValue],
    seen: int,
    by: User,
) -> dict[Cell, CellValue]:
    """Drop the cells only others changed since version `seen`; raise StaleVersion for those both did."""
    newer = {
        cell: state
        for cell, state in changed.items()
        if items[cell] in stored and stored[items[cell]].version > seen
    }
    if not newer:
        return changed
    changes: dict[tuple[int, int], list[DataValueChange]] = {}
    for change in (
        DataValueChange.objects.filter(submission=submission, version__gt=seen)
        .select_related("by")
        .order_by("version")
    ):
        changes.setdefault((change.element_id, change.group_id), []).append(change)
    conflicts = []
    for cell, state in newer.items():
        own = changes.get(items[cell], [])
        before = CellValue(own[0].old_value, own[0].old_no_data) if own else BLANK
        if state == before:
            continue
        author = own[-1].by if own else None
        conflicts.append(
            Conflict(
                cell,
                before,
                _state(stored[items[cell]]),
                state,
                author.display_name if author else "",
                own[-1].at if own else None,
                is_own=author == by,
            )
        )
    if conflicts:
        raise StaleVersion(submission, conflicts)
    return {cell: state for cell, state in changed.items() if cell not in newer}


def _write(
    submission: Submission,
    states: Mapping[tuple[int, int], CellValue],
    stored: Mapping[tuple[int, int], DataValue],
    by: User,
    source: str,
    reason: str,
) -> None:
    submission.version += 1
    submission.save(update_fields=["version"])
    values, changes, now = [], [], timezone.now()
    for (element, group), state in states.items():
        cell = {"submission": submission, "element_id": element, "group_id": group}
        old = _state(stored.get((element, group)))
        values.append(DataValue(**cell, value=state.value, no_data=state.no_data, version=submission.version))
        changes.append(
            DataValueChange(
                **cell,
                version=submission.version,
                old_value=old.value,
                old_no_data=old.no_data,
                new_value=state.value,
                new_no_data=state.no_data,
                at=now,
                by=by,
                source=source,
                reason=reason,
            )
        )
    DataValue.objects.bulk_create(
        values,
        update_conflicts=True,
        unique_fields=["submission", "element", "group"],
        update_fields=["value", "no_data", "version"],
    )
    DataValueChange.objects.bulk_create(changes)
