"""Correcting an approved submission: a proposal with a reason, which somebody else accepts whole or refuses.

The station knows the figure, the reviewer answers for the result: so a change keeps both. Its history names
who proposed it as its author (`DataValueChange.by`, source "correction"); the proposal names who accepted it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from facilities.models import User
from facilities.permissions import Permission, has_permission, require
from indicators.actions.closures import refuse_closed
from indicators.actions.figure_errors import ImpossibleValue, InvalidTransition, UnknownCell
from indicators.actions.log import record_each
from indicators.actions.marks import mark_stale
from indicators.actions.sheet_rows import sheet_rows, write_states
from indicators.actions.submissions import ChangedSince
from indicators.expressions import Cell, cell_text
from indicators.models import Correction, CorrectionCell, Submission
from indicators.values import BLANK, CellValue

Status = Correction.Status
MOST_CHARS = 500
HISTORY_CHARS = 300


class CorrectionRefused(Exception):
    """A proposal can not be made or decided; the text says why and what to do."""


@dataclass(frozen=True)
class Moved:
    """A cell that no longer holds the value the proposal was made over."""

    cell: Cell
    proposed_over: CellValue
    now: CellValue
    asked: CellValue


class CellsMoved(CorrectionRefused):
    """Cells changed since the proposal was made. Nothing was written."""

    def __init__(self, moved: list[Moved]) -> None:
        blank = _("trống")
        cells = "; ".join(
            _("%(cell)s: khi đề nghị %(then)s, nay %(now)s")
            % {
                "cell": cell_text(one.cell),
                "then": str(one.proposed_over) or blank,
                "now": str(one.now) or blank,
            }
            for one in moved
        )
        words = _("Số liệu đã thay đổi từ khi đề nghị (%(cells)s). Không chấp nhận đề nghị này, rồi lập lại.")
        super().__init__(words % {"cells": cells})
        self.moved = moved


@transaction.atomic
def propose_correction(
    *, submission: Submission, cells: Mapping[Cell, CellValue], reason: str, by: User, seen: int | None = None
) -> Correction:
    """Ask for other values in cells of an approved submission; cells that already hold them are left out.

    With `seen` only while the submission is at that version. Raises PermissionDenied, InvalidTransition,
    ChangedSince, PeriodClosed, UnknownCell, ImpossibleValue, CorrectionRefused (no reason, nothing to change,
    another proposal is open).
    """
    if not any(has_permission(by, asked, submission.facility) for asked in MAY_PROPOSE):
        raise PermissionDenied(Permission.EDIT_SUBMISSION)
    reason = reason.strip()[:MOST_CHARS]
    if not reason:
        raise CorrectionRefused(_("Cần ghi vì sao sửa."))
    if impossible := [cell for cell, state in cells.items() if not state.is_possible]:
        raise ImpossibleValue(impossible)
    _lock_approved(submission)
    if seen is not None and submission.version != seen:
        raise ChangedSince(submission)
    rows = sheet_rows(submission)
    if unknown := [cell for cell in cells if cell not in rows]:
        raise UnknownCell(unknown)
    changed = {cell: state for cell, state in cells.items() if rows[cell].state != state}
    if not changed:
        raise CorrectionRefused(_("Chưa có ô nào khác với số đã duyệt."))
    if submission.corrections.filter(status=Status.PROPOSED).exists():
        raise CorrectionRefused(_("Báo cáo này đang có một đề nghị chờ xem xét."))
    correction = Correction.objects.create(
        submission=submission, reason=reason, proposed_at=timezone.now(), proposed_by=by
    )
    CorrectionCell.objects.bulk_create(
        _cell(correction, rows[cell].key, rows[cell].state, state) for cell, state in changed.items()
    )
    _log(correction, by, "propose_correction", reason=reason, cells=[cell_text(cell) for cell in changed])
    return correction


MAY_PROPOSE = (Permission.EDIT_SUBMISSION, Permission.REVIEW_SUBMISSION)


@transaction.atomic
def accept_correction(*, correction: Correction, by: User, answer: str = "") -> Correction:
    """Write the proposed values: version, history, stale marks and log at once. The status stays approved.

    Raises PermissionDenied, InvalidTransition, PeriodClosed, CellsMoved, CorrectionRefused (decided meanwhile,
    one's own proposal).
    """
    submission = correction.submission
    _may_decide(correction, by)
    _lock_approved(submission)
    asked = list(correction.cells.select_related("element", "group"))
    stored = {row.key: row.state for row in sheet_rows(submission).values()}
    if moved := [one for cell in asked if (one := _moved(cell, stored)) is not None]:
        raise CellsMoved(moved)
    now = timezone.now()
    _decide(correction, Status.ACCEPTED, by=by, answer=answer, now=now)
    write_states(
        submission,
        {(cell.element_id, cell.group_id): _new(cell) for cell in asked},
        stored,
        by=correction.proposed_by,
        source="correction",
        reason=correction.reason[:HISTORY_CHARS],
        now=now,
    )
    mark_stale([submission])
    proposer = correction.proposed_by.display_name if correction.proposed_by else ""
    _log(
        correction,
        by,
        "accept_correction",
        reason=correction.reason,
        answer=correction.answer,
        proposed_by=proposer,
        version=submission.version,
        cells={_name(cell): [str(_old(cell)), str(_new(cell))] for cell in asked},
    )
    return correction


@transaction.atomic
def refuse_correction(*, correction: Correction, by: User, answer: str) -> Correction:
    """Leave the figures as they are, and say why. Raises PermissionDenied, CorrectionRefused."""
    _may_decide(correction, by)
    if not answer.strip():
        raise CorrectionRefused(_("Không chấp nhận thì phải ghi trả lời."))
    _decide(correction, Status.REFUSED, by=by, answer=answer, now=timezone.now())
    _log(correction, by, "refuse_correction", reason=correction.answer)
    return correction


@transaction.atomic
def withdraw_correction(*, correction: Correction, by: User) -> Correction:
    """Take one's own proposal back. Raises PermissionDenied, CorrectionRefused."""
    if by.pk != correction.proposed_by_id:
        raise PermissionDenied(Permission.EDIT_SUBMISSION)
    _decide(correction, Status.WITHDRAWN, by=by, answer="", now=timezone.now())
    _log(correction, by, "withdraw_correction")
    return correction


def _may_decide(correction: Correction, by: User) -> None:
    require(by, Permission.REVIEW_SUBMISSION, correction.submission.facility)
    if by.pk == correction.proposed_by_id:
        raise CorrectionRefused(_("Đề nghị của mình do người khác xem xét; bạn chỉ có thể rút."))


def _decide(correction: Correction, status: str, *, by: User, answer: str, now: object) -> None:
    """Of two who decide at once the first does."""
    fields = {
        "status": status,
        "decided_at": now,
        "decided_by": by,
        "answer": answer.strip()[:MOST_CHARS],
    }
    if not Correction.objects.filter(pk=correction.pk, status=Status.PROPOSED).update(**fields):
        correction.refresh_from_db(fields=["status"])
        words = _("Đề nghị này không còn chờ xem xét: %(status)s.")
        raise CorrectionRefused(words % {"status": correction.get_status_display()})
    for name, value in fields.items():
        setattr(correction, name, value)


def _lock_approved(submission: Submission) -> None:
    """Lock the row, take its state of now, and see that it is approved and its period open."""
    row = Submission.objects.select_for_update().get(pk=submission.pk)
    submission.status, submission.version = row.status, row.version
    refuse_closed([submission])
    if submission.status != Submission.Status.APPROVED:
        raise InvalidTransition(submission)


def _cell(correction: Correction, key: tuple[int, int], old: CellValue, new: CellValue) -> CorrectionCell:
    return CorrectionCell(
        correction=correction,
        element_id=key[0],
        group_id=key[1],
        old_value=old.value,
        old_no_data=old.no_data,
        new_value=new.value,
        new_no_data=new.no_data,
    )


def _old(cell: CorrectionCell) -> CellValue:
    return CellValue(cell.old_value, cell.old_no_data)


def _new(cell: CorrectionCell) -> CellValue:
    return CellValue(cell.new_value, cell.new_no_data)


def _name(cell: CorrectionCell) -> str:
    return cell_text((cell.element.code, cell.group.code))


def _moved(cell: CorrectionCell, stored: Mapping[tuple[int, int], CellValue]) -> Moved | None:
    now = stored.get((cell.element_id, cell.group_id), BLANK)
    if now == _old(cell):
        return None
    return Moved((cell.element.code, cell.group.code), _old(cell), now, _new(cell))


def _log(correction: Correction, by: User, verb: str, **details: object) -> None:
    record_each(by=by, verb=verb, submissions=[correction.submission], correction=correction.pk, **details)
