"""Figures people enter: in the browser, and from a file."""

import json
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management import CommandError, call_command

from facilities.models import AuditEvent, Role
from plans.actions.entered import enter_figure
from plans.models import EnteredFigure
from tests.factories import person, settle_places
from tests.factories_plans import LineFactory, PlanFactory, TargetFactory, make_indicator

pytestmark = pytest.mark.django_db
HEADER = "plan,line,year,kind,value,numerator,denominator,source\n"


@pytest.fixture
def line():
    line = LineFactory(plan=PlanFactory(slug="thu"), key="1.1")
    TargetFactory(line=line)
    settle_places()
    return line


@pytest.fixture
def planner(line):
    return person(Role.PLANNER, area=line.plan.area)


def enter(line, by, **fields):
    given = {"year": 2025, "kind": "actual", "value": Decimal("91.5"), "source": "Điều tra"}
    return enter_figure(line=line, by=by, **given | fields)


def run(tmp_path, capsys, rows, *options):
    path = tmp_path / "nhap.csv"
    path.write_text(HEADER + rows, encoding="utf-8")
    call_command("import_entered", str(path), *options)
    return json.loads(capsys.readouterr().out)


@pytest.mark.parametrize(
    ("fields", "field", "words"),
    [
        ({"value": Decimal(150)}, "value", "không quá 100%"),
        ({"numerator": Decimal(120), "denominator": Decimal(100)}, "numerator", "mẫu số 100"),
    ],
)
def test_a_part_of_a_whole_is_never_more_than_the_whole(line, planner, fields, field, words):
    line.indicator = make_indicator("STUNTING", timing="survey", interval="wilson")
    line.save()
    with pytest.raises(ValidationError) as caught:
        enter(line, planner, **fields)
    assert words in caught.value.message_dict[field][0] and not EnteredFigure.objects.exists()


def test_a_change_is_no_part_of_a_whole(line, planner):
    line.indicator = make_indicator("STUNTING", timing="survey", interval="wilson")
    line.save()
    line.targets.update(kind="change")
    assert enter(line, planner, value=Decimal(150)).pk


def test_every_entry_is_kept_and_logged(line, planner):
    enter(line, planner)
    enter(line, planner, value=Decimal(92))

    assert list(line.entered_figures.values_list("value", flat=True)) == [92, Decimal("91.5")]
    assert AuditEvent.objects.filter(verb="enter_figure", actor_id=planner.pk).count() == 2


def test_a_stranger_may_not_enter(line):
    with pytest.raises(PermissionDenied):
        enter(line, person(Role.LEADER, area=line.plan.area))


@pytest.mark.parametrize(
    ("fields", "column"),
    [
        ({"source": " "}, "source"),
        ({"year": 2027}, "year"),
        ({"value": None}, "value"),
        ({"value": Decimal("1e15")}, "value"),
        ({"numerator": Decimal(-1)}, "numerator"),
        ({"numerator": Decimal(1), "denominator": Decimal(0)}, "denominator"),
        ({"denominator": Decimal(5)}, "numerator"),
        ({"kind": "verdict", "value": Decimal(1)}, "kind"),
    ],
)
def test_what_can_not_be_is_refused_in_words(line, planner, fields, column):
    with pytest.raises(ValidationError) as caught:
        enter(line, planner, **fields)

    assert column in caught.value.message_dict
    assert not EnteredFigure.objects.exists()


def test_a_file_is_dry_unless_committed(line, tmp_path, capsys):
    rows = 'thu,1.1,2025,actual,"97,5",39,40,Điều tra 2025\n'

    assert run(tmp_path, capsys, rows) == {"rows": 1, "stored": 1, "rejected": []}
    assert not EnteredFigure.objects.exists()

    assert run(tmp_path, capsys, rows, "--commit") == {"rows": 1, "stored": 1, "rejected": []}
    figure = EnteredFigure.objects.get()
    assert (figure.value, figure.numerator, figure.denominator) == (Decimal("97.5"), 39, 40)
    assert AuditEvent.objects.filter(verb="import_entered").count() == 1


def test_importing_the_same_file_again_adds_nothing(line, tmp_path, capsys):
    rows = "thu,1.1,2025,estimate,97.5,,,Ước của Sở\n"
    run(tmp_path, capsys, rows, "--commit")

    assert run(tmp_path, capsys, rows, "--commit")["stored"] == 1
    assert EnteredFigure.objects.count() == 1


def test_every_bad_row_is_named_and_the_good_ones_are_stored(line, tmp_path, capsys):
    rows = (
        "thu,1.1,2025,actual,97.5,,,Điều tra\n"
        "thu,1.1,2025,actual,98,,,Lặp\n"
        "khác,1.1,2025,actual,98,,,x\n"
        "thu,9.9,2025,actual,98,,,x\n"
        "thu,1.1,25,actual,98,,,x\n"
        "thu,1.1,2024,thực,98,,,x\n"
        "thu,1.1,2024,actual,1.250,,,x\n"
        "thu,1.1,2024,actual,nhiều,,,\n"
        "thu,1.1,2024,actual,,,,\n"
        "thu,1.1,2024,actual,98\n"
    )

    report = run(tmp_path, capsys, rows, "--commit")

    assert (report["rows"], report["stored"], len(report["rejected"])) == (10, 1, 9)
    assert [(r["row"], r["column"]) for r in report["rejected"]] == [
        (3, "line"),
        (4, "plan"),
        (5, "line"),
        (6, "year"),
        (7, "kind"),
        (8, "value"),
        (9, "value"),
        (10, "value"),
        (11, ""),
    ]
    assert "1250 hoặc 1,25" in report["rejected"][5]["reason"]
    assert "source: Cần ghi nguồn." in report["rejected"][7]["reason"]
    assert EnteredFigure.objects.count() == 1


def test_a_verdict_may_be_written_in_words(line, tmp_path, capsys):
    line.targets.update(kind="text", text="Bộ máy tinh gọn", value=None, operator="")
    rows = "thu,1.1,2025,verdict,Đạt,,,Quyết định số 5\nthu,1.1,2024,verdict,2,,,x\n"

    report = run(tmp_path, capsys, rows, "--commit")

    assert EnteredFigure.objects.get().value == 1
    assert [(r["row"], r["column"]) for r in report["rejected"]] == [(3, "value")]


@pytest.mark.parametrize("content", [b"", b"plan,line\n", b"\xff\xfe\x00"])
def test_a_file_of_another_kind_is_refused_whole(tmp_path, content):
    path = tmp_path / "x.csv"
    path.write_bytes(content)

    with pytest.raises(CommandError):
        call_command("import_entered", str(path))


def test_a_missing_file_is_an_error(tmp_path):
    with pytest.raises(CommandError, match="Không đọc được tệp"):
        call_command("import_entered", str(tmp_path / "x.csv"))
