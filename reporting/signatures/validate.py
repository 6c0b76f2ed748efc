"""Checking signed PDFs: is each signature intact, what does it cover, by whom, and does anybody vouch for it."""

from __future__ import annotations

import io
import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from asn1crypto import pem, x509

from reporting.signatures.certificates import Certificate, read_certificate

if TYPE_CHECKING:
    from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature

logger = logging.getLogger("portal.reports")


@dataclass(frozen=True)
class CheckedSignature:
    """One signature. `field` is its part; `signed_at` is what the signer's clock said.

    `is_intact`: what it covers is what was signed, and nothing but further signatures came after.
    `is_trusted`: its certificate was valid at the time and leads to a trusted root; never for a trial.
    """

    field: str
    is_intact: bool
    covers_file: bool
    signed_at: datetime | None
    has_timestamp: bool
    is_trusted: bool
    certificate: Certificate


@dataclass(frozen=True)
class CheckedFile:
    """The signatures of a file in their order; `is_intact` speaks of the whole file, to its last byte."""

    signatures: Sequence[CheckedSignature]
    is_intact: bool

    @property
    def has_trial(self) -> bool:
        return any(one.certificate.is_test for one in self.signatures)


BROKEN = CheckedFile((), is_intact=False)


def check(
    pdf: bytes, roots: Sequence[x509.Certificate] = (), times: Mapping[str, datetime] | None = None
) -> CheckedFile:
    """Check every signature of a PDF, without any network. A file that can not be read is not intact.

    times: when each field is known to have been signed; certificates are judged at that time, others now.
    """
    from pyhanko.pdf_utils.reader import PdfFileReader

    try:
        embedded = PdfFileReader(io.BytesIO(pdf)).embedded_signatures
        signatures = [_checked(one, roots, (times or {}).get(one.field_name)) for one in embedded]
    except Exception as error:
        # A changed byte can break the file anywhere: whatever the reader stumbles over, it is not what was signed.
        logger.info("A signed file can not be read: %s", type(error).__name__)
        return BROKEN
    whole = bool(signatures) and signatures[-1].covers_file
    return CheckedFile(signatures, is_intact=whole and all(one.is_intact for one in signatures))


def _checked(
    embedded: EmbeddedPdfSignature, roots: Sequence[x509.Certificate], at: datetime | None
) -> CheckedSignature:
    from pyhanko.sign.validation import validate_pdf_signature
    from pyhanko.sign.validation.settings import KeyUsageConstraints
    from pyhanko.sign.validation.status import SignatureCoverageLevel
    from pyhanko_certvalidator import ValidationContext

    from reporting.signatures.keys import SIGNING_USES

    chain = embedded.other_embedded_certs
    status = validate_pdf_signature(
        embedded,
        ValidationContext(trust_roots=list(roots), other_certs=chain, moment=at, allow_fetching=False),
        key_usage_settings=KeyUsageConstraints(key_usage=SIGNING_USES, match_all_key_usages=False),
    )
    certificate = read_certificate(embedded.signer_cert, chain)
    return CheckedSignature(
        field=embedded.field_name,
        is_intact=bool(status.valid and status.intact and status.docmdp_ok),
        covers_file=status.coverage == SignatureCoverageLevel.ENTIRE_FILE,
        signed_at=embedded.self_reported_timestamp,
        has_timestamp=status.timestamp_validity is not None,
        is_trusted=bool(status.trusted) and not certificate.is_test,
        certificate=certificate,
    )


def read_roots(text: bytes) -> list[x509.Certificate]:
    """The certificates of a PEM file, as many as it holds. Raises ValueError."""
    return [x509.Certificate.load(der) for _name, _headers, der in pem.unarmor(text, multiple=True)]
