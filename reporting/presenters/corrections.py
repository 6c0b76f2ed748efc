"""Cells corrected after a report was frozen: in reports of stations that had been handed in by then."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse

from facilities.models import Agency, Area, Facility
from facilities.periods import Month
from indicators.expressions import cell_text
from indicators.models import Correction, DataValueChange, Submission, Term
from indicators.presenters.history import SOURCES
from indicators.presenters.periods import period_words
from indicators.presenters.sheet import printed
from indicators.values import CellValue
from plans.models import Plan, PlanIndicator
from reporting.models import Report
from reporting.presenters.origin import is_restated


@dataclass(frozen=True)
class CellCorrection:
    """`before` and `after` are "" for a blank cell; `by` "" for the system itself.

    `is_sensitive`: the cell counts deaths, HIV or abortions, which no file tells of a single station.
    """

    at: datetime
    by: str
    source: str
    station: str
    form: str
    period: str
    cell: str
    label: str
    before: str
    after: str
    reason: str
    url: str
    is_sensitive: bool


@dataclass(frozen=True)
class Corrections:
    """The newest first; `more`: there are others beyond those shown. `late`: reports handed in for the first time.

    `is_partial`: the report also counts stations that the reader may not open; nothing here is of them.
    """

    rows: list[CellCorrection]
    more: bool
    late: int
    is_partial: bool


def corrections_of(
    report: Report,
    content: dict[str, Any],
    since: datetime,
    until: datetime | None = None,
    *,
    readable: QuerySet[Facility],
    limit: int,
    decided: bool = False,
) -> Corrections | None:
    """What changed behind the report's figures after `since`; None where it has no month of figures. Two queries,
    for a combined report one more for each generation of agencies, for a restated one one more.

    `readable`: the stations whose reports the reader may open; a restated report counts others too.
    The year before counts too: the report compares with it. `decided` looks only into reports that somebody
    handed in, approved, sent back or corrected since, which costs little however many stations there are;
    without it figures loaded over approved ones by an operator are found too.
    """
    as_of = content["period"].get("as_of")
    if not as_of:
        return None
    first = date((report.start_year or report.year) - 1, 1, 1)
    plans = _plans(report)
    counted = Facility.objects.within(_areas(report, content, plans))
    sent = Submission.objects.filter(
        facility__in=counted.filter(pk__in=readable.values("pk")),
        period__range=(first, Month.parse(as_of).first_day),
    )
    indicators = PlanIndicator.objects.filter(plan__in=plans, indicator__isnull=False).values("indicator")
    span = {"at__gt": since} | ({"at__lte": until} if until else {})
    changes = (
        DataValueChange.objects.filter(
            submission__in=_touched(sent, since) if decided else sent,
            submission__first_submitted_at__lte=since,
            element__in=Term.objects.filter(indicator__in=indicators).values("element"),
            **span,
        )
        .select_related("submission__facility", "submission__form", "element", "group", "by")
        .order_by("-at", "-id")
    )
    found = list(changes[: limit + 1])
    late = sent.filter(**{f"first_submitted_{name}": moment for name, moment in span.items()}).count()
    is_partial = is_restated(content) and counted.exclude(pk__in=readable.values("pk")).exists()
    return Corrections([_row(change) for change in found[:limit]], len(found) > limit, late, is_partial)


def _touched(sent: QuerySet[Submission], since: datetime) -> QuerySet[Submission]:
    accepted = Correction.objects.filter(status=Correction.Status.ACCEPTED, decided_at__gt=since)
    return sent.filter(
        Q(submitted_at__gt=since) | Q(decided_at__gt=since) | Q(pk__in=accepted.values("submission"))
    )


def _plans(report: Report) -> QuerySet[Plan]:
    """The report's plan, or all of its year that the agency or those before it issued."""
    if report.plan_id:
        return Plan.objects.filter(pk=report.plan_id)
    issuers = Agency.objects.succeeded_by([report.agency_id])
    return Plan.objects.filter(issuer__in=issuers, start_year__lte=report.year, end_year__gte=report.year)


def _areas(report: Report, content: dict[str, Any], plans: QuerySet[Plan]) -> QuerySet[Area]:
    """Where the report counts: on the boundaries it names, a combined report on those of each plan."""
    if not report.plan_id:
        return Area.objects.filter(pk__in=plans.values("area"))
    code, _at, since = content["boundaries"]["area"].rpartition("@")
    return Area.objects.filter(code=code, valid_from=since)


def _row(change: DataValueChange) -> CellCorrection:
    submission = change.submission
    cell = cell_text((change.element.code, change.group.code))
    group = f" – {change.group.label}" if change.group.code else ""
    key = [submission.facility.code, submission.form.code, submission.period_text]
    return CellCorrection(
        at=change.at,
        by=change.by.display_name if change.by else "",
        source=str(SOURCES.get(change.source, change.source)),
        station=submission.facility.name,
        form=submission.form.label,
        period=period_words(submission.period, yearly=submission.form.is_yearly),
        cell=cell,
        label=f"{change.element.label}{group}",
        before=printed(CellValue(change.old_value, change.old_no_data)),
        after=printed(CellValue(change.new_value, change.new_no_data)),
        reason=change.reason,
        url=f"{reverse('submissions:history', args=key)}?cell={cell}",
        is_sensitive=change.element.is_sensitive,
    )
