"""Text as people type and paste it: without accents for finding (`ba don` finds `Ba Đồn`), fit for files."""

import re
import unicodedata

# A line and a page broken by hand in Word.
BREAKS = re.compile(r"[\x0b\x0c]")
# What neither a workbook nor XML may hold.
UNPRINTABLE = re.compile(r"[\x00-\x08\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
# Marks that print nothing and turn the words around them: what is read would not be what is written.
DIRECTIONS = re.compile(r"[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
KEY_DIGITS = 12
SHORT_KINDS = {"p.": "phuong", "x.": "xa", "tt.": "thi tran", "tp.": "thanh pho", "t.": "tinh", "h.": "huyen"}


def fold(text: str) -> str:
    """Lower-case, strip Vietnamese marks, turn đ into d, squeeze spaces. `Phường Kinh Bắc` → `phuong kinh bac`."""
    decomposed = unicodedata.normalize("NFD", text.lower().replace("đ", "d"))
    bare = "".join(char for char in decomposed if not unicodedata.combining(char))
    return " ".join(bare.split())


def spell_out(words: str) -> str:
    """Fold and spell out the abbreviation in front: `P.Kinh Bắc` → `phuong kinh bac`."""
    folded = fold(words)
    for short, kind in SHORT_KINDS.items():
        if folded.startswith(short):
            return f"{kind} {folded.removeprefix(short).strip()}"
    return folded


def printable(text: str) -> str:
    """The text as a file can hold it: Word's breaks become line ends; other control characters go, as do the marks
    of direction."""
    return DIRECTIONS.sub("", UNPRINTABLE.sub("", BREAKS.sub("\n", text)))


def as_key(text: str) -> int | None:
    """A row's number as a page sends it; None for all else, and for more digits than any row has."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= KEY_DIGITS else None
