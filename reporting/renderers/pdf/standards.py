"""One file for reading and for the archive: PDF/UA-1 (ISO 14289-1) and PDF/A-2a (ISO 19005-2) at once.

WeasyPrint writes what either standard asks for: tags, language, embedded fonts, an output intent. It can only name
one of the two, so the other identification is added to the same XMP packet; PDF/A wants the schema of
such a property described beside it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

from weasyprint.pdf.metadata import NS

from reporting.renderers import FontMissing

if TYPE_CHECKING:
    from weasyprint.document import Document

VARIANT = "pdf/a-2a"
FAMILIES = ("Tinos", "Liberation Serif")
EXTENSIONS = {
    "pdfaExtension": "http://www.aiim.org/pdfa/ns/extension/",
    "pdfaSchema": "http://www.aiim.org/pdfa/ns/schema#",
    "pdfaProperty": "http://www.aiim.org/pdfa/ns/property#",
}
ACCESSIBLE = f"""
<rdf:RDF xmlns:rdf="{NS["rdf"]}" xmlns:pdfuaid="{NS["pdfuaid"]}"
    {" ".join(f'xmlns:{prefix}="{address}"' for prefix, address in EXTENSIONS.items())}>
<rdf:Description rdf:about="" pdfuaid:part="1"/>
<rdf:Description rdf:about=""><pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">
<pdfaSchema:schema>PDF/UA Universal Accessibility Schema</pdfaSchema:schema>
<pdfaSchema:namespaceURI>{NS["pdfuaid"]}</pdfaSchema:namespaceURI>
<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>
<pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource">
<pdfaProperty:name>part</pdfaProperty:name>
<pdfaProperty:valueType>Integer</pdfaProperty:valueType>
<pdfaProperty:category>internal</pdfaProperty:category>
<pdfaProperty:description>Indicates, which part of ISO 14289 standard is followed</pdfaProperty:description>
</rdf:li></rdf:Seq></pdfaSchema:property>
</rdf:li></rdf:Bag></pdfaExtension:schemas></rdf:Description>
</rdf:RDF>"""


def write(laid_out: Document) -> bytes:
    """The document as a file of both standards. Raises FontMissing where letters came from another font."""
    archived = laid_out.metadata.generate_rdf_metadata

    def identified(*arguments: Any) -> bytes:
        packet = ET.fromstring(archived(*arguments))
        packet.extend(ET.fromstring(ACCESSIBLE))
        return ET.tostring(packet, encoding="utf-8")

    for prefix, address in EXTENSIONS.items():
        ET.register_namespace(prefix, address)
    laid_out.metadata.generate_rdf_metadata = identified
    written = laid_out.write_pdf(pdf_variant=VARIANT, finisher=_mend)
    if others := sorted({font.family for font in laid_out.fonts.values()} - {*FAMILIES}):
        raise FontMissing(others)
    return written


def _mend(laid_out: Document, pdf: Any) -> None:
    """What WeasyPrint leaves out of the tags: whose heads the head cells are, and that page numbers are no text."""
    elements = {item.reference: item for item in pdf.objects if _is(item, "/StructElem")}
    for element in elements.values():
        if element["S"] == "/TH":
            element["A"]["Scope"] = "/Column"
    root = next(item for item in pdf.objects if _is(item, "/StructTreeRoot"))
    parents = pdf.objects[_number(root["ParentTree"])]
    reached = _reached(root, elements)
    pages = [item for item in pdf.objects if _is(item, "/Page")]
    for page, marked in zip(pages, parents["Nums"][1::2], strict=False):
        _unmark(pdf.objects[_number(page["Contents"])], marked, reached)


def _is(item: Any, kind: str) -> bool:
    return isinstance(item, dict) and item.get("Type") == kind


def _number(reference: bytes) -> int:
    return int(reference.split()[0])


def _reached(root: Any, elements: Mapping[bytes, Any]) -> set[bytes]:
    """The elements that hang on the tree; WeasyPrint makes those of the margins but hangs them nowhere."""
    found: set[bytes] = set()
    waiting = list(root["K"])
    while waiting:
        reference = waiting.pop()
        if reference in elements and reference not in found:
            found.add(reference)
            waiting += [kid for kid in elements[reference]["K"] if isinstance(kid, bytes)]
    return found


def _unmark(content: Any, marked: list[Any], reached: set[bytes]) -> None:
    """Let the words of a page that hang nowhere be an artifact of its pagination."""
    loose = [mcid for mcid, reference in enumerate(marked) if reference not in reached]
    for mcid in loose:
        marked[mcid] = "null"
    for place, properties in enumerate(content.stream):
        if isinstance(properties, dict) and properties.get("MCID") in loose:
            content.stream[place - 1] = "/Artifact"
            properties.clear()
            properties["Type"] = "/Pagination"
