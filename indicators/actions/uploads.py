"""A workbook a person uploads: read apart, compared, kept until the person confirms; then stored, place by place."""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Collection
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from facilities.models import Facility, User
from facilities.periods import parse_period
from facilities.text import printable
from indicators.actions.closures import hold_period
from indicators.actions.figures import FigureError, StaleVersion, save_sheet
from indicators.cell_json import read_state
from indicators.expressions import read_cell
from indicators.models import Form, Submission, Upload
from indicators.workbooks.apart import read_apart
from indicators.workbooks.compare import Preview, compared_again, preview_of
from indicators.workbooks.container import MAX_FILE, Refused
from indicators.workbooks.filled import read_filled
from indicators.workbooks.refusals import refusal_words
from indicators.workbooks.stamp import ForeignStamp, NoStamp, find_stamp

KEPT = timedelta(days=14)
Status = Upload.Status


class NotWaiting(Exception):
    """The upload was refused, confirmed before, or is too old: nothing was done."""


def receive(*, file: UploadedFile, by: User) -> Upload:
    """Read and compare the file; store nothing of it but what it would change. The upload says READY or REFUSED."""
    upload = Upload(user=by, file_name=printable(file.name or "").strip()[:200] or "?", at=timezone.now())
    try:
        upload.sha256, sheets = read_cells(file)
        upload.preview = preview_of(stamp := find_stamp(sheets), read_filled(stamp, sheets), by)
        upload.status = Status.READY
    except NoStamp:
        _refuse(upload, Refused("no_stamp"))
    except ForeignStamp:
        _refuse(upload, Refused("foreign_stamp"))
    except Refused as error:
        _refuse(upload, error)
    upload.save()
    return upload


def read_cells(file: UploadedFile) -> tuple[str, dict[str, list[list[Any]]]]:
    """Digest of a workbook and its cells by sheet, read apart; the file itself is gone afterwards. Raises Refused."""
    if (file.size or 0) > MAX_FILE:
        raise Refused("too_large")
    digest = hashlib.sha256()
    with tempfile.NamedTemporaryFile(suffix=".xlsx") as kept:
        for piece in file.chunks():
            digest.update(piece)
            kept.write(piece)
        kept.flush()
        return digest.hexdigest(), read_apart(Path(kept.name))


def _refuse(upload: Upload, refused: Refused) -> None:
    upload.status, upload.problem, upload.preview = Status.REFUSED, refusal_words(refused), {}


@transaction.atomic
def confirm(*, upload: Upload, by: User, mine: Collection[str] = ()) -> Upload:
    """Store the changes of the preview, each place for itself; say which could not be stored and why.

    `mine` names conflicts (`<place key>|<cell>`) in which the file's value is to stand; in the others the stored one
    does. `preview["results"]` gets {"key", "name", "form_name", "stored", "kept", "problem"} a place. Where nothing
    could be stored the upload waits on, compared with what is stored now. Raises NotWaiting.
    """
    upload = Upload.objects.select_for_update().get(pk=upload.pk, user=by)
    if upload.status != Status.READY or upload.at < timezone.now() - KEPT:
        raise NotWaiting
    preview = upload.preview
    places = _Places(preview, by)
    results = [places.store(place, _chosen(place, frozenset(mine))) for place in preview["places"]]
    preview["results"] = results
    if any(one["problem"] for one in results) and not any(one["stored"] for one in results):
        preview["places"] = compared_again(preview, by)
    else:
        upload.status, upload.applied_at = Status.APPLIED, timezone.now()
    upload.save(update_fields=["preview", "status", "applied_at"])
    return upload


def _chosen(place: Preview, mine: frozenset[str]) -> list[Preview]:
    """The changes to store: those nobody else made meanwhile, and the conflicts the person decided."""
    return [c for c in place["changes"] if not c["conflict"] or f"{place['key']}|{c['cell']}" in mine]


class _Places:
    """Stores the places of one upload; what they share is read once."""

    def __init__(self, preview: Preview, by: User) -> None:
        self.by, places = by, preview["places"]
        self.period = parse_period(preview["period"], yearly=preview["yearly"])
        self.facilities = {
            f.code: f for f in Facility.objects.filter(code__in={place["facility"] for place in places})
        }
        self.forms = Form.objects.in_bulk({place["form"] for place in places})
        # All locks at once, the period's first: one after the other they could meet who closes it crosswise.
        hold_period(self.period, yearly=preview["yearly"])
        begun = Submission.objects.select_for_update(of=("self",)).filter(
            period=self.period, form__in=self.forms, facility__in=self.facilities.values()
        )
        rows = begun.select_related("facility", "form").order_by("pk")
        self.begun = {(s.facility_id, s.form_id): s for s in rows}

    def store(self, place: Preview, chosen: list[Preview]) -> dict[str, Any]:
        problem = self.problem(place, chosen) if chosen else ""
        return {
            "key": place["key"],
            "name": place["name"],
            "form_name": place["form_name"],
            "stored": 0 if problem else len(chosen),
            "kept": len(place["changes"]) - len(chosen),
            "problem": problem,
        }

    def problem(self, place: Preview, chosen: list[Preview]) -> str:
        """Store the changes; why nothing of them could be, else ""."""
        facility, form = self.facilities.get(place["facility"]), self.forms.get(place["form"])
        if place["blocked"]:
            return place["blocked"]
        if facility is None or form is None:
            return _("Cơ sở hoặc biểu không còn.")
        try:
            with transaction.atomic():
                save_sheet(
                    facility=facility,
                    form=form,
                    period=self.period,
                    cells={read_cell(change["cell"]): read_state(change["file"]) for change in chosen},
                    by=self.by,
                    source="workbook",
                    expected_version=place["version"],
                    begun=self.begun.get((facility.pk, form.pk)),
                )
        except StaleVersion:
            return _("Số liệu trên cổng đã đổi từ khi xem trước, nên số của tệp không ghi đè.")
        except FigureError as error:
            return str(error)
        except PermissionDenied:
            return _("Tài khoản này không nhập số liệu của cơ sở.")
        return ""


def drop_old(*, now: datetime) -> int:
    """Delete uploads older than 14 days; return how many."""
    return Upload.objects.filter(at__lt=now - KEPT).delete()[0]
