"""`make_trial_keys`: keys and certificates for trying signing out, marked as worth nothing."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from facilities.models import Role, User
from reporting.models import Report
from reporting.signatures.certificates import TRIAL_MARK
from reporting.signatures.trial_folder import write_trial_folder

PASSWORD = "chi-tieu-2026"


class Command(BaseCommand):
    help = "Tạo khoá thử cho lãnh đạo và cơ quan của các báo cáo. / Trial keys for leaders and reporting agencies."

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.PRODUCTION or not settings.SIGNING_AGENCIES:
            raise CommandError("Khoá thử không được tạo trên hệ thống thật.")
        today = timezone.localdate()
        reports = Report.objects.select_related("plan__issuer", "agency")
        agencies = sorted({report.issuer_on(today).name for report in reports})
        leaders = User.objects.filter(assignments__role=Role.LEADER).distinct()
        people = {leader.username: leader.display_name for leader in leaders}
        written = write_trial_folder(
            Path(settings.SIGNING_AGENCIES).parent,
            people=people,
            agencies=agencies,
            password=PASSWORD,
            now=timezone.now(),
        )
        self.stdout.write(f"{TRIAL_MARK}; mật khẩu / password: {PASSWORD}")
        for path in written:
            self.stdout.write(str(path))
