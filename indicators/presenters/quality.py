"""How complete and how timely reporting is: by form in a period, and by facility."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

from django.utils import timezone

from facilities.models import Facility
from indicators.models import Form, Submission
from indicators.presenters.deadlines import Owed, deadline_of

SENT = (Submission.Status.SUBMITTED, Submission.Status.APPROVED)


@dataclass
class Tally:
    """Forms owed in a period and what became of them; each count is a part of the one before it."""

    owed: int = 0
    sent: int = 0
    on_time: int = 0
    approved: int = 0

    def add(self, other: Tally) -> None:
        self.owed += other.owed
        self.sent += other.sent
        self.on_time += other.on_time
        self.approved += other.approved

    @property
    def missing(self) -> int:
        return self.owed - self.sent

    @property
    def completeness(self) -> float | None:
        """Percent of what is owed that was sent."""
        return self.sent / self.owed * 100 if self.owed else None

    @property
    def timeliness(self) -> float | None:
        """Percent of what is owed that was sent by its deadline."""
        return self.on_time / self.owed * 100 if self.owed else None


@dataclass(frozen=True)
class FacilityRow:
    facility: Facility
    tally: Tally
    missing: list[Form]


@dataclass(frozen=True)
class Quality:
    """`facilities` lack something, the emptiest first."""

    total: Tally
    forms: list[tuple[Form, Tally]]
    facilities: list[FacilityRow]


@dataclass
class _Found:
    tally: Tally = field(default_factory=Tally)
    missing: list[Form] = field(default_factory=list)


def present_quality(owed: Sequence[Owed], period: date) -> Quality:
    """Count what is owed for one period against its submissions: one query."""
    sent = _sent(owed, period)
    total, forms, facilities = Tally(), defaultdict(Tally), defaultdict(_Found)
    by_code: dict[str, Form] = {}
    by_pk: dict[int, Facility] = {}
    for one in owed:
        counted = _count(one, sent.get((one.facility.pk, one.form.code)))
        by_code[one.form.code], by_pk[one.facility.pk] = one.form, one.facility
        total.add(counted)
        forms[one.form.code].add(counted)
        facilities[one.facility.pk].tally.add(counted)
        if counted.missing:
            facilities[one.facility.pk].missing.append(one.form)
    rows = [FacilityRow(by_pk[pk], found.tally, found.missing) for pk, found in facilities.items()]
    lacking = [row for row in rows if row.missing]
    return Quality(
        total=total,
        forms=[(by_code[code], forms[code]) for code in sorted(forms)],
        facilities=sorted(lacking, key=lambda row: (row.tally.completeness or 0, row.facility.name)),
    )


def _sent(owed: Iterable[Owed], period: date) -> dict[tuple[int, str], Submission]:
    facilities = {one.facility.pk for one in owed}
    found = Submission.objects.filter(period=period, status__in=SENT).select_related("form")
    return {(s.facility_id, s.form.code): s for s in found if s.facility_id in facilities}


def _count(one: Owed, submission: Submission | None) -> Tally:
    if submission is None:
        return Tally(owed=1)
    deadline = deadline_of(one.form, one.period)
    in_time = deadline is None or timezone.localdate(submission.submitted_at) <= deadline
    return Tally(1, 1, int(in_time), int(submission.status == Submission.Status.APPROVED))
