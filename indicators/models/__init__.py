from indicators.models.catalogue import DataElement, Group, Indicator, Term
from indicators.models.figures import DataValue, DataValueChange, Submission
from indicators.models.forms import Duty, Form, FormItem, FormSection, Rule
from indicators.models.results import ComputedMonth, FacilityResult, MonthlyResult

__all__ = [
    "ComputedMonth",
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
    "MonthlyResult",
    "Rule",
    "Submission",
    "Term",
]
