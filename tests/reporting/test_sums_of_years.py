"""A count promised for all the plan's years: what a report of one year, and a review, tell of it."""

import pytest

from indicators.models import DataElement
from tests.factories_plans import LineFactory, TargetFactory, make_indicator
from tests.indicators.sensitive import report_deaths, roll_up
from tests.reporting.kinds import make_years
from tests.reporting.test_content import content_of, printed, texts
from tests.reporting.test_review import review, sentence

pytestmark = pytest.mark.django_db
NAME = "Số ca"
LATER = {
    2024: {"T-a1": 10, "T-a2": 11, "T-b1": 12, "T-b2": 13},
    2025: {"T-a1": 10, "T-a2": 12, "T-b1": 11, "T-b2": 14},
}


@pytest.fixture
def counted(world):
    """counted(first, sensitive=False) → a plan of 2023–2025 with a count of 2023 as given, 46 in 2024, 47 in 2025."""

    def plan_of(first, *, sensitive=False):
        plan = make_years(world, "A")
        count = make_indicator(
            "DEM", denominator=False, timing="count", factor=1, unit="ca", direction="lower"
        )
        DataElement.objects.filter(code="DEM-numerator").update(is_sensitive=sensitive)
        line = LineFactory(
            plan=plan,
            objective=plan.objectives.get(),
            key="9",
            name=NAME,
            indicator=count,
            decimals=0,
            unit="ca",
        )
        TargetFactory(line=line, text="200", value=200)
        for year, stations in ({2023: first} | LATER).items():
            report_deaths(world, count, f"{year}-01", stations, births=0)
            roll_up(f"{year}-01")
        return plan

    return plan_of


def line_of(content):
    return next(row for row in printed(content, "lines") if row[1:2] == [NAME])


def test_the_year_is_compared_with_the_year_before_it_and_its_communes_come_to_it(counted):
    content = content_of(counted({"T-a1": 20, "T-a2": 30}))
    assert [line_of(content)[position] for position in (5, 7)] == ["143", "+2,2%"]
    assert any("riêng năm 2025 tăng 2,2% so cùng kỳ" in text for text in texts(content, "II"))
    titles = [column["title"] for column in content["tables"]["communes"]["columns"]]
    position = next(place for place, title in enumerate(titles) if NAME in title)
    whole, *communes = [row[position] for row in printed(content, "communes")]
    assert whole == "47" and sorted(communes) == ["10", "11", "12", "14"]


def test_the_sum_does_not_tell_a_year_that_one_commune_alone_makes_up(counted):
    content = content_of(counted({"T-a1": 2}, sensitive=True))
    assert line_of(content)[5] == "ẩn"
    assert "95" not in str(line_of(content)) and not any("95 ca" in text for text in texts(content, "II"))


def test_a_review_keeps_the_years_own_figures_where_the_first_is_hidden(counted):
    content = review(counted({"T-a1": 2}, sensitive=True))
    rows = printed(content, "lines")
    own = line_of(content)
    sums = next(row for row in rows if row[1:2] == ["Cộng dồn"])
    assert own[4:7] == ["ẩn", "46", "ẩn"] and sums[4:7] == ["ẩn", "ẩn", "ẩn"]
    assert "95" not in sentence(content, NAME)
