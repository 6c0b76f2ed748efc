"""A delivery says which files left; its link serves them, and no others, for its whole life."""

import hashlib
import importlib
from datetime import timedelta

import pytest
from django.apps import apps
from django.core import mail
from django.core.cache import cache
from django.urls import reverse
from django.utils import timezone

from facilities.models import AuditEvent
from reporting.actions.deliver import send_due
from reporting.actions.sending import NotAgain, send_again, token, withdraw
from reporting.models import Delivery
from tests.reporting.outgoing import make_link, make_registered, make_snapshot, sign

pytestmark = [pytest.mark.django_db, pytest.mark.filterwarnings("ignore:No directory at")]
fill = importlib.import_module("reporting.migrations.0003_deliveries_keep_their_files").fill


@pytest.fixture(autouse=True)
def quiet(monkeypatch):
    monkeypatch.setattr("reporting.actions.sending.ring", lambda: None)
    cache.clear()


@pytest.fixture
def snapshot(world):
    return make_snapshot(world)


def sha256(text):
    return hashlib.sha256(text.encode()).hexdigest()


def fetch(client, delivery):
    return client.post(reverse("reports:link-file", args=[token(delivery), "pdf"]))


def test_a_report_signed_later_does_not_change_what_its_link_serves(client, snapshot, cast):
    one = make_link(snapshot, cast.planner)
    plain = f"pdf of {snapshot.pk}"
    sign(snapshot, cast.leader)
    assert fetch(client, one).content == plain.encode()
    make_registered(snapshot, cast.planner)
    page = client.get(reverse("reports:link", args=[token(one)])).text
    assert fetch(client, one).content == plain.encode()
    assert sha256(plain) in page and "05/BC-SYT" not in page
    event = AuditEvent.objects.get(verb="ask_delivery")
    assert event.details["files"] == one.told_files and one.files[0]["sha256"] == sha256(plain)


def test_the_mail_carries_what_was_asked_for_though_it_was_signed_before_it_went(snapshot, cast):
    one = make_link(snapshot, cast.planner)
    Delivery.objects.update(way="files", token_hash="", expires_at=None)
    sign(snapshot, cast.leader)
    assert send_due().sent == 1
    attached = mail.outbox[0].attachments
    assert attached[0].content == f"pdf of {snapshot.pk}".encode()
    assert [part.filename for part in attached] == [file["name"] for file in one.files]


def test_a_new_link_leads_to_what_is_official_when_it_is_asked_for(client, snapshot, cast):
    one = make_link(snapshot, cast.planner)
    send_due()
    one.refresh_from_db()
    withdraw(delivery=one, by=cast.planner)
    sign(snapshot, cast.leader)
    send_again(delivery=one, by=cast.planner)
    assert fetch(client, one).content == b"signed by person"
    told = AuditEvent.objects.get(verb="send_again").details["files"]
    assert told[0]["sha256"] == sha256("signed by person")


def test_the_page_names_the_file_that_left_and_its_hash(client, snapshot, cast):
    one = make_link(snapshot, cast.planner)
    client.force_login(cast.leader)
    page = client.get(reverse("reports:sending", args=[snapshot.report_id])).text
    for file in one.files:
        assert file["name"] in page and f">{file['sha256'][:12]}…<" in page


def older(delivery, **fields):
    """A delivery as it was before files were kept: sent an hour ago."""
    now = timezone.now()
    fields = {"status": "sent", "at": now - timedelta(hours=2), "sent_at": now - timedelta(hours=1)} | fields
    Delivery.objects.filter(pk=delivery.pk).update(files=[], **fields)
    fill(apps, None)
    delivery.refresh_from_db()
    return delivery


def test_of_earlier_deliveries_the_certain_files_are_filled_in(snapshot, cast):
    snapshot.files.update(finished_at=timezone.now() - timedelta(hours=3))
    make_registered(snapshot, cast.planner)
    snapshot.issued.at = timezone.now() - timedelta(hours=3)
    snapshot.issued.save()
    one = make_link(snapshot, cast.planner)
    expected = one.files
    sign(snapshot, cast.leader)
    assert older(one).files == expected


def test_an_earlier_link_signed_over_leads_nowhere_until_a_new_one_is_asked_for(client, snapshot, cast):
    one = make_link(snapshot, cast.planner)
    sign(snapshot, cast.leader)
    assert older(one).files == []
    answer = fetch(client, one)
    assert answer.status_code == 410 and "Liên kết cũ không mở nữa" in answer.text
    client.force_login(cast.planner)
    page = client.get(reverse("reports:sending", args=[snapshot.report_id])).text
    assert "không chắc tệp nào" in page and reverse("reports:send-again", args=[one.pk]) in page
    send_again(delivery=one, by=cast.planner)
    assert fetch(client, one).content == b"signed by person"
    with pytest.raises(NotAgain):
        send_again(delivery=one, by=cast.planner)


def test_earlier_mails_signed_only_after_they_went_are_certain(snapshot, cast):
    one = make_link(snapshot, cast.planner)
    snapshot.files.update(finished_at=timezone.now() - timedelta(hours=3))
    expected = one.files
    sign(snapshot, cast.leader)
    assert older(one, way="files", token_hash="", expires_at=None).files == expected


def test_what_waited_before_files_were_kept_gets_them_when_it_is_sent(snapshot, cast):
    one = make_link(snapshot, cast.planner)
    expected = one.files
    older(one, status="waiting", sent_at=None)
    assert one.files == [] and send_due().sent == 1
    one.refresh_from_db()
    assert one.files == expected
