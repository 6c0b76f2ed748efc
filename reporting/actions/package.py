"""The package of a registered document for the exchange axis, made from its finished files."""

from __future__ import annotations

import io

from django.conf import settings

from facilities.actions.audit import record
from facilities.models import User
from facilities.permissions import Permission, require
from reporting.actions.official_files import file_name, official_parts, stem
from reporting.content.header import AUTHORITIES, place_name
from reporting.exchange import OWN_RIGHT, Document, Enclosure, Organ, write_package
from reporting.mail import MEDIA_TYPES
from reporting.models import IssuedDocument

FORMATS = ("xlsx", "docx")


def package(*, issued: IssuedDocument, by: User) -> bytes:
    """The ZIP, made in memory: a full disk leaves nothing half-made. The same document gives the same bytes.

    Only of registered documents: on the axis nothing travels without a number.
    Raises PermissionDenied, FileNotReady, FileChanged.
    """
    snapshot = issued.snapshot
    report = snapshot.report
    require(by, Permission.PREPARE_REPORT, report.area)
    parts = official_parts(snapshot, issued, *FORMATS)
    files = [Enclosure(file_name(part, issued), MEDIA_TYPES[part.format], part.read()) for part in parts]
    out = io.BytesIO()
    write_package(out, document_of(issued), files)
    record(by=by, verb="pack_document", subject=report, area=report.area, number=issued.number_text)
    return out.getvalue()


def package_name(issued: IssuedDocument) -> str:
    return f"{stem(issued)}.zip"


def document_of(issued: IssuedDocument) -> Document:
    """The register's entry with what the frozen document itself says of its addressees and signer."""
    content = issued.snapshot.data["content"]
    head, foot, agency = content["header"], content["footer"], issued.agency
    office = foot.get("office") or []
    # Of "TM. ỦY BAN NHÂN DÂN, KT. CHỦ TỊCH, PHÓ CHỦ TỊCH" the one nearest to the signer.
    behalf = next((line for line in reversed(office) if line.startswith(AUTHORITIES)), "")
    return Document(
        sender=Organ(agency.name, settings.EXCHANGE_CODES.get(agency.short_name, ""), agency.superior),
        number=issued.number,
        symbol=issued.symbol,
        on=issued.on,
        place=issued.snapshot.data.get("dateline", "").partition(",")[0] or place_name(agency.area),
        subject=issued.subject,
        signer=issued.signer,
        position=office[-1] if office else issued.office,
        competence=behalf.partition(" ")[0] or OWN_RIGHT,
        addressees=head.get("addressees") or [],
        recipients=foot.get("recipients") or [],
    )
