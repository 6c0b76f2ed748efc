"""The page of one line: what it promises, how it stands, month by month, place by place."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from facilities.periods import Month
from plans.models import EnteredFigure, PlanIndicator, Target
from plans.presenters.choices import Choices
from plans.presenters.definition import Definition, define
from plans.presenters.explanation import method_of
from plans.presenters.figures import ABOUT, completeness, counts, counts_of, printed, printed_shared
from plans.presenters.hiding import Hiding, flags_of, hidden_word
from plans.presenters.history import History, present_history
from plans.presenters.places import Comparison, Place, compare_boundaries, is_computed
from plans.presenters.scorecard import Row, row_of
from plans.presenters.trend import present_trend, read_years
from plans.presenters.trend_records import Trend, Typed
from plans.presenters.words import VERDICTS, meaning_words
from plans.standing import LineStanding
from plans.targets.printed import in_numbers


@dataclass(frozen=True)
class YearTarget:
    year: int
    text: str
    meanings: list[str]
    is_ambiguous: bool


@dataclass(frozen=True)
class MonthRow:
    """A month alone and the year up to it, each value with the two counts that it is the quotient of."""

    month: Month
    value: str
    counts: str
    to_date: str
    to_date_counts: str
    completeness: str
    query: str


@dataclass(frozen=True)
class EnteredRow:
    figure: EnteredFigure
    value: str
    counts: str


@dataclass(frozen=True)
class LineHead:
    """What stands above every view of a line."""

    line: PlanIndicator
    row: Row
    is_computed: bool
    method: str


@dataclass(frozen=True)
class LinePage(LineHead):
    """The first view: the years, the months of this one, the boundaries, what was entered, the definition."""

    definition: Definition | None
    baseline: str
    targets: list[YearTarget]
    trend: Trend
    months: list[MonthRow]
    comparisons: list[Comparison]
    entered: list[EnteredRow]
    history: History | None

    @property
    def has_shared_months(self) -> bool:
        return any(ABOUT in (row.value[: len(ABOUT)], row.to_date[: len(ABOUT)]) for row in self.months)


def present_head(standing: LineStanding) -> LineHead:
    return LineHead(standing.line, row_of(standing), is_computed(standing.line), method_of(standing))


def present_line(standing: LineStanding, choices: Choices, hiding: Hiding) -> LinePage:
    """Everything the first view shows: results of the years, definition, entered figures, history."""
    line = standing.line
    years = read_years(line, choices)
    entered = list(line.entered_figures.select_related("by"))
    history = present_history(line, choices.area, choices.year, entered, hiding)
    totals = history.totals if history else []
    return LinePage(
        line=line,
        row=row_of(standing),
        is_computed=is_computed(line),
        method=method_of(standing),
        definition=define(line),
        baseline=in_numbers(line.baseline_text),
        targets=targets_by_year(line),
        trend=present_trend(line, choices, years, Typed.of(entered, totals), hiding),
        months=_months(standing, choices, hiding),
        comparisons=_outgoing(compare_boundaries(line, choices, years), choices, hiding),
        entered=_entered(line, entered),
        history=history,
    )


def targets_by_year(line: PlanIndicator) -> list[YearTarget]:
    """Each year's text as printed with what it means, said in words."""
    by_year: dict[int, list[Target]] = {}
    for target in line.targets.all():
        by_year.setdefault(target.year, []).append(target)
    return [
        YearTarget(
            year,
            in_numbers(targets[0].text),
            [meaning_words(target, unit=line.unit) for target in targets],
            any(target.is_ambiguous for target in targets),
        )
        for year, targets in sorted(by_year.items())
    ]


def _months(standing: LineStanding, choices: Choices, hiding: Hiding) -> list[MonthRow]:
    """Months of the year to date with their counts."""
    line = standing.line
    if not standing.series or choices.as_of is None:
        return []
    rows = []
    for point in standing.series:
        hides_month, hides_year = flags_of(standing, hiding, choices.area.pk, point.month)
        rows.append(
            MonthRow(
                month=point.month,
                value=hidden_word() if hides_month else printed_shared(point.value, line, point.is_shared),
                counts="" if hides_month else counts_of(point.alone, line.indicator.timing),
                to_date=hidden_word()
                if hides_year
                else printed_shared(point.to_date, line, point.is_shared_to_date),
                to_date_counts="" if hides_year else counts_of(point.so_far, line.indicator.timing),
                completeness=completeness(point.reported, point.expected),
                query=choices.query_at(choices.area, point.month),
            )
        )
    return rows


def _outgoing(comparisons: list[Comparison], choices: Choices, hiding: Hiding) -> list[Comparison]:
    """The boundaries as they may leave."""
    if not hiding or choices.as_of is None:
        return comparisons
    ended = Month(choices.year - 1, 12)
    return [
        replace(one, last=_shown(one.last, ended, hiding), current=_shown(one.current, choices.as_of, hiding))
        for one in comparisons
    ]


def _shown(place: Place, month: Month, hiding: Hiding) -> Place:
    figure = place.figure.figure if place.figure else None
    if figure is None or not hiding.year(place.area.pk, month, figure.numerator):
        return place
    return replace(place, value=hidden_word(), counts="", note="", figure=None)


def _entered(line: PlanIndicator, figures: Iterable[EnteredFigure]) -> list[EnteredRow]:
    return [
        EnteredRow(figure, _entered_value(figure, line), counts(figure.numerator, figure.denominator))
        for figure in figures
    ]


def _entered_value(figure: EnteredFigure, line: PlanIndicator) -> str:
    if figure.kind == EnteredFigure.Kind.VERDICT:
        return str(VERDICTS["met" if figure.value else "not_met"])
    return printed(figure.value, line)
