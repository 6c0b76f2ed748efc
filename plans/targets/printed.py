"""A plan's text of a number as pages and reports write their own: with a decimal comma. Pure: no Django."""

from __future__ import annotations

import re

# One or two digits after a point are decimals: thousands come in threes.
POINTED = re.compile(r"([<>≤≥=~ ]*\d+)\.(\d{1,2} ?[%‰]?)")


def in_numbers(text: str) -> str:
    """ "18.5" as "18,5"; anything but one such number as it is."""
    bare = text.strip()
    return POINTED.sub(r"\1,\2", bare) if POINTED.fullmatch(bare) else text
