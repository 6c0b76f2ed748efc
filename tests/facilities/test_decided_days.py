"""Days decided otherwise: entered by administrators, counted with by deadlines, noticed when they change.

The days are made up.
"""

from __future__ import annotations

from datetime import date

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from facilities import decided_days
from facilities.models import AuditEvent, DecidedDay
from facilities.periods import Month
from facilities.working_days import (
    Calendar,
    deadline_after_month,
    is_working_day,
    last_working_day_until,
    read_calendar_from,
)
from indicators.deadlines import deadline_of
from indicators.reminder_days import Stage, stage_on
from tests.factories import UserFactory
from tests.factories_indicators import FormFactory

# In July 2031 the first days are Tuesday to Friday, a weekend, Monday; no public holiday is near.
WEDNESDAY, SATURDAY, MONDAY = date(2031, 7, 2), date(2031, 7, 5), date(2031, 7, 7)
JUNE = Month(2031, 6)


@pytest.fixture
def days(db, monkeypatch):
    monkeypatch.setattr(decided_days, "_kept", None)
    apps.get_app_config("facilities").ready()
    return DecidedDay.objects


@pytest.fixture
def browser(client, db):
    client.force_login(UserFactory(is_staff=True, is_superuser=True))
    return client


def swap(days):
    days.create(date=WEDNESDAY, is_off=True, legal_basis="Văn bản thử 1")
    days.create(date=SATURDAY, is_off=False, legal_basis="Văn bản thử 1")
    decided_days.forget()


def test_a_calendar_puts_decisions_before_weekdays_and_holidays():
    read_calendar_from(lambda: Calendar({WEDNESDAY: False, SATURDAY: True, date(2031, 9, 2): True}))

    assert [is_working_day(day) for day in (WEDNESDAY, SATURDAY, MONDAY)] == [False, True, True]
    assert is_working_day(date(2031, 9, 2)) and not is_working_day(date(2032, 9, 2))
    assert last_working_day_until(WEDNESDAY) == date(2031, 7, 1)


def test_a_swap_moves_the_deadline_and_what_is_said_of_it(days):
    form = FormFactory(code="X", deadline_working_days=4)
    assert deadline_of(form, JUNE.first_day) == date(2031, 7, 4)

    swap(days)

    assert deadline_of(form, JUNE.first_day) == SATURDAY
    assert deadline_after_month(JUNE, 5) == MONDAY
    assert stage_on(SATURDAY, SATURDAY) is Stage.DUE
    assert stage_on(SATURDAY, WEDNESDAY) is None


def test_days_are_read_once_a_minute_and_a_calendar_that_did_not_change_is_kept(days, monkeypatch):
    clock = [1000.0]
    monkeypatch.setattr(decided_days, "monotonic", lambda: clock[0])
    with CaptureQueriesContext(connection) as captured:
        first = decided_days.calendar_now()
        assert decided_days.calendar_now() is first and is_working_day(WEDNESDAY)
    assert len(captured) == 1
    days.create(date=WEDNESDAY, is_off=True, legal_basis="Văn bản thử 2")
    assert is_working_day(WEDNESDAY)

    clock[0] += decided_days.READ_AGAIN
    assert not is_working_day(WEDNESDAY)
    kept = decided_days.calendar_now()
    clock[0] += decided_days.READ_AGAIN
    assert decided_days.calendar_now() is kept


def test_administrators_enter_a_day_and_it_counts_at_once(days, browser, django_capture_on_commit_callbacks):
    assert deadline_after_month(JUNE, 2) == WEDNESDAY
    add = reverse("admin:facilities_decidedday_add")
    sent = {"date": "2031-07-02", "is_off": "on", "legal_basis": "Văn bản thử 3"}

    assert browser.post(add, sent | {"legal_basis": ""}).status_code == 200
    with django_capture_on_commit_callbacks(execute=True):
        assert browser.post(add, sent).status_code == 302
    assert deadline_after_month(JUNE, 2) == date(2031, 7, 3)
    assert browser.post(add, sent).status_code == 200  # a day is decided once
    with django_capture_on_commit_callbacks(execute=True):
        browser.post(reverse("admin:facilities_decidedday_delete", args=[days.get().pk]), {"post": "yes"})

    assert deadline_after_month(JUNE, 2) == WEDNESDAY
    assert list(AuditEvent.objects.order_by("pk").values_list("verb", flat=True)) == [
        "admin_add",
        "admin_delete",
    ]


def test_a_decision_names_its_basis(days):
    with pytest.raises(IntegrityError), transaction.atomic():
        days.create(date=WEDNESDAY, is_off=True, legal_basis="")
