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
COMPLETE_FONT, OTHER_FONT = "Tinos-Regular.ttf", "LiberationSerif-Regular.ttf"
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


@lru_cache(maxsize=1)
def serif_font() -> Path | None:
    """The first of the style sheet's fonts that is installed and has every Vietnamese letter."""
    if found := _installed(COMPLETE_FONT):
        return found[0]
    return next((path for path in _installed(OTHER_FONT) if is_complete(path)), None)


def _installed(name: str) -> list[Path]:
    return [path for folder in FONT_FOLDERS if folder.is_dir() for path in sorted(folder.rglob(name))]


def is_complete(path: Path) -> bool:
    """Whether the font draws every Vietnamese letter; older Liberation lacks 92 and mixes another font in."""
    from fontTools.ttLib import TTFont

    with TTFont(path, lazy=True) as font:
        letters = font.getBestCmap()
    return all(ord(letter) in letters for letter in VIETNAMESE)
