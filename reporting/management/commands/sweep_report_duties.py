"""`sweep_report_duties`: what plans make due until two months from now, drafts of our own reports, notices."""

import json
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand

from reporting.actions.duties import sweep_duties


class Command(BaseCommand):
    help = "Lập danh sách báo cáo đến hạn, mở bản nháp và nhắc cán bộ. / List reports due, open drafts, tell officers."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(json.dumps(asdict(sweep_duties())))
