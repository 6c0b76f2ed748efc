"""The page of one line: what it promises, how it stands, month by month, place by place."""

from __future__ import annotations

from dataclasses import dataclass

from facilities.periods import Month
from indicators.reading import MonthFigures, figures_of
from plans.models import EnteredFigure, PlanIndicator, Target
from plans.presenters.chart import Chart, chart_of
from plans.presenters.choices import Choices, related_areas
from plans.presenters.definition import Definition, define
from plans.presenters.figures import completeness, counts, printed
from plans.presenters.places import (
    Comparison,
    Place,
    compare_boundaries,
    is_computed,
    is_urban,
    read_communes,
    result_key,
)
from plans.presenters.scorecard import Row, row_of
from plans.presenters.words import VERDICTS, meaning_words
from plans.standing import LineStanding


@dataclass(frozen=True)
class YearTarget:
    year: int
    text: str
    meanings: list[str]
    is_ambiguous: bool


@dataclass(frozen=True)
class MonthRow:
    month: Month
    value: str
    to_date: str
    counts: str
    completeness: str


@dataclass(frozen=True)
class EnteredRow:
    figure: EnteredFigure
    value: str
    counts: str


@dataclass(frozen=True)
class LinePage:
    line: PlanIndicator
    row: Row
    definition: Definition | None
    targets: list[YearTarget]
    chart: Chart | None
    months: list[MonthRow]
    communes: list[Place]
    comparisons: list[Comparison]
    entered: list[EnteredRow]
    is_computed: bool


def present_line(standing: LineStanding, choices: Choices, *, sort: str) -> LinePage:
    """Everything the page shows. Costs a fixed number of queries, one more for each related boundary."""
    line = standing.line
    return LinePage(
        line=line,
        row=row_of(standing),
        definition=define(line),
        targets=targets_by_year(line),
        chart=chart_of(standing),
        months=_months(standing, choices),
        communes=read_communes(line, choices, sort),
        comparisons=compare_boundaries(line, choices, related_areas(choices.plan.area)),
        entered=_entered(line),
        is_computed=is_computed(line),
    )


def targets_by_year(line: PlanIndicator) -> list[YearTarget]:
    """Each year's text as printed with what it means, said in words."""
    by_year: dict[int, list[Target]] = {}
    for target in line.targets.all():
        by_year.setdefault(target.year, []).append(target)
    return [
        YearTarget(
            year,
            targets[0].text,
            [meaning_words(target, unit=line.unit) for target in targets],
            any(target.is_ambiguous for target in targets),
        )
        for year, targets in sorted(by_year.items())
    ]


def _months(standing: LineStanding, choices: Choices) -> list[MonthRow]:
    """Months of the year to date with their counts, in one query."""
    line = standing.line
    if not standing.series or choices.as_of is None:
        return []
    key = result_key(line)
    months = (Month(choices.year, 1), choices.as_of)
    found = figures_of(area=choices.area, indicator_groups={key}, months=months, urban_only=is_urban(line))
    counted = {Month.of(figure.month): figure for figure in found.get(key, [])}
    return [
        MonthRow(
            month=point.month,
            value=printed(point.value, line),
            to_date=printed(point.to_date, line),
            counts=_counts(counted.get(point.month), line),
            completeness=completeness(point.reported, point.expected),
        )
        for point in standing.series
    ]


def _counts(figure: MonthFigures | None, line: PlanIndicator) -> str:
    if figure is None or figure.numerator is None or not line.has_denominator:
        return ""
    return counts(figure.numerator, figure.denominator)


def _entered(line: PlanIndicator) -> list[EnteredRow]:
    return [
        EnteredRow(figure, _entered_value(figure, line), counts(figure.numerator, figure.denominator))
        for figure in line.entered_figures.select_related("by")
    ]


def _entered_value(figure: EnteredFigure, line: PlanIndicator) -> str:
    if figure.kind == EnteredFigure.Kind.VERDICT:
        return str(VERDICTS["met" if figure.value else "not_met"])
    return printed(figure.value, line)
