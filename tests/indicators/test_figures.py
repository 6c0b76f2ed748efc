"""Saving cells: only what changed, with history, and two people asked where they met."""

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext

from facilities.models import AuditEvent, Role
from indicators.actions.figures import (
    ImpossibleValue,
    NotDue,
    NotOpen,
    StaleVersion,
    UnknownCell,
    save_cells,
)
from indicators.models import DataValue, DataValueChange, Submission
from indicators.values import BLANK, NO_DATA, CellValue
from tests.factories import person
from tests.factories_indicators import FormFactory, SubmissionFactory, settle_duties
from tests.world import make_cast

pytestmark = pytest.mark.django_db
AUGUST = date(2025, 8, 1)
CELLS = [("X.all", ""), ("X.part", ""), ("X.all", "DTTS")]
ALL, PART, MINORITY = CELLS


@pytest.fixture
def form(world):
    form = FormFactory(code="X", cells=CELLS)
    settle_duties()
    return form


@pytest.fixture
def save(world, form):
    clerk = make_cast(world).clerk

    def call(cells, **changes):
        arguments = {"facility": world.facilities["T-a1"], "form": form, "period": AUGUST, "by": clerk}
        return save_cells(**(arguments | {"cells": cells} | changes))

    return call


def stored():
    return {(v.element.code, v.group.code): (str(v), v.version) for v in DataValue.objects.all()}


def history():
    return [
        (c.element.code, c.version, c.old_value, c.new_value, c.new_no_data, c.source, c.reason)
        for c in DataValueChange.objects.order_by("version", "id")
    ]


def test_the_first_save_creates_the_draft_with_its_values_and_changes(save):
    submission = save({ALL: CellValue(5), PART: CellValue(0), MINORITY: NO_DATA})
    assert (submission.status, submission.version) == ("draft", 1)
    assert stored() == {ALL: ("5", 1), PART: ("0", 1), MINORITY: ("NA", 1)}
    assert len(history()) == 3


def test_only_changed_cells_are_written_and_the_history_says_who_and_why(save):
    save({ALL: CellValue(5), PART: CellValue(2)})
    save({ALL: CellValue(5), PART: CellValue(3)}, reason="đếm lại", source="api")
    assert stored() == {ALL: ("5", 1), PART: ("3", 2)}
    assert history()[-1] == ("X.part", 2, 2, 3, False, "api", "đếm lại")
    assert DataValueChange.objects.latest("id").by.display_name


def test_saving_what_is_stored_changes_nothing(save):
    save({ALL: CellValue(5), PART: BLANK})
    events = AuditEvent.objects.count()
    submission = save({ALL: CellValue(5), PART: BLANK})
    assert (submission.version, len(history()), AuditEvent.objects.count()) == (1, 1, events)


def test_a_cell_can_be_emptied_again(save):
    save({ALL: CellValue(5)})
    save({ALL: BLANK})
    assert stored() == {ALL: ("", 2)}


def test_each_save_is_in_the_log_of_the_commune(save, world):
    save({ALL: CellValue(5)})
    event = AuditEvent.objects.get()
    assert (event.verb, event.area_id, event.details["cells"]) == ("save", world.areas["x"].pk, ["X.all"])


def test_cells_two_people_changed_apart_are_merged(save):
    opened = save({ALL: CellValue(5), PART: CellValue(1)}).version
    save({PART: CellValue(2)})
    # The second person's page still shows the old part, and posts it with everything else.
    save({ALL: CellValue(6), PART: CellValue(1)}, expected_version=opened)
    assert stored() == {ALL: ("6", 3), PART: ("2", 2)}


def test_the_same_cell_asks_with_both_values_and_saves_nothing(save, world):
    opened = save({ALL: CellValue(5)}).version
    other = person(Role.CLERK, facility=world.facilities["T-a1"])
    save({ALL: CellValue(7)}, by=other)
    with pytest.raises(StaleVersion) as caught:
        save({ALL: CellValue(8), PART: CellValue(1)}, expected_version=opened)
    conflict = caught.value.conflicts[0]
    assert (conflict.cell, conflict.before, conflict.theirs, conflict.yours, conflict.by) == (
        ALL,
        CellValue(5),
        CellValue(7),
        CellValue(8),
        other.display_name,
    )
    assert stored() == {ALL: ("7", 2)}


def test_two_first_savers_of_a_cell_are_asked_too(save):
    save({ALL: CellValue(7)})
    with pytest.raises(StaleVersion):
        save({ALL: CellValue(8)}, expected_version=0)


def test_both_typing_the_same_value_is_no_conflict(save):
    opened = save({ALL: CellValue(5)}).version
    save({ALL: CellValue(7)})
    assert save({ALL: CellValue(7)}, expected_version=opened).version == 2


@pytest.mark.parametrize("status", ["submitted", "approved"])
def test_a_submission_under_review_is_closed(save, world, form, status):
    SubmissionFactory(facility=world.facilities["T-a1"], form=form, status=status)
    with pytest.raises(NotOpen):
        save({ALL: CellValue(1)})


def test_a_submission_sent_back_is_open(save, world, form):
    SubmissionFactory(facility=world.facilities["T-a1"], form=form, status="sent_back")
    assert save({ALL: CellValue(1)}).status == "sent_back"


def test_a_form_not_owed_is_refused(save, world):
    with pytest.raises(NotDue):
        save({ALL: CellValue(1)}, facility=world.facilities["S-x"])
    with pytest.raises(NotDue):
        save({ALL: CellValue(1)}, period=date(2020, 12, 1))


def test_a_yearly_form_is_owed_for_the_year_and_has_no_other_period(save):
    yearly = FormFactory(code="Y", periodicity="year", cells=[ALL])
    settle_duties()
    assert save({ALL: CellValue(1)}, form=yearly, period=date(2025, 1, 1)).period_text == "2025"
    with pytest.raises(NotDue):
        save({ALL: CellValue(1)}, form=yearly, period=AUGUST)


def test_a_cell_the_form_lacks_is_refused(save):
    with pytest.raises(UnknownCell, match="X.part\\[DTTS\\]"):
        save({("X.part", "DTTS"): CellValue(1)})


@pytest.mark.parametrize("state", [CellValue(-1), CellValue(10**12 + 1), CellValue(1, no_data=True)])
def test_impossible_values_are_refused(save, state):
    with pytest.raises(ImpossibleValue):
        save({ALL: state})
    assert not Submission.objects.exists()


def test_a_neighbour_may_not_save(save, world):
    with pytest.raises(PermissionDenied):
        save({ALL: CellValue(1)}, by=make_cast(world).neighbour)


def test_a_reviewer_may_not_type(save, world):
    with pytest.raises(PermissionDenied):
        save({ALL: CellValue(1)}, by=make_cast(world).reviewer)


@pytest.mark.parametrize("size", [3, 40])
def test_saving_a_form_costs_the_same_at_any_size(world, size):
    cells = [(f"Q.{n}", "") for n in range(size)]
    form = FormFactory(code="Q", cells=cells)
    settle_duties()
    clerk = make_cast(world).clerk
    counts = []
    for value in (1, 2):
        with CaptureQueriesContext(
            connection,
        ) as queries:
            save_cells(
                facility=world.facilities["T-a1"],
                form=form,
                period=AUGUST,
                cells={cell: CellValue(value) for cell in cells},
                by=clerk,
                expected_version=value - 1,
            )
        counts.append(len(queries))
    # Two are the savepoint of the test's transaction. Then: assignments (first time only), permission,
    # placement and duty, the submission (first time: the period held on PostgreSQL, insert, lock again), the sheet,
    # version, upsert, changes, audit event.
    assert counts == [13 + (connection.vendor == "postgresql"), 10]
