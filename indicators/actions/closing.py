"""Closing a period in an area, and opening it again: both signed, both in the log."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from facilities.actions.audit import record
from facilities.models import Area, User
from facilities.periods import format_period
from facilities.permissions import Permission, require
from indicators.actions.closures import hold_period, standing_in
from indicators.models import ClosedPeriod, Form, Submission


class ClosingRefused(Exception):
    """The period can not be closed or opened; the text says why."""


@transaction.atomic
def close_period(*, area: Area, period: date, yearly: bool, by: User, note: str = "") -> ClosedPeriod:
    """Hold the figures of a period as they stand in the area, until somebody reopens it.

    Who begins a form of the period in this moment is waited for, and so is who saves or decides, by the rows of
    submissions there; who comes after sees the closure.
    Raises PermissionDenied, ClosingRefused where the period is not over or is closed already.
    """
    require(by, Permission.CLOSE_PERIOD, area)
    if not can_close(period, yearly=yearly, today=timezone.localdate()):
        raise ClosingRefused(_("Kỳ này chưa hết, chưa khóa được."))
    hold_period(period, yearly=yearly, alone=True)
    closed, created = ClosedPeriod.objects.get_or_create(
        area=area,
        period=period,
        yearly=yearly,
        defaults={"note": note.strip()[:300], "at": timezone.now(), "by": by},
    )
    if not created:
        raise ClosingRefused(_("Kỳ này đã khóa."))
    _wait_for_writers(area, period, yearly=yearly)
    record(by=by, verb="close_period", subject=closed, area=area, **_named(closed))
    return closed


@transaction.atomic
def reopen_period(*, closed: ClosedPeriod, by: User, reason: str) -> None:
    """Let figures of the period move again in the area.

    Raises PermissionDenied, ClosingRefused where no reason is given or somebody opened it meanwhile.
    """
    require(by, Permission.CLOSE_PERIOD, closed.area)
    if not reason.strip():
        raise ClosingRefused(_("Mở lại phải nêu lý do."))
    gone, _by_model = ClosedPeriod.objects.filter(pk=closed.pk).delete()
    if not gone:
        raise ClosingRefused(_("Kỳ này đã được mở lại."))
    record(
        by=by,
        verb="reopen_period",
        subject=closed,
        area=closed.area,
        reason=reason.strip(),
        **_named(closed),
    )


def can_close(period: date, *, yearly: bool, today: date) -> bool:
    """A month that is over; a year that has begun, for its form may be due within it."""
    return period.year <= today.year if yearly else period < today.replace(day=1)


def _wait_for_writers(area: Area, period: date, *, yearly: bool) -> None:
    kind = Form.Periodicity.YEAR if yearly else Form.Periodicity.MONTH
    rows = Submission.objects.select_for_update(of=("self",)).filter(
        period=period,
        form__periodicity=kind,
        facility__in=standing_in(area.pk, period, yearly=yearly).values("pk"),
    )
    list(rows.order_by("pk").values_list("pk", flat=True))


def _named(closed: ClosedPeriod) -> dict[str, object]:
    period = format_period(closed.period, yearly=closed.yearly)
    return {"period": period, "yearly": closed.yearly, "note": closed.note}
