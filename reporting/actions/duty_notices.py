"""Telling a plan's officers what is due: a draft is ready, the day comes near, the day has come, it has passed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from functools import partial

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from facilities.actions.notices import Event, Words, tell
from facilities.models import User
from facilities.recipients import planners_of
from facilities.working_days import nth_working_day_after
from reporting.models import ExpectedReport

KIND = "report_due"
# Told this many working days before; a report long overdue is on the list, not in the mail.
SOON_DAYS = 5
OVERDUE_AT_MOST = timedelta(days=30)


def tell_officers(*, today: date) -> int:
    """One notice an event and person, whatever restarts; return how many are new."""
    rows = (
        ExpectedReport.objects.filter(received_on=None, due_on__gte=today - OVERDUE_AT_MOST)
        .select_related("duty__plan", "report")
        .order_by("pk")
    )
    events = [(row, stage) for row in rows if (stage := stage_of(row, today))]
    planners = planners_of({row.duty.plan.area_id for row, _stage in events})
    return tell(_events(events, planners), now=timezone.now())


def stage_of(row: ExpectedReport, today: date) -> str:
    """ "draft", "soon", "today" or "late"; "" where there is nothing to tell.

    Of others' reports only that they are late.
    """
    if today > row.due_on:
        return "late"
    if not row.duty.is_own:
        return ""
    if today == row.due_on:
        return "today"
    if nth_working_day_after(today, SOON_DAYS) >= row.due_on:
        return "soon"
    return "draft" if row.report_id else ""


def _events(stages: list[tuple[ExpectedReport, str]], planners: dict[int, list[User]]) -> Iterator[Event]:
    told = set()
    for row, stage in stages:
        # Of several agencies that owe under one duty the officer is told once.
        subject = f"{row.pk}" if row.duty.is_own else f"{row.duty_id}-{row.year}"
        key = f"report-{stage}:{subject}:{row.due_on:%Y-%m-%d}"
        for user in planners.get(row.duty.plan.area_id, []):
            if (user.pk, key) not in told:
                told.add((user.pk, key))
                yield Event(user=user, kind=KIND, key=key, write=partial(_words, row, stage))


def _words(row: ExpectedReport, stage: str) -> Words:
    said = {"plan": row.duty.plan.short_title, "year": row.year, "day": f"{row.due_on:%d/%m/%Y}"}
    titles = {
        "draft": _("Đã mở bản nháp báo cáo năm %(year)s, hạn gửi %(day)s"),
        "soon": _("Sắp đến hạn gửi báo cáo năm %(year)s: %(day)s"),
        "today": _("Hôm nay là hạn gửi báo cáo năm %(year)s"),
        "late": _("Quá hạn gửi báo cáo năm %(year)s: %(day)s")
        if row.duty.is_own
        else _("Chưa nhận đủ báo cáo năm %(year)s của các cơ quan, hạn %(day)s"),
    }
    recipient = {"recipient": row.duty.recipient}
    text = _("Kế hoạch: %(plan)s. Báo cáo gửi %(recipient)s.") % (said | recipient)
    path = row.report.get_absolute_url() if row.report else reverse("reports:duties")
    return Words(title=titles[stage] % said, text=text, path=path)
