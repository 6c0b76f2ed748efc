"""Signing a PDF as PAdES: each signature is added behind the file, which stays byte for byte what it was."""

from __future__ import annotations

import io
import logging

from django.utils.translation import gettext as _

from reporting.signatures import SigningError
from reporting.signatures.appearance import Look, style_of, words_of
from reporting.signatures.keys import SigningKey
from reporting.signatures.places import Place, find_place

logger = logging.getLogger("portal.reports")
DIGEST = "sha256"
TIMESTAMP_SECONDS = 5


class NoTimestamp(SigningError):
    def __init__(self) -> None:
        super().__init__(_("Máy chủ dấu thời gian không trả lời nên chưa ký. Thử lại sau ít phút."))


class SigningFailed(SigningError):
    def __init__(self, error: Exception) -> None:
        text = _("Chưa ký được (%(error)s). Tệp chưa đổi; thử lại, nếu vẫn lỗi thì báo quản trị.")
        super().__init__(text % {"error": type(error).__name__})


def place_in(pdf: bytes) -> Place:
    """Where the PDF has room for signatures. Raises NoPlace."""
    from pyhanko.pdf_utils.reader import PdfFileReader

    return find_place(PdfFileReader(io.BytesIO(pdf)))


def sign(pdf: bytes, key: SigningKey, *, field: str, page: int, look: Look, timestamp_url: str = "") -> bytes:
    """The PDF with one more signature, PAdES B-B; B-T where a time stamp server is named.

    Raises NoTimestamp, SigningFailed.
    """
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
    from pyhanko.sign.fields import SigFieldSpec, SigSeedSubFilter
    from pyhanko.sign.signers import PdfSignatureMetadata, PdfSigner
    from pyhanko.sign.timestamps import HTTPTimeStamper, TimestampRequestError

    described = f"{look.title}: {look.certificate.name}, {look.at.isoformat(timespec='seconds')}"
    signer = PdfSigner(
        PdfSignatureMetadata(
            field_name=field,
            md_algorithm=DIGEST,
            subfilter=SigSeedSubFilter.PADES,
            name=look.certificate.name,
        ),
        key.signer,
        timestamper=HTTPTimeStamper(timestamp_url, timeout=TIMESTAMP_SECONDS) if timestamp_url else None,
        stamp_style=style_of(look),
        new_field_spec=SigFieldSpec(field, on_page=page, box=look.box.corners, readable_field_name=described),
    )
    try:
        writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
        # The metadata describe the document and identify the archive: pyHanko would name itself in them, each
        # place in other words.
        writer._update_meta = lambda: None
        signed = signer.sign_pdf(writer, appearance_text_params={"words": words_of(look)})
    except Exception as error:
        # pyHanko and drivers of tokens raise errors of many kinds; the log keeps the trace.
        logger.exception("Signing failed.")
        if timestamp_url and isinstance(error, TimestampRequestError | OSError):
            raise NoTimestamp from error
        raise SigningFailed(error) from error
    return signed.getvalue()
