"""The lists of what is due and of what waits for a decision."""

from __future__ import annotations

from datetime import date
from html import unescape

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from facilities.periods import Month
from facilities.working_days import first_working_day_from
from indicators.actions.figures import save_cells
from indicators.actions.submissions import recall, submit
from indicators.models import ComputedMonth, Duty, Submission
from indicators.values import CellValue
from tests.factories_indicators import FormFactory, RuleFactory, SubmissionFactory, settle_duties

pytestmark = pytest.mark.django_db
CELLS = [("X.all", ""), ("X.part", "")]
DUE, REVIEW, APPROVE = (reverse(f"submissions:{name}") for name in ("due", "review", "approve"))


@pytest.fixture
def form(world):
    form = FormFactory(code="X", cells=CELLS)
    RuleFactory(form_code="X", expression="X.part <= X.all", message="Cột part lớn hơn cột all.")
    settle_duties()
    return form


def last_month(back=1):
    return (Month.of(timezone.localdate()) - back).first_day


def begin(back):
    ComputedMonth.objects.create(month=last_month(back), computed_at=timezone.now())


def rows(answer):
    return [(row.owed.facility.code, row.owed.period, row.state) for row in answer.context["rows"]]


def test_a_clerk_sees_what_is_owed_and_not_submitted_oldest_first(client, world, cast, form):
    begin(2)
    common = {"form": form, "facility": world.facilities["T-a1"]}
    SubmissionFactory(period=last_month(2), status="submitted", **common)
    SubmissionFactory(period=last_month(1), status="sent_back", reason="Xem lại cột all.", **common)
    client.force_login(cast.clerk)
    answer = client.get(DUE)
    assert rows(answer) == [
        ("T-a2", last_month(2), "missing"),
        ("T-a1", last_month(1), "sent_back"),
        ("T-a2", last_month(1), "missing"),
    ]
    page = answer.content.decode()
    assert "Xem lại cột all." in page and "quá hạn" in page
    assert reverse("submissions:form", args=["T-a2", "X", f"{last_month(2):%Y-%m}"]) in page


def test_what_was_sent_back_is_listed_however_old_it_is(client, world, cast, form):
    begin(1)
    common = {"form": form, "status": "sent_back", "reason": "Sai."}
    SubmissionFactory(facility=world.facilities["T-a1"], period=last_month(9), **common)
    SubmissionFactory(facility=world.facilities["T-c1"], period=last_month(9), **common)
    client.force_login(cast.clerk)
    assert rows(client.get(DUE))[0] == ("T-a1", last_month(9), "sent_back")
    assert [code for code, period, _state in rows(client.get(DUE)) if period == last_month(9)] == ["T-a1"]


@pytest.mark.parametrize("status", ["draft", "sent_back"])
def test_what_was_begun_of_the_running_month_is_listed(client, world, cast, form, status):
    begin(1)
    SubmissionFactory(
        form=form, facility=world.facilities["T-a1"], period=last_month(0), status=status, reason="Sai."
    )
    client.force_login(cast.clerk)
    assert ("T-a1", last_month(0), status) in rows(client.get(DUE))


def test_the_month_that_is_not_over_is_not_yet_owed(client, cast, form):
    begin(1)
    client.force_login(cast.clerk)
    assert {period for _code, period, _state in rows(client.get(DUE))} == {last_month(1)}


def test_a_yearly_form_is_asked_with_its_fixed_day(client, cast, world):
    begin(1)
    FormFactory(
        code="Y", periodicity="year", deadline_working_days=None, deadline_month_day="01-31", cells=CELLS
    )
    settle_duties()
    client.force_login(cast.clerk)
    year = last_month(1).year
    answer = client.get(f"{DUE}?period={year}")
    assert {(row.owed.period, row.deadline) for row in answer.context["rows"]} == {
        (date(year, 1, 1), first_working_day_from(date(year, 1, 31)))
    }


def test_staff_see_what_a_period_lacks_in_their_area(client, world, cast, form):
    begin(1)
    SubmissionFactory(form=form, facility=world.facilities["T-b1"], period=last_month(1), status="approved")
    client.force_login(cast.reviewer)
    answer = client.get(DUE)
    assert [code for code, _period, _state in rows(answer)] == ["T-a1", "T-a2", "T-b2", "T-c1"]


def test_a_clerk_of_one_station_reads_its_name_on_top(client, cast, form):
    begin(1)
    client.force_login(cast.clerk)
    assert client.get(DUE).context["station"] is None  # two stations: each row names its own
    Duty.objects.filter(facility__code="T-a2").delete()
    page = client.get(DUE)
    assert page.context["station"].code == "T-a1"
    assert f'<p class="sub">{page.context["station"].name}</p>' in page.text


def test_nothing_left_is_said_in_words(client, cast, form, world):
    begin(1)
    for code in ("T-a1", "T-a2"):
        SubmissionFactory(
            form=form, facility=world.facilities[code], period=last_month(1), status="submitted"
        )
    client.force_login(cast.clerk)
    assert "Đã nộp đủ" in client.get(DUE).content.decode()


@pytest.mark.parametrize("months", [2, 24])
def test_the_due_list_costs_the_same_for_any_number_of_rows(client, cast, form, months):
    begin(months)
    client.force_login(cast.clerk)
    with CaptureQueriesContext(connection) as captured:
        client.get(DUE)
    # Session, person, roles; where the portal begins; duties with facilities and forms; submissions; absences.
    assert len(captured) <= 8, "\n".join(q["sql"] for q in captured)


def test_why_a_form_is_not_filed_is_said_from_the_list_and_leads_back_to_it(client, world, cast, form):
    begin(1)
    client.force_login(cast.clerk)
    page = client.get(DUE).content.decode()
    url = reverse("submissions:absence", args=["T-a1", "X", f"{last_month():%Y-%m}"])
    assert f'href="{url}?next=/submissions/"' in page
    asked = client.get(f"{url}?next={DUE}").content.decode()
    assert f'name="next" value="{DUE}"' in asked
    answer = client.post(url, {"reason": "Mất điện.", "next": DUE}, follow=True)
    assert answer.redirect_chain == [(DUE, 302)]
    said = {row.owed.facility.code: row.absence for row in answer.context["rows"]}
    assert said == {"T-a1": "Mất điện.", "T-a2": ""}
    client.force_login(cast.leader)
    page = client.get(DUE).content.decode()
    assert "Mất điện." in page and url not in page


def test_what_was_filed_asks_for_no_reason_and_a_foreign_address_is_not_gone_to(client, world, cast, form):
    begin(1)
    key = ["T-a1", "X", f"{last_month():%Y-%m}"]
    SubmissionFactory(form=form, facility=world.facilities["T-a1"], period=last_month(), status="approved")
    client.force_login(cast.clerk)
    url, form_page = (reverse(f"submissions:{name}", args=key) for name in ("absence", "form"))
    assert client.get(url).url == form_page
    assert client.post(url, {"reason": "x", "next": "//elsewhere.example/"}).url == form_page


def submitted(world, form, code="T-a1", **fields):
    values = fields.pop("values", {("X.all", ""): 5, ("X.part", ""): 2})
    return SubmissionFactory(
        form=form, facility=world.facilities[code], status="submitted", values=values, **fields
    )


def test_reviewers_see_what_waits_with_the_rules_it_breaks(client, world, cast, form):
    submitted(world, form)
    submitted(world, form, "T-a2", values={("X.all", ""): 1, ("X.part", ""): 9})
    client.force_login(cast.reviewer)
    answer = client.get(REVIEW)
    found = [(row.submission.facility.code, row.commune, len(row.findings)) for row in answer.context["rows"]]
    assert found == [("T-a1", "Phường x", 0), ("T-a2", "Phường x", 1)]
    assert "Cột part lớn hơn cột all." in answer.content.decode()


def test_only_those_without_warnings_can_be_ticked_at_once(client, world, cast, form):
    submitted(world, form)
    submitted(world, form, "T-a2", values={("X.all", ""): 1, ("X.part", ""): 9})
    client.force_login(cast.reviewer)
    page = client.get(REVIEW + "?check=clean").content.decode()
    assert page.count(" checked") == 1


def test_many_are_approved_at_once_and_the_list_returns_as_filtered(client, world, cast, form):
    waiting = [submitted(world, form, code) for code in ("T-a1", "T-a2")]
    client.force_login(cast.reviewer)
    back = REVIEW + "?period=2025-08"
    ticked = {"submission": [f"{one.pk}:1" for one in waiting], "next": back}
    answer = client.post(APPROVE, ticked | {"sure": "1"})
    assert answer.url == back
    assert set(Submission.objects.values_list("status", flat=True)) == {"approved"}


@pytest.mark.parametrize("seen", [":1", ":", ""])
def test_what_changed_since_the_list_was_opened_is_not_approved(client, world, cast, form, seen):
    waiting = submitted(world, form, version=2)
    client.force_login(cast.reviewer)
    answer = client.post(APPROVE, {"submission": [f"{waiting.pk}{seen}"]}, follow=True)
    assert "đã thay đổi sau khi mở trang này" in answer.content.decode()
    assert Submission.objects.get().status == "submitted"


def test_a_report_recalled_and_changed_is_not_approved_unseen(client, world, cast, form):
    one = submitted(world, form)
    recall(submission=one, by=cast.clerk)
    cells = {("X.all", ""): CellValue(9)}
    save_cells(facility=one.facility, form=form, period=one.period, cells=cells, by=cast.clerk)
    url = reverse("submissions:decide", args=["T-a1", "X", "2025-08"])
    client.force_login(cast.reviewer)
    taken = client.post(url, {"action": "approve", "version": 1}, follow=True)
    assert "Trạm đã lấy lại báo cáo" in taken.content.decode()
    submit(submission=Submission.objects.get(), by=cast.clerk)
    answer = client.post(url, {"action": "approve", "version": 1}, follow=True)
    assert "(5 → 9) sau khi bạn mở. Xem lại rồi duyệt." in answer.content.decode()
    kept = client.post(url, {"action": "send-back", "version": 1, "status": "submitted", "reason": "Cột 1."})
    assert kept.status_code == 409 and "Cột 1.</textarea>" in kept.content.decode()
    assert Submission.objects.get().status == "submitted"
    client.post(url, {"action": "approve", "version": 2})
    assert Submission.objects.get().status == "approved"


def test_those_with_warnings_can_be_listed_alone(client, world, cast, form):
    submitted(world, form)
    submitted(world, form, "T-a2", values={("X.all", ""): 1, ("X.part", ""): 9})
    client.force_login(cast.reviewer)
    found = client.get(REVIEW + "?warned=1").context["rows"]
    assert [row.submission.facility.code for row in found] == ["T-a2"]


def test_a_report_sent_back_is_not_overdue(client, world, cast, form):
    begin(1)
    common = {"form": form, "period": last_month(1), "status": "sent_back"}
    for code in ("T-a1", "T-a2"):
        SubmissionFactory(facility=world.facilities[code], **common)
    client.force_login(cast.clerk)
    page = client.get(DUE).content.decode()
    assert "quá hạn" not in page and "trả lại, cần sửa" in page


def test_a_strange_address_is_not_followed(client, cast, form):
    client.force_login(cast.reviewer)
    assert client.post(APPROVE, {"next": "https://elsewhere.example/"}).url == REVIEW


def test_approving_what_is_not_ones_own_is_not_found(client, world, cast, form):
    waiting = submitted(world, form)
    for user in (cast.stranger, cast.clerk, cast.leader):
        client.force_login(user)
        assert client.post(APPROVE, {"submission": [waiting.pk]}).status_code == 404
    assert Submission.objects.get().status == "submitted"
    client.force_login(cast.reviewer)
    assert client.post(APPROVE, {"submission": ["x"]}).status_code == 404


def test_one_is_approved_or_sent_back_with_a_reason(client, world, cast, form):
    submitted(world, form)
    url = reverse("submissions:decide", args=["T-a1", "X", "2025-08"])
    client.force_login(cast.clerk)
    assert client.post(url, {"action": "approve"}).status_code == 404
    client.force_login(cast.reviewer)
    client.post(url, {"action": "approve"})
    assert Submission.objects.get().status == "submitted"
    told = client.post(url, {"action": "approve", "version": 1}, follow=True).text
    assert Submission.objects.get().status == "approved"
    assert f"Đã duyệt {form.label}, tháng 8/2025, {world.facilities['T-a1'].name}." in unescape(told)
    seen = {"action": "send-back", "version": 1, "status": "approved", "confirm": "1"}
    for wrong in (
        {"reason": "  "},
        {"reason": "Cột all.", "confirm": ""},
        {"reason": "Cột all.", "status": "submitted"},
        {"reason": "Cột all.", "status": ""},
        {"reason": "Cột all.", "version": 7},
    ):
        client.post(url, seen | wrong)
        assert Submission.objects.get().status == "approved"
    client.post(url, seen | {"reason": "Cột all thừa số 0."})
    assert (Submission.objects.get().status, Submission.objects.get().reason) == (
        "sent_back",
        "Cột all thừa số 0.",
    )


@pytest.mark.parametrize(
    ("query", "found"),
    [("", 1), ("?status=all", 2), ("?status=draft", 1), ("?period=2025-08", 1), ("?period=2025-09", 0),
     ("?form=X", 1), ("?form=Z", 0), ("?q=diem+tram+a1", 1), ("?q=khong", 0), ("?period=2025", 0)],
)  # fmt: skip
def test_the_list_is_filtered(client, world, cast, form, query, found):
    submitted(world, form)
    SubmissionFactory(form=form, facility=world.facilities["T-a2"], status="draft")
    client.force_login(cast.leader)
    assert len(client.get(REVIEW + query).context["rows"]) == found


@pytest.mark.parametrize("query", ["?status=none", "?period=tomorrow"])
def test_a_filter_that_does_not_exist_is_not_found(client, cast, form, query):
    client.force_login(cast.leader)
    assert client.get(REVIEW + query).status_code == 404


def test_a_neighbour_sees_nothing_of_another_station(client, world, cast, form):
    submitted(world, form)
    client.force_login(cast.neighbour)
    assert client.get(REVIEW).context["rows"] == []


@pytest.mark.parametrize("months", [1, 12])
def test_the_review_list_costs_the_same_for_any_number_of_rows(client, world, cast, form, months):
    for back in range(1, months + 1):
        submitted(world, form, period=last_month(back))
    client.force_login(cast.reviewer)
    with CaptureQueriesContext(connection) as captured:
        assert client.get(REVIEW).status_code == 200
    # Session, person, roles; count, page; communes, rules, values, cells, earlier values; forms; the first month;
    # open proposals.
    assert len(captured) <= 13, "\n".join(q["sql"] for q in captured)


def test_lists_and_decisions_refuse_other_methods(client, cast, form):
    client.force_login(cast.reviewer)
    assert client.post(DUE).status_code == 405
    assert client.post(REVIEW).status_code == 405
    assert client.get(APPROVE).status_code == 405


def test_an_officer_has_no_part_in_submissions(client, cast, form):
    from tests.factories import AgencyFactory, person

    client.force_login(person("officer", agency=AgencyFactory()))
    assert client.get(DUE).status_code == 404
    assert client.get(REVIEW).status_code == 404


@pytest.mark.parametrize("text", ["", "9" * 13, "9" * 5000, "9" * 5000 + ":1"])
def test_a_number_no_submission_has_is_not_found(client, cast, form, text):
    client.force_login(cast.reviewer)
    assert client.post(APPROVE, {"submission": text}).status_code == 404


def test_a_reason_loses_the_characters_no_database_stores(client, world, cast, form):
    SubmissionFactory(facility=world.facilities["T-a1"], form=form, period=last_month(1), status="submitted")
    version = str(Submission.objects.get().version)
    client.force_login(cast.reviewer)
    url = reverse("submissions:decide", args=["T-a1", "X", f"{last_month(1):%Y-%m}"])
    seen = {"action": "send-back", "version": version, "status": "submitted"}
    client.post(url, seen | {"reason": "\x00 "})
    assert Submission.objects.get().status == "submitted"
    client.post(url, seen | {"reason": "Cột\x00 all."})
    assert Submission.objects.get().reason == "Cột all."
