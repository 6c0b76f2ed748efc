"""The way of a submission: draft → submitted → approved, or sent back, or recalled by its station.

Every step that lets figures into a result or takes them out marks it stale: approved figures make the
official result, submitted ones the provisional one.
"""

from __future__ import annotations

from collections.abc import Sequence
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


class ReasonMissing(Exception):
    """Sending back asks for a reason the station can act on."""

    def __init__(self) -> None:
        super().__init__(_("Trả lại phải nêu lý do."))


@dataclass(frozen=True)
class Decided:
    """What approve_many approved, and what it passed over because it was no longer submitted."""

    approved: list[Submission]
    skipped: list[Submission]


@transaction.atomic
def submit(*, submission: Submission, by: User) -> Submission:
    """Hand a draft or a submission sent back to review. Broken rules are shown, they do not block.

    Raises PermissionDenied, InvalidTransition.
    """
    require(by, Permission.EDIT_SUBMISSION, submission.facility)
    now = timezone.now()
    open_states = {Status.DRAFT, Status.SENT_BACK}
    _move(submission, open_states, status=Status.SUBMITTED, submitted_at=now, submitted_by=by)
    mark_stale([submission])
    record_each(by=by, verb="submit", submissions=[submission], version=submission.version)
    return submission


@transaction.atomic
def recall(*, submission: Submission, by: User) -> Submission:
    """Take back what was submitted and not yet decided. Raises PermissionDenied, InvalidTransition."""
    require(by, Permission.EDIT_SUBMISSION, submission.facility)
    _move(submission, {Status.SUBMITTED}, status=Status.DRAFT, submitted_at=None, submitted_by=None)
    mark_stale([submission])
    record_each(by=by, verb="recall", submissions=[submission], version=submission.version)
    return submission


@transaction.atomic
def approve(*, submission: Submission, by: User) -> Submission:
    """Let a submission into the official results. Raises PermissionDenied, InvalidTransition."""
    require(by, Permission.REVIEW_SUBMISSION, submission.facility)
    now = timezone.now()
    _move(submission, {Status.SUBMITTED}, status=Status.APPROVED, decided_at=now, decided_by=by, reason="")
    mark_stale([submission])
    record_each(by=by, verb="approve", submissions=[submission], version=submission.version)
    return submission


@transaction.atomic
def approve_many(*, submissions: Sequence[Submission], by: User) -> Decided:
    """Approve all that are still submitted, in one go; the others are passed over and named.

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
def send_back(*, submission: Submission, by: User, reason: str) -> Submission:
    """Give a submission, even an approved one, back to its station; its figures leave the results.

    Raises PermissionDenied, ReasonMissing, InvalidTransition.
    """
    require(by, Permission.REVIEW_SUBMISSION, submission.facility)
    if not reason.strip():
        raise ReasonMissing
    before = submission.status
    _move(
        submission,
        {Status.SUBMITTED, Status.APPROVED},
        status=Status.SENT_BACK,
        decided_at=timezone.now(),
        decided_by=by,
        reason=reason.strip(),
    )
    mark_stale([submission])
    record_each(by=by, verb="send_back", submissions=[submission], before=before, reason=reason.strip())
    return submission


def _move(submission: Submission, allowed: set[Status], **fields: object) -> None:
    """Update the row where its status still allows it, and the object with it."""
    moved = Submission.objects.filter(pk=submission.pk, status__in=allowed).update(**fields)
    if not moved:
        submission.refresh_from_db(fields=["status"])
        raise InvalidTransition(submission)
    for name, value in fields.items():
        setattr(submission, name, value)
