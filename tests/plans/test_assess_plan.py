"""`assess_plan`: one object a line, in the agreed shape."""

import json

import pytest
from django.core.management import CommandError, call_command

from tests.factories_plans import (
    LineFactory,
    PlanFactory,
    TargetFactory,
    everybody,
    make_indicator,
    make_result,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def plan():
    everybody()
    plan = PlanFactory(slug="thu")
    indicator = make_indicator("MMR", factor=100_000, direction="lower", interval="poisson")
    line = LineFactory(plan=plan, indicator=indicator, key="1.1", direction="lower", decimals=0)
    TargetFactory(line=line, text="<30", operator="<", value=30)
    for month in range(1, 13):
        make_result(plan.area, indicator, f"2025-{month:02d}", 1 if month < 4 else 0, 1250)
    LineFactory(plan=plan, objective=line.objective, key="b1", is_further=True)
    return plan


def run(capsys, *options):
    call_command("assess_plan", "thu", "--year", "2025", *options)
    return json.loads(capsys.readouterr().out)


def test_a_line_is_told_in_the_agreed_shape(plan, capsys):
    (row,) = run(capsys, "--as-of", "2025-12")

    low, high = row.pop("interval")
    assert (round(low, 2), round(high, 2)) == (4.12, 58.45)
    assert row == {
        "key": "1.1",
        "objective": plan.objectives.get().label,
        "label": plan.lines.get(key="1.1").label,
        "name": "Tỷ lệ phụ nữ đẻ được khám thai",
        "group": None,
        "year": 2025,
        "as_of": "2025-12",
        "target_text": "<30",
        "value": 20,
        "numerator": 3,
        "denominator": 15000,
        "source": "computed",
        "status": "met",
        "percent_of_target": None,
        "difference": -10,
        "projected": None,
        "projected_interval": None,
        "pace": None,
        "reported": 12,
        "expected": 12,
        "hidden": False,
        "flags": ["interval_straddles_target"],
        "explanation": None,
    }


def test_a_running_year_is_judged_by_what_it_will_come_to(plan, capsys):
    (row,) = run(capsys, "--as-of", "2025-03")

    assert (row["as_of"], row["status"], row["value"], row["projected"]) == ("2025-03", "at_risk", 80, 80)


def test_lines_of_the_body_come_on_request(plan, capsys):
    assert [row["key"] for row in run(capsys, "--as-of", "2025-12", "--further")] == ["1.1", "b1"]


@pytest.mark.parametrize(
    ("slug", "options", "message"),
    [
        ("khác", ["--year", "2025"], "Không có kế hoạch"),
        ("thu", ["--year", "2030"], "ngoài kế hoạch"),
        ("thu", ["--year", "2025", "--as-of", "2025-13"], "không phải là tháng"),
        ("thu", ["--year", "2025", "--as-of", "2024-12"], "không thuộc năm 2025"),
    ],
)
def test_a_wrong_question_gets_one_line(plan, slug, options, message):
    with pytest.raises(CommandError, match=message):
        call_command("assess_plan", slug, *options)
