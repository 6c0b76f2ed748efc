"""The tables of the tabs to download, with what they show above them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.utils import timezone
from django.utils.translation import gettext as _

from facilities.models import Area, Facility
from facilities.table_files import Cell, Sheet
from indicators.presenters.quality.completeness import Completeness, Tally
from indicators.presenters.quality.consistency import CheckRow, ConsistencyPage
from indicators.presenters.quality.outliers import OutliersPage
from indicators.presenters.quality.rules import RulesPage
from indicators.presenters.quality.scope import Scope, label_of


def completeness_sheet(page: Completeness, scope: Scope) -> Sheet:
    """One row a form and month, one a place, one a missing form: told apart by the first column."""
    rows: list[Sequence[Cell]] = []
    for row in page.forms:
        months = zip(page.months, row.months, strict=True) if page.months else ()
        name = f"{row.form.code} – {row.form.label}"
        rows += [[_("theo biểu, tháng"), name, f"{m:%Y-%m}", *_counts(tally), ""] for m, tally in months]
        rows.append([_("theo biểu"), name, scope.period_text, *_counts(row.tally), ""])
    for place in page.places:
        rows.append([_("theo nơi"), place.place.name, scope.period_text, *_counts(place.tally), ""])
    for lacking in page.facilities:
        for one in lacking.missing:
            name = f"{lacking.facility.code} – {lacking.facility.name}"
            rows.append(
                [
                    _("chưa nộp"),
                    name,
                    scope.period_text,
                    1,
                    0,
                    None,
                    0,
                    None,
                    0,
                    f"{one.form.code}: {one.reason}",
                ]
            )
    heads = [
        _("Loại dòng"), _("Biểu hoặc nơi"), _("Kỳ"), _("Phải nộp"), _("Đã nộp"), _("Tỷ lệ nộp (%)"),
        _("Đúng hạn"), _("Tỷ lệ đúng hạn (%)"), _("Đã duyệt"), _("Ghi chú"),
    ]  # fmt: skip
    return _sheet(_("Đủ và đúng hạn"), "du-va-dung-han", scope, heads, rows)


def rules_sheet(page: RulesPage, scope: Scope) -> Sheet:
    heads = [
        _("Quy tắc"), _("Điều kiện"), _("Xã, phường"), _("Mã cơ sở"), _("Cơ sở"), _("Biểu"), _("Kỳ"),
        _("Vế trái"), _("Vế phải"), _("Trạm giải thích"), _("Lời giải thích quy tắc"),
    ]  # fmt: skip
    rows = [
        [
            row.rule.code, row.expression, _name(one.commune), one.facility.code, one.facility.name, one.form,
            one.period_text, one.left, one.right, one.explained, row.rule.label,
        ]
        for row in page.rows
        for one in row.breaks
    ]  # fmt: skip
    return _sheet(_("Quy tắc bị vi phạm"), "quy-tac", scope, heads, rows)


def outliers_sheet(page: OutliersPage, scope: Scope) -> Sheet:
    heads = [
        _("Loại"), _("Xã, phường"), _("Mã cơ sở"), _("Cơ sở"), _("Ô hoặc chỉ số"), _("Tên"), _("Giá trị"),
        _("Trung vị"), _("z cải biên (Iglewicz–Hoaglin)"), _("Số tháng hoặc số cơ sở"),
    ]  # fmt: skip
    rows: list[Sequence[Cell]] = [
        [
            _("khác các tháng trước"), _name(one.commune), one.facility.code, one.facility.name, one.cell, one.name,
            one.value, one.median, round(one.score, 2), one.months,
        ]
        for one in page.values
    ]  # fmt: skip
    rows += [
        [
            _("khác cơ sở cùng loại"), _name(one.commune), one.facility.code, one.facility.name, one.indicator.code,
            one.indicator.label, one.rate, one.median, round(one.score, 2), one.peers,
        ]
        for one in page.rates
    ]  # fmt: skip
    sources = [(label_of(check), check.source) for check in (page.own, page.peers) if check]
    words = _("lệch khỏi trung vị bao nhiêu lần mức lệch thường gặp của các số được so; càng xa 0 càng lạ")
    sources.append((_("z cải biên (Iglewicz–Hoaglin)"), words))
    return _sheet(_("Số lạ"), "so-la", scope, heads, rows, sources)


def consistency_sheet(page: ConsistencyPage, scope: Scope) -> Sheet:
    heads = [
        _("Quan hệ"), _("Nơi"), _("Vế trái hoặc năm nay"), _("Vế phải hoặc năm trước"), _("Tỷ số"),
        _("Từ"), _("Đến"), _("Cơ sở–tháng"), _("Nguồn của ngưỡng"),
    ]  # fmt: skip
    rows = [line for row in (*page.pairs, *page.over_time) for line in _consistency_rows(row)]
    return _sheet(_("Nhất quán"), "nhat-quan", scope, heads, rows)


def _consistency_rows(row: CheckRow) -> Iterable[Sequence[Cell]]:
    check = row.check
    for name, one in [(_("Cả địa bàn"), row.total), *((one.place.name, one) for one in row.outside)]:
        if one:
            bounds = (check.low, check.high)
            yield [row.name, name, one.left, one.right, one.ratio, *bounds, one.months, check.source]


def _counts(tally: Tally) -> Sequence[Cell]:
    return [tally.owed, tally.sent, tally.completeness, tally.on_time, tally.timeliness, tally.approved]


def _name(place: Area | Facility | None) -> str:
    return place.name if place else ""


def _sheet(
    title: str,
    name: str,
    scope: Scope,
    heads: Sequence[str],
    rows: Sequence[Sequence[Cell]],
    more: Sequence[tuple[str, str]] = (),
) -> Sheet:
    facts = [
        (_("Bảng"), title),
        (_("Lập lúc"), f"{timezone.localtime():%H:%M %d/%m/%Y}"),
        (_("Kỳ"), scope.period_text),
        (_("Biểu"), scope.form or _("Mọi biểu")),
        (_("Địa bàn"), scope.place.name if scope.place else _("tất cả")),
        *more,
    ]
    return Sheet(f"{name}-{scope.period_text}", facts, heads, rows)
