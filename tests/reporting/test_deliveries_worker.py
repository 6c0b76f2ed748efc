"""Each address once while workers are killed at random and Redis is emptied.

Needs the real services; with the embedded default there is no worker to kill.
"""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections import Counter

from django.conf import settings
from django.db import connection
from django.db.models import F
from django.test import TransactionTestCase

from config.celery import app
from facilities.models.notices import SENDING_AT_MOST
from reporting.actions.sending import Recipient, request_deliveries
from reporting.models import Delivery
from reporting.tasks import send_deliveries
from tests.indicators.mail_server import MailServer
from tests.indicators.test_worker import ROOT, empty_redis, services, wait_for
from tests.reporting.outgoing import make_registered, make_snapshot
from tests.world import make_cast, make_world

RECIPIENTS, KILLS = 24, 8


@services
class Kills(TransactionTestCase):
    def setUp(self) -> None:
        empty_redis()
        app.conf.task_always_eager = False
        self.running: list[subprocess.Popen[bytes]] = []
        self.server = MailServer()
        world = make_world()
        self.planner, self.snapshot = make_cast(world).planner, make_snapshot(world)
        make_registered(self.snapshot, self.planner)

    def tearDown(self) -> None:
        for process in self.running:
            process.kill()
            process.wait()
        self.server.shutdown()
        self.server.server_close()
        app.conf.task_always_eager = True
        empty_redis()

    def ask(self, n: int) -> None:
        people = [Recipient(f"Nơi {i}", f"noi{i}@x.example") for i in range(n)]
        request_deliveries(snapshot=self.snapshot, recipients=people, way="files", days=30, by=self.planner)

    def start(self) -> subprocess.Popen[bytes]:
        own = connection.settings_dict
        host, port = own["HOST"] or "127.0.0.1", own["PORT"] or 5432
        where = f"postgres://{own['USER']}:{own['PASSWORD']}@{host}:{port}/{own['NAME']}"
        command = (
            "-m celery -A config worker --pool solo --without-mingle --without-gossip --loglevel CRITICAL"
        )
        given = {"DATABASE_URL": where, "EMAIL_URL": self.server.url, "MEDIA_ROOT": str(settings.MEDIA_ROOT)}
        process = subprocess.Popen(
            [sys.executable, *command.split()],
            cwd=ROOT,
            env={**os.environ, **given, "LOG_LEVEL": "CRITICAL"},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        self.running.append(process)
        return process

    def kill(self, process: subprocess.Popen[bytes]) -> None:
        process.send_signal(signal.SIGKILL)
        process.wait(timeout=10)

    def time_passes(self) -> None:
        """As if the ten minutes a dead worker's delivery is left alone, and every pause, were over."""
        Delivery.objects.filter(status="sending").update(try_at=F("try_at") - SENDING_AT_MOST)
        Delivery.objects.filter(status="waiting").update(try_at=None)

    def settle(self) -> None:
        def settled() -> bool:
            self.time_passes()
            send_deliveries.delay()
            time.sleep(1)
            return not Delivery.objects.filter(status__in=["waiting", "sending"]).exists()

        wait_for(settled, 90)

    def test_a_storm_of_kills_sends_one_message_an_address(self) -> None:
        """Only a kill between the server's yes and our mark may repeat a message, under its own id."""
        self.server.before = lambda: time.sleep(0.1)
        self.ask(RECIPIENTS)
        chance = random.Random(5)
        living = [self.start(), self.start()]
        wait_for(lambda: Delivery.objects.filter(status="sending").exists())
        for n in range(KILLS):
            time.sleep(chance.uniform(0.1, 0.6))
            self.kill(living.pop(chance.randrange(len(living))))
            living.append(self.start())
            self.ask(RECIPIENTS)  # somebody presses once more
            send_deliveries.delay()
            if n % 3 == 2:
                empty_redis()
                self.time_passes()
        self.settle()
        accepted = self.server.accepted
        by_id = Counter(message_id for _to, _subject, message_id in accepted)
        print(f"\nmessages: {len(accepted)} for {RECIPIENTS} addresses, {KILLS} kills, ids {len(by_id)}")
        assert {to for to, _subject, _id in accepted} == {f"noi{n}@x.example" for n in range(RECIPIENTS)}
        assert len(by_id) == Delivery.objects.filter(status="sent").count() == RECIPIENTS
        assert len(accepted) - len(by_id) <= KILLS

    def test_killed_before_the_server_took_it_the_mail_comes_once(self) -> None:
        self.ask(1)
        hold = threading.Event()
        self.server.before = lambda: hold.wait(30) and 1 / 0  # the client is gone: nothing was taken
        worker = self.start()
        wait_for(lambda: self.server.begun == 1)
        assert Delivery.objects.get().status == "sending"
        self.kill(worker)
        hold.set()
        empty_redis()
        self.server.before = lambda: None
        self.start()
        send_deliveries.delay()
        time.sleep(3)
        assert Delivery.objects.get().status == "sending" and self.server.accepted == []
        self.settle()
        assert len(self.server.accepted) == 1
        assert (Delivery.objects.get().status, Delivery.objects.get().attempts) == ("sent", 2)
