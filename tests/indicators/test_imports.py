"""Figures from a file: whole file first, every refusal named, dry by default, rerunnable."""

import json
from datetime import date
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from facilities.models import AuditEvent, StaleMark
from indicators.actions import imports
from indicators.actions.notes import write_notes
from indicators.models import DataValue, DataValueChange, Submission
from tests.factories_indicators import DataElementFactory, FormFactory, SubmissionFactory
from tests.world import make_world

pytestmark = pytest.mark.django_db
HEADER = "facility,form,period,element,group,value"
ALL, MINORITY, PART = ("X.all", ""), ("X.all", "DTTS"), ("X.part", "")
GOOD = [
    "T-a1,X,2025-08,X.all,,12",
    "T-a1,X,2025-08,X.all,DTTS,0",
    "T-a1,X,2025-08,X.part,,NA",
    "T-b1,X,2025-08,X.all,,7",
]


@pytest.fixture
def world():
    world = make_world()
    FormFactory(code="X", cells=[ALL, MINORITY, PART], valid_to=date(2027, 1, 1))
    FormFactory(code="Y", cells=[("Y.people", "")], periodicity="year")
    DataElementFactory(code="Z.elsewhere")
    return world


@pytest.fixture
def run(world, tmp_path):
    def call(lines, *options, content=None):
        file = tmp_path / "figures.csv"
        file.write_bytes(content if content is not None else "\n".join([HEADER, *lines]).encode())
        out = StringIO()
        call_command("import_figures", str(file), *options, stdout=out)
        return json.loads(out.getvalue())

    return call


def stored():
    return {
        (v.submission.facility.code, v.element.code, v.group.code): str(v)
        for v in DataValue.objects.select_related("submission__facility", "element", "group")
    }


def test_without_commit_nothing_is_written(run):
    assert run(GOOD) == {"rows": 4, "stored": 4, "rejected": []}
    assert (Submission.objects.count(), DataValue.objects.count()) == (0, 0)


def test_commit_stores_drafts_values_changes_and_log(run):
    assert run(GOOD, "--commit") == {"rows": 4, "stored": 4, "rejected": []}
    assert stored() == {
        ("T-a1", "X.all", ""): "12",
        ("T-a1", "X.all", "DTTS"): "0",
        ("T-a1", "X.part", ""): "NA",
        ("T-b1", "X.all", ""): "7",
    }
    assert set(Submission.objects.values_list("status", "version")) == {("draft", 1)}
    assert DataValueChange.objects.filter(source="import", version=1, old_value=None).count() == 4
    assert AuditEvent.objects.filter(verb="import").count() == 2
    assert not StaleMark.objects.exists()


def test_a_file_can_be_imported_again(run):
    run(GOOD, "--commit")
    assert run(GOOD, "--commit")["stored"] == 4
    assert (DataValueChange.objects.count(), set(Submission.objects.values_list("version", flat=True))) == (
        4,
        {1},
    )


def test_changed_values_keep_their_history(run):
    run(GOOD, "--commit")
    run(["T-a1,X,2025-08,X.all,,13", "T-a1,X,2025-08,X.part,,4"], "--commit")
    assert (stored()["T-a1", "X.all", ""], stored()["T-a1", "X.part", ""]) == ("13", "4")
    change = DataValueChange.objects.get(new_value=13)
    assert (change.version, change.old_value) == (2, 12)


def test_approve_submits_approves_and_marks(run):
    run([*GOOD, "T-a1,Y,2025,Y.people,,900"], "--commit", "--approve")
    assert set(Submission.objects.values_list("status", flat=True)) == {"approved"}
    assert not Submission.objects.filter(submitted_at=None).exists()
    assert sorted(StaleMark.objects.values_list("facility__code", "from_month", "to_month")) == [
        ("T-a1", date(2025, 1, 1), date(2026, 12, 1)),
        ("T-a1", date(2025, 8, 1), date(2025, 8, 1)),
        ("T-b1", date(2025, 8, 1), date(2025, 8, 1)),
    ]
    assert AuditEvent.objects.filter(verb="approve").count() == 3


def test_many_approvals_are_marked_as_one_span(run, monkeypatch):
    monkeypatch.setattr("indicators.actions.import_store.MARKS_ONE_BY_ONE", 1)
    run(GOOD, "--commit", "--approve")
    assert list(StaleMark.objects.values_list("facility", "from_month", "to_month")) == [
        (None, date(2025, 8, 1), date(2025, 8, 1))
    ]


def test_a_submission_with_a_text_nobody_could_read_is_not_approved_and_named(run, capsys):
    run(GOOD, "--commit")
    held = Submission.objects.get(facility__code="T-a1")
    write_notes(submission=held, kind="typed", texts={PART: "hai"}, by=None)
    run([GOOD[0], GOOD[3]], "--commit", "--approve")
    states = dict(Submission.objects.values_list("facility__code", "status"))
    assert states == {"T-a1": "draft", "T-b1": "approved"}
    assert "T-a1 X 2025-08" in capsys.readouterr().err
    run(GOOD, "--commit", "--approve")  # the file fills the cell: nothing is left unread
    assert set(Submission.objects.values_list("status", flat=True)) == {"approved"}


def test_an_approved_value_can_be_repeated_but_not_changed(run):
    run(GOOD, "--commit", "--approve")
    report = run(["T-a1,X,2025-08,X.all,,12", "T-b1,X,2025-08,X.all,,8"], "--commit")
    assert (report["rows"], report["stored"]) == (2, 1)
    assert (report["rejected"][0]["row"], report["rejected"][0]["column"]) == (3, "value")
    assert stored()["T-b1", "X.all", ""] == "7"


def test_changing_a_submitted_figure_marks_the_provisional_result(run, world):
    from indicators.models import Form

    SubmissionFactory(
        facility=world.facilities["T-a1"],
        form=Form.objects.get(code="X"),
        status="submitted",
        values={ALL: 3},
    )
    run(["T-a1,X,2025-08,X.all,,4"], "--commit")
    assert StaleMark.objects.get().facility.code == "T-a1"
    assert Submission.objects.get().status == "submitted"


REFUSED = [
    ("nowhere,X,2025-08,X.all,,1", "facility"),
    (",X,2025-08,X.all,,1", "facility"),
    ("T-a1,Q,2025-08,X.all,,1", "form"),
    ("T-a1,X,2025-13,X.all,,1", "period"),
    ("T-a1,X,2025,X.all,,1", "period"),
    ("T-a1,Y,2025-01,Y.people,,1", "period"),
    ("T-a1,X,2027-01,X.all,,1", "period"),
    ("T-a1,X,2025-08,X.none,,1", "element"),
    ("T-a1,X,2025-08,Z.elsewhere,,1", "element"),
    ("T-a1,X,2025-08,X.all,KHÁC,1", "group"),
    ("T-a1,X,2025-08,X.part,DTTS,1", "group"),
    ("S-x,X,2025-08,X.all,,1", "facility"),
    ("T-a1,X,2025-08,X.all,,", "value"),
    ("T-a1,X,2025-08,X.all,,-1", "value"),
    ("T-a1,X,2025-08,X.all,,1.5", "value"),
    ("T-a1,X,2025-08,X.all,,1.234", "value"),
    ("T-a1,X,2025-08,X.all,,1000000000001", "value"),
    ("T-a1,X,2025-08,X.all,,nhiều", "value"),
    ("T-a1,X,2025-08,X.all,1", ""),
    ("T-a1,X,2025-08,X.all,,1,2", ""),
]


@pytest.mark.parametrize(("line", "column"), REFUSED)
def test_a_bad_row_is_named_with_its_column_and_the_good_ones_stored(run, line, column):
    report = run([GOOD[3], line], "--commit")
    assert (report["rows"], report["stored"], len(report["rejected"])) == (2, 1, 1)
    rejected = report["rejected"][0]
    assert (rejected["row"], rejected["column"], bool(rejected["reason"])) == (3, column, True)
    assert stored() == {("T-b1", "X.all", ""): "7"}


def test_the_second_row_of_a_cell_is_refused_and_the_first_stands(run):
    report = run(["T-a1,X,2025-08,X.all,,1", "T-a1,X,2025-08,X.all,,2"], "--commit")
    assert (report["stored"], report["rejected"][0]["row"]) == (1, 3)
    assert stored() == {("T-a1", "X.all", ""): "1"}


def test_columns_may_come_in_any_order_and_empty_lines_are_no_rows(run):
    content = b"value,group,element,period,form,facility\n\n5,,X.all,2025-08,X,T-a1\n,,,,,\n"
    assert run([], content=content) == {"rows": 1, "stored": 1, "rejected": []}


def test_a_byte_order_mark_is_no_part_of_the_header(run):
    assert run([], content=b"\xef\xbb\xbf" + f"{HEADER}\n{GOOD[0]}\n".encode())["stored"] == 1


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "tệp trống"),
        (b"\n\n", "tệp trống"),
        (b"facility,form\nT-a1,X\n", "dòng đầu phải là"),
        (f"{HEADER},more\n".encode(), "dòng đầu phải là"),
        (f"{HEADER}\nT-a1,X,2025-08,Tr\u1ea1m,,1".encode("utf-16"), "không phải UTF-8"),
        (f'{HEADER}\n"T-a1,X\n'.encode(), "không đọc được"),
    ],
)
def test_a_file_that_can_not_be_read_ends_in_one_line(run, content, message):
    with pytest.raises(CommandError, match=message) as caught:
        run([], "--commit", content=content)
    assert "\n" not in str(caught.value)


def test_a_file_that_is_not_there_ends_in_one_line():
    with pytest.raises(CommandError, match="Không đọc được tệp"):
        call_command("import_figures", "không-có.csv")


def test_a_header_alone_is_no_rows(run):
    assert run([]) == {"rows": 0, "stored": 0, "rejected": []}


def test_of_two_files_at_once_the_second_goes_into_what_the_first_began(run, world, monkeypatch):
    """The other file begins one of the submissions after this one has looked which there are."""
    begin, others = imports.begin_missing, []

    def begun_meanwhile(accepted, begun):
        facility, form, period, element, group = next(iter(accepted))
        other = Submission.objects.create(facility_id=facility, form_id=form, period=period)
        DataValue.objects.create(submission=other, element_id=element, group_id=group, value=99, version=1)
        others.append(other)
        begin(accepted, begun)

    monkeypatch.setattr(imports, "begin_missing", begun_meanwhile)
    report = run(GOOD, "--commit")
    assert report["stored"] == report["rows"] and report["rejected"] == []
    assert DataValueChange.objects.filter(submission=others[0], old_value=99).count() == 1


def test_submissions_are_begun_and_locked_in_one_order_whatever_the_files(run):
    """Two files, or a file and a reviewer who approves many, wait for each other by turns, never crosswise."""
    with CaptureQueriesContext(connection) as captured:
        run(GOOD[::-1], "--commit")
    keys = list(Submission.objects.order_by("pk").values_list("facility", "form", "period"))
    assert keys == sorted(keys) and len(keys) == 2
    by_id = 'ORDER BY "indicators_submission"."id" ASC'
    locks = [q["sql"] for q in captured if 'FROM "indicators_submission"' in q["sql"] and by_id in q["sql"]]
    assert len(locks) == 1 and ("FOR UPDATE" in locks[0] or connection.vendor == "sqlite")
