"""Section III: the plan's tasks, done, late or not begun, by the agency that leads them."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import date

from django.db.models import Exists, OuterRef

from facilities.periods import Month
from plans.models import Plan, Task, TaskAgency, TaskUpdate
from reporting.content.cells import NONE, Table, column, number, row, table, with_total
from reporting.content.periods import ReportPeriod, day_words, month_words

DONE, DONE_LATE, LATE, UNDER_WAY, NOT_STARTED = "done", "done_late", "late", "under_way", "not_started"
STATES = {
    DONE: "Hoàn thành đúng hạn",
    DONE_LATE: "Hoàn thành chậm",
    LATE: "Chậm, chưa hoàn thành",
    UNDER_WAY: "Đang thực hiện, chưa đến hạn",
    NOT_STARTED: "Chưa thực hiện, chưa đến hạn",
}
SHARED_NOTE = "Nhiệm vụ do nhiều cơ quan chủ trì được tính cho từng cơ quan."


def read_tasks(plan: Plan) -> list[Task]:
    """The plan's tasks with who leads them, each told by `has_update` whether anybody ever reported on it."""
    told = Exists(TaskUpdate.objects.filter(task=OuterRef("pk")))
    return list(plan.tasks.annotate(has_update=told).prefetch_related("parts__agency"))


def state_of(task: Task, period: ReportPeriod, today: date) -> str:
    """How the task stands once the report's period is over, or today while it runs.

    Done after the period, it was not done yet: it tells of a report drawn up late what it told of one drawn up in time.
    """
    # A task due in the last month of the period is late once that month has passed.
    over = (period.last + 1).first_day
    is_late = task.is_late(min(over, today))
    if task.completed_on and task.completed_on < over:
        return DONE_LATE if is_late else DONE
    if is_late:
        return LATE
    return NOT_STARTED if task.status == Task.Status.NOT_STARTED else UNDER_WAY


def overall(states: Sequence[str]) -> str:
    """The tally in a sentence."""
    if not states:
        return "Kế hoạch không có phụ lục giao nhiệm vụ."
    counts, n = Counter(states), len(states)
    done = counts[DONE] + counts[DONE_LATE]
    late_of_done = f" (trong đó {counts[DONE_LATE]} hoàn thành chậm)" if counts[DONE_LATE] else ""
    return (
        f"Tổng số {n} nhiệm vụ: hoàn thành {done}/{n}{late_of_done}; chậm tiến độ {counts[LATE]}/{n}; "
        f"đang thực hiện {counts[UNDER_WAY]}/{n}; chưa thực hiện {counts[NOT_STARTED]}/{n}."
    )


def late_items(tasks: Sequence[Task], states: Sequence[str]) -> list[str]:
    """The tasks past their month and not done, with who leads them, and whether nobody ever told of them."""
    late = [task for task, state in zip(tasks, states, strict=True) if state == LATE]
    return [
        f"{task.content.rstrip('.')} (chủ trì: {agencies(task, TaskAgency.Part.LEAD) or NONE}; "
        f"thời hạn: {month_words(Month.of(task.due_month))}{'' if task.has_update else '; chưa có cập nhật'})."
        for task in late
        if task.due_month
    ]


def agencies(task: Task, part: str) -> str:
    return ", ".join(p.agency.name for p in task.parts.all() if p.part == part)


def by_agency_table(tasks: Sequence[Task], states: Sequence[str]) -> Table:
    """One row a lead agency, and their sum; a task led by two counts for both."""
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for task, state in zip(tasks, states, strict=True):
        for part in task.parts.all():
            if part.part == TaskAgency.Part.LEAD:
                counts[part.agency.name][state] += 1
    rows = [
        row([str(index), name, number(sum(own.values())), *[number(own[state]) for state in STATES]])
        for index, (name, own) in enumerate(sorted(counts.items()), start=1)
    ]
    return table(
        "tasks_by_agency",
        "TÌNH HÌNH THỰC HIỆN NHIỆM VỤ THEO CƠ QUAN CHỦ TRÌ",
        [
            column("STT", 6, "center"),
            column("Cơ quan chủ trì", 26),
            column("Tổng số", 7, "right"),
            *[column(title, 10, "right") for title in STATES.values()],
        ],
        with_total(rows, ["", "Cộng"]),
        note=SHARED_NOTE if any(is_shared(task) for task in tasks) else "",
    )


def is_shared(task: Task) -> bool:
    return sum(part.part == TaskAgency.Part.LEAD for part in task.parts.all()) > 1


def tasks_table(tasks: Sequence[Task], states: Sequence[str]) -> Table:
    """Every task with its agencies, due month, output and state."""
    rows = [
        row(
            [
                task.label,
                task.content,
                agencies(task, TaskAgency.Part.LEAD) or NONE,
                agencies(task, TaskAgency.Part.PARTNER) or NONE,
                month_words(Month.of(task.due_month)) if task.due_month else NONE,
                task.output or NONE,
                STATES[state],
                day_words(task.completed_on) if task.completed_on and state in (DONE, DONE_LATE) else NONE,
            ]
        )
        for task, state in zip(tasks, states, strict=True)
    ]
    return table(
        "tasks",
        "KẾT QUẢ THỰC HIỆN NHIỆM VỤ",
        [
            column("STT", 5, "center"),
            column("Nhiệm vụ", 40),
            column("Chủ trì", 18),
            column("Phối hợp", 22),
            column("Thời hạn", 9, "center"),
            column("Kết quả đầu ra", 18),
            column("Tình trạng", 16),
            column("Hoàn thành ngày", 11, "center"),
        ],
        rows,
    )
