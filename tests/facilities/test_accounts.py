"""Signing in and out, the language, one's own account, and the words of refusals."""

from __future__ import annotations

import pytest
from django.conf import settings
from django.urls import reverse
from rest_framework.authtoken.models import Token

from facilities.models import Role
from tests.factories import PASSWORD, FacilityFactory, UserFactory, person

pytestmark = pytest.mark.django_db
SIGN_IN = reverse("accounts:sign-in")
ACCOUNT = reverse("accounts:account")


def test_signing_in_leads_to_the_page_asked_for(client):
    user = UserFactory()
    asked = client.get(ACCOUNT)
    assert asked.url == f"{SIGN_IN}?next={ACCOUNT}"
    answer = client.post(asked.url, {"username": user.username, "password": PASSWORD, "next": ACCOUNT})
    assert answer.url == ACCOUNT


def test_a_wrong_password_is_said_in_vietnamese(client):
    answer = client.post(SIGN_IN, {"username": "nobody", "password": "x"})
    assert "Tên đăng nhập hoặc mật khẩu không đúng" in answer.content.decode()


def test_guessing_is_locked_out_with_a_page_that_says_so(client):
    user = UserFactory()
    for _attempt in range(settings.AXES_FAILURE_LIMIT):
        answer = client.post(SIGN_IN, {"username": user.username, "password": "x"})
    assert answer.status_code == 429
    assert "Tạm khóa đăng nhập" in answer.content.decode()
    right = client.post(SIGN_IN, {"username": user.username, "password": PASSWORD})
    assert right.status_code == 429


def test_signing_out_takes_a_post(client):
    client.force_login(UserFactory())
    assert client.get(reverse("accounts:sign-out")).status_code == 405
    assert client.post(reverse("accounts:sign-out")).url == SIGN_IN
    assert client.get(ACCOUNT).status_code == 302


def test_the_account_names_the_roles_and_where_they_hold(client):
    station = FacilityFactory(name="Trạm Y tế Ba Đồn")
    client.force_login(person(Role.CLERK, facility=station))
    page = client.get(ACCOUNT).content.decode()
    assert "cán bộ thống kê trạm: Trạm Y tế Ba Đồn" in page


def test_the_password_is_changed_by_its_owner(client):
    user = UserFactory()
    client.force_login(user)
    url, new = reverse("accounts:password"), "một mật khẩu khác 2026"
    wrong = client.post(url, {"old_password": "x", "new_password1": new, "new_password2": new})
    assert "Mật khẩu hiện nay không đúng." in wrong.content.decode()
    right = client.post(url, {"old_password": PASSWORD, "new_password1": new, "new_password2": new})
    assert right.url == ACCOUNT
    user.refresh_from_db()
    assert user.check_password(new)


def test_the_language_is_kept_in_a_cookie_and_leads_back(client):
    answer = client.post(reverse("accounts:language"), {"language": "en", "next": SIGN_IN})
    assert answer.url == SIGN_IN
    assert client.cookies[settings.LANGUAGE_COOKIE_NAME].value == "en"
    assert '<html lang="en">' in client.get(SIGN_IN).content.decode()


@pytest.mark.parametrize(
    ("posted_from", "back"),
    [
        ("http://testserver/submissions/?page=2", "http://testserver/submissions/?page=2"),
        ("https://elsewhere.example/", SIGN_IN),
        ("", SIGN_IN),
    ],
)
def test_on_a_page_that_answers_a_post_the_switch_leads_to_the_page_that_posted(client, posted_from, back):
    page = client.post(SIGN_IN, {"username": "x"}, headers={"referer": posted_from}).text
    assert f'name="next" value="{back}"' in page


def test_the_language_switch_follows_no_strange_address(client):
    answer = client.post(
        reverse("accounts:language"), {"language": "en", "next": "https://elsewhere.example/"}
    )
    assert answer.url == "/"
    assert client.get(reverse("accounts:language")).status_code == 405


def test_vietnamese_comes_first_whatever_the_browser_asks_for(client):
    page = client.get(SIGN_IN, headers={"accept-language": "en"}).content.decode()
    assert '<html lang="vi">' in page and "Đăng nhập" in page


def test_a_page_that_does_not_exist_says_so_in_words(client):
    client.force_login(UserFactory())
    answer = client.get("/nowhere/")
    assert answer.status_code == 404
    assert "Không tìm thấy trang" in answer.content.decode()


def test_an_old_page_explains_itself(client):
    from django.test import Client

    answer = Client(enforce_csrf_checks=True).post(SIGN_IN, {"username": "a", "password": "b"})
    assert answer.status_code == 403
    assert "Trang đã cũ" in answer.content.decode()


def test_a_new_password_ends_the_tokens_of_its_owner_alone(client):
    user, other = UserFactory(), UserFactory()
    for one in (user, other):
        Token.objects.create(user=one)
    client.force_login(user)
    url, new = reverse("accounts:password"), "một mật khẩu khác 2026"
    client.post(url, {"old_password": "x", "new_password1": new, "new_password2": new})
    assert Token.objects.filter(user=user).exists()
    client.post(url, {"old_password": PASSWORD, "new_password1": new, "new_password2": new})
    assert [token.user for token in Token.objects.all()] == [other]
