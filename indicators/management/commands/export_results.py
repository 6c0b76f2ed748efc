"""`export_results`: results as CSV, as they were or restated on the boundaries of a day."""

import csv
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from facilities.models import Area
from facilities.models.areas import AreaNotFound
from facilities.output import ends_quietly
from facilities.periods import InvalidPeriod, Month
from indicators import exports
from indicators.models import Indicator


class Command(BaseCommand):
    help = "Xuất kết quả dạng CSV. / Export results as CSV."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--indicator", nargs="+", default=[], metavar="CODE")
        parser.add_argument("--area", nargs="+", default=[], metavar="CODE[@YYYY-MM-DD]")
        parser.add_argument("--level", choices=Area.Level.values, default="")
        parser.add_argument("--from", dest="first", required=True, metavar="YYYY-MM")
        parser.add_argument("--to", dest="last", required=True, metavar="YYYY-MM")
        parser.add_argument("--boundaries", metavar="YYYY-MM-DD")
        parser.add_argument(
            "--suppress",
            action="store_true",
            help="Ẩn số nhỏ nhạy cảm để chia sẻ; thêm cột hidden. / Hide small sensitive numbers for sharing.",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        writer = csv.writer(self.stdout, lineterminator="\n")
        selection = self._selection(options)
        suppressed = options["suppress"]
        with ends_quietly(self.stdout):
            writer.writerow([*exports.COLUMNS, *([exports.HIDDEN_COLUMN] if suppressed else [])])
            writer.writerows(exports.rows(selection, suppressed=suppressed))

    def _selection(self, options: dict[str, Any]) -> exports.Selection:
        try:
            first, last = Month.parse(options["first"]), Month.parse(options["last"])
            day = date.fromisoformat(options["boundaries"]) if options["boundaries"] else None
        except InvalidPeriod as error:
            raise CommandError(f"“{error}” không phải là tháng dạng YYYY-MM, ví dụ 2026-10.") from error
        except ValueError as error:
            raise CommandError(
                f"“{options['boundaries']}” không phải là ngày dạng YYYY-MM-DD, ví dụ 2025-06-30."
            ) from error
        if first > last:
            raise CommandError(f"Tháng đầu {first} sau tháng cuối {last}.")
        return exports.Selection(
            first=first,
            last=last,
            indicators=self._indicators(options["indicator"]),
            areas=self._areas(options["area"]),
            level=options["level"],
            boundaries=day,
        )

    def _indicators(self, codes: list[str]) -> tuple[str, ...]:
        known = set(Indicator.objects.filter(code__in=codes).values_list("code", flat=True))
        if unknown := [code for code in codes if code not in known]:
            raise CommandError(f"Không có chỉ số {', '.join(unknown)}. Xem `export_catalogue`.")
        return tuple(codes)

    def _areas(self, texts: list[str]) -> tuple[int, ...]:
        today = timezone.localdate()
        try:
            return tuple(Area.objects.named(text, on=None if "@" in text else today).pk for text in texts)
        except AreaNotFound as error:
            raise CommandError(
                f"Không có địa bàn “{error}” hôm nay. Đơn vị cũ viết kèm ngày bắt đầu, ví dụ 27@2021-01-01."
            ) from error
