"""Report files: queued in the database, rendered once, verified afterwards; the commands around them."""

import hashlib
import json
from datetime import timedelta
from io import StringIO

import pytest
from django.core.exceptions import PermissionDenied
from django.core.management import CommandError, call_command
from django.utils import timezone

from indicators.models import DataValue, DataValueChange
from reporting import tasks
from reporting.actions import files
from reporting.actions.files import download_name, render_to_file, request_files
from reporting.actions.reports import freeze, open_report
from reporting.actions.verify import verify
from reporting.content.periods import ReportPeriod
from reporting.models import ReportFile, Snapshot
from reporting.renderers import FormatNotOffered
from tests.factories import FacilityFactory
from tests.factories_indicators import FormFactory, SubmissionFactory
from tests.factories_plans import everybody, make_indicator
from tests.reporting.cases import make_plan
from tests.world import make_cast

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


@pytest.fixture
def snapshot(world):
    return freeze(
        report=open_report(plan=make_plan(world), period=ReportPeriod(2025, "year"), by=None), by=None
    )


def test_a_requested_file_is_rendered_once_the_request_commits(
    snapshot, media, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        [file] = request_files(snapshot=snapshot, formats=["xlsx"], by=None)
        assert file.status == "queued"
    file.refresh_from_db()
    content = (media / file.file.name).read_bytes()
    assert (file.status, file.size) == ("done", len(content))
    assert file.sha256 == hashlib.sha256(content).hexdigest()
    assert file.file.name.startswith("reports/bao-cao-ke-hoach-") and file.sha256[:8] in file.file.name
    assert download_name(file) == "Báo cáo 12-KH-SYT năm 2025.xlsx"


def test_a_task_run_twice_leaves_one_file(snapshot, media):
    file = ReportFile.objects.create(snapshot=snapshot, format="xlsx")
    assert [tasks.render_file(file.pk), tasks.render_file(file.pk)] == ["done", "done"]
    assert len(list((media / "reports").iterdir())) == 1
    assert tasks.render_file(file.pk + 1) == "gone"


def test_a_broken_rendering_is_recorded_and_may_be_asked_for_again(
    snapshot, monkeypatch, caplog, django_capture_on_commit_callbacks
):
    monkeypatch.setattr(files, "render", lambda data, name, progress: 1 / 0)
    with django_capture_on_commit_callbacks(execute=True):
        request_files(snapshot=snapshot, formats=["xlsx"], by=None)
    file = snapshot.files.get()
    assert file.status == "failed" and file.error_words.endswith("ZeroDivisionError: division by zero")
    monkeypatch.undo()
    with django_capture_on_commit_callbacks(execute=True):
        request_files(snapshot=snapshot, formats=["xlsx"], by=None)
    assert snapshot.files.get().status == "done"


def test_the_sweep_rings_only_for_files_whose_bell_was_lost(snapshot):
    fresh = ReportFile.objects.create(snapshot=snapshot, format="pdf")
    lost = ReportFile.objects.create(snapshot=snapshot, format="xlsx")
    ReportFile.objects.filter(pk=lost.pk).update(created_at=timezone.now() - timedelta(minutes=5))
    assert tasks.sweep_report_files() == 1
    fresh.refresh_from_db()
    lost.refresh_from_db()
    assert (fresh.status, lost.status) == ("queued", "done")


def wait(file, **ago):
    """Let the file have waited so long."""
    ReportFile.objects.filter(pk=file.pk).update(created_at=timezone.now() - timedelta(**ago))


def test_a_file_that_goes_on_waiting_is_rung_for_once_in_two_minutes(snapshot, monkeypatch):
    rung = []
    monkeypatch.setattr(files, "ring", rung.append)
    file = ReportFile.objects.create(snapshot=snapshot, format="xlsx")
    wait(file, minutes=5)
    assert [tasks.sweep_report_files(), tasks.sweep_report_files()] == [1, 0]
    ReportFile.objects.update(finished_at=timezone.now() - timedelta(seconds=121))
    assert tasks.sweep_report_files() == 1
    assert rung == [file.pk, file.pk]


@pytest.mark.parametrize("found_by", ["sweep", "bell"])
def test_a_file_not_rendered_within_an_hour_fails_and_may_be_asked_for_again(
    snapshot, monkeypatch, found_by, django_capture_on_commit_callbacks
):
    monkeypatch.setattr(files, "render", lambda data, name, progress: pytest.fail("renders"))
    file = ReportFile.objects.create(snapshot=snapshot, format="xlsx")
    wait(file, minutes=61)
    if found_by == "sweep":
        assert tasks.sweep_report_files() == 0
    else:
        assert tasks.render_file(file.pk) == "failed"
    file.refresh_from_db()
    assert (file.status, file.error_words) == ("failed", "Quá một giờ chưa dựng được tệp. Hãy yêu cầu lại.")
    monkeypatch.undo()
    with django_capture_on_commit_callbacks(execute=True):
        request_files(snapshot=snapshot, formats=["xlsx"], by=None)
    assert snapshot.files.get().status == "done"


def test_a_half_written_file_of_the_same_name_is_replaced(snapshot, media, monkeypatch):
    monkeypatch.setattr(files, "render", lambda data, name, progress: b"whole content")
    file = ReportFile.objects.create(snapshot=snapshot, format="xlsx")
    half = media / "reports" / files.stored_name(file, hashlib.sha256(b"whole content").hexdigest())
    half.parent.mkdir()
    half.write_bytes(b"whole")
    render_to_file(file_id=file.pk)
    assert half.read_bytes() == b"whole content"
    assert [path.name for path in half.parent.iterdir()] == [half.name]
    assert snapshot.files.get().file.name == f"reports/{half.name}"


def test_whoever_may_read_a_report_asks_for_its_files_in_offered_formats(snapshot, world):
    cast = make_cast(world)
    with pytest.raises(PermissionDenied):
        request_files(snapshot=snapshot, formats=["pdf"], by=cast.stranger)
    with pytest.raises(FormatNotOffered):
        request_files(snapshot=snapshot, formats=["odt"], by=cast.planner)
    [file] = request_files(snapshot=snapshot, formats=["pdf"], by=cast.leader)
    assert file.status == "queued"


def run(*arguments):
    out = StringIO()
    call_command(*arguments, stdout=out, stderr=StringIO())
    return out.getvalue()


def test_prepare_report_prints_id_and_hash_and_again_the_same(world):
    plan = make_plan(world)
    printed = json.loads(run("prepare_report", plan.slug, "--year", "2025"))
    snapshot = Snapshot.objects.get()
    assert printed == {"id": snapshot.pk, "sha256": snapshot.sha256, "revision": 1}
    assert json.loads(run("prepare_report", plan.slug, "--year", "2025")) == printed


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["khong-co", "--year", "2025"], "Không có kế hoạch"),
        (["{slug}", "--year", "2031"], "không có năm 2031"),
        (["{slug}", "--year", "2025", "--period", "q1"], "không hợp lệ"),
    ],
)
def test_prepare_report_says_what_is_wrong_and_leaves_nothing(world, arguments, words):
    slug = make_plan(world).slug
    with pytest.raises(CommandError, match=words):
        run("prepare_report", *[argument.format(slug=slug) for argument in arguments])
    assert not Snapshot.objects.exists()


def test_prepare_report_asks_for_a_reason_when_the_content_changed(world):
    plan = make_plan(world)
    run("prepare_report", plan.slug, "--year", "2025")
    plan.lines.filter(key="1.2").delete()
    with pytest.raises(CommandError, match="--reason"):
        run("prepare_report", plan.slug, "--year", "2025")
    assert (
        json.loads(run("prepare_report", plan.slug, "--year", "2025", "--reason", "Bỏ dòng"))["revision"] == 2
    )


@pytest.mark.parametrize("format", ["xlsx", "docx"])
def test_render_report_needs_nothing_but_the_snapshot(snapshot, tmp_path, format):
    snapshot.report.plan.lines.all().delete()
    target = tmp_path / f"báo cáo.{format}"
    run("render_report", str(snapshot.pk), "--format", format, "--output", str(target))
    assert target.read_bytes().startswith(b"PK")
    assert [path.name for path in tmp_path.iterdir()] == [target.name]


@pytest.mark.parametrize(
    ("pk", "format", "output", "words"),
    [
        ("0", "xlsx", "a.xlsx", "Không có bản chốt"),
        (None, "zip", "a.zip", "zip"),
        (None, "xlsx", "x/y/a.xlsx", "thư mục"),
    ],
)
def test_render_report_says_what_is_wrong(snapshot, tmp_path, pk, format, output, words):
    with pytest.raises(CommandError, match=words):
        run("render_report", pk or str(snapshot.pk), "--format", format, "--output", str(tmp_path / output))
    assert list(tmp_path.iterdir()) == []


def test_render_report_says_in_one_line_what_nobody_foresaw(snapshot, tmp_path):
    del snapshot.data["content"]["tables"]
    snapshot.save()
    with pytest.raises(CommandError, match="KeyError: 'tables'") as caught:
        run("render_report", str(snapshot.pk), "--format", "xlsx", "--output", str(tmp_path / "a.xlsx"))
    assert "\n" not in str(caught.value)
    assert list(tmp_path.iterdir()) == []


def test_verify_finds_nothing_wrong_in_what_the_portal_wrote(snapshot):
    from indicators.models import MonthlyResult

    MonthlyResult.objects.all().delete()
    file = ReportFile.objects.create(snapshot=snapshot, format="xlsx")
    render_to_file(file_id=file.pk)
    assert json.loads(run("verify")) == {
        "results": 0,
        "histories": 0,
        "snapshots": 1,
        "files": 1,
        "differences": 0,
    }


def test_verify_finds_changed_results_snapshots_and_files(snapshot, media):
    file = ReportFile.objects.create(snapshot=snapshot, format="xlsx")
    render_to_file(file_id=file.pk)
    file.refresh_from_db()
    (media / file.file.name).write_bytes(b"khac")
    snapshot.data["content"]["closing"] = "khác"
    snapshot.save()
    found = verify()
    assert found.differing == {"results": 12, "histories": 0, "snapshots": 1, "files": 1}
    with pytest.raises(CommandError, match="12 kết quả"):
        run("verify")


@pytest.fixture
def cell():
    """One stored value of version 1 without changes, and its key."""
    element = make_indicator("X").terms.first().element
    submission = SubmissionFactory(form=FormFactory(), facility=FacilityFactory(), period="2025-01-01")
    key = {"submission": submission, "element": element, "group": everybody()}
    DataValue.objects.create(**key, value=5)
    return key


def change(cell, version, old, new, **fields):
    return DataValueChange.objects.create(
        **cell, version=version, old_value=old, new_value=new, at=timezone.now(), source="form", **fields
    )


def test_verify_follows_a_history_to_the_stored_value(cell):
    assert verify().differing["histories"] == 0
    change(cell, 1, None, 4)
    change(cell, 3, 4, None, new_no_data=True)
    change(cell, 4, None, 5, old_no_data=True)
    DataValue.objects.update(version=4)
    assert verify().differing["histories"] == 0


def test_verify_finds_a_value_changed_behind_its_history(cell):
    change(cell, 1, None, 5)
    DataValue.objects.update(value=6)
    assert verify().differing["histories"] == 1


def test_verify_finds_a_broken_chain_a_newer_change_and_a_lost_value(cell):
    change(cell, 1, None, 4)
    change(cell, 2, 3, 5)
    assert verify().differing["histories"] == 2
    DataValue.objects.update(version=2)
    assert verify().differing["histories"] == 1
    DataValue.objects.all().delete()
    assert verify().differing["histories"] == 3


def test_verify_finds_a_version_that_no_change_explains(cell):
    DataValue.objects.update(version=2)
    assert verify().differing["histories"] == 1
