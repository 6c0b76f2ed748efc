"""The review of several years: sơ kết and tổng kết, each line over the years, tasks, money and quality of all years."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from indicators.models import Indicator, MonthlyResult
from plans.charts.plain import of_plain
from plans.models import Plan, Target
from reporting.content import build_content
from reporting.content.canonical import canonical_json
from reporting.models import Report
from tests.factories import AreaFactory
from tests.factories_plans import (
    EnteredFigureFactory,
    LineFactory,
    TargetFactory,
    make_indicator,
    make_result,
)
from tests.reporting.kinds import make_years
from tests.reporting.test_content import TODAY, printed, texts

pytestmark = pytest.mark.django_db


def review(plan, start=2023, year=2025, period="year", today=TODAY, **fields):
    report = Report(kind="review", plan=plan, start_year=start, year=year, period=period, **fields)
    return build_content(report, today=today)


def sentence(content, name="Tỷ lệ khám thai"):
    return next(text for text in texts(content, "II") if text.startswith(name))


def add_line(plan, name, years, indicator=None, **fields):
    """A line with a figure a year: `years` maps a year to its numerator of 100 a month."""
    line = LineFactory(
        plan=plan,
        objective=plan.objectives.get(),
        key=name,
        name=name,
        indicator=indicator,
        decimals=1,
        **fields,
    )
    for year, numerator in years.items():
        for month in range(1, 13):
            make_result(
                plan.area, indicator, f"{year}-{month:02d}", numerator, 100 if line.unit == "%" else 0
            )
    return line


def test_at_the_plans_end_it_is_a_tong_ket_before_that_a_so_ket(world):
    plan = make_years(world)
    end = review(plan)
    assert end["header"]["subject"] == "Tổng kết 03 năm (2023 - 2025) thực hiện Kế hoạch bà mẹ"
    assert end["opening"].endswith("Sở Y tế báo cáo tổng kết 03 năm (2023 - 2025) như sau:")
    assert end["closing"].startswith("Trên đây là báo cáo tổng kết 03 năm (2023 - 2025) của Sở Y tế")
    assert review(plan, year=2024)["header"]["subject"].startswith("Sơ kết 02 năm (2023 - 2024)")
    part = review(plan, period="m9")
    assert part["header"]["subject"].startswith("Sơ kết từ năm 2023 đến hết tháng 9/2025")
    assert part["period"]["as_of"] == "2025-09"


def test_a_line_is_told_year_by_year_with_its_trend_and_its_end(world):
    assert sentence(review(make_years(world))) == (
        "Tỷ lệ khám thai: năm 2023 91,0% (1.092/1.200; kế hoạch 92%: không đạt); "
        "năm 2024 93,0% (1.116/1.200; kế hoạch 92%: vượt); năm 2025 95,0% (1.140/1.200; kế hoạch 90%); "
        "đạt chỉ tiêu 2/3 năm có đánh giá; tăng liên tục từ năm 2023 đến năm 2025; "
        "tăng 7,0 điểm % so với năm gốc 2022 (88,0%); năm 2025 vượt chỉ tiêu kế hoạch."
    )


def test_a_last_year_told_in_part_says_up_to_when(world):
    content = review(make_years(world), period="m9")
    assert "9 tháng đầu năm 2025 95,0% (855/900; kế hoạch 90%)" in sentence(content)
    assert content["tables"]["lines"]["columns"][6]["title"] == "Đến tháng 9/2025"


def test_a_line_with_three_figures_or_more_is_drawn_with_its_targets(world):
    content = review(make_years(world))
    [chart] = map(of_plain, content["charts"].values())
    assert list(content["charts"]) == ["line:1.1"] and chart.title == "1. Tỷ lệ khám thai"
    assert [category.label for category in chart.categories] == ["2022", "2023", "2024", "2025"]
    assert [point.value for point in chart.series[0].points] == [88, 91, 93, 95]
    assert chart.target.values == (None, 92, 92, 90)
    assert chart.description == "năm 2022 88,0%; năm 2023 91,0%; năm 2024 93,0%; năm 2025 95,0%"
    blocks = next(section["blocks"] for section in content["sections"] if section["label"] == "II")
    assert blocks[-2] == {"kind": "chart", "key": "line:1.1", "size": "half"}
    assert [block["text"][:24] for block in blocks[-4:-2]] == [
        "3. Diễn biến qua các năm",
        "Biểu đồ của các chỉ tiêu",
    ]


def test_fewer_figures_are_no_course_and_a_growing_count_stands_apart(world):
    plan = make_years(world)
    plan.lines.filter(key="1.1").update(baseline_text="", baseline_value=None)
    assert review(plan, year=2024)["charts"] == {}
    assert "3. Diễn biến qua các năm" not in texts(review(plan, year=2024), "II")
    counted = make_indicator("SO", timing="count", denominator="")
    add_line(plan, "Số lượt", {2023: 5, 2024: 6, 2025: 7}, counted, unit="lượt")
    chart = of_plain(review(plan, period="m9")["charts"]["line:Số lượt"])
    assert [point.is_partial for point in chart.series[0].points] == [False, False, True]
    assert (
        chart.categories[-1].label == "9/2025" and "năm 2025 (đến tháng 9/2025) 6.300,0" in chart.description
    )


def test_the_tallies_are_of_the_last_year_of_each_year_and_over_the_years(world):
    content = review(make_years(world))
    said = texts(content, "II")
    assert said[1].startswith("Năm 2025: đạt và vượt 1/2 chỉ tiêu")
    assert said[2] == (
        "Trong 1 chỉ tiêu đánh giá được: 0 chỉ tiêu đạt ở mọi năm có đánh giá; 1 chỉ tiêu đạt ở một số năm; "
        "0 chỉ tiêu chưa năm nào đạt."
    )
    assert said[3] == (
        "So với mức xuất phát: 1 chỉ tiêu tốt lên, 0 chỉ tiêu không đổi, 1 chỉ tiêu chưa so sánh được, "
        "0 chỉ tiêu kém đi."
    )
    assert [row[:5] for row in printed(content, "years")] == [
        ["2023", "1", "0", "0", "1"],
        ["2024", "1", "1", "0", "0"],
        ["2025", "2", "1", "0", "0"],
    ]


def test_annex_one_has_target_figure_and_verdict_of_each_year(world):
    content = review(make_years(world))
    titles = [column["title"] for column in content["tables"]["lines"]["columns"]]
    assert titles[3:7] == ["Năm 2022", "Năm 2023", "Năm 2024", "Năm 2025"]
    assert printed(content, "lines")[1:4] == [
        ["1", "Tỷ lệ khám thai", "%", "88,0", "91,0", "93,0", "95,0", "+7,0", "2/3"],
        ["", "Kế hoạch", "", "", "92", "92", "90", "", ""],
        ["", "Đánh giá", "", "", "Không đạt", "Vượt", "Vượt", "", ""],
    ]
    half = review(Plan.objects.get(), year=2024)
    assert half["tables"]["lines"]["columns"][6]["title"] == "Năm 2025"
    assert printed(half, "lines")[1:3] == [
        ["1", "Tỷ lệ khám thai", "%", "88,0", "91,0", "93,0", "–", "+5,0", "1/2"],
        ["", "Kế hoạch", "", "", "92", "92", "90", "", ""],
    ]
    assert [annex["tables"] for annex in content["annexes"]] == [["lines"], ["quality", "completeness"]]


@pytest.mark.parametrize(
    ("levels", "words"),
    [
        ((80, 82, 84), "tăng liên tục từ năm 2023 đến năm 2025"),
        ((84, 84, 80), "giảm liên tục từ năm 2023 đến năm 2025"),
        ((80, 84, 82), "tăng, giảm không đều từ năm 2023 đến năm 2025"),
        ((80, 80, 80), "không đổi từ năm 2023 đến năm 2025"),
        ((None, 80, 82), "tăng 2,0 điểm % so với năm 2024; năm 2025"),
    ],
)
def test_the_trend_in_words(world, levels, words):
    plan = make_years(world)
    years = {year: level for year, level in zip(range(2023, 2026), levels, strict=True) if level}
    line = add_line(plan, "Khác", years, make_indicator("KHAC"))
    TargetFactory(line=line, text="70", value=70)
    assert f"; {words}" in sentence(review(plan), "Khác")


def test_a_lower_is_better_line_improves_by_going_down(world):
    plan = make_years(world)
    add_line(
        plan,
        "Thấp còi",
        {2023: 30, 2024: 20, 2025: 10},
        make_indicator("TC", direction="lower"),
        direction="lower",
    )
    assert "2 chỉ tiêu tốt lên" in texts(review(plan), "II")[3]


def test_lines_never_reached_and_lines_that_got_worse_are_named(world):
    plan = make_years(world)
    line = add_line(plan, "Sàng lọc", {2023: 50, 2024: 45, 2025: 40}, make_indicator("SL"))
    TargetFactory(line=line, text="70", value=70)
    said = texts(review(plan), "II")
    assert said[2].endswith("1 chỉ tiêu chưa năm nào đạt (Sàng lọc).")
    assert said[3].endswith("1 chỉ tiêu kém đi (Sàng lọc).")


def test_before_the_last_target_the_level_is_set_beside_it(world):
    plan = make_years(world)
    plan.end_year = 2030
    plan.save()
    line = plan.lines.get(key="1.1")
    line.targets.exclude(year=2025).delete()
    line.targets.update(year=2030, text="97", value=97)
    content = review(plan)
    assert content["header"]["subject"].startswith("Sơ kết 03 năm (2023 - 2025)")
    assert sentence(content).endswith("(88,0%); chỉ tiêu của năm 2030 là 97%: còn cách 2,0 điểm %.")
    line.targets.update(text="90", value=90)
    assert sentence(review(plan)).endswith("chỉ tiêu của năm 2030 là 90%: đã đạt mức này.")


def test_a_count_promised_for_the_whole_period_is_judged_by_its_sum(world):
    """Source: domain/targets.md, "the sum over the period if it is a count"."""
    plan = make_years(world)
    count = make_indicator("DEM", denominator=False, timing="count", factor=1, unit="người")
    line = add_line(plan, "Số người", {2023: 10, 2024: 20, 2025: 30}, count, unit="người")
    line.decimals = 0
    line.save()
    TargetFactory(line=line, text="700", value=700)
    content = review(plan)
    assert sentence(content, "Số người") == (
        "Số người: năm 2023 120 người; năm 2024 240 người; năm 2025 360 người (kế hoạch 700); "
        "tăng liên tục từ năm 2023 đến năm 2025; tăng 200,0% so với năm 2023 (120 người); "
        "cộng dồn đến năm 2025: 720 người; năm 2025 vượt chỉ tiêu kế hoạch."
    )
    rows = [row for row in printed(content, "lines") if row[1:2] == ["Cộng dồn"]]
    assert [row[4:7] for row in rows] == [["120", "360", "720"]]
    half = review(plan, year=2024)
    assert "cộng dồn đến năm 2024: 360 người; chỉ tiêu của năm 2025 là 700: còn cách 340" in sentence(
        half, "Số người"
    )
    # Also where the review begins later than the promise.
    assert "cộng dồn đến năm 2025: 720 người" in sentence(review(plan, start=2024), "Số người")


def test_years_without_figures_are_named_together(world):
    plan = make_years(world)
    line = LineFactory(plan=plan, objective=plan.objectives.get(), key="9", name="Chưa đo", indicator=None)
    TargetFactory(line=line, text="18,5", value="18.5")
    assert sentence(review(plan), "Chưa đo").startswith(
        "Chưa đo: các năm 2023, 2024 chưa có số liệu; năm 2025 chưa có số liệu (kế hoạch 18,5%)"
    )


def test_an_estimate_and_a_qualitative_line_are_worded_as_such(world):
    plan = make_years(world)
    EnteredFigureFactory(line=plan.lines.get(key="1.2"), kind="estimate", value=19)
    line = LineFactory(plan=plan, objective=plan.objectives.get(), key="9", name="Bộ máy tinh gọn")
    TargetFactory(line=line, text="Bộ máy tinh gọn", kind=Target.Kind.TEXT, operator="", value=None)
    EnteredFigureFactory(line=line, kind="verdict", value=1)
    content = review(plan)
    assert "năm 2025 ước thực hiện 19,0%" in sentence(content, "Tỷ lệ thấp còi")
    assert sentence(content, "Tỷ lệ thấp còi").endswith("ước đạt và vượt kế hoạch.")
    assert "chưa có số liệu" not in sentence(content, "Bộ máy tinh gọn")
    assert sentence(content, "Bộ máy tinh gọn").endswith("năm 2025 đạt chỉ tiêu kế hoạch.")


def test_a_running_last_year_of_a_count_is_set_beside_no_whole_year(world):
    plan = make_years(world)
    count = make_indicator("DEM", denominator=False, timing="count", factor=1, unit="người")
    line = add_line(plan, "Số người", {2023: 10, 2024: 20, 2025: 30}, count, unit="người")
    for year in (2023, 2024, 2025):
        TargetFactory(line=line, year=year, text="300", value=300)
    said = sentence(review(plan, period="h1"), "Số người")
    assert (
        "6 tháng đầu năm 2025 180,0 người (kế hoạch 300)" in said
        and "tăng 100,0% so với năm 2023; năm 2025 có khả năng đạt" in said
    )


def test_a_sum_still_growing_that_is_as_large_as_the_start_is_not_called_unmoved(world):
    plan = make_years(world)
    count = make_indicator("DEM", denominator=False, timing="count", factor=1, unit="người")
    add_line(plan, "Số người", {2023: 10, 2024: 15, 2025: 20}, count, unit="người")
    assert "0 chỉ tiêu không đổi, 2 chỉ tiêu chưa so sánh được" in texts(review(plan, period="h1"), "II")[3]


def test_money_and_tasks_are_of_all_years(world):
    content = review(make_years(world))
    assert texts(content, "IV") == [
        "Kinh phí giao giai đoạn 2023 - 2025: 600.000.000 đồng (Sáu trăm triệu đồng).",
        "Kinh phí thực hiện: 500.000.000 đồng (Năm trăm triệu đồng).",
        "Tỷ lệ giải ngân: 83,3%.",
    ]
    assert printed(content, "budget")[3:] == [["", "Cộng", "600.000.000", "500.000.000", "83,3%"]]
    assert "chậm tiến độ 1/1" in texts(content, "III")[0]
    plan = Plan.objects.get()
    plan.budget_lines.all().delete()
    assert texts(review(plan), "IV") == ["Kế hoạch không ghi kinh phí giao cho giai đoạn 2023 - 2025."]


def test_the_quality_of_each_year_stands_under_its_year(world):
    content = review(make_years(world))
    assert [row[0] for row in printed(content, "quality")] == ["Năm 2023", "Năm 2024", "Năm 2025"]
    assert printed(content, "completeness") == [["1.1", "Tỷ lệ khám thai", "100,0%", "100,0%", "100,0%"]]


def test_the_review_of_an_abolished_province_comes_from_its_successor_on_its_own_boundaries(world):
    content = review(make_years(world))
    assert content["header"]["superior"] == "UBND TỈNH M"
    assert "ranh giới hành chính đến ngày 30/6/2025 của tỉnh A" in content["boundaries"]["text"]


def test_typed_parts_and_additions_stand_in_their_places_and_no_float_is_frozen(world):
    plan = make_years(world)
    content = review(
        plan, narrative={"limits": "Thiếu bác sỹ."}, additions={"steadiness": "Riêng vùng cao khó hơn."}
    )
    assert "Thiếu bác sỹ." in texts(content, "V") and "Riêng vùng cao khó hơn." in texts(content, "II")
    import json

    json.loads(canonical_json(content), parse_float=pytest.fail)


def test_a_plan_without_any_figure_still_makes_a_review(world):
    plan = make_years(world, "M")
    plan.lines.update(indicator=None)
    content = review(plan)
    assert "Chưa có chỉ tiêu nào đánh giá được trọn năm." in texts(content, "II")
    plan.lines.all().delete()
    assert "Năm 2025 kế hoạch không đặt chỉ tiêu phải đánh giá." in texts(review(plan), "II")


def test_a_change_is_told_with_its_level(world):
    plan = make_years(world)
    line = add_line(
        plan, "Mức sinh", {2023: 30, 2024: 29, 2025: 27}, make_indicator("CBR"), direction="lower"
    )
    for year in (2024, 2025):
        TargetFactory(line=line, year=year, text="Giảm 0,5", kind="change", operator="<=", value="-0.5")
    said = sentence(review(plan), "Mức sinh")
    assert "năm 2025 −2,0% (mức 27,0%; kế hoạch giảm 0,5)" in said
    assert "giảm liên tục từ năm 2023 đến năm 2025" in said


@pytest.mark.parametrize("lines", [1, 12])
def test_queries_do_not_grow_with_the_lines(world, lines):
    plan = make_years(world)
    for number in range(lines):
        indicator = make_indicator(f"I{number}")
        TargetFactory(line=add_line(plan, f"L{number}", {2025: 50}, indicator))
    with CaptureQueriesContext(connection) as queries:
        review(plan)
    # Area, issuer and successor; lines, targets, entered figures, results, urban communes of three years; tasks with
    # parts; money; duties, submissions, forms, corrections and their events of three years.
    assert len(queries) <= 40, len(queries)


def test_communes_are_in_no_table_of_a_review(world):
    plan = make_years(world)
    place = AreaFactory(parent=world.areas["a"], name="Xã kín", valid_to=world.areas["a"].valid_to)
    make_result(place, plan.lines.get(key="1.1").indicator, "2025-03", 3, 7)
    assert "Xã kín" not in canonical_json(review(plan)).decode()
    assert Indicator.objects.count() == 1


def test_a_year_without_an_exact_figure_and_a_target_nobody_decided_say_so(world):
    plan = make_years(world)
    line = plan.lines.get(key="1.1")
    MonthlyResult.objects.filter(month__year=2024).update(unknown=1)
    said = sentence(review(plan))
    assert (
        "năm 2024 không có số liệu chính xác trên ranh giới của kế hoạch (kế hoạch 92%: chưa có số liệu)"
        in said
    )
    line.targets.filter(year=2023).update(text="giảm 2%", kind="change", value=-2, is_ambiguous=True)
    assert "kế hoạch giảm 2%: chưa đánh giá" in sentence(review(plan))


def test_a_figure_that_prints_like_its_target_is_told_unrounded(world):
    plan = make_years(world)
    MonthlyResult.objects.filter(month__year=2024).update(numerator="91.96")
    assert "năm 2024 92,0% (1.104/1.200; chưa làm tròn: 91,96%; kế hoạch 92%: không đạt)" in sentence(
        review(plan)
    )


def test_a_line_within_another_says_so_and_further_lines_come_last(world):
    plan = make_years(world)
    first = plan.lines.get(key="1.1")
    part = add_line(plan, "dân tộc thiểu số", {2025: 80}, make_indicator("P"), parent=first)
    TargetFactory(line=part, text="70", value=70)
    plan.lines.filter(key="1.2").update(is_further=True)
    said = texts(review(plan), "II")
    assert any(text.startswith("Trong đó, dân tộc thiểu số: ") for text in said)
    assert said.index("b) Chỉ tiêu nêu trong phần lời của kế hoạch") < said.index(
        next(text for text in said if text.startswith("Tỷ lệ thấp còi"))
    )


def test_a_rate_of_rare_events_has_its_interval_each_year(world):
    plan = make_years(world)
    rare = make_indicator("MMR", factor=100_000, direction="lower", interval="poisson")
    line = LineFactory(
        plan=plan, objective=plan.objectives.get(), key="9", name="Tử vong mẹ", indicator=rare, decimals=0, unit="ca",
        direction="lower",
    )  # fmt: skip
    for year, deaths in ((2024, 3), (2025, 2)):
        make_result(plan.area, rare, f"{year}-05", deaths, 10_000)
        TargetFactory(line=line, year=year, text="<32", value=32, operator="<")
    said = sentence(review(plan), "Tử vong mẹ")
    assert "năm 2024 30 ca (3/10.000; khoảng tin cậy 95%: 6 đến 88; kế hoạch <32: đạt)" in said
    assert said.count("khoảng tin cậy 95%") == 2
