"""The first page and the navigation, by role."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django.utils.html import escape

from facilities.models import Role
from facilities.periods import Month
from indicators.models import Absence
from plans.models import Plan, ReportDuty, Task, TaskAgency
from reporting.models import ExpectedReport, Report
from tests.factories import AgencyFactory, UserFactory, person
from tests.factories_indicators import FormFactory, SubmissionFactory, settle_duties

pytestmark = pytest.mark.django_db


def last_month():
    return (Month.of(timezone.localdate()) - 1).first_day


def make_plan(agency, slug="ke-hoach"):
    year = timezone.localdate().year
    return Plan.objects.create(
        slug=slug,
        title="Kế hoạch thử",
        short_title=f"Kế hoạch thử {slug}",
        issuer=agency,
        area=agency.area,
        start_year=year,
        end_year=year,
    )


def links(client):
    answer = client.get(reverse("accounts:account"))
    return [str(link.label) for link in answer.context["navigation"]]


def test_a_clerk_goes_straight_to_what_is_due(client, cast):
    client.force_login(cast.clerk)
    assert client.get("/").url == reverse("submissions:due")


def test_a_reviewer_sees_what_waits_and_what_is_missing(client, world, cast):
    form = FormFactory(code="X", cells=[("X.all", "")])
    settle_duties()
    for code, status in (("T-a1", "submitted"), ("T-a2", "approved"), ("T-b1", "draft")):
        SubmissionFactory(form=form, facility=world.facilities[code], period=last_month(), status=status)
    client.force_login(cast.reviewer)
    figures = client.get("/").context["home"].figures
    assert (figures.owed, figures.handed_in, figures.approved, figures.waiting) == (5, 2, 1, 1)
    assert [(state, n) for state, _words, n in figures.open] == [("missing", 2), ("draft", 1)]


def test_the_first_page_counts_as_the_matrix_of_the_month_does(client, world, cast):
    month = last_month()
    for form in (
        FormFactory(code="X", cells=[("X.all", "")]),
        FormFactory(code="Y", cells=[("Y.all", "")], periodicity="year"),
    ):
        settle_duties()
        filed = {"T-a1": "submitted", "T-a2": "draft", "T-b1": "draft", "T-b2": "sent_back"}
        for code, status in filed.items():
            period = month if form.code == "X" else month.replace(month=1)
            SubmissionFactory(form=form, facility=world.facilities[code], period=period, status=status)
    for code, form_code in (("T-b1", "X"), ("T-c1", "X"), ("T-c1", "Y")):
        facility = world.facilities[code]
        Absence.objects.create(
            facility=facility,
            form_code=form_code,
            period=month,
            reason="Mất điện",
            by=cast.clerk,
            at=timezone.now(),
        )
    client.force_login(cast.reviewer)
    page = client.get("/")
    figures = page.context["home"].figures
    for state, _words, n in figures.open:
        address = f"{reverse('submissions:matrix')}?period={figures.month}&state={state}"
        assert escape(address) in page.text
        total = client.get(address).context["matrix"].total
        assert (total[state], total["owed"], total["sent"]) == (n, figures.owed, figures.handed_in)
    assert {state: n for state, _words, n in figures.open} == {"draft": 1, "sent_back": 1, "excused": 2}


def test_leaders_see_the_plans_of_their_area_and_strangers_none(client, world, cast):
    plan = make_plan(AgencyFactory(area=world.areas["M"]))
    client.force_login(cast.leader)
    answer = client.get("/")
    assert [entry.plan for entry in answer.context["home"].plans] == [plan]
    client.force_login(cast.stranger)
    assert client.get("/").context["home"].plans == []


def test_an_officer_sees_the_own_agencys_open_tasks(client, world):
    agency = AgencyFactory(area=world.areas["M"])
    plan = make_plan(agency)
    today = timezone.localdate()
    for label, status in (("1", "in_progress"), ("2", "done"), ("3", "not_started")):
        task = Task.objects.create(
            plan=plan, order=int(label), label=label, content=f"Việc {label}", status=status,
            completed_on=today if status == "done" else None,
        )  # fmt: skip
        if label != "3":
            TaskAgency.objects.create(task=task, agency=agency, part="lead")
    client.force_login(person(Role.OFFICER, agency=agency))
    home = client.get("/").context["home"]
    assert [entry.task.label for entry in home.tasks] == ["1"]
    assert (home.figures, home.plans) == (None, [])


def test_someone_without_a_role_is_told_whom_to_ask(client):
    client.force_login(UserFactory())
    page = client.get("/").content.decode()
    assert "Liên hệ người quản trị" in page
    assert links(client) == []


def test_navigation_offers_what_a_role_may_open(client, cast):
    client.force_login(cast.clerk)
    assert links(client) == ["Phải nộp", "Tệp Excel", "Số liệu kỳ"]
    client.force_login(cast.leader)
    offered = links(client)
    assert {"Trang chính", "Số liệu kỳ", "Kế hoạch"} <= set(offered)
    assert "Phải nộp" not in offered and "Quản trị" not in offered


def test_every_page_offered_opens(client, cast):
    for name in ("clerk", "reviewer", "planner", "leader", "auditor", "administrator"):
        client.force_login(getattr(cast, name))
        for link in client.get(reverse("accounts:account")).context["navigation"]:
            assert client.get(link.url).status_code == 200, (name, link.url)


def test_the_page_open_is_marked_in_the_navigation(client, cast):
    marks = {
        "clerk": {"due": "due", "upload": "upload", "matrix": "review", "corrections": "review"},
        "reviewer": {"due": "review", "upload": "review", "matrix": "review", "closing": "review"},
    }
    for who, pages in marks.items():
        client.force_login(getattr(cast, who))
        for page, main in pages.items():
            answer = client.get(reverse(f"submissions:{page}"))
            marked = [link.url for link in answer.context["navigation"] if link.is_current]
            assert marked == [reverse(f"submissions:{main}")], (who, page)


@pytest.mark.parametrize("submissions", [1, 5])
def test_the_first_page_costs_the_same_for_any_number_of_figures(client, world, cast, submissions):
    form = FormFactory(code="X", cells=[("X.all", "")])
    settle_duties()
    for code in ["T-a1", "T-a2", "T-b1", "T-b2", "T-c1"][:submissions]:
        SubmissionFactory(form=form, facility=world.facilities[code], period=last_month(), status="submitted")
    client.force_login(cast.reviewer)
    # Session, person, roles; own agencies; what came in, what is owed, what waits; plans.
    with CaptureQueriesContext(connection) as captured:
        assert client.get("/").status_code == 200
    assert len(captured) <= 8, "\n".join(q["sql"] for q in captured)


def owe(plan, day, key="own", reporters=(), **fields):
    recipient = {"recipient": "UBND tỉnh", "text": "báo cáo"}
    duty = ReportDuty.objects.create(plan=plan, key=key, reporters=list(reporters), due=day, **recipient)
    for name in reporters or ["Sở Y tế"]:
        ExpectedReport.objects.create(duty=duty, reporter=name, year=plan.start_year, due_on=day, **fields)


def test_a_planner_sees_reports_due_with_days_left_and_the_way_to_each(client, world, cast):
    plan, today = make_plan(AgencyFactory(area=world.areas["M"])), timezone.localdate()
    report = Report.objects.create(plan=plan, kind="plan", year=plan.start_year, period="year")
    owe(plan, today + timedelta(days=9), report=report)
    owe(plan, today + timedelta(days=30), key="next")
    owe(plan, today - timedelta(days=2), key="others", reporters=["Sở A", "Sở B"])
    owe(plan, today + timedelta(days=2), key="others-later", reporters=["Sở C"])
    owe(plan, today - timedelta(days=400), key="old")
    owe(plan, today, key="came", received_on=today, by=cast.planner)
    client.force_login(cast.planner)
    answer = client.get("/")
    shown = [(one.expected.duty.key, one.days, one.reporters) for one in answer.context["home"].reports]
    assert shown == [("others", -2, 2), ("own", 9, 0), ("next", 30, 0)]
    part = answer.content.decode().split('id="reports"')[1].split("</section>")[0]
    for words in (
        "của 2 cơ quan", "quá 2 ngày", "quá hạn, chưa nhận", "?state=missing",
        "9 ngày", "đang soạn", report.get_absolute_url(), f"{today + timedelta(days=9):%d/%m/%Y}",
        "chưa lập", f"{reverse('reports:prepare')}?plan={plan.slug}&amp;year={plan.start_year}",
    ):  # fmt: skip
        assert words in part, words
    client.force_login(cast.leader)
    assert 'id="reports"' not in client.get("/").content.decode()


@pytest.mark.parametrize("reports", [1, 12])
def test_the_planners_page_costs_the_same_for_any_number_of_reports(client, world, cast, reports):
    plan = make_plan(AgencyFactory(area=world.areas["M"]))
    for number in range(reports):
        owe(plan, timezone.localdate() + timedelta(days=number), key=f"d{number}")
    client.force_login(cast.planner)
    # Session, person, roles; own agencies; what came in, what is owed, what waits; reports due;
    # plans, their files, lines with targets, figures.
    with CaptureQueriesContext(connection) as captured:
        page = client.get("/").content.decode()
    assert len(captured) <= 14, "\n".join(q["sql"][:160] for q in captured)
    assert ("Còn 4 báo cáo đến hạn nữa" in page) == (reports == 12)


def test_the_first_page_only_reads(client, cast):
    client.force_login(cast.leader)
    assert client.post("/").status_code == 405
