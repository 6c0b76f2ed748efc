"""The page of the log and its files, with acts of every app in them."""

from __future__ import annotations

import re
from datetime import date
from io import BytesIO
from urllib.parse import parse_qs, urlsplit

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from facilities.actions.audit import record
from facilities.models import AuditEvent, DecidedDay, Reform
from facilities.presenters import log_sheet
from facilities.views import log
from indicators.models import DataValueChange
from plans.actions.lines import set_target
from reporting.actions.reports import freeze, open_report
from reporting.content.periods import ReportPeriod
from tests.factories_indicators import (
    DataElementFactory,
    FormFactory,
    SubmissionFactory,
    TermFactory,
    settle_duties,
)
from tests.factories_plans import HistoricTotalFactory
from tests.plans.pages import links, signed_in
from tests.reporting.cases import make_plan

pytestmark = pytest.mark.django_db
URL = "/log/"
CELL = ("X.all", "")


@pytest.fixture
def plan(world):
    return make_plan(world, "M", slug="thu")


@pytest.fixture
def page(cast):
    client = signed_in(cast.auditor)

    def get(**query):
        return client.get(URL, query)

    return get


def rows_of(answer):
    return [row for _day, rows in answer.context["days"] for row in rows]


def write_many(world, cast, plan, rounds):
    """Acts of ten kinds a round, on things of every app."""
    report = open_report(plan=plan, period=ReportPeriod(2025, "year"), by=cast.planner)
    form = FormFactory(code="X", cells=[CELL])
    settle_duties()
    facility, commune, merged = world.facilities["T-a1"], world.areas["x"], world.areas["M"]
    submission = SubmissionFactory(facility=facility, form=form, values={CELL: 0})
    value = submission.values.get()
    task, line, money = plan.tasks.get(), plan.lines.get(key="1.1"), plan.budget_lines.get()
    reform = Reform.objects.create(kind="merge", date=date(2025, 7, 1), legal_basis="NQ", area=merged,
                                   entered_at="2025-07-01T00:00Z")  # fmt: skip
    for number in range(1, rounds + 1):
        DataValueChange.objects.create(
            submission=submission, element=value.element, group=value.group, version=number,
            old_value=number - 1, new_value=number, at="2025-09-01T00:00Z", source="form",
        )  # fmt: skip
        for verb, subject, area, details in (
            ("save", submission, commune, {"cells": ["X.all"], "version": number, "source": "form"}),
            ("absence", facility, commune, {"facility": "T-a1", "form": "X", "period": "2025-09-01", "reason": "Mưa."}),
            ("update", line, merged, {"plan": "thu", "changes": {"name": ["cũ", "mới"]}}),
            ("report_progress", task, merged, {"status": "done"}),
            ("create", money, merged, {"plan": "thu"}),
            ("load", plan, merged, {"file": "thu.yaml"}),
            ("freeze_report", report, merged, {"number": 1, "sha256": "a" * 64, "reason": ""}),
            ("enter_reform", reform, merged, {"kind": "merge", "ended": ["a1@2021-01-01"]}),
            ("admin_change", commune, merged, {"changes": [{"changed": {"fields": ["tên"]}}]}),
            ("admin_add", DecidedDay(pk=1, date=date(2026, 1, 2)), None, {}),
        ):  # fmt: skip
            record(by=cast.planner, verb=verb, subject=subject, area=area, **details)


# The session, the person, the roles, the events, the places; submissions, forms' cells and their changes; plans; reports.
@pytest.mark.parametrize("rounds", [1, 12])
def test_a_page_costs_ten_queries_however_long_the_log_is(
    world, cast, plan, page, rounds, django_assert_num_queries
):
    write_many(world, cast, plan, rounds)
    assert AuditEvent.objects.count() == rounds * 10 + 1
    page()
    with django_assert_num_queries(10):
        answer = page()
    assert answer.status_code == 200 and len(rows_of(answer)) == min(rounds * 10 + 1, log.PAGE_SIZE)


def test_an_act_reads_as_a_sentence_with_its_thing_as_a_link(world, cast, plan, page):
    write_many(world, cast, plan, 1)
    answer = page()
    report = plan.reports.get()
    told = {row.deed: (row.kind, row.subject, row.url, row.within, row.place) for row in rows_of(answer)}
    assert told["nhập số liệu vào"][2] == "/submissions/T-a1/X/2025-08/"
    assert told["nêu lý do chưa nộp của"][2] == "/submissions/T-a1/X/2025-09/"
    assert told["sửa"] == (
        "dòng chỉ tiêu", "Tỷ lệ khám thai", "/plans/thu/lines/1.1/", "Kế hoạch bà mẹ", "Tỉnh M",
    )  # fmt: skip
    assert told["báo tiến độ"][2] == reverse("plans:task", args=["thu", plan.tasks.get().pk])
    assert told["thêm"][2] == "/plans/thu/budget/"
    assert told["chốt"][2] == report.get_absolute_url()
    assert told["sửa ở trang quản trị"][2] == reverse("places:area", args=[world.areas["x"].key])
    words = " ".join(re.sub(r"<[^>]+>", " ", answer.text).split())
    assert "Sửa dòng chỉ tiêu Tỷ lệ khám thai" in words and "cũ → mới" in words
    assert "Tình trạng: hoàn thành" in words and "Loại: nhập" in words


def test_every_link_of_the_page_opens(world, cast, plan, page):
    write_many(world, cast, plan, 1)
    client = signed_in(cast.auditor)
    inside = [url for url in links(page().text) if url.startswith("/") and not url.startswith("/static/")]
    statuses = {url: client.get(url).status_code for url in inside if url != reverse("accounts:sign-out")}
    assert set(statuses.values()) == {200}, statuses


def test_a_target_reads_before_and_after(cast, plan, page):
    line = plan.lines.get(key="1.1")
    set_target(line=line, year=2025, text="", meanings=[], by=cast.planner)
    assert [(one.before, one.after) for one in rows_of(page())[0].changes] == [("2025: 90", "")]


def test_what_was_frozen_is_told_and_a_code_for_a_reason_is_not(cast, plan, page):
    report = open_report(plan=plan, period=ReportPeriod(2025, "year"), by=cast.planner)
    freeze(report=report, by=cast.planner)
    record(by=cast.planner, verb="freeze_report", subject=report, area=plan.area, reason="number_printed")
    record(by=cast.planner, verb="write_narrative", subject=report, area=plan.area, parts=["causes"])
    texts = [[fact.text for fact in row.facts] for row in rows_of(page())[:2]]
    assert texts == [["Nguyên nhân"], []]


def test_filters_are_kept_in_the_address_and_in_links_to_other_pages(world, cast, plan, page):
    write_many(world, cast, plan, 30)
    answer = page(person="", deed="entry", place="phuong x", **{"from": "2020-01-01"})
    older = next(url for url in links(answer.text) if "before=" in url)
    asked = parse_qs(urlsplit(older).query)
    assert {name: asked[name] for name in ("deed", "place", "from")} == {
        "deed": ["entry"], "place": ["phuong x"], "from": ["2020-01-01"],
    }  # fmt: skip
    rest = signed_in(cast.auditor).get(URL + older)
    assert len(rows_of(answer)) + len(rows_of(rest)) == 60
    assert 'value="phuong x"' in rest.text and '<option value="entry" selected>' in rest.text


def test_what_can_not_be_read_is_said_with_what_was_typed(page):
    answer = page(**{"from": "hôm qua", "before": "x"})
    assert answer.status_code == 200 and 'value="hôm qua"' in answer.text
    assert "Không đọc được ngày “hôm qua”" in answer.text and "những việc mới nhất" in answer.text


def test_a_file_is_not_made_of_what_can_not_be_read(page):
    answer = page(format="xlsx", to="2026-02-30")
    assert answer.status_code == 422 and "Không đọc được ngày" in answer.text
    assert page(format="exe").status_code == 404


def test_an_empty_log_says_what_to_do(page):
    assert "Việc đầu tiên ở địa bàn của bạn" in page().text
    assert "Bỏ bớt điều kiện" in page(deed="submit").text
    assert "Về những việc mới nhất" in page(before="1-1").text


def table(answer):
    rows = [list(row) for row in load_workbook(BytesIO(answer.content)).active.values]
    gap = next(index for index, row in enumerate(rows) if not any(row))
    return {row[0]: row[1] for row in rows[:gap]}, rows[gap + 1], rows[gap + 2 :]


def test_the_files_hold_all_that_was_asked_for(world, cast, plan, page):
    write_many(world, cast, plan, 12)
    facts, heads, rows = table(page(format="xlsx", deed="entry"))
    assert len(rows) == 24 and facts["Việc"] == "Nhập, nộp số liệu" and "Chưa đủ" not in facts
    first = dict(zip(heads, rows[1], strict=True))
    assert (first["Việc"], first["Địa bàn"], first["Thay đổi"]) == (
        "nhập số liệu vào", "Phường x", "all Số liệu X.all: 11 → 12",
    )  # fmt: skip
    text = page(format="csv", deed="entry").content.decode("utf-8-sig")
    assert text.count("nhập số liệu vào") == 12


def test_a_file_that_is_cut_says_so(world, cast, plan, page, monkeypatch):
    write_many(world, cast, plan, 1)
    for module in (log, log_sheet):
        monkeypatch.setattr(module, "MOST_ROWS", 4)
    facts, _heads, rows = table(page(format="xlsx"))
    assert len(rows) == 4 and "chỉ có 4 việc mới nhất" in facts["Chưa đủ"]


def test_a_historic_total_of_deaths_leaves_no_figure_in_a_file(world, cast, plan, page):
    deaths = TermFactory(element=DataElementFactory(code="X.deaths", is_sensitive=True)).indicator
    for indicator in (plan.lines.get(key="1.1").indicator, deaths):
        total = HistoricTotalFactory(area=world.areas["A"], indicator=indicator)
        record(by=cast.planner, verb="create", subject=total, area=world.areas["A"], value="3", year=2024)
        record(by=cast.planner, verb="update", subject=total, area=world.areas["A"],
               changes={"value": ["3", "4"]})  # fmt: skip
    _facts, heads, rows = table(page(format="xlsx"))
    told = [(row[heads.index("Chi tiết")], row[heads.index("Thay đổi")]) for row in rows]
    assert told == [
        (None, "giá trị: đã đổi"),
        ("năm: 2024", None),
        (None, "giá trị: 3 → 4"),
        ("năm: 2024; giá trị: 3", None),
    ]


@pytest.mark.parametrize("role", ["clerk", "reviewer", "planner", "leader"])
def test_nobody_else_finds_the_page(cast, role):
    client = signed_in(getattr(cast, role))
    assert client.get(URL).status_code == 404
    assert 'href="/log/"' not in client.get("/account/").text


def test_the_auditor_finds_it_in_the_navigation(cast):
    assert 'href="/log/"' in signed_in(cast.auditor).get("/account/").text


def test_a_report_is_named_with_its_period(page, plan, cast):
    report = open_report(plan=plan, period=ReportPeriod(2025, "year"), by=cast.planner)
    [row] = [row for row in rows_of(page()) if row.url == reverse("reports:detail", args=[report.pk])]
    assert row.subject == f"{plan.short_title}, năm 2025"
