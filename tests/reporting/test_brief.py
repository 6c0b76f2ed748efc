"""The leadership's one page: one A4 sheet whatever is in trouble, with what changed and how complete it is."""

import io
from datetime import date

import pdfplumber
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from indicators.models import ComputedMonth, MonthlyResult
from plans.charts.plain import of_plain
from reporting.actions.reports import freeze, open_report
from reporting.content import build_content
from reporting.content.brief import listed
from reporting.content.brief_changes import is_change
from reporting.content.periods import ReportPeriod
from reporting.models import Report
from reporting.renderers import render
from tests.factories import REFORM, AreaFactory, FacilityFactory, settle_places
from tests.factories_plans import LineFactory, ObjectiveFactory, TargetFactory, make_indicator, make_result
from tests.indicators.sensitive import deaths_indicator, report_deaths, roll_up
from tests.reporting.cases import make_plan
from tests.reporting.test_renderers import needs_pango

pytestmark = pytest.mark.django_db
TODAY = date(2026, 2, 10)
LONG = "Tỷ lệ phụ nữ đẻ được quản lý thai nghén và khám thai ít nhất 4 lần trong 3 thời kỳ thai nghén tại cơ sở y tế"


def brief_of(plan, code="year", today=TODAY, **fields):
    report = Report(kind="brief", plan=plan, year=2025, period=code, **fields)
    return build_content(report, today=today)


def texts(content, label):
    section = next(one for one in content["sections"] if one["label"] == label)
    return [block["text"] for block in section["blocks"] if "text" in block]


def add_lines(plan, counts, name=LONG, first=1):
    """Lines that ask for 90% and got so many of a hundred each month, named by their number."""
    objective = ObjectiveFactory(plan=plan, label=f"Mục tiêu {first + 1}", title="Thêm")
    for number, per_month in enumerate(counts, start=first):
        line = LineFactory(
            plan=plan, objective=objective, key=f"2.{number}", label=str(number), name=f"{name} {number}",
            indicator=make_indicator(f"M{number}"), unit="%",
        )  # fmt: skip
        TargetFactory(line=line, text="90", value=90)
        for month, count in enumerate(per_month, start=1):
            make_result(plan.area, line.indicator, f"2025-{month:02d}", count, 100)


def snapshot_of(content):
    return {
        "format": 2, "revision": 1, "frozen_at": "2026-02-10T08:00:00+07:00", "computed_at": None,
        "dateline": "", "content": content,
    }  # fmt: skip


def pages_of(content):
    with pdfplumber.open(io.BytesIO(render(snapshot_of(content), "pdf"))) as pdf:
        return [(page.width, page.height, page.extract_text()) for page in pdf.pages]


def test_it_says_what_is_met_what_is_missed_and_how_far(world):
    plan = make_plan(world)
    add_lines(plan, [[80] * 12, [89] * 12], name="Tỷ lệ sàng lọc")
    content = brief_of(plan)
    assert "1. Tỷ lệ khám thai" in texts(content, "I")[1]
    assert texts(content, "II") == [
        "1. Tỷ lệ sàng lọc 1: 80,0%, kế hoạch 90%; không đạt.",
        "2. Tỷ lệ sàng lọc 2: 89,0%, kế hoạch 90%; không đạt.",
    ]
    distance = of_plain(content["charts"]["distance"])
    assert [round(float(point.value), 1) for point in distance.series[0].points] == [88.9, 98.9]
    assert distance.target.values == (100, 100)
    tally = of_plain(content["charts"]["tally"])
    assert {series.name: [int(point.value) for point in series.points] for series in tally.series} == {
        "đạt, có khả năng đạt": [1, 0],
        "không đạt, nguy cơ": [0, 2],
        "chưa đánh giá được": [1, 0],
    }
    months = of_plain(content["charts"]["months"])
    assert months.title.startswith("1. ") and len(months.series[0].known) == 12


def test_it_is_no_letter_but_says_issuer_boundaries_month_and_completeness(world):
    content = brief_of(make_plan(world))
    assert (content["header"]["addressees"], content["footer"]["recipients"]) == ([], [])
    assert content["header"]["issuer"] == ["SỞ Y TẾ"] and content["kind"] == "brief"
    assert "ranh giới hành chính đến ngày 30/6/2025 của tỉnh A" in content["opening"]
    assert "Số liệu tính đến hết tháng 12/2025. Đã có 100,0% số liệu cơ sở–tháng" in content["opening"]


def test_a_verdict_that_turned_since_last_month_is_told(world):
    plan = make_plan(world)
    add_lines(plan, [[91] * 5 + [20]], name="Tỷ lệ sàng lọc")
    ComputedMonth.objects.filter(month__gt="2025-06-01").delete()
    assert texts(brief_of(plan, "2025-06"), "III") == [
        "So với tháng 5/2025: 1 chỉ tiêu đổi đánh giá:",
        "1. Tỷ lệ sàng lọc 1: có khả năng đạt → nguy cơ không đạt.",
    ]


def test_what_turned_since_the_last_frozen_report_is_told_too(world):
    plan = make_plan(world)
    add_lines(plan, [[91] * 5 + [20] * 7], name="Tỷ lệ sàng lọc")
    may = open_report(plan=plan, period=ReportPeriod(2025, "2025-05"), by=None)
    freeze(report=may, by=None)
    told = texts(brief_of(plan), "III")
    assert told[0] == "So với tháng 11/2025: không chỉ tiêu nào đổi đánh giá."
    assert told[1:] == [
        "So với báo cáo gần nhất (số liệu đến tháng 5/2025): 1 chỉ tiêu đổi đánh giá:",
        "1. Tỷ lệ sàng lọc 1: có khả năng đạt → không đạt.",
    ]


def twins(plan, monthly):
    """Lines that print the same number and name, each with so many of a hundred a month."""
    add_lines(plan, monthly)
    plan.lines.filter(key__startswith="2.").update(label="a", name="Trong đó: nữ")


@pytest.mark.parametrize("keyed", [True, False])
def test_lines_of_one_name_are_told_apart_by_their_keys_and_left_out_where_frozen_without(world, keyed):
    plan = make_plan(world)
    turned = [91] * 5 + [20] * 7
    twins(plan, [turned, [91] * 12, turned])
    may = freeze(report=open_report(plan=plan, period=ReportPeriod(2025, "2025-05"), by=None), by=None)
    if not keyed:
        for row in may.data["content"]["tables"]["lines"]["rows"]:
            row.pop("key", None)
        may.save()
    told = [text for text in texts(brief_of(plan), "III") if "→" in text]
    assert told == (["a. Trong đó: nữ: có khả năng đạt → không đạt."] * 2 if keyed else [])


def test_a_line_of_the_plans_words_does_not_stand_for_the_one_of_its_table(world):
    plan = make_plan(world)
    twins(plan, [[91] * 12, [20] * 12])
    plan.lines.filter(key="2.2").update(is_further=True)
    freeze(report=open_report(plan=plan, period=ReportPeriod(2025, "2025-05"), by=None), by=None)
    assert texts(brief_of(plan), "III")[1] == (
        "So với báo cáo gần nhất (số liệu đến tháng 5/2025): không chỉ tiêu nào đổi đánh giá."
    )


def test_the_last_report_is_the_one_that_reaches_furthest_and_of_those_the_newest(world):
    plan = make_plan(world)
    add_lines(plan, [[91] * 5 + [20] * 7], name="Tỷ lệ sàng lọc")
    for code in ("2025-05", "2025-03"):
        freeze(report=open_report(plan=plan, period=ReportPeriod(2025, code), by=None), by=None)
    assert "số liệu đến tháng 5/2025" in texts(brief_of(plan), "III")[1]
    MonthlyResult.objects.filter(month__gt="2025-04-01", numerator=91).update(numerator=0)
    report = open_report(plan=plan, period=ReportPeriod(2025, "2025-05"), by=None)
    freeze(report=report, by=None, reason="Số mới.")
    assert texts(brief_of(plan), "III")[1].endswith("không chỉ tiêu nào đổi đánh giá.")


def test_the_end_of_the_year_alone_is_no_change():
    assert not is_change("Có khả năng đạt", "Vượt") and not is_change("Đạt", "Đạt")
    assert is_change("Có khả năng đạt", "Không đạt") and is_change("Đạt", "Vượt")


def test_names_are_cut_truly():
    assert listed(["a", "b"]) == "a; b"
    assert listed(["x" * 200, "y" * 200, "z"]) == "x" * 200 + "; và 2 chỉ tiêu khác, xem báo cáo"


@needs_pango
@pytest.mark.parametrize("lines", [1, 40])
def test_it_is_one_a4_page_however_many_lines_are_in_trouble(world, lines):
    plan = make_plan(world)
    add_lines(plan, [[91] * 11 + [20 + number] for number in range(lines)])
    [(width, height, text)] = pages_of(brief_of(plan))
    assert (round(width), round(height)) == (595, 842)
    assert "III. THAY ĐỔI" in text and "xem báo cáo năm 2025 của kế hoạch" in text
    assert ("Và 34 chỉ tiêu khác, xem báo cáo" in text) == (lines == 40)


@needs_pango
def test_a_plan_without_figures_has_its_page(world):
    plan = make_plan(world)
    ComputedMonth.objects.all().delete()
    MonthlyResult.objects.all().delete()
    content = brief_of(plan, today=date(2025, 3, 1))
    assert "Chưa có số liệu tính từ báo cáo." in content["opening"]
    assert texts(content, "III") == ["Chưa có số liệu để so sánh."] and list(content["charts"]) == ["tally"]
    assert len(pages_of(content)) == 1


def test_it_costs_the_same_for_any_number_of_lines(world):
    plan = make_plan(world)
    costs = []
    for first, counts in ((1, [[80] * 12]), (2, [[80] * 12] * 6)):
        add_lines(plan, counts, first=first)
        with CaptureQueriesContext(connection) as queries:
            brief_of(plan)
        costs.append(len(queries))
    assert costs[0] == costs[1] <= 20, costs


def test_months_that_would_point_at_a_person_are_not_drawn(world):
    """In August only one commune has reported, and three deaths: the province's month would tell them."""
    world.facilities["S-n"] = FacilityFactory(
        code="S-n", name="Trạm n", opened=REFORM,
        area=AreaFactory(parent=world.areas["M"], valid_from=REFORM, code="zn", name="Xã n"),
    )  # fmt: skip
    settle_places()
    plan, deaths = make_plan(world, "M"), deaths_indicator()
    line = plan.lines.create(
        objective=plan.lines.get(key="1.1").objective, order=9, key="1.9", name="Tử vong", unit="‰", decimals=1,
        indicator=deaths, direction="lower",
    )  # fmt: skip
    TargetFactory(line=line, text="5", value=5)
    plan.lines.filter(key="1.1").delete()
    report_deaths(world, deaths, "2025-08", {"S-z": 3})
    report_deaths(world, deaths, "2025-09", {"S-x": 7, "S-y": 12, "S-z": 8, "S-n": 9})
    roll_up("2025-08", "2025-09")
    chart = of_plain(brief_of(plan)["charts"]["months"])
    assert "Tử vong" in chart.title
    drawn = {n for n, point in enumerate(chart.series[0].points, start=1) if point is not None}
    assert 8 not in drawn and 9 in drawn
