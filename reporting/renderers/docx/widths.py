"""How long a line of Times New Roman Bold is, for the rules the decree measures by the line above them."""

from __future__ import annotations

import unicodedata

# Thousandths of the size, from the font's own table; Vietnamese marks stand over their letter and add nothing.
LETTERS = {
    **dict.fromkeys(" ", 250),
    **dict.fromkeys("il/", 278),
    **dict.fromkeys("fjt-", 333),
    **dict.fromkeys("sI", 389),
    **dict.fromkeys("cerz", 444),
    **dict.fromkeys("bdđhknpquơS", 556),
    **dict.fromkeys("FP", 611),
    **dict.fromkeys("ư", 600),
    **dict.fromkeys("BELTZ", 667),
    **dict.fromkeys("wACDĐNRUVXY", 722),
    **dict.fromkeys("GHKOQƠ", 778),
    **dict.fromkeys("Ư", 796),
    **dict.fromkeys("m", 833),
    **dict.fromkeys("M", 944),
    **dict.fromkeys("W", 1000),
}
OTHER, HORN = 500, "\u031b"


def line_width(text: str, size: float) -> int:
    """Length in twentieths of a point of a bold line of `size` points, within a few hundredths."""
    return round(sum(_letter(char) for char in unicodedata.normalize("NFC", text)) * size * 20 / 1000)


def _letter(char: str) -> int:
    """A letter with marks is as wide as the letter; ự is an ư, not a u."""
    parts = unicodedata.normalize("NFD", char)
    horned = unicodedata.normalize("NFC", parts[0] + HORN) if HORN in parts else parts[0]
    return LETTERS.get(char, LETTERS.get(horned, OTHER))
