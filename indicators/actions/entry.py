"""One operation of the entry page: cells, words and the wish to submit, stored together and counted once."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from facilities.models import Facility, User
from facilities.sql import insert
from indicators.actions import submissions
from indicators.actions.figures import FigureError, Saved, StaleVersion, save_sheet
from indicators.actions.notes import unread_cells, write_notes
from indicators.actions.sheet_rows import StoredCell
from indicators.actions.submissions import InvalidTransition
from indicators.cell_json import write_state
from indicators.checks import find_breaks
from indicators.early import EARLY, early_words
from indicators.entry_batch import Batch
from indicators.expressions import Cell, cell_text
from indicators.models import CellNote, DataValue, Form, FormItem, Operation, Submission

KEPT_DAYS = 60  # twice as long as a browser keeps a draft


class OperationDiffers(Exception):
    """The number of this operation was used for another content, or by another person."""

    def __init__(self) -> None:
        super().__init__(_("Lần gửi này trùng số với một lần gửi khác. Tải lại trang rồi gửi lại."))


def count_batch(
    *,
    facility: Facility,
    form: Form,
    period: date,
    batch: Batch,
    by: User,
    begun: Submission | None = None,
) -> dict[str, Any]:
    """Store a batch and return the answer of docs/entry-protocol.md; the same operation again gets the same answer.

    The operation's row is written last, in the same transaction, so an answer means that the figures are stored
    and a second arrival, which breaks on the row's number, is undone and answered from it.

    Raises OperationDiffers, and what save_cells, write_notes and submit raise; then nothing was stored.
    """
    try:
        with transaction.atomic():
            submission, answer = _stored(facility, form, period, batch, by, begun)
            insert(
                Operation,
                id=batch.operation,
                user=by.pk,
                submission=submission.pk,
                digest=batch.digest,
                answer=answer,
                at=timezone.now(),
            )
    except (IntegrityError, FigureError, InvalidTransition):
        answer = _answered(batch, by, (facility.pk, form.pk, period))
        if answer is None:
            raise
    return answer


def _answered(batch: Batch, by: User, sheet: tuple[int, int, date]) -> dict[str, Any] | None:
    known = Operation.objects.filter(pk=batch.operation).select_related("submission").first()
    if known is None:
        return None
    of = known.submission
    if (known.user_id, known.digest) != (by.pk, batch.digest) or (
        of.facility_id,
        of.form_id,
        of.period,
    ) != sheet:
        raise OperationDiffers
    return known.answer


def _stored(
    facility: Facility, form: Form, period: date, batch: Batch, by: User, begun: Submission | None
) -> tuple[Submission, dict[str, Any]]:
    common: dict[str, Any] = {"facility": facility, "form": form, "period": period, "by": by, "begun": begun}
    plain = {cell: state for cell, state in batch.cells.items() if cell not in batch.mine}
    saved = save_sheet(cells=plain, expected_version=batch.version, **common)
    if batch.mine:
        chosen = {cell: batch.cells[cell] for cell in batch.mine}
        try:
            saved = save_sheet(cells=chosen, expected_version=max(batch.seen, batch.version), **common)
        except StaleVersion as error:
            # The plain cells are undone with it: a page that took their version for seen would write over others.
            error.submission.version -= bool(saved.written)
            raise
    submission = saved.submission
    _write_words(saved, batch, by)
    asks = _submitted(submission, batch, by) if batch.submit else None
    answer = {
        "operation": str(batch.operation),
        "version": submission.version,
        "status": submission.status,
        "others": others_of(saved.rows, batch),
        "submitted": batch.submit is not None and asks is None,
        "asks": asks,
    }
    return submission, answer


def _write_words(saved: Saved, batch: Batch, by: User) -> None:
    """The batch's words. A reason speaks of a value: not of one that somebody else wrote since."""
    for kind, texts in batch.notes.items():
        of = None
        if kind == CellNote.Kind.REASON:
            texts = {cell: text for cell, text in texts.items() if _is_known(saved, cell, batch)}
            of = batch.reasons_of
        write_notes(submission=saved.submission, kind=kind, texts=texts, by=by, of=of)


def _is_known(saved: Saved, cell: Cell, batch: Batch) -> bool:
    """Whether the person saw what the cell holds, or wrote it."""
    row = saved.rows.get(cell)
    return row is None or row.version <= batch.version or batch.cells.get(cell) == row.state


def _submitted(submission: Submission, batch: Batch, by: User) -> dict[str, Any] | None:
    """Submit, or say what stands against it: texts nobody can read, then blanks and warnings not asked about yet."""
    asked = batch.submit
    if unread := unread_cells(submission):
        return {"blanks": 0, "findings": [], "unread": [cell_text(cell) for cell in unread]}
    blanks = blanks_of(submission)
    findings = [found for found in find_breaks([submission]).get(submission.pk, []) if not found.explained]
    unseen = [_finding(found) for found in findings if found.code not in asked.breaks_seen]
    early = early_words(submission.form, submission.period, timezone.localdate())
    if early and EARLY not in asked.breaks_seen:
        unseen.insert(0, {"code": EARLY, "message": early, "cells": []})
    if unseen or (blanks and not asked.blanks_seen):
        return {"blanks": blanks, "findings": unseen}
    submissions.submit(submission=submission, by=by, remark=asked.remark)
    return None


def _finding(found: Any) -> dict[str, Any]:
    return {
        "code": found.code,
        "message": " ".join(filter(None, (found.message, found.detail))),
        "cells": [cell_text(cell) for cell in found.cells],
    }


def others_of(rows: Mapping[Cell, StoredCell], batch: Batch) -> dict[str, Any]:
    """Cells written since the version the browser knew that do not stand as it sent them: somebody else's."""
    return {
        cell_text(cell): write_state(row.state)
        for cell, row in rows.items()
        if row.version > batch.version and batch.cells.get(cell) != row.state
    }


def blanks_of(submission: Submission) -> int:
    """How many cells of the form are not yet entered."""
    entered = DataValue.objects.filter(submission=submission).exclude(value__isnull=True, no_data=False)
    return FormItem.objects.filter(form=submission.form_id).count() - entered.count()


def forget_old_operations(*, now: Any = None) -> int:
    """Remove the answers of operations no browser sends any more; return how many."""
    before = (now or timezone.now()) - timedelta(days=KEPT_DAYS)
    return Operation.objects.filter(at__lt=before).delete()[0]
