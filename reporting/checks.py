"""System checks: what the PDF renderer needs of the machine, and how to install it."""

from __future__ import annotations

import ctypes
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.core.checks import CheckMessage, Warning, register

PACKAGES = "libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fonts-croscore"
LIBRARIES = ("libpango-1.0.so.0", "libpangoft2-1.0.so.0", "libharfbuzz-subset.so.0")
FONT_FOLDERS = (
    Path("/usr/share/fonts"),
    Path("/usr/local/share/fonts"),
    Path.home() / ".local/share/fonts",
    Path.home() / ".fonts",
)
# The families the style sheet asks for, first one wins. Tinos is complete; Liberation only from version 2 on.
COMPLETE_FONT, OTHER_FONT = "Tinos", "LiberationSerif"
FACES = ("Regular", "Bold", "Italic", "BoldItalic")
VIETNAMESE = (
    "ăâđêôơưĂÂĐÊÔƠƯạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹẠẢẤẦẨẪẬẮẰẲẴẶẸẺẼẾỀỂỄỆỈỊỌỎỐỒỔỖỘỚỜỞỠỢỤỦỨỪỬỮỰỲỴỶỸ"
)
HINT = f"On Debian: apt-get install {PACKAGES}"


@register()
def check_pdf(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Warn where Pango or a complete Vietnamese serif font is missing: everything but the PDF still works."""
    found: list[CheckMessage] = []
    if missing := missing_libraries():
        found.append(
            Warning(f"Reports have no PDF: {', '.join(missing)} not found.", hint=HINT, id="reporting.W001")
        )
    if serif_font() is None:
        found.append(
            Warning("Reports have no complete Vietnamese serif font (Tinos).", hint=HINT, id="reporting.W002")
        )
    return found


def missing_libraries() -> list[str]:
    missing = []
    for name in LIBRARIES:
        try:
            ctypes.CDLL(name)
        except OSError:
            missing.append(name)
    return missing


def serif_font() -> Path | None:
    """The regular face of the first of the style sheet's fonts that is installed with every face and letter."""
    whole = next(
        (paths for name in (COMPLETE_FONT, OTHER_FONT) if len(paths := _faces(name)) == len(FACES)), None
    )
    if whole is None or whole[0].name.startswith(OTHER_FONT) and not all(map(is_complete, whole)):
        return None
    return whole[0]


def _faces(family: str) -> list[Path]:
    """The installed faces of a family, the regular one first; bold and slanted letters are not to be made up."""
    found = (_installed(f"{family}-{face}.ttf") for face in FACES)
    return [path for path in found if path]


def _installed(name: str) -> Path | None:
    files = (path for folder in FONT_FOLDERS if folder.is_dir() for path in sorted(folder.rglob(name)))
    return next(files, None)


@lru_cache(maxsize=8)
def is_complete(path: Path) -> bool:
    """Whether the font draws every Vietnamese letter; older Liberation lacks 92 and mixes another font in."""
    from fontTools.ttLib import TTFont

    with TTFont(path, lazy=True) as font:
        letters = font.getBestCmap()
    return all(ord(letter) in letters for letter in VIETNAMESE)
