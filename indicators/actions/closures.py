"""Where a period is closed: conditions to put into queries, and what of many submissions it holds back."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import TypeAlias

from django.db import connection
from django.db.models import OuterRef, QuerySet, Subquery

from facilities.models import Coverage, Facility, Placement
from indicators.actions.figure_errors import PeriodClosed
from indicators.models import ClosedPeriod, Submission

PERIODS = 0x6B79  # the first of the two numbers by which PostgreSQL knows these locks
Slot: TypeAlias = tuple[int, date, bool]  # facility, period, whether of a yearly form


def last_month_of(period: date, *, yearly: bool) -> date:
    """The month whose placement says where a facility stands for the period."""
    return date(period.year, 12, 1) if yearly else period


def hold_period(period: date, *, yearly: bool, alone: bool = False) -> None:
    """Until the transaction ends, keep the period from closing; `alone`: wait for all who do so, and keep them out.

    Who makes a submission holds its period: its row is not seen by who closes the period until it is committed.
    Locks are taken in one order: the period, then rows of submissions by their ids, then what belongs to them.
    On SQLite one writer is let in at a time.
    """
    if connection.vendor == "postgresql":
        lock = "pg_advisory_xact_lock" if alone else "pg_advisory_xact_lock_shared"
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT {lock}(%s, %s)", [PERIODS, period.toordinal() * 2 + yearly])


def standing_in(area: int, period: date, *, yearly: bool) -> QuerySet[Facility]:
    """Facilities that stand, in the period, in a commune that the area covers."""
    placed = Placement.objects.filter(
        facility=OuterRef("pk"), from_month__lte=last_month_of(period, yearly=yearly)
    ).order_by("-from_month")
    return Facility.objects.annotate(stood_in=Subquery(placed.values("area")[:1])).filter(
        stood_in__in=Coverage.objects.filter(area=area).values("covered")
    )


def closed_slots(slots: Iterable[Slot]) -> set[Slot]:
    """Those whose period is closed where the facility stood in it.

    One query where none of the periods is closed anywhere, else two.
    """
    asked = set(slots)
    periods = {period for _facility, period, _yearly in asked}
    closed = set(
        ClosedPeriod.objects.filter(period__in=periods).values_list(
            "period", "yearly", "area__coverage__covered"
        )
    )
    if not closed:
        return set()
    stood = _placements({facility for facility, _period, _yearly in asked})
    return {
        (facility, period, yearly)
        for facility, period, yearly in asked
        if (period, yearly, _stood_in(stood.get(facility, []), last_month_of(period, yearly=yearly)))
        in closed
    }


def refuse_closed(submissions: Sequence[Submission]) -> None:
    """Raise PeriodClosed for the first whose period is closed; `form` is loaded."""
    closed = closed_slots(slot_of(submission) for submission in submissions)
    for submission in submissions:
        if slot_of(submission) in closed:
            raise PeriodClosed(submission.period, yearly=submission.form.is_yearly)


def slot_of(submission: Submission) -> Slot:
    return submission.facility_id, submission.period, submission.form.is_yearly


def _placements(facilities: set[int]) -> dict[int, list[tuple[date, int]]]:
    """(from month, commune) of each facility, the newest first."""
    found: dict[int, list[tuple[date, int]]] = {}
    ordered = sorted(facilities)
    for index in range(0, len(ordered), 5000):
        rows = Placement.objects.filter(facility__in=ordered[index : index + 5000])
        for facility, start, commune in rows.order_by("-from_month").values_list(
            "facility", "from_month", "area"
        ):
            found.setdefault(facility, []).append((start, commune))
    return found


def _stood_in(placements: list[tuple[date, int]], month: date) -> int | None:
    return next((commune for start, commune in placements if start <= month), None)
