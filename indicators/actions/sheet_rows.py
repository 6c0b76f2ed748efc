"""What a submission holds in every cell of its form: read in one query, written in three.

Written by hand: a save of forty cells does both each time, and building the queries they stand for costs more
than running them (benchmarks/entry_load.py).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from django.db import connection
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from facilities.models import User
from facilities.sql import with_tables
from indicators.expressions import Cell
from indicators.models import CellNote, DataElement, DataValue, DataValueChange, FormItem, Group, Submission
from indicators.values import BLANK, CellValue

SHEET = with_tables(
    """
    SELECT element.code, groups.code, item.element_id, item.group_id,
           stored.value, stored.no_data, stored.version, note.id
    FROM {item} item
    JOIN {element} element ON element.id = item.element_id
    JOIN {group} groups ON groups.id = item.group_id
    LEFT JOIN {value} stored
      ON stored.submission_id = %s AND stored.element_id = item.element_id AND stored.group_id = item.group_id
    LEFT JOIN {note} note
      ON note.submission_id = %s AND note.element_id = item.element_id AND note.group_id = item.group_id
      AND note.kind = %s
    WHERE item.form_id = %s
    """,
    item=FormItem,
    element=DataElement,
    group=Group,
    value=DataValue,
    note=CellNote,
)

COUNT = with_tables("UPDATE {submission} SET version = %s WHERE id = %s", submission=Submission)
# The cells, then what they share: PostgreSQL and SQLite both name the columns of VALUES column1, column2, …
HISTORY = """
INSERT INTO {change} (submission_id, element_id, group_id, version, old_value, old_no_data, new_value, new_no_data,
                      at, by_id, source, reason)
SELECT %s, column1, column2, %s, CAST(column3 AS bigint), column4, CAST(column5 AS bigint), column6,
       %s, CAST(%s AS bigint), %s, %s
FROM (VALUES {cells}) AS cell
"""
# What is stored is what the history last said.
STORE = with_tables(
    """
    INSERT INTO {value} (submission_id, element_id, group_id, value, no_data, version)
    SELECT submission_id, element_id, group_id, new_value, new_no_data, version
    FROM {change} WHERE submission_id = %s AND version = %s
    ON CONFLICT (submission_id, element_id, group_id)
    DO UPDATE SET value = excluded.value, no_data = excluded.no_data, version = excluded.version
    """,
    value=DataValue,
    change=DataValueChange,
)


class StoredCell(NamedTuple):
    """A cell of the form: its ids, its state, the version that wrote it (0: never), and its unread text's note."""

    element_id: int
    group_id: int
    state: CellValue
    version: int
    typed_note: int | None

    @property
    def key(self) -> tuple[int, int]:
        return self.element_id, self.group_id


def sheet_rows(submission: Submission) -> dict[Cell, StoredCell]:
    """Every cell of the submission's form. One query."""
    with connection.cursor() as cursor:
        cursor.execute(SHEET, [submission.pk, submission.pk, CellNote.Kind.TYPED.value, submission.form_id])
        return {
            (element, group): StoredCell(
                element_id,
                group_id,
                BLANK if version is None else CellValue(value, bool(no_data)),
                version or 0,
                note,
            )
            for element, group, element_id, group_id, value, no_data, version, note in cursor.fetchall()
        }


def write_states(
    submission: Submission,
    states: Mapping[tuple[int, int], CellValue],
    before: Mapping[tuple[int, int], CellValue],
    *,
    by: User | None,
    source: str,
    reason: str,
    now: datetime | None = None,
) -> None:
    """Write cells of a locked submission with their history; `before` is what they held (left out: blank).

    Both map (element id, group id) to a state. `states` is not empty. That nothing occurred is no longer said
    where something did.
    """
    submission.version += 1
    cells: list[object] = []
    for key, state in states.items():
        old = before.get(key, BLANK)
        cells += (*key, old.value, old.no_data, state.value, state.no_data)
    lines = ", ".join(["(%s, %s, %s, %s, %s, %s)"] * len(states))
    told = (submission.pk, submission.version, now or timezone.now(), by.pk if by else None, source, reason)
    with connection.cursor() as cursor:
        cursor.execute(COUNT, [submission.version, submission.pk])
        cursor.execute(HISTORY.format(change=DataValueChange._meta.db_table, cells=lines), [*told, *cells])
        cursor.execute(STORE, [submission.pk, submission.version])
    if submission.nothing_occurred:
        submission.nothing_occurred = not unsay_nothing([submission.pk])


def unsay_nothing(submissions: Sequence[int]) -> int:
    """Submissions (ids) that hold a count other than 0, or "no data", no longer say that nothing occurred.

    A stock (pregnant women at the end of the month) says nothing of what occurred. Returns how many said it.
    """
    occurred = DataValue.objects.filter(submission=OuterRef("pk"), element__is_stock=False).filter(
        Q(value__gt=0) | Q(no_data=True)
    )
    saying = Submission.objects.filter(pk__in=submissions, nothing_occurred=True)
    return saying.filter(Exists(occurred)).update(nothing_occurred=False)
