"""What stands on the pages of a PDF: lines of letters with their looks and places, rules, tables. In points."""

import io
from dataclasses import dataclass
from functools import cached_property

import pdfplumber

MM = 72 / 25.4
# Letters of one line stand on one baseline; where none stands for so long, another column begins.
SAME_LINE, COLUMN_GAP = 1.0, 7.0
THIN = 1.5


@dataclass(frozen=True)
class Line:
    """One line of one column. `bottom` is its baseline; `size` that of its smallest letter, `largest` of its largest."""

    page: int
    text: str
    x0: float
    x1: float
    top: float
    baseline: float
    size: float
    largest: float
    is_bold: bool
    is_italic: bool
    is_upright: bool
    is_regular: bool

    @property
    def centre(self) -> float:
        return (self.x0 + self.x1) / 2

    @property
    def width(self) -> float:
        return self.x1 - self.x0


@dataclass(frozen=True)
class Rule:
    x0: float
    x1: float
    top: float

    @property
    def width(self) -> float:
        return self.x1 - self.x0

    @property
    def centre(self) -> float:
        return (self.x0 + self.x1) / 2


class Page:
    def __init__(self, page):
        self.number, self.width, self.height = page.page_number, page.width, page.height
        self.chars = page.chars
        self.rules = [
            Rule(rect["x0"], rect["x1"], rect["top"])
            for rect in page.rects
            if rect["height"] < THIN and rect["width"] > THIN
        ]
        self._page = page

    @cached_property
    def lines(self):
        """All lines from the top, and from the left where two stand beside each other."""
        rows = {}
        for char in self.chars:
            baseline = self.height - char["matrix"][5]
            key = next((known for known in rows if abs(known - baseline) < SAME_LINE), baseline)
            rows.setdefault(key, []).append(char)
        return [
            line
            for baseline in sorted(rows)
            for part in _columns(sorted(rows[baseline], key=lambda char: char["x0"]))
            if (line := self._line(baseline, part))
        ]

    @cached_property
    def tables(self):
        """The boxes of the ruled tables: (x0, top, x1, bottom)."""
        return [table.bbox for table in self._page.find_tables()]

    def in_table(self, line):
        return any(
            x0 - 1 <= line.x0 and line.x1 <= x1 + 1 and top - 1 <= line.baseline <= bottom + 1
            for x0, top, x1, bottom in self.tables
        )

    def _line(self, baseline, chars):
        seen = [char for char in chars if char["text"].strip()]
        if not seen:
            return None
        bold = ["Bold" in char["fontname"] for char in seen]
        italic = ["Italic" in char["fontname"] for char in seen]
        first = chars.index(seen[0])
        last = len(chars) - chars[::-1].index(seen[-1])
        return Line(
            page=self.number,
            text="".join(char["text"] for char in chars[first:last]),
            x0=seen[0]["x0"],
            x1=seen[-1]["x1"],
            top=min(char["top"] for char in seen),
            baseline=baseline,
            size=round(min(char["size"] for char in seen), 1),
            largest=round(max(char["size"] for char in seen), 1),
            is_bold=all(bold),
            is_italic=all(italic),
            is_upright=not any(italic),
            is_regular=not any(bold),
        )


def _columns(chars):
    parts = [[chars[0]]]
    for before, char in zip(chars, chars[1:], strict=False):
        if char["x0"] - before["x1"] > COLUMN_GAP and char["text"].strip() and before["text"].strip():
            parts.append([])
        parts[-1].append(char)
    return parts


def read(content: bytes) -> list[Page]:
    with pdfplumber.open(io.BytesIO(content)) as pdf:
        pages = [Page(page) for page in pdf.pages]
        for page in pages:
            # Read while the file is open; the text of an upright page stands between tables.
            page.lines  # noqa: B018
            if page.height > page.width:
                page.tables  # noqa: B018
    return pages
