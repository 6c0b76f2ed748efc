"""`parse_target TEXT --direction …`: what a target's text means, as a JSON list."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from plans.exchange import as_json
from plans.targets import parse


class Command(BaseCommand):
    help = "In ý nghĩa máy đọc của chữ trong ô chỉ tiêu."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("text")
        parser.add_argument("--direction", required=True, choices=["higher", "lower", "none"])

    def handle(self, *args: Any, **options: Any) -> None:
        meanings = parse(options["text"], options["direction"])
        self.stdout.write(as_json([meaning.as_json() for meaning in meanings]))
