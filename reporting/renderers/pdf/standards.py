"""One file for reading and for the archive: PDF/UA-1 (ISO 14289-1) and PDF/A-2a (ISO 19005-2) at once.

WeasyPrint writes what either standard asks for: tags, language, embedded fonts, an output intent. It can only name
one of the two, so the other identification is added to the same XMP packet; PDF/A wants the schema of
such a property described beside it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial
from itertools import count
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

import pydyf
from weasyprint.document import DocumentMetadata
from weasyprint.pdf.metadata import NS

from reporting.renderers import FontMissing

if TYPE_CHECKING:
    from weasyprint.document import Document

VARIANT = "pdf/a-2a"
# The same as WeasyPrint's metadata names it.
NAMED = ("a", 2, "A")
CELLS = ("/TH", "/TD")
# Of the number in a head cell's name, so that names stand in their order.
DIGITS = 6
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


def write(laid_out: Document, prefix: str = "") -> bytes:
    """The document as a file of both standards. Raises FontMissing where letters came from another font.

    prefix: begins the names of its head cells, which must be its own where it is joined with others.
    """
    _identify(laid_out.metadata)
    written = laid_out.write_pdf(pdf_variant=VARIANT, finisher=partial(_mend, prefix=prefix))
    if others := sorted({font.family for font in laid_out.fonts.values()} - {*FAMILIES}):
        raise FontMissing(others)
    return written


def packet(title: str, author: str, about: str) -> bytes:
    """The XMP packet of a document of both standards."""
    metadata, made = DocumentMetadata(title=title, authors=[author], description=about), pydyf.PDF()
    _identify(metadata)
    metadata.include_in_pdf(made, *NAMED, compress=False)
    return made.objects[-1].stream[0]


def _identify(metadata: DocumentMetadata) -> None:
    """Let the packet that will be written name both standards."""
    archived = metadata.generate_rdf_metadata

    def identified(*arguments: Any) -> bytes:
        described = ET.fromstring(archived(*arguments))
        described.extend(ET.fromstring(ACCESSIBLE))
        return ET.tostring(described, encoding="utf-8")

    for prefix, address in EXTENSIONS.items():
        ET.register_namespace(prefix, address)
    metadata.generate_rdf_metadata = identified


def _mend(laid_out: Document, pdf: Any, prefix: str) -> None:
    """What WeasyPrint leaves out of the tags: whose heads the head cells are, and that page numbers are no text."""
    elements = {item.reference: item for item in pdf.objects if _is(item, "/StructElem")}
    root = next(item for item in pdf.objects if _is(item, "/StructTreeRoot"))
    if names := list(_named_heads(elements, prefix)):
        root["IDTree"] = pydyf.Dictionary({"Names": pydyf.Array(names)})
    parents = pdf.objects[_number(root["ParentTree"])]
    reached = _reached(root, elements)
    pages = [item for item in pdf.objects if _is(item, "/Page")]
    for page, marked in zip(pages, parents["Nums"][1::2], strict=False):
        _unmark(pdf.objects[_number(page["Contents"])], marked, reached)


def _named_heads(elements: Mapping[bytes, Any], prefix: str) -> Iterator[Any]:
    """Give every head cell its scope and a name; the names in their order, each with its cell.

    A head that is repeated on the next page is another cell, which WeasyPrint gives the same name.
    """
    tables = [element for element in elements.values() if element["S"] == "/Table"]
    cells = [list(_cells(table, elements)) for table in tables]
    numbers = count()
    for own in cells:
        names = {}
        for head in (cell for cell in own if "ID" in cell):
            name = pydyf.String(f"{prefix}{next(numbers):0{DIGITS}}")
            names[head["ID"].string] = name
            head["A"]["Scope"], head["ID"] = "/Column", name
            yield from (name, head.reference)
        for cell in own:
            if "Headers" in cell["A"]:
                cell["A"]["Headers"] = pydyf.Array([names[head.string] for head in cell["A"]["Headers"]])


def _cells(element: Any, elements: Mapping[bytes, Any]) -> Iterator[Any]:
    """The head cells and cells of a table, or of one of its rows."""
    for kid in element["K"]:
        below = elements.get(kid) if isinstance(kid, bytes) else None
        if below is None:
            continue
        if below["S"] in CELLS:
            yield below
        else:
            yield from _cells(below, elements)


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
