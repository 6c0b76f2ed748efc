"""The bridge from results to verdicts: every line of a plan in a year, as of a month."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from django.utils import timezone
from django.utils.translation import gettext as _

from facilities.models import Area
from facilities.periods import Month
from indicators.models import Indicator
from indicators.reading import last_computed_month
from plans.assessment import Assessment, Reading
from plans.models import Plan, PlanIndicator, Target
from plans.standing.figures import add_period, compute_line
from plans.standing.readings import change_of, judge_line, read
from plans.standing.records import Computed, Entered, LineStanding
from plans.standing.sources import Sources, read_lines, read_sources, targets_in

DECEMBER = 12


class AsOfOutsideYear(ValueError):
    """The as-of month does not lie in the year assessed."""


def assess_lines(
    plan: Plan, year: int, as_of: Month | None = None, boundaries: Area | None = None
) -> list[LineStanding]:
    """Assess every line of the plan, further ones included, in the plan's order.

    as_of: the last month that counts; by default December where the year is over, else the last month that
    is over and computed. With December the year has ended and verdicts are final. boundaries: the area whose
    figures are read instead of the plan's own (a part of it, its successor).

    Takes at most six queries: lines, targets, entered figures, results, results of urban communes where a
    line asks for them, and the last computed month where `as_of` is not given; `plan.area` comes with the
    plan (`select_related("area")`). Raises AsOfOutsideYear.
    """
    if as_of and as_of.year != year:
        raise AsOfOutsideYear(_("%(month)s không thuộc năm %(year)s") % {"month": as_of, "year": year})
    as_of = as_of or default_as_of(year)
    lines = read_lines(plan)
    years = {year - 1, year}
    if any(is_period_count(plan, line) for line in lines):
        years |= set(range(plan.start_year, year))
    is_running = as_of is not None and as_of.number < DECEMBER
    area = boundaries or plan.area
    sources = read_sources(plan, lines, area=area, years=years, until=as_of, projects=is_running)
    is_restated = area.pk != plan.area_id
    found = (_assess(plan, line, year, as_of, sources) for line in lines)
    return [replace(standing, is_restated=True) if is_restated else standing for standing in found]


def default_as_of(year: int) -> Month | None:
    """December of a year that is over; else its last month that is over and computed, None before that."""
    today = timezone.localdate()
    return Month(year, DECEMBER) if year < today.year else last_computed_month(year, today)


def is_period_count(plan: Plan, line: PlanIndicator) -> bool:
    """Whether the line promises one sum for all the plan's years: a count with the last year's target alone.

    Source: domain/targets.md, "A target for a whole period judges … the sum over the period".
    """
    if not line.indicator or line.indicator.timing != Indicator.Timing.COUNT:
        return False
    years = {target.year for target in line.targets.all()}
    return len(plan.years) > 1 and years == {plan.end_year}


def _assess(
    plan: Plan, line: PlanIndicator, year: int, as_of: Month | None, sources: Sources
) -> LineStanding:
    targets = targets_in(line, year)
    upcoming = () if targets else _next_targets(line, year)
    states_change = _states_change(targets or upcoming)
    year_ended = bool(as_of and as_of.number == DECEMBER)
    computed = _computed(plan, line, year, sources)
    entered = sources.entered.get((line.pk, year), Entered())
    previous, previous_source, previous_reported = _previous(line, year, states_change, sources)
    reading = read(computed, entered, states_change, previous, year_ended)
    level = reading.value if not states_change or reading.source == "computed" else None
    assessment = judge_line(line, targets, reading, states_change)
    return LineStanding(
        line=line,
        year=year,
        as_of=as_of,
        targets=targets,
        next_targets=upcoming,
        value=change_of(reading) if states_change else reading.value,
        level=level,
        numerator=reading.numerator,
        denominator=reading.denominator,
        source=reading.source,
        reported=reading.reported,
        expected=reading.expected,
        states_change=states_change,
        computed=computed,
        entered=entered,
        previous=previous,
        previous_source=previous_source,
        previous_reported=previous_reported,
        assessment=assessment,
        estimate_assessment=_beside(line, targets, reading, entered, states_change),
    )


def _next_targets(line: PlanIndicator, year: int) -> tuple[Target, ...]:
    later = [target.year for target in line.targets.all() if target.year > year]
    return targets_in(line, min(later)) if later else ()


def _states_change(targets: tuple[Target, ...]) -> bool:
    """Whether a change is all the target says; an undecided one may yet turn out to be relative."""
    return bool(targets) and all(
        target.kind == Target.Kind.CHANGE and not target.is_ambiguous for target in targets
    )


def _computed(plan: Plan, line: PlanIndicator, year: int, sources: Sources) -> Computed | None:
    if not is_period_count(plan, line) or year != plan.end_year:
        return _computed_year(line, year, sources, with_season=True)
    return add_period([_computed_year(line, y, sources, with_season=y == year) for y in plan.years])


def _computed_year(
    line: PlanIndicator, year: int, sources: Sources, *, with_season: bool = False
) -> Computed | None:
    months = sources.months_of(line, year)
    if not months:
        return None
    return compute_line(line, months, past=sources.before(line, year) if with_season else None)


def _previous(
    line: PlanIndicator, year: int, states_change: bool, sources: Sources
) -> tuple[Fraction | None, str, int]:
    """Last year's level on the same boundaries, its source, and the reports it was computed from.

    A change is taken between computed levels alone, never from printed or entered rates (domain/targets.md).
    """
    computed = _computed_year(line, year - 1, sources)
    if computed and computed.figure.value is not None:
        return computed.figure.value, "computed", computed.figure.reported
    actual = sources.entered.get((line.pk, year - 1), Entered()).actual
    if actual and not states_change:
        return Fraction(actual.value), "entered", 0
    return None, "none", 0


def _beside(
    line: PlanIndicator,
    targets: tuple[Target, ...],
    reading: Reading,
    entered: Entered,
    states_change: bool,
) -> Assessment | None:
    """Judge the estimate shown beside a figure while the year runs; afterwards the figure alone counts."""
    if not entered.estimate or reading.year_ended or reading.source == "estimate":
        return None
    estimate = read(None, Entered(estimate=entered.estimate), states_change, reading.previous, False)
    return judge_line(line, targets, estimate, states_change)
