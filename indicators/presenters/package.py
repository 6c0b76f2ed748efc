"""The package of the entry page: all that it needs to be typed in, checked and compared with the network off."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from facilities.models import Facility, User
from facilities.periods import Month, format_period
from indicators.actions.notes import Notes
from indicators.cell_json import State, write_state
from indicators.deadlines import deadline_of
from indicators.expressions import cell_text
from indicators.models import CellNote, Form, FormItem, Submission
from indicators.presenters.check_rules import rules_of
from indicators.presenters.periods import period_words
from indicators.presenters.sheet import anchor_of, compared_days, items_of, values_of
from indicators.presenters.words import entry_words
from indicators.values import CellValue
from indicators.yardsticks import yardsticks_of

PROTOCOL = 1
PAST_MONTHS, PAST_YEARS = 12, 3


def package_of(
    *,
    facility: Facility,
    form: Form,
    period: date,
    submission: Submission | None,
    user: User,
    can_type: bool,
    notes: Notes,
    at: datetime,
) -> dict[str, Any]:
    """The package as docs/entry-protocol.md describes it. Five queries, and those of the yardsticks.

    `at` is before `submission` and `notes` were read.
    """
    items = list(items_of(form))
    past_periods = _past_periods(form, period)
    values = _values(facility, form, [period, *past_periods])
    key = (facility.code, form.code, format_period(period, yearly=form.is_yearly))
    deadline = deadline_of(form, period)
    return {
        "protocol": PROTOCOL,
        "at": timezone.localtime(at).isoformat(),
        "key": "/".join(key),
        "language": get_language(),
        "user": {"id": user.pk, "name": user.display_name, "username": user.get_username()},
        "urls": _urls(key),
        "status": submission.status if submission else Submission.Status.DRAFT,
        "version": submission.version if submission else 0,
        "can_type": can_type,
        "reason": submission.reason if submission else "",
        "received_at": _received_at(submission),
        "facility": {"code": facility.code, "name": facility.name},
        "form": _form(form),
        "period": {"text": key[2], "words": period_words(period, yearly=form.is_yearly)},
        "deadline": deadline.isoformat() if deadline else None,
        "sections": _sections(form, items),
        "values": values.get(period, {}),
        "notes": _notes(notes),
        "past": {
            format_period(day, yearly=form.is_yearly): values[day] for day in past_periods if day in values
        },
        "compared": [
            [format_period(day, yearly=form.is_yearly), words] for day, words in compared_days(form, period)
        ],
        "yardsticks": [one.as_json() for one in yardsticks_of(facility, form, period)],
        "rules": rules_of(form.code, period),
        "words": entry_words(),
    }


def _form(form: Form) -> dict[str, Any]:
    return {
        "code": form.code,
        "valid_from": form.valid_from.isoformat(),
        "label": form.label,
        "legal_basis": form.legal_basis,
        "yearly": form.is_yearly,
        "allows_nothing": form.allows_nothing,
    }


def _urls(key: tuple[str, str, str]) -> dict[str, str]:
    named = {
        "page": "form",
        "sync": "sync",
        "history": "history",
        "nothing": "nothing",
    }
    own = {name: reverse(f"submissions:{view}", args=key) for name, view in named.items()}
    return own | {
        "sign_in": reverse("accounts:sign-in"),
        "due": reverse("submissions:due"),
        "due_forms": reverse("submissions:due-forms"),
        "who": reverse("submissions:who"),
        "worker": reverse("submissions:worker"),
    }


def _past_periods(form: Form, period: date) -> list[date]:
    """The twelve months before (the same month last year is the last of them), or the years before."""
    if form.is_yearly:
        return [date(period.year - n, 1, 1) for n in range(1, PAST_YEARS + 1)]
    return [(Month.of(period) - n).first_day for n in range(1, PAST_MONTHS + 1)]


def _values(facility: Facility, form: Form, periods: Sequence[date]) -> dict[date, dict[str, State]]:
    """Stored cells by period, without those that are blank. One query."""
    return {
        period: {cell_text(cell): write_state(state) for cell, state in cells.items() if not state.is_blank}
        for period, cells in values_of(facility, form.code, periods).items()
    }


def _received_at(submission: Submission | None) -> str | None:
    if submission is None:
        return None
    last: datetime | None = submission.changes.order_by("-at").values_list("at", flat=True).first()
    return timezone.localtime(last).isoformat() if last else None


def _sections(form: Form, items: Sequence[FormItem]) -> list[dict[str, Any]]:
    sections: dict[int, dict[str, Any]] = {}
    for item in items:
        section = sections.setdefault(
            item.section_id, {"id": item.section_id, "title": item.section.label, "rows": []}
        )
        section["rows"].append(_row(form, item))
    return list(sections.values())


def _row(form: Form, item: FormItem) -> dict[str, Any]:
    element, english = item.element, get_language() == "en"
    cell = (element.code, item.group.code)
    return {
        "cell": cell_text(cell),
        "id": anchor_of(cell),
        "column": item.column,
        "label": item.label,
        "definition": element.explanation,
        "example": english and element.example_en or element.example,
        "basis": _basis(form, item.column),
        "stock": element.is_stock,
    }


def _basis(form: Form, column: str) -> str:
    """Where the cell stands in the ministry's form: "Biểu 4, cột 8b (Thông tư 23/2025/TT-BYT)"."""
    words = {"form": form.label.partition(".")[0], "column": column, "basis": form.legal_basis}
    return _("%(form)s, cột %(column)s (%(basis)s)") % words


def _notes(notes: Notes) -> dict[str, dict[str, Any]]:
    return {
        cell_text(cell): {kind: _note(note) for kind, note in kinds.items()} for cell, kinds in notes.items()
    }


def _note(note: CellNote) -> Mapping[str, Any]:
    return {
        "text": note.text,
        "by": note.by.display_name if note.by else "",
        "at": timezone.localtime(note.at).isoformat(),
        "value": write_state(CellValue(note.value, note.no_data)),
    }
