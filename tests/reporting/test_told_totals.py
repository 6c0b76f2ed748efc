"""What a report hides of the total of its own area: where that is one commune's count."""

import csv
import io

import pytest
from django.urls import reverse

from indicators.models import MonthlyResult
from indicators.small_numbers import Hidden
from reporting.content.canonical import canonical_json
from tests.factories_plans import TargetFactory
from tests.indicators.sensitive import report_deaths, roll_up
from tests.reporting.test_content import content_of, printed, texts, with_deaths

pytestmark = pytest.mark.django_db


def line_of_deaths(content):
    return next(row for row in printed(content, "lines") if row[1:2] == ["Tử vong"])


def column_of_deaths(content):
    titles = [column["title"] for column in content["tables"]["communes"]["columns"]]
    return [row[titles.index("1.9. Tử vong (‰)")] for row in printed(content, "communes")]


def test_a_communes_own_plan_tells_neither_its_few_deaths_nor_what_covers_its_neighbour(world):
    """The plan of a2 once printed 9 deaths of 100 births: the district's 11 less these are the 2 of a1."""
    plan = with_deaths(world, {"T-a1": 2, "T-a2": 9, "T-b1": 0, "T-b2": 7}, "a2")
    TargetFactory(line=plan.lines.get(key="1.9"), text="95", value=95)
    content = content_of(plan)
    line = line_of_deaths(content)
    assert line[3:9] == ["–", "95", "ẩn", "ẩn", "ẩn", "ẩn"] and "không lộ người bệnh" in line[9]
    assert "Tử vong: quá ít trường hợp nên không nêu số, để không lộ người bệnh; kế hoạch 95‰." in texts(
        content, "II"
    )
    deaths = [column["title"] for column in content["tables"]["communes"]["columns"]].index(
        "1.9. Tử vong (‰)"
    )
    assert {row[deaths] for row in printed(content, "communes")} == {"ẩn"}
    text = canonical_json(content).decode()
    assert "90,0" not in text and "9/100" not in text


def test_a_total_that_one_commune_alone_makes_up_is_not_told(world):
    content = content_of(with_deaths(world, {"T-a1": 2}))
    text = canonical_json(content).decode()
    assert "20,0" not in text and "2/100" not in text
    line = line_of_deaths(content)
    assert line[5] == line[8] == "ẩn"
    assert column_of_deaths(content)[:2] == ["ẩn", "ẩn"]
    assert "được ẩn để không lộ" in content["tables"]["communes"]["note"]


def test_last_years_total_of_one_commune_is_hidden_beside_this_years(world):
    plan = with_deaths(world, {"T-a1": 20, "T-a2": 30, "T-b1": 20, "T-b2": 30})
    report_deaths(world, plan.lines.get(key="1.9").indicator, "2024-01", {"T-a1": 2})
    roll_up("2024-01")
    line = line_of_deaths(content_of(plan))
    assert line[3] == "ẩn" and line[5] == "250,0" and line[7] == "–"


def test_what_is_hidden_is_only_asked_where_one_commune_may_stand_behind_a_count(world, monkeypatch):
    plan = with_deaths(world, {"T-a1": 2})
    MonthlyResult.objects.filter(area=plan.area).update(reported=21)
    asked = []
    monkeypatch.setattr("plans.standing.telling.hidden_results", lambda *a: asked.append(a) or Hidden({}))
    content_of(plan)
    assert not asked
    MonthlyResult.objects.filter(area=plan.area).update(reported=20)
    content_of(plan)
    assert len(asked) == 1


def test_files_and_shared_answers_of_a_communes_own_plan_hide_its_few_deaths(client, cast, world):
    plan = with_deaths(world, {"T-a1": 2, "T-a2": 9, "T-b1": 0, "T-b2": 7}, "a2")
    client.force_login(cast.leader)
    year = {"year": 2025, "as_of": "2025-12"}
    assert ">90,0‰<" in client.get(plan.get_absolute_url(), year).text.replace(" ", "")
    file = client.get(plan.get_absolute_url(), {**year, "format": "csv"}).content.decode("utf-8-sig")
    row = next(row for row in csv.reader(io.StringIO(file)) if row[2:3] == ["Tử vong"])
    assert row[8:10] == ["ẩn", "ẩn"] and "Ghi chú" in file and "90" not in row
    address = reverse("api:plan-assessments", args=[plan.slug])
    for shared, told in ((False, (90, 9, False)), (True, (None, None, True))):
        answer = client.get(address, {**year, "shared": shared}).json()
        line = next(one for one in answer["results"] if one["key"] == "1.9")
        assert (line["value"], line["numerator"], line["hidden"]) == told


def test_of_two_communes_neither_learns_the_others_count_from_their_total(world):
    content = content_of(with_deaths(world, {"T-a1": 2, "T-a2": 9}, "a"))
    text = canonical_json(content).decode()
    assert line_of_deaths(content)[5] == "ẩn" and "55,0" not in text and "11/200" not in text
