"""Elements of WordprocessingML: paragraphs, runs and tables as lists of cells. Lengths are twentieths of a point.

Built element by element: python-docx's own cells are found anew at every touch, which a table of all communes
does not bear.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.oxml.xmlchemy import BaseOxmlElement

from facilities.text import printable

# Word would take them for tabs and ends of lines; on paper they are spaces, as in the PDF.
BLANKS = re.compile(r"[\t\n\r]")


def element(name: str, *children: BaseOxmlElement, **attributes: object) -> BaseOxmlElement:
    """`element("jc", val="center")` is `<w:jc w:val="center"/>`."""
    made = OxmlElement(f"w:{name}")
    for key, value in attributes.items():
        made.set(qn(f"w:{key}"), str(value))
    made.extend(children)
    return made


@dataclass(frozen=True)
class Look:
    """What a paragraph sets beside its style: `indents` by the names of `w:ind`."""

    align: str = ""
    bold: bool = False
    italic: bool = False
    keep_next: bool = False
    new_page: bool = False
    indents: tuple[tuple[str, int], ...] = ()


PLAIN = Look()


def paragraph(text: str, style: str, look: Look = PLAIN) -> BaseOxmlElement:
    """A paragraph of one run, its letters composed. The text is text: nothing in it is a field or a mark-up."""
    made = element("p", _properties(style, look))
    if words := unicodedata.normalize("NFC", BLANKS.sub(" ", printable(text))):
        made.append(run(words, look))
    return made


def _properties(style: str, look: Look) -> BaseOxmlElement:
    made = element("pPr", element("pStyle", val=style))
    if look.keep_next:
        made.append(element("keepNext"))
    if look.new_page:
        made.append(element("pageBreakBefore"))
    if look.indents:
        made.append(element("ind", **dict(look.indents)))
    if look.align:
        made.append(element("jc", val=look.align))
    return made


def run(words: str, look: Look = PLAIN) -> BaseOxmlElement:
    made = element("r")
    marks = [element(mark) for mark, on in (("b", look.bold), ("i", look.italic)) if on]
    if marks:
        made.append(element("rPr", *marks))
    text = element("t")
    text.text = words
    text.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
    made.append(text)
    return made


def tab_line(style: str) -> BaseOxmlElement:
    """A line that its style's tab stop fills, with dots for example."""
    return element("p", _properties(style, PLAIN), element("r", element("tab")))


def field(instruction: str) -> BaseOxmlElement:
    return element("fldSimple", run("1"), instr=instruction)


def cell(
    paragraphs: Iterable[BaseOxmlElement], width: int, *, span: int = 1, middle: bool = False
) -> BaseOxmlElement:
    """A cell must end with a paragraph."""
    properties = element("tcPr", element("tcW", w=width, type="dxa"))
    if span > 1:
        properties.append(element("gridSpan", val=span))
    if middle:
        properties.append(element("vAlign", val="center"))
    return element("tc", properties, *paragraphs)


def row(cells: Iterable[BaseOxmlElement], *, repeated: bool = False) -> BaseOxmlElement:
    """A row that no page break splits; `repeated` heads the table on every page."""
    properties = element("trPr", element("cantSplit"))
    if repeated:
        properties.append(element("tblHeader"))
    return element("tr", properties, *cells)


def table(rows: Iterable[BaseOxmlElement], widths: Sequence[int], style: str) -> BaseOxmlElement:
    properties = element(
        "tblPr",
        element("tblStyle", val=style),
        element("tblW", w=sum(widths), type="dxa"),
        element("tblLayout", type="fixed"),
        element("tblLook", val="0020"),
    )
    grid = element("tblGrid", *[element("gridCol", w=width) for width in widths])
    return element("tbl", properties, grid, *rows)
