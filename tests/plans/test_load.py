"""Plan files into the database: everything or nothing, again and again."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from facilities.models import Agency, AuditEvent
from plans.actions.agencies import load_agencies
from plans.actions.load import load_plans
from plans.files import InvalidFile
from plans.models import BudgetLine, EnteredFigure, Objective, Plan, PlanIndicator, Target, Task, TaskAgency
from tests.factories import REFORM, AgencyFactory, ProvinceFactory
from tests.factories_plans import EnteredFigureFactory, everybody, make_indicator

pytestmark = pytest.mark.django_db
PLAN = """
slug: thu-2026
title: Kế hoạch thử năm 2026
short_title: Thử 2026
issuer: Sở Y tế
area: "24@2025-07-01"
start_year: 2026
end_year: 2026
baseline_year: 2025
objectives:
- {label: A, title: Mẹ}
- {label: B, title: Con}
indicators:
- {key: "1", label: "1", objective: A, name: Khám thai, indicator: ANC4, unit: "%", direction: higher,
   origin: table, baseline: {year: 2025, text: "85,5"}, targets: [{year: 2026, text: "90"}]}
- {key: "1a", label: "", objective: A, parent: "1", name: DTTS, indicator: ANC4, group: DTTS, unit: "%",
   direction: higher, origin: table, targets: [{year: 2026, text: ">80%"}]}
- {key: "2", label: "2", objective: B, name: Tỷ số giới tính, unit: "", direction: lower, origin: table,
   targets: [{year: 2026, text: "Giảm 16,2 điểm% (về mức 111)"}]}
tasks:
- {label: "1", section: appendix, content: Tập huấn, lead: [Sở Y tế], partners: [UBND các xã], due: "2026-03"}
- {label: "2", section: appendix, content: Giám sát, lead: [UBND các xã, Sở Y tế], refers_to: thu-khac}
budget:
- {year: 2026, amount: 378940000, currency: VND, source: Ngân sách, words: Ba trăm}
sections:
- {heading: I. MỤC TIÊU, text: Nguyên văn}
"""


@pytest.fixture
def ground():
    """What the plan names: the merged province, its agencies, the indicator and the group."""
    province = ProvinceFactory(code="24", valid_from=REFORM)
    for name in ("Sở Y tế", "UBND các xã"):
        AgencyFactory(name=name, area=province, valid_from=REFORM)
    make_indicator("ANC4")
    type(everybody()).objects.create(code="DTTS", kind="people", name="Dân tộc thiểu số")
    return province


@pytest.fixture
def path(tmp_path):
    file = tmp_path / "thu.yaml"
    file.write_text(PLAN, encoding="utf-8")
    return file


def change(path, old, new):
    path.write_text(PLAN.replace(old, new), encoding="utf-8")


def stored():
    """Every stored row with its id, but for the log."""
    models = (Plan, Objective, PlanIndicator, Target, Task, TaskAgency, BudgetLine, EnteredFigure)
    return [list(model.objects.order_by("pk").values()) for model in models]


def test_a_plan_is_stored_whole(ground, path):
    (plan,) = load_plans(paths=[path])

    assert [(line.key, line.parent and line.parent.key) for line in plan.lines.all()] == [
        ("1", None),
        ("1a", "1"),
        ("2", None),
    ]
    assert list(plan.lines.get(key="2").targets.values_list("kind", "operator", "value")) == [
        ("level", "<=", 111),
        ("change", "<=", Decimal("-16.2")),
    ]
    line = plan.lines.get(key="1a")
    assert (line.group.code, line.group_text, line.has_baseline) == ("DTTS", "DTTS", False)
    task = plan.tasks.get(label="2")
    assert [part.agency.name for part in task.parts.filter(part="lead")] == ["UBND các xã", "Sở Y tế"]
    assert plan.tasks.get(label="1").due_month == date(2026, 3, 1)
    assert plan.sections == [{"heading": "I. MỤC TIÊU", "text": "Nguyên văn"}]


def test_loading_again_changes_nothing(ground, path):
    load_plans(paths=[path])
    before = stored()

    load_plans(paths=[path])

    assert stored() == before


def test_what_people_entered_stays(ground, path):
    (plan,) = load_plans(paths=[path])
    EnteredFigureFactory(line=plan.lines.get(key="2"), year=2026)
    plan.budget_lines.update(spent=1_000)
    task = plan.tasks.get(label="1")
    task.updates.create(status="in_progress", note="Đang làm", at="2026-02-01T00:00Z")
    Task.objects.filter(pk=task.pk).update(status="in_progress")
    change(path, "name: Tỷ số giới tính", "name: Tỷ số giới tính khi sinh")

    load_plans(paths=[path])

    line = plan.lines.get(key="2")
    assert (line.name, line.entered_figures.count()) == ("Tỷ số giới tính khi sinh", 1)
    assert plan.tasks.get(label="1").status == "in_progress"
    assert plan.budget_lines.get().spent == 1_000


def test_what_the_file_drops_goes_unless_people_worked_with_it(ground, path):
    (plan,) = load_plans(paths=[path])
    dropped = PLAN[PLAN.index('- {key: "2"') : PLAN.index("tasks:")]
    change(path, dropped, "")
    load_plans(paths=[path])
    assert not plan.lines.filter(key="2").exists()

    EnteredFigureFactory(line=plan.lines.get(key="1a"), year=2026)
    before = stored()
    change(path, PLAN[PLAN.index('- {key: "1a"') : PLAN.index("tasks:")], "")
    with pytest.raises(InvalidFile, match="dòng “1a” đã có số liệu nhập"):
        load_plans(paths=[path])
    assert stored() == before


def test_an_objective_no_longer_named_goes_and_its_lines_stay(ground, path):
    (plan,) = load_plans(paths=[path])
    change(path, "- {label: B, title: Con}\n", "")
    path.write_text(path.read_text().replace("objective: B", "objective: A"), encoding="utf-8")

    load_plans(paths=[path])

    assert plan.objectives.count() == 1
    assert plan.lines.count() == 3


def test_everything_the_portal_lacks_is_named_at_once(path):
    with pytest.raises(InvalidFile) as caught:
        load_plans(paths=[path])

    assert [problem.message for problem in caught.value.problems] == [
        "chưa có địa bàn 24@2025-07-01; chạy load_places trước",
        "chưa có chỉ số ANC4; chạy load_catalogue trước",
        "chưa có nhóm “DTTS”; chạy load_catalogue trước",
    ]
    assert not Plan.objects.exists()


def test_one_broken_file_stops_all(ground, path, tmp_path):
    broken = tmp_path / "hong.yaml"
    broken.write_text(PLAN.replace("thu-2026", "hong").replace("direction: lower", "direction: xuống"))

    with pytest.raises(CommandError, match="hong.yaml:.*direction"):
        call_command("load_plan", str(path), str(broken))

    assert not Plan.objects.exists()


def test_an_unknown_agency_stops_the_plan(ground, path):
    change(path, "partners: [UBND các xã]", "partners: [Sở Lạ]")

    with pytest.raises(InvalidFile, match="chưa có cơ quan “Sở Lạ”"):
        load_plans(paths=[path])
    assert not Plan.objects.exists()


def test_a_task_that_is_another_plan_is_linked_whichever_comes_first(ground, path, tmp_path):
    other = tmp_path / "khac.yaml"
    other.write_text(PLAN.replace("slug: thu-2026", "slug: thu-khac").replace(", refers_to: thu-khac", ""))

    load_plans(paths=[path, other])

    assert Task.objects.get(plan__slug="thu-2026", label="2").refers_to.slug == "thu-khac"


def test_the_command_logs_the_load(ground, path, capsys):
    call_command("load_plan", str(path))

    assert '"slug": "thu-2026"' in capsys.readouterr().out
    assert AuditEvent.objects.filter(verb="load", subject_type="plans.plan").count() == 1


def test_packaged_agencies_load_where_their_places_are_and_load_again(ground):
    old = ProvinceFactory(code="24", valid_from=date(2021, 1, 1), valid_to=REFORM)

    first, second = load_agencies(), load_agencies()

    assert first == second > 0
    department = Agency.objects.get(name="Sở Y tế", area=old)
    assert department.successor.area == ground
    assert department.responsible_on(date(2026, 1, 1)).name == "Sở Y tế tỉnh Bắc Ninh"


def test_a_broken_agency_file_says_where(tmp_path):
    file = tmp_path / "x.yaml"
    file.write_text('- {name: "", area: "24@2025-07-01", valid_from: 2025-07-01}\n- {name: A, area: x}\n')

    with pytest.raises(InvalidFile) as caught:
        load_agencies([Path(file)])

    assert [problem.line for problem in caught.value.problems] == [1, 2, 2]


def test_a_file_that_is_no_file_exits_with_one_line(tmp_path):
    with pytest.raises(CommandError, match="không đọc được tệp"):
        call_command("load_plan", str(tmp_path / "khong-co.yaml"))
