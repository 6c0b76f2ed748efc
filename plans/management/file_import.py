"""What commands that import a file of plan figures share: dry by default, a report as JSON."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from indicators.figure_file import Report, UnreadableFile
from plans.exchange import as_json


class FileImport(BaseCommand):
    """`FILE.csv [--commit]`: hand the file's bytes to `action(content=…, commit=…)` and print its report.

    Raises CommandError where the file cannot be opened or holds no table.
    """

    action: Callable[..., Report]

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE.csv")
        parser.add_argument("--commit", action="store_true", help="ghi vào cơ sở dữ liệu")

    def handle(self, *args: Any, file: Path, commit: bool, **options: Any) -> None:
        try:
            content = file.read_bytes()
        except OSError as error:
            raise CommandError(f"Không đọc được tệp {file}: {error.strerror}.") from error
        try:
            report = self.action(content=content, commit=commit)
        except UnreadableFile as error:
            raise CommandError(f"{file}: {error}.") from error
        self.stdout.write(as_json(report.as_json()))
