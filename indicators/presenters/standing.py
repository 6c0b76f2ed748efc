"""Where a submission stands, what it went through, and what a person may do with it."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils import timezone

from facilities.models import Facility
from indicators.models import Form, Submission
from indicators.presenters.deadlines import deadline_of
from indicators.presenters.due import is_overdue, standing_words
from indicators.presenters.events import changes_since, changes_text, remark_of

Status = Submission.Status


def standing_of(
    facility: Facility, form: Form, period: date, submission: Submission | None
) -> dict[str, Any]:
    """For the form page; `facility` carries can_edit and can_review.

    One query for a draft (its last change); submitted or approved ones ask for the station's remark, and
    what was sent back before for the changes since.
    """
    today, deadline = timezone.localdate(), deadline_of(form, period)
    is_open = submission is None or submission.is_open
    status = submission.status if submission else ""
    handed_in = status in {Status.SUBMITTED, Status.APPROVED}
    returned = submission is not None and status == Status.SUBMITTED and bool(submission.reason)
    return {
        "deadline": deadline,
        "time": standing_words(submission, deadline, today) if is_open else "",
        "is_late": is_open and is_overdue(submission, deadline, today),
        "last_change": submission and submission.changes.select_related("by").order_by("-at", "-id").first(),
        "can_recall": facility.can_edit and status == Status.SUBMITTED,
        "can_approve": facility.can_review and status == Status.SUBMITTED,
        "can_send_back": facility.can_review and handed_in,
        "station_remark": remark_of(submission) if handed_in else "",
        "was_returned": returned,
        "mended": changes_text(changes_since(submission, moment=submission.decided_at)) if returned else "",
    }
