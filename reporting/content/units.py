"""Units as a sentence says them, and what the abbreviations in a plan's own units stand for. Pure."""

from __future__ import annotations

from collections.abc import Iterable

# A head of a column that says what is counted, which a number in a sentence says by itself.
COUNTED = "Số "
# Abbreviations of units as plans print them: in a sentence written out, under a table explained.
ABBREVIATIONS = {"BM": "bà mẹ", "TVM": "ca tử vong mẹ"}


def spoken(unit: str) -> str:
    """As it follows a number: "bà mẹ" of "Bà mẹ", "bé trai/100 bé gái" of "Số bé trai/100 bé gái", "bà mẹ" of "BM"."""
    words = unit.removeprefix(COUNTED)
    first, rest = _first(words)
    if first in ABBREVIATIONS:
        return ABBREVIATIONS[first] + rest
    is_word = words[1:] == words[1:].lower()
    return words[:1].lower() + words[1:] if is_word else words


def explained(units: Iterable[str]) -> str:
    """ "BM: bà mẹ." for each abbreviation among the units, in their order; empty without any."""
    found = dict.fromkeys(first for unit in units if (first := _first(unit)[0]) in ABBREVIATIONS)
    return " ".join(f"{short}: {ABBREVIATIONS[short]}." for short in found)


def _first(unit: str) -> tuple[str, str]:
    """What is counted, and the rest from the slash on."""
    first, slash, rest = unit.partition("/")
    return first.strip(), slash + rest
