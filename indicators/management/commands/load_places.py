"""Load areas, successions and facilities from the packaged files, and derive who owes which form.

Stands in this app because duties follow from places and forms together.
"""

from __future__ import annotations

import json
from argparse import ArgumentParser
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils.translation import gettext as _

from facilities.actions.places import load_places
from facilities.gazetteer import UnknownProvince
from indicators.actions.duties import refresh_duties


class Command(BaseCommand):
    help = "Load areas, successions and facilities from the packaged files; may run again."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--province",
            nargs="+",
            action="extend",
            default=[],
            metavar="CODE",
            help="today's province code; brings all its predecessors (default: all provinces)",
        )

    def handle(self, *args: Any, province: list[str], **options: Any) -> None:
        try:
            with transaction.atomic():
                loaded = load_places(provinces=province)
                duties = refresh_duties()
        except UnknownProvince as error:
            raise CommandError(
                _("Không có tỉnh nào hiện nay mang mã: %(codes)s.") % {"codes": error}
            ) from error
        self.stdout.write(json.dumps({**asdict(loaded), "duties_changed": duties}))
