"""Words by which decree 30/2020/NĐ-CP tells what stands in the head and foot."""

from __future__ import annotations

import re

# 05/BC-SYT: below 10 with a leading zero, no spaces around / and -.
NUMBER = re.compile(r"(0[1-9]|[1-9]\d{1,4})/[^\W\d_]+(-[^\W_]+)+")
# Academic titles and ranks, which are left out before a signer's name.
TITLES = re.compile(
    r"\s*(?:GS|PGS|TSKH|TS|ThS|Th\.S|BS|BSCK|BSCKI|BSCKII|CKI|CKII|CK1|CK2|DS|DSCK|CN|KS|TTND|TTƯT)"
    r"(?=[.\s,])",
    re.IGNORECASE,
)
# How the first and the last of the recipients begin.
AS_ABOVE, FILED = "như trên", "lưu"
DOTS = "...."


def is_number(text: str) -> bool:
    return bool(NUMBER.fullmatch(text))


def has_title(name: str) -> bool:
    return bool(TITLES.match(f"{name} "))
