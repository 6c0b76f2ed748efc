"""A plan's report on today's boundaries: whose figures, what is said, what stays on the plan's own."""

import pytest
from django.test import Client

from indicators.models import MonthlyResult
from reporting.actions.reports import freeze
from reporting.content import build_content
from reporting.models import Report
from reporting.presenters.numbers import commune_rows, number_rows
from tests.factories_plans import EnteredFigureFactory, make_result
from tests.reporting.cases import make_plan
from tests.reporting.kinds import add_restated, make_years, restated_report
from tests.reporting.test_content import TODAY, printed, texts, with_deaths

pytestmark = pytest.mark.django_db


def test_it_counts_the_merged_province_and_says_so(world):
    content = build_content(restated_report(world), today=TODAY)
    text = content["boundaries"]["text"]
    assert "quy về ranh giới hành chính hiện nay của tỉnh M" in text
    assert "là của tỉnh A trước khi sắp xếp (đến ngày 30/6/2025)" in text
    assert text in " ".join(texts(content, "II"))
    assert content["header"]["subject"].endswith("số liệu quy về ranh giới hiện nay của tỉnh M")
    assert any("80,0% (1.920/2.400)" in sentence for sentence in texts(content, "II"))


def test_its_figures_never_meet_the_baseline_printed_for_other_boundaries(world):
    """The plan prints 88,0 for old A; last year on M was 80,0."""
    content = build_content(restated_report(world), today=TODAY)
    row = printed(content, "lines")[1]
    assert row[3] == "80,0" and row[7] == "0,0"
    assert "số tính được" not in row[9]


def test_a_figure_people_entered_is_said_to_be_of_the_plans_own_boundaries(world):
    report = restated_report(world)
    EnteredFigureFactory(line=report.plan.lines.get(key="1.2"), kind="actual", value=18)
    content = build_content(report, today=TODAY)
    assert any("18,0%; số nhập trên ranh giới của kế hoạch" in text for text in texts(content, "II"))
    assert "Số nhập trên ranh giới của kế hoạch" in printed(content, "lines")[2][9]
    report.boundaries = Report.Boundaries.OWN
    assert "số nhập trên ranh giới" not in str(build_content(report, today=TODAY))


def test_where_no_exact_figure_exists_it_says_so(world):
    report = restated_report(world)
    MonthlyResult.objects.filter(area=world.areas["M"]).update(unknown=1)
    content = build_content(report, today=TODAY)
    assert any("không có số liệu chính xác trên ranh giới hiện nay" in text for text in texts(content, "II"))


def test_its_communes_are_those_of_today(world):
    report = restated_report(world)
    line = report.plan.lines.get(key="1.1")
    make_result(world.areas["x"], line.indicator, "2025-12", 9, 10)
    names = [row[1] for row in printed(build_content(report, today=TODAY), "communes")]
    assert names == ["Tỉnh M", "Phường x", "Xã y", "Xã z"]


def test_small_counts_of_todays_communes_are_hidden_too(world):
    plan = with_deaths(world, {"T-a1": 2, "T-a2": 0, "T-b1": 1, "T-b2": 7})
    report = Report(plan=plan, year=2025, period="year", boundaries="today")
    content = build_content(report, today=TODAY)
    titles = [column["title"] for column in content["tables"]["communes"]["columns"]]
    deaths = titles.index("1.9. Tử vong (‰)")
    shown = {row[1]: row[deaths] for row in printed(content, "communes")}
    assert shown["Phường x"] == "ẩn" and shown["Tỉnh M"] != "ẩn"
    assert "2/200" not in str(content) and "1/100" not in str(content)


def test_the_numbers_of_a_frozen_one_are_compared_on_its_own_boundaries(world, cast):
    report = restated_report(world)
    snapshot = freeze(report=report, by=None)
    rows = number_rows(snapshot)
    assert not any(row.has_changed for row in rows)
    assert "boundaries=M%40" in rows[0].figures[1].url
    MonthlyResult.objects.filter(area=world.areas["M"], month="2025-12-01").update(numerator=0)
    assert number_rows(snapshot)[0].figures[1].now
    assert [row.name for row in commune_rows(snapshot, "1.1")] == ["Phường x", "Xã y", "Xã z"]
    client = Client()
    client.force_login(cast.planner)
    assert client.get(rows[0].figures[1].url).status_code == 200


def test_a_plan_of_todays_area_is_the_same_on_both(world):
    plan = make_plan(world, "M")
    own, today = (
        build_content(Report(plan=plan, year=2025, period="year", boundaries=which), today=TODAY)
        for which in ("own", "today")
    )
    assert own == today


def test_a_review_can_be_restated_as_well(world):
    plan = make_years(world)
    add_restated(world, plan)
    content = build_content(
        Report(kind="review", plan=plan, start_year=2024, year=2025, period="year", boundaries="today"),
        today=TODAY,
    )
    sentence = next(text for text in texts(content, "II") if text.startswith("Tỷ lệ khám thai"))
    assert "năm 2024 80,0% (1.920/2.400" in sentence and "năm gốc" not in sentence
