"""One part of a full recompute: taken by one worker, computed and staged in one transaction.

A part may be rung for twice, late or never. The worker that computes it holds its row: a second one finds the row
free exactly when the first is gone. Rows are locked part before run; the run's row only for the last moment.
"""

from __future__ import annotations

import logging
from datetime import timedelta

from django.db import connection, transaction
from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from indicators import rollup, rollup_staged
from indicators.models import RecomputePart, RecomputeRun
from indicators.models.runs import KILLED

logger = logging.getLogger("portal.runs")

MOST_ATTEMPTS = 3
# So many parts at a time: workers beyond leave approvals room, and the bells of a run never fill the queue.
AT_ONCE = 4
# Between taking a part and holding its row lie milliseconds; a part without a holder for longer is left.
LEFT_AFTER = timedelta(minutes=1)
ERROR_LENGTH = 500

State = RecomputePart.State
RunState = RecomputeRun.State


def compute_next(run_id: int) -> bool:
    """Take one queued part and compute it; whether there was one to take and the run goes on.

    A part that fails goes back to the queue, MOST_ATTEMPTS times in all; what happened is recorded, never raised.
    """
    part = _take(run_id)
    if part is None:
        return False
    try:
        _compute(part)
    except Exception as error:
        # Whatever broke, who watches the run must see that it did; the log keeps the trace.
        logger.exception("Part %s of run %s failed.", part.pk, run_id)
        with transaction.atomic():
            _give_back(part, f"{type(error).__name__}: {error}"[:ERROR_LENGTH])
    return True


def give_back_left(run_id: int, *, after: timedelta = LEFT_AFTER) -> int:
    """Queue again the running parts whose worker is gone; return how many. Nobody holds the row of such a part."""
    left = RecomputePart.objects.filter(
        run_id=run_id, state=State.RUNNING, started_at__lte=timezone.now() - after
    )
    with transaction.atomic():
        found = list(_unheld(left))
        for part in found:
            logger.error("The worker of part %s of run %s is gone.", part.pk, run_id)
            _give_back(part, KILLED)
    return len(found)


def settle_state(run_id: int) -> RecomputeRun:
    """Let the run's state follow its parts: running while any is to do, then closing or failed."""
    run = RecomputeRun.objects.select_for_update(no_key=True).get(pk=run_id)
    if run.state not in RecomputeRun.WORKING:
        return run
    counts = run.parts.aggregate(
        todo=Count("pk", filter=Q(state__in=(State.QUEUED, State.RUNNING))),
        failed=Count("pk", filter=Q(state=State.FAILED)),
    )
    if not counts["todo"]:
        run.state = RunState.FAILED if counts["failed"] else RunState.CLOSING
        run.save(update_fields=["state"])
    return run


def _take(run_id: int) -> RecomputePart | None:
    """The next queued part, now running; None where there is none, enough are at work, or the run is over."""
    with transaction.atomic():
        queued = RecomputePart.objects.filter(run_id=run_id, state=State.QUEUED).order_by("attempts", "pk")
        part = _unheld(queued).first()
        run = RecomputeRun.objects.select_for_update(no_key=True).get(pk=run_id)
        running = run.parts.filter(state=State.RUNNING).count()
        if part is None or run.state not in RecomputeRun.WORKING or running >= AT_ONCE:
            return None
        now = timezone.now()
        part.state, part.attempts, part.started_at, part.finished_at = (
            State.RUNNING, part.attempts + 1, now, None,
        )  # fmt: skip
        part.save(update_fields=["state", "attempts", "started_at", "finished_at"])
        if run.state == RunState.QUEUED:
            run.state, run.started_at = RunState.RUNNING, now
            run.save(update_fields=["state", "started_at"])
    return part


def _compute(taken: RecomputePart) -> None:
    with transaction.atomic():
        mine = RecomputePart.objects.filter(pk=taken.pk, state=State.RUNNING, attempts=taken.attempts)
        part = _unheld(mine).first()
        if part is None:
            return
        rollup.allow_memory()
        scope = rollup.Scope(part.months, among=rollup_staged.facilities_of_part(part.run_id, part.area_id))
        part.rows = rollup_staged.stage(scope, part.pk)
        part.state, part.finished_at, part.error = State.DONE, timezone.now(), ""
        part.save(update_fields=["rows", "state", "finished_at", "error"])
        if not settle_state(part.run_id).is_open:
            transaction.set_rollback(True)  # cancelled meanwhile: leave nothing


def _give_back(part: RecomputePart, error: str) -> None:
    """Queue the part again, or let it be failed. The caller's transaction; nobody else has changed it since."""
    tried_out = part.attempts >= MOST_ATTEMPTS
    RecomputePart.objects.filter(pk=part.pk, state=State.RUNNING, attempts=part.attempts).update(
        state=State.FAILED if tried_out else State.QUEUED, error=error, finished_at=timezone.now()
    )
    settle_state(part.run_id)


def _unheld(parts: QuerySet[RecomputePart]) -> QuerySet[RecomputePart]:
    """Those nobody holds; SQLite has one writer and needs no lock."""
    return parts.select_for_update(skip_locked=connection.features.has_select_for_update_skip_locked)
