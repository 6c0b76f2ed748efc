"""The document while it is written: a body that grows, sections, and bytes that depend on nothing but its content."""

from __future__ import annotations

import io
from copy import deepcopy
from datetime import UTC, datetime
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from docx import Document
from docx.oxml.ns import qn
from docx.oxml.xmlchemy import BaseOxmlElement

from facilities.text import printable
from reporting.renderers.docx.xml import element, field, paragraph

PARTS = Path(__file__).resolve().parent / "parts"
# Twentieths of a point: A4 between the margins of the decree, and turned for an annex (20, 15, 20 and 30 mm).
PORTRAIT, LANDSCAPE = 9071, 14287
WIDTH = 11906
LANDSCAPE_SIZE = {"w": 16838, "h": 11906, "orient": "landscape"}
LANDSCAPE_MARGINS = {"top": 1134, "right": 850, "bottom": 1134, "left": 1701}
# Office cuts longer properties.
LONGEST_PROPERTY = 255


class Paper:
    """A document of several sections; every section counts its pages from 1 and prints no number on its first."""

    def __init__(self) -> None:
        self.document = Document(_template())
        self.body = self.document.element.body
        self.width, self.pictures = PORTRAIT, 0
        head = self.document.sections[0].header
        head.is_linked_to_previous = False
        number = head.paragraphs[0]._p
        number.getparent().replace(number, _numbered())
        self._section = self.body.sectPr

    def add(self, *elements: BaseOxmlElement) -> None:
        for one in elements:
            self._section.addprevious(one)

    def set_margins(self, margins: dict[str, int]) -> None:
        """Of a portrait page, in place of the decree's."""
        _set(self._section.find(qn("w:pgMar")), margins)
        self.width = WIDTH - margins["left"] - margins["right"]

    def annex(self) -> None:
        """End the section and begin a landscape one, on a new page, counted anew."""
        ended = deepcopy(self._section)
        last = self._section.getprevious()
        if last is None or last.tag != qn("w:p"):
            self.add(paragraph("", "Gap"))
            last = self._section.getprevious()
        last.get_or_add_pPr().append(ended)
        self._turn()

    def _turn(self) -> None:
        self.width = LANDSCAPE
        for reference in self._section.findall(qn("w:headerReference")):
            self._section.remove(reference)
        _set(self._section.find(qn("w:pgSz")), LANDSCAPE_SIZE)
        margins = self._section.find(qn("w:pgMar"))
        _set(margins, LANDSCAPE_MARGINS)
        if self._section.find(qn("w:pgNumType")) is None:
            margins.addnext(element("pgNumType", start=1))

    def describe(self, *, title: str, author: str, about: str, revision: int, moment: datetime) -> None:
        """The document's properties; `moment` stands wherever a file tells a time."""
        known, self.moment = self.document.core_properties, moment
        known.title, known.author, known.last_modified_by, known.comments = (
            printable(text)[:LONGEST_PROPERTY] for text in (title, author, author, about)
        )
        known.revision, known.language = revision, "vi-VN"
        known.created = known.modified = moment.astimezone(UTC).replace(tzinfo=None)

    def as_bytes(self) -> bytes:
        """The file; its entries all carry the same moment."""
        saved, stream = io.BytesIO(), io.BytesIO()
        self.document.save(saved)
        with ZipFile(saved) as parts, ZipFile(stream, "w", ZIP_DEFLATED) as archive:
            for name in parts.namelist():
                entry = ZipInfo(name, date_time=self.moment.timetuple()[:6])
                entry.compress_type, entry.external_attr = ZIP_DEFLATED, 0o600 << 16
                archive.writestr(entry, parts.read(name))
        return stream.getvalue()


def _template() -> io.BytesIO:
    """The empty document, from parts that are kept as texts."""
    stream = io.BytesIO()
    with ZipFile(stream, "w") as archive:
        for path in sorted(PARTS.rglob("*")):
            if path.is_file():
                archive.write(path, path.relative_to(PARTS).as_posix())
    stream.seek(0)
    return stream


def _numbered() -> BaseOxmlElement:
    made = paragraph("", "Header")
    made.append(field("PAGE"))
    return made


def _set(found: BaseOxmlElement, attributes: dict[str, object]) -> None:
    for key, value in attributes.items():
        found.set(qn(f"w:{key}"), str(value))
