"""Sending many reports back at once with one reason: the way back from approving many."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.db import transaction

from facilities.models import User
from indicators.actions.submissions import ChangedSince, InvalidTransition, send_back
from indicators.models import Submission


@transaction.atomic
def send_back_many(
    *, submissions: Sequence[Submission], by: User, reason: str, seen: Mapping[int, int]
) -> tuple[list[Submission], list[Submission]]:
    """Send back what is still approved at the version seen (by id): those sent back, and those passed over.

    Passed over are those that changed since and those of a closed period. Each is sent back by the rules of
    send_back, its station told. Raises PermissionDenied, ReasonMissing.
    """
    done, passed = [], []
    for submission in sorted(submissions, key=lambda one: one.pk):
        try:
            send_back(
                submission=submission,
                by=by,
                reason=reason,
                seen=seen.get(submission.pk),
                seen_status=Submission.Status.APPROVED,
            )
        except (ChangedSince, InvalidTransition):
            passed.append(submission)
        else:
            done.append(submission)
    return done, passed
