"""`assess_plan SLUG --year Y [--as-of YYYY-MM]`: how every line stands, as JSON."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from facilities.periods import InvalidPeriod, Month
from plans.actions.assess import assess_plan
from plans.exchange import as_json
from plans.models import Plan
from plans.standing import AsOfOutsideYear


class Command(BaseCommand):
    help = "In tình hình từng dòng chỉ tiêu của kế hoạch trong năm ở dạng JSON."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("slug")
        parser.add_argument("--year", type=int, required=True)
        parser.add_argument("--as-of", metavar="YYYY-MM")
        parser.add_argument(
            "--further",
            action="store_true",
            help="Thêm các dòng chỉ có trong thân văn bản và dòng định tính.",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        plan = Plan.objects.select_related("area").filter(slug=options["slug"]).first()
        if plan is None:
            raise CommandError(f"Không có kế hoạch “{options['slug']}”.")
        year = options["year"]
        if year not in plan.years:
            raise CommandError(f"Năm {year} ngoài kế hoạch {plan.start_year}–{plan.end_year}.")
        try:
            as_of = Month.parse(options["as_of"]) if options["as_of"] else None
            lines = assess_plan(plan, year=year, as_of=as_of, further=options["further"])
        except InvalidPeriod as error:
            raise CommandError(f"“{options['as_of']}” không phải là tháng YYYY-MM.") from error
        except AsOfOutsideYear as error:
            raise CommandError(f"Tháng {error}.") from error
        self.stdout.write(as_json(lines))
