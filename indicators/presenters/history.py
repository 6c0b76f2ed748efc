"""Changes of cells as rows, values printed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from indicators.expressions import cell_text
from indicators.models import DataValueChange
from indicators.presenters.sheet import printed
from indicators.values import CellValue

SOURCES: dict[str, Promise] = {
    "form": _("nhập trên biểu"),
    "import": _("nạp từ tệp"),
    "api": _("gửi qua API"),
}


@dataclass(frozen=True)
class HistoryRow:
    """`before` and `after` are "" for a blank cell."""

    change: DataValueChange
    cell: str
    label: str
    before: str
    after: str
    source: str


def history_rows(changes: Sequence[DataValueChange]) -> list[HistoryRow]:
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
        )
        for change in changes
    ]
