"""The page of full recomputes: for administrators, without JavaScript, within its queries; the command beside it."""

from __future__ import annotations

import json
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from facilities.models import AuditEvent, StaleMark
from facilities.periods import Month
from indicators.actions import recompute, run_parts, runs
from indicators.models import FacilityResult, MonthlyResult, RecomputePart, RecomputeRun
from tests.factories import person
from tests.indicators import worlds
from tests.indicators.test_recompute import FIRST, LAST, stored
from tests.plans.pages import signed_in

pytestmark = pytest.mark.django_db
PAGE = "/recompute/"
MONTHS = {"first": "2024-11", "last": "2025-02"}


@pytest.fixture
def rung(monkeypatch):
    """As with a broker: bells are counted, nothing is computed by them."""
    bells: list[int] = []
    monkeypatch.setattr(runs, "has_workers", lambda: True)
    monkeypatch.setattr(runs, "ring", lambda run_id, bells_=4: bells.append(run_id))
    return bells


@pytest.fixture
def administrator():
    return person("administrator")


def text_of(answer) -> str:
    return answer.content.decode()


def test_with_nothing_computed_the_page_says_so(administrator, rung):
    page = text_of(signed_in(administrator).get(PAGE))
    for words in ("chưa tháng nào", "Chưa có lần tính lại nào", "Tính lại toàn bộ…"):
        assert words in page
    assert "http-equiv" not in page


def test_a_run_is_asked_for_twice_and_begins(administrator, rung, django_capture_on_commit_callbacks):
    worlds.build(1)
    client = signed_in(administrator)
    asked = text_of(client.post(f"{PAGE}start/", MONTHS))
    assert "Tính lại từ tháng 11/2024 đến hết tháng 2/2025?" in asked and not RecomputeRun.objects.exists()
    with django_capture_on_commit_callbacks(execute=True):
        answer = client.post(f"{PAGE}start/", MONTHS | {"sure": "1"}, follow=True)
    run = RecomputeRun.objects.get()
    assert run.asked_by == administrator and rung == [run.pk]
    page = text_of(answer)
    assert 'http-equiv="refresh"' in page and "xong 0/2 phần" in page
    assert 'http-equiv="refresh"' not in text_of(client.get(f"{PAGE}?still=1"))
    assert administrator.display_name in page and "đang chờ" in page
    assert not MonthlyResult.objects.exists(), "nothing is computed in a request"
    assert AuditEvent.objects.get(verb="start_recompute").actor_id == administrator.pk


@pytest.mark.parametrize(
    ("fields", "status", "words"),
    [
        ({"first": "mai", "last": "2025-02"}, 422, "“mai” không phải là tháng"),
        ({"first": "2025-03", "last": "2025-02"}, 422, "Tháng đầu phải trước"),
        ({"first": "", "last": "2025-02"}, 422, "Xem lại tháng đã chọn"),
        ({"first": "2025-01", "last": "2100-02", "sure": "1"}, 409, "chưa bắt đầu"),
        ({"first": "1960-01", "last": "2025-02", "sure": "1"}, 409, "nhiều nhất 20 năm"),
    ],
)
def test_months_that_make_no_sense_are_explained(administrator, rung, fields, status, words):
    worlds.build(1)
    answer = signed_in(administrator).post(f"{PAGE}start/", fields)
    assert answer.status_code == status and words in text_of(answer)
    assert not RecomputeRun.objects.exists()


def test_a_second_run_is_refused_with_the_name_of_who_opened_the_first(administrator, rung):
    worlds.build(1)
    runs.start_run(first=FIRST, last=LAST, by=administrator)
    answer = signed_in(person("administrator")).post(f"{PAGE}start/", MONTHS | {"sure": "1"})
    page = text_of(answer)
    assert answer.status_code == 409 and f"do {administrator.display_name} yêu cầu lúc" in page
    assert 'http-equiv="refresh"' not in page, "what was typed must not be lost"


def test_without_a_broker_the_page_names_the_command(administrator):
    worlds.build(1)
    client = signed_in(administrator)
    page = text_of(client.get(PAGE))
    assert "manage.py recompute --parts" in page
    assert "cần các tiến trình chạy nền" in page and "Người vận hành máy chủ bật chúng" in page
    answer = client.post(f"{PAGE}start/", MONTHS | {"sure": "1"})
    assert answer.status_code == 409 and not RecomputeRun.objects.exists()
    runs.start_run(first=FIRST, last=LAST, by=None)
    page = text_of(client.get(PAGE))
    assert "manage.py recompute --resume" in page and 'http-equiv="refresh"' not in page


def test_failed_parts_come_first_say_why_and_are_retried(administrator, rung):
    worlds.build(1)
    run = runs.start_run(first=FIRST, last=LAST, by=administrator)
    failed = run.parts.last()
    RecomputePart.objects.filter(pk=failed.pk).update(
        state="failed", attempts=3, error="killed", started_at=timezone.now() - timedelta(seconds=9)
    )
    while run_parts.compute_next(run.pk):
        pass
    client = signed_in(administrator)
    page = text_of(client.get(PAGE))
    assert "dừng vì lỗi" in page and "không kịp báo lý do" in page and "1 phần lỗi" in page
    assert page.index("không kịp báo lý do") < page.index("state done")
    assert 'http-equiv="refresh"' not in page
    answer = client.post(f"{PAGE}{run.pk}/retry/", follow=True)
    assert "Thử lại 1 phần." in text_of(answer)
    assert runs.work_off(run.pk).state == "done" and stored() == worlds.oracle(worlds.MONTHS)
    page = text_of(client.get(PAGE))
    assert "11/2024 – 2/2025" in page and "Đang tính lại" not in page


def test_cancelling_asks_once(administrator, rung):
    worlds.build(1)
    run = runs.start_run(first=FIRST, last=LAST, by=administrator)
    client = signed_in(administrator)
    assert "Hủy lần tính lại từ tháng 11/2024" in text_of(client.post(f"{PAGE}{run.pk}/cancel/"))
    assert RecomputeRun.objects.open().exists()
    answer = client.post(f"{PAGE}{run.pk}/cancel/", {"sure": "1"}, follow=True)
    assert "Đã hủy." in text_of(answer) and "đã hủy" in text_of(answer)
    assert not RecomputeRun.objects.open().exists()
    assert AuditEvent.objects.filter(verb="cancel_recompute", actor_id=administrator.pk).exists()
    again = client.post(f"{PAGE}{run.pk}/cancel/", {"sure": "1"}, follow=True)
    assert "đã kết thúc" in text_of(again)


def test_an_administrator_of_a_province_reads_and_others_find_nothing(world, cast, rung):
    province = person("administrator", area=world.areas["M"])
    run = runs.start_run(first=Month(2025, 7), last=Month(2025, 8), by=None)
    page = text_of(signed_in(province).get(PAGE))
    assert "Tỉnh M" in page and "/start/" not in page and "/cancel/" not in page
    for address in ("start/", f"{run.pk}/retry/", f"{run.pk}/cancel/"):
        assert signed_in(province).post(PAGE + address).status_code == 404
        assert signed_in(cast.planner).post(PAGE + address).status_code == 404
    for someone in (cast.planner, cast.reviewer, cast.leader, cast.auditor, cast.clerk, cast.stranger):
        assert signed_in(someone).get(PAGE).status_code == 404


def test_the_page_is_linked_for_administrators_alone(world, cast):
    assert f'href="{PAGE}"' in text_of(signed_in(cast.administrator).get("/plans/"))
    assert f'href="{PAGE}"' not in text_of(signed_in(cast.planner).get("/plans/"))


@pytest.mark.parametrize("years", [1, 12])
def test_the_page_takes_a_fixed_number_of_queries(administrator, rung, years):
    worlds.build(1)
    for _ in range(years):
        runs.cancel_run(run=runs.start_run(first=FIRST, last=LAST, by=administrator), by=administrator)
    runs.start_run(first=Month(2025 - years, 1), last=LAST, by=administrator)
    client = signed_in(administrator)
    client.get(PAGE)
    with CaptureQueriesContext(connection) as queries:
        client.get(PAGE)
    # session, person, roles with notices; runs, parts, first submission, computed months, marks
    assert len(queries) <= 8, [query["sql"] for query in queries]


def test_in_english(administrator, rung):
    worlds.build(1)
    runs.start_run(first=FIRST, last=LAST, by=administrator)
    client = signed_in(administrator)
    client.post("/account/language/", {"language": "en"})
    answer = client.get(PAGE)
    assert answer["Content-Language"] == "en" and answer.status_code == 200


# --- the command -------------------------------------------------------------------------------------------
def called(*arguments: str) -> tuple[dict, str]:
    out, progress = StringIO(), StringIO()
    call_command("recompute", *arguments, stdout=out, stderr=progress)
    return json.loads(out.getvalue()), progress.getvalue()


def test_the_command_in_parts_says_what_the_command_in_one_says():
    worlds.build(4)
    months = ("--from", "2024-11", "--to", "2025-02")
    whole, _progress = called(*months)
    before = stored()
    FacilityResult.objects.update(numerator=0)
    parts, progress = called(*months, "--parts")
    assert (parts["values"], parts["results"]) == (whole["values"], whole["results"])
    assert stored() == before == worlds.oracle(worlds.MONTHS)
    assert "1/2" in progress and "2/2" in progress


def test_the_command_goes_on_where_another_stopped():
    worlds.build(4)
    run = runs.start_run(first=FIRST, last=LAST, by=None)
    run_parts._take(run.pk)  # taken, and its worker gone
    with pytest.raises(CommandError, match="Đang có một lần tính lại"):
        called("--parts")
    called("--resume")
    assert stored() == worlds.oracle(worlds.MONTHS) and not StaleMark.objects.exists()
    assert recompute.differences() == 0


def test_with_nothing_open_there_is_nothing_to_resume():
    with pytest.raises(CommandError, match="--parts"):
        called("--resume")


def test_a_run_that_fails_is_told_by_the_command(monkeypatch):
    worlds.build(4)
    monkeypatch.setattr(run_parts.rollup_staged, "stage", lambda scope, part: 1 / 0)
    with pytest.raises(CommandError, match="dừng vì lỗi. ZeroDivisionError"):
        called("--from", "2024-11", "--to", "2025-02", "--parts")
