from plans.models.allocations import Allocation, AllocationVersion
from plans.models.duties import ReportDuty
from plans.models.history import HistoricTotal
from plans.models.lines import EnteredFigure, Objective, PlanIndicator, Target
from plans.models.plans import BudgetLine, Plan
from plans.models.tasks import Task, TaskAgency, TaskUpdate
from plans.models.typed import TypedShares

__all__ = [
    "Allocation",
    "AllocationVersion",
    "BudgetLine",
    "EnteredFigure",
    "HistoricTotal",
    "Objective",
    "Plan",
    "PlanIndicator",
    "ReportDuty",
    "Target",
    "Task",
    "TaskAgency",
    "TaskUpdate",
    "TypedShares",
]
