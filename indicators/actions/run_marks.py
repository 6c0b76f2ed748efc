"""What goes on beside an open run, so that its closing step publishes nothing out of date.

Parts compute results at different moments and keep them apart until the closing step puts them in the place of
the stored ones. Between a part's reading and the closing, figures change. Every change has come with a stale
mark in its own transaction, so for a change and a part that did not see it:

- *The mark still waits at the closing.* Nothing to do: whoever drains it later adds the difference between the
  raw values and what stands there then, whatever that is.
- *The mark was drained before the closing.* What the drain added is about to be replaced. So `keep_marks` copies
  each drained mark for the open run, in the drain's transaction, and the closing, once the staged rows are in
  place, adds the differences of those facilities, as a drain does.
- *The drain began before the run was opened.* It looks for an open run after it has read the marks. Finding
  none, the run was opened after the change was committed, and every part reads later than that: it has seen it.
- *A drain while the closing goes on.* The drain holds the advisory lock shared (or exclusive) from before it looks
  until it commits, the closing holds it exclusive: one comes wholly after the other.
- *Months were computed whole meanwhile* (a changed definition, `recompute`, a month newly opened). What stands there
  has been computed from the raw values after the run was opened, and kept true by differences since:
  `settle_months` tells the run to leave those months alone. A mark of changed definitions over months nobody has
  computed yet is kept, and the closing computes those months anew for everybody.
- *A definition changed and its mark still waits at the closing.* Some parts may have seen it, others not. The
  closing computes those months anew itself, so that no page ever shows half of it.
- *Definitions changing while the run is opened.* `mark_computed_months` marks computed months; on a first run there
  are none, so it marks the open run's too. It looks under `DEFINITIONS_LOCK`, shared until it commits; opening a
  run takes it exclusive. Either it finds the run and marks, or it has committed before any part reads.
- *What counts where changed* (a reform). Parts have summed areas by what counted then. Such marks are kept like
  the others, and the closing sums those areas anew from the facilities; one that still waits does so when it is
  drained. How facilities are shared out among parts was fixed when the run was opened.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from django.db import connection

from facilities.models import StaleMark
from indicators.models import KeptMark, RecomputeRun

DEFINITIONS_LOCK = 7_301_626  # beside recompute.ADVISORY_LOCK


def keep_marks(marks: Iterable[StaleMark]) -> int:
    """Copy these drained marks for the open run whose months they touch; return how many. Under the advisory lock."""
    run = RecomputeRun.objects.open().first()
    if run is None:
        return 0
    kept = [
        KeptMark(
            run=run,
            facility_id=mark.facility_id,
            area_id=mark.area_id,
            from_month=mark.from_month,
            to_month=mark.to_month,
        )
        for mark in marks
        if mark.from_month <= run.last_month and mark.to_month >= run.first_month
    ]
    KeptMark.objects.bulk_create(kept, batch_size=1000)
    return len(kept)


def settle_months(months: Sequence[date]) -> None:
    """Tell the open run that these months were computed whole by somebody else. Under the exclusive advisory lock."""
    run = RecomputeRun.objects.open().select_for_update(no_key=True).first()
    if run is None:
        return
    found = {month.isoformat() for month in set(months) & set(run.months)}
    if found - set(run.settled_months):
        run.settled_months = sorted(found | set(run.settled_months))
        run.save(update_fields=["settled_months"])


def months_of_open_run() -> tuple[date, date] | None:
    """First and last month of the open run; until the transaction ends none can be opened."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock_shared(%s)", [DEFINITIONS_LOCK])
    return RecomputeRun.objects.open().values_list("first_month", "last_month").first()


def hold_definitions() -> bool:
    """Whether nobody is changing definitions or opening a run; until the transaction ends nobody will."""
    if connection.vendor != "postgresql":
        return True
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [DEFINITIONS_LOCK])
        return cursor.fetchone()[0]
