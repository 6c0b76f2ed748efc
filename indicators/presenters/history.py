"""Changes of cells as rows, values printed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from indicators.expressions import cell_text
from indicators.models import Correction, DataValueChange
from indicators.presenters.sheet import printed
from indicators.values import CellValue

SOURCES: dict[str, Promise] = {
    "form": _("nhập trên biểu"),
    "import": _("nạp từ tệp"),
    "api": _("gửi qua API"),
    "workbook": _("tải lên từ tệp Excel"),
    "correction": _("đính chính"),
}


CORRECTION = "correction"


@dataclass(frozen=True)
class HistoryRow:
    """`before` and `after` are "" for a blank cell."""

    change: DataValueChange
    cell: str
    label: str
    before: str
    after: str
    source: str
    accepted_by: str = ""


def history_rows(changes: Sequence[DataValueChange]) -> list[HistoryRow]:
    """One query more where a change came of a correction: who accepted it."""
    accepted = _accepted(changes)
    return [
        HistoryRow(
            change=change,
            cell=cell_text((change.element.code, change.group.code)),
            label=f"{change.element.label} – {change.group.label}"
            if change.group.code
            else change.element.label,
            before=printed(CellValue(change.old_value, change.old_no_data)),
            after=printed(CellValue(change.new_value, change.new_no_data)),
            source=str(SOURCES.get(change.source, change.source)),
            accepted_by=accepted.get(change.at, "") if change.source == CORRECTION else "",
        )
        for change in changes
    ]


def _accepted(changes: Sequence[DataValueChange]) -> Mapping[datetime, str]:
    """Who accepted the corrections among the changes, by the moment both were written."""
    moments = {change.at for change in changes if change.source == CORRECTION}
    if not moments:
        return {}
    found = Correction.objects.filter(submission=changes[0].submission_id, decided_at__in=moments)
    return {one.decided_at: one.decided_by.display_name for one in found.select_related("decided_by")}
