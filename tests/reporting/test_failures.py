"""What breaks while a file is rendered or stored: nothing half-made is ready, and the officer reads what happened."""

import errno
import hashlib
import os
import signal
import time
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.files.storage import FileSystemStorage
from django.urls import reverse
from django.utils import timezone

from reporting import checks, renderers, tasks
from reporting.actions import files
from reporting.actions.files import render_to_file, request_files
from reporting.actions.reports import freeze, open_report
from reporting.content.periods import ReportPeriod
from reporting.models import ReportFile
from tests.reporting.cases import make_plan

pytestmark = [pytest.mark.django_db, pytest.mark.filterwarnings("ignore:No directory at")]
CONTENT = b"whole content"


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


@pytest.fixture
def report(world):
    report = open_report(plan=make_plan(world, "M"), period=ReportPeriod(2025, "year"), by=None)
    freeze(report=report, by=None)
    return report


@pytest.fixture
def file(report):
    return ReportFile.objects.create(snapshot=report.snapshots.get(), format="xlsx")


def stored(media):
    return sorted(path.name for path in (media / "reports").glob("*"))


def page_of(client, cast, report):
    client.force_login(cast.planner)
    return client.get(report.get_absolute_url()).text


def assert_not_ready(client, cast, report, words):
    """The page tells what happened and offers to try again; no address gives a file."""
    page = page_of(client, cast, report)
    assert words in page and "Tải Excel" not in page
    assert "Yêu cầu dựng tệp còn thiếu" in page
    assert client.get(reverse("reports:file", args=[report.pk, "xlsx"])).status_code == 404


# --- the disk is full ---------------------------------------------------------------------------------


def full_disk(monkeypatch, at=5):
    """Let the storage write the first bytes and then have no room, as a disk that fills up does."""

    def fill(storage, name, content):
        path = Path(storage.path(name))
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.read()[:at])
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(FileSystemStorage, "_save", fill)


def test_a_full_disk_leaves_nothing_and_is_told(client, cast, report, file, media, monkeypatch, caplog):
    full_disk(monkeypatch)
    assert tasks.render_file(file.pk) == "failed"
    assert stored(media) == []
    file.refresh_from_db()
    assert (file.file.name, file.sha256, file.size) == ("", "", None)
    assert_not_ready(client, cast, report, "Máy chủ hết chỗ trên đĩa")


def test_a_disk_that_fills_while_openpyxl_writes_its_own_files_is_told_too(file, monkeypatch, caplog):
    def fill(data, name, progress):
        raise OSError(errno.EDQUOT, "Disk quota exceeded")

    monkeypatch.setattr(files, "render", fill)
    assert "hết chỗ trên đĩa" in render_to_file(file_id=file.pk).error_words


def test_once_there_is_room_the_file_is_rendered(
    file, media, monkeypatch, caplog, django_capture_on_commit_callbacks
):
    with monkeypatch.context() as patch:
        full_disk(patch)
        render_to_file(file_id=file.pk)
    with django_capture_on_commit_callbacks(execute=True):
        request_files(snapshot=file.snapshot, formats=["xlsx"], by=None)
    file.refresh_from_db()
    assert (file.status, file.error_words) == ("done", "")
    assert stored(media) == [Path(file.file.name).name]


def test_a_file_that_was_ready_stays_when_another_finds_no_room(
    client, cast, report, file, media, monkeypatch, caplog
):
    render_to_file(file_id=file.pk)
    before = stored(media)
    other = ReportFile.objects.create(snapshot=file.snapshot, format="pdf")
    monkeypatch.setattr(files, "render", lambda data, name, progress: CONTENT)
    full_disk(monkeypatch)
    assert render_to_file(file_id=other.pk).status == "failed"
    assert stored(media) == before
    assert "Tải Excel" in page_of(client, cast, report)


# --- the worker is killed -----------------------------------------------------------------------------


def killed_while_storing(file, marker, monkeypatch):
    """A process of its own stores the file and is killed, SIGKILL, once all is written but not yet named."""

    def never(path, target):
        marker.touch()
        time.sleep(60)

    pid = os.fork()
    if pid == 0:
        try:
            Path.replace = never
            files._store(file, CONTENT)
        finally:
            os._exit(1)
    deadline = time.monotonic() + 20
    while not marker.exists() and time.monotonic() < deadline:
        time.sleep(0.02)
    os.kill(pid, signal.SIGKILL)
    assert os.WIFSIGNALED(os.waitpid(pid, 0)[1])


def test_a_worker_killed_while_storing_leaves_nothing_ready_and_the_sweep_renders_it(
    client, cast, report, file, media, monkeypatch, tmp_path_factory
):
    assert file.snapshot.report.plan.slug  # read before the other process shares the connection
    killed_while_storing(file, tmp_path_factory.mktemp("killed") / "marker", monkeypatch)
    [left] = (media / "reports").iterdir()
    assert left.suffix == ".part" and left.read_bytes() == CONTENT
    file.refresh_from_db()
    assert (file.status, file.file.name) == ("queued", "")
    page = page_of(client, cast, report)
    assert "Tải Excel" not in page and "Đang dựng tệp" in page
    ReportFile.objects.update(created_at=timezone.now() - timedelta(minutes=3))
    assert tasks.sweep_report_files() == 1
    file.refresh_from_db()
    assert file.status == "done"
    content = (media / file.file.name).read_bytes()
    assert hashlib.sha256(content).hexdigest() == file.sha256
    # Another worker may be writing such a file: it goes once it is older than any rendering.
    assert left.exists()
    os.utime(left, (time.time() - 4000, time.time() - 4000))
    tasks.sweep_report_files()
    assert stored(media) == [Path(file.file.name).name]


def test_a_worker_that_dies_while_rendering_leaves_the_file_waiting(file, media, monkeypatch):
    class Killed(BaseException):
        """As SystemExit in a worker that is told to stop: no handler of errors takes it."""

    def die(data, name, progress):
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(files, "render", die)
        with pytest.raises(Killed):
            tasks.render_file(file.pk)
    file.refresh_from_db()
    assert file.status == "queued" and not (media / "reports").exists()
    assert tasks.render_file(file.pk) == "done"


def test_a_bell_rung_again_while_another_worker_renders_keeps_one_whole_file(file, media, monkeypatch):
    """The broker gives the bell of a silent worker to another; both finish."""
    inner = []

    def render_twice(data, name, progress):
        if not inner:
            inner.append(True)
            tasks.render_file(file.pk)
        return CONTENT

    monkeypatch.setattr(files, "render", render_twice)
    assert tasks.render_file(file.pk) == "done"
    file.refresh_from_db()
    assert stored(media) == [Path(file.file.name).name]
    assert (media / file.file.name).read_bytes() == CONTENT


# --- the machine lacks something ----------------------------------------------------------------------


@pytest.fixture
def pdf(report):
    return ReportFile.objects.create(snapshot=report.snapshots.get(), format="pdf")


def test_a_missing_font_is_told_and_no_pdf_with_other_letters_is_made(client, cast, report, pdf, monkeypatch):
    monkeypatch.setattr(renderers, "serif_font", lambda: None)
    assert tasks.render_file(pdf.pk) == "failed"
    assert_not_ready(client, cast, report, "Máy chủ thiếu phông chữ Times đủ dấu tiếng Việt")


def test_a_font_without_all_vietnamese_letters_is_none(tmp_path, monkeypatch):
    monkeypatch.setattr(checks, "FONT_FOLDERS", (tmp_path,))
    assert checks.serif_font() is None


def test_a_missing_library_is_told_with_what_to_install(client, cast, report, pdf, monkeypatch):
    def missing(snapshot, progress):
        raise renderers.LibraryMissing

    monkeypatch.setattr(renderers, "serif_font", lambda: Path("Tinos-Regular.ttf"))
    monkeypatch.setattr("reporting.renderers.pdf.render", missing)
    assert tasks.render_file(pdf.pk) == "failed"
    assert_not_ready(client, cast, report, "libpango-1.0-0")


def test_whatever_else_breaks_is_told_in_words_with_its_cause(
    client, cast, report, file, monkeypatch, caplog
):
    monkeypatch.setattr(files, "render", lambda data, name, progress: 1 / 0)
    tasks.render_file(file.pk)
    assert_not_ready(client, cast, report, "ZeroDivisionError: division by zero")
    assert "Dựng tệp gặp lỗi" in page_of(client, cast, report)


def test_a_plan_without_figures_has_its_workbook_all_the_same(world):
    plan = make_plan(world, "M")
    plan.lines.all().delete()
    plan.tasks.all().delete()
    plan.budget_lines.all().delete()
    report = open_report(plan=plan, period=ReportPeriod(2025, "year"), by=None)
    file = ReportFile.objects.create(snapshot=freeze(report=report, by=None), format="xlsx")
    assert tasks.render_file(file.pk) == "done"
