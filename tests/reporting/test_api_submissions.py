"""Submissions through the API: a whole form in one request, refused cell by cell, never overwritten unasked."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from facilities.models import StaleMark
from indicators.actions.closing import close_period
from indicators.actions.submissions import recall
from indicators.models import DataValue, DataValueChange, Submission
from tests.factories_indicators import FormFactory, SubmissionFactory, settle_duties
from tests.reporting.api_world import SHEET, api, cell, setting  # noqa: F401


@pytest.fixture
def clerk(setting):  # noqa: F811
    return api(setting.cast.clerk)


@pytest.fixture
def reviewer(setting):  # noqa: F811
    return api(setting.cast.reviewer)


def put(client, cells, version=0, **more):
    return client.put(SHEET, {"version": version, "cells": cells} | more)


def error_of(response):
    error = response.json()["error"]
    details = [(d.get("cell"), d.get("group"), d["code"]) for d in error["details"]]
    return response.status_code, error["code"], details


def test_a_form_not_begun_shows_its_cells_blank(clerk):
    assert clerk.get(SHEET).json() == {
        "facility": "T-a1", "form": "X", "period": "2025-08", "status": "draft", "version": 0, "reason": "",
        "submitted_at": None, "decided_at": None,
        "cells": [cell("X.all"), cell("X.part"), cell("X.all", group="DTTS")], "breaks": [],
    }  # fmt: skip


def test_a_save_keeps_count_zero_blank_and_no_data_apart(clerk):
    response = put(clerk, [cell("X.all", 0), cell("X.part", None), cell("X.all", None, "DTTS", no_data=True)])

    assert (response.status_code, response.json()["version"]) == (200, 1)
    assert clerk.get(SHEET).json()["cells"] == [
        cell("X.all", 0), cell("X.part"), cell("X.all", None, "DTTS", no_data=True),
    ]  # fmt: skip
    assert set(DataValueChange.objects.values_list("source", flat=True)) == {"api"}


def test_a_save_may_submit_at_once(clerk):
    response = put(clerk, [cell("X.all", 5)], submit=True)

    assert response.json()["status"] == "submitted"
    assert StaleMark.objects.exists()


def test_broken_rules_are_told_and_do_not_block(clerk):
    put(clerk, [cell("X.all", 1), cell("X.part", 2)], submit=True)

    assert [found["rule"] for found in clerk.get(SHEET).json()["breaks"]] == ["part-of-all"]


@pytest.mark.parametrize(
    ("given", "codes"),
    [
        ([cell("X.all", -1)], [("X.all", None, "negative")]),
        ([cell("X.all", 1.5)], [("X.all", None, "not_a_number")]),
        ([cell("X.all", "7")], [("X.all", None, "not_a_number")]),
        ([cell("X.all", True)], [("X.all", None, "not_a_number")]),
        ([cell("X.all", 10**13)], [("X.all", None, "too_large")]),
        ([cell("X.all", 1), cell("X.part", -1), cell("X.all", "a", "DTTS")],
         [("X.part", None, "negative"), ("X.all", "DTTS", "not_a_number")]),
        ([cell("X.none", 1), cell("X.all", 1)], [("X.none", None, "unknown_cell")]),
        ([cell("X.all", 1, no_data=True)], [("X.all", None, "impossible_value")]),
        ([cell("X.all", 1), cell("X.all", 2)], [("X.all", None, "cell_twice")]),
        ([{"value": 1}], [(None, None, "required")]),
        (["X.all"], [(None, None, "invalid")]),
        ("X.all", [(None, None, "not_a_list")]),
    ],
)  # fmt: skip
def test_a_form_with_wrong_cells_is_refused_whole_and_each_is_named(clerk, given, codes):
    status, _code, details = error_of(put(clerk, given))

    assert (status, details) == (400, codes)
    assert not DataValue.objects.exists()


def test_the_version_must_be_given(clerk):
    assert error_of(clerk.put(SHEET, {"cells": []}))[:2] == (400, "invalid")


def test_a_cell_another_person_changed_is_answered_with_both_values(setting, clerk):  # noqa: F811
    put(clerk, [cell("X.all", 5)])
    put(clerk, [cell("X.all", 6)], version=1)

    response = put(clerk, [cell("X.all", 7)], version=1)

    assert error_of(response) == (409, "stale_version", [("X.all", None, "changed_by_other")])
    detail = response.json()["error"]["details"][0]
    assert (detail["before"]["value"], detail["theirs"]["value"], detail["yours"]["value"]) == (5, 6, 7)
    assert (detail["by"], detail["version"]) == (setting.cast.clerk.display_name, 2)
    assert put(clerk, [cell("X.all", 7)], version=detail["version"]).status_code == 200


def test_different_cells_of_two_people_merge(clerk):
    put(clerk, [cell("X.all", 5)])

    assert put(clerk, [cell("X.part", 2)], version=0).json()["version"] == 2


def test_a_submitted_form_is_not_changed(clerk):
    put(clerk, [cell("X.all", 5)], submit=True)

    assert error_of(put(clerk, [cell("X.all", 6)], version=1))[:2] == (409, "not_open")


def test_a_form_nobody_owes_is_not_there(clerk):
    station = "/api/v1/submissions/S-x/X/2025-08/"

    assert error_of(clerk.get(station))[:2] == (404, "not_due")
    assert error_of(clerk.put(station, {"version": 0, "cells": []}))[:2] == (404, "not_due")


def test_a_yearly_form_is_named_by_its_year(setting, clerk):  # noqa: F811
    FormFactory(code="Y", periodicity="year", cells=[("Y.1", "")])
    settle_duties()
    sheet = "/api/v1/submissions/T-a1/Y/2025/"

    assert clerk.put(sheet, {"version": 0, "cells": [cell("Y.1", 9)]}).json()["period"] == "2025"
    assert clerk.get(f"{sheet[:-1]}-01/").status_code == 404


def test_the_way_from_draft_to_approved_and_back(clerk, reviewer):
    put(clerk, [cell("X.all", 5)])

    assert clerk.post(f"{SHEET}submit/").json()["status"] == "submitted"
    assert reviewer.post(f"{SHEET}approve/").json()["status"] == "approved"
    back = reviewer.post(f"{SHEET}send-back/", {"reason": "Xem lại ô 1."}).json()
    assert (back["status"], back["reason"]) == ("sent_back", "Xem lại ô 1.")
    assert put(clerk, [cell("X.all", 4)], version=1, submit=True).json()["status"] == "submitted"


def test_steps_the_status_does_not_allow_are_conflicts(clerk, reviewer):
    put(clerk, [cell("X.all", 5)])

    assert error_of(reviewer.post(f"{SHEET}approve/"))[:2] == (409, "invalid_transition")
    assert error_of(reviewer.post(f"{SHEET}send-back/", {"reason": "a"}))[:2] == (409, "invalid_transition")
    assert error_of(reviewer.post(f"{SHEET}send-back/", {}))[:2] == (400, "invalid")


@pytest.mark.parametrize(("step", "more"), [("approve/", {}), ("send-back/", {"reason": "Xem lại ô 1."})])
def test_with_the_version_read_nothing_is_decided_of_figures_that_changed_since(
    setting,  # noqa: F811
    clerk,
    reviewer,
    step,
    more,
):
    put(clerk, [cell("X.all", 5)], submit=True)
    seen = reviewer.get(SHEET).json()["version"]
    recall(submission=Submission.objects.get(), by=setting.cast.clerk)
    put(clerk, [cell("X.all", 500)], version=seen, submit=True)

    assert error_of(reviewer.post(f"{SHEET}{step}", more | {"version": "x"}))[:2] == (400, "invalid")
    assert error_of(reviewer.post(f"{SHEET}{step}", more | {"version": seen}))[:2] == (409, "changed_since")
    assert Submission.objects.get().status == "submitted"
    assert reviewer.post(f"{SHEET}{step}", more | {"version": seen + 1}).status_code == 200


def test_a_closed_period_takes_neither_figures_nor_steps(setting, clerk, reviewer):  # noqa: F811
    put(clerk, [cell("X.all", 5)], submit=True)
    area = setting.world.areas["x"]
    close_period(area=area, period=date(2025, 8, 1), yearly=False, by=setting.cast.reviewer)

    refused = [
        put(clerk, [cell("X.all", 6)], version=1),
        reviewer.post(f"{SHEET}send-back/", {"reason": "a"}),
        reviewer.post(f"{SHEET}approve/"),
    ]
    assert [error_of(response)[:2] for response in refused] == [(409, "period_closed")] * 3
    assert Submission.objects.get().status == "submitted"


def test_deciding_is_not_for_the_clerk_nor_typing_for_the_reviewer(clerk, reviewer):
    put(clerk, [cell("X.all", 5)], submit=True)

    assert clerk.post(f"{SHEET}approve/").status_code == 403
    assert clerk.post(f"{SHEET}send-back/", {"reason": "a"}).status_code == 403
    assert reviewer.post(f"{SHEET}submit/").status_code == 403
    assert Submission.objects.get().status == "submitted"


@pytest.mark.parametrize("step", ["", "submit/", "approve/", "send-back/"])
@pytest.mark.parametrize("role", ["neighbour", "stranger"])
def test_outside_ones_area_there_is_nothing_to_act_on(setting, clerk, role, step):  # noqa: F811
    put(clerk, [cell("X.all", 5)], submit=True)
    client = api(getattr(setting.cast, role))

    method = client.post if step else client.put
    body = {"version": 1, "cells": [], "reason": "a"}
    assert method(SHEET + step, body).status_code == 404


def test_a_step_on_a_form_not_begun_finds_nothing(clerk, reviewer):
    assert clerk.post(f"{SHEET}submit/").status_code == 404
    assert reviewer.post(f"{SHEET}approve/").status_code == 404


def test_the_list_holds_what_one_may_see_and_is_filtered(setting, clerk):  # noqa: F811
    for code in ("T-a1", "T-a2", "T-c1"):
        SubmissionFactory(facility=setting.world.facilities[code], form=setting.form, status="submitted")
    SubmissionFactory(facility=setting.world.facilities["T-a1"], form=setting.form, period="2025-09-01")

    def found(client, **filters):
        rows = client.get("/api/v1/submissions/", filters).json()["results"]
        return [(row["facility"], row["period"]) for row in rows]

    assert found(clerk) == [("T-a1", "2025-09"), ("T-a1", "2025-08"), ("T-a2", "2025-08")]
    assert found(clerk, status="draft") == found(clerk, period="2025-09") == [("T-a1", "2025-09")]
    assert found(clerk, facility="T-a2", form="X") == [("T-a2", "2025-08")]
    assert clerk.get("/api/v1/submissions/", {"facility": "T-c1"}).status_code == 404
    assert found(api(setting.cast.neighbour)) == [("T-c1", "2025-08")]
    assert len(found(api(setting.cast.reviewer))) == 4
    assert found(api(setting.cast.stranger)) == []


@pytest.mark.parametrize("count", [5, 40])
def test_saving_a_form_takes_the_same_few_queries_at_any_size(setting, clerk, count):  # noqa: F811
    codes = [(f"Z.{n}", "") for n in range(count)]
    FormFactory(code="Z", cells=codes)
    settle_duties()
    sheet = "/api/v1/submissions/T-a1/Z/2025-08/"
    clerk.put(sheet, {"version": 0, "cells": [cell(code, 1) for code, _group in codes]})

    with CaptureQueriesContext(
        connection,
    ) as queries:
        response = clerk.put(sheet, {"version": 1, "cells": [cell(code, 2) for code, _group in codes]})

    assert response.json()["version"] == 2
    # Token 1, assignments 1, facility 1, form 1, savepoints 4 (none outside a test), permission 1,
    # duty and commune 1, submission 1, items 1, values 1, version 1, values 1, changes 1, audit 1.
    statements = [q["sql"] for q in queries if "SAVEPOINT" not in q["sql"]]
    assert len(statements) <= 15, "\n".join(statements)
