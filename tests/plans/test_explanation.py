"""The sentence behind a running year's verdict: numbers, pace, forecast, target; and the season it rests on."""

from datetime import date
from decimal import Decimal
from fractions import Fraction as F

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from facilities.periods import Month
from indicators.models import Indicator
from plans.models import Plan
from plans.presenters.explanation import explain, forecast_words, method_of
from plans.standing import assess_lines
from tests.factories import AreaFactory
from tests.factories_plans import (
    EnteredFigureFactory,
    LineFactory,
    PlanFactory,
    TargetFactory,
    everybody,
    make_indicator,
    make_result,
)
from tests.plans.pages import make_scene, signed_in

pytestmark = pytest.mark.django_db
SEASON = [6, 5, 9, 9, 10, 11, 8, 7, 9, 9, 9, 8]  # of a hundred a year


@pytest.fixture
def plan():
    everybody()
    return PlanFactory()


def line_with(plan, indicator, *, text="90", operator=">=", value=90, kind="level", **fields):
    line = LineFactory(plan=plan, indicator=indicator, **fields)
    TargetFactory(line=line, text=text, operator=operator, value=value, kind=kind)
    return line


def fill(area, indicator, year, numerators, denominator=0, **counts):
    for number, numerator in enumerate(numerators, start=1):
        make_result(area, indicator, f"{year}-{number:02d}", numerator, denominator, **counts)


def standing_of(plan, as_of="2025-06", area=None):
    (standing,) = assess_lines(plan, 2025, Month.parse(as_of), area)
    return standing


def coverage():
    return make_indicator("FIC", timing="flow_population")


def test_a_coverage_says_what_it_needed_and_what_it_will_come_to(plan):
    indicator = coverage()
    line_with(plan, indicator)
    for year in (2023, 2024):
        fill(plan.area, indicator, year, [n * 90 for n in SEASON], 10_000)
    fill(plan.area, indicator, 2025, [n * 88 for n in SEASON[:6]], 10_000)

    standing = standing_of(plan)

    assert explain(standing) == (
        "Đến tháng 6 đạt 48,9% kế hoạch, theo nhịp hai năm trước cần 50,0%; "
        "dự báo cả năm 88,0% (85,8–90,3%), mục tiêu ≥ 90,0%: nguy cơ không đạt"
    )
    assert "2023, 2024" in method_of(standing)
    assert (standing.projected, standing.assessment.pace) == (88, 45)
    low, high = standing.projected_interval
    assert low < 88 < high


def test_pace_and_verdict_agree_on_either_side_of_the_target(plan):
    indicator = coverage()
    line_with(plan, indicator)
    for year in (2023, 2024):
        fill(plan.area, indicator, year, [n * 7 for n in SEASON], 10_000)
    fill(plan.area, indicator, 2025, [495, 405], 10_000)

    january, february = (standing_of(plan, f"2025-0{month}") for month in (1, 2))

    assert january.assessment.pace == F(54, 10) and january.assessment.status == "at_risk"
    assert february.assessment.pace == F(99, 10) and february.assessment.status == "at_risk"
    assert "theo nhịp hai năm trước" in explain(february)
    assert standing_of(plan, "2025-02").projected == 9 / F(11, 100)


def test_without_two_full_years_months_count_alike_and_the_method_says_why(plan):
    indicator = make_indicator("NEW_USERS", factor=1, timing="count", denominator=False)
    line_with(plan, indicator, text="1.200", value=1200, unit="người", decimals=0)
    fill(plan.area, indicator, 2024, [100] * 12)
    fill(plan.area, indicator, 2023, [100] * 11)
    fill(plan.area, indicator, 2025, [90] * 6)

    standing = standing_of(plan)

    assert explain(standing) == (
        "Đến tháng 6 đạt 45,0% kế hoạch, chia đều theo tháng cần 50,0%; "
        "dự báo cả năm 1.080 (1.017–1.146), mục tiêu ≥ 1.200: nguy cơ không đạt"
    )
    assert "chưa có hai năm trước" in method_of(standing)
    assert standing.projected == 1080


def test_years_apart_are_named(plan):
    indicator = make_indicator("NEW_USERS", factor=1, timing="count", denominator=False)
    line_with(plan, indicator, value=1000)
    for year in (2022, 2024):
        fill(plan.area, indicator, year, [100] * 12)
    fill(plan.area, indicator, 2023, [100] * 12, reported=1, expected=2)
    fill(plan.area, indicator, 2025, [90] * 3)

    assert "theo nhịp các năm 2022, 2024 cần" in explain(standing_of(plan, "2025-03"))


@pytest.mark.parametrize("spoiled", [{"unknown": 1}, {"estimated": 1}, {"reported": 0}])
def test_a_year_that_is_not_exact_on_these_boundaries_tells_no_season(plan, spoiled):
    indicator = make_indicator("NEW_USERS", factor=1, timing="count", denominator=False)
    line_with(plan, indicator, value=1000)
    fill(plan.area, indicator, 2024, SEASON)
    fill(plan.area, indicator, 2023, SEASON[:11])
    make_result(plan.area, indicator, "2023-12", 8, **spoiled)
    fill(plan.area, indicator, 2025, [5] * 6)

    standing = standing_of(plan)

    assert (standing.projected, standing.computed.projection.years) == (60, ())


def test_the_season_is_that_of_the_place_whose_figures_are_read(plan):
    indicator = make_indicator("NEW_USERS", factor=1, timing="count", denominator=False)
    line_with(plan, indicator, value=1000)
    part = AreaFactory(parent=plan.area)
    for area, season in ((plan.area, SEASON), (part, SEASON[::-1])):
        for year in (2023, 2024):
            fill(area, indicator, year, season)
        fill(area, indicator, 2025, [6])

    assert standing_of(plan, "2025-01").projected == 100
    assert standing_of(plan, "2025-01", part).projected == 75


def test_a_limit_is_told_by_its_value_and_its_pace(plan):
    indicator = make_indicator("CASES", factor=1, timing="count", denominator=False)
    line_with(plan, indicator, text="≤ 10", operator="<=", value=10, direction="lower", unit="ca", decimals=0)
    fill(plan.area, indicator, 2025, [1] * 6)

    assert explain(standing_of(plan)) == (
        "Đến tháng 6 là 6, chia đều theo tháng là 5; dự báo cả năm 12 (7–21), mục tiêu ≤ 10: nguy cơ không đạt"
    )


def test_a_ratio_has_no_pace_and_its_interval_narrows_with_the_year(plan):
    indicator = make_indicator(interval="wilson")
    line_with(plan, indicator)
    fill(plan.area, indicator, 2025, [95, 94, 96, 95, 95, 95, 95, 95, 95, 95, 95], 100)

    half, late = standing_of(plan), standing_of(plan, "2025-11")

    assert explain(half) == (
        "Đến tháng 6 là 95,0%; dự báo cả năm 95,0% (93,6–96,1%), mục tiêu ≥ 90,0%: có khả năng đạt"
    )
    widths = [high - low for low, high in (half.projected_interval, late.projected_interval)]
    assert widths[1] < widths[0] / 2


def test_a_level_is_kept_to_the_end_of_the_year(plan):
    indicator = make_indicator("BEDS", timing="stock", factor=10_000)
    line_with(plan, indicator, unit="giường", value=Decimal("31.4"), text="31,4")
    fill(plan.area, indicator, 2025, [3139996] * 3, 1_000_000_000)

    assert explain(standing_of(plan, "2025-03")) == (
        "Đến tháng 3 là 31,4 (thấp hơn kế hoạch dưới mức làm tròn); giữ mức này đến cuối năm, "
        "mục tiêu ≥ 31,4: nguy cơ không đạt"
    )
    assert method_of(standing_of(plan, "2025-03")) == ""


def test_a_change_is_told_against_last_year_with_signed_limits(plan):
    indicator = make_indicator("CBR", factor=1000, timing="rate", direction="none")
    line_with(
        plan, indicator, text="Tăng 0,1", value=Decimal("0.1"), kind="change", unit="‰", direction="none"
    )
    fill(plan.area, indicator, 2024, [1300] * 12, 1_000_000)
    fill(plan.area, indicator, 2025, [1310] * 6, 1_000_000)

    standing = standing_of(plan)

    assert explain(standing).startswith(
        "Đến tháng 6 thay đổi +0,1‰ so với năm trước; dự báo cả năm +0,12‰ (từ −0,1‰ đến +0,4‰)"
    )
    assert explain(standing).endswith("mục tiêu tăng ít nhất 0,1‰ so với năm trước: có khả năng đạt")


def test_reports_that_have_not_come_are_told_and_leave_room_above(plan):
    indicator = coverage()
    line_with(plan, indicator)
    fill(plan.area, indicator, 2025, [750] * 5, 10_000, reported=10, expected=10)
    make_result(plan.area, indicator, "2025-06", 75, 10_000, reported=1, expected=10)

    standing = standing_of(plan)

    assert standing.projected == F(3825 * 2, 100)
    assert standing.projected_interval[1] > 90 > standing.projected
    assert "; mới có 85,0% báo cáo; " in explain(standing)
    assert method_of(standing).endswith("Cận trên tính cả phần của 9 báo cáo chưa có.")


def test_a_count_of_a_whole_period_adds_its_earlier_years():
    everybody()
    plan = PlanFactory(start_year=2024, end_year=2025, baseline_year=2023)
    indicator = make_indicator("NEW_IUD", factor=1, timing="count", denominator=False)
    line_with(plan, indicator, value=200, text="200")
    for year in (2022, 2023, 2024):
        fill(plan.area, indicator, year, SEASON)
    fill(plan.area, indicator, 2025, SEASON[:6])

    standing = standing_of(plan)

    assert (standing.value, standing.projected, standing.assessment.pace) == (150, 200, 150)
    assert standing.projected_interval[0] < 200 < standing.projected_interval[1]
    assert "đạt 75,0% kế hoạch, theo nhịp ba năm trước cần 75,0%" in explain(standing)


def test_a_year_of_a_period_without_reports_has_passed_all_the_same():
    everybody()
    plan = PlanFactory(start_year=2024, end_year=2025, baseline_year=2023)
    indicator = make_indicator("NEW_IUD", factor=1, timing="count", denominator=False)
    line_with(plan, indicator, value=200, text="200")
    fill(plan.area, indicator, 2025, SEASON[:6])

    assert standing_of(plan).assessment.pace == 150


def test_a_year_that_is_over_estimated_or_not_judged_is_not_explained(plan):
    line = line_with(plan, None)
    EnteredFigureFactory(line=line, kind="estimate", value=92)
    assert explain(standing_of(plan)) == ""
    assert explain(standing_of(plan, "2025-12")) == ""
    Indicator.objects.all().delete()
    line.targets.all().delete()
    assert (explain(standing_of(plan)), method_of(standing_of(plan))) == ("", "")


def test_an_entered_figure_of_a_running_year_stands_as_it_is(plan):
    line = line_with(plan, None)
    EnteredFigureFactory(line=line, value=92)
    standing = standing_of(plan)
    assert explain(standing) == (
        "Đến tháng 6 là 92,0%; giữ mức này đến cuối năm, mục tiêu ≥ 90,0%: có khả năng đạt"
    )
    assert forecast_words(standing) == "92,0%"


@pytest.mark.parametrize("lines", [10, 25])
def test_the_years_before_are_read_in_the_same_queries(lines, monkeypatch):
    """A running year costs what a finished one does: the months of its seasons come with its own."""
    monkeypatch.setattr("django.utils.timezone.localdate", lambda: date(2026, 3, 10))
    scene = make_scene(lines)
    Indicator.objects.update(interval="wilson")
    for year in (2022, 2023, 2024):
        fill(scene.world.areas["M"], scene.indicator, year, [90] * 12, 100)
    client = signed_in(scene.cast.planner)
    with CaptureQueriesContext(connection) as queries:
        page = client.get(f"/plans/{scene.plan.slug}/?as_of=2025-06").content.decode()
    assert 'title="Đến tháng 6 là 95,0%; dự báo cả năm' in page and ">dự báo cả năm 9" in page
    assert len(queries) <= 11
    with CaptureQueriesContext(connection) as queries:
        assess_lines(Plan.objects.select_related("area").get(), 2025, Month(2025, 6))
    assert len(queries) <= 6


def test_the_line_page_says_it_in_full_with_its_method():
    scene = make_scene()
    Indicator.objects.filter(pk=scene.indicator.pk).update(timing="flow_population")
    page = (
        signed_in(scene.cast.leader)
        .get(f"/plans/{scene.plan.slug}/lines/1.1/?as_of=2025-06")
        .content.decode()
    )
    assert "chia đều theo tháng cần 50,0%" in page and "Khoảng dự báo 95%" in page
