"""Tables as files."""

from __future__ import annotations

from django.http import HttpResponse

from plans.presenters.sheets import Sheet, as_csv, as_xlsx

WRITERS = {
    "csv": (as_csv, "text/csv; charset=utf-8"),
    "xlsx": (as_xlsx, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
}


DOWNLOADS = (("xlsx", "Excel"), ("csv", "CSV"))


def sheet_response(sheet: Sheet, file_format: str) -> HttpResponse:
    """Send the table as `csv` or `xlsx`; the caller has checked that it is one of them."""
    write, content_type = WRITERS[file_format]
    response = HttpResponse(write(sheet), content_type=content_type)
    response["Content-Disposition"] = f'attachment; filename="{sheet.name}.{file_format}"'
    return response
