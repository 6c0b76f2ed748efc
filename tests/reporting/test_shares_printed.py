"""How complete figures are: nothing prints 100% while a report is missing, nor 0% once one has come."""

from datetime import date

import pytest
from django.template.loader import render_to_string

from indicators.models import MonthlyResult
from indicators.presenters.quality.completeness import Tally
from reporting.content import build_content
from reporting.content.cells import NONE, share_of, text_of
from reporting.content.quality import form_cells
from reporting.content.quality_counts import FormCounts
from reporting.models import Report
from tests.factories_plans import make_result
from tests.plans.pages import make_scene, signed_in
from tests.reporting.cases import make_plan
from tests.reporting.kinds import make_years

pytestmark = pytest.mark.django_db
TODAY = date(2026, 2, 10)


def lacking_one(**fields):
    """Of ten thousand reports a month all came, but one of the year."""
    MonthlyResult.objects.filter(**fields).update(reported=10_000, expected=10_000)
    MonthlyResult.objects.filter(month__month=3, **fields).update(reported=9_999)


def build(kind, plan, **fields):
    return build_content(Report(kind=kind, plan=plan, year=2025, period="year", **fields), today=TODAY)


def rows(content, key):
    return [[text_of(cell) for cell in row["cells"]] for row in content["tables"][key]["rows"]]


def test_a_cell_keeps_the_exact_value_beside_the_careful_text():
    assert share_of(9_999, 10_000) == {"text": "99,9%", "value": "99.99", "decimals": 1, "suffix": "%"}
    assert share_of(1, 3)["value"] == "33.3333333333333"
    assert share_of(0, 0) == NONE


def test_a_report_says_so_in_its_annexes(world):
    plan = make_plan(world)
    lacking_one()
    content = build("plan", plan)
    assert rows(content, "lines")[1][-1].endswith("báo cáo đủ 99,9%")
    assert rows(content, "completeness")[0][2:] == ["120.000", "119.999", "1", "99,9%"]


def test_the_forms_of_annex_three_say_so():
    counts = FormCounts("Biểu 1", due=10_000, handed_in=9_999, in_time=1)
    assert [text_of(cell) for cell in form_cells(counts)][:6] == [
        "Biểu 1", "10.000", "9.999", "99,9%", "1", "0,1%",
    ]  # fmt: skip


def test_a_review_says_so_year_by_year(world):
    plan = make_years(world)
    lacking_one(month__year=2024)
    assert rows(build("review", plan, start_year=2023), "completeness")[0][2:] == [
        "100,0%",
        "99,9%",
        "100,0%",
    ]


def test_the_leaders_page_says_so(world):
    plan = make_plan(world)
    lacking_one()
    assert "Đã có 99,9% số liệu cơ sở–tháng" in build("brief", plan)["opening"]


def test_a_communes_sheet_says_so_in_its_cell_and_its_note(world):
    plan = make_plan(world)
    for month in range(1, 13):
        make_result(world.areas["a1"], plan.lines.get(key="1.1").indicator, f"2025-{month:02d}", 90, 100)
    lacking_one(area=world.areas["a1"])
    sheet = next(one for one in build("sheets", plan)["tables"].values() if one["title"].startswith("Xã a1"))
    assert text_of(sheet["rows"][1]["cells"][9]) == "99%"
    assert "119.999/120.000 số liệu cơ sở–tháng phải có (99,9%)" in sheet["note"]


def test_the_page_of_a_plan_says_so():
    scene = make_scene()
    lacking_one(area=scene.world.areas["M"])
    page = signed_in(scene.cast.planner).get(f"/plans/{scene.plan.slug}/?year=2025").text
    assert "đã có 99,9% báo cáo phải có" in page


def test_the_page_of_quality_says_so():
    drawn = render_to_string("quality/_tally_cells.html", {"tally": Tally(10_000, 9_999, 1, 0)})
    assert ">99,9%<" in drawn and ">0,1%<" in drawn
