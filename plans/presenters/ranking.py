"""Communes in order, each with its distance to the plan's mark, its interval and its reports."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from django.utils.translation import gettext as _

from indicators.models import Indicator
from indicators.models.results import Exactness
from plans.assessment import Status
from plans.charts import Category, Chart, Point, Series, Target
from plans.charts.spec import Drawn
from plans.models import PlanIndicator
from plans.presenters.allocated import AllocationPart
from plans.presenters.benchmarks import Benchmark
from plans.presenters.choices import Choices
from plans.presenters.communes import WORST, Commune, order
from plans.presenters.figures import completeness, counts, interval_words, printed, printed_shared
from plans.presenters.hiding import hidden_word
from plans.presenters.places import exactness_words
from plans.presenters.words import Verdict
from plans.standing.assess import is_period_count

STATUS_ORDER = (
    Status.EXCEEDED, Status.MET, Status.ON_TRACK, Status.AT_RISK, Status.NOT_MET, Status.NO_DATA,
    Status.NOT_ASSESSED,
)  # fmt: skip


@dataclass(frozen=True)
class Ranked:
    """A commune as printed; `rank` is "" without a figure, shared where values are equal (1, 2, 2, 4)."""

    commune: Commune
    rank: str
    name: str
    value: str
    counts: str
    interval: str
    completeness: str
    verdict: Verdict
    note: str


@dataclass(frozen=True)
class Ranking:
    """`mark` says the benchmark in words, "" where the line has none; `allocation` what was given to places."""

    rows: list[Ranked]
    allocation: AllocationPart
    mark: str
    tally: list[tuple[int, Verdict]]
    chart: Chart | None


def present_ranking(
    line: PlanIndicator,
    choices: Choices,
    communes: Sequence[Commune],
    allocation: AllocationPart,
    sort: str = WORST,
) -> Ranking:
    """Shape communes that have their goals already; asks nothing."""
    benchmark = Benchmark.of(line, choices.year)
    ranks = _ranks(line, communes)
    rows = [_row(one, ranks.get(one.area.pk, ""), line, benchmark) for one in order(communes, line, sort)]
    statuses = [row.verdict for row in rows]
    tally = [
        (statuses.count(verdict), verdict) for verdict in dict.fromkeys(sorted(statuses, key=_by_status))
    ]
    return Ranking(
        rows=rows,
        allocation=allocation,
        mark=benchmark.words(choices.as_of.number) if benchmark and choices.as_of else "",
        tally=tally,
        chart=_chart(line, choices, order(communes, line, WORST), ranks, benchmark),
    )


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


def _row(commune: Commune, rank: str, line: PlanIndicator, benchmark: Benchmark | None) -> Ranked:
    figure = commune.figure
    return Ranked(
        commune=commune,
        rank=rank,
        name=commune.area.name,
        value=printed_shared(commune.value, line, commune.exactness == Exactness.ESTIMATE),
        counts=counts(figure.numerator, figure.denominator) if figure else "",
        interval=interval_words(commune.limits, line.decimals),
        completeness=completeness(commune.reported, commune.expected),
        verdict=verdict_of(commune, benchmark),
        note=note_of(commune),
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
    benchmark: Benchmark | None,
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
        target=_target(known, line, choices, benchmark),
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


def _target(
    communes: Sequence[Commune], line: PlanIndicator, choices: Choices, benchmark: Benchmark | None
) -> Target | None:
    """What each is held to: its own share where it was given one of the year, else the plan's mark."""
    if is_period_count(choices.plan, line):
        return None
    due = benchmark.due(choices.as_of.number) if benchmark else None
    own = [
        Fraction(one.goal.value)
        if one.goal and one.goal.is_allocated and one.goal.value is not None
        else None
        for one in communes
    ]
    if due is None and not any(value is not None for value in own):
        return None
    values = tuple(value if value is not None else due and due.value for value in own)
    uppers = tuple(None if value is not None else due and due.upper for value in own)
    given = any(value is not None for value in own)
    name = (
        _("mốc của kế hoạch")
        if not given
        else _("chỉ tiêu giao")
        if due is None
        else _("chỉ tiêu giao hoặc mốc")
    )
    return Target(name, values, uppers)


def _point(one: Commune, line: PlanIndicator, with_limits: bool) -> Point:
    low, high = (one.limits if with_limits else None) or (None, None)
    value = printed_shared(one.value, line, one.exactness == Exactness.ESTIMATE)
    parts = [f"{one.area.name}: {value}", interval_words(one.limits, line.decimals)]
    return Point(one.value, "; ".join(part for part in parts if part), low, high)
