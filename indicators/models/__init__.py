from indicators.models.catalogue import DataElement, Group, Indicator, Term
from indicators.models.exchange import ClosedPeriod, Operation, Upload
from indicators.models.figures import DataValue, DataValueChange, Submission
from indicators.models.forms import Duty, Form, FormItem, FormSection
from indicators.models.remarks import Absence, CellNote, Correction, CorrectionCell
from indicators.models.results import ComputedMonth, FacilityResult, MonthlyResult
from indicators.models.rules import Rule
from indicators.models.runs import (
    KeptMark,
    RecomputePart,
    RecomputeRun,
    RunFacility,
    StagedAreaResult,
    StagedResult,
)

__all__ = [
    "Absence",
    "CellNote",
    "ClosedPeriod",
    "ComputedMonth",
    "Correction",
    "CorrectionCell",
    "DataElement",
    "DataValue",
    "DataValueChange",
    "Duty",
    "FacilityResult",
    "Form",
    "FormItem",
    "FormSection",
    "Group",
    "Indicator",
    "KeptMark",
    "MonthlyResult",
    "Operation",
    "RecomputePart",
    "RecomputeRun",
    "Rule",
    "RunFacility",
    "StagedAreaResult",
    "StagedResult",
    "Submission",
    "Term",
    "Upload",
]
