"""The views of a line's page: what each shows, draws and gives to download."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from facilities.table_files import Sheet
from plans.charts import Chart, PointMap, draw, draw_map
from plans.models import PlanIndicator
from plans.presenters.allocated import with_goals
from plans.presenters.area_map import present_map
from plans.presenters.choices import Choices
from plans.presenters.communes import SORTS, WORST, outgoing, read_communes
from plans.presenters.gaps import read_comparisons
from plans.presenters.heat import Heat, present_heat
from plans.presenters.heat_cells import MEASURES, MONTH
from plans.presenters.hiding import Hiding, read_hiding
from plans.presenters.line import present_head, present_line
from plans.presenters.line_sheets import groups_sheet, heat_sheet, months_sheet, ranking_sheet, trend_sheet
from plans.presenters.months import months_chart
from plans.presenters.ranking import Ranking, present_ranking
from plans.presenters.trend import hiding_of_years
from plans.standing import LineStanding
from plans.standing.pace import read_pace

TREND, RANKING, MONTHS, MAP, GROUPS = "trend", "ranking", "months", "map", "groups"
NAMES: dict[str, Promise] = {
    TREND: gettext_lazy("Diễn biến"),
    RANKING: gettext_lazy("Xếp hạng"),
    MONTHS: gettext_lazy("Theo tháng"),
    MAP: gettext_lazy("Bản đồ"),
    GROUPS: gettext_lazy("So sánh nhóm"),
}


@dataclass(frozen=True)
class Asked:
    """What the reader asked for; what makes no sense falls back to the first of its kind.

    `inside`: the reader may see the counts of single persons, and the figures stay on the page.
    """

    view: str = TREND
    sort: str = WORST
    measure: str = MONTH
    inside: bool = False

    @classmethod
    def of(cls, query: Any, *, inside: bool) -> Asked:
        def one_of(name: str, known: tuple[str, ...]) -> str:
            text = query.get(name, "")
            return text if text in known else known[0]

        return cls(one_of("view", tuple(NAMES)), one_of("sort", SORTS), one_of("measure", MEASURES), inside)

    @property
    def query(self) -> str:
        """The part of an address that keeps these choices; all of them are words of this module."""
        parts = {"view": (self.view, TREND), "sort": (self.sort, WORST), "measure": (self.measure, MONTH)}
        return "".join(f"&{name}={value}" for name, (value, usual) in parts.items() if value != usual)


@dataclass(frozen=True)
class Drawing:
    """A chart as SVG text, safe to stand in a page: its texts are escaped where it is drawn."""

    number: int
    title: str
    svg: str


@dataclass(frozen=True)
class Shown:
    """One view: `context` for its template, `charts` in the order of the page, its table and that of the months."""

    asked: Asked
    context: dict[str, Any]
    charts: list[Chart | PointMap]
    sheet: Callable[[], Sheet]
    months: Callable[[], Sheet]
    heat: Heat | None = None

    @cached_property
    def drawings(self) -> list[Drawing]:
        return [Drawing(n, chart.title, draw_one(chart, n)) for n, chart in enumerate(self.charts, start=1)]


def draw_one(chart: Chart | PointMap, number: int = 1) -> str:
    return draw_map(chart) if isinstance(chart, PointMap) else draw(chart, number=number)


def show(standing: LineStanding, choices: Choices, asked: Asked) -> Shown:
    """Read and shape the view asked for; each reads what it needs in at most four queries."""
    return VIEWS[asked.view](standing, choices, asked)


def _trend(standing: LineStanding, choices: Choices, asked: Asked) -> Shown:
    hiding = hiding_of_years(standing.line, choices, inside=asked.inside)
    page = present_line(standing, choices, hiding)
    pace = read_pace(standing, choices.area)
    drawn = (page.trend.chart, months_chart(standing, choices.area.pk, hiding, pace))
    charts = [chart for chart in drawn if chart]
    return _shown(
        standing, choices, asked, {"page": page}, charts,
        lambda: trend_sheet(page.trend, standing, choices), hiding,
    )  # fmt: skip


def _ranking(standing: LineStanding, choices: Choices, asked: Asked) -> Shown:
    ranking, hiding = _ranked(standing, choices, asked)
    return _shown(
        standing, choices, asked, {"page": present_head(standing), "ranking": ranking},
        [ranking.chart] if ranking.chart else [], lambda: ranking_sheet(ranking, standing, choices), hiding,
    )  # fmt: skip


def _months(standing: LineStanding, choices: Choices, asked: Asked) -> Shown:
    line = standing.line
    pace = read_pace(standing, choices.area)
    communes = read_communes(line, choices, pace)
    hiding = _hiding(line, choices, [one.area.pk for one in communes], asked)
    heat = present_heat(
        standing, choices, communes, hiding, sort=asked.sort, measure=asked.measure, pace=pace
    )
    context = {"page": present_head(standing), "heat": heat}
    return _shown(
        standing, choices, asked, context, [], lambda: heat_sheet(heat, standing, choices), hiding, heat=heat
    )


def _map(standing: LineStanding, choices: Choices, asked: Asked) -> Shown:
    ranking, hiding = _ranked(standing, choices, asked)
    area_map = present_map(standing.line, ranking)
    context = {"page": present_head(standing), "ranking": ranking, "area_map": area_map}
    return _shown(
        standing, choices, asked, context, [area_map.points] if area_map.points else [],
        lambda: ranking_sheet(ranking, standing, choices, "ban-do"), hiding,
    )  # fmt: skip


def _groups(standing: LineStanding, choices: Choices, asked: Asked) -> Shown:
    comparisons = read_comparisons(standing.line, choices, inside=asked.inside)
    context: dict[str, Any] = {"page": present_head(standing)}
    shown = _shown(
        standing, choices, asked, context, [one.chart for one in comparisons if one.chart],
        lambda: groups_sheet(comparisons, standing, choices),
    )  # fmt: skip
    drawings = iter(shown.drawings)
    context["comparisons"] = [(one, next(drawings) if one.chart else None) for one in comparisons]
    return shown


def _ranked(standing: LineStanding, choices: Choices, asked: Asked) -> tuple[Ranking, Hiding]:
    line = standing.line
    pace = read_pace(standing, choices.area)
    communes = read_communes(line, choices, pace)
    hiding = _hiding(line, choices, [one.area.pk for one in communes], asked)
    allocation, communes = with_goals(line, choices, communes, hiding, pace)
    seen = outgoing(communes, hiding, choices.as_of)
    return present_ranking(line, choices, seen, allocation, asked.sort, pace), hiding


def _hiding(line: PlanIndicator, choices: Choices, communes: Iterable[int], asked: Asked) -> Hiding:
    return read_hiding(line, [choices.area.pk, *communes], [choices.year], inside=asked.inside)


def _shown(
    standing: LineStanding,
    choices: Choices,
    asked: Asked,
    context: dict[str, Any],
    charts: list[Chart | PointMap],
    sheet: Callable[[], Sheet],
    hiding: Hiding | None = None,
    *,
    heat: Heat | None = None,
) -> Shown:
    def months() -> Sheet:
        hides = _hiding(standing.line, choices, [], asked) if hiding is None else hiding
        return months_sheet(standing, choices, hides)

    return Shown(asked, context, charts, sheet, months, heat)


VIEWS = {TREND: _trend, RANKING: _ranking, MONTHS: _months, MAP: _map, GROUPS: _groups}
