"""Two snapshots of a report side by side, or one beside what the report would say today."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from facilities.models import Facility
from facilities.table_files import Cell, Sheet
from plans.presenters.hiding import hidden_word
from reporting.content import build_content
from reporting.content.header import dateline
from reporting.differences import CellChange, Differences, RowChange, TextChange, differences
from reporting.models import Report, Snapshot
from reporting.presenters.corrections import Corrections, corrections_of
from reporting.presenters.origin import is_restated
from reporting.presenters.reports import period_words

NOW = "now"
# Rows on the page; all of them are in the file.
SHOWN, SHOWN_CORRECTIONS, IN_FILE = 300, 50, 5_000
KINDS: dict[str, Promise] = {
    "typed": gettext_lazy("Phần nhận định"),
    "addition": gettext_lazy("Lời thêm"),
    "head": gettext_lazy("Thể thức văn bản"),
    "computed": gettext_lazy("Câu do cổng viết"),
    "note": gettext_lazy("Ghi chú của bảng"),
}
WRITTEN_BY_THE_PORTAL = ("computed", "note")
PLACES: dict[str, Promise] = {
    "superior": gettext_lazy("Cơ quan cấp trên"),
    "issuer": gettext_lazy("Cơ quan ban hành"),
    "number": gettext_lazy("Số, ký hiệu"),
    "subject": gettext_lazy("Trích yếu"),
    "addressees": gettext_lazy("Kính gửi"),
    "dateline": gettext_lazy("Địa danh, ngày"),
    "recipients": gettext_lazy("Nơi nhận"),
    "office": gettext_lazy("Chức vụ người ký"),
    "signer": gettext_lazy("Người ký"),
    "legal_bases": gettext_lazy("Căn cứ"),
    "opening": gettext_lazy("Câu mở đầu"),
    "closing": gettext_lazy("Câu kết"),
    "agency": gettext_lazy("Cơ quan báo cáo"),
    "boundaries": gettext_lazy("Ranh giới"),
    "as_of": gettext_lazy("Số liệu đến hết tháng"),
    "plan": gettext_lazy("Kế hoạch"),
}


@dataclass(frozen=True)
class Side:
    """What is compared: a snapshot, or today (`snapshot` None)."""

    value: str
    snapshot: Snapshot | None = None

    @property
    def name(self) -> str:
        if self.snapshot is None:
            return _("hôm nay")
        return _("lần %(number)s") % {"number": self.snapshot.number}

    @property
    def at(self) -> datetime | None:
        return self.snapshot.at if self.snapshot else None

    def content(self, report: Report, today: date) -> dict[str, Any]:
        """The content with the place and date of issue it prints, as `dateline`."""
        if self.snapshot:
            return {**self.snapshot.data["content"], "dateline": self.snapshot.data.get("dateline", "")}
        line = dateline(report.issuer_on(today), today, report.document)
        return {**build_content(report, today=today), "dateline": line}


@dataclass
class TableChanges:
    """What differs in one table; `cells` as far as the page has room."""

    title: str
    cells: list[CellChange] = field(default_factory=list)
    rows: list[RowChange] = field(default_factory=list)


@dataclass(frozen=True)
class Comparison:
    """`tables` as far as the page has room, `left_off` how many differences are only in the file.

    `is_withheld`: what one side hides is told of neither.
    """

    old: Side
    new: Side
    titles: list[str]
    cells: list[CellChange]
    rows: list[RowChange]
    texts: list[TextChange]
    reasons: list[Snapshot]
    corrections: Corrections | None
    is_withheld: bool = False

    @property
    def differs(self) -> bool:
        return bool(self.cells or self.rows or self.texts)

    @property
    def tables(self) -> list[TableChanges]:
        found: dict[str, TableChanges] = {}
        for change in (*self.rows, *self.cells)[:SHOWN]:
            one = found.setdefault(change.table, TableChanges(change.table))
            (one.cells if isinstance(change, CellChange) else one.rows).append(change)
        return sorted(found.values(), key=lambda one: self.titles.index(one.title))

    @property
    def withheld(self) -> str:
        """Why numbers are told of neither side; "" where all are."""
        if not self.is_withheld or not any(change.is_hidden for change in (*self.cells, *self.rows)):
            return ""
        return _("“ẩn”: một bên ẩn số này để không lộ người bệnh, nên ở đây cả hai bên đều không nêu.")

    @property
    def left_off(self) -> int:
        return max(len(self.cells) + len(self.rows) - SHOWN, 0)

    @property
    def said(self) -> list[tuple[str, str, TextChange]]:
        """What people typed or set: what it is, where it stands, both texts."""
        return [_worded(text) for text in self.texts if text.kind not in WRITTEN_BY_THE_PORTAL]

    @property
    def sentences(self) -> list[tuple[str, str, TextChange]]:
        """What the portal wrote."""
        return [_worded(text) for text in self.texts if text.kind in WRITTEN_BY_THE_PORTAL]


def _worded(text: TextChange) -> tuple[str, str, TextChange]:
    return str(KINDS[text.kind]), str(PLACES.get(text.place, text.place)), text


def sides(snapshots: Sequence[Snapshot], old: str, new: str) -> tuple[Side, Side] | None:
    """The two sides asked for; None where there is no such snapshot. `snapshots` stand newest first.

    A side not asked for: the last two snapshots, or the last one beside today.
    """
    known = {str(snapshot.number): Side(str(snapshot.number), snapshot) for snapshot in snapshots}
    if not old:
        old = str(snapshots[1 if len(snapshots) > 1 and new != NOW else 0].number)
    if not new:
        new = str(snapshots[0].number) if old != str(snapshots[0].number) else NOW
    after = Side(NOW) if new == NOW else known.get(new)
    before = known.get(old)
    return (before, after) if before and after else None


def compare(
    report: Report,
    old: Side,
    new: Side,
    *,
    today: date,
    readable: QuerySet[Facility] | None,
    in_file: bool = False,
) -> Comparison:
    """With a side of today as many queries as freezing takes; else two, and one for each snapshot not yet read.

    `readable`: the stations whose reports the reader may open, so their corrected cells are told too; None: none.
    To whoever may not open all of them, and in a file, what one side hides is told of neither: the other side's
    number, laid beside the cells that did not change, would tell it.
    """
    first, second = old.content(report, today), new.content(report, today)
    found = differences(first, second)
    limit = IN_FILE if in_file else SHOWN_CORRECTIONS
    between = [one for one in report.snapshots.all() if one.why and _is_between(one, old, new)]
    corrections = (
        corrections_of(report, second, old.snapshot.at, new.at, readable=readable, limit=limit)
        if readable is not None and old.snapshot and (new.at is None or new.at > old.snapshot.at)
        else None
    )
    is_partial = corrections.is_partial if corrections else is_restated(first) or is_restated(second)
    is_withheld = in_file or readable is None or is_partial
    if is_withheld:
        found = _without_numbers(found)
    return Comparison(
        old, new, found.titles, found.cells, found.rows, found.texts, between, corrections, is_withheld
    )


def _without_numbers(found: Differences) -> Differences:
    """Without what one side hides; the portal's sentences and notes, which would say it again, only as changed."""
    if not any(one.is_hidden for one in (*found.cells, *found.rows)):
        return found
    word = hidden_word()
    # A row renamed between the versions went with its hidden number and came with the one that tells it.
    hiding = {one.table for one in (*found.cells, *found.rows) if one.is_hidden}
    return replace(
        found,
        cells=[replace(one, old=word, new=word) if one.is_hidden else one for one in found.cells],
        rows=[replace(one, cells=()) if one.table in hiding else one for one in found.rows],
        texts=[
            replace(one, old=word, new=word) if one.kind in WRITTEN_BY_THE_PORTAL else one
            for one in found.texts
        ],
    )


def _is_between(snapshot: Snapshot, old: Side, new: Side) -> bool:
    first = old.snapshot.number if old.snapshot else 0
    return first < snapshot.number and (new.snapshot is None or snapshot.number <= new.snapshot.number)


# --- the file -----------------------------------------------------------------------------------------


def comparison_sheet(page: Comparison, report: Report) -> Sheet:
    """Every difference a row, the corrections behind them last.

    A file travels: of cells of a station that count deaths, HIV or abortions it says only that they changed. The same
    of what one side hides: `page` was made for a file.
    """
    facts = [
        (_("Báo cáo"), report.subject_name),
        (_("Kỳ"), period_words(report)),
        (_("Trước"), page.old.name),
        (_("Sau"), page.new.name),
        *((_("Lý do lập lại"), f"{one.number}: {one.why}") for one in page.reasons),
        *([(_("Ghi chú"), page.withheld)] if page.withheld else []),
    ]
    rows: list[Sequence[Cell]] = [
        (_("Số liệu"), change.table, change.row, change.column, change.old, change.new)
        for change in page.cells
    ]
    rows += [_row_cells(change) for change in page.rows]
    rows += [(what, place, "", "", text.old, text.new) for what, place, text in page.said + page.sentences]
    for one in page.corrections.rows if page.corrections else ():
        where = f"{one.form}, {one.period}: {one.label}"
        reason = "" if one.is_sensitive else one.reason  # "Đếm sót 1 ca" would tell the count
        why = "; ".join(part for part in (one.by, one.source, reason) if part)
        told = (hidden_word(), hidden_word()) if one.is_sensitive else (one.before, one.after)
        rows.append((_("Ô sửa sau khi chốt"), one.station, where, why, *told))
    return Sheet(
        name=f"so-sanh-{report.pk}-{page.old.value}-{page.new.value}",
        facts=facts,
        heads=[_("Mục"), _("Bảng, phần"), _("Dòng"), _("Cột, ai sửa và vì sao"), _("Trước"), _("Sau")],
        rows=rows,
    )


def _row_cells(change: RowChange) -> Sequence[Cell]:
    cells = "; ".join(f"{title}: {text}" for title, text in change.cells)
    what = _("Cột") if change.is_column else _("Dòng") if change.row else _("Bảng")
    sides_ = ("", cells or _("có")) if change.came else (cells or _("có"), "")
    return (what, change.table, change.row, "", *sides_)
