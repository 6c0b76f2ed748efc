"""The combined report of an agency: all its plans, each on its own boundaries."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from plans.models import Plan
from reporting.content import build_content
from reporting.content.canonical import canonical_json
from reporting.content.combined import plans_of
from tests.factories import AgencyFactory
from tests.factories_plans import (
    LineFactory,
    PlanFactory,
    TargetFactory,
    TaskFactory,
    make_indicator,
    make_result,
)
from tests.reporting.kinds import combined_report
from tests.reporting.test_content import TODAY, printed, texts

pytestmark = pytest.mark.django_db


@pytest.fixture
def report(world):
    return combined_report(world)


def content_of(report, **fields):
    for name, value in fields.items():
        setattr(report, name, value)
    return build_content(report, today=TODAY)


def test_it_is_of_the_plans_the_agency_answers_for_today_in_the_year(report):
    department = report.agency
    other = AgencyFactory(area=department.area, name="Sở khác")
    PlanFactory(area=department.area, issuer=other)
    found = [plan.slug for plan in plans_of(department, 2025, TODAY)]
    assert (
        found == sorted(Plan.objects.exclude(issuer=other).values_list("slug", flat=True)) and len(found) == 2
    )
    assert [plan.slug for plan in plans_of(department, 2026, TODAY)] == ["cua-tinh-moi"]
    # Before the reform the old department answered for its own.
    assert [plan.slug for plan in plans_of(department, 2025, date(2025, 6, 1))] == ["cua-tinh-moi"]


def test_its_head_names_the_agency_and_bases_it_on_each_plan(report):
    content = content_of(report)
    assert content["plan"] is None
    assert content["header"]["subject"] == "Kết quả năm 2025 thực hiện các kế hoạch do Sở Y tế chủ trì"
    assert content["header"]["superior"] == "UBND TỈNH M"
    assert [line.split(" của ")[0] for line in content["legal_bases"]] == [
        "Căn cứ Kế hoạch số 7/KH-SYT",
        "Căn cứ Kế hoạch số 12/KH-SYT",
    ]
    assert content["opening"] == "Thực hiện 02 kế hoạch nêu trên, Sở Y tế báo cáo kết quả năm 2025 như sau:"


def test_the_tally_is_over_all_plans_and_a_table_has_a_row_a_plan(report):
    content = content_of(report)
    assert texts(content, "II")[0] == (
        "Tổng hợp 02 kế hoạch: đạt và vượt 1/3 chỉ tiêu (trong đó vượt 1); không đạt 1/3; chưa có số liệu 1/3."
    )
    assert [row[1:5] for row in printed(content, "plans")] == [
        ["Kế hoạch dân số tỉnh M", "1", "0", "1"],
        ["Kế hoạch bà mẹ", "2", "1", "0"],
        ["Cộng", "3", "1", "1"],
    ]
    assert "Tổng số 1 nhiệm vụ" in texts(content, "II")[2]
    assert [row[1:6] for row in printed(content, "plan_tasks")] == [["Kế hoạch bà mẹ", "1", "0", "0", "1"]]


def test_each_plan_keeps_its_boundaries_and_says_what_is_wrong_late_and_spent(report):
    content = content_of(report)
    said = texts(content, "III")
    assert said[0] == "1. Kế hoạch số 7/KH-SYT: Kế hoạch dân số tỉnh M"
    assert "ranh giới hành chính tỉnh M từ ngày 01/7/2025" in said[1]
    assert said[4] == "Chỉ tiêu không đạt:" and said[5].startswith(
        "Tỷ lệ sàng lọc: 80,0% (1.920/2.400); kế hoạch 85%"
    )
    assert "Kinh phí thực hiện: 20.000.000 đồng (Hai mươi triệu đồng)." in said
    second = said[said.index("2. Kế hoạch số 12/KH-SYT: Kế hoạch bà mẹ") :]
    assert "ranh giới hành chính đến ngày 30/6/2025 của tỉnh A" in second[1]
    assert "Chỉ tiêu chưa có số liệu: Tỷ lệ thấp còi." in second
    assert not any(text.startswith("Tỷ lệ khám thai") for text in second)
    assert any(text.startswith("Chậm tiến độ: Tập huấn đỡ đẻ an toàn") for text in second)
    assert "không cộng số liệu giữa các kế hoạch" in content["boundaries"]["text"]


def test_what_will_miss_is_named_while_the_year_runs(report):
    content = content_of(report, period="h1")
    said = texts(content, "III")
    assert "Chỉ tiêu có nguy cơ không đạt:" in said
    assert any(text.startswith("Tỷ lệ sàng lọc: 80,0%") and "nguy cơ không đạt" in text for text in said)
    assert content["header"]["subject"].startswith("Kết quả 6 tháng đầu năm 2025")


def test_money_adds_up_over_the_plans(report):
    content = content_of(report)
    assert (
        texts(content, "IV")[0] == "Kinh phí giao năm 2025: 450.000.000 đồng (Bốn trăm năm mươi triệu đồng)."
    )
    assert texts(content, "IV")[2] == "Tỷ lệ giải ngân: 71,1%."
    assert [row[1] for row in printed(content, "budget")] == [
        "Kế hoạch dân số tỉnh M",
        "Kế hoạch bà mẹ",
        "Cộng",
    ]


def test_the_annexes_are_grouped_by_plan(report):
    content = content_of(report)
    for key in ("lines", "completeness"):
        groups = [row[0] for row in printed(content, key) if len(row) == 1]
        assert groups[0] == "KẾ HOẠCH SỐ 7/KH-SYT: KẾ HOẠCH DÂN SỐ TỈNH M (Tỉnh M)", key
        assert "KẾ HOẠCH SỐ 12/KH-SYT: KẾ HOẠCH BÀ MẸ (Tỉnh A)" in groups, key
    assert [annex["tables"] for annex in content["annexes"]] == [
        ["lines"],
        ["tasks_by_agency"],
        ["quality", "completeness"],
    ]


def test_additions_and_typed_parts_stand_in_their_places(report):
    key = "plan:cua-tinh-moi:overall"
    content = content_of(report, additions={key: "Do máy hỏng."}, narrative={"causes": "Xa."})
    assert "Do máy hỏng." in texts(content, "III") and "Xa." in texts(content, "V")
    keys = [
        block["key"] for section in content["sections"] for block in section["blocks"] if block.get("key")
    ]
    computed = [one for one in keys if one not in content["tables"] and one != key]
    assert len(computed) == len(set(computed))
    import json

    json.loads(canonical_json(content), parse_float=pytest.fail)


@pytest.mark.parametrize("lines", [1, 12])
def test_queries_grow_with_the_plans_not_with_their_lines_and_tasks(report, lines):
    plan = Plan.objects.get(slug="cua-tinh-moi")
    for number in range(lines):
        line = LineFactory(
            plan=plan,
            objective=plan.objectives.get(),
            key=f"L{number}",
            indicator=make_indicator(f"I{number}"),
        )
        TargetFactory(line=line)
        make_result(plan.area, line.indicator, "2025-12", 80, 100)
        TaskFactory(plan=plan)
    with CaptureQueriesContext(connection) as queries:
        content_of(report)
    # Two plans, each: two scorecards, tasks with parts, money, duties, submissions, forms and corrections.
    assert len(queries) <= 42, len(queries)
