"""Read what a person filled in, by the ids beside it; every cell that can not be read is named with its reason."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from functools import partial
from typing import Any

from django.utils.translation import gettext as _
from openpyxl.utils import get_column_letter

from indicators.cell_json import State, write_state
from indicators.checks import problem_text, quoted
from indicators.values import GREATEST, Problem, Reading, read
from indicators.workbooks.container import Refused
from indicators.workbooks.layout import FIRST_INPUT, FIRST_ROW, HEAD_ROW, ID_COLUMN, ID_ROW, LABELS
from indicators.workbooks.stamp import Stamp, StampedSheet

Kept = tuple[str, str]  # kind, text
Sheet = dict[tuple[int, int], Kept]
Why = str | Callable[[], str]  # words cost more than reading: they are made for the cells that are listed
NAMED = 200  # rejected cells that are listed; the rest is counted
SPARE = 1_000  # cells a person may add beside those of the form before the file is taken for another one
PAST = 2  # columns of periods compared with


@dataclass(frozen=True)
class Entry:
    """One cell of the file: what it is of, what stood there at download and what stands there now."""

    form: str
    facility: str
    cell: str
    label: str
    before: State
    now: State
    where: tuple[str, int, str]  # sheet, row, column letter


@dataclass(frozen=True)
class Reject:
    sheet: str
    row: int
    column: str
    text: str
    reason: str


@dataclass
class Filled:
    """`rejects` holds the first cells that could not be read, `rejected` says how many there are."""

    entries: list[Entry] = field(default_factory=list)
    rejects: list[Reject] = field(default_factory=list)
    rejected: int = 0
    notes: list[str] = field(default_factory=list)


def read_filled(stamp: Stamp, sheets: dict[str, list[list[Any]]]) -> Filled:
    """Entries and rejected cells of every sheet the stamp names. What is missing stays as it is, and is said.

    Raises Refused where a sheet holds far more than was downloaded.
    """
    filled = Filled()
    for stamped in stamp.sheets:
        if stamped.name not in sheets:
            words = _("Không còn trang tính “%(name)s” trong tệp: số liệu của trang đó để nguyên.")
            filled.notes.append(words % {"name": stamped.name})
            continue
        if len(sheets[stamped.name]) > most_cells(stamped):
            raise Refused("too_much_beside", stamped.name)
        cells = {(row, column): (kind, text) for row, column, kind, text in sheets[stamped.name]}
        _Sheet(stamped, cells, filled).read()
    return filled


def most_cells(stamped: StampedSheet) -> int:
    """How many cells a filled sheet may hold: twice what it was written with (a line may have a title above it)."""
    width = FIRST_INPUT - 1 + len(stamped.columns) + PAST
    return 2 * (FIRST_ROW + 2 * len(stamped.lines)) * width + SPARE


class _Sheet:
    """Reads each cell once: what a row and a column without an id of the form hold is not looked through twice."""

    def __init__(self, stamped: StampedSheet, cells: Sheet, filled: Filled) -> None:
        self.stamped, self.cells, self.filled = stamped, cells, filled
        self.wrong: dict[tuple[int, int], Why] = {}
        self.lines = {line[0]: index for index, line in enumerate(stamped.lines)}
        self.columns = {column[0]: index for index, column in enumerate(stamped.columns)}

    def read(self) -> None:
        rows = {
            row: text for (row, at), (_k, text) in self.cells.items() if at == ID_COLUMN and row >= FIRST_ROW
        }
        heads = {
            at: text for (row, at), (_k, text) in self.cells.items() if row == ID_ROW and at >= FIRST_INPUT
        }
        twice = {text for ids in (rows, heads) for text, n in Counter(ids.values()).items() if n > 1}
        self.missing(set(rows.values()), set(heads.values()))
        wrong_rows = {row: why for row, text in rows.items() if (why := self.wrong_line(row, text, twice))}
        wrong_heads = {at: why for at, text in heads.items() if (why := self.wrong_column(at, text, twice))}
        for row in sorted(rows.keys() - wrong_rows):
            for at in sorted(heads.keys() - wrong_heads):
                self.take(row, at, self.lines[rows[row]], self.columns[heads[at]])
        self.misplaced(wrong_rows, wrong_heads, set(rows), set(heads))
        self.name_wrong()

    def missing(self, lines: set[str], columns: set[str]) -> None:
        stamped = self.stamped
        gone = [f"{line[1]} {line[2]}".strip() for line in stamped.lines if line[0] not in lines]
        gone += [label for column, label in stamped.columns if column not in columns]
        if gone:
            words = _("Trang “%(sheet)s” thiếu %(what)s: số liệu ở đó để nguyên.")
            what = ", ".join(gone[:5]) + ("…" if len(gone) > 5 else "")
            self.filled.notes.append(words % {"sheet": stamped.name, "what": what})

    def wrong_line(self, row: int, text: str, twice: set[str]) -> str:
        if text in twice:
            return _("Dòng bị chép thành hai.")
        if text not in self.lines:
            return _("Dòng không thuộc tệp đã tải xuống.")
        wanted = self.stamped.lines[self.lines[text]][1:]
        if all(self.says(row, at, label) for at, label in zip(LABELS, wanted, strict=True)):
            return ""
        words = _("Nhãn của dòng không còn khớp (phải là “%(label)s”): có thể dòng đã bị xê dịch.")
        return words % {"label": " ".join(wanted).strip()}

    def wrong_column(self, at: int, text: str, twice: set[str]) -> str:
        if text in twice:
            return _("Cột bị chép thành hai.")
        if text not in self.columns:
            return _("Cột không thuộc tệp đã tải xuống.")
        label = self.stamped.columns[self.columns[text]][1]
        if self.says(HEAD_ROW, at, label):
            return ""
        words = _("Tên cột không còn khớp (phải là “%(label)s”): có thể cột đã bị xê dịch.")
        return words % {"label": label}

    def says(self, row: int, at: int, label: str) -> bool:
        return self.cells.get((row, at), ("s", ""))[1].split() == label.split()

    def take(self, row: int, at: int, line: int, column: int) -> None:
        stamped = self.stamped
        state, why = _state(*self.cells.get((row, at), ("s", "")))
        if why:
            self.wrong[row, at] = why
            return
        facility, cell = stamped.place_of(stamped.lines[line][0], stamped.columns[column][0])
        label = " ".join(stamped.lines[line][1:]).strip() if stamped.facility else stamped.columns[column][1]
        before, where = stamped.states[line][column], (stamped.name, row, get_column_letter(at))
        self.filled.entries.append(Entry(stamped.form_key, facility, cell, label, before, state, where))

    def misplaced(
        self, wrong_rows: dict[int, str], wrong_heads: dict[int, str], rows: set[int], heads: set[int]
    ) -> None:
        """Numbers typed where no cell of the form is would be lost without a word."""
        past = max(heads, default=FIRST_INPUT) + PAST if self.stamped.facility else 0
        for row, at in self.cells:
            if row < FIRST_ROW or at < FIRST_INPUT:
                continue
            if row in rows and at in heads:
                if why := wrong_rows.get(row) or wrong_heads.get(at):
                    self.wrong[row, at] = why
            elif row not in rows or at > past:  # else one of the periods compared with
                self.wrong[row, at] = _no_cell

    def name_wrong(self) -> None:
        """List the first rejected cells with their reasons; count them all."""
        self.filled.rejected += len(self.wrong)
        room = NAMED - len(self.filled.rejects)
        for row, at in sorted(self.wrong)[: max(room, 0)]:
            why = self.wrong[row, at]
            shown = quoted(self.cells[row, at][1])
            reason = why if isinstance(why, str) else why()
            self.filled.rejects.append(Reject(self.stamped.name, row, get_column_letter(at), shown, reason))


def _no_cell() -> str:
    return _("Ô này không thuộc biểu.")


def _state(kind: str, text: str) -> tuple[State, Why]:
    """The state of a cell, or why it is none."""
    if kind == "n":
        return _number(text)
    if kind == "s":
        reading = read(text)
        if reading.cell is None:
            return None, partial(problem_text, reading)
        return write_state(reading.cell), ""
    return None, partial(_no_number, kind, text)


def _no_number(kind: str, text: str) -> str:
    words = {
        "f": _("Ô chứa công thức. Chép rồi dán giá trị (Paste Values)."),
        "b": _("Ô chứa TRUE/FALSE, không phải số."),
        "d": _("Ô chứa ngày tháng, không phải số. Đổi định dạng ô về số rồi nhập lại."),
        "e": _("Ô báo lỗi (%(text)s). Nhập lại số.") % {"text": quoted(text)},
    }
    return words[kind]


def _number(text: str) -> tuple[State, Why]:
    try:
        number = Decimal(text)
    except InvalidOperation:
        return None, partial(problem_text, Reading(text, problem=Problem.NOT_A_NUMBER))
    problem = None
    if not number.is_finite():
        problem = Problem.NOT_A_NUMBER
    elif number < 0:
        problem = Problem.NEGATIVE
    elif number > GREATEST:
        problem = Problem.TOO_LARGE
    elif number != number.to_integral_value():
        problem = Problem.DECIMAL
    if problem:
        return None, partial(problem_text, Reading(text.replace(".", ","), problem=problem))
    return int(number), ""
