"""Signing a report: first the person with the own key, then the agency (docs/decisions/0019).

A signature takes about a tenth of a second, so it is made while the person waits. Keys and passwords are held
in memory for that long; nothing of them is stored or logged.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.views.decorators.debug import sensitive_variables

from facilities.actions.audit import record
from facilities.models import User
from facilities.permissions import Permission, require
from facilities.text import fold
from reporting.actions.files import download_name, stored_name, write_whole
from reporting.actions.signing_refusals import (
    AlreadySigned,
    FileDiffers,
    NoAgencyKey,
    NobodyNamed,
    NoFile,
    NoFont,
    NotLatest,
    NotStored,
    OtherName,
    PersonFirst,
    TrialRefused,
)
from reporting.checks import serif_font
from reporting.models import Report, ReportFile, Signature, Snapshot
from reporting.signatures.agencies import AgencyFileProblem, AgencyKey, read_agencies
from reporting.signatures.appearance import Look
from reporting.signatures.keys import SigningKey, open_file
from reporting.signatures.pictures import BLUE, RED, read_ink
from reporting.signatures.places import Place, signature_box, stamp_box, words_box
from reporting.signatures.sign import SigningFailed, place_in, sign
from reporting.signatures.validate import check

Part = Signature.Part
Draw = Callable[[Place], Look]


@sensitive_variables("data", "password", "key")
def sign_as_person(
    *,
    snapshot: Snapshot,
    data: bytes,
    password: str,
    by: User,
    picture: bytes = b"",
    other_name: bool = False,
    now: datetime | None = None,
) -> Signature:
    """Sign with the person's PKCS#12 file `data`; `picture` is a PNG of the signature.

    other_name: go on though the certificate is not in the name the document gives, or the document names nobody.
    Raises PermissionDenied, SigningError.
    """
    require(by, Permission.SIGN_REPORT, snapshot.report.area)
    now = timezone.localtime(now)
    key = open_file(data, password, now)
    named = snapshot.data["content"]["footer"].get("signer", "")
    if not other_name:
        _check_name(key.certificate.name, named)
    image = read_ink(picture, BLUE) if picture else None

    def draw(place: Place) -> Look:
        box = signature_box(place) if image else words_box(place, below=False)
        return Look(box, key.certificate, now, _font(), image)

    return _add(snapshot, Part.PERSON, key, draw, by, now)


def _check_name(certificate: str, named: str) -> None:
    """Raises NobodyNamed, OtherName where the words of the name are not all in the certificate's."""
    words = set(fold(named).split())
    if not words:
        raise NobodyNamed(certificate)
    if not words <= set(fold(certificate).split()):
        raise OtherName(certificate, named)


def sign_for_agency(*, snapshot: Snapshot, by: User, now: datetime | None = None) -> Signature:
    """Sign with the key of the agency that issues the report. Raises PermissionDenied, SigningError."""
    require(by, Permission.PREPARE_REPORT, snapshot.report.area)
    now = timezone.localtime(now)
    entry = agency_key(snapshot)
    stamp = read_ink(_bytes_of(entry.stamp), RED) if entry.stamp else None
    with entry.open(now) as key:

        def draw(place: Place) -> Look:
            box = stamp_box(place, entry.stamp_mm) if stamp else words_box(place, below=True)
            return Look(box, key.certificate, now, _font(), stamp, is_agency=True)

        return _add(snapshot, Part.AGENCY, key, draw, by, now)


def agency_key(snapshot: Snapshot) -> AgencyKey:
    """The key of the agency the report names as its issuer. Raises NoAgencyKey, AgencyFileProblem."""
    agency = snapshot.data["content"]["agency"]["name"]
    keys = read_agencies(Path(settings.SIGNING_AGENCIES)) if settings.SIGNING_AGENCIES else {}
    if agency not in keys:
        raise NoAgencyKey(agency)
    return keys[agency]


@transaction.atomic
def _add(snapshot: Snapshot, part: Part, key: SigningKey, draw: Draw, by: User, now: datetime) -> Signature:
    """One more signature behind the file's last. Signing and freezing the same report go one after the other."""
    if key.certificate.is_test and not settings.SIGNING_TRIALS:
        raise TrialRefused
    Report.objects.select_for_update(of=("self",)).get(pk=snapshot.report_id)
    if Snapshot.objects.filter(report=snapshot.report_id, number__gt=snapshot.number).exists():
        raise NotLatest
    file = snapshot.files.filter(format=ReportFile.Format.PDF, status=ReportFile.Status.DONE).first()
    if file is None:
        raise NoFile
    made = {signature.part: signature for signature in file.signatures.all()}
    if part in made:
        raise AlreadySigned
    if part == Part.AGENCY and Part.PERSON not in made:
        raise PersonFirst
    before = stored_bytes(made.get(Part.PERSON) or file)
    place = place_in(before)
    url = settings.SIGNING_TIMESTAMP_URL
    after = sign(before, key, field=part, page=place.page, look=draw(place), timestamp_url=url)
    if not check(after).is_intact:
        raise SigningFailed(ValueError(part))
    signature = _keep(file, part, key, after, by, now)
    record(
        by=by,
        verb="sign_report",
        subject=snapshot.report,
        area=snapshot.report.area,
        number=snapshot.number,
        part=part,
        sha256=signature.sha256,
        certificate=signature.certificate,
    )
    return signature


def _keep(
    file: ReportFile, part: Part, key: SigningKey, content: bytes, by: User, now: datetime
) -> Signature:
    """Store the signed file beside the unsigned one, then its row."""
    digest = hashlib.sha256(content).hexdigest()
    name = f"reports/{stored_name(file, digest).removesuffix('.pdf')}-da-ky.pdf"
    storage = file.file.storage
    try:
        write_whole(storage, name, content)
    except OSError as error:
        raise NotStored from error
    try:
        return Signature.objects.create(
            file=file,
            part=part,
            by=by,
            at=now,
            certificate=key.certificate.as_plain(),
            signed=name,
            sha256=digest,
            size=len(content),
        )
    except BaseException:
        storage.delete(name)
        raise


def stored_bytes(stored: ReportFile | Signature) -> bytes:
    """The stored file, where it still is what was written. Raises NoFile, FileDiffers."""
    file = stored.signed if isinstance(stored, Signature) else stored.file
    try:
        content = Path(file.path).read_bytes()
    except OSError as error:
        raise NoFile from error
    if hashlib.sha256(content).hexdigest() != stored.sha256:
        raise FileDiffers
    return content


def signed_name(file: ReportFile) -> str:
    """What a person sees of the signed file in the folder of downloads."""
    return f"{download_name(file).removesuffix('.pdf')} (đã ký).pdf"


def _bytes_of(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise AgencyFileProblem(path.name) from error


def _font() -> Path:
    font = serif_font()
    if font is None:
        raise NoFont
    return font
