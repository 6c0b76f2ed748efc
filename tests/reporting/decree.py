"""The thirty elements of an official document (decree 30/2020/NĐ-CP, appendix I), looked for in a printed PDF.

Each element is a function of the document that yields what is wrong with it; one that cannot be found is wrong.
The body and the annexes are measured in `decree_body`.
"""

import re
import unicodedata
from functools import cached_property

from tests.reporting.printed import MM, read

COUNTRY, MOTTO = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc"
FONTS = ("Tinos", "LiberationSerif", "Liberation-Serif")
# Half a point is less than the eye sees and more than rounding makes.
NEAR = 0.5


class Document:
    """A printed document, its parts found by their words and places."""

    def __init__(self, content: bytes):
        self.pages = read(content)
        first_annex = next(
            (n for n, page in enumerate(self.pages) if any(_is_annex_label(line) for line in page.lines)),
            len(self.pages),
        )
        self.body_pages, self.annex_pages = self.pages[:first_annex], self.pages[first_annex:]
        self.first = self.pages[0]
        self.middle = self.first.width / 2

    def line(self, pattern, pages=None):
        found = (line for page in pages or self.body_pages for line in page.lines)
        return next((line for line in found if re.fullmatch(pattern, line.text.strip())), None)

    def below(self, top, bottom, *, left=None):
        """The lines of page 1 between two baselines, of its left or right half if asked."""
        return [
            line
            for line in self.first.lines
            if top < line.baseline < bottom and (left is None or (line.centre < self.split) == left)
        ]

    @cached_property
    def split(self):
        """Where the left half of the head ends and the right one begins."""
        return self.country.x0 - 5 if self.country else self.middle

    @cached_property
    def country(self):
        return self.line(re.escape(COUNTRY))

    @cached_property
    def motto(self):
        return self.line(re.escape(MOTTO))

    @cached_property
    def number(self):
        return self.line(r"Số:.*", [self.first])

    @cached_property
    def dateline(self):
        return self.line(r".+, ngày .*tháng .*năm \d{4}", [self.first])

    @cached_property
    def bodies(self):
        """The superior and the issuing body: the left half above the number."""
        return self.below(0, self.number.baseline - 1, left=True) if self.number else []

    @cached_property
    def issuer(self):
        return [line for line in self.bodies if line.is_bold]

    @cached_property
    def title(self):
        return self.line("BÁO CÁO", [self.first])

    @cached_property
    def to(self):
        return self.line(r"Kính gửi:.*", [self.first])

    @cached_property
    def subject(self):
        return self.below(self.title.baseline + 1, self.to.baseline - 1) if self.title and self.to else []

    def rule_under(self, lines):
        """The first rule under the lines, within a line's height."""
        if not lines:
            return None
        last = lines[-1]
        near = (rule for rule in self.first.rules if last.baseline - 1 < rule.top < last.baseline + last.size)
        return next((rule for rule in near if abs(rule.centre - last.centre) < last.width), None)


def _is_annex_label(line):
    return bool(re.fullmatch(r"Phụ lục [IVXLC]+", line.text.strip()))


def looks(line, what, *, low, high, bold=None, italic=None, capitals=False):
    """What is wrong with the letters of one line."""
    if line is None:
        yield f"{what}: not found"
        return
    if line.size < low - 0.1 or line.largest > high + 0.1:
        yield f"{what}: {line.size}–{line.largest} pt instead of {low}–{high}"
    if bold is not None and not (line.is_bold if bold else line.is_regular):
        yield f"{what}: bold is not {bold}"
    if italic is not None and not (line.is_italic if italic else line.is_upright):
        yield f"{what}: italic is not {italic}"
    if capitals and line.text != line.text.upper():
        yield f"{what}: not in capitals"


def page_size(doc):
    for page in doc.body_pages:
        if abs(page.width - 210 * MM) > 1 or abs(page.height - 297 * MM) > 1:
            yield f"page {page.number} is not A4 portrait"


def _edges(doc):
    return [line for page in doc.body_pages for line in page.lines if line.baseline > 19 * MM]


def top_margin(doc):
    for page in doc.body_pages:
        top = min((line.top for line in page.lines if not line.text.strip().isdigit()), default=0)
        if not 20 * MM - NEAR <= top <= 27 * MM and not page.tables:
            yield f"page {page.number}: text begins at {top / MM:.1f} mm"


def bottom_margin(doc):
    lows = [
        (page.height - max(line.baseline + 0.2 * line.size for line in page.lines), page.number)
        for page in doc.pages
    ]
    for low, number in lows:
        if low < 20 * MM - NEAR:
            yield f"page {number}: text ends {low / MM:.1f} mm above the edge"
    if len(doc.body_pages) > 2 and min(low for low, number in lows) > 33 * MM:
        yield "no page is filled down to 25 mm above the edge"


def left_margin(doc):
    left = min(line.x0 for line in _edges(doc))
    if not 30 * MM - NEAR <= left <= 35 * MM + NEAR:
        yield f"text begins at {left / MM:.1f} mm"


def right_margin(doc):
    right = doc.first.width - max(line.x1 for line in _edges(doc))
    if not 15 * MM - NEAR <= right <= 20 * MM + 2:
        yield f"text ends {right / MM:.1f} mm from the edge"


def _page_number(page):
    return next((line for line in page.lines if line.baseline < 20 * MM), None)


def page_numbers(doc):
    if len(doc.body_pages) < 2:
        yield "only one page: nothing to see"
    for count, page in enumerate(doc.body_pages[1:], start=2):
        line = _page_number(page)
        yield from looks(line, f"number of page {count}", low=13, high=14, bold=False, italic=False)
        if line and line.text.strip() != str(count):
            yield f"page {count} is numbered {line.text!r}"
        # Centred over the text or over the sheet: both are the middle of the margin.
        if (
            line
            and min(abs(line.centre - centre) for centre in (page.width / 2, page.width / 2 + 5 * MM)) > 2
        ):
            yield f"number of page {count} is not centred"


def no_number_on_page_1(doc):
    if _page_number(doc.first):
        yield "page 1 has a number"


def letters(doc):
    fonts = {char["fontname"].partition("+")[2] for page in doc.pages for char in page.chars}
    if others := [font for font in fonts if not font.startswith(FONTS)]:
        yield f"other fonts: {others}"
    for page in doc.pages:
        text = "".join(char["text"] for char in page.chars)
        if text != unicodedata.normalize("NFC", text):
            yield f"page {page.number}: letters are not precomposed"
        # A grey of one value, or three equal to 0.
        if any(max(_colour(char)) > 0 for char in page.chars):
            yield f"page {page.number}: not all letters are black"


def _colour(char):
    colour = char["non_stroking_color"]
    return colour if isinstance(colour, tuple | list) else (colour or 0,)


def country(doc):
    yield from looks(doc.country, "country", low=12, high=13, bold=True, italic=False, capitals=True)
    if doc.country and doc.country.centre < doc.middle:
        yield "country: not in the right half"


def motto(doc):
    yield from looks(doc.motto, "motto", low=13, high=14, bold=True, italic=False)
    if doc.motto and doc.country:
        if abs(doc.motto.centre - doc.country.centre) > 2:
            yield "motto: not centred under the country"
        if not 0 < doc.motto.baseline - doc.country.baseline < 25:
            yield "motto: not directly under the country"


def motto_rule(doc):
    rule = doc.rule_under([doc.motto] if doc.motto else [])
    if rule is None:
        yield "no rule under the motto"
    elif abs(rule.x0 - doc.motto.x0) > 1.5 or abs(rule.x1 - doc.motto.x1) > 1.5:
        yield f"the motto's rule is {rule.width:.1f} pt long, the line {doc.motto.width:.1f}"


def superior(doc):
    """A committee stands alone; every other body names the one above it."""
    above = [line for line in doc.bodies if line not in doc.issuer]
    if not above and not (doc.issuer and doc.issuer[0].text.startswith("ỦY BAN NHÂN DÂN")):
        yield "superior: not found"
    for line in above:
        yield from looks(line, "superior", low=12, high=13, bold=False, italic=False, capitals=True)
        if line.centre > doc.middle:
            yield "superior: not in the left half"


def issuer(doc):
    if not doc.issuer:
        yield "issuer: not found"
    for line in doc.issuer:
        yield from looks(line, "issuer", low=12, high=13, bold=True, italic=False, capitals=True)
    if any(line.baseline > doc.issuer[0].baseline for line in doc.bodies if line not in doc.issuer):
        yield "issuer: not under the superior"


def _part_rule(doc, lines, what):
    rule = doc.rule_under(lines)
    if rule is None:
        yield f"no rule under the {what}"
        return
    longest = max(line.width for line in lines)
    if not 1 / 3 <= rule.width / longest <= 1 / 2:
        yield f"the {what}'s rule is {rule.width / longest:.2f} of its line"
    if abs(rule.centre - lines[-1].centre) > 2:
        yield f"the {what}'s rule is not centred"


def issuer_rule(doc):
    yield from _part_rule(doc, doc.issuer, "issuer")


def number(doc):
    yield from looks(doc.number, "number", low=13, high=13, bold=False, italic=False)
    if doc.number is None:
        return
    if not re.fullmatch(r"Số: {1,12}(0[1-9]|[1-9]\d+|)/[A-ZĐ]+-[A-ZĐ.]+", doc.number.text.strip()):
        yield f"number: {doc.number.text!r}"
    if doc.issuer and abs(doc.number.centre - doc.issuer[-1].centre) > 3:
        yield "number: not centred under the issuer"


DATE = r"ngày (0[1-9]|[12]\d|3[01]| +) ?tháng (0[12]|[3-9]|1[0-2]| +) ?năm \d{4}"


def dateline(doc):
    yield from looks(doc.dateline, "dateline", low=13, high=14, bold=False, italic=True)
    if doc.dateline is None:
        return
    if not re.fullmatch(rf"[^,]+, {DATE}", doc.dateline.text.strip()):
        yield f"dateline: {doc.dateline.text!r}"
    if doc.number and abs(doc.dateline.baseline - doc.number.baseline) > 1:
        yield "dateline: not on the line of the number"
    if doc.motto and abs(doc.dateline.centre - doc.motto.centre) > 10:
        yield "dateline: not under the motto"


def title(doc):
    yield from looks(doc.title, "BÁO CÁO", low=13, high=14, bold=True, italic=False, capitals=True)
    if doc.title and abs(doc.title.centre - (30 * MM + doc.first.width - 20 * MM) / 2) > 3:
        yield "BÁO CÁO: not centred over the full width"


def subject(doc):
    if not doc.subject:
        yield "subject: not found"
    for line in doc.subject:
        yield from looks(line, "subject", low=13, high=14, bold=True, italic=False)
    if doc.subject and doc.subject[0].baseline - doc.title.baseline > 25:
        yield "subject: not directly under BÁO CÁO"


def subject_rule(doc):
    yield from _part_rule(doc, doc.subject, "subject")
