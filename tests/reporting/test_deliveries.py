"""Deliveries: asked for once an address, sent once, whatever fails or dies on the way; what the officer reads."""

import email
import smtplib
import threading
from datetime import datetime, timedelta
from email.policy import default

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection, connections
from django.test import TransactionTestCase, override_settings
from django.utils import timezone

from facilities.actions.mails import PAUSES, TRIES
from facilities.models import AuditEvent
from facilities.models.notices import SENDING_AT_MOST
from reporting.actions import deliver
from reporting.actions.deliver import send_due
from reporting.actions.official_files import FileNotReady
from reporting.actions.sending import (
    DaysOutOfRange,
    NoRecipient,
    NotAgain,
    NotWithdrawable,
    Recipient,
    TooManyRecipients,
    hash_of,
    request_deliveries,
    send_again,
    token,
    withdraw,
)
from reporting.mail import delivery_mail
from reporting.models import Delivery
from tests.facilities.test_mails import Server
from tests.reporting.outgoing import make_link, make_other, make_registered, make_snapshot
from tests.world import make_cast, make_world

pytestmark = pytest.mark.django_db
NOW = timezone.make_aware(datetime(2026, 2, 6, 9))
PEOPLE = [Recipient("UBND tỉnh", "VanThu@ubnd.example"), Recipient("Bộ Y tế", "vanthu@boyte.example")]


class Keeping(Server):
    """Accepts the options of a real connection."""

    def __init__(self, **_options):
        super().__init__()


@pytest.fixture
def server(settings):
    settings.EMAIL_BACKEND = f"{__name__}.Keeping"
    Server.down, Server.moods, Server.took = [], [], []
    return Server


@pytest.fixture(autouse=True)
def no_bell(monkeypatch):
    monkeypatch.setattr("reporting.actions.sending.ring", lambda: None)


@pytest.fixture
def snapshot(world):
    return make_snapshot(world)


@pytest.fixture
def ask(snapshot, cast):
    def asking(people=PEOPLE, way="files", days=30):
        asked = request_deliveries(snapshot=snapshot, recipients=people, way=way, days=days, by=cast.planner)
        Delivery.objects.filter(attempts=0).update(at=NOW)
        return asked

    return asking


def send(now=NOW):
    return send_due(clock=lambda: now)


def states():
    return list(Delivery.objects.order_by("address").values_list("status", "attempts"))


# --- asking ----------------------------------------------------------------------------------------------
def test_each_address_is_asked_for_once_however_often_pressed(ask):
    assert sorted(one.address for one in ask().new) == ["vanthu@boyte.example", "vanthu@ubnd.example"]
    again = ask([*PEOPLE, Recipient("Sở", "so@so.example"), Recipient("Sở", "SO@so.example")])
    assert [one.address for one in again.new] == ["so@so.example"]
    assert again.known == ["vanthu@boyte.example", "vanthu@ubnd.example"]
    assert Delivery.objects.count() == AuditEvent.objects.filter(verb="ask_delivery").count() == 3


def test_what_makes_no_delivery_is_said_in_words(snapshot, cast, ask):
    for people, days, error in (
        ([], 30, NoRecipient),
        (PEOPLE, 0, DaysOutOfRange),
        (PEOPLE, 91, DaysOutOfRange),
        ([Recipient("x", f"{n}@x.example") for n in range(101)], 30, TooManyRecipients),
    ):
        with pytest.raises(error):
            ask(people, days=days)
    with pytest.raises(PermissionDenied):
        request_deliveries(snapshot=snapshot, recipients=PEOPLE, way="files", days=1, by=cast.leader)
    snapshot.files.filter(format="xlsx").update(status="queued")
    with pytest.raises(FileNotReady, match="XLSX"):
        ask()
    assert not Delivery.objects.exists()


def test_files_too_large_for_a_mail_go_as_a_link(ask, settings):
    settings.MAIL_FILES_AT_MOST = 10
    asked = ask(days=7)
    assert asked.too_large and {one.way for one in asked.new} == {"link"}
    one = Delivery.objects.first()
    assert timezone.now() + timedelta(days=7) - one.expires_at < timedelta(minutes=1)


# --- the mail --------------------------------------------------------------------------------------------
def read(mail):
    return email.message_from_bytes(mail.message().as_bytes(), policy=default)


def test_the_mail_carries_pdf_and_excel_under_the_documents_number(snapshot, cast, ask):
    make_registered(snapshot, cast.planner)
    mail = read(delivery_mail(ask().new[0]))
    assert mail["Subject"].strip() == "05/BC-SYT: Kết quả năm 2025 thực hiện Kế hoạch bà mẹ"
    parts = {part.get_filename(): part.get_content() for part in mail.iter_attachments()}
    assert parts == {
        "05-BC-SYT-2026.pdf": f"pdf of {snapshot.pk}".encode(),
        "05-BC-SYT-2026.xlsx": f"xlsx of {snapshot.pk}".encode(),
    }
    body = mail.get_body(("plain",)).get_content()
    assert "Kính gửi Bộ Y tế" in body and "số 05/BC-SYT ngày 05/01/2026" in body


def test_a_document_not_registered_says_so_in_its_mail(ask):
    mail = read(delivery_mail(ask().new[0]))
    assert mail["Subject"].strip().startswith("Bản chưa vào sổ: ")
    assert "chưa vào sổ văn bản, chưa có số" in mail.get_body(("plain",)).get_content()


def test_a_mail_with_a_link_has_no_files_and_only_the_hash_is_stored(ask, settings):
    settings.PORTAL_URL = "https://chitieu.example.vn"
    one = ask(way="link").new[0]
    mail = read(delivery_mail(one))
    secret = token(one)
    assert list(mail.iter_attachments()) == []
    body = mail.get_body(("plain",)).get_content()
    assert f"https://chitieu.example.vn/reports/link/{secret}/" in body
    assert len(secret) == 64 and one.token_hash == hash_of(secret) and secret not in str(vars(one))


def test_hostile_names_stay_text_and_headers_stay_theirs(ask):
    one = ask([Recipient("A\r\nBcc: all@x.example\x00<b>", "a@x.example")]).new[0]
    mail = read(delivery_mail(one))
    assert mail["Bcc"] is None and mail["To"] == "a@x.example"
    assert "\x00" not in mail.get_body(("plain",)).get_content()


# --- claimed, sent, marked -------------------------------------------------------------------------------
def test_a_delivery_is_sent_once_however_often_workers_come(ask, server):
    ask()
    done = [send(NOW + timedelta(minutes=n)).sent for n in range(0, 300, 10)]
    assert done[0] == sum(done) == 2 and len(set(server.took)) == len(server.took) == 2
    assert states() == [("sent", 1), ("sent", 1)]
    assert set(Delivery.objects.values_list("sent_at", "error_code")) == {(NOW, "")}


def test_a_server_that_is_down_leaves_everything_waiting_and_the_officer_reads_it(ask, server):
    ask()
    server.down = [ConnectionRefusedError("down")]
    assert send().postponed == 2
    one = Delivery.objects.first()
    assert (one.status, one.try_at) == ("waiting", NOW + PAUSES[0])
    assert one.error_words == "Máy chủ thư không trả lời (ConnectionRefusedError)."
    assert send(NOW + PAUSES[0] / 2).sent == 0
    assert send(NOW + PAUSES[0]).sent == 2
    assert states() == [("sent", 2), ("sent", 2)]


def test_a_server_that_stays_down_is_given_up_and_may_be_asked_again(ask, server, cast):
    ask()
    server.down = [ConnectionRefusedError("down")] * 500
    for minutes in range(0, 900, 5):
        send(NOW + timedelta(minutes=minutes))
    assert states() == [("failed", TRIES), ("failed", TRIES)]
    server.down.clear()
    ids = set(Delivery.objects.values_list("message_id", flat=True))
    for one in Delivery.objects.all():
        send_again(delivery=one, by=cast.planner)
    assert send(NOW + timedelta(days=1)).sent == 2
    assert set(server.took) == ids


def test_a_refused_address_fails_with_the_servers_words_and_the_others_go(ask, server):
    ask()
    refused = {"vanthu@boyte.example": (550, b"5.1.1 no such\r\n user")}
    server.moods = [smtplib.SMTPRecipientsRefused(refused), None]
    done = send()
    assert (done.sent, done.failed) == (1, 1)
    one = Delivery.objects.get(status="failed")
    assert (
        one.error_words
        == "Máy chủ thư từ chối địa chỉ này (550 5.1.1 no such user). Sửa địa chỉ rồi gửi lại."
    )
    assert ask([Recipient("Bộ Y tế", "vanthu.moi@boyte.example")]).new[0].status == "waiting"


@pytest.mark.parametrize(
    ("error", "status", "words"),
    [
        (smtplib.SMTPRecipientsRefused({"a": (451, b"greylisted")}), "waiting", "hoãn nhận: 451 greylisted"),
        (smtplib.SMTPDataError(552, b"too big"), "failed", "từ chối thư này (552 too big)"),
        (smtplib.SMTPDataError(452, b"no room"), "waiting", "hoãn nhận: 452 no room"),
        (smtplib.SMTPServerDisconnected("gone"), "waiting", "không trả lời (SMTPServerDisconnected)"),
        (TimeoutError(), "waiting", "không trả lời (TimeoutError)"),
        (ValueError("broken"), "waiting", "Không tạo được thư (ValueError)"),
    ],
)  # fmt: skip
def test_what_the_server_said_decides_and_is_told(ask, server, error, status, words):
    ask(PEOPLE[:1])
    server.moods = [error]
    send()
    one = Delivery.objects.get()
    assert one.status == status and words in one.error_words


def test_a_login_that_fails_is_told(ask, server):
    ask(PEOPLE[:1])
    server.down = [smtplib.SMTPAuthenticationError(535, b"no")]
    send()
    assert "không cho cổng đăng nhập" in Delivery.objects.get().error_words


def test_a_silent_server_is_left_alone_until_the_pause_is_over(ask, server):
    ask([Recipient("x", f"{n}@x.example") for n in range(4)])
    server.moods = [None, smtplib.SMTPServerDisconnected("gone")]
    first = send()
    assert (first.sent, first.postponed) == (1, 1)
    for minutes in range(1, 30):
        send(NOW + timedelta(minutes=minutes))
    assert len(set(server.took)) == len(server.took) == 4


def test_a_file_that_is_gone_is_told_and_nothing_leaves(ask, server, snapshot, settings, cast):
    ask(PEOPLE[:1])
    file = snapshot.files.get(format="xlsx")
    path = settings.MEDIA_ROOT / file.file.name
    kept = path.read_bytes()
    path.write_bytes(b"half")
    assert send().failed == 1
    one = Delivery.objects.get()
    assert "không khớp SHA-256" in one.error_words and server.took == []
    path.write_bytes(kept)
    send_again(delivery=one, by=cast.planner)
    assert send(NOW + timedelta(hours=1)).sent == 1


def test_what_a_dead_worker_was_sending_is_taken_up_under_the_same_id(ask, server):
    one = ask(PEOPLE[:1]).new[0]
    Delivery.objects.update(status="sending", try_at=NOW, attempts=1)
    assert send(NOW + SENDING_AT_MOST - timedelta(seconds=1)).sent == 0
    assert send(NOW + SENDING_AT_MOST).sent == 1
    assert send(NOW + 2 * SENDING_AT_MOST).sent == 0
    assert states() == [("sent", 2)] and server.took == [one.message_id]


def test_a_delivery_that_ends_its_worker_each_time_is_given_up(ask, server):
    ask(PEOPLE[:1])
    Delivery.objects.update(status="sending", try_at=NOW, attempts=TRIES)
    send(NOW + SENDING_AT_MOST)
    one = Delivery.objects.get()
    assert (one.status, server.took) == ("failed", [])
    assert one.error_words == "Máy chủ dừng giữa chừng ở mỗi lần thử."


def test_another_run_that_took_a_delivery_is_not_followed(ask, server, monkeypatch):
    ask(PEOPLE[:1])
    claim = deliver._claim

    def late(pk, now, done):
        Delivery.objects.filter(pk=pk).update(status="sending", try_at=now, attempts=1)
        return claim(pk, now, done)

    monkeypatch.setattr(deliver, "_claim", late)
    assert send().sent == 0
    assert states() == [("sending", 1)] and server.took == []


def test_a_run_stops_before_its_task_is_killed(ask, server):
    ask([Recipient("x", f"{n}@x.example") for n in range(6)])
    ticks = iter(NOW + timedelta(minutes=4 * n) for n in range(100))
    done = send_due(clock=lambda: next(ticks))
    assert 0 < done.sent < 6
    assert send(NOW + timedelta(hours=2)).sent == 6 - done.sent
    assert len(set(server.took)) == 6


def test_without_a_server_the_mail_is_kept_as_one_file(ask, settings):
    settings.EMAIL_BACKEND = "facilities.mail.FileBackend"
    one = ask(PEOPLE[:1]).new[0]
    assert send().sent == 1
    Delivery.objects.update(status="sending", try_at=NOW)
    assert send(NOW + SENDING_AT_MOST).sent == 1
    [path] = (settings.MEDIA_ROOT / "mail").iterdir()
    assert path.stem == one.message_id.strip("<>")


# --- again, and no more ----------------------------------------------------------------------------------
def test_what_was_sent_is_not_sent_again(ask, server, cast):
    one = ask(PEOPLE[:1]).new[0]
    send()
    for state in ("sent", "sending", "waiting"):
        Delivery.objects.update(status=state)
        with pytest.raises(NotAgain):
            send_again(delivery=one, by=cast.planner)
    assert len(server.took) == 1


def test_two_presses_of_again_are_one(ask, server, cast):
    one = ask(PEOPLE[:1]).new[0]
    Delivery.objects.update(status="failed", error="x")
    send_again(delivery=one, by=cast.planner)
    with pytest.raises(NotAgain):
        send_again(delivery=one, by=cast.planner)
    assert send(NOW + timedelta(hours=1)).sent == 1 and len(server.took) == 1


def test_a_waiting_delivery_can_be_stopped_and_a_sent_file_not(ask, server, cast):
    first, second = ask().new
    withdraw(delivery=first, by=cast.planner)
    assert send().sent == 1
    first.refresh_from_db()
    assert (first.status, first.error_words) == ("failed", "Đã dừng trước khi gửi.")
    with pytest.raises(NotWithdrawable):
        withdraw(delivery=second, by=cast.planner)
    with pytest.raises(PermissionDenied):
        withdraw(delivery=second, by=cast.leader)


def test_a_withdrawn_link_is_closed_and_a_new_one_is_another_mail(snapshot, server, cast):
    one = make_link(snapshot, cast.planner)
    send(timezone.now())
    old = token(one)
    one.refresh_from_db()
    with pytest.raises(NotAgain):
        send_again(delivery=one, by=cast.planner)
    withdraw(delivery=one, by=cast.planner)
    assert one.is_withdrawn and not one.is_open(timezone.now())
    send_again(delivery=one, by=cast.planner)
    assert one.is_open(timezone.now()) and not one.is_withdrawn and one.sent_at is None
    assert one.token_hash == hash_of(token(one)) != hash_of(old)
    send(timezone.now())
    assert len(set(server.took)) == 2


def test_a_link_withdrawn_while_it_was_being_sent_is_not_mailed_by_the_next_try(snapshot, server, cast):
    one = make_link(snapshot, cast.planner)
    long_ago = timezone.now() - SENDING_AT_MOST - timedelta(minutes=1)
    Delivery.objects.update(status="sending", try_at=long_ago, attempts=1)
    one.refresh_from_db()
    withdraw(delivery=one, by=cast.planner)
    assert send(timezone.now()).sent == 0
    one.refresh_from_db()
    assert (one.status, server.took) == ("failed", [])
    assert "thu hồi" in one.error_words


def test_a_secret_key_changed_while_it_waited_still_sends_a_link_that_opens(snapshot, server, cast, settings):
    one = make_link(snapshot, cast.planner)
    before = one.token_hash
    settings.SECRET_KEY = "another"
    assert send(timezone.now()).sent == 1
    one.refresh_from_db()
    assert one.token_hash == hash_of(token(one)) != before


def test_the_bell_rings_once_what_was_asked_is_committed(
    snapshot, cast, server, monkeypatch, django_capture_on_commit_callbacks
):
    monkeypatch.undo()
    with django_capture_on_commit_callbacks(execute=True):
        request_deliveries(snapshot=snapshot, recipients=PEOPLE, way="files", days=30, by=cast.planner)
        assert states() == [("waiting", 0), ("waiting", 0)]
    assert states() == [("sent", 1), ("sent", 1)] and len(server.took) == 2


class SentAtOnce(TransactionTestCase):
    def test_runs_and_presses_at_once_send_each_address_once(self):
        if connection.vendor == "sqlite":
            pytest.skip("one writer at a time")
        Server.down, Server.moods, Server.took = [], [], []
        world = make_world()
        planner, snapshot = make_cast(world).planner, make_snapshot(world)
        other = make_other(snapshot.report.plan, "h1")
        people = [Recipient("x", f"{n}@x.example") for n in range(20)]
        barrier, errors = threading.Barrier(8), []

        def run(n):
            try:
                barrier.wait()
                one = (snapshot, other)[n % 2]
                request_deliveries(snapshot=one, recipients=people, way="files", days=30, by=planner)
                send_due()
            except Exception as error:
                errors.append(error)
            finally:
                connections.close_all()

        threads = [threading.Thread(target=run, args=(n,)) for n in range(8)]
        with override_settings(EMAIL_BACKEND=f"{__name__}.Keeping"):
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
            send_due()
        assert errors == []
        assert len(Server.took) == len(set(Server.took)) == 40
        assert set(Delivery.objects.values_list("status", "attempts")) == {("sent", 1)}
