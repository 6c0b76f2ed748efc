"""`send_reminders`: what beat and a worker do every few minutes, for a portal that runs without them."""

import json
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from facilities.actions.mails import send_due
from indicators.actions.reminders import sweep


class Command(BaseCommand):
    help = (
        "Nhắc hạn nộp, báo trả lại, tổng hợp cho người duyệt, rồi gửi thư đang chờ; chạy lại không gửi lại. / "
        "Remind, tell of what was sent back, write digests, then send waiting mails; rerunning sends nothing twice."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        told = sweep(now=timezone.now())
        self.stdout.write(json.dumps({"told": told, **asdict(send_due())}))
