"""What a reminder says, in the language that is active."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from facilities.actions.notices import Words
from facilities.templatetags.portal import day, moment, weekday
from indicators.deadlines import Owed
from indicators.models import Submission
from indicators.presenters.periods import period_words
from indicators.reminder_days import Stage


@dataclass
class Waiting:
    """What waits for one reviewer: submissions by the form's code, the oldest, and proposals to correct."""

    forms: dict[str, int]
    oldest: datetime | None = None
    corrections: int = 0


def deadline_words(stage: Stage, deadline: date, today: date, missing: Sequence[Owed]) -> Words:
    """One notice for everything a person has missing at one deadline."""
    n = len(missing)
    left = ngettext("còn %(n)s báo cáo chưa nộp", "còn %(n)s báo cáo chưa nộp", n) % {"n": n}
    if stage == Stage.LATE:
        title = _("Đã quá hạn %(day)s: %(left)s")
    elif stage == Stage.DUE and deadline == today:
        title = _("Hôm nay, %(day)s, là hạn cuối: %(left)s")
    else:
        title = _("Hạn nộp %(day)s: %(left)s")
    lines = [f"– {place}: {forms}" for place, forms in _by_place(missing).items()]
    if stage == Stage.LATE:
        lines += [
            "",
            _("Nếu kỳ này không có số liệu, hãy báo “không phát sinh” hoặc ghi lý do chưa báo cáo."),
        ]
    path = reverse("submissions:form", args=missing[0].address) if n == 1 else reverse("submissions:due")
    return Words(title % {"day": weekday(deadline), "left": left}, "\n".join(lines), path)


def _by_place(missing: Sequence[Owed]) -> dict[str, str]:
    """Forms by facility and period: "Trạm Y tế Ba Đồn, tháng 10/2026" → "Biểu 4; Biểu 8"."""
    found: dict[str, list[str]] = {}
    for one in sorted(missing, key=lambda o: (o.facility.code, o.period, o.form.code)):
        period = period_words(one.period, yearly=one.form.is_yearly)
        found.setdefault(f"{one.facility.name}, {period}", []).append(one.form.label)
    return {place: "; ".join(forms) for place, forms in found.items()}


def sent_back_words(submission: Submission) -> Words:
    """A report that was sent back, with the reason as it was written."""
    title = _("Trả lại để sửa: %(report)s") % {"report": _named(submission)}
    text = _("Báo cáo: %(form)s\nTrả lại lúc: %(at)s\nLý do: %(reason)s") % {
        "form": submission.form.label,
        "at": moment(submission.decided_at),
        "reason": submission.reason,
    }
    return Words(title, text, submission.get_absolute_url())


def approved_words(submissions: Sequence[Submission]) -> Words:
    """Reports of one clerk that were approved in one go: the one by name, more of them counted and listed."""
    n, names = len(submissions), [_named(one) for one in submissions]
    many = ngettext("Đã duyệt %(n)s báo cáo", "Đã duyệt %(n)s báo cáo", n) % {"n": n}
    title = _("Đã duyệt: %(report)s") % {"report": names[0]} if n == 1 else many
    lines = [f"– {name}" for name in sorted(names)]
    text = _("Số liệu đã vào kết quả chính thức. Muốn sửa thì đề nghị đính chính.")
    path = submissions[0].get_absolute_url() if n == 1 else f"{reverse('submissions:review')}?status=approved"
    return Words(title, "\n".join([*lines, "", text]), path)


def _named(submission: Submission) -> str:
    period = period_words(submission.period, yearly=submission.form.is_yearly)
    return f"{submission.facility}, {submission.form.code}, {period}"


def digest_words(waiting: Waiting, names: Mapping[str, str]) -> Words:
    """What waits for a reviewer this morning: counts by form, the oldest, proposals to correct."""
    n, corrections = sum(waiting.forms.values()), waiting.corrections
    reports = ngettext("%(n)s báo cáo chờ duyệt", "%(n)s báo cáo chờ duyệt", n) % {"n": n}
    proposals = ngettext(
        "%(n)s đề nghị đính chính chờ xem xét", "%(n)s đề nghị đính chính chờ xem xét", corrections
    ) % {"n": corrections}
    title = ", ".join(words for count, words in ((n, reports), (corrections, proposals)) if count)
    lines = [f"– {names.get(code, code)}: {count}" for code, count in sorted(waiting.forms.items())]
    if waiting.oldest:
        since = day(timezone.localtime(waiting.oldest).date())
        lines += ["", _("Báo cáo chờ lâu nhất nộp ngày %(day)s.") % {"day": since}]
    return Words(title, "\n".join(lines), reverse("submissions:review"))
