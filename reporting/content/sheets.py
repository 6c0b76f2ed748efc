"""Every commune's own sheet in one batch: its lines with counts, what it is held to, how complete, its months so far.

One table a commune, in annexes of their own; its note says what is missing and what is hidden (decision 0011).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from facilities.models import Area
from facilities.numbers import format_number
from facilities.periods import Month
from indicators.reading import communes_at
from indicators.small_numbers import Hidden, hidden_results
from plans.models import Plan
from plans.presenters.allocated import with_goals
from plans.presenters.choices import Choices
from plans.presenters.communes import Commune, outgoing, read_communes
from plans.presenters.hiding import Hiding
from plans.standing import LineStanding
from plans.standing.pace import read_pace
from plans.standing.sources import result_key
from reporting.content import header
from reporting.content.boundaries import of_report
from reporting.content.cells import (
    HIDDEN,
    LARGE,
    NONE,
    Cell,
    Row,
    Table,
    column,
    number,
    row,
    share_of,
    table,
    text_of,
)
from reporting.content.communes import HIDDEN_NOTE, full_name, is_shown
from reporting.content.lines import FURTHER, heading, unit_note
from reporting.content.periods import ReportPeriod, month_words
from reporting.content.report import last_month, period_data, plan_data, reach_words, standings_inside
from reporting.models import Report

NOTE = (
    "Mốc so sánh là chỉ tiêu của cả địa bàn kế hoạch, chỉ để so sánh; chỉ chỉ tiêu được giao mới được đánh giá. "
    "Dấu “–”: chưa có báo cáo, không có số liệu chính xác, hoặc không giao chỉ tiêu."
)


@dataclass(frozen=True)
class LineSheets:
    """One line with its communes by area id, as they may leave the department, and what of them is hidden."""

    standing: LineStanding
    communes: Mapping[int, Commune]
    hiding: Hiding


def build(report: Report, today: date) -> dict[str, Any]:
    """No letter: one sentence, and every commune an annex with one table. A bounded number of queries a line."""
    return _content(report, today)


def draft(report: Report, today: date) -> dict[str, Any]:
    """The same with the first commune alone: for reading while the batch is prepared."""
    return _content(report, today, most=1)


def _content(report: Report, today: date, most: int | None = None) -> dict[str, Any]:
    plan, period = report.plan, ReportPeriod.parse(report.year, report.period)
    as_of = last_month(period, today)
    standings = (
        [s for s in standings_inside(plan, period.year, as_of, plan.area) if is_shown(s)] if as_of else []
    )
    places = communes_at(plan.area, as_of or period.last).select_related("parent")
    communes = list(places.order_by("parent__code", "folded_name", "code")[:most])
    hidden = hidden_results([one.pk for one in communes] if standings else [], [period.year])
    lines = [_read(plan, standing, as_of, hidden) for standing in standings if as_of]
    agency = plan.issuer.responsible_on(today)
    boundaries = of_report(report, plan.area, today)
    tables = [_sheet(commune, lines, as_of) for commune in communes] if as_of and lines else []
    head = header.header(
        agency, f"Phiếu kết quả {period.title} của từng xã, phường: {header.plan_name(plan)}"
    )
    return {
        "plan": plan_data(plan),
        "period": period_data(period, as_of, today),
        "agency": {"name": agency.name, "issued_plan": plan.issuer.name},
        "header": head | {"number": "", "addressees": []},
        "footer": {"recipients": [], "office": [], "signer": ""},
        "boundaries": boundaries,
        "legal_bases": [],
        "opening": f"Kết quả {period.title} của từng xã, phường. {boundaries['text']}{reach_words(as_of)}",
        "sections": [{"label": "I", "title": "CÁC PHIẾU", "blocks": _overview(tables)}],
        "closing": f"Kết quả {period.title} theo phiếu. {NOTE}" if tables else _nothing(period),
        "tables": {one["key"]: one for one in tables},
        "annexes": [{"label": str(n), "tables": [one["key"]]} for n, one in enumerate(tables, start=1)],
    }


def _nothing(period: ReportPeriod) -> str:
    return f"Chưa có số liệu {period.title} của xã, phường nào"


def _overview(tables: Sequence[Table]) -> list[dict[str, Any]]:
    """How many sheets there are, for whoever reads of the batch before opening it."""
    text = f"Có {len(tables)} phiếu, mỗi xã, phường một phiếu." if tables else "Chưa có phiếu nào."
    return [{"kind": "paragraph", "text": text}]


def _read(plan: Plan, standing: LineStanding, as_of: Month, hidden: Hidden) -> LineSheets:
    """A line's communes with what each is held to, without what may not leave: at most six queries."""
    line = standing.line
    choices = Choices(plan, as_of.year, as_of, plan.area, None, years=[], months=[], areas=[])
    is_sensitive = line.indicator_id in hidden.sensitive
    hiding = Hiding(*result_key(line), hidden) if is_sensitive else Hiding()
    pace = read_pace(standing, plan.area)
    _part, held = with_goals(line, choices, read_communes(line, choices, pace), hiding, pace)
    return LineSheets(standing, {one.area.pk: one for one in outgoing(held, hiding, as_of)}, hiding)


def _sheet(area: Area, lines: Sequence[LineSheets], as_of: Month) -> Table:
    rows: list[Row] = []
    group = ""
    own = [(one, one.communes[area.pk]) for one in lines if area.pk in one.communes]
    for one, commune in own:
        title = FURTHER if one.standing.line.is_further else heading(one.standing)
        if title != group:
            group = title
            rows.append(row([title], "group"))
        rows.append(_row(one, commune, as_of))
    months = [column(f"T{month.number}", 7, "right") for month in Month(as_of.year, 1).until(as_of)]
    return table(
        f"sheet-{area.code}-{area.pk}",
        full_name(area),
        [
            column("STT", 4, "center"),
            column("Chỉ tiêu", 26),
            column("Đơn vị tính", 8, "center"),
            column(f"Đến {month_words(as_of)}", 9, "right"),
            column("Tử số", 9, "right"),
            column("Mẫu số", 9, "right"),
            column("Chỉ tiêu được giao", 8, "right"),
            column("Mốc so sánh", 8, "right"),
            column("Đánh giá, so với mốc", 16),
            column("Đầy đủ", 7, "right"),
            *months,
        ],
        rows,
        note=_note([commune for _one, commune in own], rows, as_of),
    )


def _row(one: LineSheets, commune: Commune, as_of: Month) -> Row:
    line, figure, goal = one.standing.line, commune.figure, commune.goal
    given = number(goal.value, line.decimals) if goal and goal.target else NONE
    held = [given, NONE] if goal and goal.is_allocated else [NONE, given]
    hidden = HIDDEN if commune.is_hidden else None
    cells: list[Cell] = [
        line.label,
        line.name,
        line.unit or NONE,
        hidden or number(figure.value if figure else None, line.decimals),
        hidden or _count(figure.numerator if figure else None),
        _count(commune.denominator),
        *held,
        _judged(commune),
        share_of(commune.reported, commune.expected, 0),
        *[_month(one, commune, month) for month in Month(as_of.year, 1).until(as_of)],
    ]
    return row(cells, "part" if line.parent_id else "line")


def _count(value: Fraction | None) -> Cell:
    """A count as counted; one decimal where a share of a divided place made a small one fractional."""
    if value is None:
        return NONE
    return number(value, 0 if value.denominator == 1 or abs(value) >= LARGE else 1)


def _judged(commune: Commune) -> str:
    """The verdict of what the commune was given, else its distance from the benchmark; never a verdict of that."""
    goal = commune.goal
    if goal is None or commune.is_hidden:
        return NONE
    words = [str(goal.verdict.word), *goal.notes] if goal.verdict else [goal.distance]
    text = "; ".join(word for word in words if word)
    return text[:1].upper() + text[1:] if text else NONE


def _month(one: LineSheets, commune: Commune, month: Month) -> Cell:
    """The month's own figure. One that is hidden is so whether or not the year to date is."""
    figures = commune.months.get(month)
    point = commune.points.get(month)
    if commune.is_hidden or (figures and one.hiding.month(commune.area.pk, month, figures.numerator)):
        return HIDDEN
    return number(point.value if point else None, one.standing.line.decimals)


def _note(communes: Sequence[Commune], rows: Sequence[Row], as_of: Month) -> str:
    """How complete the sheet is, which months lack reports, and what hidden cells mean."""
    hides = any(cell == HIDDEN for row in rows for cell in row["cells"])
    parts = [*_completeness(communes, as_of), HIDDEN_NOTE.strip() if hides else "", unit_note(rows)]
    return " ".join(filter(None, parts))


def _completeness(communes: Sequence[Commune], as_of: Month) -> list[str]:
    expected = sum(one.expected for one in communes)
    if not expected:
        return ["Chưa có báo cáo nào phải nộp."]
    reported = sum(one.reported for one in communes)
    counts = f"{format_number(reported)}/{format_number(expected)}"
    told = f"Đã có {counts} số liệu cơ sở–tháng phải có ({text_of(share_of(reported, expected))})."
    if reported == expected:
        return [told, "Không thiếu báo cáo nào."]
    missing = _missing(communes, as_of)
    return [told, f"Còn thiếu báo cáo của tháng {', '.join(missing)}."] if missing else [told]


def _missing(communes: Sequence[Commune], as_of: Month) -> list[str]:
    """The months in which a figure of the sheet lacks reports. What is hidden tells no months."""
    months = list(Month(as_of.year, 1).until(as_of))
    lacking = {
        month
        for one in communes
        for month in months
        if month in one.months and one.months[month].reported < one.months[month].expected
    }
    return [month_words(month) for month in months if month in lacking]
