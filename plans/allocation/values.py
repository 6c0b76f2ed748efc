"""Which values a place can be given at all."""

from __future__ import annotations

from decimal import Decimal
from enum import StrEnum

from plans.allocation.records import HUNDRED, Goal
from plans.files.entry import storable


class Fault(StrEnum):
    TOO_LONG = "too_long"
    NEGATIVE = "negative"
    PAST_WHOLE = "past_whole"
    NOT_WHOLE = "not_whole"


def fault_of(goal: Goal, value: Decimal) -> Fault | None:
    """Why no place can be given this, None where one can.

    A share of a whole ends at 100; a whole count is given in whole numbers; nothing is below 0 unless the
    target itself is.
    """
    if not storable(value):
        return Fault.TOO_LONG
    if value < 0 <= goal.value:
        return Fault.NEGATIVE
    if goal.is_share and value > HUNDRED:
        return Fault.PAST_WHOLE
    is_whole = value == value.to_integral_value()
    return Fault.NOT_WHOLE if goal.adds_up and not goal.places and not is_whole else None
