"""Images of signatures and stamps: read with care, written anew as ink of one colour on nothing."""

from __future__ import annotations

import io
import warnings

from django.utils.translation import gettext as _
from PIL import Image, ImageChops

from reporting.signatures import SigningError

BYTES_LIMIT = 1024 * 1024
PIXELS_LIMIT = 4_000_000
# At the size it is printed (50 mm) more pixels than this can not be seen.
LONGEST_SIDE = 1200
# The colours the decree names: blue for the person, red for the agency.
BLUE, RED = (16, 48, 160), (200, 16, 16)
# Paper is never quite white, ink never quite black: darkness below and above these counts as none and full.
PAPER, INK = 40, 150


class PictureProblem(SigningError):
    def __init__(self) -> None:
        text = _(
            "Ảnh phải là tệp PNG, không quá %(size)s MB và %(pixels)s triệu điểm ảnh, có nét nhìn thấy được."
        )
        super().__init__(text % {"size": BYTES_LIMIT // 1024 // 1024, "pixels": PIXELS_LIMIT // 1_000_000})


def read_ink(data: bytes, colour: tuple[int, int, int]) -> Image.Image:
    """The drawing of a PNG as RGBA: its strokes in `colour`, the paper gone, cut to what is drawn.

    Nothing of the uploaded file but its pixels goes on. Raises PictureProblem.
    """
    if len(data) > BYTES_LIMIT:
        raise PictureProblem
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            pixels = _decode(data)
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError, Warning) as error:
        raise PictureProblem from error
    strokes = _strokes(pixels)
    drawn = strokes.getbbox()
    if drawn is None:
        raise PictureProblem
    ink = Image.new("RGBA", pixels.size, (*colour, 0))
    ink.putalpha(strokes)
    ink = ink.crop(drawn)
    ink.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    return ink


def _decode(data: bytes) -> Image.Image:
    """Whole files only: WeasyPrint tells Pillow, for all of this process, to take half ones."""
    with Image.open(io.BytesIO(data), formats=["PNG"]) as found:
        if found.width * found.height > PIXELS_LIMIT:
            raise PictureProblem
        found.verify()
    with Image.open(io.BytesIO(data), formats=["PNG"]) as found:
        return found.convert("RGBA")


def _strokes(pixels: Image.Image) -> Image.Image:
    """How much ink lies at each point, 0 to 255: what is both opaque and dark."""
    darkness = ImageChops.invert(pixels.convert("L"))
    full = darkness.point([round(255 * min(1, max(0, (n - PAPER) / (INK - PAPER)))) for n in range(256)])
    return ImageChops.multiply(full, pixels.getchannel("A"))
