"""Words kept with a cell: a note, a reason, a reviewer's remark, a text that can not be read yet."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import TypeAlias

from django.db import transaction
from django.utils import timezone

from facilities.models import User
from indicators.actions.figure_errors import UnknownCell
from indicators.actions.log import record_each
from indicators.expressions import Cell, cell_text
from indicators.models import CellNote, DataValue, FormItem, Submission
from indicators.values import CellValue

Notes: TypeAlias = dict[Cell, dict[str, CellNote]]  # by cell and kind
MOST_CHARS = 500
LOGGED = frozenset({CellNote.Kind.NOTE, CellNote.Kind.REASON, CellNote.Kind.SENT_BACK})


@transaction.atomic
def write_notes(
    *,
    submission: Submission,
    kind: str,
    texts: Mapping[Cell, str],
    by: User | None,
    of: Mapping[Cell, CellValue] | None = None,
    joined: Collection[Cell] = (),
) -> int:
    """Set the words of one kind on these cells ("" takes them away); return how many cells changed.

    The value the cell holds now, or the one in `of`, is kept with the words: a reason speaks of that value
    alone. A text is cut at 500 characters, or where the one that stands there ends if that is longer; those of
    cells in `joined`, which hold the words of two people, stay whole. Who may write is asked by the caller.
    Raises UnknownCell.
    """
    if not texts:
        return 0
    items = _items(submission, texts)
    kept = {(n.element_id, n.group_id): n for n in submission.notes.filter(kind=kind)}
    states = _states(submission)
    now, written, gone, log = timezone.now(), [], [], {}
    for cell, text in texts.items():
        key = items[cell]
        old, state = kept.get(key), (of or {}).get(cell) or states.get(key)
        text = _kept(kind, text, None if cell in joined else max(MOST_CHARS, len(old.text) if old else 0))
        value, no_data = (state.value, state.no_data) if state else (None, False)
        if text == (old.text if old else "") and (
            old is None or (old.value, old.no_data) == (value, no_data)
        ):
            continue
        log[cell_text(cell)] = text
        if not text:
            gone.append(old.pk)
            continue
        spoken_of = {"text": text, "value": value, "no_data": no_data, "at": now, "by": by}
        written.append(
            CellNote(submission=submission, element_id=key[0], group_id=key[1], kind=kind, **spoken_of)
        )
    CellNote.objects.filter(pk__in=gone).delete()
    CellNote.objects.bulk_create(
        written,
        update_conflicts=True,
        unique_fields=["submission", "element", "group", "kind"],
        update_fields=["text", "value", "no_data", "at", "by"],
    )
    if log and kind in LOGGED:
        record_each(by=by, verb=f"note_{kind}", submissions=[submission], cells=log)
    return len(log)


def _states(submission: Submission) -> dict[tuple[int, int], DataValue]:
    """What the cells hold, by the ids of element and group. One query."""
    values = DataValue.objects.filter(submission=submission)
    fields = ("submission_id", "element_id", "group_id", "value", "no_data")
    return {(one.element_id, one.group_id): one for one in values.only(*fields)}


def unread_cells(submission: Submission) -> list[Cell]:
    """Cells that hold a text nobody could read yet, in the order of their codes."""
    notes = submission.notes.filter(kind=CellNote.Kind.TYPED).order_by("element__code", "group__code")
    return list(notes.values_list("element__code", "group__code"))


def drop_texts(notes: Iterable[int | None]) -> None:
    """Let go of texts that could not be read, by the ids of their notes; None is no note."""
    if gone := [pk for pk in notes if pk is not None]:
        CellNote.objects.filter(pk__in=gone).delete()


def write_changed_notes(
    *, submission: Submission, texts: Mapping[Cell, str], shown: datetime | None, by: User
) -> int:
    """Write the notes of a whole page, made at `shown` (None: now), and return how many changed.

    A note that still says what it said keeps its day and its value. One written since the page was made was not
    seen: it stands, and what the page says beside it is added, however long both are together.
    """
    if not texts:
        return 0
    notes = submission.notes.filter(kind=CellNote.Kind.NOTE).values_list(
        "element__code", "group__code", "text", "at"
    )
    stored = {(element, group): (text, at) for element, group, text, at in notes}
    changed, joined = {}, set()
    for cell, text in texts.items():
        old, at = stored.get(cell, ("", None))
        is_unseen = shown is not None and at is not None and at > shown
        if text[: max(MOST_CHARS, len(old))] == old or (is_unseen and not text):
            continue
        changed[cell] = f"{old}; {text[:MOST_CHARS]}" if is_unseen else text
        if is_unseen:
            joined.add(cell)
    if not changed:
        return 0
    return write_notes(submission=submission, kind=CellNote.Kind.NOTE, texts=changed, by=by, joined=joined)


def _kept(kind: str, text: str, most: int | None) -> str:
    """Words are trimmed; a text that waits to be corrected stays as it was typed, but for what no database holds."""
    text = text.replace("\x00", "").encode("utf-8", "replace").decode()
    return (text if kind == CellNote.Kind.TYPED else text.strip())[:most]


def notes_of(submission: Submission | None) -> Notes:
    """Every note of a submission by cell and kind, with `by` loaded. One query."""
    found: Notes = {}
    if submission is None:
        return found
    for note in submission.notes.select_related("element", "group", "by"):
        found.setdefault((note.element.code, note.group.code), {})[note.kind] = note
    return found


def _items(submission: Submission, texts: Mapping[Cell, str]) -> dict[Cell, tuple[int, int]]:
    rows = FormItem.objects.filter(form=submission.form_id).values_list(
        "element__code", "group__code", "element_id", "group_id"
    )
    items = {(element, group): (element_id, group_id) for element, group, element_id, group_id in rows}
    if unknown := [cell for cell in texts if cell not in items]:
        raise UnknownCell(unknown)
    return items
