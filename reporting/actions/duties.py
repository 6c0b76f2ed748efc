"""Reports that plans make due: rows for what is owed, drafts of our own, ticks for what others sent."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Min
from django.utils import timezone
from django.utils.translation import gettext as _

from facilities.actions.audit import record
from facilities.models import User
from facilities.permissions import Permission, require
from plans.models import ReportDuty
from reporting.actions.duty_notices import OVERDUE_AT_MOST, tell_officers
from reporting.actions.reports import PeriodNotBegun, YearOutsidePlan, open_report
from reporting.content.periods import ReportPeriod
from reporting.models import ExpectedReport, IssuedDocument, Report

# How long before its day a report is listed as owed.
AHEAD = timedelta(days=60)
NOTE_LENGTH = 300


class DutyError(Exception):
    """The duty can not be changed so; the text says why to a person."""


class DayInPlan(DutyError):
    def __init__(self) -> None:
        super().__init__(
            _("Hạn này do kế hoạch ghi, không đặt lại ở đây được. Sửa tệp kế hoạch rồi nạp lại.")
        )


class ReceivedInFuture(DutyError):
    def __init__(self) -> None:
        super().__init__(_("Ngày nhận không thể sau hôm nay."))


@dataclass
class Swept:
    """What one run did: rows begun, drafts opened, notices written."""

    expected: int = 0
    drafted: int = 0
    told: int = 0


def sweep_duties(*, today: date | None = None) -> Swept:
    """Bring what is owed up to date; daily by beat, as often as one likes.

    A day the portal slept through is made up for by the next run: each step asks what is missing, not what day it is.
    """
    today = today or timezone.localdate()
    done = Swept()
    for duty in ReportDuty.objects.select_related("plan__area", "plan__issuer"):
        done.expected += expect(duty=duty, today=today)
    _tick_issued()
    done.drafted = _draft_own(today)
    done.told = tell_officers(today=today)
    return done


@transaction.atomic
def expect(*, duty: ReportDuty, today: date) -> int:
    """A row for each report the duty makes due until `today` + 60 days; return how many are new.

    A day that changed moves the rows of reports not received yet, and takes away those it no longer makes due.
    """
    begun = 0
    due = {year: day for year in duty.plan.years if (day := duty.due_on(year)) and day <= today + AHEAD}
    reporters = duty.reporters or [duty.plan.issuer.name]
    for year, day in due.items():
        for name in reporters:
            row, created = ExpectedReport.objects.get_or_create(
                duty=duty, reporter=name, year=year, defaults={"due_on": day}
            )
            begun += created
            if row.due_on != day and row.received_on is None:
                ExpectedReport.objects.filter(pk=row.pk).update(due_on=day)
                _move_report(row.report_id, row.due_on)
    stale = duty.expected.filter(received_on=None).exclude(year__in=due, reporter__in=reporters)
    stale.delete()
    return begun


def _move_report(report_id: int | None, before: date) -> None:
    """Where the report's day was a duty's, it follows the earliest of the duties it still answers."""
    rows = ExpectedReport.objects.filter(report=report_id, received_on=None)
    earliest = rows.aggregate(day=Min("due_on"))["day"]
    Report.objects.filter(pk=report_id, due_on=before).update(due_on=earliest)


def _draft_own(today: date) -> int:
    """Open the report of each duty of a plan's issuer some days before it is due, where nobody has begun it.

    Years long past are listed, not drafted.
    """
    reach = (today - OVERDUE_AT_MOST, today + timedelta(days=settings.REPORT_DRAFT_DAYS))
    rows = ExpectedReport.objects.filter(
        report=None, received_on=None, due_on__range=reach, duty__reporters=[]
    )
    drafted = 0
    # Two duties for one period share the report (docs/decisions/0025): the earlier day is the report's.
    for row in rows.select_related("duty__plan__area", "duty__plan__issuer").order_by("due_on", "pk"):
        drafted += _draft(row)
    return drafted


@transaction.atomic
def _draft(row: ExpectedReport) -> bool:
    period = ReportPeriod.parse(row.year, row.duty.period)
    try:
        report = open_report(plan=row.duty.plan, period=period, by=None)
    except (PeriodNotBegun, YearOutsidePlan):
        return False
    if report.due_on is None:
        report.due_on = row.due_on
        report.save(update_fields=["due_on"])
    return bool(ExpectedReport.objects.filter(pk=row.pk, report=None).update(report=report))


@transaction.atomic
def set_day(*, duty: ReportDuty, month: int, day: int, years_after: int, by: User) -> ReportDuty:
    """Say by when a duty is due each year; who said it and when stays with it, also when the plan is loaded again.

    Raises PermissionDenied, DayInPlan where the plan names one day for good.
    """
    require(by, Permission.PREPARE_REPORT, duty.plan.area)
    locked = ReportDuty.objects.select_for_update(of=("self",)).select_related("plan__area").get(pk=duty.pk)
    if locked.due:
        raise DayInPlan
    locked.month, locked.day, locked.years_after = month, day, years_after
    locked.set_by, locked.set_at = by, timezone.now()
    locked.save(update_fields=["month", "day", "years_after", "set_by", "set_at"])
    said = {"duty": locked.key, "month": month, "day": day, "years_after": years_after}
    record(by=by, verb="set_report_day", subject=locked.plan, area=locked.plan.area, **said)
    expect(duty=locked, today=timezone.localdate())
    return locked


@transaction.atomic
def tick(*, expected: ExpectedReport, on: date | None, note: str, by: User) -> ExpectedReport:
    """Record that a report came (ours: went) on a day; None takes it back, and the sweep lets it be.

    Raises PermissionDenied, ReceivedInFuture.
    """
    area = expected.duty.plan.area
    require(by, Permission.PREPARE_REPORT, area)
    if on and on > timezone.localdate():
        raise ReceivedInFuture
    locked = ExpectedReport.objects.select_for_update(of=("self",)).get(pk=expected.pk)
    locked.received_on, locked.by = on, by if on else None
    locked.note = note.strip()[:NOTE_LENGTH] if on else ""
    locked.undone_at, locked.undone_by = (None, None) if on else (timezone.now(), by)
    locked.save(update_fields=["received_on", "by", "note", "undone_at", "undone_by"])
    said = {"reporter": locked.reporter, "year": locked.year, "on": on.isoformat() if on else None}
    record(by=by, verb="receive_report", subject=expected.duty.plan, area=area, **said, note=locked.note)
    return locked


def _tick_issued() -> None:
    """A report entered in the register has gone: that answers what was owed, on the day it was entered.

    Where a person took the tick back only what was registered after that counts.
    """
    rows = ExpectedReport.objects.filter(received_on=None, report__snapshots__issued__isnull=False)
    for row in rows.select_related("duty__plan").distinct():
        issued = IssuedDocument.objects.filter(snapshot__report=row.report_id)
        if row.undone_at:
            issued = issued.filter(at__gt=row.undone_at)
        if first := issued.order_by("on", "pk").first():
            _tick_off(row, first)


@transaction.atomic
def _tick_off(row: ExpectedReport, issued: IssuedDocument) -> None:
    """The state is asked in the update itself: what a person said meanwhile stays."""
    day = max(issued.on, timezone.localdate(issued.at))
    same = ExpectedReport.objects.filter(pk=row.pk, received_on=None, undone_at=row.undone_at)
    if same.update(received_on=day, by=issued.by, undone_at=None, undone_by=None):
        said = {"reporter": row.reporter, "year": row.year, "on": day.isoformat(), "note": ""}
        plan = row.duty.plan
        record(
            by=None, verb="receive_report", subject=plan, area=plan.area_id, **said, number=issued.number_text
        )
