"""A filled table of shares out of an uploaded file: values to look at, and every row that is not taken, with why.

Nothing is stored: the page shows the values in its own fields, and publishing them is another step.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.utils import translation
from django.utils.translation import gettext as _

from facilities.models import Area
from facilities.numbers import AmbiguousNumber
from indicators.actions.uploads import read_cells
from indicators.figure_file import Rejected
from indicators.workbooks.container import MAX_FILE, Refused
from indicators.workbooks.refusals import refusal_words
from plans.actions.import_rows import ambiguous_words
from plans.allocation import Goal, fault_of
from plans.allocation.table import (
    DELIMITERS,
    Cell,
    NoTable,
    NotText,
    Table,
    TableRow,
    csv_cells,
    find_table,
    number_of,
)
from plans.standing.refusals import fault_words

ZIP = b"PK"
SHOWN = 60  # letters of a cell that are told


class UnreadableShares(Exception):
    """The file as a whole is not taken; the text says why and what to do."""


@dataclass
class FilledShares:
    """values: by area id, None where the file leaves a place without; rejected: rows that are not taken."""

    values: dict[int, Decimal | None] = field(default_factory=dict)
    rejected: list[Rejected] = field(default_factory=list)


def area_head() -> str:
    return _("Mã")


def value_head() -> str:
    return _("Chỉ tiêu giao")


def mark_head() -> str:
    return _("Bảng của")


def read_shares(file: UploadedFile, *, mark: str, goal: Goal, areas: Sequence[Area]) -> FilledShares:
    """The values a person filled in, .xlsx or .csv. `mark` is what the table must be of, where it says it.

    Raises UnreadableShares.
    """
    table = _table(file)
    if table.mark and table.mark != mark:
        words = _("Tệp là bảng của “%(other)s”, không phải “%(this)s”. Chọn lại tệp.")
        raise UnreadableShares(words % {"other": table.mark[:100], "this": mark})
    filled = FilledShares()
    known = {name: area for area in areas for name in (area.key, area.code)}
    for row in table.rows:
        if not row.area and not row.text:
            continue
        area = known.get(row.area)
        value, reason = _value(row, goal)
        if not row.area:
            _reject(filled, row, area_head(), _("Hàng có số nhưng thiếu mã địa bàn."))
        elif area is None:
            _reject(
                filled,
                row,
                area_head(),
                _("“%s” không phải mã của địa bàn được giao ở đây.") % row.area[:SHOWN],
            )
        elif area.pk in filled.values:
            _reject(filled, row, area_head(), _("Địa bàn này đã có ở hàng trước trong tệp."))
        elif reason:
            _reject(filled, row, row.letter, reason)
        else:
            filled.values[area.pk] = value
    return filled


def _reject(filled: FilledShares, row: TableRow, column: str, reason: str) -> None:
    filled.rejected.append(Rejected(row.number, column, reason))


def _table(file: UploadedFile) -> Table:
    if (file.size or 0) > MAX_FILE:
        raise UnreadableShares(refusal_words(Refused("too_large")))
    is_csv = not file.read(len(ZIP)).startswith(ZIP) and (file.name or "").lower().endswith((".csv", ".txt"))
    file.seek(0)
    try:
        return _csv_table(file.read()) if is_csv else _find(_workbook_cells(file))
    except NotText as error:
        raise UnreadableShares(
            _("Tệp CSV không đọc được. Lưu lại dạng “CSV UTF-8” hoặc dùng tệp .xlsx.")
        ) from error
    except NoTable as error:
        words = _(
            "Không thấy hàng đầu bảng có cột “%(area)s” và “%(value)s”. Tải bảng ở trang này, điền rồi tải lên."
        )
        raise UnreadableShares(words % {"area": area_head(), "value": value_head()}) from error
    except Refused as error:
        raise UnreadableShares(refusal_words(error)) from error


def _workbook_cells(file: UploadedFile) -> list[Cell]:
    """The cells of the first sheet that holds something."""
    _digest, sheets = read_cells(file)
    first = next((cells for cells in sheets.values() if cells), [])
    return [tuple(cell) for cell in first]


def _csv_table(content: bytes) -> Table:
    """By the first delimiter with which the heads are found. Raises NotText, NoTable."""
    for delimiter in DELIMITERS:
        try:
            return _find(csv_cells(content, delimiter))
        except NoTable:
            continue
    raise NoTable


def _find(cells: list[Cell]) -> Table:
    return find_table(
        cells,
        marks=_in_every_language(mark_head),
        areas=_in_every_language(area_head),
        values=_in_every_language(value_head),
    )


def _in_every_language(words: Callable[[], str]) -> set[str]:
    """A file downloaded in one language may come back in the other."""
    found = set()
    for code, _name in settings.LANGUAGES:
        with translation.override(code):
            found.add(words())
    return found


def _value(row: TableRow, goal: Goal) -> tuple[Decimal | None, str]:
    """The value of a row and "", or None and why it is not taken."""
    if row.kind == "f":
        return None, _("Ô là công thức. Dán giá trị vào thay công thức.")
    if row.kind not in ("n", "s"):
        return None, _("“%s” không phải là số.") % row.text[:SHOWN]
    try:
        value = number_of(row)
    except AmbiguousNumber as error:
        return None, ambiguous_words(error)
    except ValueError:
        return None, _("“%s” không phải là số.") % row.text[:SHOWN]
    fault = None if value is None else fault_of(goal, value)
    return (None, fault_words(fault)) if fault else (value, "")
