"""What an officer types of a report, kept part by part, so that nobody's text is written over unseen."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any, TypeAlias
from unicodedata import normalize

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from facilities.actions.audit import record
from facilities.models import AuditEvent, User
from facilities.permissions import Permission, require
from reporting.actions.reports import ReportError
from reporting.content.header import DOCUMENT
from reporting.content.sections import NARRATIVE
from reporting.models import Editing, Report

NARRATIVE_LIMIT = 20_000
ADDITION_LIMIT = 5_000
MOST_ADDITIONS = 500
KEY_LIMIT = 100
FINGERPRINT_LENGTH = 16
# A page saves at every pause in typing: one event tells of all that one person typed into a part meanwhile.
ONE_EVENT_FOR = timedelta(minutes=10)

Value: TypeAlias = str | list[str]
Parts: TypeAlias = Mapping[str, Value]
# What was typed by the report's own field: `narrative`, `additions`, `document`.
Typed: TypeAlias = Mapping[str, Parts]


class PartTooLong(ReportError):
    def __init__(self, key: str, limit: int) -> None:
        text = _("Phần “%(part)s” dài quá %(limit)s ký tự.")
        super().__init__(text % {"part": NARRATIVE.get(key, key), "limit": limit})


class UnknownPart(ReportError):
    def __init__(self, key: str) -> None:
        super().__init__(_("Báo cáo không có phần “%(part)s”.") % {"part": key[:KEY_LIMIT]})


class TypedConflict(ReportError):
    """Somebody else changed the same parts meanwhile; `others` holds what they wrote, by field and part."""

    def __init__(self, others: Typed) -> None:
        self.others = {field: dict(parts) for field, parts in others.items()}
        super().__init__(_("Phần này vừa được sửa ở nơi khác. Các phần khác đã lưu."))


def fingerprint(value: Value) -> str:
    """What tells one text of a part from another: a page carries it to say which text it has shown."""
    return hashlib.sha256(as_text(value).encode()).hexdigest()[:FINGERPRINT_LENGTH]


def as_text(value: Value) -> str:
    """A part as a text field shows it, a list one a line, its letters composed as the decree asks."""
    text = value if isinstance(value, str) else "\n".join(value)
    return normalize("NFC", "\n".join(text.split("\r\n"))).strip()


def write_typed(*, report: Report, typed: Typed, by: User, shown: Typed | None = None) -> Report:
    """Keep parts of what the officer types; parts left out stay as they are, empty ones are taken away.

    shown: the fingerprint of what each part was typed over, by field and part. A part that still is what was
    shown stays as it is stored; one that somebody else changed meanwhile is not overwritten: the others are
    kept, then TypedConflict is raised. Without `shown` every part given is written.
    Raises PermissionDenied, PartTooLong, UnknownPart, TypedConflict.
    """
    require(by, Permission.PREPARE_REPORT, report.area)
    tidy = {field: {key: _tidy(value) for key, value in parts.items()} for field, parts in typed.items()}
    for field, parts in tidy.items():
        _check(field, parts)
    conflicts = _write(report, tidy, by, shown)
    if conflicts:
        raise TypedConflict(conflicts)
    return report


def _tidy(value: Value) -> Value:
    return as_text(value) if isinstance(value, str) else [bare for line in value if (bare := as_text(line))]


def _check(field: str, parts: Parts) -> None:
    known = {"narrative": NARRATIVE, "document": DOCUMENT, "additions": parts}[field]
    limit = ADDITION_LIMIT if field == "additions" else NARRATIVE_LIMIT
    for key, value in parts.items():
        if key not in known or not key.isprintable() or not 0 < len(key) <= KEY_LIMIT:
            raise UnknownPart(key)
        if len(as_text(value)) > limit:
            raise PartTooLong(key, limit)


@transaction.atomic
def _write(report: Report, typed: Typed, by: User, shown: Typed | None) -> dict[str, dict[str, Value]]:
    """Write the parts that may be written; return what is stored of those that may not."""
    stored = Report.objects.select_for_update().get(pk=report.pk)
    conflicts, changed = {}, []
    for field, parts in typed.items():
        before = getattr(stored, field)
        kept, refused = _merge(before, parts, None if shown is None else shown.get(field, {}))
        setattr(report, field, kept)
        if refused:
            conflicts[field] = refused
        if names := sorted(key for key in parts if kept.get(key) != before.get(key)):
            changed.append(field)
            _record(report, by, f"write_{field}", names)
        if len(report.additions) > MOST_ADDITIONS:
            raise UnknownPart("additions")
    if changed:
        report.save(update_fields=changed)
    return conflicts


def _merge(
    stored: Mapping[str, Any], typed: Parts, shown: Parts | None
) -> tuple[dict[str, Any], dict[str, Value]]:
    """What is kept of a field, and what is stored of the parts in conflict."""
    kept, conflicts = dict(stored), {}
    for key, value in typed.items():
        now = stored.get(key, "")
        mine, theirs = fingerprint(value), fingerprint(now)
        before = theirs if shown is None else shown.get(key, fingerprint(""))
        if mine == theirs or (shown is not None and mine == before):
            continue
        if theirs != before:
            conflicts[key] = now
        elif value:
            kept[key] = value
        else:
            kept.pop(key, None)
    return kept, conflicts


def _record(report: Report, by: User, verb: str, parts: Iterable[str]) -> None:
    mine = AuditEvent.objects.filter(
        subject_type=Report._meta.label_lower, subject_id=str(report.pk), actor_id=by.pk, verb=verb
    )
    recent = mine.filter(at__gt=timezone.now() - ONE_EVENT_FOR).values_list("details", flat=True)
    told = {part for details in recent for part in details["parts"]}
    if new := [part for part in parts if part not in told]:
        record(by=by, verb=verb, subject=report, area=report.area, parts=new)


def note_editing(*, report: Report, by: User, now: datetime) -> None:
    """Say that the person has the report open. Presence is no act: the log does not hold it.

    Raises PermissionDenied.
    """
    require(by, Permission.PREPARE_REPORT, report.area)
    Editing.objects.bulk_create(
        [Editing(report=report, user=by, seen_at=now)],
        update_conflicts=True,
        unique_fields=["report", "user"],
        update_fields=["seen_at"],
    )
