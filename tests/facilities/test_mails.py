"""Mails of notices: one a notice, whatever fails or dies on the way."""

from __future__ import annotations

import email
import smtplib
import threading
from datetime import datetime, timedelta
from email.policy import default

import pytest
from django.core import mail as outbox
from django.core.mail.backends.base import BaseEmailBackend
from django.db import connection, connections
from django.test import TransactionTestCase, override_settings
from django.utils import timezone

from facilities.actions import mails
from facilities.actions.mails import PAUSES, TRIES, send_due
from facilities.actions.notices import Event, Words, tell
from facilities.mail import FileBackend, mail_for
from facilities.models import Notice, User
from facilities.models.notices import SENDING_AT_MOST
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db
NOON = timezone.make_aware(datetime(2026, 11, 6, 12))
BACKEND = "tests.facilities.test_mails.Server"


class Server(BaseEmailBackend):
    """A mail server with moods: each entry of `moods` is an error for one connection or one mail."""

    down: list[Exception] = []
    moods: list[Exception | None] = []
    took: list[str] = []

    def open(self):
        if self.down:
            raise self.down.pop(0)

    def send_messages(self, messages):
        for one in messages:
            if self.moods and (error := self.moods.pop(0)):
                raise error
            self.took.append(one.message()["Message-ID"])
        return len(messages)


@pytest.fixture
def server(settings):
    settings.EMAIL_BACKEND = BACKEND
    Server.down, Server.moods, Server.took = [], [], []
    return Server


@pytest.fixture
def files(settings):
    settings.EMAIL_BACKEND = "facilities.mail.FileBackend"

    def found():
        return sorted((settings.MEDIA_ROOT / "mail").iterdir())

    return found


@pytest.fixture(autouse=True)
def no_bell(monkeypatch):
    monkeypatch.setattr("facilities.actions.notices.ring", lambda: None)


def clerk(**fields) -> User:
    return UserFactory(email="tram@tram.example", **fields)


def notice(user=None, key="due:2026-11-06", kind="due", at=NOON) -> Notice:
    user = user or clerk()
    words = Words("Hôm nay là hạn cuối: còn 2 báo cáo", "– Trạm Ba Đồn: Biểu 4", "/submissions/")
    tell([Event(user, kind, key, lambda: words)], now=at)
    return Notice.objects.get(user=user, key=key)


def send(now=NOON):
    return send_due(clock=lambda: now)


def parsed(path):
    return email.message_from_bytes(path.read_bytes(), policy=default)


# --- the mail itself ------------------------------------------------------------------------------------
def test_a_mail_says_it_in_text_and_html_with_a_way_to_stop(settings):
    settings.PORTAL_URL = "https://chitieu.example.vn/"
    one = notice()
    sent = mail_for(one).message()
    text, html = (part.get_payload(decode=True).decode() for part in sent.get_payload())
    address = f"https://chitieu.example.vn/account/notices/{one.pk}/"
    stop = sent["List-Unsubscribe"].strip("<>")
    assert stop.startswith("https://chitieu.example.vn/account/mails/stop/")
    assert sent["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert sent["Auto-Submitted"] == "auto-generated" and sent["To"] == "tram@tram.example"
    for body in (text, html):
        assert one.title in body and "Biểu 4" in body and address in body and stop in body
        assert one.user.display_name in body
    assert "<" not in text and 'lang="vi"' in html


def test_what_people_wrote_is_text_in_the_html(settings):
    one = notice()
    one.text = "Lý do: <script>alert(1)</script> & A<B"
    text, html = (part.get_payload(decode=True).decode() for part in mail_for(one).message().get_payload())
    assert "<script>" not in html and "A&lt;B" in html and "& A<B" in text


def test_a_title_with_line_ends_is_one_subject_line():
    one = notice()
    one.title = "Trả lại\r\nBcc: all@tram.example"
    sent = mail_for(one).message()
    assert sent["Bcc"] is None
    assert (
        str(email.header.make_header(email.header.decode_header(sent["Subject"])))
        == "Trả lại Bcc: all@tram.example"
    )


def test_every_try_has_the_same_message_id_and_no_other_mail_has_it():
    one, two = notice(), notice(key="late:2026-11-06")
    ids = [mail_for(each).message()["Message-ID"] for each in (one, one, two)]
    assert ids[0] == ids[1] != ids[2]
    assert ids[0].startswith("<notice-") and ids[0].endswith("@127.0.0.1>")


# --- files ----------------------------------------------------------------------------------------------
def test_mails_are_kept_as_files_that_a_mail_program_reads(files):
    notice()
    assert send().sent == 1
    (path,) = files()
    kept = parsed(path)
    assert path.suffix == ".eml" and kept["Message-ID"].strip("<>") == path.stem
    assert kept["Subject"].strip() == "Hôm nay là hạn cuối: còn 2 báo cáo"
    assert "Biểu 4" in kept.get_body(("plain",)).get_content()


def test_the_same_mail_sent_twice_is_one_file_and_the_first_stays(files):
    one = notice()
    mail = mail_for(one)
    FileBackend().send_messages([mail])
    before = files()[0].read_bytes()
    mail.body = "khác"
    FileBackend().send_messages([mail, mail])
    assert [path.read_bytes() for path in files()] == [before]


def test_a_worker_that_died_after_writing_the_file_leaves_one_file(files):
    one = notice()
    FileBackend().send_messages([mail_for(one)])
    Notice.objects.filter(pk=one.pk).update(mail="sending", mail_at=NOON, mail_attempts=1)
    assert send(NOON + SENDING_AT_MOST).sent == 1
    assert len(files()) == 1


def test_a_full_disk_leaves_no_half_mail_and_the_mail_is_tried_again(files, monkeypatch):
    notice()

    def full(_handle):
        raise OSError("No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr("facilities.mail.os.fsync", full)
        assert send().postponed == 1
    assert files() == []
    assert send(NOON + PAUSES[0]).sent == 1
    assert len(files()) == 1


# --- claimed, sent, marked ------------------------------------------------------------------------------
def test_a_mail_is_sent_once_however_often_asked(server):
    one = notice()
    tell([Event(one.user, "due", one.key, lambda: Words("khác", "", "/"))], now=NOON + timedelta(hours=1))
    done = [send(NOON + timedelta(minutes=n)).sent for n in range(0, 300, 10)]
    assert sum(done) == 1 and len(server.took) == 1
    one.refresh_from_db()
    assert (one.mail, one.mail_at, one.mail_attempts) == ("sent", NOON, 1)


def test_mail_goes_out_by_day_alone(server):
    notice(at=NOON)
    for hour in (0, 5, 6, 21, 23):
        assert send(NOON.replace(day=7, hour=hour)).sent == 0
    assert send(NOON.replace(day=7, hour=7)).sent == 1


def test_after_a_refusal_it_is_tried_again_with_growing_pauses_and_then_given_up(server):
    one = notice()
    server.moods = [smtplib.SMTPDataError(451, b"later")] * 50
    tried, now = [], NOON.replace(hour=7)
    while now < NOON + timedelta(hours=36):
        before = len(server.moods)
        send(now)
        if len(server.moods) < before:
            tried.append(now)
        now += timedelta(minutes=1)
    gaps = [after - before for before, after in zip(tried, tried[1:], strict=False)]
    assert len(tried) == TRIES and gaps == sorted(gaps) and gaps[:3] == PAUSES[:3]
    one.refresh_from_db()
    assert (one.mail, one.mail_attempts, server.took) == ("failed", TRIES, [])


def test_one_refused_address_does_not_stop_the_others(server):
    for n in range(3):
        notice(UserFactory(email=f"{n}@tram.example"))
    server.moods = [None, smtplib.SMTPRecipientsRefused({}), None]
    done = send()
    assert (done.sent, done.postponed) == (2, 1)
    assert send(NOON + PAUSES[0]).sent == 1
    assert len(set(server.took)) == len(server.took) == 3


def test_a_server_that_falls_silent_is_left_alone_and_everything_comes_later(server):
    for n in range(4):
        notice(UserFactory(email=f"{n}@tram.example"))
    server.moods = [None, smtplib.SMTPServerDisconnected("gone")]
    first = send()
    assert (first.sent, first.postponed) == (1, 1)
    server.down = [ConnectionRefusedError("down")]
    assert send(NOON + PAUSES[0]).postponed == 3
    assert Notice.objects.filter(mail="waiting").count() == 3
    for minutes in range(2, 40):
        send(NOON + timedelta(minutes=minutes))
    assert len(set(server.took)) == len(server.took) == 4


def test_a_server_that_stays_down_is_asked_a_few_times_for_all_at_once(server, django_assert_max_num_queries):
    for n in range(30):
        notice(UserFactory(email=f"{n}@tram.example"))
    server.down = [ConnectionRefusedError("down")] * 500
    with django_assert_max_num_queries(TRIES + 4):
        assert send().postponed == 30
    for hours in range(30):
        send(NOON + timedelta(hours=hours))
    assert 500 - len(server.down) <= TRIES
    assert set(Notice.objects.values_list("mail", "mail_attempts")) == {("failed", TRIES)}


def test_what_a_dead_worker_was_sending_is_taken_up_once_its_time_is_over(server):
    one = notice()
    Notice.objects.filter(pk=one.pk).update(mail="sending", mail_at=NOON, mail_attempts=1)
    assert send(NOON + SENDING_AT_MOST - timedelta(seconds=1)).sent == 0
    assert send(NOON + SENDING_AT_MOST).sent == 1
    assert send(NOON + 2 * SENDING_AT_MOST).sent == 0
    one.refresh_from_db()
    assert (one.mail, one.mail_attempts) == ("sent", 2)


def test_a_mail_that_ends_its_worker_each_time_is_given_up(server):
    one = notice()
    Notice.objects.filter(pk=one.pk).update(mail="sending", mail_at=NOON, mail_attempts=TRIES)
    send(NOON + SENDING_AT_MOST)
    one.refresh_from_db()
    assert (one.mail, server.took) == ("failed", [])


def test_a_mail_that_cannot_be_made_fails_alone(server, monkeypatch):
    bad, good = notice(), notice(clerk())

    def make(one):
        if one.pk == bad.pk:
            raise ValueError("broken")
        return mail_for(one)

    monkeypatch.setattr(mails, "mail_for", make)
    assert send().sent == 1
    assert [Notice.objects.get(pk=one.pk).mail for one in (bad, good)] == ["waiting", "sent"]


def test_old_news_is_not_sent(server):
    one = notice()
    assert send(NOON + timedelta(days=3, minutes=1)).failed == 1
    one.refresh_from_db()
    assert (one.mail, server.took) == ("failed", [])


@pytest.mark.parametrize("change", [{"wants_reminders": False}, {"email": ""}, {"is_active": False}])
def test_who_changed_their_mind_meanwhile_gets_none(server, change):
    one = notice()
    User.objects.filter(pk=one.user_id).update(**change)
    assert send().dropped == 1
    one.refresh_from_db()
    assert (one.mail, server.took) == ("none", [])


def test_a_wish_against_digests_is_not_one_against_reminders(server):
    user = clerk(wants_digest=False)
    assert notice(user).mail == "waiting"
    assert notice(user, key="digest:2026-11-06", kind="digest").mail == "none"


def test_another_run_that_took_a_mail_is_not_followed(server, monkeypatch):
    """Two runs list the same mail; the one whose claim comes second sends nothing."""
    one = notice()
    send_one = mails._send_one

    def late(pk, *rest):
        Notice.objects.filter(pk=pk).update(mail="sending", mail_at=NOON, mail_attempts=1)
        return send_one(pk, *rest)

    monkeypatch.setattr(mails, "_send_one", late)
    assert send().sent == 0
    one.refresh_from_db()
    assert (one.mail, one.mail_attempts, server.took) == ("sending", 1, [])


class SentAtOnce(TransactionTestCase):
    def test_runs_at_once_share_the_mails_and_send_none_twice(self):
        if connection.vendor == "sqlite":
            pytest.skip("one writer at a time")
        Server.down, Server.moods, Server.took = [], [], []
        for n in range(40):
            notice(UserFactory(email=f"{n}@tram.example"))
        barrier, errors = threading.Barrier(6), []

        def run():
            try:
                barrier.wait()
                send()
            except Exception as error:
                errors.append(error)
            finally:
                connections.close_all()

        threads = [threading.Thread(target=run) for _n in range(6)]
        with override_settings(EMAIL_BACKEND=BACKEND):
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
        assert errors == []
        assert len(Server.took) == len(set(Server.took)) == 40
        assert set(Notice.objects.values_list("mail", "mail_attempts")) == {("sent", 1)}


def test_the_language_of_the_mail_is_the_persons():
    one = notice(clerk(language="en"))
    html = mail_for(one).message().get_payload()[1].get_payload(decode=True).decode()
    assert 'lang="en"' in html
    assert mail_for(one).message()["Content-Language"] == "en"


def test_the_bell_is_rung_after_the_commit_and_only_for_a_mail(
    monkeypatch, django_capture_on_commit_callbacks
):
    rung = []
    monkeypatch.setattr("facilities.actions.notices.ring", lambda: rung.append(1))
    with django_capture_on_commit_callbacks(execute=True):
        notice()
        assert rung == []
    with django_capture_on_commit_callbacks(execute=True):
        notice(UserFactory())
    assert rung == [1]
    assert outbox.outbox == []
