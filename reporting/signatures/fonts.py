"""The report's font, cut down to the letters of one text and measured as PDF measures: 1000 units an em."""

from __future__ import annotations

import io
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pyhanko.pdf_utils.font.api import FontEngineFactory

UNITS = 1000


def font_for(text: str, path: Path, size: int) -> FontEngineFactory:
    """What pyHanko writes `text` with, embedded."""
    from pyhanko.pdf_utils.font.opentype import GlyphAccumulator, GlyphAccumulatorFactory

    class FontInMemory(GlyphAccumulatorFactory):
        def create_font_engine(self, writer: object, obj_stream: object = None) -> GlyphAccumulator:
            return GlyphAccumulator(
                writer=writer, font_handle=io.BytesIO(letters), font_size=size, bcp47_lang_code="vi"
            )

    letters = _cut_down(text, path)
    return FontInMemory(str(path), font_size=size)


def _cut_down(text: str, path: Path) -> bytes:
    """pyHanko 0.38 writes widths in the font's own units; only where an em has 1000 are they PDF's."""
    from fontTools.subset import Options, Subsetter
    from fontTools.ttLib import TTFont
    from fontTools.ttLib.scaleUpem import scale_upem

    with TTFont(path, lazy=True) as font:
        subsetter = Subsetter(Options(hinting=False, layout_features=[]))
        subsetter.populate(text=text)
        subsetter.subset(font)
        scale_upem(font, UNITS)
        written = io.BytesIO()
        font.save(written)
    return written.getvalue()
