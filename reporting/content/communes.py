"""Annex II: the lines that submissions compute, commune by commune on the plan's boundaries."""

from __future__ import annotations

from collections.abc import Sequence

from facilities.models import Area
from facilities.periods import Month
from indicators.models import Group, Indicator
from indicators.reading import communes_of
from plans.models import Plan, PlanIndicator
from plans.standing import LineStanding
from plans.standing.figures import compute
from reporting.content.cells import NONE, Cell, Row, Table, column, number, row, table
from reporting.content.periods import ReportPeriod

DECEMBER = 12
WITHOUT_DEATHS = (
    "Không nêu theo xã các chỉ tiêu tử vong (số trường hợp ở một xã rất nhỏ, có thể nhận ra cá nhân). "
    "Dấu “–”: chưa có báo cáo, không có số liệu chính xác, hoặc chỉ tiêu không áp dụng cho địa bàn."
)


def communes_table(
    plan: Plan, period: ReportPeriod, standings: Sequence[LineStanding], as_of: Month | None
) -> Table:
    """One row a commune, one column a computed line; the first row is the whole area.

    Lines that count deaths are left out: their numbers in one commune can name a person.
    """
    shown = [standing for standing in standings if is_shown(standing)] if as_of else []
    communes = list(
        Area.objects.covered_by(Area.objects.filter(pk=plan.area_id))
        .filter(level=Area.Level.COMMUNE, valid_from=plan.area.valid_from)
        .order_by("parent__code", "code")
    )
    columns = [_cells(plan, standing.line, communes, as_of) for standing in shown if as_of]
    total = row(["", plan.area.name, *[_whole(standing) for standing in shown]], "total")
    rows: list[Row] = [
        row([str(index), commune.name, *[cells[commune.pk] for cells in columns]])
        for index, commune in enumerate(communes, start=1)
    ]
    heads = [column(_title(standing.line), 10, "right") for standing in shown]
    return table(
        "communes",
        f"KẾT QUẢ THEO XÃ, PHƯỜNG, {period.title.upper()}",
        [column("STT", 4, "center"), column("Xã, phường", 18), *heads],
        [total, *rows] if shown else [],
        note=WITHOUT_DEATHS,
    )


def is_shown(standing: LineStanding) -> bool:
    indicator = standing.line.indicator
    return bool(standing.computed and indicator and indicator.interval != Indicator.Interval.POISSON)


def _title(line: PlanIndicator) -> str:
    """Short enough to head a narrow column: the plan's number, the indicator's short name, group and unit."""
    name = line.indicator.short_name or line.name
    group = f" – {line.group_text}" if line.group_text else ""
    unit = f" ({line.unit})" if line.unit else ""
    return f"{line.key}. {name}{group}{unit}"


def _whole(standing: LineStanding) -> Cell:
    figure = standing.computed.figure if standing.computed else None
    return number(figure.value if figure else None, standing.line.decimals)


def _cells(plan: Plan, line: PlanIndicator, communes: Sequence[Area], as_of: Month) -> dict[int, Cell]:
    of_places = line.group is not None and line.group.kind == Group.Kind.PLACES
    group = line.group_id if line.group_id and not of_places else line.everybody_id
    months = communes_of(
        area=plan.area, indicator=line.indicator_id, group=group, months=(Month(as_of.year, 1), as_of)
    )
    cells: dict[int, Cell] = {}
    for commune in communes:
        applies = commune.is_urban or not of_places
        computed = compute(
            months.get(commune.pk, []) if applies else [],
            timing=line.indicator.timing,
            factor=line.indicator.factor,
            has_denominator=line.has_denominator,
        )
        cells[commune.pk] = number(computed.figure.value, line.decimals) if computed else NONE
    return cells
