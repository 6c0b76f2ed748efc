"""The way of a submission: draft → submitted → approved, or sent back, or recalled by its station.

Every step that lets figures into a result or takes them out marks it stale: approved figures make the
official result, submitted ones the provisional one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from facilities.models import User
from facilities.permissions import Permission, facilities_for, require
from indicators.actions.log import record_each
from indicators.actions.marks import mark_stale
from indicators.models import Submission

Status = Submission.Status


class InvalidTransition(Exception):
    """The submission's status does not allow this step (any more)."""

    def __init__(self, submission: Submission) -> None:
        status = Status(submission.status).label
        text = _("Báo cáo đang ở trạng thái “%(status)s”, không làm được việc này.")
        super().__init__(text % {"status": status})
        self.submission = submission


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
    """What approve_many approved, and what it passed over because it was no longer submitted as seen."""

    approved: list[Submission]
    skipped: list[Submission]


@transaction.atomic
def submit(*, submission: Submission, by: User, remark: str = "") -> Submission:
    """Hand a draft or a submission sent back to review. Broken rules are shown, they do not block.

    `remark` is what the station says about figures that look odd; the log keeps it for the reviewer.
    Raises PermissionDenied, InvalidTransition.
    """
    require(by, Permission.EDIT_SUBMISSION, submission.facility)
    now = timezone.now()
    open_states = {Status.DRAFT, Status.SENT_BACK}
    _move(submission, open_states, status=Status.SUBMITTED, submitted_at=now, submitted_by=by)
    mark_stale([submission])
    details = {"remark": remark.strip()} if remark.strip() else {}
    record_each(by=by, verb="submit", submissions=[submission], version=submission.version, **details)
    return submission


@transaction.atomic
def recall(*, submission: Submission, by: User) -> Submission:
    """Take back what was submitted and not yet decided. Raises PermissionDenied, InvalidTransition.

    What had been sent back before is sent back still: its reason stays in force until it is approved.
    """
    require(by, Permission.EDIT_SUBMISSION, submission.facility)
    status = Status.SENT_BACK if submission.reason else Status.DRAFT
    _move(submission, {Status.SUBMITTED}, status=status, submitted_at=None, submitted_by=None)
    mark_stale([submission])
    record_each(by=by, verb="recall", submissions=[submission], version=submission.version)
    return submission


@transaction.atomic
def approve(*, submission: Submission, by: User, seen: int | None = None) -> Submission:
    """Let a submission into the official results; with `seen`, only while it is still at that version.

    Raises PermissionDenied, InvalidTransition, ChangedSince.
    """
    require(by, Permission.REVIEW_SUBMISSION, submission.facility)
    fields = {"status": Status.APPROVED, "decided_at": timezone.now(), "decided_by": by, "reason": ""}
    _move(submission, {Status.SUBMITTED}, seen=seen, **fields)
    mark_stale([submission])
    record_each(by=by, verb="approve", submissions=[submission], version=submission.version)
    return submission


@transaction.atomic
def approve_many(
    *, submissions: Sequence[Submission], by: User, seen: Mapping[int, int] | None = None
) -> Decided:
    """Approve all that are still submitted, in one go; the others are passed over and named.

    With `seen` (submission id → version on the page) those that moved on since are passed over too.
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
    now = timezone.now()
    Submission.objects.filter(pk__in=[s.pk for s in chosen]).update(
        status=Status.APPROVED, decided_at=now, decided_by=by, reason=""
    )
    for submission in chosen:
        submission.status, submission.decided_at, submission.decided_by = Status.APPROVED, now, by
    mark_stale(chosen)
    record_each(by=by, verb="approve", submissions=chosen)
    approved = {submission.pk for submission in chosen}
    return Decided(chosen, [submission for submission in submissions if submission.pk not in approved])


@transaction.atomic
def send_back(
    *,
    submission: Submission,
    by: User,
    reason: str,
    seen: int | None = None,
    seen_status: str | None = None,
) -> Submission:
    """Give a submission, even an approved one, back to its station; its figures leave the results.

    With `seen` and `seen_status` only while it is still what the person saw.
    Raises PermissionDenied, ReasonMissing, InvalidTransition, ChangedSince.
    """
    require(by, Permission.REVIEW_SUBMISSION, submission.facility)
    if not reason.strip():
        raise ReasonMissing
    allowed = {Status.SUBMITTED, Status.APPROVED}
    if seen_status is not None:
        allowed &= {seen_status}
    before = seen_status or submission.status
    fields = {"status": Status.SENT_BACK, "decided_at": timezone.now(), "decided_by": by}
    _move(submission, allowed, seen=seen, reason=reason.strip(), **fields)
    mark_stale([submission])
    record_each(by=by, verb="send_back", submissions=[submission], before=before, reason=reason.strip())
    return submission


def _move(submission: Submission, allowed: set[Status], *, seen: int | None = None, **fields: object) -> None:
    """Update the row where its status and version still allow it, and the object with it."""
    row = Submission.objects.filter(pk=submission.pk, status__in=allowed)
    moved = (row if seen is None else row.filter(version=seen)).update(**fields)
    if not moved:
        submission.refresh_from_db(fields=["status", "version"])
        if seen is not None and submission.version != seen:
            raise ChangedSince(submission)
        raise InvalidTransition(submission)
    for name, value in fields.items():
        setattr(submission, name, value)
