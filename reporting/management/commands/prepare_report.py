"""`prepare_report SLUG --year Y [--period year|h1|m9|YYYY-MM]`: freeze a snapshot."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from facilities.periods import InvalidPeriod
from plans.models import Plan
from reporting.actions.files import request_files
from reporting.actions.reports import ReasonMissing, ReportError, freeze, open_report
from reporting.content.periods import YEAR, ReportPeriod
from reporting.renderers import OFFERED


class Command(BaseCommand):
    help = "Chốt số liệu báo cáo của một kế hoạch, in ra mã và SHA-256. / Freeze a plan's report, print id and SHA-256."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("slug")
        parser.add_argument("--year", type=int, required=True)
        parser.add_argument("--period", default=YEAR, metavar="year|h1|m9|YYYY-MM")
        parser.add_argument("--reason", default="", help="vì sao lập lại khi nội dung đã khác bản chốt trước")
        parser.add_argument("--files", action="store_true", help="xếp hàng dựng cả tệp PDF và Excel")

    def handle(self, *args: Any, **options: Any) -> None:
        plan = Plan.objects.select_related("area", "issuer__area").filter(slug=options["slug"]).first()
        if plan is None:
            raise CommandError(f"Không có kế hoạch “{options['slug']}”.")
        try:
            period = ReportPeriod.parse(options["year"], options["period"])
        except InvalidPeriod as error:
            raise CommandError(
                f"Kỳ “{options['period']}” không hợp lệ: dùng year, h1, m9 hoặc một tháng của năm "
                f"{options['year']} dạng YYYY-MM."
            ) from error
        try:
            report = open_report(plan=plan, period=period, by=None)
            snapshot = freeze(report=report, by=None, reason=options["reason"])
        except ReasonMissing as error:
            raise CommandError(f"{error} Thêm --reason “…”.") from error
        except ReportError as error:
            raise CommandError(str(error)) from error
        if options["files"]:
            request_files(snapshot=snapshot, formats=list(OFFERED), by=None)
        shown = {"id": snapshot.pk, "sha256": snapshot.sha256, "revision": snapshot.number}
        self.stdout.write(json.dumps(shown))
