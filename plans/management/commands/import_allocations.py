"""`import_allocations FILE.csv [--commit]`: what a plan's annex gives to its communes or districts."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from indicators.figure_file import UnreadableFile
from plans.actions.allocation_import import import_allocations
from plans.exchange import as_json


class Command(BaseCommand):
    help = "Nhập chỉ tiêu giao cho từng xã hoặc huyện; chỉ thử khi không có --commit."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE.csv")
        parser.add_argument("--commit", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            content = options["file"].read_bytes()
        except OSError as error:
            raise CommandError(f"Không đọc được tệp {options['file']}: {error.strerror}.") from error
        try:
            report = import_allocations(content=content, commit=options["commit"])
        except UnreadableFile as error:
            raise CommandError(f"{options['file']}: {error}.") from error
        self.stdout.write(as_json(report.as_json()))
