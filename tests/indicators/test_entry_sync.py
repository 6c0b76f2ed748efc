"""What the entry page sends is stored once, merged cell by cell, and answered in a way a script understands."""

import json
import threading
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection, connections
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from facilities.models import Role
from indicators.actions.entry import forget_old_operations
from indicators.models import CellNote, DataValue, DataValueChange, Operation, Submission
from tests.factories import person
from tests.factories_indicators import FormFactory, RuleFactory, SubmissionFactory, settle_duties

pytestmark = pytest.mark.django_db
CELLS = [("X.all", ""), ("X.part", ""), ("X.all", "DTTS")]
KEY = ("T-a1", "X", "2025-08")


@pytest.fixture
def form(world):
    form = FormFactory(code="X", cells=CELLS)
    RuleFactory(code="part-all", form_code="X", expression="X.part <= X.all")
    settle_duties()
    return form


@pytest.fixture
def clerk(cast, form):
    return signed_in(cast.clerk)


def signed_in(user) -> Client:
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def send(client, cells=None, version=0, key=KEY, headers=None, **more):
    body = {"operation": str(uuid4()), "version": version, "cells": cells or {}} | more
    return client.post(
        reverse("submissions:sync", args=key), body, content_type="application/json", headers=headers
    )


def stored() -> dict:
    rows = DataValue.objects.values_list("element__code", "group__code", "value", "no_data")
    return {(element, group): "NA" if no_data else value for element, group, value, no_data in rows}


def test_three_states_are_stored_and_the_answer_says_so(clerk):
    answer = send(clerk, {"X.all": 0, "X.part": "NA", "X.all[DTTS]": None}).json()
    assert stored() == {("X.all", ""): 0, ("X.part", ""): "NA"}
    wanted = {"version": 1, "status": "draft", "others": {}, "submitted": False, "asks": None}
    assert {name: answer[name] for name in wanted} == wanted


def test_the_same_operation_counts_once_whenever_it_comes_again(clerk):
    operation = str(uuid4())
    first = send(clerk, {"X.all": 7}, operation=operation).json()
    send(clerk, {"X.all": 9}, version=1)
    Operation.objects.update(at=timezone.now() - timedelta(days=7))
    again = send(clerk, {"X.all": 7}, operation=operation)
    assert again.json() | {"at": ""} == first | {"at": ""}
    assert stored() == {("X.all", ""): 9} and DataValueChange.objects.count() == 2


def test_one_number_for_two_contents_is_refused(clerk, cast):
    operation = str(uuid4())
    send(clerk, {"X.all": 7}, operation=operation)
    assert send(clerk, {"X.all": 8}, operation=operation).status_code == 422
    other = signed_in(person(Role.CLERK, facility=cast.clerk.assignments.get().facility))
    assert send(other, {"X.all": 7}, operation=operation).status_code == 422
    assert stored() == {("X.all", ""): 7}


def test_a_week_old_queue_is_merged_where_nobody_else_wrote_and_asks_where_somebody_did(clerk, cast):
    other = signed_in(person(Role.CLERK, facility=cast.clerk.assignments.get().facility))
    send(clerk, {"X.all": 7})
    send(other, {"X.all": 8}, version=1)
    merged = send(clerk, {"X.part": 3}, version=1).json()
    assert merged["others"] == {"X.all": 8}
    refused = send(clerk, {"X.all": 9, "X.all[DTTS]": 1}, version=1)
    assert (refused.status_code, refused.json()["code"]) == (409, "conflict")
    [conflict] = refused.json()["conflicts"]
    assert (conflict["cell"], conflict["before"], conflict["theirs"], conflict["yours"]) == ("X.all", 7, 8, 9)
    assert stored() == {("X.all", ""): 8, ("X.part", ""): 3}, "nothing of the refused batch is stored"
    choices = {"seen": refused.json()["version"], "cells": {"X.all": "mine"}}
    chosen = send(clerk, {"X.all": 9, "X.all[DTTS]": 1}, version=1, choices=choices)
    assert chosen.status_code == 200, chosen.content
    assert stored() == {("X.all", ""): 9, ("X.part", ""): 3, ("X.all", "DTTS"): 1}


def test_a_choice_refused_anew_does_not_count_the_cells_undone_with_it_as_seen(clerk, cast):
    other = signed_in(person(Role.CLERK, facility=cast.clerk.assignments.get().facility))
    for version, value in enumerate((7, 8, 9)):
        send(other, {"X.all": value}, version=version)
    mine = {"seen": 2, "cells": {"X.all": "mine"}}
    refused = send(clerk, {"X.all": 1, "X.part": 3}, version=1, choices=mine)
    assert (refused.status_code, refused.json()["version"]) == (409, 3), "X.part is not stored"
    send(other, {"X.all": 10}, version=3)
    again = send(clerk, {"X.all": 1}, version=1, choices={**mine, "seen": refused.json()["version"]})
    assert again.status_code == 409 and stored() == {("X.all", ""): 10}, "nobody saw 10"


def test_submitting_asks_for_blanks_and_warnings_first(clerk):
    asked = send(clerk, {"X.all": 1, "X.part": 2}, submit={}).json()
    assert asked["submitted"] is False and asked["asks"]["blanks"] == 1
    assert [one["code"] for one in asked["asks"]["findings"]] == ["part-all"]
    seen = {"breaks_seen": ["part-all"], "blanks_seen": True, "remark": "Đúng thực tế."}
    answer = send(clerk, version=1, submit=seen).json()
    assert (answer["submitted"], answer["status"], answer["asks"]) == (True, "submitted", None)
    assert Submission.objects.get().status == "submitted"
    again = send(clerk, version=1, submit=seen)
    assert (again.status_code, again.json()["code"]) == (409, "not_open")


def test_a_text_that_can_not_be_read_is_kept_until_its_cell_is_readable(clerk):
    send(clerk, notes={"X.all": {"typed": " 1 2a\u200b"}})
    page = clerk.get(reverse("submissions:form", args=KEY)).content.decode()
    assert CellNote.objects.get().text == " 1 2a\u200b"
    assert "1 2a" in page
    send(clerk, {"X.all": 12}, version=0)
    assert not CellNote.objects.exists()


def test_notes_and_reasons_are_kept_with_the_value(clerk):
    send(clerk, {"X.all": 500}, notes={"X.all": {"note": "Đếm lại ngày 3", "reason": "Có chiến dịch"}})
    found = {note.kind: (note.text, note.value) for note in CellNote.objects.all()}
    assert found == {"note": ("Đếm lại ngày 3", 500), "reason": ("Có chiến dịch", 500)}
    send(clerk, version=1, notes={"X.all": {"note": ""}})
    assert [note.kind for note in CellNote.objects.all()] == ["reason"]


def test_nobody_signed_in_and_another_person_are_told_in_json(clerk, cast):
    assert send(Client(), {"X.all": 1}).json()["code"] == "sign_in"
    refused = send(clerk, {"X.all": 1}, headers={"X-Entry-User": str(cast.planner.pk)})
    assert (refused.status_code, refused.json()["code"]) == (403, "other_user")
    assert send(signed_in(cast.neighbour), {"X.all": 1}).status_code == 404
    assert send(signed_in(cast.reviewer), {"X.all": 1}).status_code == 404
    assert not Submission.objects.exists()


def test_an_old_token_is_told_in_json(cast, form):
    client = Client(enforce_csrf_checks=True)
    client.force_login(cast.clerk, backend="django.contrib.auth.backends.ModelBackend")
    assert send(client, {"X.all": 1}).json()["code"] == "csrf"
    client.get(reverse("submissions:who"))
    token = client.cookies["csrftoken"].value
    assert send(client, {"X.all": 1}, headers={"X-CSRFToken": token}).status_code == 200


@pytest.mark.parametrize(
    "body",
    [
        b"", b"[]", b"null", b"{", b"\xff", b"1" * 300_000, b"[" * 100_000,
        b'{"operation": "x", "version": 0}', b'{"operation": 5, "version": 0}', b'{"version": 0}',
        *(
            json.dumps({"operation": "00000000-0000-4000-8000-000000000001", "version": 0} | wrong).encode()
            for wrong in (
                {"version": -1}, {"version": True}, {"version": "1"}, {"version": 2**40},
                {"cells": []}, {"cells": {"X.all": "12"}}, {"cells": {"X.all": 1.5}}, {"cells": {"X.all": True}},
                {"cells": {"X.all": -1}}, {"cells": {"X.all": 10**13}}, {"cells": {"X.all": 10**40}}, {"cells": {"": 1}},
                {"cells": {"Y.none": 1}}, {"cells": {"X.all[": 1}}, {"cells": {f"X.c{n}": 1 for n in range(501)}},
                {"notes": {"X.all": "x"}}, {"notes": {"X.all": {"sent_back": "x"}}}, {"notes": {"X.all": {"note": 5}}},
                {"notes": {"X.all": {"note": "a\x00b"}}}, {"notes": {"Y.none": {"note": "x"}}},
                {"choices": 5}, {"choices": {"cells": {"X.all": "mine"}}}, {"choices": {"seen": 1, "cells": {"X.all": "mine"}}},
                {"choices": {"seen": 0, "cells": {"X.all": []}}}, {"choices": {"seen": 0, "cells": {"X.all": {}}}},
                {"submit": 5}, {"submit": {"remark": 5}}, {"submit": {"breaks_seen": "x"}}, {"submit": {"breaks_seen": [5]}},
            )
        ),
    ],
)  # fmt: skip
def test_a_malformed_body_is_refused_in_words_and_stores_nothing(clerk, body):
    answer = clerk.post(reverse("submissions:sync", args=KEY), body, content_type="application/json")
    assert answer.status_code == 422 and answer.json()["message"], answer.content
    assert not DataValue.objects.exists() and not Operation.objects.exists()


def test_addresses_that_are_not_due_are_not_found(clerk):
    for key in (
        ("T-a1", "X", "2035-08"),
        ("T-a1", "Z", "2025-08"),
        ("T-a1", "X", "2025-13"),
        ("none", "X", "2025-08"),
    ):
        assert send(clerk, {"X.all": 1}, key=key).json()["code"] == "not_found"


@pytest.mark.parametrize("size", [10, 40])
@pytest.mark.parametrize(("role", "code", "most"), [("station", "S-x", 12), ("point", "T-a1", 14)])
def test_a_batch_takes_a_bounded_number_of_queries(cast, size, role, code, most):
    FormFactory(code="W", facility_types=[role], cells=[(f"W.c{n}", "") for n in range(size)])
    settle_duties()
    client, cells = signed_in(cast.clerk), {f"W.c{n}": n for n in range(size)}
    key = (code, "W", "2025-08")
    assert send(client, cells, key=key).status_code == 200
    with CaptureQueriesContext(connection) as queries:
        assert send(client, {cell: n + 1 for cell, n in cells.items()}, version=1, key=key).status_code == 200
    house = ("SAVEPOINT", "RELEASE", "BEGIN")
    asked = [query["sql"] for query in queries if not query["sql"].startswith(house)]
    signing_in = [sql for sql in asked if "django_session" in sql or 'FROM "facilities_user"' in sql]
    # Session and person apart. A clerk's own station: submission, facility, form, roles; the lock, the commune, the
    # sheet; version, changes, values, log; answer. A point of it: the right to it, twice.
    assert len(asked) - len(signing_in) <= most, "\n".join(asked)


def test_what_was_handed_in_is_said_on_the_next_page(clerk):
    send(clerk, {"X.all": 5, "X.part": 3, "X.all[DTTS]": 0}, submit={})
    page = clerk.get(reverse("submissions:due")).content.decode()
    assert "Đã nộp" in page and "tháng 8/2025" in page


def test_old_answers_are_forgotten(clerk):
    send(clerk, {"X.all": 1})
    assert forget_old_operations() == 0
    assert forget_old_operations(now=timezone.now() + timedelta(days=61)) == 1


def test_the_due_forms_are_those_a_browser_may_need(clerk, world, form):
    first = clerk.get(reverse("submissions:due-forms")).json()["forms"]
    assert first and all(one["url"].startswith("/submissions/") for one in first)
    newest = first[0]
    SubmissionFactory(
        facility=world.facilities[newest["key"].split("/")[0]], form=form, status="submitted",
        period=f"{newest['key'].split('/')[2]}-01",
    )  # fmt: skip
    assert newest["key"] not in [
        one["key"] for one in clerk.get(reverse("submissions:due-forms")).json()["forms"]
    ]


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite lets one writer in at a time")
def test_the_same_operation_sent_twice_at_once_is_one(cast, form):
    clients = [signed_in(cast.clerk) for _ in range(4)]
    operation, answers = str(uuid4()), []

    def sending(client):
        answers.append(send(client, {"X.all": 7}, operation=operation).json() | {"at": ""})
        connections.close_all()

    threads = [threading.Thread(target=sending, args=[client]) for client in clients]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [answer == answers[0] for answer in answers] == [True] * 4
    assert answers[0]["version"] == 1 and DataValueChange.objects.count() == 1
