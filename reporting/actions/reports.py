"""Reports: opened for a period, frozen into snapshots."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Any

from django.db import IntegrityError, OperationalError, connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from facilities.actions.audit import record
from facilities.models import Area, User
from facilities.permissions import Permission, require
from indicators.models import ComputedMonth
from plans.models import Plan
from reporting.content import build_content
from reporting.content.canonical import sha256_of
from reporting.content.header import dateline
from reporting.content.periods import ReportPeriod
from reporting.content.printed import place_and_day
from reporting.models import Report, Snapshot
from reporting.period_words import title_of
from reporting.said import Said

SNAPSHOT_FORMAT = 2
FREEZE_ATTEMPTS = 5
# PostgreSQL: could not serialize access; deadlock.
REPEATABLE_STATES = frozenset({"40001", "40P01"})


class ReportError(Exception):
    """The report can not be prepared; the text says why to a person."""


class YearOutsidePlan(ReportError):
    def __init__(self, plan: Plan, year: int) -> None:
        text = _("Kế hoạch chỉ có từ năm %(start)s đến năm %(end)s, không có năm %(year)s.")
        super().__init__(text % {"start": plan.start_year, "end": plan.end_year, "year": year})


class PeriodNotBegun(ReportError):
    def __init__(self, period: ReportPeriod) -> None:
        super().__init__(_("Kỳ báo cáo %(period)s chưa bắt đầu.") % {"period": title_of(period)})


class ReasonMissing(ReportError):
    """The content differs from the last snapshot; a revision says why."""

    def __init__(self, number: int) -> None:
        text = _("Nội dung đã khác bản chốt lần %(number)s. Lập lại thì phải nêu lý do.")
        super().__init__(text % {"number": number})


class ReportBusy(ReportError):
    """Others went on writing to the report however often freezing was tried."""

    def __init__(self) -> None:
        super().__init__(_("Báo cáo đang được người khác lưu. Đợi một lát rồi chốt lại."))


class HasSnapshots(ReportError):
    """What was frozen stays."""

    def __init__(self) -> None:
        super().__init__(_("Báo cáo đã có bản chốt nên không xoá được."))


@transaction.atomic
def open_report(
    *,
    plan: Plan,
    period: ReportPeriod,
    by: User | None,
    kind: str = Report.Kind.PLAN,
    start_year: int | None = None,
    boundaries: str = Report.Boundaries.OWN,
) -> Report:
    """The plan's report for the period, begun where it does not exist yet. `by` None is the system itself.

    `reporting.actions.opening.begin` asks first whether this kind can be made.
    Raises PermissionDenied, YearOutsidePlan, PeriodNotBegun.
    """
    _require(by, plan.area)
    for year in {start_year or period.year, period.year}:
        if year not in plan.years:
            raise YearOutsidePlan(plan, year)
    return get_or_open(
        by,
        period,
        kind=kind,
        plan=plan,
        start_year=start_year,
        boundaries=boundaries,
    )


def get_or_open(by: User | None, period: ReportPeriod, **fields: Any) -> Report:
    """The report that these fields name, begun where it does not exist yet; who may is asked before.

    Raises PeriodNotBegun.
    """
    first = timezone.localdate().replace(day=1)
    if period.year > first.year or (period.code.count("-") and period.last.first_day > first):
        raise PeriodNotBegun(period)
    report, created = Report.objects.get_or_create(year=period.year, period=period.code, **fields)
    report.plan, report.agency = fields.get("plan"), fields.get("agency")
    if created:
        record(by=by, verb="open_report", subject=report, area=report.area, kind=report.kind)
    return report


@transaction.atomic
def delete_report(*, report: Report, by: User) -> None:
    """Take away a report begun by mistake. Raises PermissionDenied, HasSnapshots."""
    _require(by, report.area)
    locked = Report.objects.select_for_update().get(pk=report.pk)
    if locked.snapshots.exists():
        raise HasSnapshots
    record(by=by, verb="delete_report", subject=report, area=report.area, narrative=locked.narrative)
    locked.delete()


def freeze(*, report: Report, by: User | None, reason: str = "", now: datetime | None = None) -> Snapshot:
    """Freeze what the report says now. The same content as the last snapshot's returns that snapshot.

    Other content, or another place or date of issue, makes revision n+1 and needs a reason. The hash covers the
    whole canonical JSON: also when it was computed and frozen, which alone changes nothing.
    Raises PermissionDenied, ReasonMissing, ReportBusy.
    """
    return in_one_view(partial(freeze_now, report, by, reason, now or timezone.now()))


def in_one_view(work: Callable[[], Snapshot]) -> Snapshot:
    """What `work` freezes, in one transaction that reads every table from the same state of the figures.

    Where others wrote at the same moment all of it is undone and tried again. Inside a transaction it is
    part of that one. Raises ReportBusy, and what `work` raises.
    """
    if connection.in_atomic_block:
        return work()
    for _attempt in range(FREEZE_ATTEMPTS):
        try:
            return _in_one_view(work)
        except (IntegrityError, OperationalError) as error:
            # Somebody froze or saved at the same moment; the next attempt sees what they wrote.
            if not _may_repeat(error):
                raise
            cause = error
    if isinstance(cause, IntegrityError):
        raise cause  # no collision happens so often: something else is wrong
    raise ReportBusy from cause


def _may_repeat(error: IntegrityError | OperationalError) -> bool:
    return isinstance(error, IntegrityError) or getattr(error.__cause__, "pgcode", None) in REPEATABLE_STATES


def _in_one_view(work: Callable[[], Snapshot]) -> Snapshot:
    with transaction.atomic():
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        return work()


def freeze_now(report: Report, by: User | None, reason: str | Said, now: datetime) -> Snapshot:
    """The freezing itself, for work of `in_one_view` that ends with it; `reason` typed, or the portal's own.

    Raises PermissionDenied, ReasonMissing.
    """
    _require(by, report.area)
    # Two people freezing at once go one after the other.
    stored = Report.objects.select_for_update(of=("self",)).get(pk=report.pk)
    report.narrative, report.document, report.additions = (
        stored.narrative,
        stored.document,
        stored.additions,
    )
    content = build_content(report, today=timezone.localdate(now))
    last = report.snapshots.order_by("-number").first()
    number = last.number + 1 if last else 1
    data = _data(report, content, number, now)
    if last and _says_the_same(last.data, data):
        return last
    if last and not str(reason).strip():
        raise ReasonMissing(last.number)
    snapshot = Snapshot.objects.create(
        report=report,
        number=number,
        data=data,
        sha256=sha256_of(data),
        **(_reason(reason) if last else {}),
        at=now,
        by=by,
    )
    record(
        by=by,
        verb="freeze_report",
        subject=report,
        area=report.area,
        number=number,
        sha256=snapshot.sha256,
        reason=snapshot.reason or snapshot.reason_code,
    )
    return snapshot


def _says_the_same(old: dict[str, Any], new: dict[str, Any]) -> bool:
    """Whether both snapshots' data print the same: content, place and date of issue."""
    issued = [place_and_day(data.get("dateline", "")) for data in (old, new)]
    return _drawn_alike(old["content"]) == _drawn_alike(new["content"]) and issued[0] == issued[1]


def _drawn_alike(content: dict[str, Any]) -> dict[str, Any]:
    """The content without where the axes of its charts begin, which older snapshots do not say."""
    charts = content.get("charts", {})
    return content | {"charts": {key: chart | {"start": None} for key, chart in charts.items()}}


def _reason(reason: str | Said) -> dict[str, Any]:
    if isinstance(reason, Said):
        return {"reason_code": reason.code, "reason_values": reason.values}
    return {"reason": reason.strip()[:300]}


def _data(report: Report, content: dict[str, Any], number: int, now: datetime) -> dict[str, Any]:
    today = timezone.localdate(now)
    newest = ComputedMonth.objects.filter(month__year=report.year).order_by("-computed_at").first()
    return {
        "format": SNAPSHOT_FORMAT,
        "revision": number,
        "frozen_at": timezone.localtime(now).isoformat(timespec="seconds"),
        "computed_at": timezone.localtime(newest.computed_at).isoformat(timespec="seconds")
        if newest
        else None,
        "dateline": dateline(report.issuer_on(today), today, report.document),
        "content": content,
    }


def _require(by: User | None, area: Area) -> None:
    if by is not None:
        require(by, Permission.PREPARE_REPORT, area)
