"""Who gets what at every address: one row a page and method, and no address without a row.

`sign-in` is the redirect to the sign-in page. `elsewhere` holds for the same roles of another province and for
the clerk of another station: `same` on pages that show a person their own things, 404 on things of a place.
"""

from __future__ import annotations

import json

import pytest
from django.contrib import admin
from django.core.cache import cache
from django.db import transaction
from django.test import Client
from django.urls import reverse

from facilities.models import Role
from tests.config.access_site import INSIDE, OUTSIDE, make_site, routes
from tests.factories import person
from tests.factories_plans import PlanFactory
from tests.plans.pages import signed_in
from tests.reporting.cases import make_plan
from tests.world import make_cast, make_world

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.filterwarnings("ignore:No directory at"),
]
MATRIX = """
method address                      anonymous clerk reviewer planner officer leader auditor administrator elsewhere

GET    home                         sign-in   302   200      200     200     200    200     200           same
GET    healthz                      200       200   200      200     200     200    200     200           same

GET    accounts:account             sign-in   200   200      200     200     200    200     200           same
GET    accounts:sign-in             200       302   302      302     302     302    302     302           same
POST   accounts:sign-in             200       302   302      302     302     302    302     302           same
POST   accounts:sign-out            sign-in   302   302      302     302     302    302     302           same
POST   accounts:language            302       302   302      302     302     302    302     302           same
GET    accounts:password            sign-in   200   200      200     200     200    200     200           same
POST   accounts:password            sign-in   200   200      200     200     200    200     200           same
POST   accounts:wishes              sign-in   302   302      302     302     302    302     302           same
GET    accounts:notices             sign-in   200   200      200     200     200    200     200           same
POST   accounts:notices-read        sign-in   302   302      302     302     302    302     302           same
GET    accounts:notice              sign-in   302   404      404     404     404    404     404           404
GET    accounts:unsubscribe         200       200   200      200     200     200    200     200           same
POST   accounts:unsubscribe         200       200   200      200     200     200    200     200           same

GET    submissions:due              sign-in   200   200      200     404     200    200     200           same
GET    submissions:review           sign-in   200   200      200     404     200    200     200           same
POST   submissions:approve          sign-in   404   302      404     404     404    404     302           404
GET    submissions:approved         sign-in   404   302      404     404     404    404     302           same
POST   submissions:approved         sign-in   404   302      404     404     404    404     302           same
GET    submissions:form             sign-in   200   200      200     404     200    200     200           404
POST   submissions:form             sign-in   302   404      404     404     404    404     302           404
GET    submissions:history          sign-in   200   200      200     404     200    200     200           404
GET    submissions:workbook         sign-in   200   200      200     404     200    200     200           404
GET    submissions:area-workbook    sign-in   404   404      404     404     404    404     404           404
GET    submissions:upload           sign-in   200   200      200     404     200    200     200           same
POST   submissions:upload           sign-in   302   404      404     404     404    404     302           same
GET    submissions:upload-preview   sign-in   200   404      404     404     404    404     404           404
POST   submissions:upload-preview   sign-in   302   404      404     404     404    404     404           404
POST   submissions:decide           sign-in   404   302      404     404     404    404     302           404
POST   submissions:recall           sign-in   302   404      404     404     404    404     302           404
GET    submissions:matrix           sign-in   200   200      200     404     200    200     200           same
GET    submissions:closing          sign-in   404   200      404     404     404    404     200           same
POST   submissions:closing          sign-in   404   302      404     404     404    404     302           same
GET    submissions:corrections      sign-in   200   200      200     404     200    200     200           same
GET    submissions:correction       sign-in   200   200      200     404     200    200     200           404
POST   submissions:correction       sign-in   404   302      404     404     404    404     302           404
GET    submissions:correct          sign-in   200   200      404     404     404    404     200           404
POST   submissions:correct          sign-in   302   302      404     404     404    404     302           404
GET    submissions:absence          sign-in   200   200      404     404     404    404     200           404
POST   submissions:absence          sign-in   302   302      404     404     404    404     302           404
POST   submissions:sync             401       200   404      404     404     404    404     200           404
POST   submissions:nothing          sign-in   422   404      404     404     404    404     422           404
GET    submissions:who              401       200   200      200     200     200    200     200           same
GET    submissions:due-forms        401       200   200      200     200     200    200     200           same
GET    submissions:worker           200       200   200      200     200     200    200     200           same
GET    log:list                     sign-in   404   404      404     404     404    200     200           same
GET    recompute:list               sign-in   404   404      404     404     404    404     200           same
POST   recompute:start              sign-in   404   404      404     404     404    404     409           same
POST   recompute:retry              sign-in   404   404      404     404     404    404     302           same
POST   recompute:cancel             sign-in   404   404      404     404     404    404     302           same
GET    quality:list                 sign-in   404   200      200     404     200    200     200           same
GET    quality:rules                sign-in   404   200      200     404     200    200     200           same
GET    quality:outliers             sign-in   404   200      200     404     200    200     200           same
GET    quality:consistency          sign-in   404   200      200     404     200    200     200           same

GET    plans:list                   sign-in   200   200      200     200     200    200     200           same
GET    plans:create                 sign-in   404   404      200     404     404    404     200           same
POST   plans:create                 sign-in   404   404      422     404     404    404     422           same
GET    plans:scorecard              sign-in   404   200      200     302     200    200     200           404
GET    plans:line                   sign-in   404   200      200     404     200    200     200           404
POST   plans:line                   sign-in   404   404      422     404     404    404     422           404
GET    plans:stamp                  sign-in   404   200      200     404     200    200     200           404
GET    plans:place                  sign-in   404   200      200     404     200    200     200           404
GET    plans:stations               sign-in   404   200      200     404     200    200     200           404
GET    plans:origin                 sign-in   404   200      200     404     200    200     200           404
GET    plans:allocation             sign-in   404   200      200     404     200    200     200           404
GET    plans:tasks                  sign-in   404   200      200     200     200    200     200           404
GET    plans:task                   sign-in   404   200      200     200     200    200     200           404
POST   plans:task                   sign-in   404   404      422     422     404    404     422           404
GET    plans:budget                 sign-in   404   200      200     404     200    200     200           404
GET    plans:document               sign-in   404   200      200     200     200    200     200           404
GET    plans:edit                   sign-in   404   404      200     404     404    404     200           404
GET    plans:edit-head              sign-in   404   404      200     404     404    404     200           404
POST   plans:edit-head              sign-in   404   404      422     404     404    404     422           404
POST   plans:delete                 sign-in   404   404      302     404     404    404     302           404
GET    plans:create-objective       sign-in   404   404      200     404     404    404     200           404
POST   plans:create-objective       sign-in   404   404      422     404     404    404     422           404
GET    plans:edit-objective         sign-in   404   404      200     404     404    404     200           404
POST   plans:edit-objective         sign-in   404   404      422     404     404    404     422           404
POST   plans:delete-objective       sign-in   404   404      302     404     404    404     302           404
GET    plans:create-line            sign-in   404   404      200     404     404    404     200           404
POST   plans:create-line            sign-in   404   404      422     404     404    404     422           404
GET    plans:edit-line              sign-in   404   404      200     404     404    404     200           404
POST   plans:edit-line              sign-in   404   404      422     404     404    404     422           404
POST   plans:delete-line            sign-in   404   404      302     404     404    404     302           404
GET    plans:create-total           sign-in   404   404      200     404     404    404     200           404
POST   plans:create-total           sign-in   404   404      422     404     404    404     422           404
GET    plans:edit-total             sign-in   404   404      200     404     404    404     200           404
POST   plans:edit-total             sign-in   404   404      422     404     404    404     422           404
POST   plans:delete-total           sign-in   404   404      302     404     404    404     302           404
GET    plans:edit-target            sign-in   404   404      200     404     404    404     200           404
POST   plans:edit-target            sign-in   404   404      302     404     404    404     302           404
GET    plans:allocate               sign-in   404   404      200     404     404    404     200           404
POST   plans:allocate               sign-in   404   404      422     404     404    404     422           404
GET    plans:create-task            sign-in   404   404      200     404     404    404     200           404
POST   plans:create-task            sign-in   404   404      422     404     404    404     422           404
GET    plans:edit-task              sign-in   404   404      200     404     404    404     200           404
POST   plans:edit-task              sign-in   404   404      422     404     404    404     422           404
POST   plans:delete-task            sign-in   404   404      302     404     404    404     302           404
GET    plans:create-budget-line     sign-in   404   404      200     404     404    404     200           404
POST   plans:create-budget-line     sign-in   404   404      422     404     404    404     422           404
GET    plans:edit-budget-line       sign-in   404   404      200     404     404    404     200           404
POST   plans:edit-budget-line       sign-in   404   404      422     404     404    404     422           404
POST   plans:delete-budget-line     sign-in   404   404      302     404     404    404     302           404

GET    reports:list                 sign-in   200   200      200     200     200    200     200           same
GET    reports:prepare              sign-in   404   404      200     404     404    404     200           404
GET    reports:duties               sign-in   200   200      200     200     200    200     200           same
GET    reports:tick                 sign-in   404   404      200     404     404    404     200           404
POST   reports:tick                 sign-in   404   404      302     404     404    404     302           404
GET    reports:duty-day             sign-in   404   404      200     404     404    404     200           404
POST   reports:duty-day             sign-in   404   404      302     404     404    404     302           404
POST   reports:prepare              sign-in   404   404      302     404     404    404     302           404
GET    reports:detail               sign-in   404   200      200     404     200    200     200           404
GET    reports:narrative            sign-in   404   302      302     404     302    302     302           404
POST   reports:narrative            sign-in   404   404      302     404     404    404     302           404
GET    reports:freeze               sign-in   404   302      302     404     302    302     302           404
POST   reports:freeze               sign-in   404   404      302     404     404    404     302           404
GET    reports:preparing            sign-in   404   200      200     404     200    200     200           404
POST   reports:autosave             sign-in   404   404      200     404     404    404     200           404
POST   reports:editing              sign-in   404   404      200     404     404    404     200           404
GET    reports:remind               sign-in   404   302      302     404     302    302     302           404
POST   reports:remind               sign-in   404   404      302     404     404    404     302           404
GET    reports:estimates            sign-in   404   302      302     404     302    302     302           404
POST   reports:estimates            sign-in   404   404      302     404     404    404     302           404
GET    reports:preview              sign-in   404   200      200     404     200    200     200           404
GET    reports:preview-style        sign-in   404   200      200     404     200    200     200           404
GET    reports:delete               sign-in   404   302      302     404     302    302     302           404
POST   reports:delete               sign-in   404   404      302     404     404    404     302           404
GET    reports:numbers              sign-in   404   200      200     404     200    200     200           404
GET    reports:compare              sign-in   404   200      200     404     200    200     200           404
GET    reports:request-files        sign-in   404   302      302     404     302    302     302           404
POST   reports:request-files        sign-in   404   302      302     404     302    302     302           404
GET    reports:file                 sign-in   404   200      200     404     200    200     200           404
GET    reports:snapshot-file        sign-in   404   200      200     404     200    200     200           404
GET    reports:signing              sign-in   404   200      200     404     200    200     200           404
GET    reports:sign                 sign-in   404   302      302     404     302    302     302           404
POST   reports:sign                 sign-in   404   404      404     404     422    404     422           404
GET    reports:sign-agency          sign-in   404   302      302     404     302    302     302           404
POST   reports:sign-agency          sign-in   404   404      302     404     404    404     302           404
GET    reports:signed-file          sign-in   404   200      200     404     200    200     200           404

GET    reports:archive              sign-in   200   200      200     200     200    200     200           same
GET    reports:link                 200       200   200      200     200     200    200     200           same
GET    reports:link-file            302       302   302      302     302     302    302     302           same
POST   reports:link-file            200       200   200      200     200     200    200     200           same
GET    reports:sending              sign-in   404   200      200     404     200    200     200           404
GET    reports:register             sign-in   404   302      302     404     302    302     302           404
POST   reports:register             sign-in   404   404      302     404     404    404     302           404
GET    reports:print-number         sign-in   404   302      302     404     302    302     302           404
POST   reports:print-number         sign-in   404   404      422     404     404    404     422           404
GET    reports:take-signed          sign-in   404   302      302     404     302    302     302           404
POST   reports:take-signed          sign-in   404   404      302     404     404    404     302           404
GET    reports:issued-file          sign-in   404   200      200     404     200    200     200           404
GET    reports:send                 sign-in   404   302      302     404     302    302     302           404
POST   reports:send                 sign-in   404   404      302     404     404    404     302           404
GET    reports:package              sign-in   404   302      302     404     302    302     302           404
POST   reports:package              sign-in   404   404      200     404     404    404     200           404
GET    reports:send-again           sign-in   404   302      302     404     302    302     302           404
POST   reports:send-again           sign-in   404   404      302     404     404    404     302           404
GET    reports:withdraw             sign-in   404   302      302     404     302    302     302           404
POST   reports:withdraw             sign-in   404   404      302     404     404    404     302           404

GET    places:tree                  sign-in   200   200      200     200     200    200     200           same
GET    places:area                  sign-in   200   200      200     200     200    200     200           same
GET    reforms:list                 sign-in   200   200      200     200     200    200     200           same
GET    reforms:new                  sign-in   404   404      200     404     404    404     200           same
POST   reforms:new                  sign-in   404   404      200     404     404    404     200           same
POST   reforms:undo                 sign-in   404   404      302     404     404    404     302           404

POST   api:token                    400       400   400      400     400     400    400     400           same
POST   api:token-revoke             401       204   204      204     204     204    204     204           same
GET    api:plans                    401       200   200      200     200     200    200     200           same
GET    api:plan                     401       404   200      200     404     200    200     200           404
GET    api:plan-lines               401       404   200      200     404     200    200     200           404
GET    api:plan-targets             401       404   200      200     404     200    200     200           404
GET    api:plan-assessments         401       404   200      200     404     200    200     200           404
GET    api:results                  401       200   200      200     200     200    200     200           same
GET    api:submissions              401       200   200      200     200     200    200     200           same
GET    api:submission               401       200   200      200     404     200    200     200           404
PUT    api:submission               401       200   403      403     404     403    403     200           404
POST   api:submission-submit        401       200   403      403     404     403    403     200           404
POST   api:submission-approve       401       403   200      403     404     403    403     200           404
POST   api:submission-send-back     401       403   200      403     404     403    403     200           404
GET    api:areas                    401       200   200      200     200     200    200     200           same
GET    api:successions              401       200   200      200     200     200    200     200           same
GET    api:facilities               401       200   200      200     200     200    200     200           same
GET    api:elements                 401       200   200      200     200     200    200     200           same
GET    api:groups                   401       200   200      200     200     200    200     200           same
GET    api:forms                    401       200   200      200     200     200    200     200           same
GET    api:rules                    401       200   200      200     200     200    200     200           same
GET    api:indicators               401       200   200      200     200     200    200     200           same
GET    api:schema                   401       200   200      200     200     200    200     200           same
"""
HEAD, *ROWS = [line.split() for line in MATRIX.splitlines() if line]
EXPECTED = {(row[0], row[1]): dict(zip(HEAD[2:], row[2:], strict=True)) for row in ROWS}
QUERIES = {"api:results": {"from": "2025-08", "to": "2025-08"}, "api:plan-assessments": {"year": 2025}}
BODIES = {
    "plans:allocate": {"publish": "1"},
    "accounts:language": {"language": "en"},
    "accounts:wishes": {"language": "vi"},
    "accounts:notices-read": {"all": "1"},
    "submissions:sync": {
        "operation": "6f1c1f0e-9d0b-4a53-9d3e-5f3f2d0f3b11",
        "version": 0,
        "cells": {"X.all": 3},
    },
    "submissions:form": {"action": "save", "version": 0, "v:X.all:": "3"},
    "submissions:decide": {"action": "approve", "version": 1, "status": "submitted"},
    "submissions:closing": {"action": "close", "period": "2025-03", "confirm": "1"},
    "submissions:correction": {"action": "accept"},
    "submissions:correct": {"version": 1, "v:X.all:": "9", "reason": "Đếm sót."},
    "submissions:absence": {"reason": "Mất điện."},
    "plans:edit-target": {"text": "", "sure": "1"},
    "recompute:start": {"first": "2025-08", "last": "2025-08", "sure": "1"},
    "recompute:cancel": {"sure": "1"},
    "reports:sign-agency": {"number": "1"},
    "reports:autosave": {
        "limits": "x",
        "addition-overall": "y",
        "document-number": "05/BC-SYT",
        "document-date": "2026-02-05",
        "document-recipients": "Như trên;",
    },
    "reports:tick": {"on": "2025-12-04"},
    "reports:duty-day": {"day": 15, "month": 1, "years_after": 1},
    "reports:prepare": {"kind": "plan", "plan": "thu", "year": 2025, "period": "h1", "boundaries": "own"},
    "reports:register": {"number": 6, "symbol": "BC-SYT", "on": "2026-01-05", "signer": "A", "sure": "1"},
    "reports:send": {"typed": "Bộ Y tế <vanthu@boyte.example>", "way": "files", "days": 30},
    "api:submission": {"version": 0, "cells": []},
    "api:submission-send-back": {"reason": "Xem lại ô 1."},
}
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
# Django's own form views take any method for a POST.
DJANGO_FORMS = {"accounts:sign-in", "accounts:password"}


@pytest.fixture
def site():
    return make_site()


def test_every_address_has_its_rows():
    named = {name for name in routes() if not name.startswith("admin:")}
    assert {name for _method, name in EXPECTED} == named


@pytest.mark.parametrize("who", ["anonymous", *INSIDE, *OUTSIDE])
def test_each_person_gets_what_the_matrix_says(site, who):
    wrong = [
        f"{method} {name}: {answer}, expected {expected}"
        for (method, name), row in EXPECTED.items()
        if (answer := ask(site, who, method, name)) != (expected := expected_of(row, who))
    ]
    assert not wrong, "\n".join([who, *wrong])


def test_nothing_answers_a_method_without_a_row(site):
    """The administrator may everything, so a refusal is of the method."""
    open_ones = [
        f"{method} {name}: {answer}"
        for name in sorted({name for _method, name in EXPECTED} - DJANGO_FORMS)
        for method in METHODS
        if (method, name) not in EXPECTED and (answer := ask(site, "administrator", method, name)) != "405"
    ]
    assert not open_ones, "\n".join(open_ones)


def test_no_write_is_taken_without_the_pages_token(site):
    # A token is asked for by password; links that stop mails or give a file are rights of their own, used without cookies.
    own_rights = {"api:token", "accounts:unsubscribe", "reports:link-file"}
    unsafe = [(method, name) for method, name in EXPECTED if method != "GET" and name not in own_rights]
    answers = {
        f"{method} {name}": ask(site, "administrator", method, name, strict=True) for method, name in unsafe
    }
    assert set(answers.values()) == {"403"}, answers


def test_administration_is_for_administrators_alone(site):
    for name, route in routes().items():
        if not name.startswith("admin:") or "unnamed" in name or name in {"admin:login", "admin:logout"}:
            continue
        url = admin_address(name, route)
        for who in ("", *INSIDE[:-1]) if name == "admin:index" else ("", "planner"):
            answer = site.client(who).get(url)
            assert answer.status_code == 302, (name, who)
            assert answer.url.startswith((reverse("admin:login"), reverse("accounts:sign-in"))), (name, who)
    client = site.client("administrator")
    assert client.get(reverse("admin:index")).status_code == 200
    assert [client.get(url).status_code for url in changelists()] == [200] * len(changelists())


def test_an_abolished_places_plan_belongs_to_its_successor_and_not_the_other_way():
    world = make_world()
    old, new = make_plan(world, "A", slug="cu"), PlanFactory(slug="moi", area=world.areas["M"])
    successor, predecessor = make_cast(world).planner, person(Role.PLANNER, area=world.areas["A"])

    def statuses(user):
        client = signed_in(user)
        names = ("plans:scorecard", "plans:edit", "plans:document")
        return [
            [client.get(reverse(name, args=[plan.slug])).status_code for name in names] for plan in (old, new)
        ]

    assert statuses(successor) == [[200] * 3, [200] * 3]
    assert statuses(predecessor) == [[200] * 3, [404] * 3]


def expected_of(row: dict[str, str], who: str) -> str:
    if who not in OUTSIDE:
        return row[who]
    return row[who.split()[0]] if row["elsewhere"] == "same" else row["elsewhere"]


def ask(site, who: str, method: str, name: str, *, strict: bool = False) -> str:
    """The status as the matrix writes it; whatever was changed is taken back."""
    client = site.client("" if who == "anonymous" else who, enforce_csrf_checks=strict)
    cache.clear()  # throttles
    with transaction.atomic():
        answer = send(client, method, name, site)
        transaction.set_rollback(True)
    to_sign_in = answer.status_code == 302 and answer.url.startswith(f"{reverse('accounts:sign-in')}?next=")
    return "sign-in" if to_sign_in else str(answer.status_code)


def send(client: Client, method: str, name: str, site):
    url = site.address(name, routes()[name])
    if method == "GET":
        return client.get(url, QUERIES.get(name))
    body = (
        {"submission": site.submitted, "sure": "1"}
        if name == "submissions:approve"
        else BODIES.get(name, {"sure": "1"})
    )
    if method == "POST" and not name.startswith("api:") and name != "submissions:sync":
        return client.post(url, body)
    return client.generic(method, url, json.dumps(body), content_type="application/json")


def admin_address(name: str, route) -> str:
    """Any address under /admin/: whether the thing exists is not asked of people who may not look."""
    known = {"object_id": "1", "content_type_id": 1, "id": 1}
    parts = {key: known[key] for key in route.pattern.converters if key in known}
    return reverse(name, kwargs={"app_label": "plans"} if name == "admin:app_list" else parts)


def changelists() -> list[str]:
    return [
        reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
        for model in admin.site._registry
    ]
