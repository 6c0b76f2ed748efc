"""Marks that say which results must be computed again, and the bell that calls a worker."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from datetime import date
from functools import partial

from django.db import transaction
from kombu.exceptions import OperationalError

from facilities.models import StaleMark
from facilities.periods import Month
from indicators.models import Submission

logger = logging.getLogger("portal.marks")


def months_touched(period: date, *, yearly: bool) -> tuple[date, date]:
    """First and last month whose results read this period: a yearly figure may stand in for the next year's."""
    if not yearly:
        return period, period
    return date(period.year, 1, 1), date(period.year + 1, 12, 1)


def mark_stale(submissions: Iterable[Submission]) -> int:
    """Mark what these submissions feed, in the caller's transaction, and ring once it commits.

    One mark a facility and range of months. Returns the number of marks.
    """
    ranges = {
        (submission.facility_id, *months_touched(submission.period, yearly=submission.form.is_yearly))
        for submission in submissions
    }
    return _write(
        StaleMark(facility_id=facility, from_month=first, to_month=last)
        for facility, first, last in sorted(ranges)
    )


def mark_everything(first: Month, last: Month) -> int:
    """Mark whole months: definitions, duties or boundaries behind every facility changed."""
    return _write([StaleMark(facility=None, from_month=first.first_day, to_month=last.first_day)])


def mark_facilities(facilities: Iterable[int], first: Month, last: Month) -> int:
    """Mark what these facilities feed in these months: what is owed by them changed."""
    return _write(
        StaleMark(facility_id=pk, from_month=first.first_day, to_month=last.first_day)
        for pk in sorted(facilities)
    )


def _write(marks: Iterable[StaleMark]) -> int:
    written = StaleMark.objects.bulk_create(marks, batch_size=1000)
    if written:
        transaction.on_commit(partial(ring))
    return len(written)


def ring() -> None:
    """Ask a worker to drain the marks. A lost bell loses nothing: the minutely sweep finds the marks."""
    from indicators.tasks import sweep_stale_marks

    try:
        sweep_stale_marks.delay()
    except OperationalError:
        logger.warning("The broker does not answer; the sweep will drain the marks.")
