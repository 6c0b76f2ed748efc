"""“Không phát sinh”: nothing occurred in the period; the whole form in one action."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from facilities.models import Facility, User
from indicators.actions import submissions
from indicators.actions.figures import save_sheet
from indicators.actions.log import record_each
from indicators.actions.sheet_rows import StoredCell, sheet_rows
from indicators.expressions import Cell
from indicators.models import DataElement, Form, Submission
from indicators.values import CellValue


class NothingNotAllowed(Exception):
    """The form always has something to report, or figures other than 0 stand on it."""


@transaction.atomic
def declare_nothing(
    *, facility: Facility, form: Form, period: date, by: User, remark: str = ""
) -> Submission:
    """Put 0 into every blank cell but stocks, and submit where nothing is left blank.

    A stock (pregnant women at the end of the month) does not vanish because nothing happened: its cells are
    left to be typed, and the form stays a draft until they are. Raises NothingNotAllowed where the form does
    not know it, where a count other than 0 or a text not read yet was typed, and what save_cells and submit raise.
    """
    if not form.allows_nothing:
        raise NothingNotAllowed(_("Biểu này luôn có số liệu: nhập từng ô."))
    sheet: dict[str, Any] = {"facility": facility, "form": form, "period": period, "by": by}
    locked = save_sheet(cells={}, **sheet)  # what is blank is read under the lock
    flows, stocks = _blank_cells(locked.rows)
    submission = save_sheet(
        cells=dict.fromkeys(flows, CellValue(0)), begun=locked.submission, **sheet
    ).submission
    Submission.objects.filter(pk=submission.pk).update(nothing_occurred=True)
    submission.nothing_occurred = True
    record_each(by=by, verb="nothing_occurred", submissions=[submission], cells=len(flows))
    return submission if stocks else submissions.submit(submission=submission, by=by, remark=remark)


def check_nothing(*, form: Form, submission: Submission | None) -> None:
    """Raise NothingNotAllowed where declare_nothing would, so that nobody is asked in vain; changes nothing."""
    if not form.allows_nothing:
        raise NothingNotAllowed(_("Biểu này luôn có số liệu: nhập từng ô."))
    if submission is not None:
        _blank_cells(sheet_rows(submission))


@transaction.atomic
def take_back(*, submission: Submission, by: User) -> Submission:
    """Recall a submission; that nothing occurred is then no longer said. Raises what recall raises."""
    submission = submissions.recall(submission=submission, by=by)
    Submission.objects.filter(pk=submission.pk, nothing_occurred=True).update(nothing_occurred=False)
    submission.nothing_occurred = False
    return submission


def _blank_cells(rows: Mapping[Cell, StoredCell]) -> tuple[list[Cell], list[Cell]]:
    """Blank cells that count events, and blank ones that hold a stock. Raises NothingNotAllowed."""
    if any(row.typed_note is not None for row in rows.values()):
        raise NothingNotAllowed(_("Còn ô có chữ chưa đọc được: sửa hoặc xóa các ô đó trước."))
    holds_stock = set(
        DataElement.objects.filter(
            pk__in={row.element_id for row in rows.values()}, is_stock=True
        ).values_list("pk", flat=True)
    )
    flows: list[Cell] = []
    stocks: list[Cell] = []
    for cell, row in rows.items():
        is_stock = row.element_id in holds_stock
        if not is_stock and (row.state.value or row.state.no_data):
            raise NothingNotAllowed(_("Biểu đã có số liệu khác 0: xóa các ô đó trước, hoặc nộp như thường."))
        if row.state.is_blank:
            (stocks if is_stock else flows).append(cell)
    return flows, stocks
