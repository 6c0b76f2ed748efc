"""Tasks of a plan with their agencies, and what is late."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from plans.models import Task, TaskAgency

UNDONE = (Task.Status.NOT_STARTED, Task.Status.IN_PROGRESS)


@dataclass(frozen=True)
class Entry:
    """A task as shown. `state` names its badge: `done`, `late`, `in_progress` or `not_started`."""

    task: Task
    lead: list[str]
    partners: list[str]
    state: str
    state_word: str
    is_own: bool


def present_tasks(tasks: Iterable[Task], *, today: date, own: Collection[int]) -> list[Entry]:
    """`own`: ids of the reader's agencies. Needs `parts__agency` prefetched."""
    return [entry_of(task, today=today, own=own) for task in tasks]


def entry_of(task: Task, *, today: date, own: Collection[int]) -> Entry:
    parts = list(task.parts.all())
    state, word = _state(task, today)
    return Entry(
        task=task,
        lead=[part.agency.name for part in parts if part.part == TaskAgency.Part.LEAD],
        partners=[part.agency.name for part in parts if part.part == TaskAgency.Part.PARTNER],
        state=state,
        state_word=word,
        is_own=any(part.agency_id in own for part in parts),
    )


def count_states(entries: Iterable[Entry]) -> list[tuple[int, str, str]]:
    """(how many, state, word), the same words for the same state, worst first."""
    order = ["late", "in_progress", "not_started", "done"]
    found = Counter((entry.state, _short(entry)) for entry in entries)
    return sorted(
        ((n, state, word) for (state, word), n in found.items()), key=lambda row: order.index(row[1])
    )


def _short(entry: Entry) -> str:
    return _("quá hạn") if entry.state == "late" else str(entry.task.get_status_display())


def _state(task: Task, today: date) -> tuple[str, str]:
    word = str(task.get_status_display())
    if not task.is_late(today):
        return str(task.status), word
    if task.status in UNDONE:
        return "late", _("quá hạn, %(status)s") % {"status": word}
    return "done", _("hoàn thành muộn")
