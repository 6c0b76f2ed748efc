"""`recompute [--from YYYY-MM] [--to YYYY-MM] [--parts | --resume]`: compute whole months anew."""

import json
import time
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from facilities.periods import InvalidPeriod, Month
from indicators.actions import runs
from indicators.actions.recompute import default_range, drain_marks, recompute_months
from indicators.models import RecomputeRun

LOOK_AGAIN = 2.0  # seconds


class Command(BaseCommand):
    help = (
        "Tính lại kết quả các tháng từ số liệu gốc; --parts chia theo tỉnh và năm cho các tiến trình. / "
        "Compute whole months anew from the raw values; --parts shares them out by province and year among workers."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--from", dest="first", metavar="YYYY-MM")
        parser.add_argument("--to", dest="last", metavar="YYYY-MM")
        how = parser.add_mutually_exclusive_group()
        how.add_argument("--parts", action="store_true", help="open a run in parts and wait for it")
        how.add_argument("--resume", action="store_true", help="go on with the run that is open")

    def handle(self, *args: Any, **options: Any) -> None:
        started = time.perf_counter()
        if options["resume"]:
            done = self._run(self._open_run())
        else:
            first, last = self._range(options["first"], options["last"])
            if first is None:
                done = None
            elif options["parts"]:
                done = self._run(self._start(first, last))
            else:
                done = recompute_months(first, last)
        drain_marks()
        seconds = round(time.perf_counter() - started, 2)
        values, results = (done.values, done.results) if done else (0, 0)
        self.stdout.write(json.dumps({"values": values, "results": results, "seconds": seconds}))

    def _start(self, first: Month, last: Month) -> RecomputeRun:
        try:
            return runs.start_run(first=first, last=last, by=None)
        except runs.RunRefused as error:
            raise CommandError(str(error)) from error

    def _open_run(self) -> RecomputeRun:
        run = runs.open_run()
        if run is None:
            raise CommandError("Không có lần tính lại nào đang dở. Dùng --parts để bắt đầu.")
        return run

    def _run(self, run: RecomputeRun) -> RecomputeRun:
        """See the run to its end, by workers where there are any; progress goes to standard error."""
        if runs.has_workers():
            while run.is_open and run.state != RecomputeRun.State.FAILED:
                self._say(run)
                time.sleep(LOOK_AGAIN)
                run.refresh_from_db()
        else:
            run = runs.work_off(run.pk, on_step=lambda: self._say(run))
        if run.state != RecomputeRun.State.DONE:
            failed = run.parts.filter(state="failed").first()
            why = run.error_words or (failed.error_words if failed else "")
            raise CommandError(f"Chưa xong: {run.get_state_display()}. {why}".strip())
        return run

    def _say(self, run: RecomputeRun) -> None:
        done, failed, all_parts = (
            run.parts.filter(**which).count() for which in ({"state": "done"}, {"state": "failed"}, {})
        )
        self.stderr.write(f"{done}/{all_parts}" + (f", {failed} ✕" if failed else ""))

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
