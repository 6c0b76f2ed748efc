"""Plans, lines, targets and tasks changed in the browser: who may, what is checked, what is logged."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from facilities.models import AuditEvent, Role
from plans.actions.changes import HasHistory
from plans.actions.editing import (
    delete_budget_line,
    delete_objective,
    delete_plan,
    save_budget_line,
    save_objective,
    save_plan,
)
from plans.actions.lines import delete_line, propose_meanings, save_line, set_target
from plans.actions.tasks import delete_task, report_progress, save_task
from plans.models import Objective, Plan, Task
from tests.factories import AgencyFactory, ProvinceFactory, person, settle_places
from tests.factories_plans import (
    BudgetLineFactory,
    EnteredFigureFactory,
    LineFactory,
    PlanFactory,
    TaskFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def plan():
    plan = PlanFactory()
    settle_places()
    return plan


@pytest.fixture
def planner(plan):
    return person(Role.PLANNER, area=plan.area)


@pytest.fixture
def leader(plan):
    return person(Role.LEADER, area=plan.area)


def test_a_planner_creates_and_changes_a_plan_and_the_log_tells_what(plan, planner):
    new = Plan(
        slug="moi",
        title="Mới",
        short_title="Mới",
        area=plan.area,
        issuer=plan.issuer,
        start_year=2026,
        end_year=2026,
    )
    save_plan(plan=new, by=planner)
    new.number = "9/KH-SYT"

    save_plan(plan=new, by=planner)

    assert Plan.objects.get(slug="moi").number == "9/KH-SYT"
    event = AuditEvent.objects.get(verb="update", subject_type="plans.plan")
    assert event.details["changes"] == {"number": ["", "9/KH-SYT"]}


def test_an_unchanged_plan_leaves_no_trace(plan, planner):
    save_plan(plan=Plan.objects.get(pk=plan.pk), by=planner)

    assert not AuditEvent.objects.filter(verb="update").exists()


def test_a_plan_can_not_be_taken_from_an_area_one_has_no_say_in(plan):
    elsewhere = ProvinceFactory()
    settle_places()
    plan.area = elsewhere

    with pytest.raises(PermissionDenied):
        save_plan(plan=plan, by=person(Role.PLANNER, area=elsewhere))


def test_wrong_values_come_back_in_words(plan, planner):
    plan.end_year = plan.start_year - 1

    with pytest.raises(ValidationError, match="Năm kết thúc không được trước năm bắt đầu"):
        save_plan(plan=plan, by=planner)


def test_reading_is_not_editing(plan, leader):
    line, task = LineFactory(plan=plan), TaskFactory(plan=plan)
    attempts = [
        lambda: save_plan(plan=plan, by=leader),
        lambda: delete_plan(plan=plan, by=leader),
        lambda: save_objective(objective=line.objective, by=leader),
        lambda: delete_objective(objective=line.objective, by=leader),
        lambda: save_line(line=line, by=leader),
        lambda: delete_line(line=line, by=leader),
        lambda: set_target(line=line, year=2025, text="", meanings=[], by=leader),
        lambda: save_budget_line(line=BudgetLineFactory.build(plan=plan), by=leader),
        lambda: save_task(task=task, lead=[], partners=[], by=leader),
        lambda: delete_task(task=task, by=leader),
        lambda: report_progress(task=task, status="done", note="", by=leader),
    ]
    for attempt in attempts:
        with pytest.raises(PermissionDenied):
            attempt()


def test_what_people_worked_with_can_not_be_deleted(plan, planner):
    line = EnteredFigureFactory(line=LineFactory(plan=plan)).line
    for attempt in (
        lambda: delete_plan(plan=plan, by=planner),
        lambda: delete_line(line=line, by=planner),
        lambda: delete_objective(objective=line.objective, by=planner),
    ):
        with pytest.raises(HasHistory):
            attempt()


def test_what_nobody_worked_with_can_be_deleted(plan, planner):
    line, task = LineFactory(plan=plan), TaskFactory(plan=plan)
    delete_line(line=line, by=planner)
    delete_objective(objective=line.objective, by=planner)
    delete_task(task=task, by=planner)
    delete_budget_line(line=BudgetLineFactory(plan=plan), by=planner)

    delete_plan(plan=plan, by=planner)

    assert not Plan.objects.exists()
    assert AuditEvent.objects.filter(verb="delete").count() == 5


def test_an_objective_is_added_and_its_label_stays_unique(plan, planner):
    save_objective(objective=Objective(plan=plan, order=1, label="A", title="x"), by=planner)

    with pytest.raises(ValidationError, match="Ký hiệu mục tiêu này đã có"):
        save_objective(objective=Objective(plan=plan, order=2, label="A", title="y"), by=planner)


def test_the_meaning_of_a_baseline_follows_its_text(plan, planner):
    line = LineFactory(plan=plan, has_baseline=True, baseline_text="> 95")
    save_line(line=line, by=planner)
    assert (line.baseline_operator, line.baseline_value, line.baseline_kind) == (">", Decimal(95), "level")

    line.baseline_text = ""
    save_line(line=line, by=planner)
    assert (line.baseline_operator, line.baseline_value, line.baseline_kind) == ("", None, "")


def test_a_line_stays_within_its_plan(plan, planner):
    line = LineFactory(plan=plan)
    line.parent = LineFactory()

    with pytest.raises(ValidationError, match="cùng kế hoạch"):
        save_line(line=line, by=planner)


def test_a_target_is_typed_proposed_and_confirmed(plan, planner):
    line = LineFactory(plan=plan)
    meanings = propose_meanings(line=line, year=2025, text="≥ 97")

    targets = set_target(line=line, year=2025, text="≥ 97", meanings=meanings, by=planner)

    assert [(t.text, t.operator, t.value, t.is_signed) for t in targets] == [("≥ 97", ">=", 97, True)]
    assert line.targets.count() == 1

    set_target(line=line, year=2025, text="", meanings=[], by=planner)
    assert line.targets.count() == 0
    assert AuditEvent.objects.filter(verb="set_target").count() == 2


def test_a_target_outside_the_plans_years_is_refused(plan, planner):
    with pytest.raises(ValidationError, match="Năm không thuộc kế hoạch"):
        set_target(line=LineFactory(plan=plan), year=2030, text="", meanings=[], by=planner)


def test_agencies_of_a_task_keep_their_order(plan, planner):
    one, two = AgencyFactory(area=plan.area), AgencyFactory(area=plan.area)
    task = TaskFactory.build(plan=plan)

    save_task(task=task, lead=[two, one], partners=[one], by=planner)

    assert [(part.part, part.agency) for part in task.parts.all()] == [
        ("lead", two),
        ("lead", one),
        ("partner", one),
    ]


def test_an_officer_of_the_agency_that_succeeded_reports_on_its_task(plan):
    heir = AgencyFactory(area=plan.area)
    agency = AgencyFactory(area=plan.area, successor=heir)
    task = TaskFactory(plan=plan)
    task.parts.create(agency=agency, part="lead")
    officer = person(Role.OFFICER, agency=heir)

    report_progress(task=task, status="done", note="Xong", by=officer, completed_on=date(2025, 5, 31))

    task.refresh_from_db()
    assert (task.status, task.completed_on) == (Task.Status.DONE, date(2025, 5, 31))
    assert list(task.updates.values_list("note", "by")) == [("Xong", officer.pk)]


def test_a_task_done_is_done_today_and_may_be_opened_again(plan, planner):
    task = TaskFactory(plan=plan)
    report_progress(task=task, status="done", note="", by=planner)
    assert task.completed_on == timezone.localdate()

    report_progress(task=task, status="in_progress", note="Làm lại", by=planner)
    assert task.completed_on is None
    with pytest.raises(HasHistory):
        delete_task(task=task, by=planner)


def test_nothing_is_done_tomorrow(plan, planner):
    with pytest.raises(ValidationError, match="tương lai"):
        report_progress(
            task=TaskFactory(plan=plan),
            status="done",
            note="",
            by=planner,
            completed_on=timezone.localdate() + timedelta(days=1),
        )
