"""The matrix as a file, with its filters and the time in it."""

from __future__ import annotations

from collections.abc import Sequence

from django.http import Http404, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from facilities.table_files import Sheet, as_csv, as_xlsx
from indicators.presenters.matrix import MARKS, STATES, Matrix, MatrixQuery, matrix_rows

WRITERS = {
    "csv": (as_csv, "text/csv; charset=utf-8"),
    "xlsx": (as_xlsx, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
}


def matrix_file(found: Matrix, facts: Sequence[tuple[str, str]], file_format: str) -> HttpResponse:
    """The table as `xlsx` or `csv`."""
    heads = [_("Xã, phường"), _("Mã cơ sở"), _("Cơ sở"), _("Biểu"), _("Tên biểu")]
    sheet = Sheet(
        name="ma-tran-bao-cao",
        facts=facts,
        heads=[*heads, *(column.label for column in found.months)],
        rows=list(matrix_rows(found)),
    )
    return sheet_file(sheet, file_format)


def sheet_file(sheet: Sheet, file_format: str) -> HttpResponse:
    """As `xlsx` or `csv`; another format is not found."""
    if file_format not in WRITERS:
        raise Http404
    write, content_type = WRITERS[file_format]
    response = HttpResponse(write(sheet), content_type=content_type)
    response["Content-Disposition"] = f'attachment; filename="{sheet.name}.{file_format}"'
    return response


def facts_of(found: Matrix, query: MatrixQuery, areas: dict[int, str]) -> list[tuple[str, str]]:
    """What the table shows, for a reader who has only the file or the sheet of paper."""
    months = found.months
    span = f"{months[0].label} – {months[-1].label}" if months else query.period
    state = (STATES | MARKS).get(query.state)
    facts = [
        (_("Bảng"), _("Tình hình báo cáo của các cơ sở")),
        (_("Lập lúc"), f"{timezone.localtime():%H:%M %d/%m/%Y}"),
        (_("Kỳ"), span),
        (_("Biểu"), query.form or _("Mọi biểu")),
        (_("Địa bàn"), areas.get(query.area or 0, _("tất cả"))),
        (_("Tình trạng"), str(state) if state else _("tất cả")),
    ]
    return [*facts, (_("Tìm cơ sở"), query.search)] if query.search else facts
