"""Annex II: the lines that submissions compute, commune by commune on the report's boundaries."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from facilities.models import Area
from facilities.periods import Month
from indicators.reading import communes_at, communes_of
from indicators.small_numbers import Hidden, hidden_results
from plans.models import PlanIndicator
from plans.standing import LineStanding
from plans.standing.assess import is_period_count
from plans.standing.figures import compute_line
from plans.standing.sources import result_key
from reporting.content.boundaries import lower_name
from reporting.content.cells import HIDDEN, NONE, Cell, Row, Table, column, number, row, table
from reporting.content.periods import ReportPeriod

NONE_NOTE = "Dấu “–”: chưa có báo cáo, không có số liệu chính xác, hoặc chỉ tiêu không áp dụng cho địa bàn."
HIDDEN_NOTE = (
    "“ẩn”: số trường hợp tử vong, HIV, phá thai từ 1 đến 4 được ẩn để không lộ người bệnh; một số ô khác, kể cả "
    "ô bằng 0, được ẩn theo để không suy ra được từ tổng số, từ lũy kế các tháng hoặc từ ranh giới cũ và mới. "
)


def communes_table(
    area: Area, period: ReportPeriod, standings: Sequence[LineStanding], as_of: Month | None
) -> Table:
    """One row a commune, one column a computed line; the first row is the whole area.

    Small counts of deaths, HIV and abortions could name a person: they are hidden, and so is what gives them
    away (decision 0011). The whole area is the plan's own figure, which its report must tell, unless one commune
    alone stands behind it.
    """
    shown = [standing for standing in standings if is_shown(standing)] if as_of else []
    last = as_of or Month(period.year, 12)
    communes = list(communes_at(area, last).select_related("parent").order_by("parent__code", "code"))
    names = Counter(commune.name for commune in communes)
    hidden = hidden_results([commune.pk for commune in communes] if shown else [], [period.year])
    columns = [_cells(area, standing.line, communes, as_of, hidden) for standing in shown if as_of]
    total = row(["", area.name, *[_whole(standing) for standing in shown]], "total")
    hides = HIDDEN in total["cells"] or any(HIDDEN in cells.values() for cells in columns)
    rows: list[Row] = [
        row([str(index), _name(commune, names), *[cells[commune.pk] for cells in columns]])
        for index, commune in enumerate(communes, start=1)
    ]
    heads = [column(_title(standing.line), 10, "right") for standing in shown]
    return table(
        "communes",
        f"KẾT QUẢ THEO XÃ, PHƯỜNG, {period.title.upper()}",
        [column("STT", 4, "center"), column("Xã, phường", 18), *heads],
        [total, *rows] if shown else [],
        note=f"{HIDDEN_NOTE if hides else ''}{NONE_NOTE}",
    )


def _name(commune: Area, names: Counter[str]) -> str:
    """With its district only where another commune of the area bears the same name."""
    return full_name(commune) if names[commune.name] > 1 else commune.name


def full_name(commune: Area) -> str:
    """The commune, with its district where it had one."""
    parent = commune.parent
    has_district = parent is not None and parent.level == Area.Level.DISTRICT
    return f"{commune.name}, {lower_name(parent)}" if has_district else commune.name


def is_shown(standing: LineStanding) -> bool:
    return bool(standing.computed and standing.line.indicator)


def _title(line: PlanIndicator) -> str:
    """Short enough to head a narrow column: the plan's number, the indicator's short name, group and unit."""
    name = line.indicator.short_name or line.name
    group = f" – {line.group_text}" if line.group_text else ""
    unit = f" ({line.unit})" if line.unit else ""
    return f"{line.key}. {name}{group}{unit}"


def _whole(standing: LineStanding) -> Cell:
    if standing.is_hidden:
        return HIDDEN
    figure = standing.computed.figure if standing.computed else None
    value = figure.value if figure else None
    if is_period_count(standing.line.plan, standing.line) and standing.series:
        # The communes below are of this year; the figure is of all the plan's years.
        value = standing.series[-1].to_date
    return number(value, standing.line.decimals)


def _cells(
    area: Area, line: PlanIndicator, communes: Sequence[Area], as_of: Month, hidden: Hidden
) -> dict[int, Cell]:
    indicator, group = result_key(line)
    months = communes_of(area=area, indicator=indicator, group=group, months=(Month(as_of.year, 1), as_of))
    cells: dict[int, Cell] = {}
    for commune in communes:
        applies = commune.is_urban or not line.is_of_places
        computed = compute_line(line, months.get(commune.pk, []) if applies else [])
        figure = computed.figure if computed else None
        key = (commune.pk, indicator, group, as_of.first_day)
        if figure and hidden.hides_year(*key, figure.numerator):
            cells[commune.pk] = HIDDEN
        else:
            cells[commune.pk] = number(figure.value, line.decimals) if figure else NONE
    return cells
