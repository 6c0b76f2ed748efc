from reporting.models.reports import Report, ReportFile, Snapshot

__all__ = ["Report", "ReportFile", "Snapshot"]
