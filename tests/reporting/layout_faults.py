"""What no page may show: words beyond the margins or without a glyph, a head without its text, a signature alone."""

import io

import pdfplumber
import pikepdf

from tests.reporting.printed import MM

HEADINGS = ("H2", "H3")
# Letters may lean over the edge of their line by less than anybody sees.
LEAN = 1.5


def layout_faults(content: bytes) -> tuple[int, list[str]]:
    """How many pages there are, and what is wrong on them."""
    with pdfplumber.open(io.BytesIO(content)) as file:
        faults = [fault for page in file.pages for fault in page_faults(page)]
        count = len(file.pages)
    with pikepdf.open(io.BytesIO(content)) as file:
        faults += [
            f"page {number}: a letter without a glyph"
            for number, page in enumerate(file.pages, start=1)
            if _has_no_glyph(page)
        ]
    return count, faults


def page_faults(page):
    chars = [char for char in page.chars if char["tag"] != "Artifact" and char["text"].strip()]
    if not chars:
        yield f"page {page.page_number} is empty"
        return
    right = 15 * MM if page.width > page.height else 20 * MM
    box = (30 * MM - LEAN, 20 * MM - LEAN, page.width - right + LEAN, page.height - 20 * MM + LEAN)
    for char in chars:
        baseline = page.height - char["matrix"][5]
        if (
            char["x0"] < box[0]
            or char["x1"] > box[2]
            or baseline - 0.5 * char["size"] < box[1]
            or baseline > box[3]
        ):
            yield f"page {page.page_number}: {char['text']!r} at {char['x0']:.0f}, {baseline:.0f}"
            break
    parts = dict(_parts(page.structure_tree, ""))
    tags = [parts.get(char["mcid"], "") for char in chars]
    lowest = max(range(len(chars)), key=lambda place: -chars[place]["matrix"][5])
    if tags[lowest] in HEADINGS:
        yield f"page {page.page_number} ends with a heading"
    if tags[lowest] == "TH":
        yield f"page {page.page_number} ends with the head of a table"
    if "TD" in tags and "TH" not in tags[: tags.index("TD")]:
        yield f"page {page.page_number}: a table goes on without its head"
    text = "".join(char["text"] for char in chars)
    if "Nơinhận:" in text and "./." not in text:
        yield f"page {page.page_number}: the signature stands alone"


def _parts(elements, kind):
    """Which part of the text each marked content belongs to: pairs of its number and P, H2, TH, TD …."""
    for element in elements:
        own = kind if element["type"] in ("Span", "NonStruct") else element["type"]
        yield from ((mcid, own) for mcid in element.get("mcids", ()))
        yield from _parts(element.get("children", ()), own)


def _has_no_glyph(page):
    """Glyph 0 is what a font draws for a letter it does not have; codes have two bytes."""
    for operands, operator in pikepdf.parse_content_stream(page, "Tj TJ"):
        if str(operator) not in ("Tj", "TJ"):
            continue
        parts = operands[0] if str(operator) == "TJ" else operands
        for part in parts:
            if isinstance(part, pikepdf.String):
                codes = bytes(part)
                if any(codes[place : place + 2] == b"\0\0" for place in range(0, len(codes), 2)):
                    return True
    return False
