"""How a line of a plan stands: `judge(goals, reading, …) -> Assessment`. Pure: no Django."""

from plans.assessment.judge import judge
from plans.assessment.records import Assessment, Flag, Reading, Status, bar_percent

__all__ = ["Assessment", "Flag", "Reading", "Status", "bar_percent", "judge"]
