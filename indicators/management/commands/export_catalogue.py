"""`manage.py export_catalogue`: the stored catalogue as JSON."""

from __future__ import annotations

import json
from typing import Any

from django.core.management.base import BaseCommand

from indicators.catalogue_json import catalogue_as_json


class Command(BaseCommand):
    help = "Xuất danh mục ra JSON."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(json.dumps(catalogue_as_json(), ensure_ascii=False, indent=1))
