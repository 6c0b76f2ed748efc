"""Every refusal of the API has one shape, whatever raised it."""

import pytest
from django.core.cache import cache
from rest_framework.throttling import UserRateThrottle

from tests.reporting.api_world import SHEET, api, setting  # noqa: F401

AREAS = "/api/v1/places/areas/"


@pytest.fixture
def client(setting):  # noqa: F811
    return api(setting.cast.clerk)


def assert_refused(response, status, code):
    assert response.status_code == status
    assert set(response.json()) == {"error"}
    error = response.json()["error"]
    assert (error["code"], set(error)) == (code, {"code", "message", "details"})
    assert error["message"]
    for detail in error["details"]:
        assert detail["code"] and detail["message"]
    return error


def test_without_a_sign_in_the_answer_is_401_and_says_how(setting):  # noqa: F811
    response = api().get(AREAS)

    assert_refused(response, 401, "not_authenticated")
    assert response["WWW-Authenticate"].startswith("Token")


def test_a_wrong_token_is_refused(setting):  # noqa: F811
    client = api()
    client.credentials(HTTP_AUTHORIZATION="Token nothing")

    assert_refused(client.get(AREAS), 401, "authentication_failed")


def test_what_the_person_sees_but_may_not_do_is_403(setting):  # noqa: F811
    response = api(setting.cast.leader).put(SHEET, {"version": 0, "cells": []})

    assert_refused(response, 403, "permission_denied")


def test_what_lies_outside_ones_area_is_404(setting):  # noqa: F811
    assert_refused(api(setting.cast.neighbour).get(SHEET), 404, "not_found")


@pytest.mark.parametrize(
    "address", ["T-a1/X/2025-13", "T-a1/X/2025", "T-a1/none/2025-08", "none/X/2025-08", "T-a1%00/X/2025-08"]
)
def test_what_does_not_exist_is_404(client, address):
    assert_refused(client.get(f"/api/v1/submissions/{address}/"), 404, "not_found")


def test_another_method_is_405(client):
    assert_refused(client.delete(SHEET), 405, "method_not_allowed")
    assert_refused(client.options(SHEET), 405, "method_not_allowed")


def test_another_answer_than_json_is_406(client):
    assert_refused(client.get(AREAS, HTTP_ACCEPT="text/csv"), 406, "not_acceptable")


def test_a_body_beyond_the_limit_is_413(client, settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 100

    response = client.put(SHEET, {"version": 0, "cells": [{"element": "X" * 100}]})

    assert_refused(response, 413, "too_large")


def test_another_body_than_json_is_415(client):
    response = client.put(SHEET, data="<a/>", content_type="application/xml")

    assert_refused(response, 415, "unsupported_media_type")


def test_too_many_requests_are_429(client, monkeypatch):
    cache.clear()
    monkeypatch.setattr(UserRateThrottle, "THROTTLE_RATES", {"user": "1/min"})
    client.get(AREAS)

    response = client.get(AREAS)

    assert_refused(response, 429, "throttled")
    assert int(response["Retry-After"]) > 0


@pytest.mark.parametrize(
    "body", ["{", '{"version": NaN}', "\xff", "[" * 100_000], ids=["cut", "nan", "latin", "deep"]
)
def test_malformed_json_is_400(client, body):
    response = client.put(SHEET, data=body.encode("latin-1"), content_type="application/json")

    assert_refused(response, 400, "parse_error")


def test_a_parameter_that_means_nothing_is_named(client):
    error = assert_refused(client.get(AREAS, {"levl": "commune"}), 400, "invalid")

    assert [(detail["field"], detail["code"]) for detail in error["details"]] == [("levl", "unknown")]


@pytest.mark.parametrize(
    "wrong",
    [{"page": "0"}, {"page": "hai"}, {"page_size": "501"}, {"level": "xóm"}, {"valid_on": "01/07/2025"}],
)
def test_a_parameter_that_can_not_be_read_is_named(client, wrong):
    error = assert_refused(client.get(AREAS, wrong), 400, "invalid")

    assert [detail["field"] for detail in error["details"]] == list(wrong)


def test_a_page_past_the_last_is_404(client):
    assert_refused(client.get(AREAS, {"page": "900"}), 404, "not_found")


def test_a_result_without_its_months_is_400(setting):  # noqa: F811
    error = assert_refused(
        api(setting.cast.leader).get("/api/v1/results/", {"from": "2025-7"}), 400, "invalid"
    )

    assert {detail["field"] for detail in error["details"]} == {"from", "to"}
