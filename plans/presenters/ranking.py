"""Communes in order, each with its distance to the plan's mark, its interval and its reports."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from django.utils.translation import gettext as _

from indicators.models import Indicator
from indicators.models.results import Exactness
from indicators.seasonality import EVEN, Pace
from plans.assessment import Status
from plans.charts import Category, Chart, Point, Series, Target
from plans.charts.spec import Drawn
from plans.models import PlanIndicator
from plans.presenters.allocated import AllocationPart, months_until
from plans.presenters.benchmarks import Benchmark, pace_words, part_due
from plans.presenters.choices import Choices
from plans.presenters.communes import WORST, Commune, order
from plans.presenters.figures import completeness, counts_of, interval_words, printed, printed_shared
from plans.presenters.hiding import hidden_word
from plans.presenters.places import exactness_words
from plans.presenters.words import Verdict
from plans.standing.assess import is_period_count
from plans.standing.pace import is_paced

STATUS_ORDER = (
    Status.EXCEEDED, Status.MET, Status.ON_TRACK, Status.AT_RISK, Status.NOT_MET, Status.NO_DATA,
    Status.NOT_ASSESSED,
)  # fmt: skip


@dataclass(frozen=True)
class Ranked:
    """A commune as printed; `rank` is "" without a figure, shared where values are equal (1, 2, 2, 4).

    `missed`: how far it lies from what it is held to, as a part of that.
    """

    commune: Commune
    rank: str
    name: str
    value: str
    counts: str
    interval: str
    completeness: str
    verdict: Verdict
    note: str
    missed: Fraction | None


@dataclass(frozen=True)
class Ranking:
    """`mark` says the benchmark in words, "" where the line has none; `allocation` what was given to places.

    `pace` says by which pace a part of the year is held to a part of the target, "" where none is.
    """

    rows: list[Ranked]
    allocation: AllocationPart
    mark: str
    pace: str
    tally: list[tuple[int, Verdict]]
    chart: Chart | None


def present_ranking(
    line: PlanIndicator,
    choices: Choices,
    communes: Sequence[Commune],
    allocation: AllocationPart,
    sort: str = WORST,
    pace: Pace = EVEN,
) -> Ranking:
    """Shape communes that have their goals already, by the pace that they were read with; asks nothing."""
    benchmark = Benchmark.of(line, choices.year, pace)
    ranks, marks = _ranks(line, communes), Marks(line, choices, benchmark, pace)
    rows = [_row(one, ranks.get(one.area.pk, ""), line, marks) for one in order(communes, line, sort)]
    statuses = [row.verdict for row in rows]
    tally = [
        (statuses.count(verdict), verdict) for verdict in dict.fromkeys(sorted(statuses, key=_by_status))
    ]
    return Ranking(
        rows=rows,
        allocation=allocation,
        mark=benchmark.words(months_until(choices.as_of)) if benchmark and choices.as_of else "",
        pace=_pace_words(line, choices, benchmark, allocation, pace),
        tally=tally,
        chart=_chart(line, choices, order(communes, line, WORST), ranks, marks),
    )


def _pace_words(
    line: PlanIndicator,
    choices: Choices,
    benchmark: Benchmark | None,
    allocation: AllocationPart,
    pace: Pace,
) -> str:
    """Empty where the whole year or a level of any moment is held against, or nothing at all."""
    held = benchmark is not None or allocation.has_begun
    if not held or not is_paced(line) or choices.as_of is None or choices.is_whole_year:
        return ""
    return pace_words(pace)


def verdict_of(commune: Commune, benchmark: Benchmark | None) -> Verdict:
    """How a commune stands: judged by what it was given, else compared with the mark.

    The words of a comparison are not those of a verdict (decision 0014).
    """
    if commune.is_hidden:
        return Verdict(Status.NOT_ASSESSED, hidden_word())
    if commune.value is None:
        return Verdict(Status.NO_DATA, _("chưa có số liệu"))
    if commune.goal and commune.goal.verdict:
        return commune.goal.verdict
    if benchmark is None or commune.is_met is None:
        return Verdict(Status.NOT_ASSESSED, _("không có mốc"))
    if commune.is_met:
        return Verdict(Status.MET, _("đạt mốc"))
    return Verdict(Status.NOT_MET, _("chưa đạt mốc"))


def _by_status(verdict: Verdict) -> int:
    return STATUS_ORDER.index(verdict.status)


def _ranks(line: PlanIndicator, communes: Sequence[Commune]) -> dict[int, str]:
    """1 is the best (the highest, where neither way is better); equal values share a rank.

    Nobody has one where a commune is hidden: a rank among the rest would not be the one on the page.
    """
    if any(one.is_hidden for one in communes):
        return {}
    best_first = [one for one in reversed(order(communes, line, WORST)) if one.value is not None]
    values = [one.value for one in best_first]
    return {one.area.pk: str(values.index(one.value) + 1) for one in best_first}


def _row(commune: Commune, rank: str, line: PlanIndicator, marks: Marks) -> Ranked:
    return Ranked(
        commune=commune,
        rank=rank,
        name=commune.area.name,
        value=printed_shared(commune.value, line, commune.exactness == Exactness.ESTIMATE),
        counts=counts_of(commune.figure, line.indicator.timing),
        interval=interval_words(commune.limits, line.decimals),
        completeness=completeness(commune.reported, commune.expected),
        verdict=verdict_of(commune, marks.benchmark),
        note=note_of(commune),
        missed=marks.missed_by(commune),
    )


def note_of(commune: Commune) -> str:
    if commune.is_hidden:
        return _("số quá nhỏ, không hiện")
    exactness = exactness_words(commune.computed)
    if exactness and commune.source:
        exactness = f"{exactness} ({commune.source})"
    compared = commune.straddles and not (commune.goal and commune.goal.is_allocated)
    return "; ".join(part for part in (exactness, _("chưa đủ cơ sở kết luận") if compared else "") if part)


def _chart(
    line: PlanIndicator,
    choices: Choices,
    communes: Sequence[Commune],
    ranks: dict[int, str],
    marks: Marks,
) -> Chart | None:
    """One point a commune with its interval, worst first, the mark across."""
    known = [one for one in communes if one.value is not None]
    if not known:
        return None
    # Limits of rare events reach many times beyond their values: the table tells them, a drawing would drown.
    with_limits = line.indicator.interval != Indicator.Interval.POISSON
    points = tuple(_point(one, line, with_limits) for one in known)
    ends = [f"{one.area.name} {printed(one.value, line)}" for one in (known[0], known[-1])]
    return Chart(
        title=_("Xếp hạng xã, phường: %(name)s") % {"name": line.name},
        description=_("Từ %(first)s đến %(last)s") % {"first": ends[0], "last": ends[1]},
        categories=_categories(known, ranks),
        series=(Series(_("từng xã, phường"), points, drawn=Drawn.DOTS),),
        target=marks.across(known),
        unit=line.unit,
        decimals=line.decimals,
        axis=_("thứ hạng, từ kém nhất đến tốt nhất") if ranks else "",
        start=_("trục đứng bắt đầu từ %(start)s"),
        interval_name=_("khoảng tin cậy 95%"),
    )


def _categories(communes: Sequence[Commune], ranks: dict[int, str]) -> tuple[Category, ...]:
    """A shared rank is written once."""
    labels = [ranks.get(one.area.pk, "") for one in communes]
    return tuple(
        Category("" if n and labels[n - 1] == labels[n] else labels[n], one.area.name)
        for n, one in enumerate(communes)
    )


@dataclass(frozen=True)
class Marks:
    """What each commune of the chart is held to: its own share where it was given one, else the plan's mark.

    Both are of the months that the commune's figure stands for, as its verdict and its distance are.
    """

    line: PlanIndicator
    choices: Choices
    benchmark: Benchmark | None
    pace: Pace

    def across(self, communes: Sequence[Commune]) -> Target | None:
        if is_period_count(self.choices.plan, self.line):
            return None
        own = [self._own(one) for one in communes]
        due = [self.benchmark.due(one.passed) if self.benchmark else None for one in communes]
        given = any(value is not None for value in own)
        if self.benchmark is None and not given:
            return None
        pairs = list(zip(own, due, strict=True))
        values = tuple(value if value is not None else goal and goal.value for value, goal in pairs)
        uppers = tuple(None if value is not None else goal and goal.upper for value, goal in pairs)
        return Target(self._name(given), values, uppers)

    def missed_by(self, one: Commune) -> Fraction | None:
        """How far the value lies from its mark, as a part of it; as it is where the mark is 0.

        None of a sum for the whole period: the year's value says nothing of it.
        """
        if is_period_count(self.choices.plan, self.line):
            return None
        own = self._own(one)
        level, distance = own, None
        if own is not None and one.value is not None:
            distance = one.value - own
        elif self.benchmark is not None:
            level, distance = self.benchmark.due(one.passed).value, one.distance
        if distance is None:
            return None
        return abs(distance / level) if level else abs(distance)

    def _own(self, one: Commune) -> Fraction | None:
        if one.goal is None or not one.goal.is_allocated or one.goal.value is None:
            return None
        return Fraction(one.goal.value) * part_due(self.line.indicator.timing, self.pace, one.passed)

    def _name(self, given: bool) -> str:
        if not given:
            return _("mốc của kế hoạch")
        if self.benchmark is not None:
            return _("chỉ tiêu giao hoặc mốc")
        runs = is_paced(self.line) and not self.choices.is_whole_year
        return _("phần chỉ tiêu giao của các tháng đã qua") if runs else _("chỉ tiêu giao")


def _point(one: Commune, line: PlanIndicator, with_limits: bool) -> Point:
    low, high = (one.limits if with_limits else None) or (None, None)
    value = printed_shared(one.value, line, one.exactness == Exactness.ESTIMATE)
    parts = [f"{one.area.name}: {value}", interval_words(one.limits, line.decimals)]
    return Point(one.value, "; ".join(part for part in parts if part), low, high)
