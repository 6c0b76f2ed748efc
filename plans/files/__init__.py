"""Plan files (`plans/data/*.yaml`) and agency files, checked whole, as frozen values. Pure: no Django."""

from plans.files.agencies import read_agencies
from plans.files.plan import read_plan
from plans.files.shapes import (
    AgencyEntry,
    BaselineEntry,
    BudgetEntry,
    LineEntry,
    ObjectiveEntry,
    PlanFile,
    TargetEntry,
    TaskEntry,
)
from plans.files.source import InvalidFile, Problem

__all__ = [
    "AgencyEntry",
    "BaselineEntry",
    "BudgetEntry",
    "InvalidFile",
    "LineEntry",
    "ObjectiveEntry",
    "PlanFile",
    "Problem",
    "TargetEntry",
    "TaskEntry",
    "read_agencies",
    "read_plan",
]
