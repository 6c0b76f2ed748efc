"""Files of a snapshot: queued in the database, rendered by a task, stored once under their hash."""

from __future__ import annotations

import errno
import hashlib
import logging
import time
from collections.abc import Callable, Sequence
from datetime import timedelta
from functools import partial
from pathlib import Path
from uuid import uuid4

from django.core.files.base import ContentFile
from django.core.files.storage import Storage
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from kombu.exceptions import OperationalError

from facilities.actions.audit import record
from facilities.models import User
from facilities.permissions import Permission, require
from facilities.text import fold, printable
from reporting.models import Report, ReportFile, Snapshot
from reporting.renderers import FormatNotOffered, RenderError, offered, render
from reporting.said import NO_ERROR, Said, error_of

logger = logging.getLogger("portal.reports")

Status = ReportFile.Status
# A lost bell is rung again after this long; a rendering takes seconds.
RING_AGAIN_AFTER = timedelta(minutes=2)
# Longer than any rendering or queue: such a file ends its worker each time.
GIVE_UP_AFTER = timedelta(hours=1)
HASH_IN_NAME = 8
# A page that waits looks again after longer than this.
TELL_EVERY = 1.0
# An agency's name may be longer than a file's.
WHAT_IN_NAME = 80
# How a downloaded file is called, before the plan's number and the period.
DOWNLOADED = {
    Report.Kind.PLAN: "Báo cáo",
    Report.Kind.REVIEW: "Báo cáo",
    Report.Kind.COMBINED: "Báo cáo chung các kế hoạch",
    Report.Kind.SHEETS: "Phiếu từng xã",
    Report.Kind.BRIEF: "Tóm tắt",
}
FOLDER, PART = "reports", ".part"
DISK_IS_FULL = frozenset({errno.ENOSPC, errno.EDQUOT})
CAUSE_LIMIT = 300


@transaction.atomic
def request_files(*, snapshot: Snapshot, formats: Sequence[str], by: User | None) -> list[ReportFile]:
    """Queue the files that do not exist or failed, and ring for them on commit.

    A file says what the snapshot already holds, so whoever may read the report may ask for it.
    `by` None is the system itself. Raises PermissionDenied, FormatNotOffered.
    """
    area = snapshot.report.area
    if by is not None:
        require(by, Permission.VIEW_REPORT, area)
    files = []
    for name in formats:
        if name not in offered(snapshot.report.kind):
            raise FormatNotOffered(name, snapshot.report.kind)
        file, created = ReportFile.objects.get_or_create(snapshot=snapshot, format=name)
        again = not created and file.status == Status.FAILED
        if again:
            # Asked for anew: it waits from now on.
            anew = {"status": Status.QUEUED, "finished_at": None, "created_at": timezone.now(), "progress": 0}
            for key, value in (anew | NO_ERROR).items():
                setattr(file, key, value)
            file.save(update_fields=[*anew, *NO_ERROR])
        if created or again:
            record(by=by, verb="request_file", subject=snapshot.report, area=area, format=name)
            transaction.on_commit(partial(ring, file.pk))
        files.append(file)
    return files


def ring(file_id: int) -> None:
    """Ask a worker to render. A lost bell loses nothing: the sweep finds the queued row."""
    from reporting.tasks import render_file

    try:
        render_file.delay(file_id)
    except OperationalError:
        logger.warning("The broker does not answer; the sweep will render file %s.", file_id)


def ring_for_queued() -> int:
    """Ring again for files that have waited too long, each at most once per RING_AGAIN_AFTER; return how many.

    A file that waited longer than GIVE_UP_AFTER has failed. While a file is queued, `finished_at` holds
    when the sweep last rang for it.
    """
    now = timezone.now()
    queued = ReportFile.objects.filter(status=Status.QUEUED)
    for file in queued.filter(created_at__lt=now - GIVE_UP_AFTER):
        _give_up(file)
    before = now - RING_AGAIN_AFTER
    quiet = Q(finished_at=None) | Q(finished_at__lt=before)
    ids = queued.filter(quiet, created_at__lt=before).values_list("pk", flat=True)
    # Two sweeps at once: the one whose update hits the row rings.
    rung = [pk for pk in ids if queued.filter(quiet, pk=pk).update(finished_at=now)]
    for file_id in rung:
        ring(file_id)
    return len(rung)


def _is_given_up(file: ReportFile) -> bool:
    return file.created_at < timezone.now() - GIVE_UP_AFTER


def _give_up(file: ReportFile) -> None:
    logger.error("File %s was not rendered within %s.", file.pk, GIVE_UP_AFTER)
    _finish(file, status=Status.FAILED, **error_of(Said("waited_an_hour")))


def render_to_file(*, file_id: int) -> ReportFile | None:
    """Render a queued file and store it; the row ends done or failed. May run twice without harm.

    Returns None where the row is gone. A broken rendering is recorded with its cause, never raised.
    """
    file = (
        ReportFile.objects.select_related("snapshot__report__plan__area", "snapshot__report__agency__area")
        .filter(pk=file_id)
        .first()
    )
    if file is None or file.status != Status.QUEUED:
        return file
    if _is_given_up(file):
        # The broker brings back the bell of a worker that died.
        _give_up(file)
        return file
    try:
        _store(file, render(file.snapshot.data, file.format, progress_of(file)))
    except Exception as error:
        if not isinstance(error, RenderError):
            # Whatever broke, the person waiting must see that it did; the log keeps the trace.
            logger.exception("Rendering file %s failed.", file_id)
        _finish(file, status=Status.FAILED, **error_of(why(error)))
    return file


def progress_of(file: ReportFile) -> Callable[[int], None]:
    """Tells the waiting page how far the rendering is, in percent, once a second at most.

    Only a file still waited for is told of: one that was given up meanwhile stays as it is.
    """
    told = time.monotonic()

    def tell(percent: int) -> None:
        nonlocal told
        if time.monotonic() - told >= TELL_EVERY:
            told = time.monotonic()
            ReportFile.objects.filter(pk=file.pk, status=Status.QUEUED).update(progress=percent)

    return tell


def why(error: Exception) -> Said:
    """What went wrong and what to do, to the person who asked for the file."""
    told = next(iter(error.args), None)
    if isinstance(error, RenderError) and isinstance(told, Said):
        return told
    if isinstance(error, OSError) and error.errno in DISK_IS_FULL:
        return Said("disk_full")
    cause = str(error) if isinstance(error, RenderError) else f"{type(error).__name__}: {error}"
    return Said("not_rendered", {"cause": printable(cause)[:CAUSE_LIMIT]})


def _store(file: ReportFile, content: bytes) -> None:
    digest = hashlib.sha256(content).hexdigest()
    name = f"{FOLDER}/{stored_name(file, digest)}"
    write_whole(file.file.storage, name, content)
    _finish(file, status=Status.DONE, file=name, sha256=digest, size=len(content), progress=100, **NO_ERROR)


def write_whole(storage: Storage, name: str, content: bytes) -> None:
    """Write beside and rename: under the file's own name only ever stands the whole file. Raises OSError."""
    part = f"{FOLDER}/{uuid4().hex}{PART}"
    try:
        storage.save(part, ContentFile(content))
        Path(storage.path(part)).replace(storage.path(name))
    except OSError:
        storage.delete(part)
        raise


def clear_parts() -> int:
    """Take away what workers that were killed left half written; returns how many."""
    folder = Path(ReportFile._meta.get_field("file").storage.path(FOLDER))
    old = time.time() - GIVE_UP_AFTER.total_seconds()
    left = [path for path in folder.glob(f"*{PART}") if path.stat().st_mtime < old]
    for path in left:
        path.unlink(missing_ok=True)
    return len(left)


def _finish(file: ReportFile, /, **fields: object) -> None:
    """Write the outcome where nobody else has; the first of two runs wins."""
    fields["finished_at"] = timezone.now()
    won = ReportFile.objects.filter(Q(pk=file.pk), status=Status.QUEUED).update(**fields)
    if not won and fields.get("file"):
        kept = ReportFile.objects.filter(pk=file.pk).values_list("file", flat=True).first()
        if kept != fields["file"]:
            file.file.storage.delete(str(fields["file"]))
    file.refresh_from_db()


def stored_name(file: ReportFile, digest: str) -> str:
    """Readable, plain ASCII, and different for different content."""
    report = file.snapshot.report
    period = report.period if report.period[:1].isdigit() else f"{report.year}-{report.period}"
    years = f"{report.start_year}-" if report.start_year else ""
    what = fold(report.plan.slug if report.plan else report.agency.name).replace(" ", "-")[:WHAT_IN_NAME]
    kind = "" if report.kind == Report.Kind.PLAN else f"{report.kind}-"
    restated = "" if report.boundaries == Report.Boundaries.OWN else "hien-nay-"
    revision = f"lan-{file.snapshot.number}-{digest[:HASH_IN_NAME]}"
    return f"bao-cao-{kind}{what}-{restated}{years}{period}-{revision}.{file.format}"


def download_name(file: ReportFile) -> str:
    """What a person sees in the folder of downloads, in Vietnamese."""
    content = file.snapshot.data["content"]
    number = content["plan"]["number"].strip("/").replace("/", "-") if content["plan"] else ""
    what = f"{number} " if number else ""
    kind = DOWNLOADED[content.get("kind", Report.Kind.PLAN)]
    restated = " (ranh giới hiện nay)" if content["boundaries"].get("is_restated") else ""
    revision = f" (lần {file.snapshot.number})" if file.snapshot.number > 1 else ""
    return f"{kind} {what}{content['period']['title']}{restated}{revision}.{file.format}"
