"""`manage.py generate_figures --from YYYY-MM --to YYYY-MM`: plausible figures for demonstration and load."""

from __future__ import annotations

import json
import time
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from facilities.models import Area
from facilities.periods import InvalidPeriod, Month
from indicators.actions.duties import refresh_duties
from indicators.actions.generation import Generated, generate_figures
from indicators.models import FormItem

DEMONSTRATION = ["11", "24"]


class Command(BaseCommand):
    help = "Sinh số liệu giả định, lặp lại được, cho trình diễn và đo tải."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--from", dest="first", required=True, help="tháng đầu, YYYY-MM")
        parser.add_argument("--to", dest="last", required=True, help="tháng cuối, YYYY-MM")
        parser.add_argument(
            "--province",
            dest="provinces",
            action="append",
            metavar="CODE",
            nargs="+",
            help=f"mã tỉnh hiện nay; không ghi: {', '.join(DEMONSTRATION)} nếu đã nạp",
        )
        parser.add_argument("--all-provinces", action="store_true", help="mọi tỉnh đã nạp")
        parser.add_argument("--seed", type=int, default=1, help="số khác cho số liệu khác")

    def handle(
        self,
        *args: Any,
        first: str,
        last: str,
        provinces: list[list[str]] | None,
        all_provinces: bool,
        seed: int,
        **options: Any,
    ) -> None:
        months = _month(first), _month(last)
        if months[0] > months[1]:
            raise CommandError(f"Tháng đầu {first} sau tháng cuối {last}.")
        if not FormItem.objects.exists():
            raise CommandError("Chưa có biểu mẫu. Chạy load_catalogue trước.")
        chosen = _chosen([code for group in provinces or [] for code in group], everywhere=all_provinces)
        started, total = time.monotonic(), Generated(0, 0, 0)
        # Places may have been loaded since the catalogue was: derive who owes what before filling it in.
        refresh_duties()
        for province in chosen:
            total += generate_figures(province=province, first=months[0], last=months[1], seed=seed)
        self.stdout.write(
            json.dumps(
                {
                    "provinces": [province.code for province in chosen],
                    "submissions": total.submissions,
                    "values": total.values,
                    "skipped": total.skipped,
                    "seconds": round(time.monotonic() - started, 1),
                }
            )
        )


def _month(text: str) -> Month:
    try:
        return Month.parse(text)
    except InvalidPeriod as error:
        raise CommandError(f"“{text}” không phải tháng dạng YYYY-MM.") from error


def _chosen(codes: list[str], *, everywhere: bool) -> list[Area]:
    """The provinces of today to fill: all, those named, or those of the demonstration."""
    loaded = Area.objects.valid_on(timezone.localdate()).filter(level=Area.Level.PROVINCE).order_by("code")
    wanted = loaded if everywhere else loaded.filter(code__in=codes or DEMONSTRATION)
    found = list(wanted)
    if missing := sorted(set(codes) - {area.code for area in found}):
        raise CommandError(f"Không có tỉnh {', '.join(missing)} hiện nay. Chạy load_places trước.")
    if not found:
        raise CommandError("Chưa nạp tỉnh nào. Chạy load_places trước, hoặc ghi --province.")
    return found
