"""`recompute [--from YYYY-MM] [--to YYYY-MM]`: compute whole months anew."""

import json
import time
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from facilities.periods import InvalidPeriod, Month
from indicators.actions.recompute import default_range, drain_marks, recompute_months


class Command(BaseCommand):
    help = "Tính lại kết quả các tháng từ số liệu gốc. / Compute whole months anew from the raw values."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--from", dest="first", metavar="YYYY-MM")
        parser.add_argument("--to", dest="last", metavar="YYYY-MM")

    def handle(self, *args: Any, **options: Any) -> None:
        started = time.perf_counter()
        first, last = self._range(options["first"], options["last"])
        done = recompute_months(first, last) if first else None
        drain_marks()
        seconds = round(time.perf_counter() - started, 2)
        self.stdout.write(
            json.dumps(
                {
                    "values": done.values if done else 0,
                    "results": done.results if done else 0,
                    "seconds": seconds,
                }
            )
        )

    def _range(self, first: str | None, last: str | None) -> tuple[Month | None, Month | None]:
        try:
            begin = Month.parse(first) if first else None
            end = Month.parse(last) if last else None
        except InvalidPeriod as error:
            raise CommandError(f"“{error}” không phải là tháng dạng YYYY-MM, ví dụ 2026-10.") from error
        default = default_range(timezone.localdate())
        if default is None and not (begin and end):
            return None, None
        begin, end = begin or default[0], end or default[1]
        if begin > end:
            raise CommandError(f"Tháng đầu {begin} sau tháng cuối {end}.")
        return begin, end
