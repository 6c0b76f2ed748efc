"""One pace for a line: its verdict, the mark of every view, and what places were given are held to the same."""

import csv
import io
import re
from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest

from facilities.periods import Month
from indicators.models import MonthlyResult
from indicators.seasonality import EVEN, Pace, Season
from plans.presenters.benchmarks import Benchmark
from plans.presenters.choices import Choices
from plans.presenters.communes import read_communes
from plans.standing import assess_lines
from plans.standing.allocated import judge_share
from plans.standing.pace import read_pace
from tests.factories_plans import everybody
from tests.plans.hundred import make_hundred, result
from tests.plans.pages import signed_in

pytestmark = pytest.mark.django_db
# Of a hundred a year: a campaign in June and July. Five months should bring ten.
CAMPAIGN = [2, 2, 2, 2, 2, 40, 40, 2, 2, 2, 2, 2]
# Two years of the season, then a year in which commune 0 is a little ahead of it and commune 1 a little behind.
AHEAD, BEHIND = 92, 88


def fill(hundred, last):
    """Results of 2023 to `last` of 2025; each commune has 10.000 people a year."""
    MonthlyResult.objects.all().delete()
    group, rows = everybody(), []
    for year, most in ((2023, 12), (2024, 12), (2025, last)):
        for month in range(1, most + 1):
            reach = (AHEAD, BEHIND) if year == 2025 else (90, 90)
            counts = [CAMPAIGN[month - 1] * percent for percent in reach]
            for area, count, people in (
                *zip(hundred.communes, counts, (10_000, 10_000), strict=True),
                (hundred.province, sum(counts), 20_000),
            ):
                day = date(year, month, 1)
                rows.append(result(area, hundred.indicator, day, count, people, group))
    MonthlyResult.objects.bulk_create(rows)


@pytest.fixture
def campaign():
    hundred = make_hundred(2, timing="flow_population")
    hundred.line.targets.update(value=90, text="90")
    fill(hundred, 12)
    return hundred


def page_of(hundred, query):
    return signed_in(hundred.leader).get(f"{hundred.url}?{query}").content.decode()


def rows_of(hundred, query):
    content = signed_in(hundred.leader).get(f"{hundred.url}?{query}&format=csv").content.decode("utf-8-sig")
    lines = list(csv.reader(io.StringIO(content)))
    cut = lines.index([])
    return dict(lines[:cut]), [dict(zip(lines[cut + 1], line, strict=True)) for line in lines[cut + 2 :]]


def choices_of(hundred, as_of):
    month = Month.parse(as_of)
    return Choices(hundred.line.plan, month.year, month, hundred.province, None, [], [], [])


def standing_of(hundred, as_of):
    (standing,) = assess_lines(hundred.line.plan, 2025, Month.parse(as_of))
    return standing


def test_communes_are_held_to_the_pace_of_the_verdict(campaign):
    assert standing_of(campaign, "2025-05").assessment.status == "on_track"

    facts, rows = rows_of(campaign, "view=ranking&as_of=2025-05&sort=name")

    assert facts["Mốc so sánh"] == "ít nhất 9%" and "các năm 2023, 2024" in facts["Nhịp"]
    assert [(row["Giá trị"], row["So với mốc"]) for row in rows] == [
        ("9.2", "cao hơn mốc 0,2 điểm %"),
        ("8.8", "thấp hơn mốc 0,2 điểm %"),
    ]


@pytest.mark.parametrize("view", ["ranking", "map", "months"])
def test_a_view_says_in_one_sentence_which_pace_it_goes_by(campaign, view):
    page = page_of(campaign, f"view={view}&as_of=2025-05")
    assert page.count("tỷ trọng từng tháng của các năm 2023, 2024 trên cả địa bàn") == 1


def test_without_full_years_the_sentence_says_that_months_count_alike(campaign):
    MonthlyResult.objects.filter(month__year=2023).delete()
    page = page_of(campaign, "view=ranking&as_of=2025-05")
    assert "chia đều theo tháng, vì chưa có hai năm trước" in page
    assert "Mốc so sánh: ít nhất 37,5%" in page_of(campaign, "view=map&as_of=2025-05")


def test_the_map_and_the_months_colour_by_the_same_mark(campaign):
    drawing = page_of(campaign, "view=map&as_of=2025-05")
    assert "<title>Xã 000: 9,2%; 920 / 10.000; đạt mốc</title>" in drawing
    assert "<title>Xã 001: 8,8%; 880 / 10.000; chưa đạt mốc</title>" in drawing
    page = page_of(campaign, "view=months&as_of=2025-05&measure=to_date&sort=name")
    shades = {name: re.findall(r'class="num (good|near|middle|far)"', row) for name, row in table_rows(page)}
    assert shades["Xã 000"] == ["good"] * 5 and shades["Xã 001"] == ["near"] * 5


def table_rows(page):
    table = page[page.index('class="heat"') : page.index("</table>", page.index('class="heat"'))]
    return [
        (name, row)
        for row in table.split("<tr")
        if (name := next(iter(re.findall(r"(Xã \d{3}|Mốc|Toàn địa bàn)", row)), ""))
    ]


@pytest.mark.parametrize(
    ("measure", "marks"),
    [
        ("month", [1.8] * 5 + [36, 36] + [1.8] * 5 + [90]),
        ("to_date", [1.8, 3.6, 5.4, 7.2, 9, 45, 81, 82.8, 84.6, 86.4, 88.2, 90, 90]),
    ],
)
def test_the_months_tell_each_columns_mark_also_of_a_year_that_is_over(campaign, measure, marks):
    _facts, rows = rows_of(campaign, f"view=months&as_of=2025-12&measure={measure}")
    mark = next(row for row in rows if row["Địa bàn"] == "Mốc")
    assert [float(number) for number in list(mark.values())[2:]] == pytest.approx(marks)


def test_the_months_chart_draws_the_pace_beside_the_year_to_date(campaign):
    page = page_of(campaign, "as_of=2025-05")
    assert "kế hoạch theo nhịp đến tháng" in page


def test_what_a_place_was_given_is_judged_by_the_same_pace(campaign):
    standing, choices = standing_of(campaign, "2025-05"), choices_of(campaign, "2025-05")
    pace = read_pace(standing, campaign.province)
    ahead, behind = read_communes(standing.line, choices, pace)

    class Share:
        value, baseline = Decimal(90), None

    class Version:
        year, target_operator = 2025, ">="

    judged = [
        judge_share(standing.line, Share, Version, one.computed, choices.as_of) for one in (ahead, behind)
    ]

    assert [one.status for one in judged] == ["on_track", "at_risk"]
    assert [one.projected for one in judged] == [AHEAD, BEHIND]


def test_a_rate_of_a_part_of_the_year_is_held_to_what_its_season_makes_of_the_year(campaign):
    pace = Pace(Season(tuple(Fraction(n, 100) for n in CAMPAIGN), (2023, 2024), Fraction(100)))
    campaign.indicator.timing = "rate"
    campaign.indicator.save()
    (standing,) = assess_lines(campaign.line.plan, 2025, Month(2025, 5))
    mark = Benchmark.of(standing.line, 2025, pace)
    # Five months bring a tenth; printed as twelve months' worth that is 12/5 of it.
    assert mark.due(range(1, 6)).value == Fraction("21.6")
    assert Benchmark.of(standing.line, 2025, EVEN).due(range(1, 6)).value == 90
    assert mark.due(range(1, 13)).value == 90
