"""A reform and another change of places at the same moment: what is derived follows both."""

from __future__ import annotations

import threading
from datetime import date

import pytest
from django.db import connection, transaction
from django.forms import modelform_factory

from facilities import reform_hooks
from facilities.actions import coverage
from facilities.actions.contributions import refresh_contributions
from facilities.actions.coverage import refresh_coverage
from facilities.actions.reforms import ReformInUse, enter_reform, undo_reform
from facilities.admin import AssignmentForm
from facilities.models import Assignment, Coverage, Placement, Reform, Role
from facilities.reform_orders import NewArea, Order
from tests.factories import UserFactory
from tests.indicators.test_life_at_once import at_once

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite lets one writer in at a time"),
]
DAY = date(2026, 3, 1)
PATIENCE = 0.5  # seconds that the slow one leaves the other to come in between


def rename(world, letter, code):
    return Order("rename", DAY, "NQ 1", [world.areas[letter].pk], [NewArea(code, "Xã", f"Xã {code}")])


@pytest.fixture
def slow(monkeypatch):
    """The first to compare the coverage has read all areas, and waits for the other before it reads on."""
    has_read, other_is_done, read = threading.Event(), threading.Event(), coverage.lives

    def lives():
        areas = read()
        if not has_read.is_set():
            has_read.set()
            other_is_done.wait(PATIENCE)
        return areas

    monkeypatch.setattr(coverage, "lives", lives)
    return has_read, other_is_done


@pytest.mark.parametrize("other", ["enters", "undoes"])
def test_a_reform_keeps_what_another_entered_or_undone_meanwhile_covers(world, slow, other):
    has_read, other_is_done = slow
    earlier = None
    if other == "undoes":
        has_read.set()
        earlier = enter_reform(order=rename(world, "z", "n2"), by=None)
        has_read.clear()

    def second():
        has_read.wait(5)
        if earlier:
            undo_reform(reform=earlier, by=None)
        else:
            enter_reform(order=rename(world, "z", "n2"), by=None)
        other_is_done.set()

    outcomes = at_once(lambda: enter_reform(order=rename(world, "x", "n1"), by=None), second)
    assert isinstance(outcomes[0], Reform) and outcomes[1] is None, outcomes
    for code in ["n1"] if earlier else ["n1", "n2"]:
        assert Coverage.objects.filter(area__code="M", covered__code=code).exists()
    assert (refresh_coverage(), refresh_contributions()) == (0, 0)


def test_a_facility_moved_meanwhile_counts_in_the_areas_of_the_reform(world, monkeypatch):
    has_derived, other_is_done = threading.Event(), threading.Event()

    def slow(_facilities):
        has_derived.set()
        other_is_done.wait(PATIENCE)

    monkeypatch.setattr(reform_hooks, "followers", [slow])
    moving = world.facilities["S-x"]

    def move():
        with transaction.atomic():
            Placement.objects.create(facility=moving, area=world.areas["y"], from_month=date(2026, 6, 1))
            has_derived.wait(5)
            refresh_contributions([moving])
        other_is_done.set()

    outcomes = at_once(lambda: enter_reform(order=rename(world, "y", "n1"), by=None), move)
    assert isinstance(outcomes[0], Reform) and outcomes[1] is None, outcomes
    assert refresh_contributions() == 0


def test_a_role_given_while_a_reform_is_undone_is_seen_or_waits(world, monkeypatch):
    """The role is written and not committed when the undo looks: it must wait for it, not fail on the area's end."""
    reform = enter_reform(order=rename(world, "x", "n1"), by=None)
    reviewer, given = UserFactory(), threading.Event()

    def give():
        with transaction.atomic():
            fields = {"role": Role.REVIEWER, "area": reform.begun.get().pk}
            form = modelform_factory(Assignment, AssignmentForm, fields=list(fields))(fields)
            form.instance.user = reviewer
            assert form.is_valid(), form.errors
            given.set()
            threading.Event().wait(PATIENCE)
            form.save()

    def undo():
        given.wait(5)
        return undo_reform(reform=reform, by=None)

    gave, undone = at_once(give, undo)
    assert gave is None and isinstance(undone, ReformInUse), (gave, undone)
