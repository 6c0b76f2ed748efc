from plans.models.lines import EnteredFigure, Objective, PlanIndicator, Target
from plans.models.plans import BudgetLine, Plan
from plans.models.tasks import Task, TaskAgency, TaskUpdate

__all__ = [
    "BudgetLine",
    "EnteredFigure",
    "Objective",
    "Plan",
    "PlanIndicator",
    "Target",
    "Task",
    "TaskAgency",
    "TaskUpdate",
]
