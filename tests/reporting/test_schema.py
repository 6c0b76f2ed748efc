"""The API keeps what its own description says, whoever asks and whatever is asked."""

from __future__ import annotations

import json

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from hypothesis import HealthCheck, Phase, given, settings
from rest_framework.authtoken.models import Token
from rest_framework.throttling import SimpleRateThrottle
from schemathesis.checks import CHECKS, load_all_checks
from schemathesis.generation import GenerationMode

from config.wsgi import application
from tests.factories_indicators import SubmissionFactory
from tests.factories_plans import (
    BudgetLineFactory,
    LineFactory,
    PlanFactory,
    TargetFactory,
    TaskFactory,
    make_indicator,
    make_result,
)
from tests.reporting.api_world import SHEET, api, setting  # noqa: F401

ROLES = ["clerk", "planner", "leader"]
CHECKED = [
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_headers_conformance",
    "response_schema_conformance",
]
EXISTING = {"slug": "ke-hoach", "facility": "T-a1", "form": "X", "period": "2025-08"}
EXAMPLES = 6


@pytest.fixture
def small_world(setting, monkeypatch):  # noqa: F811
    """A plan with a line that is computed, a submission in review, results; no throttle in the way."""
    monkeypatch.setattr(SimpleRateThrottle, "allow_request", lambda *_: True)
    merged = setting.world.areas["M"]
    indicator = make_indicator()
    plan = PlanFactory(slug=EXISTING["slug"], area=merged, start_year=2025, end_year=2026)
    line = LineFactory(plan=plan, indicator=indicator)
    TargetFactory(line=line, year=2025)
    TargetFactory(line=LineFactory(plan=plan, objective=line.objective), year=2026, is_ambiguous=True)
    TaskFactory(plan=plan)
    BudgetLineFactory(plan=plan)
    make_result(merged, indicator, "2025-08", 9, 10)
    make_result(setting.world.areas["x"], indicator, "2025-08", 1, 3, estimated=1)
    SubmissionFactory(
        facility=setting.world.facilities["T-a1"],
        form=setting.form,
        status="submitted",
        values={("X.all", ""): 1, ("X.part", ""): 2},
    )
    return setting


@pytest.fixture
def in_process():
    """The WSGI application inside the test's transaction: a request must not end its connection."""
    signals = (request_started, request_finished)
    for signal in signals:
        signal.disconnect(close_old_connections)
    yield
    for signal in signals:
        signal.connect(close_old_connections)


@pytest.fixture
def description(small_world):
    response = api(small_world.cast.leader).get("/api/v1/schema/", HTTP_ACCEPT="application/json")
    return json.loads(response.content)


def test_the_description_is_for_those_signed_in(setting):  # noqa: F811
    assert api().get("/api/v1/schema/").status_code == 401


def test_every_operation_declares_every_refusal_in_the_one_shape(description):
    for path, operations in description["paths"].items():
        for method, operation in operations.items():
            declared = {"400", "401", "403", "404", "405", "406", "429"}
            declared |= set() if method == "get" else {"409", "413", "415"}
            assert declared <= set(operation["responses"]), (path, method)
            shapes = {
                operation["responses"][code]["content"]["application/json"]["schema"]["$ref"]
                for code in declared
            }
            assert shapes == {"#/components/schemas/ErrorAnswer"}
            assert operation["summary"]


def strategies(operation):
    """Cases that follow the description and cases that break it; with addresses that exist, where it takes any."""
    names = {parameter.name for parameter in operation.path_parameters}
    existing = {name: EXISTING[name] for name in names}
    yield operation.as_strategy()
    if existing:
        yield operation.as_strategy(path_parameters=existing)
    if operation.query or operation.body:
        yield operation.as_strategy(generation_mode=GenerationMode.NEGATIVE, path_parameters=existing or None)


@pytest.mark.parametrize("role", ROLES)
def test_every_answer_is_as_described(small_world, description, in_process, role):
    load_all_checks()
    checks = [check for check in CHECKS.get_all() if check.__name__ in CHECKED]
    person = getattr(small_world.cast, role)
    schema = schemathesis.openapi.from_dict(description)
    schema.app = application
    answered = set()

    def ask(case):
        # An example may have revoked the token.
        token, _new = Token.objects.get_or_create(user=person)
        response = case.call(headers={"Authorization": f"Token {token.key}"})
        answered.add((case.operation.label, response.status_code))
        case.validate_response(response, checks=checks)

    for found in schema.get_all_operations():
        for strategy in strategies(found.ok()):
            run = given(case=strategy)(ask)
            settings(
                max_examples=EXAMPLES,
                deadline=None,
                database=None,
                derandomize=True,
                phases=[Phase.generate],
                suppress_health_check=list(HealthCheck),
            )(run)()
    reached = {label for label, status in answered if status < 300}
    assert {f"GET /api/v1/{name}/" for name in ("places/areas", "results", "submissions", "plans")} <= reached
