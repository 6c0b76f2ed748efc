"""The review list: each submission with its commune, its lateness and the rules it breaks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils import timezone

from indicators.actions.log import communes_of
from indicators.checks import Finding, find_breaks
from indicators.deadlines import deadline_of
from indicators.models import Form, Submission
from indicators.presenters.periods import period_words

CHECKED_AT_ONCE = 1500  # more would take seconds to hold against their rules


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

    @property
    def unexplained(self) -> int:
        """Warnings of which the station said nothing at any of their cells."""
        return unexplained(self.findings)


def review_rows(submissions: Sequence[Submission]) -> list[ReviewRow]:
    """Rows of one page; a fixed number of queries: the communes and what find_breaks asks."""
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


@dataclass(frozen=True)
class Approval:
    """What would be approved at once: how many of each form and period, and the rows with unexplained warnings."""

    rows: list[ReviewRow]
    counts: list[tuple[Form, str, int]]

    @property
    def warned(self) -> list[ReviewRow]:
        return [row for row in self.rows if row.unexplained]

    @property
    def clean(self) -> list[ReviewRow]:
        return [row for row in self.rows if not row.unexplained]


def approval_of(submissions: Sequence[Submission]) -> Approval:
    """The same queries as review_rows."""
    rows = review_rows(submissions)
    found = Counter((row.submission.form.code, row.submission.period, row.period) for row in rows)
    forms = {row.submission.form.code: row.submission.form for row in rows}
    return Approval(rows, [(forms[code], words, n) for (code, _period, words), n in sorted(found.items())])


def unexplained(findings: Iterable[Finding]) -> int:
    """How many warnings stand without a reason for the values they speak of."""
    return sum(not finding.explained for finding in findings)


def with_findings(submissions: Iterable[Submission]) -> list[Submission]:
    """Those that break a rule, in their order. Reads the values of all: narrow to some hundreds first."""
    found = list(submissions)
    breaks = find_breaks(found)
    return [submission for submission in found if submission.pk in breaks]


def _is_late(submission: Submission) -> bool:
    deadline = deadline_of(submission.form, submission.period)
    handed_in = submission.first_submitted_at
    return bool(deadline and handed_in and timezone.localtime(handed_in).date() > deadline)
