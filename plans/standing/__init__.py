"""How a plan stands: results and entered figures of a year against each line's target."""

from plans.standing.assess import AsOfOutsideYear, assess_lines
from plans.standing.records import Entered, LineStanding, MonthPoint

__all__ = ["AsOfOutsideYear", "Entered", "LineStanding", "MonthPoint", "assess_lines"]
