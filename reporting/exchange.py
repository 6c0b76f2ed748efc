"""The package for the document-exchange axis (trục liên thông văn bản): files, `metadata.xml`, SHA256SUMS.

`metadata.xml` names things as QCVN 102:2016/BTTTT (edXML; amended by Thông tư 01/2022/TT-BTTTT) does, under its
namespace http://www.mic.gov.vn/TBT/QCVN_102_2016: edXML > edXMLEnvelope > edXMLHeader > MessageHeader, and edXMLBody
> edXMLManifest > Reference. The names and the form of DocumentId and PromulgationDate (yyyy/mm/dd) were taken from
public programs that speak to the axis; the standard's own text was not at hand, nothing was checked against its schema.

Ours: the files lie beside the XML in a ZIP instead of base64 in it (`xlink:href` is the file's name); each Reference
carries Size and Sha256 in the portal's namespace; there is no TraceHeaderList (the sender's e-office writes it when
it sends), no numeric DocumentType/Type (codes differ between systems), no OrganId for an agency whose code is not set.
"""

from __future__ import annotations

import hashlib
import io
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import BinaryIO
from xml.etree import ElementTree

from facilities.text import printable

EDXML = "http://www.mic.gov.vn/TBT/QCVN_102_2016"
OWN = "urn:cong-chi-tieu-y-te:goi-van-ban:1"
XLINK = "http://www.w3.org/1999/xlink"
PREFIXES = {"edXML": EDXML, "pkg": OWN, "xlink": XLINK}
METADATA, SUMS = "metadata.xml", "SHA256SUMS"
DOCUMENT_TYPE = "Báo cáo"
# The competence of who signs in their own right; others carry TM., KT., TL., Q. or TUQ.
OWN_RIGHT = "Trực tiếp"
DESCRIPTIONS = {"pdf": "Văn bản", "xlsx": "Phụ lục số liệu", "docx": "Văn bản dạng sửa được"}
# What stands in "Nơi nhận" and is no place.
NO_PLACES = ("như trên", "lưu")
READ_ONLY = 0o100444 << 16
UNIX = 3


@dataclass(frozen=True)
class Organ:
    """An agency as the axis knows it; `code` "" where it is not set."""

    name: str
    code: str = ""
    in_charge: str = ""


@dataclass(frozen=True)
class Document:
    """What the header says of a registered document. Lists as printed: addressees, and lines of "Nơi nhận"."""

    sender: Organ
    number: int
    symbol: str
    on: date
    place: str
    subject: str
    signer: str
    position: str
    competence: str
    addressees: Sequence[str]
    recipients: Sequence[str]


@dataclass(frozen=True)
class Enclosure:
    name: str
    media_type: str
    content: bytes

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.content).hexdigest()


def write_package(out: BinaryIO, document: Document, files: Sequence[Enclosure]) -> None:
    """Write the ZIP: the same document and files give the same bytes, whenever they are packed."""
    metadata = Enclosure(METADATA, "application/xml", metadata_xml(document, files))
    sums = "".join(f"{file.sha256}  {file.name}\n" for file in (*files, metadata)).encode()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        for file in (*files, metadata, Enclosure(SUMS, "text/plain", sums)):
            # The files are compressed already.
            entry = zipfile.ZipInfo(
                file.name, (document.on.year, document.on.month, document.on.day, 0, 0, 0)
            )
            entry.external_attr, entry.create_system = READ_ONLY, UNIX
            archive.writestr(entry, file.content)


def metadata_xml(document: Document, files: Iterable[Enclosure]) -> bytes:
    """UTF-8, well-formed whatever was typed: control characters that XML can not hold are left out."""
    for prefix, uri in PREFIXES.items():
        ElementTree.register_namespace(prefix, uri)
    root = ElementTree.Element(f"{{{EDXML}}}edXML")
    envelope = _under(root, "edXMLEnvelope")
    _header(_under(_under(envelope, "edXMLHeader"), "MessageHeader"), document)
    manifest = _under(_under(envelope, "edXMLBody"), "edXMLManifest")
    manifest.set("version", "1.0")
    for file in files:
        _reference(manifest, file)
    ElementTree.indent(root)
    out = io.BytesIO()
    ElementTree.ElementTree(root).write(out, encoding="utf-8", xml_declaration=True)
    return out.getvalue() + b"\n"


def _header(header: ElementTree.Element, document: Document) -> None:
    _organ(_under(header, "From"), document.sender)
    for name in document.addressees:
        _organ(_under(header, "To"), Organ(_place(name)))
    code = _under(header, "Code")
    _under(code, "CodeNumber", str(document.number))
    _under(code, "CodeNotation", document.symbol)
    issue = _under(header, "PromulgationInfo")
    _under(issue, "Place", document.place)
    _under(issue, "PromulgationDate", f"{document.on:%Y/%m/%d}")
    _under(_under(header, "DocumentType"), "TypeName", DOCUMENT_TYPE)
    _under(header, "Subject", document.subject)
    _under(header, "Content", document.subject)
    signer = _under(header, "SignerInfo")
    _under(signer, "Competence", document.competence)
    _under(signer, "Position", document.position)
    _under(signer, "FullName", document.signer)
    places = _under(header, "ToPlaces")
    for line in document.recipients:
        place = _place(line)
        if any(char.isalnum() for char in place) and not place.lower().startswith(NO_PLACES):
            _under(places, "Place", place)
    code_text = f"{document.number:02d}/{document.symbol}"
    _under(header, "DocumentId", f"{document.sender.code},{document.on:%Y/%m/%d},{code_text}")


def _organ(element: ElementTree.Element, organ: Organ) -> None:
    if organ.code:
        _under(element, "OrganId", organ.code)
    if organ.in_charge:
        _under(element, "OrganizationInCharge", organ.in_charge)
    _under(element, "OrganName", organ.name)


def _reference(manifest: ElementTree.Element, file: Enclosure) -> None:
    element = _under(manifest, "Reference")
    element.set(f"{{{XLINK}}}type", "simple")
    element.set(f"{{{XLINK}}}href", file.name)
    _under(element, "ContentType", file.media_type)
    _under(element, "AttachmentName", file.name)
    _under(element, "Description", DESCRIPTIONS.get(file.name.rpartition(".")[2], file.name))
    ElementTree.SubElement(element, f"{{{OWN}}}Size").text = str(len(file.content))
    ElementTree.SubElement(element, f"{{{OWN}}}Sha256").text = file.sha256


def _under(parent: ElementTree.Element, name: str, text: str | None = None) -> ElementTree.Element:
    element = ElementTree.SubElement(parent, f"{{{EDXML}}}{name}")
    if text is not None:
        element.text = " ".join(printable(text).split())
    return element


def _place(line: str) -> str:
    return line.strip().lstrip("-–").rstrip(";.").strip()
