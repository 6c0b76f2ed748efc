"""How many reports of each form an area owed, how many came, in time, were approved, and were corrected later."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q, QuerySet
from django.db.models.functions import TruncDate
from django.utils import timezone

from facilities.models import Area, AuditEvent, Facility
from facilities.periods import Month
from indicators.actions.duties import is_due
from indicators.deadlines import deadline_of
from indicators.models import Correction, DataValueChange, Duty, Form, Submission
from indicators.presenters.history import CORRECTION
from reporting.content.owing import is_asked_for

HANDED_IN = (Submission.Status.SUBMITTED, Submission.Status.APPROVED)
# Facility, form code, period: versions of a form are one form.
Slot = tuple[int, str, date]
Owed = Mapping[Slot, Form]


@dataclass
class FormCounts:
    """Reports of one form, of a facility for a period each, of those due; `corrected_cells` counts cells."""

    name: str
    due: int = 0
    handed_in: int = 0
    in_time: int = 0
    approved: int = 0
    corrected_reports: int = 0
    corrected_cells: int = 0


def count_forms(area: Area, last: Month) -> dict[str, FormCounts]:
    """By form code, from January to `last`. Five queries for any number of facilities.

    Only what is due is counted: a report nobody owes does not stand for one that is missing.
    """
    facilities = Facility.objects.within(Area.objects.filter(pk=area.pk))
    owed = _owed(facilities, last)
    counted: dict[str, FormCounts] = {}
    for (_facility, code, _period), form in owed.items():
        counted.setdefault(code, FormCounts(form.name)).due += 1
    period = (date(last.year, 1, 1), last.first_day)
    submissions = Submission.objects.filter(facility__in=facilities, period__range=period)
    _count_submissions(submissions, owed, counted)
    _count_corrections(submissions, owed, counted, last.year)
    return counted


def _owed(facilities: QuerySet[Facility], last: Month) -> dict[Slot, Form]:
    """What is due with the version owed, as the matrix of submissions reckons it: the oldest of several."""
    january, december = date(last.year, 1, 1), date(last.year, 12, 1)
    duties = Duty.objects.filter(
        Q(to_month__isnull=True) | Q(to_month__gt=january), facility__in=facilities, from_month__lte=december
    ).select_related("form")
    months = [month.first_day for month in Month(last.year, 1).until(last)]
    periods: dict[int, list[date]] = {}
    owed: dict[Slot, Form] = {}
    for duty in duties.order_by("form__valid_from", "from_month"):
        form = duty.form
        if form.pk not in periods:
            own = [january] if form.is_yearly else months
            periods[form.pk] = [period for period in own if is_asked_for(form, period, last)]
        for period in periods[form.pk]:
            if is_due(duty.from_month, duty.to_month, period, yearly=form.is_yearly):
                owed.setdefault((duty.facility_id, form.code, period), form)
    return owed


def _count_submissions(
    submissions: QuerySet[Submission], owed: Owed, counted: Mapping[str, FormCounts]
) -> None:
    """Two versions of a form handed in for one period are one report: in time, or approved, where either is."""
    deadlines: dict[tuple[int, date], date | None] = {}
    came: dict[Slot, tuple[bool, bool]] = {}
    rows = submissions.filter(status__in=HANDED_IN).values_list(
        "facility", "form__code", "period", "status", TruncDate("first_submitted_at")
    )
    for *place, status, day in rows:
        slot = tuple(place)
        if (form := owed.get(slot)) is None:
            continue
        asked = (form.pk, slot[2])
        if asked not in deadlines:
            deadlines[asked] = deadline_of(form, slot[2])
        deadline, (in_time, approved) = deadlines[asked], came.get(slot, (False, False))
        in_time = in_time or deadline is None or day <= deadline
        came[slot] = (in_time, approved or status == Submission.Status.APPROVED)
    for (_facility, code, _period), (in_time, approved) in came.items():
        form = counted[code]
        form.handed_in += 1
        form.in_time += in_time
        form.approved += approved


def _count_corrections(
    submissions: QuerySet[Submission], owed: Owed, counted: Mapping[str, FormCounts], year: int
) -> None:
    """Cells changed after their report was approved: by an accepted correction, or once it was sent back."""
    since = _sent_back(year)
    accepted = Correction.objects.filter(status=Correction.Status.ACCEPTED)
    mine = submissions.filter(Q(pk__in=list(since)) | Q(pk__in=accepted.values("submission")))
    codes = {
        pk: slot[1]
        for pk, *slot in mine.values_list("pk", "facility", "form__code", "period")
        if tuple(slot) in owed
    }
    corrected: dict[str, set[tuple[int, int, int]]] = defaultdict(set)
    for change in DataValueChange.objects.filter(submission__in=codes):
        reopened = since.get(change.submission_id)
        if change.source == CORRECTION or (reopened is not None and change.at >= reopened):
            cell = (change.submission_id, change.element_id, change.group_id)
            corrected[codes[change.submission_id]].add(cell)
    for code, cells in corrected.items():
        counted[code].corrected_cells = len(cells)
        counted[code].corrected_reports = len({submission for submission, _element, _group in cells})


def _sent_back(year: int) -> dict[int, datetime]:
    """Since when, from that year on, an approved report was first open again, by its id."""
    events = AuditEvent.objects.filter(
        verb="send_back",
        subject_type=Submission._meta.label_lower,
        details__before=Submission.Status.APPROVED,
        at__gte=timezone.make_aware(datetime(year, 1, 1)),
    )
    return {int(event.subject_id): event.at for event in events.order_by("-at")}
