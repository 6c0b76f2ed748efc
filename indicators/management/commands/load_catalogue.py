"""`manage.py load_catalogue`: elements, groups, forms, rules, indicators from the project's data files."""

from __future__ import annotations

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from indicators import definitions
from indicators.actions.catalogue import load_catalogue
from indicators.actions.catalogue_removal import CatalogueInUse


class Command(BaseCommand):
    help = "Nạp danh mục số liệu, nhóm, biểu mẫu, quy tắc, chỉ số từ indicators/data. Chạy lại được."

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            loaded = load_catalogue(definitions.load())
        except (definitions.DefinitionError, CatalogueInUse) as error:
            # One line, whatever it holds: errors of commands are read by programs too.
            raise CommandError("; ".join(str(error).splitlines())) from error
        self.stdout.write(json.dumps(loaded.as_json()))
