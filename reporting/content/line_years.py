"""A line of a plan over several years: its levels, where it began, how it moved, how often it was reached."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from facilities.numbers import format_number
from indicators.models import Indicator
from plans.assessment import Status
from plans.assessment.comparison import Goal
from plans.models import Plan, PlanIndicator, Target
from plans.standing import LineStanding
from plans.standing.assess import is_period_count
from plans.standing.readings import meaning_of
from plans.standing.sources import targets_in
from reporting.content.comparison import is_count, own_level

DECEMBER = 12
REACHED = (Status.EXCEEDED, Status.MET)
FINAL = (*REACHED, Status.NOT_MET)


@dataclass(frozen=True)
class Start:
    """The level a line began from: the plan's printed baseline, else last year's figure, else the first known."""

    year: int
    level: Fraction
    text: str
    is_printed: bool = False


@dataclass(frozen=True)
class LineYears:
    """A line in the years reviewed, in order. `sums`: of a count promised for the whole period, by year the sum
    since the plan began as far as no year is hidden; empty for any other line."""

    years: Sequence[LineStanding]
    sums: dict[int, Fraction]
    start: Start | None

    @property
    def line(self) -> PlanIndicator:
        return self.years[-1].line

    @property
    def last(self) -> LineStanding:
        return self.years[-1]

    @property
    def is_sum(self) -> bool:
        """Whether one sum is promised for all the plan's years."""
        return is_period_count(self.line.plan, self.line)

    @property
    def levels(self) -> list[tuple[int, Fraction]]:
        """The years' own levels, those known."""
        found = ((one.year, own_level(one)) for one in self.years)
        return [(year, level) for year, level in found if level is not None]

    @property
    def final(self) -> list[LineStanding]:
        """The years with a target whose verdict stands."""
        return [one for one in self.years if one.targets and one.assessment.status in FINAL]

    @property
    def reached(self) -> list[LineStanding]:
        return [one for one in self.final if one.assessment.status in REACHED]

    @property
    def end_level(self) -> Fraction | None:
        """The last year's own level."""
        return own_level(self.last)

    @property
    def is_partial_count(self) -> bool:
        """Whether the last year's figure is a sum still growing, which compares with no whole year's."""
        return is_running(self.last) and is_count(self.last) and self.last.source == "computed"

    @property
    def has_improved(self) -> bool | None:
        """Whether the end is better than the start in the line's direction; None where nothing tells."""
        level, start = self.end_level, self.start
        if start is None or level is None or self.is_partial_count or level == start.level:
            return None
        if self.line.direction == Indicator.Direction.HIGHER:
            return level > start.level
        return level < start.level if self.line.direction == Indicator.Direction.LOWER else None

    @property
    def is_unmoved(self) -> bool:
        """Whether the end is the start's level; a sum still growing that happens to be is not compared."""
        return self.start is not None and self.end_level == self.start.level and not self.is_partial_count

    @property
    def last_targets(self) -> tuple[Target, ...]:
        """The plan's last targets for the line, be their year reviewed or not."""
        years = [target.year for target in self.line.targets.all()]
        return targets_in(self.line, max(years)) if years else ()

    @property
    def is_qualitative(self) -> bool:
        """Whether a person judges the line."""
        return any(target.kind == Target.Kind.TEXT for target in self.line.targets.all())

    @property
    def last_goal(self) -> Goal | None:
        """The level the plan's last target asks for; None where it asks for a change, words, or is not decided."""
        line = self.line
        baseline = line.baseline_value if line.baseline_kind == Target.Kind.LEVEL else None
        for target in self.last_targets:
            if target.kind == Target.Kind.LEVEL and not target.is_ambiguous:
                goal = Goal.of(meaning_of(target), baseline, line.tolerance)
                return None if goal is None or goal.is_open else goal
        return None


def is_running(standing: LineStanding) -> bool:
    """Whether the year is told up to an earlier month than December."""
    return standing.as_of is None or standing.as_of.number < DECEMBER


def line_years(plan: Plan, by_year: dict[int, list[LineStanding]], years: range) -> list[LineYears]:
    """The lines in the plan's order. `by_year` may begin before the years reviewed, so that sums are whole."""
    found = {year: {one.line.key: one for one in own} for year, own in by_year.items()}
    shown = []
    for last in by_year[years[-1]]:
        key, is_sum = last.line.key, is_period_count(plan, last.line)
        own = [found[year][key] for year in years]
        sums = _sums([found[year][key] for year in sorted(by_year)]) if is_sum else {}
        shown.append(LineYears(own, sums, _start(plan, own)))
    return shown


def _sums(standings: Sequence[LineStanding]) -> dict[int, Fraction]:
    """By year the sum since the plan began, as far as no year is hidden."""
    total, sums = Fraction(0), {}
    for one in standings:
        if one.is_hidden:
            break
        level = own_level(one)
        if level is not None:
            total += level
            sums[one.year] = total
    return sums


def _start(plan: Plan, own: Sequence[LineStanding]) -> Start | None:
    first, line = own[0], own[0].line
    if prints_start(plan, first):
        return Start(plan.baseline_year, Fraction(line.baseline_value), line.baseline_text, is_printed=True)
    if first.previous is not None:
        return Start(first.year - 1, first.previous, format_number(first.previous, line.decimals))
    for one in own[:-1]:
        level = own_level(one)
        if level is not None:
            return Start(one.year, level, format_number(level, line.decimals))
    return None


def prints_start(plan: Plan, first: LineStanding) -> bool:
    """Whether the plan prints a plain level for its baseline year, on the boundaries reviewed."""
    line = first.line
    is_level = line.baseline_kind == Target.Kind.LEVEL and line.baseline_operator in ("", "=")
    known = is_level and line.baseline_value is not None and bool(line.baseline_text)
    return known and bool(plan.baseline_year and plan.baseline_year < first.year) and not first.is_restated
