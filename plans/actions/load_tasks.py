"""Tasks of a plan file into the database, keeping how they stand and what was said of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from facilities.models import Agency
from plans.files import TaskEntry
from plans.models import Plan, Task, TaskAgency


def store_tasks(plan: Plan, entries: Sequence[TaskEntry], agencies: dict[str, Agency]) -> list[str]:
    """Create or update the tasks in the order of the file; return why a task may not be dropped."""
    existing = {(task.section, task.label): task for task in plan.tasks.prefetch_related("parts")}
    for order, entry in enumerate(entries, start=1):
        task = existing.pop((entry.section, entry.label), None)
        parts = parts_of(entry, agencies)
        if task is None:
            task = Task.objects.create(
                plan=plan, section=entry.section, label=entry.label, **_fields(entry, order)
            )
            before: list[tuple] = []
        else:
            before = sorted((part.part, part.order, part.agency_id) for part in task.parts.all())
            _update(task, _fields(entry, order))
        if before != sorted(parts):
            set_parts(task, parts)
    return _drop(list(existing.values()))


def parts_of(entry: TaskEntry, agencies: dict[str, Agency]) -> list[tuple[str, int, int]]:
    """(part, order, agency id) for every agency the task names, in the order printed."""
    return [
        (part, order, agencies[name].pk)
        for part, names in (("lead", entry.lead), ("partner", entry.partners))
        for order, name in enumerate(names)
    ]


def set_parts(task: Task, parts: Sequence[tuple[str, int, int]]) -> None:
    task.parts.all().delete()
    TaskAgency.objects.bulk_create(
        TaskAgency(task=task, part=part, order=order, agency_id=agency) for part, order, agency in parts
    )


def _fields(entry: TaskEntry, order: int) -> dict[str, Any]:
    return {
        "order": order,
        "content": entry.content,
        "original_text": entry.original,
        "due_month": entry.due.first_day if entry.due else None,
        "output": entry.output,
        "note": entry.note,
    }


def _update(task: Task, fields: dict[str, Any]) -> None:
    changed = [name for name, value in fields.items() if getattr(task, name) != value]
    if changed:
        for name in changed:
            setattr(task, name, fields[name])
        task.save(update_fields=changed)


def _drop(tasks: Sequence[Task]) -> list[str]:
    refused = [
        f"nhiệm vụ “{task.label}” đã có báo cáo tiến độ nên không thể bỏ khỏi kế hoạch"
        for task in tasks
        if task.updates.exists()
    ]
    if not refused:
        Task.objects.filter(pk__in=[task.pk for task in tasks]).delete()
    return refused
