"""Where a submission stands, what it went through, and what a person may do with it."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import Subquery
from django.utils import timezone

from facilities.models import Facility, Placement
from indicators.actions.closures import last_month_of
from indicators.deadlines import deadline_of
from indicators.models import Absence, ClosedPeriod, Correction, Form, Submission
from indicators.presenters.due import is_overdue, standing_words
from indicators.presenters.events import changes_since, changes_text, remark_of

Status = Submission.Status


def standing_of(
    facility: Facility, form: Form, period: date, submission: Submission | None
) -> dict[str, Any]:
    """For the form page; `facility` carries can_edit and can_review.

    Two queries for a draft (closures, its last change), one more while it is not filed (why); submitted or
    approved ones ask for the station's remark, what was sent back before for the changes since, approved
    ones for an open proposal.
    """
    today, deadline = timezone.localdate(), deadline_of(form, period)
    is_open = submission is None or submission.is_open
    status = submission.status if submission else ""
    handed_in = status in {Status.SUBMITTED, Status.APPROVED}
    returned = submission is not None and status == Status.SUBMITTED and bool(submission.reason)
    closure = closure_of(facility, form, period)
    return {
        **_life(facility, form, period, submission, closed=closure is not None),
        "closure": closure,
        "deadline": deadline,
        "time": standing_words(submission, deadline, today) if is_open else "",
        "is_late": is_open and is_overdue(submission, deadline, today),
        "last_change": submission and submission.changes.select_related("by").order_by("-at", "-id").first(),
        "can_recall": facility.can_edit and status == Status.SUBMITTED and not closure,
        "can_approve": facility.can_review and status == Status.SUBMITTED and not closure,
        "can_send_back": facility.can_review and handed_in and not closure,
        "station_remark": remark_of(submission) if handed_in else "",
        "was_returned": returned,
        "mended": changes_text(changes_since(submission, moment=submission.decided_at)) if returned else "",
    }


def closure_of(facility: Facility, form: Form, period: date) -> ClosedPeriod | None:
    """The closure that holds where the facility stood in the period, with its area. One query."""
    placed = Placement.objects.filter(
        facility=facility, from_month__lte=last_month_of(period, yearly=form.is_yearly)
    ).order_by("-from_month")
    return (
        ClosedPeriod.objects.filter(
            period=period,
            yearly=form.is_yearly,
            area__coverage__covered=Subquery(placed.values("area")[:1]),
        )
        .select_related("area")
        .first()
    )


def _life(
    facility: Facility, form: Form, period: date, submission: Submission | None, *, closed: bool
) -> dict[str, Any]:
    """What `submissions/_life.html` shows: an open proposal, or why the form is not filed. One query or none."""
    may_write = facility.can_edit or facility.can_review
    status = submission.status if submission else Status.DRAFT
    waiting, absence = None, None
    if status == Status.APPROVED:
        waiting = submission.corrections.filter(status=Correction.Status.PROPOSED).first()
    elif status in {Status.DRAFT, Status.SENT_BACK}:
        key = {"facility": facility, "form_code": form.code, "period": period}
        absence = Absence.objects.filter(**key).select_related("by").first()
    return {
        "open_correction": waiting,
        "can_correct": may_write and status == Status.APPROVED and not closed,
        "absence": absence,
        "can_excuse": may_write and status == Status.DRAFT,
    }
