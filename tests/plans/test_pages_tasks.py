"""Tasks: who sees which, who reports, and that nothing typed is lost."""

import pytest

from facilities.models import Role
from plans.models import Task, TaskUpdate
from tests.factories import AgencyFactory, person
from tests.factories_plans import TaskFactory
from tests.plans.pages import make_scene, signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def scene():
    return make_scene()


@pytest.fixture
def agency(scene):
    return AgencyFactory(area=scene.world.areas["M"], name="Chi cục Dân số")


@pytest.fixture
def task(scene, agency):
    task = TaskFactory(plan=scene.plan, label="1", content="Tập huấn cho cán bộ trạm")
    task.parts.create(agency=agency, part="lead")
    return task


@pytest.fixture
def officer(agency):
    return person(Role.OFFICER, agency=agency)


def text_of(response):
    return response.content.decode()


def test_an_officer_sees_own_tasks_and_the_document_only(scene, task, officer):
    TaskFactory(plan=scene.plan, label="2", content="Việc của cơ quan khác")
    client = signed_in(officer)
    base = f"/plans/{scene.plan.slug}"
    tasks = text_of(client.get(f"{base}/tasks/"))
    assert "Tập huấn cho cán bộ trạm" in tasks and "Việc của cơ quan khác" not in tasks
    assert scene.plan.short_title in text_of(client.get("/plans/"))
    assert client.get(f"{base}/document/").status_code == 200
    assert client.get(f"{base}/").headers["Location"] == f"{base}/tasks/"
    assert [client.get(f"{base}/{page}/").status_code for page in ("budget", "lines/1.1", "edit")] == [
        404
    ] * 3


def test_an_officer_of_the_successor_answers_for_the_task(scene, task, agency):
    successor = AgencyFactory(area=scene.world.areas["M"])
    agency.successor = successor
    agency.save()
    client = signed_in(person(Role.OFFICER, agency=successor))
    assert client.get(f"/plans/{scene.plan.slug}/tasks/{task.pk}/").status_code == 200


def test_another_agencys_task_does_not_exist_for_an_officer(scene, task, officer):
    other = TaskFactory(plan=scene.plan, label="2")
    client = signed_in(officer)
    url = f"/plans/{scene.plan.slug}/tasks/{other.pk}/"
    assert client.get(url).status_code == 404
    assert client.post(url, {"status": "done"}).status_code == 404


@pytest.mark.parametrize("who", ["officer", "planner"])
def test_officers_and_planners_report_progress(scene, task, officer, who):
    client = signed_in(officer if who == "officer" else scene.cast.planner)
    url = f"/plans/{scene.plan.slug}/tasks/{task.pk}/"
    response = client.post(url, {"status": "done", "completed_on": "2025-05-20", "note": "Đã xong 2 lớp"})
    task.refresh_from_db()
    assert (response.status_code, response.headers["Location"]) == (302, url)
    assert (task.status, str(task.completed_on)) == ("done", "2025-05-20")
    assert "Đã xong 2 lớp" in text_of(client.get(url))


@pytest.mark.parametrize("role", ["leader", "auditor"])
def test_readers_see_a_task_but_do_not_report(scene, task, role):
    client = signed_in(getattr(scene.cast, role))
    url = f"/plans/{scene.plan.slug}/tasks/{task.pk}/"
    assert "Ghi tình trạng" not in text_of(client.get(url))
    assert client.post(url, {"status": "done"}).status_code == 404
    assert not TaskUpdate.objects.exists()


def test_a_refused_report_keeps_what_was_typed(scene, task, officer):
    url = f"/plans/{scene.plan.slug}/tasks/{task.pk}/"
    response = signed_in(officer).post(
        url, {"status": "done", "completed_on": "2999-01-01", "note": "Ghi chú dài đã gõ"}
    )
    assert response.status_code == 422
    assert "Ngày hoàn thành không thể ở tương lai" in text_of(response)
    assert "Ghi chú dài đã gõ" in text_of(response)


def test_late_tasks_are_told_in_words(scene, task):
    page = text_of(signed_in(scene.cast.leader).get(f"/plans/{scene.plan.slug}/tasks/"))
    assert "quá hạn, chưa thực hiện" in page and 'class="state late"' in page
    task.status, task.completed_on = Task.Status.DONE, "2025-09-01"
    task.save()
    page = text_of(signed_in(scene.cast.leader).get(f"/plans/{scene.plan.slug}/tasks/"))
    assert "hoàn thành muộn" in page


def test_the_list_of_tasks_costs_the_same_at_any_size(scene, task, agency, django_assert_max_num_queries):
    for number in range(2, 30):
        TaskFactory(plan=scene.plan, label=str(number)).parts.create(agency=agency, part="lead")
    client = signed_in(scene.cast.leader)
    # session, person, assignments; the plan; own agencies; tasks, parts, agencies.
    with django_assert_max_num_queries(8):
        client.get(f"/plans/{scene.plan.slug}/tasks/")
