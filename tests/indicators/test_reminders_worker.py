"""One message an event while workers and beats are killed, started twice, and Redis is emptied.

Needs the real services; with the embedded default there is no worker to kill.
"""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from datetime import date, datetime
from pathlib import Path

from django.db import connection
from django.db.models import F
from django.test import TransactionTestCase
from django.utils import timezone

from config.celery import app
from facilities.models import Notice, Role
from facilities.models.notices import SENDING_AT_MOST
from indicators.models import Submission
from tests.factories import AssignmentFactory, FacilityFactory, UserFactory, settle_places
from tests.factories_indicators import FormFactory, SubmissionFactory, settle_duties
from tests.indicators.mail_server import MailServer
from tests.indicators.test_worker import ROOT, empty_redis, services, wait_for
from tests.world import make_world

# Friday the 6th is the last day for October 2026.
MORNING = timezone.make_aware(datetime(2026, 11, 6, 8))
BEFORE = timezone.make_aware(datetime(2026, 11, 5, 15))
OCTOBER = date(2026, 10, 1)
STATIONS, SENT_BACK = 12, 4


@services
class Restarts(TransactionTestCase):
    def setUp(self) -> None:
        empty_redis()
        app.conf.task_always_eager = False
        self.running: list[subprocess.Popen[bytes]] = []
        self.server = MailServer()
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        self.offset = (MORNING - timezone.now()).total_seconds()

    def tearDown(self) -> None:
        for process in self.running:
            process.kill()
            process.wait()
        self.server.shutdown()
        self.server.server_close()
        app.conf.task_always_eager = True
        empty_redis()

    # --- the ground --------------------------------------------------------------------------------------
    def build(self) -> None:
        """Stations that all owe two forms today; some were sent back the third; a reviewer with reports waiting."""
        world = make_world()
        forms = [FormFactory(code=code, name=code) for code in ("B4", "B7", "B8")]
        self.clerks = []
        for n in range(STATIONS):
            station = FacilityFactory(code=f"Z{n}", area=world.areas["z"], opened=date(2025, 7, 1))
            user = UserFactory(email=f"tram{n}@tram.example")
            AssignmentFactory(role=Role.CLERK, facility=station, user=user)
            self.clerks.append(user)
            status = "sent_back" if n < SENT_BACK else "submitted"
            SubmissionFactory(facility=station, form=forms[2], period=OCTOBER, status=status)
        Submission.objects.update(submitted_at=BEFORE, first_submitted_at=BEFORE)
        Submission.objects.filter(status="sent_back").update(decided_at=BEFORE)
        AssignmentFactory(
            role=Role.REVIEWER, area=world.areas["M"], user=UserFactory(email="duyet@syt.example")
        )
        AssignmentFactory(role=Role.REVIEWER, area=world.areas["M"], user=UserFactory())
        type(self.clerks[-1]).objects.filter(pk=self.clerks[-1].pk).update(wants_reminders=False)
        settle_places()
        settle_duties()

    def events(self) -> set[str]:
        """Whom to expect how often: (recipient, kind); the last clerk wants no mail, one reviewer has no address."""
        due = {f"tram{n}@tram.example due" for n in range(STATIONS - 1)}
        back = {f"tram{n}@tram.example sent-back" for n in range(SENT_BACK)}
        return due | back | {"duyet@syt.example digest"}

    def start(self, what: str, **environment: str) -> subprocess.Popen[bytes]:
        own = connection.settings_dict
        where = f"postgres://{own['USER']}:{own['PASSWORD']}@{own['HOST'] or '127.0.0.1'}:{own['PORT'] or 5432}/{own['NAME']}"
        options = {
            "worker": ["--pool", "solo", "--without-mingle", "--without-gossip"],
            "beat": ["--pidfile=", "--schedule", str(self.folder / f"beat-{len(self.running)}")],
        }
        process = subprocess.Popen(
            [
                sys.executable,
                "-m",
                "celery",
                "-A",
                "tests.indicators.pretend",
                what,
                "--loglevel",
                "CRITICAL",
                *options[what],
            ],
            cwd=ROOT,
            env={
                **os.environ,
                "DATABASE_URL": where,
                "MEDIA_ROOT": str(self.folder),
                "PRETEND_OFFSET": str(self.offset),
                "LOG_LEVEL": "CRITICAL",
                **environment,
            },
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        self.running.append(process)
        return process

    def kill(self, process: subprocess.Popen[bytes]) -> None:
        process.send_signal(signal.SIGKILL)
        process.wait(timeout=10)

    def settle(self, seconds: float = 60) -> None:
        """Wait until nothing waits, as if the ten minutes a dead worker's mail is left alone were over."""

        def settled() -> bool:
            Notice.objects.filter(mail="sending").update(mail_at=F("mail_at") - SENDING_AT_MOST)
            time.sleep(1)
            return (
                Notice.objects.exists()
                and not Notice.objects.filter(mail__in=["waiting", "sending"]).exists()
            )

        wait_for(settled, seconds)

    def storm(self, kills: int, **environment: str) -> int:
        """Two workers and two beats, killed and started again at random; Redis emptied now and then."""
        chance = random.Random(kills)
        kinds = ["worker", "worker", "beat", "beat"]
        living = [(kind, self.start(kind, **environment)) for kind in kinds]
        wait_for(lambda: Notice.objects.filter(mail="sending").exists())
        for n in range(kills):
            time.sleep(chance.uniform(0.1, 0.6))
            kind, process = living.pop(chance.randrange(len(living)))
            self.kill(process)
            living.append((kind, self.start(kind, **environment)))
            if n % 3 == 2:
                empty_redis()
                Notice.objects.filter(mail="sending").update(mail_at=F("mail_at") - SENDING_AT_MOST)
        self.settle()
        time.sleep(2)  # beats go on ringing
        return kills

    def of_events(self, mails: list[str]) -> Counter[str]:
        kinds = {"Hôm nay": "due", "Trả lại": "sent-back", "8 báo c": "digest"}
        return Counter(f"{mail.split(' ', 1)[0]} {kinds[mail.split(' ', 1)[1][:7]]}" for mail in mails)

    # --- what holds --------------------------------------------------------------------------------------
    def test_a_storm_of_restarts_leaves_one_file_an_event(self) -> None:
        self.build()
        kills = self.storm(10, SLOW_FILES="1")
        from tests.facilities.test_mails import parsed

        mails = [parsed(path) for path in (self.folder / "mail").glob("*.eml")]
        found = self.of_events([f"{mail['To']} {mail['Subject'].strip()}" for mail in mails])
        print(
            f"\nfiles: {sum(found.values())} for {len(self.events())} events, {kills} kills, most an event {max(found.values())}"
        )
        assert set(found) == self.events() and set(found.values()) == {1}
        assert not Notice.objects.filter(mail="failed").exists()

    def test_a_storm_of_restarts_sends_one_message_an_event(self) -> None:
        """Killed before the server took the mail it is sent once; only the gap after may repeat it, under its own id."""
        self.build()
        self.server.before = lambda: time.sleep(0.1)
        kills = self.storm(10, EMAIL_URL=self.server.url)
        accepted = self.server.accepted
        by_id = Counter(message_id for _to, _subject, message_id in accepted)
        found = self.of_events([f"{to} {subject}" for to, subject, _id in set(accepted)])
        print(f"\nmessages: {len(accepted)} for {len(self.events())} events, {kills} kills, ids {len(by_id)}")
        assert set(found) == self.events() and set(found.values()) == {1}
        assert len(by_id) == len(self.events())
        # Each kill ends at most one sending.
        assert len(accepted) - len(by_id) <= kills

    def test_killed_before_the_server_took_it_the_mail_comes_once(self) -> None:
        self.build()
        Notice.objects.all().delete()
        self.one_notice()
        hold = threading.Event()
        self.server.before = lambda: hold.wait(30) and 1 / 0  # the client is gone: nothing was taken
        worker = self.start("worker", EMAIL_URL=self.server.url)
        self.ring()
        wait_for(lambda: self.server.begun == 1)
        assert Notice.objects.get().mail == "sending"
        self.kill(worker)
        hold.set()
        empty_redis()
        self.server.before = lambda: None
        self.again()
        assert len(self.server.accepted) == 1
        assert (Notice.objects.get().mail, Notice.objects.get().mail_attempts) == ("sent", 2)

    def test_killed_between_the_servers_yes_and_our_mark_the_copy_has_the_same_id(self) -> None:
        """The one gap no sender can close (docs/decisions/0007)."""
        self.build()
        Notice.objects.all().delete()
        self.one_notice()
        hold = threading.Event()
        self.server.after = lambda: hold.wait(30)
        worker = self.start("worker", EMAIL_URL=self.server.url)
        self.ring()
        wait_for(lambda: len(self.server.accepted) == 1)
        self.kill(worker)
        hold.set()
        empty_redis()
        self.server.after = lambda: None
        self.again()
        assert len(self.server.accepted) == 2 and len(set(self.server.accepted)) == 1
        assert Notice.objects.get().mail == "sent"

    def one_notice(self) -> Notice:
        return Notice.objects.create(
            user=self.clerks[0],
            kind="due",
            key="due:2026-11-06",
            title="Hôm nay là hạn cuối",
            at=MORNING,
            mail="waiting",
        )

    def ring(self) -> None:
        from facilities.tasks import send_mails

        send_mails.delay()

    def again(self) -> None:
        """What a restarted worker does: nothing while the first may still be sending, then everything left."""
        self.start("worker", EMAIL_URL=self.server.url)
        self.ring()
        time.sleep(3)
        assert Notice.objects.get().mail == "sending"
        Notice.objects.update(mail_at=F("mail_at") - SENDING_AT_MOST)
        self.ring()
        wait_for(lambda: Notice.objects.get().mail == "sent")
