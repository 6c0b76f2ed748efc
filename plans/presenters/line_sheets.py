"""The tables of a line's page to download: one function a view, the same figures as on the page, unrounded.

Files travel further than pages: small counts that could point at a person are hidden in them, and so is what
gives them away (decision 0011). What comes here has been through `plans.presenters.hiding` already.
"""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext as _

from facilities.table_files import Cell, Sheet, number
from indicators.timing import LATEST, YEARLY_RATE
from indicators.timing import YearFigure as Figure
from plans.models import PlanIndicator
from plans.presenters.allocated import goal_cells, goal_heads
from plans.presenters.benchmarks import limits_of
from plans.presenters.choices import Choices
from plans.presenters.gap_records import Comparison, Printed
from plans.presenters.heat import Heat
from plans.presenters.heat import Row as HeatRow
from plans.presenters.heat_cells import MONTH, SIGNS, Due, Shade, shared_words
from plans.presenters.heat_cells import Cell as HeatCell
from plans.presenters.hiding import Hiding, flags_of, hidden_word, why_hidden
from plans.presenters.ranking import Ranked, Ranking
from plans.presenters.scorecard_sheet import facts_of
from plans.presenters.trend_records import Trend, YearFigure
from plans.standing import LineStanding

Facts = list[tuple[str, str]]


def trend_sheet(trend: Trend, standing: LineStanding, choices: Choices) -> Sheet:
    """A row for each year and boundary, so that every figure keeps its counts and its months."""
    rows: list[list[Cell]] = []
    for row in trend.rows:
        target = row.target
        if trend.boundary:
            rows.append(
                _year(
                    row.year, trend.boundary, _("quy về ranh giới này"), row.restated, target, standing.line
                )
            )
        for name, figure in zip(trend.others, row.as_was, strict=True):
            if figure is not None:
                rows.append(_year(row.year, name, _("như khi đó"), figure, target, standing.line))
        if row.entered is not None:
            rows.append([row.year, "", _("nhập theo năm"), number(row.entered), *[None] * 6, target, ""])
        if row.total is not None:
            source = row.total_source
            rows.append([row.year, "", _("theo báo cáo cũ"), number(row.total), *[None] * 6, target, source])
    return Sheet(
        name=_name(standing, choices, "nam"),
        facts=_facts(standing, choices, hides=any(hidden_word() in row for row in rows)),
        heads=[
            _("Năm"), _("Ranh giới"), _("Cách đọc"), _("Giá trị"), _("Tử số"), _("Mẫu số"), _("Cận dưới 95%"),
            _("Cận trên 95%"), _("Cơ sở–tháng đã có"), _("Cơ sở–tháng phải có"), _("Kế hoạch"), _("Ghi chú"),
        ],
        rows=rows,
    )  # fmt: skip


def months_sheet(standing: LineStanding, choices: Choices, hiding: Hiding) -> Sheet:
    """One row a month of the chosen boundaries."""
    rows: list[list[Cell]] = []
    for point in standing.series:
        hides_month, hides_year = flags_of(standing, hiding, choices.area.pk, point.month)
        alone, so_far = _figure(point.alone, hides=hides_month), _figure(point.so_far, hides=hides_year)
        note = shared_words() if point.is_shared or point.is_shared_to_date else ""
        rows.append([str(point.month), *alone, *so_far, point.reported, point.expected, note])
    facts = _facts(standing, choices, hides=any(hidden_word() in row for row in rows))
    if standing.line.indicator and standing.line.indicator.timing in YEARLY_RATE:
        facts.append((_("Cách đọc"), _("giá trị của một phần năm là tử số / mẫu số × hệ số, quy cả năm")))
    return Sheet(
        name=_name(standing, choices, "thang"),
        facts=facts,
        heads=[
            _("Tháng"), _("Giá trị tháng"), _("Tử số tháng"), _("Mẫu số tháng"), _("Lũy kế"),
            _("Tử số lũy kế"), _("Mẫu số lũy kế"), _("Cơ sở–tháng đã có"), _("Cơ sở–tháng phải có"),
            _("Ghi chú"),
        ],
        rows=rows,
    )  # fmt: skip


def ranking_sheet(
    ranking: Ranking, standing: LineStanding, choices: Choices, part: str = "xep-hang"
) -> Sheet:
    """Communes in order with their coordinates, hidden ones last. They have passed `outgoing` before.

    `part` of the file's name says which view it is of.
    """
    return Sheet(
        name=_name(standing, choices, part),
        facts=_facts(
            standing, choices, hides=any(row.commune.is_hidden for row in ranking.rows), mark=ranking.mark,
            pace=ranking.pace,
        ),
        heads=[
            _("Mã"), _("Địa bàn"), _("Giá trị"), _("Tử số"), _("Mẫu số"), _("Thứ hạng"),
            _("Chênh so với mốc"), _("Cận dưới 95%"), _("Cận trên 95%"), *_report_heads(standing.line),
            _("Vĩ độ"), _("Kinh độ"), _("Ghi chú"), *goal_heads(),
        ],
        rows=[_ranked(row) for row in ranking.rows],
    )  # fmt: skip


def _figure(figure: Figure, *, hides: bool) -> list[Cell]:
    """Value, numerator and denominator: the quotient and what it is made of."""
    if hides:
        return [hidden_word(), hidden_word(), None]
    return [number(figure.value), number(figure.numerator), number(figure.denominator)]


def heat_sheet(heat: Heat, standing: LineStanding, choices: Choices) -> Sheet:
    """Communes by months; a cell without a number keeps its sign, a hidden one says so."""
    measure = _("riêng từng tháng") if heat.measure == MONTH else _("lũy kế từ đầu năm")
    facts = _facts(standing, choices, hides=heat.hides, pace=heat.pace)
    what = _("số ca, %(measure)s") if heat.counts_events else "%(measure)s"
    facts.append((_("Mỗi ô"), what % {"measure": measure}))
    facts += [(sign, words) for sign, words in heat.signs if sign != SIGNS[Shade.HIDDEN]]
    if heat.has_shared:
        facts += [
            (f"{row.name}: {shared_words()}", months) for row in heat.rows if (months := _shared(row.cells))
        ]
    return Sheet(
        name=_name(standing, choices, "xa-thang"),
        facts=facts,
        heads=[_("Mã"), _("Địa bàn"), *(str(month) for month in heat.months), _("Đến kỳ")],
        rows=[
            ["", _("Toàn địa bàn"), *(_heat_cell(cell) for cell in heat.whole), number(standing.level)],
            *([["", _("Mốc"), *map(_mark, heat.marks)]] if heat.marks else []),
            *(
                [row.commune.area.key, row.name, *(_heat_cell(cell) for cell in row.cells), _total(row)]
                for row in heat.rows
            ),
        ],
    )  # fmt: skip


def groups_sheet(comparisons: Sequence[Comparison], standing: LineStanding, choices: Choices) -> Sheet:
    """Each comparison's periods under each other; the sentences stand among the facts."""
    facts = _facts(standing, choices, hides=any(comparison.hides for comparison in comparisons))
    facts += [(comparison.title, comparison.sentence) for comparison in comparisons]
    rows = [
        [
            comparison.title, row.period.label, comparison.first, row.first.name,
            _side(row.first), comparison.second, row.second.name, _side(row.second),
            None if row.difference is None else number(row.difference), row.gap_interval, row.note,
        ]
        for comparison in comparisons
        for row in comparison.rows
    ]  # fmt: skip
    return Sheet(
        name=_name(standing, choices, "nhom"),
        facts=facts,
        heads=[
            _("So sánh"), _("Kỳ"), _("Nhóm thứ nhất"), _("Địa bàn thứ nhất"), _("Giá trị thứ nhất"),
            _("Nhóm thứ hai"), _("Địa bàn thứ hai"), _("Giá trị thứ hai"), _("Khoảng cách"),
            _("Khoảng cách: khoảng tin cậy 95%"), _("Ghi chú"),
        ],
        rows=rows,
    )  # fmt: skip


def _report_heads(line: PlanIndicator) -> list[str]:
    """What the reports of a commune are counted in: of the latest date its facilities, else facility-months."""
    if line.indicator and line.indicator.timing in LATEST:
        return [_("Cơ sở đã có"), _("Cơ sở phải có")]
    return [_("Cơ sở–tháng đã có"), _("Cơ sở–tháng phải có")]


def _name(standing: LineStanding, choices: Choices, part: str) -> str:
    return f"{choices.plan.slug}-{standing.line.key}-{choices.as_of or choices.year}-{part}"


def _facts(standing: LineStanding, choices: Choices, *, hides: bool, mark: str = "", pace: str = "") -> Facts:
    facts = facts_of(choices, reported=standing.reported, expected=standing.expected)
    facts += [(_("Chỉ tiêu"), standing.line.name), (_("Đơn vị tính"), standing.line.unit)]
    if mark:
        facts.append((_("Mốc so sánh"), mark))
    if pace:
        facts.append((_("Nhịp"), pace))
    if hides:
        facts.append((_("Ghi chú"), why_hidden()))
    return facts


def _year(
    year: int, boundary: str, reading: str, figure: YearFigure | None, target: str, line: PlanIndicator
) -> list[Cell]:
    if figure is None:
        return [year, boundary, reading, *[None] * 7, target, ""]
    if figure.computed is None:
        return [year, boundary, reading, hidden_word(), hidden_word(), *[None] * 5, target, figure.part]
    exact = figure.computed.figure
    low, high = limits_of(exact, line) or (None, None)
    note = "; ".join(part for part in (figure.part, figure.note) if part)
    return [
        year, boundary, reading, number(exact.value), number(exact.numerator), number(exact.denominator),
        low, high, exact.reported, exact.expected, target, note,
    ]  # fmt: skip


def _ranked(row: Ranked) -> list[Cell]:
    commune = row.commune
    figure = commune.figure
    low, high = commune.limits or (None, None)
    area = commune.area
    value, numerator = (number(figure.value), number(figure.numerator)) if figure else (None, None)
    if commune.is_hidden:
        value = numerator = hidden_word()
    return [
        area.key, row.name, value, numerator, number(commune.denominator),
        int(row.rank) if row.rank else None, number(commune.distance), low, high,
        commune.reported, commune.expected, number(area.latitude), number(area.longitude), row.note,
        *goal_cells(commune.goal, hidden=commune.is_hidden),
    ]  # fmt: skip


def _shared(cells: Sequence[HeatCell]) -> str:
    """The months of a row that are estimates: numbers of a file bear no sign."""
    return ", ".join(str(cell.month) for cell in cells if cell.is_shared)


def _heat_cell(cell: HeatCell) -> Cell:
    if cell.shade == Shade.HIDDEN:
        return hidden_word()
    return cell.text if cell.value is None else number(cell.value)


def _mark(due: Due) -> Cell:
    return due.text if due.value is None else number(due.value)


def _total(row: HeatRow) -> Cell:
    return hidden_word() if row.commune.is_hidden else number(row.commune.value)


def _side(side: Printed) -> Cell:
    return hidden_word() if side.value == hidden_word() else number(side.exact)
