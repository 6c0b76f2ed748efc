"""What is said of a cell stands beside the value it was said of, whatever door the value came through."""

from __future__ import annotations

import json
from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from indicators.actions.corrections import accept_correction, propose_correction
from indicators.actions.figures import save_cells
from indicators.actions.imports import import_figures
from indicators.actions.notes import write_notes
from indicators.actions.nothing import NothingNotAllowed, declare_nothing
from indicators.actions.submissions import UnreadTexts, approve, recall, submit
from indicators.models import CellNote, DataElement, DataValue, Submission
from indicators.values import CellValue
from tests.factories_indicators import FormFactory, RuleFactory, settle_duties

pytestmark = pytest.mark.django_db
AUGUST = date(2025, 8, 1)
ALL, PART = ("X.all", ""), ("X.part", "")
KEY = ("T-a1", "X", "2025-08")
FILE = "facility,form,period,element,group,value\nT-a1,X,2025-08,X.all,,1234\n"


@pytest.fixture
def form(world):
    form = FormFactory(code="X", cells=[ALL, PART], allows_nothing=True)
    settle_duties()
    return form


@pytest.fixture
def save(world, form, cast):
    def call(cells=None, **more):
        station = world.facilities["T-a1"]
        return save_cells(
            facility=station, form=form, period=AUGUST, cells=cells or {}, by=cast.clerk, **more
        )

    return call


@pytest.fixture
def clerk(cast, form):
    client = Client()
    client.force_login(cast.clerk, backend="django.contrib.auth.backends.ModelBackend")
    return client


@pytest.fixture
def send(clerk):
    def call(cells=None, version=0, **more):
        body = {"operation": str(uuid4()), "version": version, "cells": cells or {}} | more
        return clerk.post(reverse("submissions:sync", args=KEY), body, content_type="application/json")

    return call


def unread() -> list[str]:
    return list(CellNote.objects.filter(kind="typed").values_list("text", flat=True))


# --- texts nobody could read --------------------------------------------------------------------------
def test_nothing_occurred_is_not_said_over_a_text_that_waits(send, world, form, cast):
    send(notes={"X.all": {"typed": "1.234"}})
    with pytest.raises(NothingNotAllowed):
        declare_nothing(facility=world.facilities["T-a1"], form=form, period=AUGUST, by=cast.clerk)
    assert (unread(), DataValue.objects.count(), Submission.objects.get().status) == (["1.234"], 0, "draft")


@pytest.mark.parametrize("door", ["api", "import"])
def test_a_figure_from_elsewhere_takes_the_unread_text_away(send, save, cast, door):
    send(notes={"X.all": {"typed": "1.234"}, "X.part": {"typed": "x"}})
    if door == "api":
        save({ALL: CellValue(1234)}, source="api")
    else:
        import_figures(content=FILE.encode(), by=cast.administrator, commit=True)
    assert unread() == ["x"]


def test_a_form_is_not_handed_in_over_an_unread_text_of_another_device(send):
    send({"X.all": 24, "X.part": 3})
    send(version=1, notes={"X.all": {"typed": "2.400"}})
    answer = send(version=1, submit={"blanks_seen": True}).json()
    assert (answer["submitted"], answer["asks"]) == (
        False,
        {"blanks": 0, "findings": [], "unread": ["X.all"]},
    )
    assert Submission.objects.get().status == "draft"


def test_no_door_hands_in_an_unread_text(save, cast):
    submission = save({ALL: CellValue(5), PART: CellValue(1)})
    write_notes(submission=submission, kind="typed", texts={PART: "2.400"}, by=cast.clerk)
    with pytest.raises(UnreadTexts) as refused:
        submit(submission=submission, by=cast.clerk)
    assert "X.part" in str(refused.value)


# --- “không phát sinh” --------------------------------------------------------------------------------
def corrected(submission, cast, save):
    submit(submission=submission, by=cast.clerk) if submission.is_open else None
    approve(submission=submission, by=cast.reviewer)
    proposal = propose_correction(
        submission=submission, cells={ALL: CellValue(7)}, reason="Sót.", by=cast.clerk
    )
    accept_correction(correction=proposal, by=cast.reviewer)


def saved(submission, cast, save):
    recall(submission=submission, by=cast.clerk)
    Submission.objects.update(nothing_occurred=True)
    save({ALL: CellValue(7)}, source="api")


def imported(submission, cast, save):
    import_figures(content=FILE.encode(), by=cast.administrator, commit=True)


@pytest.mark.parametrize("door", [corrected, saved, imported])
def test_a_figure_takes_it_back_through_any_door(world, form, cast, save, door):
    submission = declare_nothing(facility=world.facilities["T-a1"], form=form, period=AUGUST, by=cast.clerk)
    door(submission, cast, save)
    submission.refresh_from_db()
    assert not submission.nothing_occurred


def test_a_stock_and_a_zero_leave_it_said(world, cast, save, form):
    DataElement.objects.filter(code="X.part").update(is_stock=True)
    submission = declare_nothing(facility=world.facilities["T-a1"], form=form, period=AUGUST, by=cast.clerk)
    save({PART: CellValue(12), ALL: CellValue(0)})
    submission.refresh_from_db()
    assert submission.nothing_occurred


# --- reasons and notes --------------------------------------------------------------------------------
def test_a_reason_said_of_a_value_somebody_else_replaced_is_not_kept(send, save):
    RuleFactory(code="part-all", form_code="X", expression="X.part <= X.all")
    send({"X.all": 5, "X.part": 9})
    save({PART: CellValue(800)}, expected_version=1)
    answer = send(version=1, notes={"X.part": {"reason": "9 vì …"}}, submit={"breaks_seen": []}).json()
    assert (answer["submitted"], answer["others"]) == (False, {"X.part": 800})
    assert not CellNote.objects.filter(kind="reason").exists()


def test_a_reason_of_the_value_sent_with_it_is_kept(send):
    send({"X.all": 5, "X.part": 9}, notes={"X.part": {"reason": "hai thai đôi"}})
    assert CellNote.objects.get(kind="reason").value == 9


def test_a_reason_typed_for_a_value_that_was_retyped_before_it_was_sent_speaks_of_that_value_alone(send):
    RuleFactory(code="part-all", form_code="X", expression="X.part <= X.all")
    words = {"X.part": {"reason": "50 vì …", "reason_of": 50}}
    answer = send({"X.all": 5, "X.part": 6}, notes=words, submit={"breaks_seen": []}).json()
    assert CellNote.objects.get(kind="reason").value == 50
    assert [found["cells"] for found in answer["asks"]["findings"]] == [["X.part", "X.all"]]


@pytest.mark.parametrize("of", ["sáu", 1.5, {}, [6]])
def test_a_reason_of_what_is_no_value_is_refused(send, of):
    answer = send({"X.part": 6}, notes={"X.part": {"reason": "…", "reason_of": of}})
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid")
    assert not CellNote.objects.exists()


@pytest.mark.parametrize(
    ("posted", "kept"),
    [("", "của máy kia"), ("của tôi", "của máy kia; của tôi"), ("của máy kia", "của máy kia")],
)
def test_a_note_written_since_the_page_was_made_stands(clerk, save, cast, posted, kept):
    submission = save({ALL: CellValue(5)})
    shown = (timezone.now() - timedelta(minutes=5)).isoformat()
    write_notes(submission=submission, kind="note", texts={ALL: "của máy kia"}, by=cast.clerk)
    page = reverse("submissions:form", args=KEY)
    clerk.post(page, {"version": "1", "shown": shown, "v:X.all:": "6", "m:X.all:": posted})
    assert CellNote.objects.get(kind="note").text == kept


def test_the_page_says_when_it_was_made_and_a_note_seen_can_be_taken_away(clerk, save, cast):
    submission = save({ALL: CellValue(5)})
    write_notes(submission=submission, kind="note", texts={ALL: "đã thấy"}, by=cast.clerk)
    page = reverse("submissions:form", args=KEY)
    html = clerk.get(page).content.decode()
    shown = html.split('name="shown" value="')[1].split('"')[0]
    clerk.post(page, {"version": "1", "shown": shown, "v:X.all:": "6", "m:X.all:": ""})
    assert not CellNote.objects.exists()


def test_a_note_saved_by_a_page_that_comes_back_is_the_persons_own_and_can_change(clerk, save):
    save({ALL: CellValue(5)})
    page = reverse("submissions:form", args=KEY)

    def made(html: str) -> str:
        return html.split('name="shown" value="')[1].split('"')[0]

    shown = made(clerk.get(page).content.decode())
    first = clerk.post(page, {"version": "1", "shown": shown, "v:X.all:": "6x", "m:X.all:": "một"})
    assert first.status_code == 422 and CellNote.objects.get(kind="note").text == "một"
    again = {"version": "1", "shown": made(first.content.decode()), "v:X.all:": "6", "m:X.all:": "hai"}
    clerk.post(page, again)
    assert CellNote.objects.get(kind="note").text == "hai"


# --- operations ---------------------------------------------------------------------------------------
def test_an_operation_belongs_to_its_sheet(clerk, world):
    other = FormFactory(code="Y", cells=[("Y.all", "")])
    settle_duties()
    body = json.dumps({"operation": str(uuid4()), "version": 0, "cells": {}})
    first, again, elsewhere = (
        clerk.post(reverse("submissions:sync", args=key), body, content_type="application/json")
        for key in (KEY, KEY, ("T-a1", "Y", "2025-08"))
    )
    assert first.json() | {"at": ""} == again.json() | {"at": ""} and elsewhere.status_code == 422
    assert not Submission.objects.filter(form=other).exists()


def test_a_remark_no_database_stores_is_stored_all_the_same(send):
    answer = send({"X.all": 5, "X.part": 1}, submit={"remark": "\ud83d nửa chữ"})
    assert answer.json()["submitted"]


def test_taken_back_by_somebody_with_an_old_page_what_was_sent_back_stays_so(save, cast):
    submission = save({ALL: CellValue(5), PART: CellValue(1)})
    submit(submission=submission, by=cast.clerk)
    old = Submission.objects.get(pk=submission.pk)
    Submission.objects.update(reason="Cột 7.", decided_at=timezone.now())
    assert recall(submission=old, by=cast.clerk).status == "sent_back"


def test_a_reason_explains_until_another_cell_of_the_same_finding_moves(send):
    RuleFactory(code="part-all", form_code="X", expression="X.part <= X.all")
    send({"X.all": 5, "X.part": 9}, notes={"X.part": {"reason": "hai thai đôi"}})
    assert send(version=1, submit={}).json()["submitted"]
    recall(submission=Submission.objects.get(), by=Submission.objects.get().submitted_by)
    answer = send({"X.all": 1}, version=1, submit={}).json()
    assert (answer["submitted"], [one["code"] for one in answer["asks"]["findings"]]) == (False, ["part-all"])
