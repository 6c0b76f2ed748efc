"""Reports that wait for a decision and hold warnings the station said nothing of, for the cells of the matrix."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import date

from django.db.models import Q

from facilities.models import Facility
from indicators.checks import find_breaks
from indicators.models import Form, Submission
from indicators.presenters.matrix import Column
from indicators.presenters.matrix_cells import Read
from indicators.presenters.review import CHECKED_AT_ONCE, unexplained


def with_warnings(
    read: Read, facilities: Collection[Facility], months: Sequence[Column], form: str
) -> Read | None:
    """The same, with the keys of such reports; None where more wait than can be held against their rules at once.

    Only what was submitted and not decided yet is asked: a decision has been made on everything else.
    """
    first, last = months[0].period, months[-1].period
    years = Q(form__periodicity=Form.Periodicity.YEAR, period__range=(date(first.year, 1, 1), last))
    found = Submission.objects.filter(
        Q(period__range=(first, last)) | years,
        status=Submission.Status.SUBMITTED,
        facility__in={facility.pk for facility in facilities},
    ).select_related("form")
    if form:
        found = found.filter(form__code=form)
    waiting = list(found[: CHECKED_AT_ONCE + 1])
    if len(waiting) > CHECKED_AT_ONCE:
        return None
    breaks = find_breaks(waiting)
    warned = (s for s in waiting if unexplained(breaks.get(s.pk, [])))
    return replace(read, warned=frozenset((s.facility_id, s.form.code, s.period) for s in warned))
