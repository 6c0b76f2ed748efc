"""Exactly which files leave with a delivery: settled once, served and proved by their hashes ever after."""

from __future__ import annotations

from typing import Any

from reporting.actions.official_files import PDF, Part, file_name, official_parts
from reporting.models import Delivery, IssuedDocument, Snapshot

# What goes out beside the PDF.
ATTACHED = ("xlsx",)


def issued_of(snapshot: Snapshot) -> IssuedDocument | None:
    return IssuedDocument.objects.filter(snapshot=snapshot).first()


def settle(snapshot: Snapshot) -> list[dict[str, Any]]:
    """What leaves from now on, as `Delivery.files` keeps it. Raises FileNotReady, FileChanged."""
    issued = issued_of(snapshot)
    return [
        {
            "format": str(part.format),
            "name": file_name(part, issued),
            "stored": part.stored,
            "sha256": part.sha256,
            "size": part.size,
        }
        for part in official_parts(snapshot, issued, *ATTACHED)
    ]


def left_with(delivery: Delivery) -> list[Part]:
    """The files of the delivery, the PDF first; none where it is older than the keeping of files."""
    return [Part(**file) for file in delivery.files]


def issued_with(delivery: Delivery) -> IssuedDocument | None:
    """The register's entry of the very PDF that left; None where none or another file was registered."""
    issued = issued_of(delivery.snapshot)
    hashes = {file["sha256"] for file in delivery.files if file["format"] in PDF}
    return issued if issued and issued.sha256 in hashes else None
