"""Totals of the report's tallies: what they come to, and that the workbook follows them."""

import io
from datetime import date

import pytest
from openpyxl import load_workbook

from plans.models import TaskAgency
from reporting.content import build_content
from reporting.content.cells import text_of
from reporting.models import Report
from reporting.renderers import render
from tests.factories import AgencyFactory
from tests.factories_plans import BudgetLineFactory, TaskFactory
from tests.reporting.cases import make_plan, small_snapshot
from tests.reporting.kinds import combined_report

pytestmark = pytest.mark.django_db


@pytest.fixture
def plan(world):
    return make_plan(world, "M")


def tables(plan):
    report = Report(plan=plan, year=2025, period="year")
    return build_content(report, today=date(2026, 1, 10))["tables"]


def last(table):
    row = table["rows"][-1]
    return row["kind"], [text_of(cell) for cell in row["cells"]]


def test_money_of_several_sources_is_summed_and_its_rate_told_once_all_is_known(plan):
    assert [row["kind"] for row in tables(plan)["budget"]["rows"]] == ["line"]
    more = BudgetLineFactory(plan=plan, amount=100_000_000, spent=100_000_000, source="Trung ương")
    assert last(tables(plan)["budget"]) == ("total", ["", "Cộng", "500.000.000", "400.000.000", "80,0%"])
    more.spent = None
    more.save()
    assert last(tables(plan)["budget"]) == ("total", ["", "Cộng", "500.000.000", "300.000.000", "–"])


def test_a_task_led_by_two_counts_twice_and_the_table_says_so(plan):
    agencies = [AgencyFactory(name=name, area=plan.area) for name in ("Chi cục A", "Chi cục B")]
    first = plan.tasks.get()
    first.parts.all().delete()
    for task, leads in ((first, agencies), (TaskFactory(plan=plan, label="2"), agencies[:1])):
        task.parts.all().delete()
        for agency in leads:
            TaskAgency.objects.create(task=task, agency=agency, part=TaskAgency.Part.LEAD)
    table = tables(plan)["tasks_by_agency"]
    assert last(table)[1][:3] == ["", "Cộng", "3"]
    assert table["note"] == "Nhiệm vụ do nhiều cơ quan chủ trì được tính cho từng cơ quan."
    snapshot = small_snapshot()
    snapshot["content"]["tables"]["tasks_by_agency"] = table
    sheet = load_workbook(io.BytesIO(render(snapshot, "xlsx")))["Nhiệm vụ theo cơ quan"]
    assert sheet["C7"].value == "=SUM(C5:C6)"


def test_a_combined_report_sums_its_plans(world):
    content = build_content(combined_report(world), today=date(2026, 1, 10))
    plans, money = content["tables"]["plans"], content["tables"]["budget"]
    assert [row["kind"] for row in plans["rows"]] == ["line", "line", "total"]
    assert last(plans)[1][:3] == ["", "Cộng", "3"]
    assert last(money) == ("total", ["", "Cộng", "", "450.000.000", "320.000.000", "71,1%"])
