"""How far the preparing of a report has come: figures, stations that owe, estimates, steps. Plain data."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from plans.forms.entered import is_qualitative
from plans.models import EnteredFigure, PlanIndicator
from plans.presenters.figures import value_of
from plans.presenters.scorecard import tally_of
from plans.presenters.words import Verdict, verdict
from plans.standing import LineStanding
from plans.targets.printed import in_numbers
from reporting.content.boundaries import area_of
from reporting.content.combined import plans_of
from reporting.content.periods import ReportPeriod
from reporting.content.report import last_month, standings_inside
from reporting.content.tasks import LATE, read_tasks, state_of
from reporting.content.wording import is_open
from reporting.models import Editing, Report

# A page says every 20 seconds that it is open; one that was silent for three of them is closed.
OPEN_FOR_SECONDS = 60


@dataclass(frozen=True)
class LineRow:
    """A line as it stands; `reported` of `expected` station-months have come in, 0 of 0 where nothing computes it."""

    line: PlanIndicator
    target: str
    value: str
    verdict: Verdict
    reported: int
    expected: int


@dataclass(frozen=True)
class EstimateRow:
    """A line that needs an estimate. `estimate` is the one that stands, None where none was entered."""

    line: PlanIndicator
    target: str
    estimate: EnteredFigure | None
    states_change: bool


@dataclass(frozen=True)
class Figures:
    """The lines of the report's plan, and what of them a person must add: estimates, verdicts in words.

    `tally` counts the numbered lines alone, as the scorecard and the document do; `further` ones stand in the
    plan's prose and have rows too. `undecided` ones have no tolerance yet, so nothing judges them.
    """

    rows: list[LineRow]
    tally: list[tuple[int, Verdict]]
    further: int
    estimates: list[EstimateRow]
    unjudged: list[PlanIndicator]
    undecided: list[PlanIndicator]

    @property
    def estimates_left(self) -> int:
        return sum(row.estimate is None for row in self.estimates)


@dataclass(frozen=True)
class Step:
    """One step of the page. `left` counts what is still open; `words` say so."""

    anchor: str
    title: str
    left: int
    words: str


def standings_of(report: Report, today: date) -> list[LineStanding]:
    """The lines of the report's plan, or of each of an agency's plans, as the report reads its last month."""
    period = ReportPeriod.parse(report.year, report.period)
    as_of = last_month(period, today)
    if report.plan:
        return standings_inside(report.plan, report.year, as_of, area_of(report, today))
    plans = plans_of(report.agency.responsible_on(today), report.year, today)
    return [one for plan in plans for one in standings_inside(plan, report.year, as_of, plan.area)]


def figures_of(standings: Sequence[LineStanding], *, is_over: bool) -> Figures:
    """Shape the standings; `is_over` says whether the report's period is."""
    main = [standing for standing in standings if not standing.line.is_further]
    return Figures(
        rows=[_line(standing) for standing in standings],
        tally=tally_of(main),
        further=len(standings) - len(main),
        estimates=[_estimate(one) for one in standings if needs_estimate(one, is_over=is_over)],
        unjudged=[
            one.line
            for one in standings
            if one.targets and is_qualitative(one.line) and one.entered.verdict is None
        ],
        undecided=[one.line for one in standings if one.targets and is_open(one)],
    )


def needs_estimate(standing: LineStanding, *, is_over: bool) -> bool:
    """Whether the year's target stands without a figure that reports will still bring, or on an estimate.

    Once the period is over a computed line waits for its stations, not for an officer's estimate.
    """
    if not standing.targets or is_qualitative(standing.line):
        return False
    if standing.source == "estimate":
        return True
    return standing.value is None and (standing.computed is None or not is_over)


def untold_tasks(report: Report, today: date) -> int:
    """Tasks past their month of which nobody ever told: the document calls them late. Two queries at most."""
    if report.plan is None:
        return 0
    period = ReportPeriod.parse(report.year, report.period)
    return sum(
        state_of(task, period, today) == LATE and not task.has_update for task in read_tasks(report.plan)
    )


def _line(standing: LineStanding) -> LineRow:
    shown = verdict(standing.assessment.status, standing.assessment.flags)
    return LineRow(
        line=standing.line,
        target=in_numbers(standing.target_text or "–"),
        value=value_of(standing),
        verdict=shown,
        reported=standing.reported if standing.computed else 0,
        expected=standing.expected if standing.computed else 0,
    )


def _estimate(standing: LineStanding) -> EstimateRow:
    return EstimateRow(
        standing.line, standing.target_text or "", standing.entered.estimate, standing.states_change
    )


def steps(counts: Mapping[str, int], latest: int) -> list[Step]:
    """The five steps by their anchors; `latest` is the number of the last snapshot, 0 before the first."""
    titles = {
        "figures": _("Số liệu đến nay"),
        "estimates": _("Ước thực hiện"),
        "texts": _("Nhận định và lời thêm"),
        "head": _("Thể thức văn bản"),
    }
    words = {key: left_words(counts[key]) for key in titles}
    if n := counts["figures"]:
        words["figures"] = ngettext("còn thiếu %(n)s báo cáo", "còn thiếu %(n)s báo cáo", n) % {"n": n}
    found = [Step(key, title, counts[key], words[key]) for key, title in titles.items()]
    frozen = _("đã chốt lần %(number)s") % {"number": latest} if latest else _("chưa chốt")
    return [*found, Step("freeze", _("Chốt số liệu"), 0 if latest else 1, frozen)]


def open_points(found: Sequence[Step], *, is_over: bool) -> list[tuple[str, str]]:
    """What is still open before freezing, with the step to go to."""
    early = [] if is_over else [("figures", _("Kỳ báo cáo chưa kết thúc: số liệu chưa đủ."))]
    return early + [
        (step.anchor, f"{step.title}: {step.words}")
        for step in found
        if step.left and step.anchor != "freeze"
    ]


def left_words(left: int) -> str:
    return ngettext("còn thiếu %(n)s", "còn thiếu %(n)s", left) % {"n": left} if left else _("xong")


def others_editing(report: Report, user_id: int, now: datetime) -> list[Editing]:
    """Who else has the report open at this moment. One query."""
    return [
        one
        for one in report.editings.exclude(user=user_id).select_related("user").order_by("seen_at")
        if (now - one.seen_at).total_seconds() <= OPEN_FOR_SECONDS
    ]
