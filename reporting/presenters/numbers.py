"""The numbers of a snapshot: each beside what it would be now, with the address of where it comes from."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils import translation

from facilities.models import Area
from facilities.periods import Month
from indicators.reading import communes_at, communes_of
from plans.models import PlanIndicator
from plans.presenters.hiding import read_hiding
from plans.standing import LineStanding
from plans.standing.figures import compute_line
from plans.standing.sources import read_lines, result_key
from plans.standing.telling import Telling
from reporting.content.cells import HIDDEN, NONE, Cell, number, text_of
from reporting.content.communes import full_name
from reporting.content.lines import capitalised, levels_before, lines_table, prints_baseline
from reporting.content.periods import ReportPeriod
from reporting.content.quality import completeness_table
from reporting.content.report import read_standings, same_month
from reporting.models import Snapshot
from reporting.presenters.origin import Origin, is_restated

LABEL, NAME, LAST_YEAR, VALUE, AGAINST_TARGET, AGAINST_SAME, VERDICT = 0, 1, 3, 5, 6, 7, 8
EXPECTED, REPORTED = 2, 3  # of the table of completeness


@dataclass(frozen=True)
class Figure:
    """A number as frozen. `now`: what it would be today, "" where it is the same; `url`: where it comes from."""

    text: str
    now: str = ""
    url: str = ""


@dataclass(frozen=True)
class NumberRow:
    """A line of the frozen table. `key` "": the plan has no such line any more, so nothing can be said of it."""

    label: str
    name: str
    key: str
    figures: list[Figure]
    verdict: Figure

    @property
    def has_changed(self) -> bool:
        return any(figure.now for figure in (*self.figures, self.verdict))


@dataclass(frozen=True)
class Column:
    """A line of the annex of communes."""

    key: str
    title: str


def line_keys(content: dict[str, Any], lines: Iterable[PlanIndicator]) -> list[str]:
    """For each row of the frozen lines its key in the plan of today, "" where the line is gone or reworded.

    Rows stand in the plan's order, so each is looked for behind the one before it.
    """
    ordered = sorted(lines, key=lambda line: (line.is_further, line.order))
    keys, place = [], 0
    for row in frozen_rows(content):
        wanted = (row["cells"][LABEL], capitalised(row["cells"][NAME]))
        found = next((i for i in range(place, len(ordered)) if _named(ordered[i]) == wanted), None)
        keys.append("" if found is None else ordered[found].key)
        place = place if found is None else found + 1
    return keys


def frozen_rows(content: dict[str, Any]) -> list[dict[str, Any]]:
    return [row for row in content["tables"]["lines"]["rows"] if row["kind"] != "group"]


def _area(snapshot: Snapshot) -> Area:
    content = snapshot.data["content"]
    return (
        Area.objects.named(content["boundaries"]["area"])
        if is_restated(content)
        else snapshot.report.plan.area
    )


@dataclass(frozen=True)
class _Today:
    """The same tables from the figures of today, by line key; `then`: the lines in the same months of last year."""

    standings: dict[str, LineStanding]
    then: dict[str, LineStanding]
    lines: dict[str, Sequence[Cell]]
    reports: dict[str, Sequence[Cell]]


def number_rows(snapshot: Snapshot) -> list[NumberRow]:
    """The frozen lines beside what they would be now: the queries of two scorecards."""
    content, plan = snapshot.data["content"], snapshot.report.plan
    with translation.override("vi"):
        today = _as_now(snapshot)
    keys = line_keys(content, (standing.line for standing in today.standings.values()))
    counted = {row["cells"][0]: row["cells"] for row in content["tables"]["completeness"]["rows"]}
    origin = Origin.of(content, plan)
    return [
        _row(origin, today, key, row["cells"], counted.get(key))
        for row, key in zip(frozen_rows(content), keys, strict=True)
    ]


def _as_now(snapshot: Snapshot) -> _Today:
    report, plan = snapshot.report, snapshot.report.plan
    text = snapshot.data["content"]["period"]["as_of"]
    as_of, area = Month.parse(text) if text else None, _area(snapshot)
    period = ReportPeriod.parse(report.year, report.period)
    telling = Telling(area)
    standings = read_standings(plan, period.year, as_of, telling)
    then = read_standings(plan, period.year - 1, same_month(as_of), telling) if as_of else []
    table = lines_table(plan, period, standings, levels_before(standings, then), as_of)
    ordered = sorted(standings, key=lambda standing: standing.line.is_further)
    cells = [row["cells"] for row in table["rows"] if row["kind"] != "group"]
    return _Today(
        {standing.line.key: standing for standing in standings},
        {standing.line.key: standing for standing in then},
        {standing.line.key: own for standing, own in zip(ordered, cells, strict=True)},
        {row["cells"][0]: row["cells"] for row in completeness_table(standings)["rows"]},
    )


def _row(
    origin: Origin, today: _Today, key: str, cells: Sequence[Cell], counted: Sequence[Cell] | None
) -> NumberRow:
    now = today.lines.get(key)
    urls = _urls(origin, today, key)
    figures = [
        _figure(cells[place], now[place] if now else None, urls.get(place, ""))
        for place in (LAST_YEAR, VALUE, AGAINST_TARGET, AGAINST_SAME)
    ]
    reports = _counts(today.reports.get(key)) if now else None
    figures.append(_figure(_counts(counted), reports, urls.get(VALUE, "")))
    verdict = _figure(cells[VERDICT], now[VERDICT] if now else None, "")
    return NumberRow(text_of(cells[LABEL]), text_of(cells[NAME]), key, figures, verdict)


def _urls(origin: Origin, today: _Today, key: str) -> dict[int, str]:
    """By column where its number comes from: what the plan itself prints comes from no station."""
    standing, then = today.standings.get(key), today.then.get(key)
    if not origin.as_of or standing is None or (standing.computed is None and standing.value is None):
        return {}
    own = origin.url(key)
    urls = {VALUE: own, AGAINST_TARGET: own}
    if standing.previous_source == "computed" and not prints_baseline(origin.plan, standing):
        urls[LAST_YEAR] = origin.url(key, of="last")
    if then is not None and then.level is not None:
        urls[AGAINST_SAME] = origin.url(key, of="same")
    return urls


def _figure(frozen: Cell, now: Cell | None, url: str) -> Figure:
    text = text_of(frozen)
    return Figure(text, _changed(frozen, now), url if text != NONE else "")


def _changed(frozen: Cell, now: Cell | None) -> str:
    """The number of today where it differs, be it only in decimals that are not printed."""
    if now is None or _exact(frozen) == _exact(now):
        return ""
    said = text_of(now)
    return (
        said
        if said != text_of(frozen) or isinstance(now, str)
        else f"{said} ({now['value'].replace('.', ',')})"
    )


def _exact(cell: Cell) -> str:
    return cell if isinstance(cell, str) else cell["value"]


def _counts(cells: Sequence[Cell] | None) -> str:
    return f"{text_of(cells[REPORTED])}/{text_of(cells[EXPECTED])}" if cells else NONE


def _named(line: PlanIndicator) -> tuple[str, str]:
    """As a row of the table tells it; snapshots of before kept a small first letter."""
    return line.label, capitalised(line.name)


# --- the annex of communes ----------------------------------------------------------------------------


def commune_columns(snapshot: Snapshot) -> list[Column]:
    """The lines of the frozen annex; a column's title begins with the line's key."""
    titles = [column["title"] for column in snapshot.data["content"]["tables"]["communes"]["columns"][2:]]
    return [Column(title.partition(". ")[0], title) for title in titles]


def commune_rows(snapshot: Snapshot, key: str) -> list[NumberRow]:
    """One column of the annex, a commune a row, beside its figures of today: five queries."""
    content, plan = snapshot.data["content"], snapshot.report.plan
    place = [column.key for column in commune_columns(snapshot)].index(key) + 2
    as_of, area = content["period"]["as_of"], _area(snapshot)
    line = next((line for line in read_lines(plan) if line.key == key), None)
    places = communes_at(area, Month.parse(as_of)) if as_of else Area.objects.none()
    communes = list(places.select_related("parent").order_by("parent__code", "code"))
    now = _communes_now(area, line, communes, Month.parse(as_of)) if line and as_of else {}
    origin = Origin.of(content, plan)
    told = [row for row in content["tables"]["communes"]["rows"] if row["kind"] != "total"]
    rows = []
    for row, commune in zip(told, _same_places([row["cells"][1] for row in told], communes), strict=True):
        frozen = row["cells"][place]
        is_number = commune is not None and not isinstance(frozen, str)
        url = origin.url(key, place=commune.key) if line and as_of and is_number else ""
        figure = _figure(frozen, now.get(commune.pk) if is_number else None, url)
        rows.append(NumberRow("", row["cells"][1], key, [figure], Figure("")))
    return rows


def _same_places(names: Sequence[str], communes: Iterable[Area]) -> list[Area | None]:
    """The commune of each frozen row, by name in order; None where a reform entered since has ended or doubled it.

    Snapshots of before name no districts where communes bear one name.
    """
    found: dict[str, list[Area]] = defaultdict(list)
    for commune in communes:
        for name in {commune.name, full_name(commune)}:
            found[name].append(commune)
    waiting = {name: iter(areas) for name, areas in found.items() if len(areas) == names.count(name)}
    return [next(waiting[name]) if name in waiting else None for name in names]


def _communes_now(area: Area, line: PlanIndicator, communes: Sequence[Area], as_of: Month) -> dict[int, Cell]:
    """As the annex would print them today: a number shown then and hidden now is not told either."""
    indicator, group = result_key(line)
    found = communes_of(area=area, indicator=indicator, group=group, months=(Month(as_of.year, 1), as_of))
    hiding = read_hiding(line, [commune.pk for commune in communes], [as_of.year], inside=False)
    cells: dict[int, Cell] = {}
    for commune in communes:
        months = found.get(commune.pk, []) if commune.is_urban or not line.is_of_places else []
        computed = compute_line(line, months)
        if computed and hiding.year(commune.pk, as_of, computed.figure.numerator):
            cells[commune.pk] = HIDDEN
        else:
            cells[commune.pk] = number(computed.figure.value, line.decimals) if computed else NONE
    return cells
