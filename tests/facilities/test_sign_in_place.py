"""Signing in from a script, in place: the same form, answered in words instead of pages."""

from __future__ import annotations

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from tests.factories import PASSWORD, UserFactory

pytestmark = pytest.mark.django_db
SIGN_IN = reverse("accounts:sign-in")
JSON = {"Accept": "application/json"}


def sign_in(client, username: str, password: str = PASSWORD, **headers: str):
    return client.post(SIGN_IN, {"username": username, "password": password}, headers=JSON | headers)


def test_the_right_password_says_who_is_signed_in_and_gives_a_token(client):
    user = UserFactory()
    answer = sign_in(client, user.username)
    assert answer.status_code == 200 and answer.json() == {"user": user.pk, "name": user.display_name}
    assert settings.CSRF_COOKIE_NAME in answer.cookies
    assert client.get(reverse("submissions:who")).json()["user"]["id"] == user.pk


def test_somebody_signed_in_already_is_named(client):
    user = UserFactory()
    client.force_login(user)
    assert sign_in(client, "somebody").json() == {"user": user.pk, "name": user.display_name}


def test_a_wrong_password_is_said(client):
    answer = sign_in(client, UserFactory().username, "x")
    assert answer.status_code == 400
    assert "Tên đăng nhập hoặc mật khẩu không đúng" in answer.json()["message"]


def test_guessing_is_locked_out_in_words(client):
    user = UserFactory()
    for _attempt in range(settings.AXES_FAILURE_LIMIT):
        answer = sign_in(client, user.username, "x")
    assert (answer.status_code, answer.json()["code"]) == (429, "locked")
    assert sign_in(client, user.username).status_code == 429


def test_a_missing_token_is_said_and_the_next_answer_brings_one():
    user, client = UserFactory(), Client(enforce_csrf_checks=True)
    refused = sign_in(client, user.username)
    assert (refused.status_code, refused.json()["code"]) == (403, "csrf")
    assert client.get(reverse("submissions:who")).status_code == 401
    token = client.cookies[settings.CSRF_COOKIE_NAME].value
    assert sign_in(client, user.username, **{"X-CSRFToken": token}).status_code == 200
