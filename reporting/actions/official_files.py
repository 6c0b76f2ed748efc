"""Which files of a snapshot leave the agency, and whether they still are what they were when finished."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from django.core.files.storage import default_storage

from facilities.text import fold
from reporting.actions.reports import ReportError
from reporting.models import IssuedDocument, ReportFile, Signature, Snapshot
from reporting.said import Said

PDF = (ReportFile.Format.PDF, ReportFile.Format.PDFA)
CHUNK = 1 << 20


class FileNotReady(ReportError):
    """A file that has to go out was not rendered yet, or failed."""

    def __init__(self, formats: Sequence[str]) -> None:
        super().__init__(Said("file_not_ready", {"formats": ", ".join(name.upper() for name in formats)}))


class FileChanged(ReportError):
    """The stored file is gone, or no longer the one that was finished."""

    def __init__(self, name: str) -> None:
        super().__init__(Said("file_changed", {"name": name}))


@dataclass(frozen=True)
class Part:
    """A finished file: its format, name in the storage, hash, size in bytes, and whether it is signed.

    `name` is what the recipient sees, "" before it leaves.
    """

    format: str
    stored: str
    sha256: str
    size: int
    is_signed: bool = False
    name: str = ""

    def read(self) -> bytes:
        """The whole file, proved to be the one that was finished. Raises FileChanged."""
        try:
            with default_storage.open(self.stored, "rb") as file:
                content = file.read()
        except OSError as error:
            raise FileChanged(PurePosixPath(self.stored).name) from error
        if hashlib.sha256(content).hexdigest() != self.sha256:
            raise FileChanged(PurePosixPath(self.stored).name)
        return content

    def is_intact(self) -> bool:
        """Whether the stored file still has its hash; reads it piece by piece."""
        digest = hashlib.sha256()
        try:
            with default_storage.open(self.stored, "rb") as file:
                for piece in iter(lambda: file.read(CHUNK), b""):
                    digest.update(piece)
        except OSError:
            return False
        return digest.hexdigest() == self.sha256


def newest_pdf(snapshot: Snapshot) -> Part | None:
    """The PDF with its newest signature; without any the PDF as rendered; None before it is finished."""
    return next(reversed(_pdfs(snapshot)), None)


def issued_pdf(snapshot: Snapshot, issued: IssuedDocument | None) -> Part | None:
    """The PDF that was entered in the register; of a document not registered the newest one."""
    if issued is None:
        return newest_pdf(snapshot)
    return next((part for part in _pdfs(snapshot) if part.sha256 == issued.sha256), None)


def _pdfs(snapshot: Snapshot) -> list[Part]:
    """Every finished PDF, the most official one last. Two queries, or none where they were prefetched."""
    files = {file.pk: file for file in snapshot.files.all() if file.format in PDF and _is_done(file)}
    plain = [_part(file) for file in files.values() if file.format == ReportFile.Format.PDF]
    signed = Signature.objects.filter(file__in=files).order_by("at", "pk") if files else []
    return plain + [
        Part(files[one.file_id].format, one.signed.name, one.sha256, one.size, is_signed=True)
        for one in signed
    ]


def official_parts(snapshot: Snapshot, issued: IssuedDocument | None, *formats: str) -> list[Part]:
    """The PDF, and the other `formats` the snapshot was asked in; a format never asked for is left out.

    Raises FileNotReady where one is still being rendered or failed, FileChanged where the PDF that was issued is gone.
    """
    asked = {file.format: file for file in snapshot.files.all()}
    pdf = issued_pdf(snapshot, issued)
    if pdf is None and issued is not None:
        raise FileChanged(f"{issued.number_text}.pdf")
    missing = [] if pdf else ["pdf"]
    missing += [name for name in formats if name in asked and not _is_done(asked[name])]
    if pdf is None or missing:
        raise FileNotReady(missing)
    return [pdf, *(_part(asked[name]) for name in formats if name in asked)]


def file_name(part: Part, issued: IssuedDocument | None) -> str:
    """What the recipient sees: the number of the document; of one not registered the stored file's own name."""
    if issued is None:
        return PurePosixPath(part.stored).name
    return f"{stem(issued)}.{'pdf' if part.format in PDF else part.format}"


def stem(issued: IssuedDocument) -> str:
    """ "05-BC-SYT-2026": plain ASCII, whatever stands in the symbol."""
    plain = fold(issued.number_text).replace("/", "-").replace(" ", "-")
    kept = "".join(char for char in plain if char.isascii() and (char.isalnum() or char in "-_."))
    return f"{kept.upper()}-{issued.on:%Y}"


def _is_done(file: ReportFile) -> bool:
    return file.status == ReportFile.Status.DONE


def _part(file: ReportFile) -> Part:
    return Part(file.format, file.file.name, file.sha256, file.size or 0)
