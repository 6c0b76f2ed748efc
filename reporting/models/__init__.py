from reporting.models.expected import ExpectedReport
from reporting.models.files import ReportFile, Signature
from reporting.models.reports import Editing, Report, Snapshot
from reporting.models.sending import Delivery, IssuedDocument

__all__ = [
    "Delivery",
    "Editing",
    "ExpectedReport",
    "IssuedDocument",
    "Report",
    "ReportFile",
    "Signature",
    "Snapshot",
]
