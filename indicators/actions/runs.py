"""A full recompute as work that is seen, shared out among workers and taken up again: opened, retried, cancelled.

The rows say what is to be done; the bells only call. Without a broker nothing is rung: `work_off` does the parts
one after the other where it is called (`manage.py recompute --parts`), never in a request.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from datetime import timedelta
from functools import partial

from celery import current_app, group
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from kombu.exceptions import OperationalError

from facilities.actions.audit import record
from facilities.models import Area, Contribution, Facility, User
from facilities.periods import Month
from facilities.permissions import administers_all
from indicators.actions import run_parts
from indicators.actions.run_closing import close_run, forget_ended
from indicators.actions.run_marks import hold_definitions
from indicators.models import RecomputePart, RecomputeRun, RunFacility

logger = logging.getLogger("portal.runs")
MOST_YEARS = 20
State, PartState = RecomputeRun.State, RecomputePart.State


class RunRefused(Exception):
    """The run can not be opened, retried or cancelled; the text says why to a person and what to do."""


class RunOpen(RunRefused):
    def __init__(self, run: RecomputeRun | None) -> None:
        self.run = run
        who = run.asked_by.display_name if run and run.asked_by else _("hệ thống")
        at = f"{timezone.localtime(run.asked_at):%H:%M %d/%m/%Y}" if run else ""
        text = _("Đang có một lần tính lại do %(who)s yêu cầu lúc %(at)s. Đợi xong hoặc hủy lần đó trước.")
        super().__init__(text % {"who": who, "at": at})


def has_workers() -> bool:
    """Whether a broker is set that calls workers; else tasks run where they are rung."""
    return not current_app.conf.task_always_eager


def start_run(*, first: Month, last: Month, by: User | None) -> RecomputeRun:
    """Open a run over these months, cut into provinces and years, and ring for its parts.

    `by` None is the system itself. Raises PermissionDenied, RunRefused, RunOpen.
    """
    _require(by)
    if first > last:
        raise RunRefused(_("Tháng đầu phải trước hoặc bằng tháng cuối."))
    if last.first_day > timezone.localdate():
        raise RunRefused(_("Tháng cuối chưa bắt đầu. Chọn đến hết tháng này hoặc sớm hơn."))
    if last.year - first.year >= MOST_YEARS:
        raise RunRefused(_("Mỗi lần tính nhiều nhất %(n)s năm. Chọn ít năm hơn.") % {"n": MOST_YEARS})
    try:
        with transaction.atomic():
            if not hold_definitions():
                raise RunRefused(_("Danh mục hoặc địa bàn đang được sửa. Đợi vài phút rồi thử lại."))
            run = RecomputeRun.objects.create(
                first_month=first.first_day, last_month=last.first_day, asked_by=by, asked_at=timezone.now()
            )
            _cut(run)
            record(by=by, verb="start_recompute", subject=run)
            transaction.on_commit(partial(ring, run.pk))
    except IntegrityError as error:
        raise RunOpen(open_run()) from error
    return run


def retry_run(*, run: RecomputeRun, by: User) -> int:
    """Queue the failed parts again, or try the closing again; return how many parts. Raises RunRefused."""
    _require(by)
    with transaction.atomic():
        run = RecomputeRun.objects.select_for_update(no_key=True).get(pk=run.pk)
        failed = run.parts.filter(state=PartState.FAILED)
        queued = failed.update(state=PartState.QUEUED, attempts=0) if run.is_open else 0
        if not queued and run.state != State.FAILED:
            raise RunRefused(_("Không còn phần nào bị lỗi để thử lại."))
        if run.state == State.FAILED:
            run.state = State.RUNNING if queued else State.CLOSING
        run.error, run.attempts = "", 0
        run.save(update_fields=["state", "error", "attempts"])
        record(by=by, verb="retry_recompute", subject=run, parts=queued)
        transaction.on_commit(partial(ring, run.pk))
    return queued


def cancel_run(*, run: RecomputeRun, by: User) -> None:
    """Give the run up: results stay as they are, what was staged goes. Raises RunRefused once it is published."""
    _require(by)
    with transaction.atomic():
        skip = connection.features.has_select_for_update_skip_locked
        free = RecomputeRun.objects.select_for_update(no_key=True, skip_locked=skip).filter(pk=run.pk).first()
        if free is None:
            raise RunRefused(
                _("Lần tính lại đang được công bố, không hủy được nữa. Tải lại trang sau ít phút.")
            )
        if not free.is_open:
            raise RunRefused(_("Lần tính lại này đã kết thúc."))
        free.state, free.finished_at = State.CANCELLED, timezone.now()
        free.save(update_fields=["state", "finished_at"])
        record(by=by, verb="cancel_recompute", subject=free)
    # Parts at work leave nothing, and the sweep removes what the others staged: a request does not wait for it.


def open_run() -> RecomputeRun | None:
    """The run that may still publish."""
    return RecomputeRun.objects.open().select_related("asked_by").first()


def go_on(run_id: int) -> bool:
    """Do the next thing the run asks for, a part or the closing; whether it may have more to do."""
    if run_parts.compute_next(run_id):
        return True
    run = RecomputeRun.objects.filter(pk=run_id).first()
    if run is not None and run.state == State.CLOSING:
        # Parts whose rows are gone were queued again.
        return (
            not close_run(run_id)
            and RecomputeRun.objects.filter(pk=run_id, state__in=RecomputeRun.WORKING).exists()
        )
    return False


def work_off(run_id: int, *, on_step: Callable[[], None] = lambda: None) -> RecomputeRun:
    """Do the whole run here, one part after the other; return it done, failed or cancelled."""
    run_parts.give_back_left(run_id, after=timedelta(0))
    while go_on(run_id):
        on_step()
    return RecomputeRun.objects.get(pk=run_id)


def ring(run_id: int, bells: int = run_parts.AT_ONCE) -> None:
    """Call workers to the run, as many as may be at it at once. A lost bell loses nothing: the sweep rings again."""
    from indicators.tasks import compute_part

    if not has_workers():
        return
    try:
        group(compute_part.s(run_id) for _bell in range(bells)).apply_async()
    except OperationalError:
        logger.warning("The broker does not answer; the sweep will ring for run %s.", run_id)


def sweep() -> int:
    """Queue again what lost its worker and ring for what waits; remove what ended runs left. Return bells rung."""
    forget_ended()
    run = open_run()
    if run is None or run.state == State.FAILED:
        return 0
    run_parts.give_back_left(run.pk)
    running = run.parts.filter(state=PartState.RUNNING).count()
    bells = 1 if run.state == State.CLOSING else run_parts.AT_ONCE - running
    if bells > 0:
        ring(run.pk, bells)
    return max(bells, 0)


def _cut(run: RecomputeRun) -> None:
    """Put every facility to the parts of one province. Raises RunRefused where there is none."""
    provinces = dict(_provinces(Month.of(run.last_month)))
    facilities = list(Facility.objects.values_list("pk", flat=True))
    if not facilities:
        raise RunRefused(_("Chưa có cơ sở y tế nào nên chưa có gì để tính."))
    rows = [RunFacility(run=run, area_id=provinces.get(pk, 0), facility_id=pk) for pk in facilities]
    RunFacility.objects.bulk_create(rows, batch_size=2000)
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE indicators_runfacility")  # else the parts are planned for an empty table
    keys = {row.area_id for row in rows}
    names = dict(Area.objects.filter(pk__in=keys).values_list("pk", "name"))
    months = run.months
    RecomputePart.objects.bulk_create(
        RecomputePart(
            run=run,
            area_id=key,
            name=names.get(key, ""),
            first_month=max(months[0], months[0].replace(year=year, month=1)),
            last_month=min(months[-1], months[-1].replace(year=year, month=12)),
        )
        for key in sorted(keys)
        for year in range(months[0].year, months[-1].year + 1)
    )


def _provinces(last: Month) -> Iterator[tuple[int, int]]:
    """(facility, province): the one of the last month that holds most of it; for those in none, its last province."""
    day = last.first_day
    rows = Contribution.objects.filter(area__level=Area.Level.PROVINCE).values_list(
        "facility", "area", "share", "from_month", "area__valid_from", "area__valid_to"
    )
    best: dict[int, tuple] = {}
    for facility, area, share, since, begun, ended in rows:
        stands = begun <= last.last_day and (ended is None or ended > day)
        best[facility] = max(best.get(facility, (False,)), (stands, share or 0, since, area))
    return ((facility, row[-1]) for facility, row in best.items())


def _require(by: User | None) -> None:
    if by is not None and not administers_all(by):
        raise PermissionDenied
