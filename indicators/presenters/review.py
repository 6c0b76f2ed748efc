"""The review list: each submission with its commune, its lateness and the rules it breaks."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils import timezone

from indicators.actions.log import communes_of
from indicators.checks import Finding, find_breaks
from indicators.models import Submission
from indicators.presenters.deadlines import deadline_of
from indicators.presenters.periods import period_words


@dataclass(frozen=True)
class SubmissionQuery:
    """What the list is filtered by; empty means any."""

    status: str
    period_text: str
    period: date | None
    yearly: bool
    form: str
    search: str
    warned: bool = False


@dataclass(frozen=True)
class ReviewRow:
    submission: Submission
    period: str
    commune: str
    findings: list[Finding]
    is_late: bool


def review_rows(submissions: Sequence[Submission]) -> list[ReviewRow]:
    """Rows of one page; four queries for any number: communes, rules, values, earlier months."""
    if not submissions:
        return []
    communes, breaks = communes_of(submissions), find_breaks(submissions)
    return [
        ReviewRow(
            submission=submission,
            period=period_words(submission.period, yearly=submission.form.is_yearly),
            commune=communes[submission.pk].name if submission.pk in communes else "",
            findings=breaks.get(submission.pk, []),
            is_late=_is_late(submission),
        )
        for submission in submissions
    ]


def with_findings(submissions: Iterable[Submission]) -> list[Submission]:
    """Those that break a rule, in their order. Reads the values of all: narrow to some hundreds first."""
    found = list(submissions)
    breaks = find_breaks(found)
    return [submission for submission in found if submission.pk in breaks]


def _is_late(submission: Submission) -> bool:
    deadline = deadline_of(submission.form, submission.period)
    handed_in = submission.submitted_at
    return bool(deadline and handed_in and timezone.localtime(handed_in).date() > deadline)
