"""Signing in from a program: a token for a password, with the lockout of the sign-in page."""

import pytest
from django.conf import settings as django_settings
from rest_framework.test import APIClient

from tests.factories import PASSWORD
from tests.reporting.api_world import api, setting  # noqa: F401

TOKEN = "/api/v1/token/"
AREAS = "/api/v1/places/areas/"


def sign_in(username, password=PASSWORD):
    return api().post(TOKEN, {"username": username, "password": password})


def test_name_and_password_give_a_token_that_signs_in(setting):  # noqa: F811
    token = sign_in(setting.cast.clerk.username).json()["token"]

    assert api().get(AREAS, HTTP_AUTHORIZATION=f"Token {token}").status_code == 200


@pytest.mark.parametrize("body", [{}, {"username": "a"}, {"username": "a\x00", "password": "b"}, []])
def test_an_incomplete_request_is_refused(setting, body):  # noqa: F811
    assert api().post(TOKEN, body).json()["error"]["code"] == "invalid"


def test_a_wrong_password_and_an_unknown_name_read_the_same(setting):  # noqa: F811
    wrong, unknown = sign_in(setting.cast.clerk.username, "sai"), sign_in("không có", "sai")

    assert (wrong.status_code, wrong.json()["error"]["code"]) == (400, "invalid_credentials")
    assert wrong.json() == unknown.json()


def test_somebody_who_left_gets_no_token(setting):  # noqa: F811
    setting.cast.clerk.is_active = False
    setting.cast.clerk.save(update_fields=["is_active"])

    assert sign_in(setting.cast.clerk.username).status_code == 400


def test_wrong_passwords_lock_the_name_even_for_the_right_one(setting):  # noqa: F811
    for _attempt in range(django_settings.AXES_FAILURE_LIMIT):
        sign_in(setting.cast.clerk.username, "sai")

    response = sign_in(setting.cast.clerk.username)

    assert (response.status_code, response.json()["error"]["code"]) == (429, "locked_out")


def test_guessing_is_throttled_by_address(setting):  # noqa: F811
    codes = [sign_in(f"người {n}", "sai").json()["error"]["code"] for n in range(21)]

    assert codes[-1] == "throttled"


def test_a_revoked_token_signs_in_no_more(setting):  # noqa: F811
    client = api(setting.cast.clerk)

    assert client.post("/api/v1/token/revoke/").status_code == 204
    assert client.get(AREAS).status_code == 401


def test_the_session_of_the_pages_serves_too_and_its_writes_need_the_csrf_token(setting):  # noqa: F811
    browser = APIClient(enforce_csrf_checks=True)
    browser.force_login(setting.cast.clerk)

    assert browser.get(AREAS).status_code == 200
    assert browser.post("/api/v1/token/revoke/").status_code == 403
