"""`prepare_report SLUG --year Y [--period …] [--kind …]`: freeze a snapshot."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from facilities.models import Agency
from facilities.periods import InvalidPeriod
from plans.models import Plan
from reporting.actions.files import request_files
from reporting.actions.opening import Wanted, begin
from reporting.actions.reports import ReasonMissing, ReportError, freeze
from reporting.content.periods import YEAR, ReportPeriod
from reporting.models import Report
from reporting.renderers import offered

Kind = Report.Kind


class Command(BaseCommand):
    help = "Chốt số liệu một báo cáo, in ra mã và SHA-256. / Freeze a report, print id and SHA-256."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("slug", nargs="?", help="kế hoạch; báo cáo chung thì bỏ trống và ghi --agency")
        parser.add_argument("--year", type=int, required=True)
        parser.add_argument("--period", default=YEAR, metavar="year|h1|m9|YYYY-MM")
        parser.add_argument("--kind", default=Kind.PLAN.value, choices=Kind.values)
        parser.add_argument("--from-year", type=int, help="năm đầu của sơ kết, tổng kết; --year là năm cuối")
        parser.add_argument(
            "--boundaries", default=Report.Boundaries.OWN.value, choices=Report.Boundaries.values
        )
        parser.add_argument("--agency", default="", help="tên cơ quan của báo cáo chung")
        parser.add_argument("--reason", default="", help="vì sao lập lại khi nội dung đã khác bản chốt trước")
        parser.add_argument("--files", action="store_true", help="xếp hàng dựng cả các tệp của báo cáo")

    def handle(self, *args: Any, **options: Any) -> None:
        wanted = self._wanted(options)
        try:
            report = begin(wanted=wanted, by=None)
            snapshot = freeze(report=report, by=None, reason=options["reason"])
        except ReasonMissing as error:
            raise CommandError(f"{error} Thêm --reason “…”.") from error
        except ReportError as error:
            raise CommandError(str(error)) from error
        if options["files"]:
            request_files(snapshot=snapshot, formats=list(offered(report.kind)), by=None)
        shown = {"id": snapshot.pk, "sha256": snapshot.sha256, "revision": snapshot.number}
        self.stdout.write(json.dumps(shown))

    def _wanted(self, options: dict[str, Any]) -> Wanted:
        is_combined = options["kind"] == Kind.COMBINED
        if is_combined and (options["slug"] or not options["agency"]):
            raise CommandError("Báo cáo chung ghi --agency “tên cơ quan”, không ghi kế hoạch.")
        if not is_combined and (options["agency"] or not options["slug"]):
            raise CommandError("Ghi định danh của kế hoạch; --agency chỉ dùng với --kind combined.")
        if (options["from_year"] is not None) != (options["kind"] == Kind.REVIEW):
            raise CommandError("--kind review cần --from-year; loại khác thì không dùng.")
        return Wanted(
            kind=options["kind"],
            period=self._period(options["year"], options["period"]),
            plan=None if is_combined else self._plan(options["slug"]),
            agency=self._agency(options["agency"]) if is_combined else None,
            start_year=options["from_year"],
            boundaries=options["boundaries"],
        )

    def _period(self, year: int, code: str) -> ReportPeriod:
        try:
            return ReportPeriod.parse(year, code)
        except InvalidPeriod as error:
            raise CommandError(
                f"Kỳ “{code}” không hợp lệ: dùng year, h1, m9 hoặc một tháng của năm {year} dạng YYYY-MM."
            ) from error

    def _plan(self, slug: str) -> Plan:
        plan = Plan.objects.select_related("area", "issuer__area").filter(slug=slug).first()
        if plan is None:
            raise CommandError(f"Không có kế hoạch “{slug}”.")
        return plan

    def _agency(self, name: str) -> Agency:
        """The agency of that name; of several the one that exists still, as a reform keeps names."""
        agencies = Agency.objects.filter(name=name).select_related("area").order_by("-valid_from")
        if not agencies:
            raise CommandError(f"Không có cơ quan “{name}”.")
        return agencies[0]
