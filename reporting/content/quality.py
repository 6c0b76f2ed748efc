"""Annex III: how complete, how timely and how often corrected the figures behind the report are."""

from __future__ import annotations

from collections.abc import Sequence

from facilities.models import Area
from facilities.periods import Month
from plans.standing import LineStanding
from reporting.content.cells import Cell, Row, Table, column, number, row, share_of, table
from reporting.content.quality_counts import FormCounts, count_forms


def forms_table(area: Area, as_of: Month | None, year: int) -> Table:
    """One row a form: due, handed in, in time, late, approved, missing, corrected after approval.

    Versions of a form are counted together. A report is in time by its form's deadline.
    """
    return table_of_forms(forms_rows(area, as_of, year))


def forms_rows(area: Area, as_of: Month | None, year: int) -> list[Row]:
    """The rows of an area from January of the year to a month of it."""
    counted = count_forms(area, as_of) if as_of else {}
    return [row([str(index), *form_cells(counted[code])]) for index, code in enumerate(sorted(counted), 1)]


def table_of_forms(rows: Sequence[Row]) -> Table:
    return table(
        "quality",
        "CHẤT LƯỢNG SỐ LIỆU: ĐẦY ĐỦ, ĐÚNG HẠN, SỬA SAU DUYỆT",
        [
            column("STT", 4, "center"),
            column("Biểu mẫu", 30),
            column("Phải nộp", 8, "right"),
            column("Đã nộp", 8, "right"),
            column("Tỷ lệ đầy đủ", 9, "right"),
            column("Đúng hạn", 8, "right"),
            column("Tỷ lệ đúng hạn", 9, "right"),
            column("Nộp muộn", 8, "right"),
            column("Đã duyệt", 8, "right"),
            column("Chưa nộp", 8, "right"),
            column("Báo cáo sửa sau duyệt", 10, "right"),
            column("Số liệu sửa sau duyệt", 10, "right"),
        ],
        rows,
        note="Đơn vị: báo cáo của một cơ sở cho một kỳ (tháng, hoặc năm với biểu năm). Số liệu sửa sau duyệt: số ô.",
    )


def form_cells(form: FormCounts) -> list[Cell]:
    return [
        form.name,
        number(form.due),
        number(form.handed_in),
        share_of(form.handed_in, form.due),
        number(form.in_time),
        share_of(form.in_time, form.due),
        number(form.handed_in - form.in_time),
        number(form.approved),
        number(form.due - form.handed_in),
        number(form.corrected_reports),
        number(form.corrected_cells),
    ]


def completeness_table(standings: Sequence[LineStanding]) -> Table:
    """One row a computed line: facility-months that entered of those due."""
    return table_of_completeness(completeness_rows(standings))


def completeness_rows(standings: Sequence[LineStanding]) -> list[Row]:
    rows = []
    for standing in standings:
        if not standing.computed:
            continue
        line = standing.line
        missing = standing.expected - standing.reported
        share = share_of(standing.reported, standing.expected)
        counts = [number(standing.expected), number(standing.reported), number(missing), share]
        rows.append(row([line.key, line.name, *counts]))
    return rows


def table_of_completeness(rows: Sequence[Row]) -> Table:
    return table(
        "completeness",
        "MỨC ĐẦY ĐỦ CỦA SỐ LIỆU THEO CHỈ TIÊU",
        [
            column("Mã", 6, "center"),
            column("Chỉ tiêu", 50),
            column("Cơ sở–tháng phải có", 13, "right"),
            column("Đã có, được duyệt", 13, "right"),
            column("Còn thiếu", 10, "right"),
            column("Tỷ lệ đầy đủ", 10, "right"),
        ],
        rows,
    )
