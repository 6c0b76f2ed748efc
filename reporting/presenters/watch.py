"""A plan as its leader watches it: what is missed or at risk, what changed in a month, the newest PDF."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import OuterRef, QuerySet, Subquery
from django.urls import reverse

from facilities.models import Area
from facilities.periods import Month
from plans.assessment import Status
from plans.models import Plan, PlanIndicator
from plans.presenters.explanation import forecast_words
from plans.presenters.figures import near_target_of, value_of
from plans.presenters.scorecard import reported_of, tally_of, target_of
from plans.presenters.words import Verdict, verdict
from plans.standing import LineStanding, assess_lines
from reporting.models import Report, ReportFile, Snapshot
from reporting.presenters.reports import number_words, period_words

TROUBLE = (Status.NOT_MET, Status.AT_RISK)
LINES_SHOWN = 10
# In this order, which is that of their codes: the leadership's own page before the report.
KINDS = (Report.Kind.BRIEF, Report.Kind.PLAN)


@dataclass(frozen=True)
class Trouble:
    """A line missed or at risk, its figures printed. `closer` parts a value from the target it prints like."""

    name: str
    url: str
    value: str
    closer: str
    target: str
    forecast: str
    reports: str
    verdict: Verdict


@dataclass(frozen=True)
class Change:
    name: str
    url: str
    before: Verdict
    now: Verdict


@dataclass(frozen=True)
class Watch:
    """`as_of`: the last month that counts. `since`: the month compared with, None in a year without one.

    `pdf` is the newest finished one, of the period `pdf_period`; `unrendered` is the address of the newest
    report where that still lacks its PDF.
    """

    plan: Plan
    number: str
    year: int
    as_of: Month | None
    tally: list[tuple[int, Verdict]]
    trouble: list[Trouble]
    more: int
    changes: list[Change]
    since: Month | None
    pdf: ReportFile | None
    pdf_period: str
    unrendered: str

    @property
    def has_forecasts(self) -> bool:
        return any(line.forecast for line in self.trouble)


def with_newest_files(plans: QuerySet[Plan], readable: QuerySet[Area]) -> QuerySet[Plan]:
    """Add the keys of the newest snapshot and the newest finished PDF, of reports on `readable` areas.

    Those of the leadership's one page where there is any, else of the plan's report.
    """
    covered = Area.objects.covered_by(readable)
    snapshots = Snapshot.objects.filter(
        report__plan=OuterRef("pk"),
        report__plan__area__in=covered,
        report__kind__in=KINDS,
        report__boundaries=Report.Boundaries.OWN,
    )
    files = ReportFile.objects.filter(
        snapshot__report__plan=OuterRef("pk"),
        snapshot__report__plan__area__in=covered,
        snapshot__report__kind__in=KINDS,
        snapshot__report__boundaries=Report.Boundaries.OWN,
        format=ReportFile.Format.PDF,
        status=ReportFile.Status.DONE,
    )
    newest = snapshots.order_by("report__kind", "-at", "-pk")
    return plans.annotate(
        newest_snapshot=Subquery(newest.values("pk")[:1]),
        newest_report=Subquery(newest.values("report")[:1]),
        newest_pdf=Subquery(
            files.order_by("snapshot__report__kind", "-snapshot__at", "-snapshot__pk").values("pk")[:1]
        ),
    )


def watch(plans: Iterable[Plan], today: date) -> list[Watch]:
    """A handful of plans from `with_newest_files`: at most eleven queries each, and one for all files."""
    plans = list(plans)
    files = _files([plan.newest_pdf for plan in plans if plan.newest_pdf])
    return [_watch(plan, files.get(plan.newest_pdf), today) for plan in plans]


def _files(keys: Sequence[int]) -> dict[int, ReportFile]:
    if not keys:
        return {}
    files = ReportFile.objects.select_related("snapshot__report").defer("snapshot__data")
    return {file.pk: file for file in files.filter(pk__in=keys)}


def _watch(plan: Plan, pdf: ReportFile | None, today: date) -> Watch:
    year = min(max(today.year, plan.start_year), plan.end_year)
    standings = _main(assess_lines(plan, year))
    as_of = standings[0].as_of if standings else None
    since = as_of - 1 if as_of and year == today.year and as_of.number > 1 else None
    before = {s.line.pk: s for s in _main(assess_lines(plan, year, since))} if since else {}
    troubled = [s for s in standings if s.assessment.status in TROUBLE]
    has_newer = plan.newest_snapshot and (pdf is None or pdf.snapshot_id != plan.newest_snapshot)
    return Watch(
        plan=plan,
        number=number_words(plan),
        year=year,
        as_of=as_of,
        tally=tally_of(standings),
        trouble=[_trouble(plan, s) for s in troubled[:LINES_SHOWN]],
        more=max(0, len(troubled) - LINES_SHOWN),
        changes=[_change(plan, before[s.line.pk], s) for s in standings if _differs(before, s)],
        since=since,
        pdf=pdf,
        pdf_period=period_words(pdf.snapshot.report) if pdf else "",
        unrendered=reverse("reports:detail", args=[plan.newest_report]) if has_newer else "",
    )


def _main(standings: Iterable[LineStanding]) -> list[LineStanding]:
    return [standing for standing in standings if not standing.line.is_further]


def _differs(before: dict[int, LineStanding], standing: LineStanding) -> bool:
    earlier = before.get(standing.line.pk)
    return earlier is not None and earlier.assessment.status != standing.assessment.status


def _trouble(plan: Plan, standing: LineStanding) -> Trouble:
    line = standing.line
    running = standing.assessment.status == Status.AT_RISK and standing.projected is not None
    return Trouble(
        name=name_of(line),
        url=url_of(plan, standing),
        value=value_of(standing),
        closer=near_target_of(standing),
        target=target_of(standing)[0],
        forecast=forecast_words(standing) if running else "",
        reports=reported_of(standing)[0],
        verdict=_verdict(standing),
    )


def _change(plan: Plan, before: LineStanding, now: LineStanding) -> Change:
    return Change(name_of(now.line), url_of(plan, now), _verdict(before), _verdict(now))


def _verdict(standing: LineStanding) -> Verdict:
    return verdict(standing.assessment.status, standing.assessment.flags)


def name_of(line: PlanIndicator) -> str:
    return f"{line.label}. {line.name}" if line.label else line.name


def url_of(plan: Plan, standing: LineStanding) -> str:
    return f"{reverse('plans:line', args=[plan.slug, standing.line.key])}?year={standing.year}"
