"""Writing checked figures in bulk: submissions, values with their changes, approval, marks, log."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeAlias

from django.db.models import F
from django.db.models.functions import Coalesce
from django.utils import timezone

from facilities.models import Facility, User
from facilities.periods import Month
from indicators.actions.absences import end_absences
from indicators.actions.bulk import CHANGE_FIELDS, VALUE_FIELDS, insert_rows
from indicators.actions.log import record_each
from indicators.actions.marks import mark_everything, mark_stale, months_touched
from indicators.actions.notes import drop_texts
from indicators.actions.sheet_rows import unsay_nothing
from indicators.models import CellNote, DataValue, DataValueChange, Form, Submission
from indicators.values import BLANK, CellValue

Key: TypeAlias = tuple[int, int, date, int, int]  # facility, form, period, element, group
Slot: TypeAlias = tuple[int, int, date]  # facility, form, period
MARKS_ONE_BY_ONE = 300
AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Incoming:
    """A checked row: where it stands in the file, whose it is, and its value."""

    row: int
    facility: Facility
    form: Form
    value: CellValue


@dataclass(frozen=True, slots=True)
class Change:
    """One cell of a submission going from `old` to `new`; `is_new` where no row held it."""

    element: int
    group: int
    old: CellValue
    new: CellValue
    is_new: bool


def store(
    accepted: Mapping[Key, Incoming],
    submissions: Mapping[Slot, Submission],
    stored: Mapping[tuple[int, int, int], CellValue],
    *,
    by: User | None,
    approve: bool,
) -> list[Submission]:
    """Write the accepted rows inside the caller's transaction (shapes: see `imports`); all submissions are begun.

    Returns the submissions that were to be approved and were not: they hold a text nobody could read.
    """
    changes: dict[int, list[Change]] = defaultdict(list)
    for (*slot, element, group), incoming in accepted.items():
        submission = submissions[slot[0], slot[1], slot[2]]
        old = stored.get((submission.pk, element, group))
        if old != incoming.value:
            changes[submission.pk].append(Change(element, group, old or BLANK, incoming.value, old is None))
    touched = [submission for submission in submissions.values() if changes.get(submission.pk)]
    now = timezone.now()
    _write_values(touched, changes, by, now)
    named = {(facility, form, period) for facility, form, period, *_cell in accepted}
    unsay_nothing([submission.pk for submission in touched if submission.nothing_occurred])
    _drop_read_texts(accepted, submissions)
    asked = [submissions[slot] for slot in named] if approve else []
    unread = _unread(asked)
    moved = _approve([s for s in asked if s.pk not in unread], by, now)
    counted = [s for s in touched if s.status == Submission.Status.SUBMITTED]
    mark_many({s.pk: s for s in [*counted, *moved]}.values())
    record_each(by=by, verb="import", submissions=touched)
    record_each(by=by, verb="approve", submissions=moved, source="import")
    return [s for s in asked if s.pk in unread]


def _unread(submissions: Sequence[Submission]) -> set[int]:
    """Those not approved yet that still hold a text nobody could read, by their ids."""
    pks = [s.pk for s in submissions if s.status != Submission.Status.APPROVED]
    texts = CellNote.objects.filter(kind=CellNote.Kind.TYPED)
    return {
        pk
        for index in range(0, len(pks), AT_ONCE)
        for pk in texts.filter(submission__in=pks[index : index + AT_ONCE]).values_list(
            "submission", flat=True
        )
    }


def _drop_read_texts(accepted: Mapping[Key, Incoming], submissions: Mapping[Slot, Submission]) -> None:
    """A cell the file fills no longer holds a text that nobody could read."""
    filled = {(submissions[facility, form, period].pk, *cell) for facility, form, period, *cell in accepted}
    pks = list({pk for pk, *_cell in filled})
    for index in range(0, len(pks), AT_ONCE):
        notes = CellNote.objects.filter(
            submission__in=pks[index : index + AT_ONCE], kind=CellNote.Kind.TYPED
        ).values_list("pk", "submission", "element", "group")
        drop_texts(pk for pk, *cell in notes if tuple(cell) in filled)


def mark_many(submissions: Collection[Submission]) -> None:
    """Mark a few submissions one by one, many as the span of months they touch."""
    if len(submissions) <= MARKS_ONE_BY_ONE:
        mark_stale(submissions)
        return
    spans = [months_touched(s.period, yearly=s.form.is_yearly) for s in submissions]
    mark_everything(Month.of(min(first for first, _ in spans)), Month.of(max(last for _, last in spans)))


def begin_missing(accepted: Mapping[Key, Incoming], begun: Mapping[Slot, Submission]) -> None:
    """Begin the submissions the rows go into and nobody has; who holds the periods calls it before locking.

    In one order, so that two files at once wait for each other by turns; what another began meanwhile stands.
    """
    new: dict[Slot, Submission] = {}
    for (facility, form, period, *_cell), incoming in accepted.items():
        slot = (facility, form, period)
        if slot not in begun and slot not in new:
            new[slot] = Submission(facility=incoming.facility, form=incoming.form, period=period)
    Submission.objects.bulk_create(
        [new[slot] for slot in sorted(new)], batch_size=1000, ignore_conflicts=True
    )


def _write_values(
    touched: list[Submission], changes: Mapping[int, list[Change]], by: User | None, now: datetime
) -> None:
    author = by.pk if by else None
    new_values, changed_values, history = [], [], []
    for submission in touched:
        submission.version += 1
        pk, version = submission.pk, submission.version
        for c in changes[pk]:
            row = (pk, c.element, c.group, c.new.value, c.new.no_data, version)
            (new_values if c.is_new else changed_values).append(row)
            states = (c.old.value, c.old.no_data, c.new.value, c.new.no_data)
            history.append((pk, c.element, c.group, version, *states, now, author, "import", ""))
    for index in range(0, len(touched), AT_ONCE):
        chunk = [submission.pk for submission in touched[index : index + AT_ONCE]]
        Submission.objects.filter(pk__in=chunk).update(version=F("version") + 1)
    insert_rows(DataValue, VALUE_FIELDS, new_values)
    DataValue.objects.bulk_create(
        [
            DataValue(
                submission_id=pk, element_id=element, group_id=group, value=value, no_data=no_data, version=v
            )
            for pk, element, group, value, no_data, v in changed_values
        ],
        batch_size=1000,
        update_conflicts=True,
        unique_fields=["submission", "element", "group"],
        update_fields=["value", "no_data", "version"],
    )
    insert_rows(DataValueChange, CHANGE_FIELDS, history)


def _approve(submissions: Collection[Submission], by: User | None, now: datetime) -> list[Submission]:
    """Submit what is open, approve what is not approved yet; return those that moved."""
    moved = [s for s in submissions if s.status != Submission.Status.APPROVED]
    for index in range(0, len(moved), AT_ONCE):
        rows = Submission.objects.filter(pk__in=[s.pk for s in moved[index : index + AT_ONCE]])
        rows.exclude(status=Submission.Status.SUBMITTED).update(
            submitted_at=now, submitted_by=by, first_submitted_at=Coalesce("first_submitted_at", now)
        )
        rows.update(status=Submission.Status.APPROVED, reason="", decided_at=now, decided_by=by)
        CellNote.objects.filter(submission__in=rows, kind=CellNote.Kind.SENT_BACK).delete()
    for submission in moved:
        submission.status = Submission.Status.APPROVED
    if moved:
        end_absences(moved)
    return moved
