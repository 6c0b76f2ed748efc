"""`export_plan` and `parse_target`: the shapes other programs rely on."""

import json

import pytest
from django.core.management import CommandError, call_command

from plans.actions.export import export_plan
from plans.models import Plan, TaskAgency
from tests.factories import AgencyFactory
from tests.factories_plans import (
    BudgetLineFactory,
    LineFactory,
    ObjectiveFactory,
    PlanFactory,
    TargetFactory,
    TaskFactory,
)

pytestmark = pytest.mark.django_db


def test_a_plan_is_exported_in_the_agreed_shape():
    plan = PlanFactory(slug="thu", number="683/KH-SYT", issued_on="2025-02-05", legal_bases=["Luật"])
    objective = ObjectiveFactory(plan=plan, label="Mục tiêu 1", title="Tốt hơn")
    line = LineFactory(
        plan=plan,
        objective=objective,
        key="2.10",
        label="10",
        direction="lower",
        has_baseline=True,
        baseline_text="8,0",
        baseline_value=8,
        baseline_kind="level",
    )
    TargetFactory(line=line, text="≤ 2,5", operator="<=", value="2.5")
    LineFactory(plan=plan, objective=objective, key="b1", origin="body", is_further=True, has_baseline=True)
    task = TaskFactory(plan=plan, label="1")
    agency = AgencyFactory(name="Sở Y tế", area=plan.area)
    TaskAgency.objects.create(task=task, agency=agency, part="lead")
    BudgetLineFactory(plan=plan)

    exported = json.loads(json.dumps(export_plan(Plan.objects.get(slug="thu"))))

    assert {
        name: exported[name] for name in ("number", "area", "issued_on", "baseline_year", "legal_bases")
    } == {
        "number": "683/KH-SYT",
        "area": plan.area.key,
        "issued_on": "2025-02-05",
        "baseline_year": 2024,
        "legal_bases": ["Luật"],
    }
    assert exported["objectives"] == [{"label": "Mục tiêu 1", "title": "Tốt hơn"}]
    (indicator,) = exported["indicators"]
    assert indicator == {
        "key": "2.10",
        "label": "10",
        "direction": "lower",
        "objective": "Mục tiêu 1",
        "parent": None,
        "name": line.name,
        "indicator": None,
        "group": None,
        "unit": "%",
        "origin": "table",
        "baseline": {"year": 2024, "text": "8,0", "operator": None, "value": 8, "kind": "level"},
        "targets": [
            {"year": 2025, "text": "≤ 2,5", "operator": "<=", "value": 2.5, "upper": None, "kind": "level"}
        ],
    }
    (further,) = exported["further_indicators"]
    assert (further["origin"], further["targets"]) == ("body", [])
    assert further["baseline"] == {"year": 2024, "text": "", "operator": None, "value": None, "kind": None}
    assert exported["tasks"] == [
        {
            "label": "1",
            "section": "appendix",
            "content": task.content,
            "lead": ["Sở Y tế"],
            "partners": [],
            "due": "2025-06",
            "output": "",
            "note": "",
        }
    ]
    assert exported["budget"] == [
        {"year": 2025, "amount": 378940000, "currency": "VND", "source": "Ngân sách nhà nước"}
    ]


@pytest.mark.parametrize("size", [10, 25])
def test_an_export_takes_a_fixed_number_of_queries(django_assert_num_queries, size):
    """Plan; lines; targets; objectives; tasks; parts; agencies; budget."""
    plan = PlanFactory(slug="thu")
    objective = ObjectiveFactory(plan=plan)
    agency = AgencyFactory(area=plan.area)
    for _ in range(size):
        TargetFactory(line=LineFactory(plan=plan, objective=objective))
        TaskAgency.objects.create(task=TaskFactory(plan=plan), agency=agency, part="lead")

    with django_assert_num_queries(8):
        export_plan(Plan.objects.select_related("area", "issuer").get(slug="thu"))


def test_a_target_nobody_decided_says_so():
    plan = PlanFactory()
    TargetFactory(line=LineFactory(plan=plan), kind="change", operator="<=", value=-2, is_ambiguous=True)

    (line,) = export_plan(plan)["indicators"]

    assert line["targets"][0]["ambiguous"] is True


def test_an_unknown_plan_is_an_error():
    with pytest.raises(CommandError, match="Không có kế hoạch"):
        call_command("export_plan", "khong-co")


def test_parse_target_prints_what_a_text_means(capsys):
    call_command("parse_target", "70% (đô thị 80%)", "--direction", "higher")

    meanings = json.loads(capsys.readouterr().out)
    assert [(m["operator"], m["value"], m["group"]) for m in meanings] == [
        (">=", 70, None),
        (">=", 80, "đô thị"),
    ]
    assert set(meanings[0]) == {"year", "text", "operator", "value", "upper", "kind", "group", "ambiguous"}
