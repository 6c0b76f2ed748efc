"""What places were given of a line's target, and how each stands against its own.

A version counts from its day on. What is read as of a month is judged by the version in force on that month's
last day (docs/decisions/0014-allocated-targets.md).
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from facilities.models import Area
from facilities.periods import Month
from indicators.reading import MonthFigures, figures_by_area
from indicators.seasonality import EVEN, Pace
from plans.assessment import Assessment
from plans.models import Allocation, AllocationVersion, Plan, PlanIndicator
from plans.standing.assess import is_period_count
from plans.standing.figures import add_period, compute_line
from plans.standing.readings import judge_goals, read
from plans.standing.records import Computed, Entered
from plans.standing.sources import result_key
from plans.targets import Meaning

DECEMBER = 12


@dataclass(frozen=True)
class InForce:
    """The version that counts on a day, with what each area was given, by area id.

    has_begun: whether the version counts on that day; where none does, the last one made is told of all the same.
    """

    version: AllocationVersion
    shares: Mapping[int, Allocation]
    has_begun: bool

    def of(self, area: int) -> Allocation | None:
        return self.shares.get(area) if self.has_begun else None


def judged_on(year: int, as_of: Month | None) -> date:
    """The day whose version judges: the last of the as-of month, of the year where nothing is computed yet."""
    month = as_of or Month(year, DECEMBER)
    return date(month.year, month.number, monthrange(month.year, month.number)[1])


def read_in_force(line: PlanIndicator, year: int, day: date) -> InForce | None:
    """The version in force on `day` with all it gave, in one query; None where nothing was ever shared out."""
    versions = AllocationVersion.objects.filter(line=line, year=year).in_force_first(day)
    shares = list(
        Allocation.objects.filter(version=versions.values("pk")[:1])
        .select_related("version__by", "version__superseded_by", "area__parent")
        .order_by("area__folded_name", "area__code")
    )
    if not shares:
        return None
    version = shares[0].version
    return InForce(version, {share.area_id: share for share in shares}, version.in_force_from <= day)


def read_in_force_at(area: Area, plan: Plan, year: int, day: date) -> dict[int, InForce]:
    """What one place was given by the versions in force on `day`, by line id: two queries for any number of lines."""
    versions = AllocationVersion.objects.filter(line__plan=plan, year=year, in_force_from__lte=day)
    in_force = {version.line_id: version for version in versions.order_by("number")}
    given = Allocation.objects.filter(area=area, version__in=[one.pk for one in in_force.values()])
    shares = {share.version_id: share for share in given}
    return {
        line: InForce(version, {area.pk: shares[version.pk]}, True)
        for line, version in in_force.items()
        if version.pk in shares
    }


def read_periods(
    line: PlanIndicator, in_force: InForce, as_of: Month, pace: Pace = EVEN
) -> dict[int, Computed | None]:
    """Of a count promised for all the plan's years, their sum at each place given a share, by area id: one query.

    `pace` is that of the whole in the last year. Empty for any other line, whose year is judged by itself. The line
    comes from `lines_of`.
    """
    plan = line.plan
    if as_of.year != plan.end_year or not is_period_count(plan, line):
        return {}
    indicator, group = result_key(line)
    found = figures_by_area(
        areas=Area.objects.filter(pk__in=list(in_force.shares)),
        indicator=indicator,
        group=group,
        months=(Month(plan.start_year, 1), as_of),
    )
    return {key: _period(line, found.get(key, []), pace) for key in in_force.shares}


def _period(line: PlanIndicator, months: Sequence[MonthFigures], pace: Pace) -> Computed | None:
    by_year = [[month for month in months if month.month.year == year] for year in line.plan.years]
    return add_period([compute_line(line, own, pace=pace) for own in by_year])


def judge_share(
    line: PlanIndicator,
    share: Allocation,
    version: AllocationVersion,
    computed: Computed | None,
    as_of: Month,
) -> Assessment:
    """The place's own figure, projected by the pace of the whole, against what it was given.

    Compared as the target of the whole was then.
    """
    goal = Meaning(
        text="",
        year=version.year,
        operator=version.target_operator,
        value=share.value,
        kind="level",
    )
    reading = read(computed, Entered(), False, None, as_of.number == DECEMBER)
    return judge_goals(line, [goal], reading, baseline=share.baseline)


def versions_of(line: PlanIndicator, year: int) -> Sequence[AllocationVersion]:
    """Every version of a year, the last made first, in one query."""
    return list(
        line.allocation_versions.filter(year=year)
        .select_related("by", "superseded_by", "supersedes")
        .order_by("-number")
    )


def values_of(version: AllocationVersion | None) -> dict[int, Decimal]:
    """What a version gave, by area id."""
    return dict(version.allocations.values_list("area", "value")) if version else {}
