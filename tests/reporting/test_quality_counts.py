"""Annex III and the list of who owes: the same reports, on the same boundaries, by the same deadline."""

from datetime import date, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from facilities.periods import Month
from indicators.models import Duty
from reporting.content.boundaries import area_of
from reporting.content.owing import owing_stations
from reporting.content.periods import ReportPeriod
from reporting.content.quality_counts import count_forms
from reporting.models import Report
from tests.factories_indicators import FormFactory, SubmissionFactory
from tests.reporting.cases import make_plan

pytestmark = pytest.mark.django_db
TODAY = date(2026, 2, 10)
JANUARY, MARCH = date(2025, 1, 1), date(2025, 3, 1)


def owe(world, form, *codes, start=JANUARY, end=None):
    for code in codes:
        Duty.objects.create(facility=world.facilities[code], form=form, from_month=start, to_month=end)


def send(world, form, code, period, day, status="submitted"):
    at = timezone.make_aware(datetime(day.year, day.month, day.day, 23, 59))
    SubmissionFactory(
        facility=world.facilities[code], form=form, period=period, status=status, submitted_at=at
    )


def test_a_report_nobody_owes_does_not_stand_for_one_that_is_missing(world):
    form = FormFactory(code="B4", name="Biểu 4", deadline_working_days=5)
    owe(world, form, "T-a1", end=MARCH)
    owe(world, form, "T-a2", end=MARCH)
    send(world, form, "T-a1", JANUARY, date(2025, 2, 1), "approved")
    send(world, form, "T-a1", date(2025, 2, 1), date(2025, 3, 20))
    send(world, form, "T-a2", MARCH, date(2025, 4, 1))  # after its duty
    send(world, form, "T-b1", JANUARY, date(2025, 2, 1))  # never owed it
    found = count_forms(world.areas["A"], Month(2025, 6))["B4"]
    assert (found.due, found.handed_in, found.in_time, found.approved) == (4, 2, 1, 1)


def test_versions_of_a_form_are_counted_as_one(world):
    old = FormFactory(code="B4", name="Biểu 4", deadline_working_days=5, valid_to=date(2025, 2, 1))
    new = FormFactory(code="B4", name="Biểu 4", deadline_working_days=5, valid_from=date(2025, 2, 1))
    owe(world, old, "T-a1", end=date(2025, 2, 1))
    owe(world, new, "T-a1", start=date(2025, 2, 1))
    send(world, old, "T-a1", JANUARY, date(2025, 2, 1))
    send(world, new, "T-a1", JANUARY, date(2025, 5, 1), "approved")
    found = count_forms(world.areas["A"], Month(2025, 2))["B4"]
    assert (found.due, found.handed_in, found.in_time, found.approved) == (2, 1, 1, 1)


def test_a_yearly_deadline_on_a_day_off_gives_way_to_the_next_day_of_work(world):
    form = FormFactory(code="N1", periodicity="year", deadline_month_day="10-05")  # a Sunday in 2025
    owe(world, form, "T-a1")
    send(world, form, "T-a1", JANUARY, date(2025, 10, 6))
    assert count_forms(world.areas["A"], Month(2025, 10))["N1"].in_time == 1


@pytest.mark.parametrize(("code", "due"), [("2025-10", 0), ("2025-11", 1), ("year", 1)])
def test_a_yearly_form_whose_deadline_moves_into_the_next_month_is_asked_for_then(world, code, due):
    form = FormFactory(code="N1", periodicity="year", deadline_month_day="11-01")  # a Saturday in 2025
    owe(world, form, "T-a1")
    report = Report(plan=make_plan(world), year=2025, period=code)
    assert counted(report) == owed(report) == due


@pytest.mark.parametrize(("boundaries", "due"), [("own", 24), ("today", 36)])
def test_the_list_of_who_owes_is_of_the_boundaries_that_annex_three_counts(world, boundaries, due):
    form = FormFactory(code="B4", deadline_working_days=5)
    owe(world, form, "T-a1", "T-a2", "S-z")
    report = Report(plan=make_plan(world), year=2025, period="year", boundaries=boundaries)
    assert counted(report) == owed(report) == due


def counted(report):
    last = ReportPeriod.parse(report.year, report.period).last
    return sum(form.due - form.handed_in for form in count_forms(area_of(report, TODAY), last).values())


def owed(report):
    return sum(len(one.owed) for one in owing_stations(report, TODAY))


def test_counting_takes_five_queries_for_few_and_many(world):
    form = FormFactory(code="B4", deadline_working_days=5)
    costs = []
    for codes in (["T-a1"], ["T-a2", "T-b1", "T-b2"]):
        owe(world, form, *codes)
        for code in codes:
            send(world, form, code, JANUARY, date(2025, 2, 1))
        with CaptureQueriesContext(connection) as queries:
            count_forms(world.areas["A"], Month(2025, 12))
        costs.append(len(queries))
    assert costs[0] == costs[1] <= 5, costs
