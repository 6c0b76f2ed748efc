"""What the portal says of rows is kept as a code and said in the reader's language, whoever acted."""

import smtplib
from unittest import mock

import pytest
from django.urls import reverse
from django.utils import translation

from reporting import said
from reporting.actions.deliver import send_due
from reporting.actions.files import render_to_file
from reporting.actions.register import print_number
from reporting.actions.sending import withdraw
from reporting.models import Delivery, ReportFile, Snapshot
from reporting.renderers import FontMissing
from reporting.said import Said
from tests.reporting.outgoing import ON, make_link, make_snapshot

pytestmark = [pytest.mark.django_db, pytest.mark.filterwarnings("ignore:No directory at")]


class Tongue:
    """A sentence that says in which language it is read."""

    def __init__(self, words):
        self.words = words

    def __str__(self):
        return f"{translation.get_language()}: {self.words}"


@pytest.fixture(autouse=True)
def tongues(monkeypatch):
    monkeypatch.setattr("reporting.actions.sending.ring", lambda: None)
    with translation.override("vi"):
        spoken = {code: Tongue(str(words)) for code, words in said.SENTENCES.items()}
    monkeypatch.setattr(said, "SENTENCES", spoken)


@pytest.fixture
def snapshot(world):
    return make_snapshot(world)


def page(client, delivery, language):
    client.cookies["django_language"] = language
    return client.get(reverse("reports:sending", args=[delivery.snapshot.report_id])).text


def test_a_delivery_stopped_by_an_english_reader_is_read_in_vietnamese(client, snapshot, cast):
    one = make_link(snapshot, cast.planner)
    with translation.override("en"):
        withdraw(delivery=one, by=cast.planner)
    client.force_login(cast.leader)
    assert (one.error, one.error_code, one.error_values) == ("", "stopped", {})
    assert "vi: Đã dừng trước khi gửi." in page(client, one, "vi")
    assert "en: Đã dừng trước khi gửi." in page(client, one, "en")


def test_what_the_mail_server_said_is_kept_as_it_said_it(client, snapshot, cast, monkeypatch):
    one = make_link(snapshot, cast.planner)

    def refuse(mail):
        raise smtplib.SMTPRecipientsRefused({mail.to[0]: (550, b"no <such> user")})

    monkeypatch.setattr("django.core.mail.EmailMessage.send", refuse)
    assert send_due().failed == 1
    one.refresh_from_db()
    assert (one.error_code, one.error_values) == ("address_refused", {"reason": "550 no <such> user"})
    client.force_login(cast.leader)
    assert "en: Máy chủ thư từ chối địa chỉ này (550 no &lt;such&gt; user)." in page(client, one, "en")


def test_a_file_that_is_gone_is_told_by_its_class(snapshot, cast, settings):
    one = make_link(snapshot, cast.planner)
    Delivery.objects.update(way="files", token_hash="", expires_at=None)
    stored = one.files[0]["stored"]
    (settings.MEDIA_ROOT / stored).write_bytes(b"half")
    assert send_due().failed == 1
    one.refresh_from_db()
    assert (one.error_code, one.error_values) == ("file_changed", {"name": stored.rpartition("/")[2]})


def test_why_a_report_was_frozen_again_is_read_in_the_readers_language(client, snapshot, cast):
    with translation.override("en"):
        frozen = print_number(report=snapshot.report, number=5, symbol="BC-SYT", on=ON, by=cast.planner)
    assert (frozen.reason, frozen.reason_code) == ("", "number_printed")
    client.force_login(cast.leader)
    for language in ("vi", "en"):
        client.cookies["django_language"] = language
        shown = client.get(snapshot.report.get_absolute_url()).text
        assert f"{language}: Ghi số 05/BC-SYT ngày 05/01/2026." in shown


def test_why_a_file_was_not_made_is_read_in_the_readers_language(client, snapshot, cast, monkeypatch):
    file = ReportFile.objects.create(snapshot=snapshot, format="docx")
    monkeypatch.setattr(
        "reporting.actions.files.render", mock.Mock(side_effect=FontMissing(["DejaVu Serif"]))
    )
    with translation.override("en"):
        render_to_file(file_id=file.pk)
    file.refresh_from_db()
    assert (file.error, file.error_code, file.error_values) == (
        "",
        "font_replaced",
        {"names": "DejaVu Serif"},
    )
    client.force_login(cast.leader)
    for language in ("vi", "en"):
        client.cookies["django_language"] = language
        assert f"{language}: Máy chủ thiếu phông chữ" in client.get(snapshot.report.get_absolute_url()).text


def test_words_of_before_are_shown_as_they_were_written():
    assert Delivery(error="Refused.").error_words == "Refused."
    assert ReportFile(error="No font.").error_words == "No font."
    assert Snapshot(number=2, reason="Sửa số").why == "Sửa số"


def test_every_sentence_is_known():
    assert str(Said("silent", {"cause": "TimeoutError"})) == "vi: Máy chủ thư không trả lời (TimeoutError)."
