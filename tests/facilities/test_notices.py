"""The notices of a person in the portal: bell, list, opening, stopping mails; the wishes on the account page."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from facilities.actions.notices import stop_token
from facilities.models import AuditEvent, Notice, Role
from tests.factories import AreaFactory, FacilityFactory, UserFactory, person

pytestmark = pytest.mark.django_db
LIST, READ, ACCOUNT, WISHES = (
    reverse(f"accounts:{name}") for name in ("notices", "notices-read", "account", "wishes")
)


@pytest.fixture
def clerk():
    return person(Role.CLERK, facility=FacilityFactory())


def told(user, n=1, **fields):
    made = [
        Notice.objects.create(
            **{
                "user": user,
                "kind": "due",
                "key": f"due:{uuid4()}",
                "title": f"Còn {step} báo cáo",
                "text": "– Trạm Ba Đồn: Biểu 4\n– Trạm Ba Đồn: Biểu 8",
                "path": reverse("submissions:due"),
                "at": timezone.now() - timedelta(minutes=step),
                **fields,
            }
        )
        for step in range(n)
    ]
    return made[0] if n == 1 else made


def page_of(client, url=LIST):
    return client.get(url).content.decode()


def test_the_header_counts_what_is_unread_on_every_page(client, clerk):
    client.force_login(clerk)
    assert "chưa đọc" not in page_of(client, ACCOUNT)
    told(clerk, 3)
    told(clerk, key="read", read_at=timezone.now())
    told(UserFactory(), 2)
    assert "Thông báo: 3 chưa đọc" in page_of(client, ACCOUNT)
    told(clerk, 120)
    page = page_of(client, ACCOUNT)
    assert "Thông báo: 123 chưa đọc" in page and ">99+<" in page


@pytest.mark.parametrize("make", [lambda: person(Role.CLERK, facility=FacilityFactory()), UserFactory])
def test_the_count_costs_a_person_with_a_role_nothing(client, make):
    user = make()
    client.force_login(user)

    def queries():
        with CaptureQueriesContext(connection) as captured:
            client.get(reverse("accounts:password"))
        return len(captured)

    # Session, person, roles with the count; without any role the count is asked for itself.
    wanted = 3 if user.assignments.exists() else 4
    assert queries() == wanted
    told(user, 40)
    assert queries() == wanted


def test_several_roles_count_once(client, clerk):
    clerk.assignments.create(role=Role.REVIEWER, area=AreaFactory())
    told(clerk, 2)
    client.force_login(clerk)
    assert "Thông báo: 2 chưa đọc" in page_of(client)


def test_the_list_shows_ones_own_the_newest_first(client, clerk):
    told(clerk, 2)
    told(UserFactory(), title="Của người khác")
    client.force_login(clerk)
    page = page_of(client)
    assert page.index("Còn 0 báo cáo") < page.index("Còn 1 báo cáo")
    assert "Của người khác" not in page
    assert "Biểu 4<br>– Trạm" in page


def test_an_empty_list_says_what_will_come(client, clerk):
    client.force_login(clerk)
    page = page_of(client)
    assert "Chưa có thông báo" in page and "Đánh dấu tất cả" not in page


@pytest.mark.parametrize("n", [1, 30, 70])
def test_the_list_costs_the_same_for_any_number(client, clerk, n):
    told(clerk, n)
    client.force_login(clerk)
    with CaptureQueriesContext(connection) as captured:
        client.get(LIST)
    # Session, person, roles with the count; the page's count and rows.
    assert len(captured) <= 5


def test_opening_one_marks_it_read_and_leads_to_its_page(client, clerk):
    one, other = told(clerk, 2)
    client.force_login(clerk)
    assert client.get(reverse("accounts:notice", args=[one.pk])).url == reverse("submissions:due")
    assert client.get(reverse("accounts:notice", args=[one.pk])).url == reverse("submissions:due")
    assert list(clerk.notices.filter(read_at=None)) == [other]


def test_a_link_in_a_mail_leads_there_after_signing_in(client, clerk):
    one = told(clerk)
    url = reverse("accounts:notice", args=[one.pk])
    assert client.get(url).url == f"{reverse('accounts:sign-in')}?next={url}"
    one.refresh_from_db()
    assert one.read_at is None


@pytest.mark.parametrize("path", ["", "https://elsewhere.example/", "//elsewhere.example/"])
def test_a_notice_leads_nowhere_else(client, clerk, path):
    one = told(clerk, path=path)
    client.force_login(clerk)
    assert client.get(reverse("accounts:notice", args=[one.pk])).url == LIST


def test_one_or_all_are_marked_read_without_a_script(client, clerk):
    first, _second, third = told(clerk, 3)
    foreign = told(UserFactory())
    client.force_login(clerk)
    assert client.post(READ, {"notice": first.pk}).url == LIST
    assert clerk.notices.filter(read_at=None).count() == 2
    client.post(READ, {"all": "1"})
    assert not clerk.notices.filter(read_at=None).exists()
    foreign.refresh_from_db()
    assert foreign.read_at is None
    assert third.pk and client.get(READ).status_code == 405


@pytest.mark.parametrize("text", ["", "x", "0", "9" * 40])
def test_a_notice_that_is_not_ones_own_is_not_found(client, clerk, text):
    foreign = told(UserFactory())
    client.force_login(clerk)
    assert client.post(READ, {"notice": text}).status_code == 404
    assert client.post(READ, {"notice": foreign.pk}).status_code == 404
    assert client.get(reverse("accounts:notice", args=[foreign.pk])).status_code == 404
    foreign.refresh_from_db()
    assert foreign.read_at is None


# --- stopping mails -------------------------------------------------------------------------------------
def stop_url(user, kind="due"):
    return reverse("accounts:unsubscribe", args=[stop_token(user, kind)])


def test_one_click_of_a_mail_program_stops_one_kind_of_mail(clerk):
    client = Client(enforce_csrf_checks=True)
    answer = client.post(stop_url(clerk), {"List-Unsubscribe": "One-Click"})
    assert answer.status_code == 200 and "không gửi thư loại này nữa" in answer.content.decode()
    clerk.refresh_from_db()
    assert (clerk.wants_reminders, clerk.wants_digest) == (False, True)
    assert client.post(stop_url(clerk)).status_code == 200
    assert AuditEvent.objects.filter(verb="stop_mails").count() == 1
    client.post(stop_url(clerk, "digest"))
    clerk.refresh_from_db()
    assert clerk.wants_digest is False


def test_looking_at_the_link_stops_nothing_and_shows_a_button(clerk):
    client = Client(enforce_csrf_checks=True)
    page = client.get(stop_url(clerk, "digest")).content.decode()
    assert "Thư tổng hợp hằng ngày" in page and '<form method="post">' in page
    client.head(stop_url(clerk, "digest"))
    clerk.refresh_from_db()
    assert clerk.wants_digest is True
    client.post(stop_url(clerk, "digest"))
    assert '<form method="post">' not in client.get(stop_url(clerk, "digest")).content.decode()


def test_a_link_nobody_gave_stops_nothing(client, clerk):
    good = stop_token(clerk, "due")
    for token in (
        "x",
        good[:-1],
        good[1:],
        good.replace(good[0], "A", 1),
        stop_token(UserFactory.build(pk=99999), "due"),
    ):
        if token != good:
            url = reverse("accounts:unsubscribe", args=[token])
            assert client.get(url).status_code == client.post(url).status_code == 404
    clerk.refresh_from_db()
    assert clerk.wants_reminders is True


# --- wishes ---------------------------------------------------------------------------------------------
def test_the_account_offers_the_wishes_that_a_role_has(client, clerk):
    for user, offered in (
        (clerk, {"email", "language", "wants_reminders"}),
        (person(Role.REVIEWER, area=AreaFactory()), {"email", "language", "wants_digest"}),
        (person(Role.LEADER, area=AreaFactory()), {"email", "language"}),
    ):
        client.force_login(user)
        assert set(client.get(ACCOUNT).context["wishes"].fields) == offered


def test_wishes_are_kept_and_those_not_offered_stay(client, clerk):
    client.force_login(clerk)
    answer = client.post(WISHES, {"language": "en"}, follow=True)
    assert answer.redirect_chain == [(ACCOUNT, 302)] and "Đã lưu lựa chọn" in answer.content.decode()
    clerk.refresh_from_db()
    assert (clerk.language, clerk.wants_reminders, clerk.wants_digest) == ("en", False, True)
    client.post(WISHES, {"language": "vi", "wants_reminders": "on", "wants_digest": ""})
    clerk.refresh_from_db()
    assert (clerk.language, clerk.wants_reminders, clerk.wants_digest) == ("vi", True, True)


def test_a_language_the_portal_lacks_is_refused_with_its_reason(client, clerk):
    client.force_login(clerk)
    answer = client.post(WISHES, {"language": "fr"})
    assert answer.status_code == 422 and answer.context["wishes"].errors["language"]
    clerk.refresh_from_db()
    assert (clerk.language, clerk.wants_reminders) == ("vi", True)


def test_the_account_says_where_mails_go(client, clerk):
    client.force_login(clerk)
    assert "chưa có địa chỉ thư" in page_of(client, ACCOUNT)
    clerk.email = "tram@tram.example"
    clerk.save()
    assert "Thư gửi tới tram@tram.example." in page_of(client, ACCOUNT)


def test_administrators_see_mails_that_could_not_be_sent(client, clerk):
    told(clerk, title="Không tới nơi", mail="failed")
    told(clerk, title="Đã tới nơi", mail="sent", key="other")
    client.force_login(UserFactory(is_staff=True, is_superuser=True))
    page = page_of(client, reverse("admin:facilities_notice_changelist") + "?mail__exact=failed")
    assert "Không tới nơi" in page and "Đã tới nơi" not in page


def test_a_person_enters_the_own_address_which_is_logged(client, clerk):
    before = clerk.email
    client.force_login(clerk)
    client.post(WISHES, {"language": "vi", "wants_reminders": "on", "email": " tram.bado@YTE.vn "})
    clerk.refresh_from_db()
    assert clerk.email == "tram.bado@yte.vn"
    event = AuditEvent.objects.get(verb="change_address")
    assert (event.actor_id, event.details) == (clerk.pk, {"before": before, "after": "tram.bado@yte.vn"})
    assert "Thư gửi tới tram.bado@yte.vn" in page_of(client, ACCOUNT)
    client.post(WISHES, {"language": "en", "wants_reminders": "on", "email": "tram.bado@yte.vn"})
    assert AuditEvent.objects.filter(verb="change_address").count() == 1


@pytest.mark.parametrize("address", ["tram", "a@b", "a@b.vn\nBcc: c@d.vn", f"{'a' * 250}@b.vn"])
def test_an_address_that_is_none_is_refused_and_stays_to_be_mended(client, clerk, address):
    client.force_login(clerk)
    answer = client.post(WISHES, {"language": "en", "email": address})
    assert answer.status_code == 422 and answer.context["wishes"].errors["email"]
    assert answer.context["wishes"]["email"].value() == address
    before = clerk.email
    clerk.refresh_from_db()
    assert (clerk.email, clerk.language) == (before, "vi") and not AuditEvent.objects.exists()
