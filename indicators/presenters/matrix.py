"""The matrix station × form × month: where every form stands, counted, filtered, and as a table for a file."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from facilities.models import Area, Facility
from facilities.periods import Month, format_period
from indicators.models import Form

# In the order a reviewer works through them; a cell is in one of these …
STATES: dict[str, Promise] = {
    "missing": _("chưa nộp"),
    "excused": _("có lý do chưa nộp"),
    "draft": _("nháp"),
    "sent_back": _("trả lại"),
    "submitted": _("đã nộp"),
    "approved": _("đã duyệt"),
    "not_yet": _("chưa hết kỳ"),
    "not_due": _("không phải nộp"),
}
# … and may carry these beside it.
MARKS: dict[str, Promise] = {
    "late": pgettext_lazy("báo cáo", "nộp muộn"),
    "nothing": _("không phát sinh"),
    "closed": _("đã khóa"),
    "warned": _("cảnh báo chưa giải thích"),
}
# Asking costs seconds where thousands wait, so it is only asked for where it is filtered by.
ON_DEMAND = frozenset({"warned"})
SIGNS = {
    "missing": "○",
    "excused": "?",
    "draft": "✎",
    "sent_back": "↩",
    "submitted": "→",
    "approved": "✓",
    "not_yet": "",
    "not_due": "·",
    "late": "▲",
    "nothing": "∅",
    "closed": "■",
    "warned": "!",
}
NOT_COUNTED = frozenset({"not_yet", "not_due"})
SENT = frozenset({"submitted", "approved"})


@dataclass(frozen=True)
class MatrixQuery:
    """What is asked for; empty means any. `year` None: the twelve months up to the last one that is over."""

    year: int | None = None
    period: str = ""
    form: str = ""
    area: int | None = None
    state: str = ""
    search: str = ""


@dataclass(frozen=True)
class Column:
    """One month, as its period text, or of a yearly form one year; `span` months wide."""

    period: date
    text: str
    label: str
    span: int = 1


def state_of(status: str, *, is_owed: bool, reason: str, is_over: bool) -> str:
    """Where a form stands for a period: the one definition for the matrix and for every page that counts.

    `status` is that of its submission, "" where there is none; `reason` says why it is not filed yet; `is_over`:
    whether the period could be filed by now.
    """
    if not status and not is_owed:
        return "not_due"
    if status in ("", "draft") and reason:
        return "excused"
    return status or ("missing" if is_over else "not_yet")


def counted_as(state: str) -> list[str]:
    """The names under which a form in that state is counted: itself, with `owed` and `sent` where it is."""
    if state in NOT_COUNTED:
        return [state]
    return [state, "owed", "sent"] if state in SENT else [state, "owed"]


@dataclass(frozen=True, slots=True)
class Cell:
    """Where one form of one station stands for one period. `reason` says why it is not filed yet."""

    column: Column
    state: str
    marks: tuple[str, ...] = ()
    reason: str = ""

    def matches(self, state: str) -> bool:
        return not state or state == self.state or state in self.marks

    @property
    def words(self) -> str:
        names = [str(STATES[self.state]), *(str(MARKS[mark]) for mark in self.marks)]
        return ", ".join(names) + (f": {self.reason}" if self.reason else "")

    @property
    def signs(self) -> str:
        return SIGNS[self.state] + "".join(SIGNS[mark] for mark in self.marks if mark != "closed")


@dataclass(frozen=True)
class Line:
    """One form of one station over the columns."""

    form: Form
    cells: list[Cell]


@dataclass(frozen=True)
class Station:
    facility: Facility
    commune: Area | None
    lines: list[Line]


@dataclass
class FormCount:
    """How often each state (and mark) occurs in a form, and in each of its periods."""

    form: Form
    states: Counter[str] = field(default_factory=Counter)
    periods: dict[str, Counter[str]] = field(default_factory=dict)
    spans: dict[str, int] = field(default_factory=dict)

    def add(self, cell: Cell) -> None:
        names = [*counted_as(cell.state), *cell.marks]
        self.states.update(names)
        self.spans[cell.column.text] = cell.column.span
        self.periods.setdefault(cell.column.text, Counter()).update(names)


@dataclass(frozen=True)
class Matrix:
    """`stations` are those that match; counts are over the stations of the place and name asked for."""

    months: list[Column]
    stations: list[Station]
    counts: list[FormCount]
    total: Counter[str]


def columns_of(query: MatrixQuery, today: date) -> list[Column]:
    """The months shown, the oldest first."""
    if len(query.period) == len("2026-01"):
        return [_month(Month.parse(query.period))]
    if query.year is not None:
        first = Month(query.year, 1)
        return [_month(month) for month in first.until(first + 11)]
    last = Month.of(today) - 1
    return [_month(month) for month in (last - 11).until(last)]


def years_of(months: Sequence[Column], query: MatrixQuery) -> list[Column]:
    """The years the months lie in, each as wide as its months: the columns of yearly forms; none beside one month."""
    if len(query.period) == len("2026-01"):
        return []
    found = []
    for year in dict.fromkeys(column.period.year for column in months):
        span = sum(column.period.year == year for column in months)
        found.append(Column(date(year, 1, 1), f"{year}", f"{year}", span))
    if len(query.period) == len("2026"):
        found = [column for column in found if column.text == query.period]
    return found


def _month(month: Month) -> Column:
    return Column(month.first_day, str(month), f"{month.number}/{month.year}")


def matrix_of(stations: Sequence[Station], months: list[Column], query: MatrixQuery) -> Matrix:
    """Count all cells, then keep the stations (and of them the lines) with a cell in the state asked for."""
    counts: dict[str, FormCount] = {}
    for station in stations:
        for line in station.lines:
            count = counts.setdefault(line.form.code, FormCount(line.form))
            for cell in line.cells:
                count.add(cell)
    total: Counter[str] = Counter()
    for count in counts.values():
        total.update(count.states)
    kept = [found for station in stations if (found := _narrowed(station, query.state)).lines]
    return Matrix(months, kept, [counts[code] for code in sorted(counts)], total)


def _narrowed(station: Station, state: str) -> Station:
    if not state:
        return station
    lines = [line for line in station.lines if any(cell.matches(state) for cell in line.cells)]
    return Station(station.facility, station.commune, lines)


def matrix_rows(matrix: Matrix) -> Iterator[list[str]]:
    """One row a station and form for a file; the words of each month, a yearly form's under its months."""
    for station in matrix.stations:
        for line in station.lines:
            words = [cell.words for cell in line.cells for _copy in range(cell.column.span)]
            commune = station.commune.name if station.commune else ""
            yield [
                commune,
                station.facility.code,
                station.facility.name,
                line.form.code,
                line.form.label,
                *words,
            ]


def period_text(period: date, form: Form) -> str:
    return format_period(period, yearly=form.is_yearly)
