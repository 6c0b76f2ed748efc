"""Print all places as JSON (interfaces.md)."""

from __future__ import annotations

import json
from typing import Any

from django.core.management.base import BaseCommand

from facilities.exchange import places_as_data


class Command(BaseCommand):
    help = "Print areas, successions and facilities as JSON."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(json.dumps(places_as_data(), ensure_ascii=False, indent=1))
