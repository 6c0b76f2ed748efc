"""Words by which decree 30/2020/NĐ-CP tells what stands in the head and foot."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

# 05/BC-SYT: below 10 with a leading zero, no spaces around / and -.
NUMBER = re.compile(r"(0[1-9]|[1-9][0-9]{1,5})/[^\W\d_]+(-[^\W_]+)+")
# Academic titles and ranks, which are left out before a signer's name.
TITLES = re.compile(
    r"\s*(?:GS|PGS|TSKH|TS|ThS|Th\.S|BS|BSCK|BSCKI|BSCKII|CKI|CKII|CK1|CK2|DS|DSCK|CN|KS|TTND|TTƯT)"
    r"(?=[.\s,])",
    re.IGNORECASE,
)
# A dash as people type it before a line of a list, but for the sign of a number; and what they type after it.
DASH = re.compile(r"^[-–—•*]+(\s+|$|(?=[^\W\d_]))")
ENDS = ";., \u00a0\t"
# How the first and the last of the recipients begin.
AS_ABOVE, FILED = "như trên", "lưu"
DOTS = "...."


def listed(lines: Iterable[str]) -> list[str]:
    """The lines of a list as it is printed: each "- …;", the last "- …."; a blank left open keeps its dots.

    However they were typed, with dashes and semicolons or without.
    """
    bare = [_without_marks(line) for line in lines]
    known = [line for line in bare if line]
    return [f"- {line}{_end(line, is_last=place == len(known))}" for place, line in enumerate(known, start=1)]


def _without_marks(line: str) -> str:
    begun = DASH.sub("", line.strip())
    bare = begun.rstrip(ENDS)
    dots = begun[len(bare) :].rstrip("; \u00a0\t")
    return f"{bare}{dots}" if dots.endswith(DOTS) else bare


def _end(line: str, *, is_last: bool) -> str:
    if not is_last:
        return ";"
    return "" if line.endswith((DOTS, "…")) else "."


def with_filing(lines: Sequence[str], proposed: Sequence[str]) -> list[str]:
    """The recipients as they were typed; where none says where the document is filed, the last one proposed does."""
    typed = list(lines)
    return typed if any(map(is_filing, typed)) else [*typed, *filter(is_filing, proposed[-1:])]


def is_filing(line: str) -> bool:
    """Whether a line says where the document is filed: "Lưu: VT, NVY."."""
    return _without_marks(line).casefold().startswith(FILED)


def is_number(text: str) -> bool:
    return bool(NUMBER.fullmatch(text))


def has_title(name: str) -> bool:
    return bool(TITLES.match(f"{name} "))
