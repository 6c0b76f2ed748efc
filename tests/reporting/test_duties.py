"""Reports that plans make due: listed, drafted, told of once, ticked off; a day the portal slept through is made up for."""

import unicodedata
from datetime import UTC, date, datetime, timedelta
from importlib import import_module
from pathlib import Path

import pytest
from django.apps import apps
from django.core.exceptions import PermissionDenied
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone

from facilities.models import AuditEvent, Notice, Role
from facilities.models.log import SYSTEM
from plans.actions.load import load_plans
from plans.files import InvalidFile, read_plan
from plans.models import ReportDuty
from reporting.actions.duties import DayInPlan, ReceivedInFuture, expect, set_day, sweep_duties, tick
from reporting.actions.reports import delete_report
from reporting.models import ExpectedReport, IssuedDocument, Report
from tests.factories import person
from tests.plans.pages import signed_in
from tests.reporting.cases import make_plan
from tests.reporting.outgoing import make_other, make_registered
from tests.world import make_cast, make_world

pytestmark = pytest.mark.django_db
DUE = date(2025, 12, 4)
State = ExpectedReport.State
DATA = Path("plans/data")


@pytest.fixture
def world():
    return make_world()


@pytest.fixture
def cast(world):
    return make_cast(world)


@pytest.fixture
def plan(world):
    return make_plan(world, "M", slug="thu")


@pytest.fixture
def own(plan):
    return ReportDuty.objects.create(plan=plan, key="own", recipient="UBND tỉnh", due=DUE, text="báo cáo")


@pytest.fixture
def others(plan):
    return ReportDuty.objects.create(
        plan=plan, key="others", reporters=["Sở A", "UBND các xã"], recipient="UBND tỉnh", through="Sở Y tế",
        due=DUE, text="báo cáo",
    )  # fmt: skip


def plain(text):
    """One case, one way of writing letters (a plan prints some in parts), one space."""
    return " ".join(unicodedata.normalize("NFC", text).split()).lower()


def kinds_told(person):
    return sorted(
        key.partition(":")[0] for key in Notice.objects.filter(user=person).values_list("key", flat=True)
    )


def test_nothing_is_listed_before_two_months_ahead_and_each_reporter_once_after(own, others):
    assert sweep_duties(today=date(2025, 10, 4)).expected == 0
    assert sweep_duties(today=date(2025, 10, 5)).expected == 3
    assert sweep_duties(today=date(2025, 10, 6)).expected == 0
    assert list(ExpectedReport.objects.filter(duty=others).values_list("reporter", flat=True)) == [
        "Sở A",
        "UBND các xã",
    ]


def test_the_draft_of_our_own_is_opened_in_time_once_and_carries_its_day(own, others, plan):
    assert sweep_duties(today=date(2025, 11, 13)).drafted == 0
    assert sweep_duties(today=date(2025, 11, 14)).drafted == 1
    assert sweep_duties(today=date(2025, 11, 14)).drafted == 0
    report = Report.objects.get()
    assert (report.plan, report.year, report.period, report.due_on) == (plan, 2025, "year", DUE)
    assert ExpectedReport.objects.get(report=report).duty == own


def test_a_report_somebody_began_is_taken_up(own, plan, cast):
    begun = Report.objects.create(plan=plan, year=2025, period="year", due_on=date(2025, 12, 1))
    assert sweep_duties(today=date(2025, 11, 20)).drafted == 1
    begun.refresh_from_db()
    assert begun.due_on == date(2025, 12, 1) and begun.expected.count() == 1
    delete_report(report=begun, by=cast.planner)
    assert ExpectedReport.objects.get().report is None


@pytest.fixture
def ministry(own, plan):
    """A second duty of the same agency, plan and period as `own`, ten days later."""
    day = DUE + timedelta(days=10)
    return ReportDuty.objects.create(plan=plan, key="bo", recipient="Bộ Y tế", due=day, text="báo cáo")


def test_two_duties_of_a_period_share_one_report_and_the_pages_say_so(own, ministry, plan, cast):
    client = signed_in(cast.planner)
    sweep_duties(today=date(2025, 11, 30))
    report = Report.objects.get()
    assert (report.expected.count(), report.due_on) == (2, DUE)
    page = client.get(report.get_absolute_url()).text
    assert "dùng chung cho các nhiệm vụ" in page
    assert page.index("UBND tỉnh</span>, hạn 04/12/2025") < page.index("Bộ Y tế</span>, hạn 14/12/2025")
    assert client.get(reverse("reports:duties")).text.count("dùng chung với nhiệm vụ khác") == 2
    ReportDuty.objects.filter(pk=own.pk).update(due=DUE + timedelta(days=20))
    sweep_duties(today=date(2025, 11, 30))
    report.refresh_from_db()
    assert report.due_on == ministry.due
    ministry.delete()
    page = client.get(report.get_absolute_url()).text
    assert "dùng chung" not in page and "UBND tỉnh</span>, hạn 24/12/2025" in page


def test_the_officer_is_told_once_of_each_step_and_of_nothing_long_past(own, cast):
    days = [(11, 14), (11, 14), (11, 27), (11, 28), (12, 4), (12, 5), (12, 9)]
    told = [sweep_duties(today=date(2025, *day)).told for day in days]
    assert told == [1, 0, 1, 0, 1, 1, 0]
    assert kinds_told(cast.planner) == ["report-draft", "report-late", "report-soon", "report-today"]
    assert not Notice.objects.exclude(user=cast.planner).exists()


def test_a_beat_that_was_down_tells_what_holds_when_it_is_back(own, cast):
    assert sweep_duties(today=date(2025, 12, 8)).told == 1
    assert kinds_told(cast.planner) == ["report-late"]
    Notice.objects.all().delete()
    assert sweep_duties(today=date(2026, 2, 1)).told == 0


def test_of_others_the_officer_is_told_once_that_some_are_missing(others, cast):
    sweep_duties(today=DUE)
    assert kinds_told(cast.planner) == []
    first, second = ExpectedReport.objects.order_by("reporter")
    tick(expected=first, on=DUE, note="", by=cast.planner)
    sweep_duties(today=date(2025, 12, 5))
    sweep_duties(today=date(2025, 12, 6))
    assert kinds_told(cast.planner) == ["report-late"]
    assert (first.state_on(DUE), second.state_on(date(2025, 12, 5))) == (State.EXPECTED, State.MISSING)


def test_what_came_is_in_time_or_late_and_can_be_taken_back(others, cast):
    sweep_duties(today=DUE)
    row = ExpectedReport.objects.first()
    assert (
        tick(expected=row, on=DUE, note=" qua trục ", by=cast.planner).state_on(date(2026, 1, 1))
        == State.RECEIVED
    )
    late = tick(expected=row, on=date(2025, 12, 5), note="x", by=cast.planner)
    assert late.state_on(date(2026, 1, 1)) == State.LATE
    back = tick(expected=row, on=None, note="x", by=cast.planner)
    assert (back.received_on, back.by, back.note) == (None, None, "")
    with pytest.raises(ReceivedInFuture):
        tick(expected=row, on=date(2999, 1, 1), note="", by=cast.planner)
    with pytest.raises(PermissionDenied):
        tick(expected=row, on=DUE, note="", by=cast.leader)


def test_a_day_set_by_a_planner_makes_reports_due_moves_them_and_outlives_a_reload(plan, cast):
    duty = ReportDuty.objects.create(plan=plan, key="yearly", recipient="UBND tỉnh", text="hàng năm")
    assert expect(duty=duty, today=date(2026, 1, 1)) == 0
    set_day(duty=duty, month=1, day=15, years_after=1, by=cast.planner)
    row = ExpectedReport.objects.get()
    assert (row.year, row.due_on) == (2025, date(2026, 1, 15))
    set_day(duty=duty, month=1, day=20, years_after=1, by=cast.planner)
    row.refresh_from_db()
    assert row.due_on == date(2026, 1, 20)
    with pytest.raises(PermissionDenied):
        set_day(duty=duty, month=1, day=20, years_after=1, by=cast.leader)


def test_a_day_that_moves_moves_the_draft_and_years_long_past_are_not_drafted(plan, cast):
    duty = ReportDuty.objects.create(
        plan=plan, key="yearly", recipient="UBND tỉnh", text="hàng năm", month=12, day=4
    )
    assert sweep_duties(today=date(2026, 3, 1)).drafted == 0
    assert sweep_duties(today=date(2025, 12, 1)).drafted == 1
    ReportDuty.objects.filter(pk=duty.pk).update(day=20)
    sweep_duties(today=date(2025, 12, 1))
    assert Report.objects.get().due_on == date(2025, 12, 20)


def load_signed_plan():
    call_command("load_places", "--province", "24", verbosity=0)
    call_command("load_catalogue", verbosity=0)
    call_command("load_plan", str(DATA / "bac-ninh-1663-2025.yaml"))


def load(path, text):
    path.write_text(text)
    load_plans(paths=[path])


def test_a_reload_keeps_what_was_ticked_and_lets_go_of_a_day_the_file_no_longer_names(tmp_path, cast):
    text = (DATA / "bac-ninh-1663-2025.yaml").read_text()
    load_signed_plan()
    duty = ReportDuty.objects.get()
    expect(duty=duty, today=DUE)
    row = ExpectedReport.objects.first()
    row.received_on, row.by = DUE, cast.planner
    row.save()
    load(tmp_path / "plan.yaml", text.replace("    due: 2025-12-04\n", ""))
    duty.refresh_from_db()
    assert not duty.has_day
    load(tmp_path / "plan.yaml", text.replace("key: ket-qua-2025", "key: khac"))
    assert {one.key for one in ReportDuty.objects.all()} == {"ket-qua-2025", "khac"}
    assert ExpectedReport.objects.filter(received_on=DUE).exists()


def test_a_yearly_day_set_by_a_planner_outlives_a_reload_of_a_file_that_names_another(tmp_path, cast):
    text = (DATA / "bac-ninh-1663-2025.yaml").read_text()
    text = text.replace("    due: 2025-12-04\n", "    month: 12\n    day: 4\n    years_after: 2\n")
    load_signed_plan()
    load(tmp_path / "plan.yaml", text)
    duty = ReportDuty.objects.get()
    assert (duty.month, duty.day, duty.years_after, duty.set_at) == (12, 4, 2, None)
    planner = person(Role.PLANNER, area=duty.plan.area)
    set_day(duty=duty, month=11, day=20, years_after=0, by=planner)
    for again in (text, text.replace("day: 4", "day: 5"), text.replace("    month: 12\n    day: 4\n", "")):
        load(tmp_path / "plan.yaml", again)
        duty.refresh_from_db()
        assert (duty.month, duty.day, duty.years_after, duty.set_by) == (11, 20, 0, planner)


def test_a_yearly_day_of_the_file_follows_the_file_until_a_planner_sets_one(tmp_path, cast):
    text = (DATA / "bac-ninh-1663-2025.yaml").read_text()
    yearly = text.replace("    due: 2025-12-04\n", "    month: 12\n    day: 4\n")
    load_signed_plan()
    load(tmp_path / "plan.yaml", yearly)
    load(tmp_path / "plan.yaml", yearly.replace("day: 4", "day: 5"))
    duty = ReportDuty.objects.get()
    assert (duty.month, duty.day) == (12, 5)
    load(tmp_path / "plan.yaml", text.replace("    due: 2025-12-04\n", ""))
    duty.refresh_from_db()
    assert not duty.has_day


def test_who_set_a_day_is_shown_and_every_stored_year_is_offered(plan, cast):
    duty = ReportDuty.objects.create(
        plan=plan, key="yearly", recipient="UBND tỉnh", text="…", month=3, day=1, years_after=2
    )
    client, url = signed_in(cast.planner), reverse("reports:duty-day", args=[duty.pk])
    assert "theo kế hoạch" in client.get(reverse("reports:duties")).text
    assert '<option value="2" selected>2 năm sau năm báo cáo' in client.get(url).text
    assert client.post(url, {"day": "2", "month": "3", "years_after": "2"}).status_code == 302
    duty.refresh_from_db()
    assert (duty.day, duty.years_after, duty.set_by) == (2, 2, cast.planner)
    page = client.get(reverse("reports:duties")).text
    assert f"{cast.planner.display_name} đặt lúc" in page and "2 năm sau năm báo cáo" in page


def test_who_set_the_days_of_before_is_taken_from_the_log(plan, cast):
    duty = ReportDuty.objects.create(plan=plan, key="yearly", recipient="UBND tỉnh", text="…")
    set_day(duty=duty, month=1, day=15, years_after=1, by=cast.planner)
    other = ReportDuty.objects.create(plan=plan, key="other", recipient="x", text="…", month=1, day=15)
    ReportDuty.objects.update(set_by=None, set_at=None)
    import_module("plans.migrations.0005_who_set_a_day").fill(apps, None)
    duty.refresh_from_db()
    other.refresh_from_db()
    assert (duty.set_by, duty.set_at) == (cast.planner, AuditEvent.objects.get(verb="set_report_day").at)
    assert other.set_by is None


def test_a_day_of_the_plan_is_not_set_anew(own, cast):
    with pytest.raises(DayInPlan):
        set_day(duty=own, month=1, day=15, years_after=1, by=cast.planner)


@pytest.mark.parametrize("path", sorted(DATA.glob("*.yaml")), ids=lambda path: path.stem)
def test_the_duties_of_every_plan_quote_its_own_words(path):
    plan = read_plan(path)
    printed = plain(" ".join([plan.report_text, *(text for _head, text in plan.sections)]))
    assert plan.duties
    for duty in plan.duties:
        assert plain(duty.text).rstrip(".") in printed


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ("month: 2", "cả tháng"),
        ("month: 2\n    day: 30", "số nguyên"),
        ("due: mai", "phải là một ngày"),
        ("due: 2025-12-04\n    month: 1\n    day: 2", "một hạn"),
        ("hạn: 5", "hạn"),
    ],
)
def test_a_duty_that_can_not_be_is_refused_in_words(tmp_path, wrong, words):
    text = (DATA / "bac-ninh-1663-2025.yaml").read_text()
    assert text.count("due: 2025-12-04") == 1
    file = tmp_path / "plan.yaml"
    file.write_text(text.replace("due: 2025-12-04", wrong))
    with pytest.raises(InvalidFile) as refused:
        read_plan(file)
    assert any(words in str(problem) for problem in refused.value.problems)


# --- what the portal ticks itself ---------------------------------------------------------------------
@pytest.fixture
def issued(own, plan, cast):
    """The report of `own`, registered on 4 December 2025 and swept."""
    snapshot = make_other(plan, "year")
    document = make_registered(snapshot, cast.planner, on=DUE)
    IssuedDocument.objects.update(at=datetime(2025, 12, 4, 9, tzinfo=UTC))
    sweep_duties(today=DUE)
    sweep_duties(today=DUE)
    return document


def test_what_is_registered_is_ticked_off_by_the_system_and_the_log_says_so(issued, cast):
    row = ExpectedReport.objects.get()
    assert (row.received_on, row.by) == (DUE, cast.planner)
    event = AuditEvent.objects.get(verb="receive_report")
    assert (event.actor, event.actor_id, event.area_id) == (SYSTEM, None, row.duty.plan.area_id)
    assert (event.details["number"], event.details["on"]) == (issued.number_text, "2025-12-04")


def test_a_tick_taken_back_stays_so_until_a_person_says_otherwise(issued, cast):
    tick(expected=ExpectedReport.objects.get(), on=None, note="", by=cast.planner)
    sweep_duties(today=DUE)
    row = ExpectedReport.objects.get()
    assert (row.received_on, row.undone_by) == (None, cast.planner)
    assert "bỏ ghi nhận lúc" in signed_in(cast.planner).get(reverse("reports:duties")).text
    tick(expected=row, on=DUE, note="", by=cast.planner)
    row.refresh_from_db()
    assert (row.received_on, row.undone_at, row.undone_by) == (DUE, None, None)


def test_a_document_registered_after_the_tick_was_taken_back_ticks_it_off(issued, cast):
    tick(expected=ExpectedReport.objects.get(), on=None, note="", by=cast.planner)
    IssuedDocument.objects.update(at=timezone.now() + timedelta(minutes=1))
    sweep_duties(today=DUE)
    row = ExpectedReport.objects.get()
    assert row.received_on is not None and row.undone_at is None


# --- the page -----------------------------------------------------------------------------------------
def test_the_page_shows_states_in_words_filters_and_downloads(own, others, cast):
    sweep_duties(today=date(2025, 11, 20))
    tick(
        expected=ExpectedReport.objects.get(reporter="Sở A"),
        on=date(2025, 12, 5),
        note="bản giấy",
        by=cast.planner,
    )
    client = signed_in(cast.planner)
    page = client.get(reverse("reports:duties")).content.decode()
    for words in (
        "nhận muộn",
        "bản giấy",
        "quá hạn, chưa nhận",
        "quá hạn, chưa gửi",
        "đang soạn",
        "qua Sở Y tế",
    ):
        assert words in page
    late = client.get(reverse("reports:duties"), {"state": "late", "year": "2025"}).content.decode()
    assert "Sở A" in late and "UBND các xã" not in late
    for year in ("x", "²²²²", "0000", "99999"):
        assert client.get(reverse("reports:duties"), {"state": "?", "year": year}).status_code == 200
    table = client.get(reverse("reports:duties"), {"format": "csv"}).content.decode("utf-8-sig")
    assert "04/12/2025" in table and "nhận muộn" in table
    table = client.get(reverse("reports:duties"), {"format": "csv", "year": "99999"}).content.decode(
        "utf-8-sig"
    )
    assert "04/12/2025" in table and "99999" not in table


def test_a_leader_sees_and_ticks_nothing(others, cast):
    sweep_duties(today=DUE)
    row = ExpectedReport.objects.first()
    client = signed_in(cast.leader)
    assert (
        reverse("reports:tick", args=[row.pk]) not in client.get(reverse("reports:duties")).content.decode()
    )
    assert client.post(reverse("reports:tick", args=[row.pk]), {"on": "2025-12-04"}).status_code == 404


def test_ticking_on_the_page_says_what_is_wrong_and_keeps_what_was_typed(others, cast):
    sweep_duties(today=DUE)
    row = ExpectedReport.objects.first()
    client, url = signed_in(cast.planner), reverse("reports:tick", args=[row.pk])
    refused = client.post(url, {"on": "2999-01-01", "note": "giữ lại"}).content.decode()
    assert "không thể sau hôm nay" in refused and "giữ lại" in refused
    assert client.post(url, {"on": "2025-12-04", "note": "đủ"}).status_code == 302
    row.refresh_from_db()
    assert (row.received_on, row.by) == (DUE, cast.planner)
    client.post(url, {"undo": "1"})
    row.refresh_from_db()
    assert row.received_on is None


@pytest.mark.parametrize("n", [3, 12])
def test_the_list_costs_the_same_with_any_number_of_reports(plan, cast, n, django_assert_max_num_queries):
    ReportDuty.objects.create(
        plan=plan, key="many", reporters=[f"Sở {i}" for i in range(n)], recipient="UBND", due=DUE, text="…"
    )
    sweep_duties(today=DUE)
    client = signed_in(cast.planner)
    with django_assert_max_num_queries(9):
        client.get(reverse("reports:duties"))
