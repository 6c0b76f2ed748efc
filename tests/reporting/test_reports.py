"""Freezing: hashes, revisions with a reason, permission."""

from datetime import datetime

import pytest
from django.core.exceptions import PermissionDenied
from django.db import OperationalError
from django.utils import translation
from django.utils.timezone import make_aware

from facilities.models import AuditEvent
from indicators.models import MonthlyResult
from reporting.actions import reports
from reporting.actions.reports import (
    HasSnapshots,
    PeriodNotBegun,
    ReasonMissing,
    ReportBusy,
    YearOutsidePlan,
    delete_report,
    freeze,
    open_report,
)
from reporting.content.canonical import sha256_of
from reporting.content.periods import ReportPeriod
from reporting.models import Report, Snapshot
from tests.reporting.cases import make_plan

pytestmark = pytest.mark.django_db


@pytest.fixture
def report(world):
    return open_report(plan=make_plan(world), period=ReportPeriod(2025, "year"), by=None)


def test_a_snapshot_is_frozen_with_its_hash(report, cast):
    snapshot = freeze(report=report, by=cast.planner)
    snapshot.refresh_from_db()
    assert (snapshot.number, snapshot.by, snapshot.reason) == (1, cast.planner, "")
    assert snapshot.sha256 == sha256_of(snapshot.data)
    assert AuditEvent.objects.filter(verb="freeze_report", details__sha256=snapshot.sha256).exists()


def test_the_same_content_again_is_the_same_snapshot(report):
    assert freeze(report=report, by=None) == freeze(report=report, by=None)
    assert Snapshot.objects.count() == 1


def test_different_content_is_a_revision_and_needs_a_reason(report):
    first = freeze(report=report, by=None)
    MonthlyResult.objects.filter(month="2025-12-01").update(numerator=10)
    with pytest.raises(ReasonMissing):
        freeze(report=report, by=None)
    second = freeze(report=report, by=None, reason="Trạm a1 sửa số liệu tháng 12")
    assert (second.number, second.reason) == (2, "Trạm a1 sửa số liệu tháng 12")
    first.refresh_from_db()
    assert sha256_of(first.data) == first.sha256


def test_another_place_or_date_of_issue_is_a_revision_and_a_date_left_open_is_none(report):
    freeze(report=report, by=None, now=make_aware(datetime(2026, 2, 10)))
    assert freeze(report=report, by=None, now=make_aware(datetime(2027, 2, 10))).number == 1
    Report.objects.update(document={"date": "2026-02-12"})
    assert "ngày 12 tháng 02" in freeze(report=report, by=None, reason="Điền ngày").data["dateline"]
    Report.objects.update(document={"date": "2026-02-12", "place": "Huế"})
    with pytest.raises(ReasonMissing):
        freeze(report=report, by=None)


def test_a_snapshot_does_not_change_when_the_plan_does(report):
    snapshot = freeze(report=report, by=None)
    report.plan.lines.all().delete()
    snapshot.refresh_from_db()
    assert len(snapshot.data["content"]["tables"]["lines"]["rows"]) == 3


def test_a_year_outside_the_plan_or_not_begun_is_refused(world):
    plan = make_plan(world, "M", end_year=2100)
    with pytest.raises(YearOutsidePlan):
        open_report(plan=plan, period=ReportPeriod(2024, "year"), by=None)
    for code, told, english in (
        ("year", "năm 2099", "2099"),
        ("h1", "6 tháng đầu năm 2099", "first 6 months of 2099"),
        ("2099-10", "đến hết tháng 10/2099", "to the end of 10/2099"),
    ):
        with pytest.raises(PeriodNotBegun, match=f"Kỳ báo cáo {told} chưa bắt đầu"):
            open_report(plan=plan, period=ReportPeriod(2099, code), by=None)
        with translation.override("en"), pytest.raises(PeriodNotBegun, match=f"period, {english}, has not"):
            open_report(plan=plan, period=ReportPeriod(2099, code), by=None)


def test_only_a_planner_of_the_area_prepares(report, cast):
    for person in (cast.reviewer, cast.leader, cast.stranger, cast.clerk):
        with pytest.raises(PermissionDenied):
            freeze(report=report, by=person)


def test_only_a_report_without_snapshot_is_deleted(report, cast):
    with pytest.raises(PermissionDenied):
        delete_report(report=report, by=cast.leader)
    freeze(report=report, by=None)
    with pytest.raises(HasSnapshots):
        delete_report(report=report, by=cast.planner)
    other = open_report(plan=report.plan, period=ReportPeriod(2025, "h1"), by=None)
    delete_report(report=other, by=cast.planner)
    assert not Report.objects.filter(period="h1").exists()
    assert AuditEvent.objects.filter(verb="delete_report").count() == 1


def test_what_was_saved_after_the_page_was_read_is_frozen(report):
    Report.objects.filter(pk=report.pk).update(narrative={"strengths": "Vừa lưu."})
    assert "Vừa lưu." in str(freeze(report=report, by=None).data["content"])


class Refused(Exception):
    """As the driver says why."""

    def __init__(self, state):
        super().__init__(state)
        self.pgcode = state


def colliding(monkeypatch, times, state):
    """The first so many attempts of freezing collide."""
    attempts, real = [], reports.freeze_now

    def attempt(*args):
        attempts.append(args)
        if len(attempts) <= times:
            raise OperationalError("could not serialize access") from Refused(state)
        return real(*args)

    monkeypatch.setattr(reports, "freeze_now", attempt)
    return attempts


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("state", ["40001", "40P01"])
def test_freezing_beside_a_save_is_tried_again(report, monkeypatch, state):
    colliding(monkeypatch, 2, state)
    assert freeze(report=report, by=None).number == 1


@pytest.mark.django_db(transaction=True)
def test_freezing_is_not_tried_for_ever_nor_after_other_errors(report, monkeypatch):
    attempts = colliding(monkeypatch, 99, "40001")
    with pytest.raises(ReportBusy):
        freeze(report=report, by=None)
    assert len(attempts) == reports.FREEZE_ATTEMPTS
    monkeypatch.undo()
    attempts = colliding(monkeypatch, 99, "57P01")
    with pytest.raises(OperationalError):
        freeze(report=report, by=None)
    assert len(attempts) == 1
