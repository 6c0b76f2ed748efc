"""The way of a submission: draft → submitted → approved, or sent back, or recalled by its station.

Every step that lets figures into a result or takes them out marks it stale: approved figures make the
official result, submitted ones the provisional one.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from facilities.models import User
from facilities.permissions import Permission, facilities_for, require
from indicators.actions.absences import end_absences
from indicators.actions.closures import closed_slots, refuse_closed, slot_of
from indicators.actions.figure_errors import InvalidTransition, PeriodClosed, UnreadTexts
from indicators.actions.log import record_each
from indicators.actions.marks import mark_stale
from indicators.actions.notes import unread_cells, write_notes
from indicators.actions.reminders import tell_approved, tell_sent_back
from indicators.expressions import Cell, cell_text
from indicators.models import CellNote, Correction, FormItem, Submission

__all__ = [
    "ChangedSince",
    "Decided",
    "InvalidTransition",
    "PeriodClosed",
    "ReasonMissing",
    "UnreadTexts",
    "approve",
    "approve_many",
    "recall",
    "send_back",
    "submit",
]

Status = Submission.Status


class ChangedSince(Exception):
    """The submission is not the one the person saw: its figures or its status moved on. Nothing was done."""

    def __init__(self, submission: Submission) -> None:
        super().__init__(_("Báo cáo đã thay đổi sau khi bạn mở. Xem lại rồi quyết định."))
        self.submission = submission


class ReasonMissing(Exception):
    """Sending back asks for a reason the station can act on."""

    def __init__(self) -> None:
        super().__init__(_("Trả lại phải nêu lý do."))


@dataclass(frozen=True)
class Decided:
    """What approve_many approved, and what it passed over: moved on since seen, or `closed`: of a closed period."""

    approved: list[Submission]
    skipped: list[Submission]
    closed: list[Submission]


@transaction.atomic
def submit(*, submission: Submission, by: User, remark: str = "") -> Submission:
    """Hand a draft or a submission sent back to review. Broken rules are shown, they do not block.

    `remark` is what the station says about figures that look odd; the log keeps it for the reviewer.
    Words that said why it was not filed yet go into the log with it.
    Raises PermissionDenied, InvalidTransition, PeriodClosed, UnreadTexts.
    """
    require(by, Permission.EDIT_SUBMISSION, submission.facility)
    now = timezone.now()
    first = submission.first_submitted_at or now
    fields = {"submitted_at": now, "submitted_by": by, "first_submitted_at": first}
    _move(submission, {Status.DRAFT, Status.SENT_BACK}, status=Status.SUBMITTED, **fields)
    if unread := unread_cells(submission):
        raise UnreadTexts(submission, unread)
    mark_stale([submission])
    absence = end_absences([submission]).get(submission.pk, "")
    told = {"remark": remark.strip(), "absence": absence}
    details = {name: text for name, text in told.items() if text}
    record_each(by=by, verb="submit", submissions=[submission], version=submission.version, **details)
    return submission


@transaction.atomic
def recall(*, submission: Submission, by: User) -> Submission:
    """Take back what was submitted and not yet decided. Raises PermissionDenied, InvalidTransition, PeriodClosed.

    What had been sent back before is sent back still: its reason stays in force until it is approved, and it
    came in when it first came in. What nobody had looked at was never handed in.
    """
    require(by, Permission.EDIT_SUBMISSION, submission.facility)
    submission.refresh_from_db(
        fields=["status", "reason", "first_submitted_at"],
        from_queryset=Submission.objects.select_for_update(),
    )
    status = Status.SENT_BACK if submission.reason else Status.DRAFT
    first = submission.first_submitted_at if submission.reason else None
    fields = {
        "submitted_at": None,
        "submitted_by": None,
        "first_submitted_at": first,
        "nothing_occurred": False,
    }
    _move(submission, {Status.SUBMITTED}, status=status, **fields)
    mark_stale([submission])
    record_each(by=by, verb="recall", submissions=[submission], version=submission.version)
    return submission


@transaction.atomic
def approve(*, submission: Submission, by: User, seen: int | None = None) -> Submission:
    """Let a submission into the official results; with `seen`, only while it is still at that version.

    What was said of its cells when it was sent back is settled with it.
    Raises PermissionDenied, InvalidTransition, ChangedSince, PeriodClosed.
    """
    require(by, Permission.REVIEW_SUBMISSION, submission.facility)
    fields = {"status": Status.APPROVED, "decided_at": timezone.now(), "decided_by": by, "reason": ""}
    _move(submission, {Status.SUBMITTED}, seen=seen, **fields)
    _settle([submission])
    mark_stale([submission])
    record_each(by=by, verb="approve", submissions=[submission], version=submission.version)
    tell_approved([submission])
    return submission


@transaction.atomic
def approve_many(
    *, submissions: Sequence[Submission], by: User, seen: Mapping[int, int] | None = None
) -> Decided:
    """Approve all that are still submitted, in one go; the others are passed over and named.

    With `seen` (submission id → version on the page) those that moved on since are passed over too, and so
    are those of a closed period.
    Raises PermissionDenied, and approves none, where one of them is not the person's to review.
    """
    facilities = {submission.facility_id for submission in submissions}
    mine = facilities_for(by, Permission.REVIEW_SUBMISSION).filter(pk__in=facilities)
    if mine.count() != len(facilities):
        raise PermissionDenied(Permission.REVIEW_SUBMISSION)
    chosen = list(
        Submission.objects.select_for_update(of=("self",))
        .filter(pk__in=[submission.pk for submission in submissions], status=Status.SUBMITTED)
        .select_related("facility", "form")
        .order_by("pk")
    )
    if seen is not None:
        chosen = [submission for submission in chosen if seen.get(submission.pk) == submission.version]
    shut = closed_slots(map(slot_of, chosen))
    closed = [submission for submission in chosen if slot_of(submission) in shut]
    chosen = [submission for submission in chosen if slot_of(submission) not in shut]
    now = timezone.now()
    Submission.objects.filter(pk__in=[s.pk for s in chosen]).update(
        status=Status.APPROVED, decided_at=now, decided_by=by, reason=""
    )
    for submission in chosen:
        submission.status, submission.decided_at, submission.decided_by = Status.APPROVED, now, by
    _settle(chosen)
    mark_stale(chosen)
    record_each(by=by, verb="approve", submissions=chosen)
    tell_approved(chosen)
    dealt_with = {submission.pk for submission in [*chosen, *closed]}
    skipped = [submission for submission in submissions if submission.pk not in dealt_with]
    return Decided(chosen, skipped, closed)


@transaction.atomic
def send_back(
    *,
    submission: Submission,
    by: User,
    reason: str,
    cells: Mapping[Cell, str] | None = None,
    seen: int | None = None,
    seen_status: str | None = None,
) -> Submission:
    """Give a submission, even an approved one, back to its station; its figures leave the results.

    `cells` says of single cells what is wrong; the clerk reads it there. Without a `reason` for the whole
    the reasons of the cells make one. A proposal to correct it that is open is answered with the reason.
    With `seen` and `seen_status` only while it is still what the person saw.
    Raises PermissionDenied, ReasonMissing, UnknownCell, InvalidTransition, ChangedSince, PeriodClosed.
    """
    require(by, Permission.REVIEW_SUBMISSION, submission.facility)
    told = {cell: text.strip() for cell, text in (cells or {}).items() if text.strip()}
    names = _names(submission, told)
    reason = reason.strip() or "; ".join(f"{names[cell]}: {text}" for cell, text in told.items())
    if not reason:
        raise ReasonMissing
    allowed = {Status.SUBMITTED, Status.APPROVED}
    if seen_status is not None:
        allowed &= {seen_status}
    before = seen_status or submission.status
    fields = {"status": Status.SENT_BACK, "decided_at": timezone.now(), "decided_by": by}
    _move(submission, allowed, seen=seen, reason=reason, **fields)
    _settle([submission])
    write_notes(submission=submission, kind=CellNote.Kind.SENT_BACK, texts=told, by=by)
    _answer_proposals(submission, by=by, answer=reason)
    mark_stale([submission])
    details = {}
    if told:
        details["cells"] = {cell_text(cell): text for cell, text in told.items()}
        details["names"] = {cell_text(cell): name for cell, name in names.items()}
    record_each(by=by, verb="send_back", submissions=[submission], before=before, reason=reason, **details)
    tell_sent_back(submission)
    return submission


def _names(submission: Submission, cells: Iterable[Cell]) -> dict[Cell, str]:
    """How the form names these cells; one it does not have keeps its code, and is refused where it is written."""
    wanted = list(cells)
    if not wanted:
        return {}
    items = FormItem.objects.filter(
        form=submission.form_id, element__code__in={code for code, _group in wanted}
    )
    found = {
        (item.element.code, item.group.code): item.written_name
        for item in items.select_related("element", "group")
    }
    return {cell: found.get(cell) or cell_text(cell) for cell in wanted}


def _settle(submissions: Sequence[Submission]) -> None:
    """Take away what was said of cells when they were last sent back; the log keeps it."""
    CellNote.objects.filter(submission__in=submissions, kind=CellNote.Kind.SENT_BACK).delete()


def _answer_proposals(submission: Submission, *, by: User, answer: str) -> None:
    """A submission sent back is mended by its station: a proposal to correct it has no object any more."""
    Correction.objects.filter(submission=submission, status=Correction.Status.PROPOSED).update(
        status=Correction.Status.REFUSED, decided_at=timezone.now(), decided_by=by, answer=answer[:500]
    )


def _move(submission: Submission, allowed: set[Status], *, seen: int | None = None, **fields: object) -> None:
    """Update the row where its status and version still allow it, and the object with it.

    The row is locked before closed periods are asked for: who closes one waits for it (closing.close_period).
    """
    list(Submission.objects.select_for_update().filter(pk=submission.pk).values_list("pk"))
    refuse_closed([submission])
    row = Submission.objects.filter(pk=submission.pk, status__in=allowed)
    moved = (row if seen is None else row.filter(version=seen)).update(**fields)
    if not moved:
        submission.refresh_from_db(fields=["status", "version"])
        if seen is not None and submission.version != seen:
            raise ChangedSince(submission)
        raise InvalidTransition(submission)
    for name, value in fields.items():
        setattr(submission, name, value)
