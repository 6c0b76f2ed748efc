"""The calendar of working days with the days decided otherwise, read from the database now and then.

A process that changes them forgets what it read at once; the others notice within `READ_AGAIN` seconds.
"""

from __future__ import annotations

from time import monotonic

from facilities.models import DecidedDay
from facilities.working_days import STATUTORY, Calendar

READ_AGAIN = 60.0

_kept: tuple[float, Calendar] | None = None


def calendar_now() -> Calendar:
    """The calendar as it stands; the same object as long as no day changed, so that what was counted with it holds."""
    global _kept
    kept = _kept
    if kept and monotonic() - kept[0] < READ_AGAIN:
        return kept[1]
    decided = {day: not is_off for day, is_off in DecidedDay.objects.values_list("date", "is_off")}
    calendar = kept[1] if kept else STATUTORY
    if decided != calendar.decided:
        calendar = Calendar(decided)
    _kept = (monotonic(), calendar)
    return calendar


def forget() -> None:
    """Read the days again at the next question."""
    global _kept
    if _kept:
        _kept = (monotonic() - READ_AGAIN, _kept[1])
