"""`manage.py import_figures FILE.csv [--commit] [--approve]`: figures from a CSV, dry by default."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from indicators.actions.duties import refresh_duties
from indicators.actions.imports import import_figures
from indicators.figure_file import UnreadableFile


class Command(BaseCommand):
    help = "Nhập số liệu từ CSV (facility,form,period,element,group,value). Chỉ ghi khi có --commit."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--commit", action="store_true", help="ghi vào cơ sở dữ liệu")
        parser.add_argument("--approve", action="store_true", help="nộp và duyệt các báo cáo được nhập")

    def handle(self, *args: Any, file: Path, commit: bool, approve: bool, **options: Any) -> None:
        try:
            content = file.read_bytes()
        except OSError as error:
            raise CommandError(f"Không đọc được tệp {file}: {error.strerror}.") from error
        # Places may have been loaded since the catalogue was: derive who owes what before asking.
        refresh_duties()
        try:
            report = import_figures(content=content, by=None, commit=commit, approve=approve)
        except UnreadableFile as error:
            raise CommandError(f"{file}: {error}.") from error
        self.stdout.write(json.dumps(report.as_json(), ensure_ascii=False))
        if report.unapproved:
            names = ", ".join(report.unapproved)
            self.stderr.write(f"Chưa duyệt vì còn ô có chữ chưa đọc được, cơ sở phải sửa: {names}.")
