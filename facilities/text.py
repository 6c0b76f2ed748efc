"""Text as people type and paste it: without accents for finding (`ba don` finds `Ba Đồn`), fit for files."""

import re
import unicodedata
from functools import lru_cache

# A line and a page broken by hand in Word.
BREAKS = re.compile(r"[\x0b\x0c]")
# What neither a workbook nor XML may hold.
UNPRINTABLE = re.compile(r"[\x00-\x08\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
# Marks that print nothing and turn the words around them: what is read would not be what is written.
DIRECTIONS = re.compile(r"[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
KEY_DIGITS = 12
SHORT_KINDS = {"p.": "phuong", "x.": "xa", "tt.": "thi tran", "tp.": "thanh pho", "t.": "tinh", "h.": "huyen"}
ALPHABET = {letter: place for place, letter in enumerate("aăâbcdđeêfghijklmnoôơpqrstuưvwxyz")}
# huyền, hỏi, ngã, sắc, nặng, in the order of the dictionary; no mark comes first.
TONES = {mark: place for place, mark in enumerate("\u0300\u0309\u0303\u0301\u0323", start=1)}


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


@lru_cache(maxsize=8192)
def alphabetical(text: str) -> tuple[tuple[tuple[int, int], ...], tuple[int, ...], str]:
    """What texts are sorted by in Vietnamese: letters first (a ă â … d đ …), then tones, then the text itself.

    The order of the collation `vi` of Unicode, whatever the database: `Cảnh Thụy` before `Chũ`, `Đồng` before `Em`.
    """
    letters, tones = [], []
    for char in unicodedata.normalize("NFC", " ".join(text.lower().split())):
        parts = unicodedata.normalize("NFD", char)
        tone = next((part for part in parts if part in TONES), "")
        letter = unicodedata.normalize("NFC", parts.replace(tone, "")) if tone else char
        if not letter:
            continue  # a second mark on one letter, as a slip of the keyboard leaves it
        letters.append((1, ALPHABET[letter]) if letter in ALPHABET else (0, ord(letter[0])))
        tones.append(TONES.get(tone, 0))
    return tuple(letters), tuple(tones), text


def printable(text: str) -> str:
    """The text as a file can hold it: Word's breaks become line ends; other control characters go, as do the marks
    of direction."""
    return DIRECTIONS.sub("", UNPRINTABLE.sub("", BREAKS.sub("\n", text)))


def as_key(text: str) -> int | None:
    """A row's number as a page sends it; None for all else, and for more digits than any row has."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= KEY_DIGITS else None
