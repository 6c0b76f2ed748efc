"""How a report tells of the plan's tasks."""

from datetime import date

import pytest
from django.utils import timezone

from plans.models import Task
from reporting.content.cells import NONE, text_of
from reporting.content.periods import ReportPeriod
from reporting.content.tasks import DONE, LATE, UNDER_WAY, state_of, tasks_table
from tests.reporting.cases import make_plan
from tests.reporting.test_content import content_of, texts

pytestmark = pytest.mark.django_db


def test_tasks_are_done_late_or_under_way(world):
    plan = make_plan(world)
    said = texts(content_of(plan), "III")
    assert "chậm tiến độ 1/1" in said[0] and said[-1].endswith("; chưa có cập nhật).")
    task = Task.objects.get(plan=plan)
    task.updates.create(status="in_progress", at=timezone.now())
    assert not texts(content_of(plan), "III")[-1].endswith("; chưa có cập nhật).")
    Task.objects.filter(plan=plan).update(status="done", completed_on=date(2025, 7, 3))
    assert "hoàn thành 1/1 (trong đó 1 hoàn thành chậm)" in texts(content_of(plan), "III")[0]


def test_a_task_done_after_the_period_was_not_done_in_it(world):
    task = Task.objects.get(plan=make_plan(world))
    whole_year, drawn_up = ReportPeriod.parse(2025, "year"), date(2026, 1, 20)
    task.status, task.completed_on, task.due_month = Task.Status.DONE, date(2026, 1, 9), date(2025, 12, 1)
    assert state_of(task, whole_year, drawn_up) == LATE
    (row,) = tasks_table([task], [LATE])["rows"]
    assert [text_of(cell) for cell in row["cells"][-2:]] == ["Chậm, chưa hoàn thành", NONE]

    task.due_month = date(2026, 3, 1)
    assert state_of(task, whole_year, drawn_up) == UNDER_WAY
    task.completed_on = date(2025, 12, 31)
    assert state_of(task, whole_year, drawn_up) == DONE
