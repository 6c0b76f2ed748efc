"""Many PDFs as one: the sheets of all communes, laid out one by one so that memory holds one at a time."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterable
from typing import Any

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.pdf_utils.writer import PageObject, PdfFileWriter

KEPT = ("/MediaBox", "/Resources", "/Contents", "/TrimBox", "/BleedBox")
ID_BYTES = 16


class _Writer(PdfFileWriter):
    """The library draws a random identifier and notes the moment of writing; here both come from the content."""

    def identify(self, digest: bytes) -> None:
        name = generic.ByteStringObject(digest[:ID_BYTES])
        self._document_id = generic.ArrayObject([name, name])

    def _update_meta(self) -> None:
        pass


def one_file(shown: dict[str, Any], files: Iterable[bytes]) -> bytes:
    """The pages of all files in their order, with the title, the author and the language of the document.

    The same files make the same bytes: the file's identifier is taken from what it holds.
    """
    writer, digest = _Writer(), hashlib.sha256()
    for content in files:
        digest.update(content)
        _add_pages(writer, PdfFileReader(io.BytesIO(content)))
    writer.root[generic.pdf_name("/Lang")] = generic.TextStringObject("vi")
    about = {
        "/Title": shown["header"]["subject"],
        "/Author": shown["agency"]["name"],
        "/Subject": shown["hash_note"],
    }
    writer.set_info(
        generic.DictionaryObject(
            {generic.pdf_name(key): generic.TextStringObject(text) for key, text in about.items()}
        )
    )
    writer.identify(digest.digest())
    target = io.BytesIO()
    writer.write(target)
    return target.getvalue()


def _add_pages(writer: PdfFileWriter, reader: PdfFileReader) -> None:
    """WeasyPrint's pages stand flat in the tree, each with its own resources."""
    for reference in reader.root["/Pages"]["/Kids"]:
        page = reference.get_object()
        kept = {key: writer.import_object(page.raw_get(key)) for key in KEPT if key in page}
        contents, resources = kept.pop("/Contents"), kept.pop("/Resources")
        made = PageObject(contents=contents, media_box=kept.pop("/MediaBox"), resources=resources)
        made.update({generic.pdf_name(key): value for key, value in kept.items()})
        writer.insert_page(made)
