"""`report_files [--waiting]`: the files rendered from snapshots, or how many are still waiting."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from reporting.models import ReportFile


class Command(BaseCommand):
    help = "Liệt kê tệp báo cáo đã dựng. / List the report files rendered."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--waiting", action="store_true", help="print only how many are not rendered yet")

    def handle(self, *args: Any, **options: Any) -> None:
        files = ReportFile.objects.order_by("file")
        if failed := files.filter(status=ReportFile.Status.FAILED).first():
            raise CommandError(f"Không dựng được tệp {failed}: {failed.error_words}")
        if options["waiting"]:
            self.stdout.write(str(files.filter(status=ReportFile.Status.QUEUED).count()))
            return
        for file in files.filter(status=ReportFile.Status.DONE):
            self.stdout.write(f"  {file.file.name}  {file.size // 1024} kB  sha256 {file.sha256[:12]}…")
