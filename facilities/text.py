"""Text without accents, so that `ba don` finds `Ba Đồn`."""

import unicodedata


def fold(text: str) -> str:
    """Lower-case, strip Vietnamese marks, turn đ into d, squeeze spaces. `Phường Kinh Bắc` → `phuong kinh bac`."""
    decomposed = unicodedata.normalize("NFD", text.lower().replace("đ", "d"))
    bare = "".join(char for char in decomposed if not unicodedata.combining(char))
    return " ".join(bare.split())
