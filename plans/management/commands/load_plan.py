"""`load_plan FILE …`: plan files into the portal, all of them or none."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from plans.actions.agencies import load_agencies
from plans.actions.load import load_plans
from plans.exchange import as_json
from plans.files import InvalidFile


class Command(BaseCommand):
    help = "Kiểm tra cả tệp rồi tạo hoặc cập nhật kế hoạch; chạy lại được."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("files", nargs="+", type=Path, metavar="FILE")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            with transaction.atomic():
                agencies = load_agencies()
                plans = load_plans(paths=options["files"])
        except InvalidFile as error:
            # One line, whatever it holds: errors of commands are read by programs too.
            raise CommandError("; ".join(str(problem) for problem in error.problems)) from error
        loaded = [
            {"slug": plan.slug, "lines": plan.lines.count(), "tasks": plan.tasks.count()} for plan in plans
        ]
        self.stdout.write(as_json({"agencies": agencies, "plans": loaded}))
