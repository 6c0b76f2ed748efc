"""Shares from a plan's annex as a file: whole versions or none, dry unless committed."""

import json

import pytest
from django.core.exceptions import PermissionDenied
from django.core.management import CommandError, call_command

from plans.actions.allocation_import import import_allocations
from plans.models import AllocationVersion
from tests.factories_plans import LineFactory, PlanFactory, TargetFactory
from tests.plans.pages import make_scene
from tests.plans.shares import last_year

pytestmark = pytest.mark.django_db
HEADER = "plan,line,year,area,value,in_force_from,legal_basis,reason\n"
GOOD = "".join(f'm-2025,1.1,2025,{letter},"90,5",2025-01-01,Phụ lục 1,\n' for letter in "xyz")


@pytest.fixture
def scene():
    scene = make_scene()
    last_year(scene)
    return scene


@pytest.fixture
def run(tmp_path, capsys):
    def run(rows, *options):
        path = tmp_path / "giao.csv"
        path.write_text(HEADER + rows, encoding="utf-8")
        call_command("import_allocations", str(path), *options)
        return json.loads(capsys.readouterr().out)

    return run


def test_a_file_is_dry_unless_committed(scene, run):
    assert run(GOOD) == {"rows": 3, "stored": 3, "rejected": []}
    assert not AllocationVersion.objects.exists()
    assert run(GOOD, "--commit")["stored"] == 3
    version = AllocationVersion.objects.get()
    assert (version.level, version.method, version.legal_basis, version.by) == (
        "commune",
        "manual",
        "Phụ lục 1",
        None,
    )


def test_the_same_file_again_adds_no_version_and_an_amended_one_does(scene, run):
    run(GOOD, "--commit")
    assert run(GOOD, "--commit") == {"rows": 3, "stored": 3, "rejected": []}
    assert AllocationVersion.objects.count() == 1
    run(GOOD.replace("90,5", "95").replace("2025-01-01", "2025-07-01"), "--commit")
    assert list(AllocationVersion.objects.values_list("number", "supersedes__number")) == [(2, 1), (1, None)]


@pytest.mark.parametrize(
    ("old", "new", "row", "column"),
    [
        ("m-2025,1.1,2025,z", "none,1.1,2025,z", 4, "plan"),
        ("m-2025,1.1,2025,z", "m-2025,9.9,2025,z", 4, "line"),
        ("m-2025,1.1,2025,z", "m-2025,1.1,2031,z", 4, "year"),
        ("m-2025,1.1,2025,z", "m-2025,1.1,2025,a1", 4, "area"),
        ("m-2025,1.1,2025,z", "m-2025,1.1,2025,x", 4, "area"),
        ('z,"90,5"', "z,1.250", 4, "value"),
        ('z,"90,5"', "z,nhiều", 4, "value"),
        ('z,"90,5"', "z,101", 4, "value"),
        ('z,"90,5"', "z,80", 2, "reason"),
        ('z,"90,5",2025-01-01', 'z,"90,5",2025-02-01', 4, "in_force_from"),
        ("2025-01-01", "01/01/2025", 2, "in_force_from"),
        ("Phụ lục 1", "", 2, "legal_basis"),
        ('z,"90,5",2025-01-01,Phụ lục 1,', 'z,"90,5"', 4, ""),
    ],
)
def test_a_bad_row_is_named_by_row_and_column_and_nothing_is_stored(scene, run, old, new, row, column):
    assert old in GOOD
    report = run(GOOD.replace(old, new), "--commit")
    bad = [one for one in report["rejected"] if "cùng bản phân bổ" not in one["reason"]]
    assert (row, column) in [(one["row"], one["column"]) for one in bad]
    assert report["rows"] == 3 and report["stored"] == 3 - len(report["rejected"])
    assert not AllocationVersion.objects.exists()


def test_another_reason_for_the_same_shares_is_a_new_version(scene, run):
    short = GOOD.replace('"90,5"', "80").replace("Phụ lục 1,", "Phụ lục 1,Giao một phần")
    for text in (short, short, short.replace("một phần", "bước đầu")):
        assert run(text, "--commit")["rejected"] == []
    assert list(AllocationVersion.objects.order_by("number").values_list("reason", flat=True)) == [
        "Giao một phần",
        "Giao bước đầu",
    ]


def test_a_number_with_two_readings_is_told_with_both_unmistakable(scene, run):
    report = run(GOOD.replace('z,"90,5"', "z,1.250"))
    (said,) = [one["reason"] for one in report["rejected"] if one["column"] == "value"]
    assert "1250 hoặc 1,25;" in said


def test_the_good_rows_of_a_version_wait_for_its_bad_one(scene, run):
    report = run(GOOD.replace('y,"90,5"', "y,nhiều"), "--commit")
    assert [(one["row"], one["column"]) for one in report["rejected"]] == [(2, ""), (3, "value"), (4, "")]
    assert "hàng 3" in report["rejected"][0]["reason"]


def test_one_bad_version_keeps_no_other_back(scene, run):
    TargetFactory(line=LineFactory(plan=scene.plan, objective=scene.line.objective, key="2"))
    other = GOOD.replace(",1.1,", ",2,").replace('"90,5"', "nhiều")
    assert run(GOOD + other, "--commit")["stored"] == 3
    assert AllocationVersion.objects.get().line == scene.line


def test_districts_and_communes_are_not_given_together(scene, run):
    plan = PlanFactory(slug="cu", area=scene.world.areas["A"], start_year=2024, end_year=2025)
    TargetFactory(line=LineFactory(plan=plan, key="1"), year=2024)
    row = "cu,1,2024,{},90,2024-01-01,Phụ lục 1,Còn lại giao sau\n"
    assert run(row.format("a") + row.format("b1"))["rejected"][0]["column"] == "area"
    assert run(row.format("a") + row.format("b"), "--commit")["stored"] == 2
    assert AllocationVersion.objects.get().level == "district"


def test_who_may_not_plan_may_not_import(scene):
    with pytest.raises(PermissionDenied):
        import_allocations(content=(HEADER + GOOD).encode(), commit=True, by=scene.cast.reviewer)


def test_a_file_with_another_header_is_refused_whole(scene, tmp_path):
    path = tmp_path / "giao.csv"
    path.write_text("plan,line\n", encoding="utf-8")
    with pytest.raises(CommandError, match="dòng đầu phải là"):
        call_command("import_allocations", str(path))
