"""Saving what a station typed: only what changed, with its history, asking where two people met."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

from django.db import connection, transaction
from django.utils import timezone

from facilities.actions.audit import record
from facilities.models import Coverage, Facility, Placement, User
from facilities.permissions import Permission, require
from facilities.sql import with_tables
from indicators.actions.closures import hold_period, last_month_of
from indicators.actions.figure_errors import (
    Conflict,
    FigureError,
    ImpossibleValue,
    NotDue,
    NotOpen,
    PeriodClosed,
    StaleVersion,
    UnknownCell,
)
from indicators.actions.notes import drop_texts
from indicators.actions.sheet_rows import StoredCell, sheet_rows, write_states
from indicators.expressions import Cell, cell_text
from indicators.models import ClosedPeriod, DataValueChange, Duty, Form, Submission
from indicators.values import BLANK, CellValue

__all__ = [
    "Conflict",
    "FigureError",
    "ImpossibleValue",
    "NotDue",
    "NotOpen",
    "PeriodClosed",
    "Saved",
    "StaleVersion",
    "UnknownCell",
    "owing_commune",
    "save_cells",
    "save_sheet",
]

# Where the facility stands in the last month of the period, whether it owes the form there (duties.due_in), and
# whether the period is closed over that commune.
OWING = with_tables(
    """
    SELECT placement.area_id,
           EXISTS (SELECT 1 FROM {duty} duty
                   WHERE duty.facility_id = placement.facility_id AND duty.form_id = %(form)s
                     AND duty.from_month <= %(last)s AND (duty.to_month IS NULL OR duty.to_month > %(period)s)),
           EXISTS (SELECT 1 FROM {closed} closed JOIN {coverage} coverage ON coverage.area_id = closed.area_id
                   WHERE closed.period = %(period)s AND closed.yearly = %(yearly)s
                     AND coverage.covered_id = placement.area_id)
    FROM {placement} placement
    WHERE placement.facility_id = %(facility)s AND placement.from_month <= %(last)s
    ORDER BY placement.from_month DESC
    LIMIT 1
    """,
    duty=Duty,
    closed=ClosedPeriod,
    coverage=Coverage,
    placement=Placement,
)


@dataclass(frozen=True)
class Saved:
    """The submission after a save, every cell of its form as it stands now, and the cells this save wrote."""

    submission: Submission
    rows: Mapping[Cell, StoredCell]
    written: Collection[Cell]


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

    Raises PermissionDenied, NotDue, PeriodClosed, NotOpen, UnknownCell, ImpossibleValue, StaleVersion.
    """
    saved = save_sheet(
        facility=facility,
        form=form,
        period=period,
        cells=cells,
        by=by,
        source=source,
        expected_version=expected_version,
        reason=reason,
    )
    return saved.submission


def save_sheet(
    *,
    facility: Facility,
    form: Form,
    period: date,
    cells: Mapping[Cell, CellValue],
    by: User,
    source: str = "form",
    expected_version: int | None = None,
    reason: str = "",
    begun: Submission | None = None,
) -> Saved:
    """As save_cells, in the caller's transaction, with all that the sheet holds afterwards.

    `begun` is the submission where the caller has read it, with facility and form; it is locked and read anew.
    """
    require(by, Permission.EDIT_SUBMISSION, facility)
    if impossible := [cell for cell, state in cells.items() if not state.is_possible]:
        raise ImpossibleValue(impossible)
    submission = _locked(facility, form, period, begun)
    # After the lock: who closes the period waits for it, or is seen here (closing.close_period).
    area = owing_commune(facility, form, period)
    if not submission.is_open:
        raise NotOpen(submission)
    rows = sheet_rows(submission)
    if unknown := [cell for cell in cells if cell not in rows]:
        raise UnknownCell(unknown)
    changed = {cell: state for cell, state in cells.items() if rows[cell].state != state}
    if expected_version is not None and submission.version > expected_version:
        changed = _merged(submission, changed, rows, expected_version, by)
    # A cell that can be read again no longer holds the text that could not.
    drop_texts(rows[cell].typed_note for cell in cells)
    if changed:
        states = {rows[cell].key: state for cell, state in changed.items()}
        before = {rows[cell].key: rows[cell].state for cell in changed}
        write_states(submission, states, before, by=by, source=source, reason=reason)
        record(
            by=by,
            verb="save",
            subject=submission,
            area=area,
            cells=[cell_text(cell) for cell in changed],
            version=submission.version,
            source=source,
        )
        rows |= {
            cell: rows[cell]._replace(state=state, version=submission.version)
            for cell, state in changed.items()
        }
    return Saved(submission, rows, changed.keys())


def owing_commune(facility: Facility, form: Form, period: date, *, closed_too: bool = False) -> int:
    """The id of the commune the facility stands in. One query for all, by hand as in sheet_rows.

    Raises NotDue where it owes nothing there, PeriodClosed (unless `closed_too`) where the period is closed.
    """
    if period > timezone.localdate() or (form.is_yearly and period.month != 1):
        raise NotDue
    with connection.cursor() as cursor:
        cursor.execute(
            OWING,
            {
                "facility": facility.pk,
                "form": form.pk,
                "period": period,
                "last": last_month_of(period, yearly=form.is_yearly),
                "yearly": form.is_yearly,
            },
        )
        area, is_owed, is_closed = cursor.fetchone() or (None, False, False)
    if not is_owed:
        raise NotDue
    if is_closed and not closed_too:
        raise PeriodClosed(period, yearly=form.is_yearly)
    return area


MOVING = ("status", "version", "nothing_occurred", "reason")
STANDING = with_tables(f"SELECT {', '.join(MOVING)} FROM {{submission}} WHERE id = %s", submission=Submission)


def _locked(facility: Facility, form: Form, period: date, begun: Submission | None) -> Submission:
    """The submission, locked; two first savers meet in the unique constraint and both get the one row."""
    if begun is not None:
        return _locked_anew(begun)
    key = {"facility": facility, "form": form, "period": period}
    existing = Submission.objects.select_for_update().filter(**key).order_by()
    submission = existing.first()
    if submission is None:
        hold_period(period, yearly=form.is_yearly)
        Submission.objects.bulk_create([Submission(**key)], ignore_conflicts=True)
        submission = existing.get()
    submission.facility, submission.form = facility, form
    return submission


def _locked_anew(begun: Submission) -> Submission:
    """Lock the row and read what others may have written since; SQLite lets one transaction write at a time."""
    lock = connection.ops.for_update_sql() if connection.features.has_select_for_update else ""
    with connection.cursor() as cursor:
        cursor.execute(f"{STANDING} {lock}", [begun.pk])
        if (standing := cursor.fetchone()) is None:
            raise Submission.DoesNotExist
    for name, value in zip(MOVING, standing, strict=True):
        setattr(begun, name, value)
    return begun


def _merged(
    submission: Submission,
    changed: dict[Cell, CellValue],
    rows: Mapping[Cell, StoredCell],
    seen: int,
    by: User,
) -> dict[Cell, CellValue]:
    """Drop the cells only others changed since version `seen`; raise StaleVersion for those both did."""
    newer = {cell: state for cell, state in changed.items() if rows[cell].version > seen}
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
        own = changes.get(rows[cell].key, [])
        before = CellValue(own[0].old_value, own[0].old_no_data) if own else BLANK
        if state == before:
            continue
        author = own[-1].by if own else None
        conflicts.append(
            Conflict(
                cell,
                before,
                rows[cell].state,
                state,
                author.display_name if author else "",
                own[-1].at if own else None,
                is_own=author == by,
            )
        )
    if conflicts:
        raise StaleVersion(submission, conflicts)
    return {cell: state for cell, state in changed.items() if cell not in newer}
