"""Text in the letters of the document's one font: precomposed, and without marks that no paper shows."""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from pathlib import Path

# What stands for a letter the font does not have: no other font is mixed in, and nothing is left out unseen.
UNKNOWN = "\ufffd"
LINE_ENDS = "\t\n\r"
BREAKS = ("Zl", "Zp")
# Control and format characters: direction overrides, zero-width spaces, soft hyphens. They print nothing,
# but could turn other words round.
UNSEEN = ("Cc", "Cf")


def drawable(text: str, font: Path) -> str:
    """The text composed (NFC, as the decree asks), every letter one the font draws."""
    composed = unicodedata.normalize("NFC", text)
    foreign = set(composed) - letters_of(font)
    return composed.translate({ord(letter): _instead(letter) for letter in foreign}) if foreign else composed


@lru_cache(maxsize=4)
def letters_of(font: Path) -> frozenset[str]:
    """The letters the font draws and that print something, with line ends and tabs."""
    from fontTools.ttLib import TTFont

    with TTFont(font, lazy=True) as opened:
        letters = {chr(code) for code in opened.getBestCmap()}
    return frozenset({letter for letter in letters if _prints(letter)} | set(LINE_ENDS))


def _prints(letter: str) -> bool:
    return unicodedata.category(letter) not in (*BREAKS, *UNSEEN)


def _instead(letter: str) -> str:
    category = unicodedata.category(letter)
    if category in BREAKS:
        return "\n"
    return "" if category in UNSEEN else UNKNOWN
