"""The log as a table to take away."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from facilities.log_reading import LogQuery
from facilities.numbers import format_number
from facilities.presenters.log_choices import deed_name, kind_name
from facilities.presenters.log_rows import LogRow, change_words
from facilities.table_files import Sheet

MOST_ROWS = 10_000


def log_sheet(rows: Sequence[LogRow], query: LogQuery, *, is_cut: bool) -> Sheet:
    """The rows with what was asked for above them, and a word where older ones did not fit."""
    heads = [
        pgettext("nhật ký", "Thời gian"),
        _("Người thực hiện"),
        pgettext("nhật ký", "Việc"),
        _("Loại đối tượng"),
        _("Đối tượng"),
        _("Thuộc"),
        _("Địa bàn"),
        _("Chi tiết"),
        _("Thay đổi"),
    ]
    return Sheet("nhat-ky", _facts(query, is_cut=is_cut), heads, [_line(row) for row in rows])


def _line(row: LogRow) -> tuple[str, ...]:
    facts = [f"{fact.label}: {fact.text}" for fact in row.facts]
    return (
        f"{timezone.localtime(row.at):%d/%m/%Y %H:%M:%S}",
        row.actor,
        row.deed,
        row.kind,
        row.subject,
        row.within,
        row.place,
        "; ".join([*facts, row.note] if row.note else facts),
        "; ".join(change_words(change) for change in row.changes),
    )


def _facts(query: LogQuery, *, is_cut: bool) -> list[tuple[str, str]]:
    everything = _("tất cả")
    days = (f"{day:%d/%m/%Y}" if day else everything for day in (query.first, query.last))
    facts = [
        (_("Bảng"), _("Nhật ký")),
        (_("Lập lúc"), f"{timezone.localtime():%H:%M %d/%m/%Y}"),
        *zip((_("Từ ngày"), _("Đến ngày")), days, strict=True),
        (_("Người thực hiện"), query.person or everything),
        (pgettext("nhật ký", "Việc"), deed_name(query.deed) or everything),
        (_("Loại đối tượng"), kind_name(query.kind) or everything),
        (_("Địa bàn"), query.place or everything),
        (_("Số nhạy cảm"), _("Số ca tử vong, HIV, phá thai và lời kèm theo được ẩn trong tệp.")),
    ]
    if is_cut:
        words = _("Tệp chỉ có %(most)s việc mới nhất. Chọn khoảng ngày ngắn hơn để lấy các việc trước đó.")
        facts.append((_("Chưa đủ"), words % {"most": format_number(MOST_ROWS)}))
    return facts
