"""`export_plan SLUG`: a plan as JSON."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from plans.actions.export import export_plan
from plans.exchange import as_json
from plans.models import Plan


class Command(BaseCommand):
    help = "In kế hoạch ở dạng JSON."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("slug")

    def handle(self, *args: Any, **options: Any) -> None:
        plan = Plan.objects.select_related("area", "issuer").filter(slug=options["slug"]).first()
        if plan is None:
            raise CommandError(f"Không có kế hoạch “{options['slug']}”.")
        self.stdout.write(as_json(export_plan(plan)))
