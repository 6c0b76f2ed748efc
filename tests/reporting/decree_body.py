"""The decree's elements from Kính gửi to the annexes, and the list of all thirty."""

import re
from dataclasses import dataclass
from functools import cache

from tests.reporting import decree
from tests.reporting.decree import looks
from tests.reporting.printed import MM, Line

POINTS = "abcdđeghiklmnopq"
TITLES = r"(TS|ThS|BS|BSCK|CN|DS|GS|PGS|CK)\b.*"
SMALLEST_GAP, INDENTS = 6, (10 * MM, 12.7 * MM)
# A line of Times New Roman in single spacing is 1.15 times its size.
SPACING = (1.1, 1.73)


@dataclass(frozen=True)
class Paragraph:
    lines: tuple[Line, ...]

    @property
    def text(self):
        return " ".join(line.text.strip() for line in self.lines)


@cache
def paragraphs(doc):
    """The text between Kính gửi and Nơi nhận, without tables and page numbers: a new one where a line is indented."""
    begin = _end_of_addressees(doc)
    found = []
    for page in doc.body_pages:
        for line in page.lines:
            if page.number == 1 and line.baseline <= begin or line.baseline < 20 * MM or page.in_table(line):
                continue
            if line.size < 11 and line.is_italic:
                continue  # the note under a table
            if line.text.strip() == "Nơi nhận:":
                return [Paragraph(tuple(lines)) for lines in found]
            if line.x0 > 30 * MM + 5 or not found:
                found.append([])
            found[-1].append(line)
    return [Paragraph(tuple(lines)) for lines in found]


def _end_of_addressees(doc):
    if doc.to is None:
        return doc.title.baseline if doc.title else 0
    end = doc.to.baseline
    for line in doc.first.lines:
        if line.baseline > end and line.text.strip().startswith("- ") and line.x0 > 30 * MM + 40:
            end = line.baseline
    return end


def addressees(doc):
    yield from looks(doc.to, "Kính gửi", low=13, high=14, bold=False, italic=False)
    if doc.to is None:
        return
    if doc.to.text.strip() != "Kính gửi:":
        if doc.to.text.count(";"):
            yield "several addressees on one line"
        return
    end = _end_of_addressees(doc)
    rows = [line for line in doc.first.lines if doc.to.baseline < line.baseline <= end]
    names = [line for line in rows if line.text.strip().startswith("- ")]
    for line in rows:
        yield from looks(line, "addressee", low=13, high=14, bold=False, italic=False)
    ends = [line.text.strip()[-1] for line in names]
    if len(names) < 2 or ends != [*[";"] * (len(names) - 1), "."]:
        yield f"addressees end with {ends}"


def bases(doc):
    """One "Căn cứ …" a line; a plan without bases has none."""
    known = [part for part in paragraphs(doc) if part.text.startswith("Căn cứ")]
    for part in known:
        for line in part.lines:
            yield from looks(line, "basis", low=13, high=14, bold=False, italic=True)
    ends = [part.text[-1] for part in known]
    if ends and ends != [*[";"] * (len(known) - 1), "."]:
        yield f"bases end with {ends}"


def _prose(doc):
    return [p for p in paragraphs(doc) if not p.text.startswith("Căn cứ") and not p.lines[0].is_bold]


def body(doc):
    prose = _prose(doc)
    if len(prose) < 3:
        yield "body: not found"
    for part in prose:
        for line in part.lines:
            yield from looks(line, f"body {line.text[:20]!r}", low=13, high=14, bold=False, italic=False)
    right = doc.first.width - 20 * MM
    ragged = [line for part in prose for line in part.lines[:-1] if line.size > 12 and line.x1 < right - 3]
    if ragged:
        yield f"not justified: {ragged[0].text[:40]!r}"


def paragraph_shape(doc):
    """First lines indented by 1 or 1.27 cm, 6 pt or more between paragraphs, lines single to 1.5."""
    parts = [part for part in paragraphs(doc) if part.lines[0].size > 12]
    left = 30 * MM
    for part in parts:
        indent = part.lines[0].x0 - left
        if min(abs(indent - right) for right in INDENTS) > 1.5:
            yield f"indent of {indent / MM:.1f} mm: {part.text[:30]!r}"
        for above, line in zip(part.lines, part.lines[1:], strict=False):
            pitch = (line.baseline - above.baseline) / line.size
            if above.page == line.page and not SPACING[0] <= pitch <= SPACING[1]:
                yield f"lines {pitch:.2f} apart: {line.text[:30]!r}"
    for above, part in zip(parts, parts[1:], strict=False):
        last, first = above.lines[-1], part.lines[0]
        gap = first.baseline - last.baseline - 1.25 * first.size
        if last.page == first.page and gap < SMALLEST_GAP - 0.5:
            yield f"{gap:.1f} pt above {part.text[:30]!r}"


def headings(doc):
    """I., II., III. in bold capitals; 1., 2. bold; a), b) in the Vietnamese order, upright."""
    parts = paragraphs(doc)
    romans = [p for p in parts if re.match(r"[IVX]+\. ", p.text)]
    if not romans:
        yield "no heading I."
    for part in romans:
        for line in part.lines:
            yield from looks(line, part.text[:20], low=13, high=14, bold=True, italic=False, capitals=True)
    for part in parts:
        if re.match(r"\d+\. ", part.text):
            for line in part.lines:
                yield from looks(line, part.text[:20], low=13, high=14, bold=True, italic=False)
    points = [part.text[0] for part in parts if re.match(rf"[{POINTS}]\) ", part.text)]
    expected = [letter for start in _runs(points) for letter in POINTS[:start]]
    if points != expected:
        yield f"points run {points}"


def _runs(points):
    """How many points each list has: a new list begins with every a."""
    starts = [n for n, letter in enumerate(points) if letter == "a"] + [len(points)]
    return [after - before for before, after in zip(starts, starts[1:], strict=False)]


def ending(doc):
    parts = paragraphs(doc)
    if not parts or not parts[-1].text.endswith("./."):
        yield "the text does not end with ./."
    if sum(part.text.count("./.") for part in parts) > 1:
        yield "./. stands more than once"


def _foot(doc):
    title = doc.line("Nơi nhận:")
    if title is None:
        return None, []
    page = doc.body_pages[title.page - 1]
    return title, [line for line in page.lines if line.baseline > title.baseline - 3]


def office(doc):
    title, rows = _foot(doc)
    right = [line for line in rows if line.centre > doc.middle and line.text == line.text.upper()]
    if not right:
        yield "office: not found in the right half"
    for line in right:
        yield from looks(line, "office", low=13, high=14, bold=True, italic=False, capitals=True)
    if len(right) > 1 and not re.match(r"(TM|KT|TL|Q|TUQ)\. ", right[0].text.strip()):
        yield f"authority: {right[0].text!r}"


def signer(doc):
    """The name stands under the signature's place; it may still be open."""
    title, rows = _foot(doc)
    right = [line for line in rows if line.centre > doc.middle]
    names = [line for line in right if line.text != line.text.upper()]
    for line in names:
        yield from looks(line, "signer", low=13, high=14, bold=True, italic=False)
        if re.match(TITLES, line.text.strip()):
            yield f"signer with a title: {line.text!r}"
        offices = [other for other in right if other not in names]
        if offices and line.baseline - offices[-1].baseline < 25 * MM:
            yield "no place for the signature"


def recipients(doc):
    title, rows = _foot(doc)
    yield from looks(title, "Nơi nhận", low=12, high=12, bold=True, italic=True)
    if title is None:
        return
    left = [line for line in rows if line.centre < doc.middle and line != title]
    for line in left:
        yield from looks(line, "recipient", low=11, high=11, bold=False, italic=False)
    if title.centre > doc.middle or not any(
        abs(line.baseline - title.baseline) < 4 for line in rows if line.centre > doc.middle
    ):
        yield "Nơi nhận: not on the left, level with the office"
    names = [line.text.strip() for line in left if line.text.strip().startswith("- ")]
    if not names or names[0] != "- Như trên;" or not names[-1].startswith("- Lưu: VT"):
        yield f"recipients: {names}"


def annex_numbers(doc):
    """Each annex counts its own pages, the first without a number."""
    count = 0
    for page in doc.annex_pages:
        is_first = any(decree._is_annex_label(line) for line in page.lines)
        count = 1 if is_first else count + 1
        line = decree._page_number(page)
        if is_first and line:
            yield f"page {page.number}: an annex's first page has a number"
        if not is_first:
            yield from looks(line, f"number of page {page.number}", low=13, high=14, bold=False, italic=False)
            if line and line.text.strip() != str(count):
                yield f"page {page.number} is numbered {line.text!r} instead of {count}"


def annex_heads(doc):
    if not doc.annex_pages:
        yield "no annex"
    for page in doc.annex_pages:
        place = next((n for n, line in enumerate(page.lines) if decree._is_annex_label(line)), None)
        if place is None:
            continue
        label, *rest = page.lines[place:]
        yield from looks(label, "label of an annex", low=14, high=14, bold=True, italic=False)
        end = next((n for n, line in enumerate(rest) if line.text.startswith("(Kèm theo")), 0)
        for line in rest[:end]:
            yield from looks(
                line, "title of an annex", low=13, high=14, bold=True, italic=False, capitals=True
            )
        reference = rest[end]
        yield from looks(reference, "reference", low=13, high=14, bold=False, italic=True)
        if not end or not re.match(
            r"\(Kèm theo \S+ \S+ số: {3,}/\S+ ngày {3,}tháng {3,}năm {3,}", reference.text
        ):
            yield f"reference: {reference.text!r}"
        centre = (page.width + 15 * MM) / 2
        if any(abs(line.centre - centre) > 3 for line in (label, *rest[: end + 1])):
            yield f"page {page.number}: the annex's head is not centred"


ELEMENTS = (
    decree.page_size, decree.top_margin, decree.bottom_margin, decree.left_margin, decree.right_margin,
    decree.page_numbers, decree.no_number_on_page_1, annex_numbers, decree.letters,
    decree.country, decree.motto, decree.motto_rule, decree.superior, decree.issuer, decree.issuer_rule,
    decree.number, decree.dateline, decree.title, decree.subject, decree.subject_rule,
    addressees, bases, body, paragraph_shape, headings, ending, office, signer, recipients, annex_heads,
)  # fmt: skip


def faults(content: bytes) -> dict[str, list[str]]:
    """What is wrong, by the name of the element; nothing where the document is as the decree asks."""
    doc = decree.Document(content)
    found = {element.__name__: list(element(doc)) for element in ELEMENTS}
    return {name: wrong for name, wrong in found.items() if wrong}
