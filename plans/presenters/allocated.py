"""Places against what they were given, or beside the target of the whole as a benchmark: never a verdict of that.

Source: domain/targets.md and docs/decisions/0014-allocated-targets.md.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from fractions import Fraction

from django.utils.translation import gettext as _

from facilities.models import Area
from facilities.periods import Month
from facilities.table_files import Cell, number
from indicators.reading import figures_by_area
from indicators.seasonality import EVEN, Pace
from plans.assessment.records import Flag
from plans.models import Allocation, AllocationVersion, PlanIndicator
from plans.presenters.benchmarks import Benchmark
from plans.presenters.choices import Choices
from plans.presenters.communes import Commune
from plans.presenters.figures import printed
from plans.presenters.hiding import Hiding, hidden_word
from plans.presenters.places import Place, is_computed, place_of
from plans.presenters.sharing import distance, version_title
from plans.presenters.words import Verdict, flag_words, verdict
from plans.standing.allocated import (
    DECEMBER,
    InForce,
    judge_share,
    judged_on,
    read_in_force,
    read_periods,
)
from plans.standing.assess import is_period_count
from plans.standing.heirs import ended_shares
from plans.standing.records import Computed
from plans.standing.sharing import NotShareable, day_of, goal_value, shared_target
from plans.standing.sources import result_key


@dataclass(frozen=True)
class PlaceGoal:
    """What a place is held to: its own target with its own verdict, or a benchmark with the distance alone.

    target: as printed. A place without either has an empty target.
    """

    is_allocated: bool
    target: str = ""
    verdict: Verdict | None = None
    notes: list[str] = field(default_factory=list)
    distance: str = ""
    value: Decimal | None = None


@dataclass(frozen=True)
class AllocationPart:
    """The part of a line's page about shares.

    title: the version in force, or the one to come; "" where nothing was shared out. has_begun: whether it
    counts as of the month shown. is_stale: the plan's target changed since. benchmark: the target of the whole
    year as printed, "" where it can not be one; due: the part of it that the months passed bring, "" where that
    is all; has_benchmarks: whether a place is set beside it. has_goals: whether a commune is held to anything.
    districts: places of another level than communes, with their own figures. can_share: whether the year's
    target can be shared out at all, and to places of these boundaries. ended: names of places given a share that
    a reform has ended since.
    """

    year: int
    title: str
    version: AllocationVersion | None
    has_begun: bool
    is_stale: bool
    benchmark: str
    due: str
    has_benchmarks: bool
    has_goals: bool
    districts: list[Place]
    can_share: bool
    ended: list[str]


def with_goals(
    line: PlanIndicator,
    choices: Choices,
    communes: Sequence[Commune],
    hiding: Hiding | None = None,
    pace: Pace = EVEN,
) -> tuple[AllocationPart, list[Commune]]:
    """The part, and the communes each with its goal by the pace they were read with: one query.

    One more where districts were given shares, and one where what is shared out is of the whole period. On other
    boundaries than the plan's own nothing was shared out: what a commune was given does not restate.
    """
    is_own = choices.area.pk == choices.plan.area_id
    in_force = read_in_force(line, choices.year, judged_on(choices.year, choices.as_of)) if is_own else None
    benchmark = Benchmark.of(line, choices.year, pace)
    rule = Held(line, choices, in_force, benchmark, tells_baselines=not hiding, pace=pace)
    # What a whole period came to would tell of years that are hidden.
    unjudged = bool(hiding) and is_period_count(choices.plan, line)

    def goal_of(area: Area, computed: Computed | None) -> PlaceGoal:
        goal = rule.goal_of(area, computed)
        return untold(goal) if unjudged else goal

    held = [replace(one, goal=goal_of(one.area, one.computed)) for one in communes]
    districts = [
        replace(place, goal=goal_of(place.area, place.figure))
        for place in _districts(line, choices, in_force, pace)
    ]
    goals = [one.goal for one in (*held, *districts) if one.goal]
    part = AllocationPart(
        year=choices.year,
        title=version_title(in_force.version) if in_force else "",
        version=in_force.version if in_force else None,
        has_begun=bool(in_force and in_force.has_begun),
        is_stale=bool(in_force) and _is_stale(line, in_force.version),
        benchmark=printed(benchmark.goal.value, line) if benchmark else "",
        due=_due(benchmark, line, choices.as_of),
        has_benchmarks=any(goal.distance for goal in goals),
        has_goals=any(one.goal.target for one in held if one.goal),
        districts=[_outgoing(place, hiding, choices.as_of) for place in districts],
        can_share=is_own and _can_share(line, choices.year),
        ended=_ended(choices, in_force),
    )
    return part, held


class Held:
    """What the places of one line are held to; the sums of a whole period are read once, where the line asks.

    tells_baselines: whether a note may say how a share lies to the place's last year, which may be hidden.
    """

    def __init__(
        self,
        line: PlanIndicator,
        choices: Choices,
        in_force: InForce | None,
        benchmark: Benchmark | None,
        *,
        tells_baselines: bool,
        pace: Pace,
    ) -> None:
        self.line, self.choices, self.in_force, self.benchmark = line, choices, in_force, benchmark
        self.unsaid = frozenset() if tells_baselines else frozenset({Flag.TARGET_WORSE_THAN_BASELINE})
        self.periods: dict[int, Computed | None] = {}
        if in_force and in_force.has_begun and choices.as_of:
            self.periods = read_periods(line, in_force, choices.as_of, pace)

    def goal_of(self, area: Area, computed: Computed | None) -> PlaceGoal:
        """`computed` is the year's figure of the place."""
        line, as_of, benchmark = self.line, self.choices.as_of, self.benchmark
        share = self.in_force.of(area.pk) if self.in_force else None
        if self.in_force and share:
            judged = self.periods.get(area.pk, computed)
            # What the figure brings with it stands beside the figure already.
            unsaid = self.unsaid | (computed.flags if computed else frozenset())
            goal = _own(share, self.in_force.version, line, judged, as_of, unsaid)
            if area.pk in self.periods:
                goal.notes.insert(0, _period_words(line, judged))
            return goal
        if benchmark is None:
            return PlaceGoal(is_allocated=False)
        figure = computed.figure if computed else None
        passed = computed.passed if computed else months_until(as_of)
        due = benchmark.due(passed).value
        return PlaceGoal(
            is_allocated=False,
            target=printed(due, line),
            distance=_distance(benchmark, figure.value, passed, line) if figure else "",
            value=Decimal(due.numerator) / due.denominator,
        )


def months_until(as_of: Month | None) -> range:
    """The numbers of the year's months up to one, all twelve where none is given."""
    return range(1, (as_of.number if as_of else DECEMBER) + 1)


def untold(goal: PlaceGoal) -> PlaceGoal:
    """The goal without what would tell the figure held against it."""
    return replace(goal, verdict=None, notes=[], distance="")


def _period_words(line: PlanIndicator, computed: Computed | None) -> str:
    """What is judged where a share is of a whole period: not the year's figure that stands beside it."""
    return _("Cộng %(first)d–%(last)d: %(value)s") % {
        "first": line.plan.start_year,
        "last": line.plan.end_year,
        "value": printed(computed.figure.value if computed else None, line) or "–",
    }


def _own(
    share: Allocation,
    version: AllocationVersion,
    line: PlanIndicator,
    computed: Computed | None,
    as_of: Month | None,
    unsaid: frozenset[str],
) -> PlaceGoal:
    """`computed` is what is judged: the place's figure, or its sum over a whole period."""
    target = printed(share.value, line)
    if as_of is None:
        return PlaceGoal(True, target, value=share.value)
    assessment = judge_share(line, share, version, computed, as_of)
    flags = tuple(flag for flag in assessment.flags if flag not in unsaid)
    return PlaceGoal(
        is_allocated=True,
        target=target,
        verdict=verdict(assessment.status, assessment.flags),
        notes=flag_words(flags),
        value=share.value,
    )


def _due(benchmark: Benchmark | None, line: PlanIndicator, as_of: Month | None) -> str:
    """What adds up over the year is held against the part of the months passed: that part, while the year runs."""
    if benchmark is None or not benchmark.is_paced or as_of is None or as_of.number == DECEMBER:
        return ""
    return printed(benchmark.due(months_until(as_of)).value, line)


def _distance(
    benchmark: Benchmark, value: Fraction | None, months: Collection[int], line: PlanIndicator
) -> str:
    if value is None:
        return ""
    difference = benchmark.distance(value, months)
    if difference == 0:
        return _("bằng mốc")
    size = {"size": distance(abs(difference), line)}
    return (_("cao hơn mốc %(size)s") if difference > 0 else _("thấp hơn mốc %(size)s")) % size


def _outgoing(place: Place, hiding: Hiding | None, last: Month | None) -> Place:
    """A district as it may leave: what is hidden of it is told neither as a number nor by its verdict."""
    figure = place.figure.figure if place.figure else None
    if not hiding or figure is None or not hiding.year(place.area.pk, last, figure.numerator):
        return place
    goal = place.goal and untold(place.goal)
    return replace(place, value=hidden_word(), counts="", note="", figure=None, goal=goal)


def _districts(line: PlanIndicator, choices: Choices, in_force: InForce | None, pace: Pace) -> list[Place]:
    """The places of a version shared out to districts, with their figures to date: one query."""
    if in_force is None or not in_force.has_begun or in_force.version.level != Area.Level.DISTRICT:
        return []
    if not is_computed(line) or choices.as_of is None:
        return []
    indicator, group = result_key(line)
    months = (Month(choices.year, 1), choices.as_of)
    areas = [share.area for share in in_force.shares.values()]
    keys = Area.objects.filter(pk__in=[area.pk for area in areas])
    found = figures_by_area(areas=keys, indicator=indicator, group=group, months=months)
    return [place_of(area, area.name, line, found.get(area.pk, []), choices, pace=pace) for area in areas]


def _ended(choices: Choices, in_force: InForce | None) -> list[str]:
    if in_force is None:
        return []
    day = min(judged_on(choices.year, choices.as_of), day_of(choices.plan.area, choices.year))
    return [share.area.name for share in ended_shares(in_force.shares.values(), day)]


def _is_stale(line: PlanIndicator, version: AllocationVersion) -> bool:
    try:
        target = shared_target(line, version.year)
    except NotShareable:
        return True
    return (target.operator, goal_value(line, target)) != (version.target_operator, version.target_value)


def _can_share(line: PlanIndicator, year: int) -> bool:
    try:
        shared_target(line, year)
    except NotShareable:
        return False
    return True


def goal_heads() -> list[str]:
    """The columns of a file about what each place is held to."""
    return [_("Chỉ tiêu được giao"), _("Đánh giá theo chỉ tiêu được giao"), _("Mốc so sánh"), _("So với mốc")]


def goal_cells(goal: PlaceGoal | None, *, hidden: bool) -> list[Cell]:
    """The cells under `goal_heads`; with `hidden` nothing that would tell the figure."""
    if goal is None:
        return [None, "", None, ""]
    word = goal.verdict.word if goal.verdict and not hidden else ""
    if goal.is_allocated:
        return [number(goal.value), word, None, ""]
    return [None, "", number(goal.value), "" if hidden else goal.distance]
