"""Why figures can not be saved, each in words a person understands."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.utils.translation import gettext as _

from indicators.expressions import Cell, cell_text
from indicators.models import Submission
from indicators.values import CellValue


class FigureError(Exception):
    """A figure can not be saved; the text says why to a person."""


class NotDue(FigureError):
    """The facility does not owe this form for this period."""

    def __init__(self) -> None:
        super().__init__(_("Cơ sở không phải nộp biểu này cho kỳ này."))


class NotOpen(FigureError):
    """The submission waits for a decision or was approved: it must be sent back or recalled first."""

    def __init__(self, submission: Submission) -> None:
        status = submission.get_status_display()
        super().__init__(_("Báo cáo %(status)s, không sửa được. Cần trả lại trước.") % {"status": status})
        self.submission = submission


class InvalidTransition(Exception):
    """The submission's status does not allow this step (any more)."""

    def __init__(self, submission: Submission) -> None:
        status = Submission.Status(submission.status).label
        text = _("Báo cáo đang ở trạng thái “%(status)s”, không làm được việc này.")
        super().__init__(text % {"status": status})
        self.submission = submission


class PeriodClosed(FigureError, InvalidTransition):
    """The period is closed where the facility stands: no figure and no step until somebody reopens it.

    A refusal of both kinds, so that whoever saves or takes a step hears of it in its own words.
    """

    def __init__(self, period: date, *, yearly: bool) -> None:
        Exception.__init__(self, closed_words(period, yearly=yearly))
        self.period = period


def closed_words(period: date, *, yearly: bool) -> str:
    """Say that a period is closed and what to do, the same words on pages, in files and in the API."""
    name = f"{period:%Y}" if yearly else f"{period:%m/%Y}"
    return _("Kỳ %(period)s đã khóa số liệu. Muốn sửa, đề nghị người duyệt mở lại kỳ.") % {"period": name}


class UnreadTexts(InvalidTransition):
    """A form is not handed in while texts that are no count stand in its cells. Nothing was done."""

    def __init__(self, submission: Submission, cells: list[Cell]) -> None:
        names = ", ".join(cell_text(cell) for cell in cells)
        Exception.__init__(
            self,
            _("Chưa nộp: ô %(cells)s còn chữ chưa đọc được. Mở biểu, sửa các ô đó rồi nộp.")
            % {"cells": names},
        )
        self.submission = submission
        self.cells = cells


class UnknownCell(FigureError):
    """Cells that this version of the form does not have."""

    def __init__(self, cells: list[Cell]) -> None:
        names = ", ".join(cell_text(cell) for cell in cells)
        super().__init__(_("Biểu không có ô %(cells)s.") % {"cells": names})
        self.cells = cells


class ImpossibleValue(FigureError):
    """Negative, beyond 10¹², or a count and "no data" at once."""

    def __init__(self, cells: list[Cell]) -> None:
        names = ", ".join(cell_text(cell) for cell in cells)
        super().__init__(_("Giá trị không thể có ở ô %(cells)s.") % {"cells": names})
        self.cells = cells


@dataclass(frozen=True)
class Conflict:
    """One cell two people changed: what it was, what the other saved and when, what this person typed."""

    cell: Cell
    before: CellValue
    theirs: CellValue
    yours: CellValue
    by: str
    at: datetime | None
    is_own: bool = False  # the same person, in another window


class StaleVersion(FigureError):
    """Someone else, or the person in another window, saved the same cells since. Nothing was saved."""

    def __init__(self, submission: Submission, conflicts: list[Conflict]) -> None:
        if all(conflict.is_own for conflict in conflicts):
            text = _("Bạn đã sửa cùng ô ở thẻ khác. Chọn giá trị muốn giữ rồi lưu lại.")
        else:
            text = _("Người khác vừa sửa cùng ô. Chọn giá trị muốn giữ rồi lưu lại.")
        super().__init__(text)
        self.submission = submission
        self.conflicts = conflicts
