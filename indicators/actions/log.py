"""Audit events of submissions, with the commune they concern."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils import timezone

from facilities.models import Area, AuditEvent, Placement, User
from facilities.models.log import SYSTEM
from indicators.actions.closures import last_month_of
from indicators.models import Submission


def communes_of(submissions: Sequence[Submission]) -> dict[int, Area]:
    """The commune each submission's facility stood in for the period, by submission id; `form` is loaded. One query."""
    placements = (
        Placement.objects.filter(facility__in={s.facility_id for s in submissions})
        .order_by("-from_month")
        .select_related("area")
    )
    newest_first: dict[int, list[Placement]] = {}
    for placement in placements:
        newest_first.setdefault(placement.facility_id, []).append(placement)
    found = {}
    for submission in submissions:
        own = newest_first.get(submission.facility_id, [])
        month = last_month_of(submission.period, yearly=submission.form.is_yearly)
        at_the_time = [p.area for p in own if p.from_month <= month]
        if own:
            found[submission.pk] = at_the_time[0] if at_the_time else own[-1].area
    return found


def record_each(*, by: User | None, verb: str, submissions: Sequence[Submission], **details: Any) -> None:
    """One event a submission, in the caller's transaction and two queries. `by` None is the system itself."""
    communes, now = communes_of(submissions), timezone.now()
    AuditEvent.objects.bulk_create(
        [
            AuditEvent(
                at=now,
                actor_id=by.pk if by else None,
                actor=by.display_name if by else SYSTEM,
                verb=verb,
                subject_type=submission._meta.label_lower,
                subject_id=str(submission.pk),
                subject=str(submission)[:300],
                area_id=communes[submission.pk].pk if submission.pk in communes else None,
                details=details,
            )
            for submission in submissions
        ],
        batch_size=1000,
    )
