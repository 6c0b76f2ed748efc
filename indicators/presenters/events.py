"""The way of a submission in words: submitted, sent back with its reason, recalled, approved; what changed since."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from facilities.models import AuditEvent
from indicators.models import DataValueChange, FormItem, Submission
from indicators.presenters.sheet import printed
from indicators.values import BLANK, CellValue

STEPS: dict[str, Promise] = {
    "submit": gettext_lazy("nộp"),
    "nothing_occurred": gettext_lazy("báo không phát sinh"),
    "send_back": gettext_lazy("trả lại"),
    "recall": gettext_lazy("lấy lại để sửa"),
    "approve": gettext_lazy("duyệt"),
    "propose_correction": gettext_lazy("đề nghị đính chính"),
    "accept_correction": gettext_lazy("chấp nhận đính chính"),
    "refuse_correction": gettext_lazy("không chấp nhận đính chính"),
    "withdraw_correction": gettext_lazy("rút đề nghị đính chính"),
}
LISTED = 6


@dataclass(frozen=True)
class Step:
    """One event: `word` says what, `text` the reason given or what the station said, `cells` what of single cells."""

    at: datetime
    word: str
    by: str
    text: str
    cells: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class CellChange:
    """One cell of the form, by its column: what it was then and what it is now, printed."""

    column: str
    label: str
    before: str
    after: str

    def __str__(self) -> str:
        blank = _("trống")
        words = {"column": self.column, "before": self.before or blank, "after": self.after or blank}
        return _("cột %(column)s (%(before)s → %(after)s)") % words


def steps_of(submission: Submission | None) -> list[Step]:
    """All steps, the newest first. One query."""
    if submission is None:
        return []
    return [_step(event) for event in _events(submission).filter(verb__in=STEPS).order_by("-at", "-id")]


def _step(event: AuditEvent) -> Step:
    text = event.details.get("reason") or event.details.get("remark") or ""
    told = event.details.get("cells", {}) if event.verb == "send_back" else {}
    names = event.details.get("names", {})
    named = [(names.get(cell, cell), words) for cell, words in told.items()]
    # Without a reason for the whole the words on the cells made one.
    apart = tuple((name, words) for name, words in named if f"{name}: {words}" not in text)
    return Step(event.at, str(STEPS[event.verb]), event.actor_name, text, apart)


def remark_of(submission: Submission) -> str:
    """What the station said when it last submitted. One query."""
    last = _events(submission).filter(verb="submit").order_by("-at", "-id").first()
    return last.details.get("remark", "") if last else ""


def changes_since(
    submission: Submission, *, version: int | None = None, moment: datetime | None = None
) -> list[CellChange]:
    """Cells that differ from what they were at the version or moment, in the order of the form. Two queries."""
    changes = submission.changes.order_by("version")
    if version is not None:
        changes = changes.filter(version__gt=version)
    if moment is not None:
        changes = changes.filter(at__gt=moment)
    spans: dict[tuple[int, int], list[DataValueChange]] = {}
    for change in changes:
        spans.setdefault((change.element_id, change.group_id), []).append(change)
    if not spans:
        return []
    return _in_words(submission, spans)


def changes_text(changes: Sequence[CellChange]) -> str:
    """The first few changes in one line: "cột 12 (0 → 9), cột 13 (trống → 2)"."""
    more = len(changes) - LISTED
    text = ", ".join(str(change) for change in changes[:LISTED])
    return text + (_(" và %(n)s ô khác") % {"n": more} if more > 0 else "")


def _in_words(
    submission: Submission, spans: dict[tuple[int, int], list[DataValueChange]]
) -> list[CellChange]:
    items = FormItem.objects.filter(form=submission.form_id).select_related("section", "element", "group")
    found = []
    for item in items.order_by("section__order", "order"):
        span = spans.get((item.element_id, item.group_id))
        before = CellValue(span[0].old_value, span[0].old_no_data) if span else BLANK
        after = CellValue(span[-1].new_value, span[-1].new_no_data) if span else BLANK
        if before != after:
            found.append(CellChange(item.column, item.label, printed(before), printed(after)))
    return found


def _events(submission: Submission) -> QuerySet[AuditEvent]:
    """Its events; the time it was begun narrows the log, which has no index by subject."""
    return AuditEvent.objects.filter(
        subject_type=submission._meta.label_lower,
        subject_id=str(submission.pk),
        at__gte=submission.created_at,
    )
