"""The closing step of a full recompute: what the parts staged is published in one transaction.

Rung by the last part to finish and again by the sweep; one at a time, and only with every staged row in place.
Why what it publishes is up to date: `indicators.actions.run_marks`.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import date

from django.db import DatabaseError, connection, transaction
from django.db.models import Q
from django.utils import timezone

from facilities.models import StaleMark
from indicators import rollup, rollup_staged
from indicators.actions.recompute import by_year, drain_marks, lock_results, note_computed
from indicators.actions.run_parts import ERROR_LENGTH, MOST_ATTEMPTS
from indicators.models import DataValue, KeptMark, RecomputePart, RecomputeRun, RunFacility
from indicators.models.runs import KILLED, VANISHED

logger = logging.getLogger("portal.runs")
CLOSING_LOCK = 7_301_627  # beside recompute.ADVISORY_LOCK
State = RecomputeRun.State


def close_run(run_id: int) -> bool:
    """Publish the run; whether it is done now. Parts whose rows are gone are queued again instead.

    A closing that breaks, or that was tried MOST_ATTEMPTS times in vain, leaves the run failed with what happened.
    """
    with _alone() as mine:
        done = mine and _try_once_more(run_id) and _closed(run_id)
    if done:
        forget_ended()
    return done


def forget_ended() -> int:
    """Remove what runs that are over have staged and kept; return how many runs. Later, where a part still stages."""
    ended = RecomputeRun.objects.filter(is_cleared=False, state__in=(State.DONE, State.CANCELLED))
    # Kept by a drain that met the cancelling of its run.
    KeptMark.objects.exclude(run__in=RecomputeRun.objects.open()).delete()
    if not ended.exists():
        return 0
    try:
        with transaction.atomic():
            rollup_staged.hold_staging()
            keys = list(ended.values_list("pk", flat=True))
            rollup_staged.forget_staged(all_of_it=not RecomputeRun.objects.open().exists())
            RunFacility.objects.filter(run__in=keys).delete()
            return RecomputeRun.objects.filter(pk__in=keys).update(is_cleared=True)
    except DatabaseError:
        logger.info("A part is still at work; what ended runs have staged is removed by a later sweep.")
        return 0


def _try_once_more(run_id: int) -> bool:
    """Count a try of the closing, unless there were too many."""
    with transaction.atomic():
        run = RecomputeRun.objects.select_for_update(no_key=True).filter(pk=run_id).first()
        if run is None or run.state != State.CLOSING:
            return False
        if run.attempts >= MOST_ATTEMPTS:
            run.state, run.error = State.FAILED, run.error or KILLED
        else:
            run.attempts += 1
        run.save(update_fields=["state", "error", "attempts"])
    return run.state == State.CLOSING


def _closed(run_id: int) -> bool:
    """Close the run, or let it be failed with what broke."""
    try:
        # Less is left to do under the lock; months computed whole here are settled for the run.
        drain_marks()
        return _close(run_id)
    except Exception as error:
        logger.exception("Closing run %s failed.", run_id)
        words = f"{type(error).__name__}: {error}"[:ERROR_LENGTH]
        RecomputeRun.objects.filter(pk=run_id, state=State.CLOSING).update(state=State.FAILED, error=words)
    return False


def _close(run_id: int) -> bool:
    with transaction.atomic():
        lock_results(exclusive=True)
        run = RecomputeRun.objects.select_for_update(no_key=True).get(pk=run_id)
        if run.state != State.CLOSING or _queue_incomplete(run):
            return False
        rollup.allow_memory()
        anew = _months_anew(run)
        for months in by_year(run.staged_months):
            run.results += _publish(run, months, anew)
        within = (run.first_month, run.last_month)
        run.values = DataValue.objects.filter(submission__period__range=within).count()
        run.state, run.finished_at, run.error = State.DONE, timezone.now(), ""
        run.save(update_fields=["results", "values", "state", "finished_at", "error"])
        run.kept_marks.all().delete()
    return True


def _queue_incomplete(run: RecomputeRun) -> bool:
    """Queue the parts again that are not done or whose staged rows are not those they counted; whether any is."""
    staged = rollup_staged.staged_rows(run.pk)
    wrong = [
        part.pk
        for part in run.parts.all()
        if part.state != RecomputePart.State.DONE or staged.get(part.pk, 0) != part.rows
    ]
    if not wrong:
        return False
    logger.error("Staged rows of %s parts of run %s are gone; they are computed again.", len(wrong), run.pk)
    run.parts.filter(pk__in=wrong).update(
        state=RecomputePart.State.QUEUED, attempts=0, rows=None, started_at=None, finished_at=None
    )
    run.state, run.error = State.RUNNING, VANISHED
    run.save(update_fields=["state", "error"])
    return True


def _months_anew(run: RecomputeRun) -> set[date]:
    """Months whose definitions changed beside the parts: kept marks, and marks that still wait for their drain."""
    touching = Q(from_month__lte=run.last_month, to_month__gte=run.first_month)
    spans = [
        *run.kept_marks.filter(facility_id=None, area_id=None).values_list("from_month", "to_month"),
        *StaleMark.objects.filter(touching, facility=None, area=None).values_list("from_month", "to_month"),
    ]
    return {month for month in run.months if any(first <= month <= last for first, last in spans)}


def _publish(run: RecomputeRun, months: list[date], anew: set[date]) -> int:
    """Put what was staged of these months of one year in place, true up what changed since; return area rows stored."""
    whole = rollup.Scope([month for month in months if month in anew])
    staged = [month for month in months if month not in anew]
    stored = 0
    if staged:
        stored += rollup_staged.publish_staged(run.pk, staged)
        if run.kept_marks.exclude(facility_id=None).exists():
            rollup.apply_differences(rollup.Scope(staged, among=rollup_staged.facilities_kept(run.pk)))
        if areas := set(run.kept_marks.exclude(area_id=None).values_list("area_id", flat=True)):
            rollup.replace_area_results(rollup.Scope(staged), areas)
    if whole.months:
        rollup.replace_facility_results(whole)
        stored += rollup.replace_area_results(whole)
    note_computed(months)
    return stored


@contextmanager
def _alone() -> Iterator[bool]:
    """Whether nobody else closes a run, and nobody will within; a worker that dies lets go. SQLite has one writer."""
    if connection.vendor != "postgresql":
        yield True
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [CLOSING_LOCK])
        mine = cursor.fetchone()[0]
    try:
        yield mine
    finally:
        if mine:
            with suppress(DatabaseError), connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [CLOSING_LOCK])
