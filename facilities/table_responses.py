"""Tables as files."""

from __future__ import annotations

from django.http import HttpResponse
from django.utils.http import content_disposition_header

from facilities.table_files import Sheet, as_csv, as_xlsx

WRITERS = {
    "csv": (as_csv, "text/csv; charset=utf-8"),
    "xlsx": (as_xlsx, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
}


DOWNLOADS = (("xlsx", "Excel"), ("csv", "CSV"))


def sheet_response(sheet: Sheet, file_format: str) -> HttpResponse:
    """Send the table as `csv` or `xlsx`; the caller has checked that it is one of them."""
    write, content_type = WRITERS[file_format]
    return file_response(write(sheet), content_type, f"{sheet.name}.{file_format}")


def file_response(content: bytes, content_type: str, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type=content_type)
    response["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name)
    return response
