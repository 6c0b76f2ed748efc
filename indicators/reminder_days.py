"""On which days a deadline is spoken of. Never on a day on which offices do not work."""

from __future__ import annotations

from datetime import date, timedelta
from enum import StrEnum

from facilities.working_days import is_working_day, last_working_day_until, nth_working_day_after

SOON = timedelta(days=2)
# A reminder nobody could send in time (the portal stood still) is made up for until this long after it is late.
LATE_TOLD_WITHIN = 5


class Stage(StrEnum):
    SOON = "due-soon"
    DUE = "due"
    LATE = "late"


def stage_on(deadline: date, today: date) -> Stage | None:
    """What is said of a deadline today; None where nothing is.

    Two calendar days before it, on the day, and on the first working day after it. A day on which offices do
    not work passes its turn to the working day before (before Tết, not after it); where two turns meet on one
    day the later is said alone. A turn that was missed is made up for while it is still true.
    """
    if not is_working_day(today):
        return None
    if today > deadline:
        last = nth_working_day_after(deadline, LATE_TOLD_WITHIN)
        return Stage.LATE if today <= last else None
    if today >= last_working_day_until(deadline):
        return Stage.DUE
    return Stage.SOON if today >= last_working_day_until(deadline - SOON) else None
