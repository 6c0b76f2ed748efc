"""Where on the page the decree puts the images of signatures, read from the PDF itself.

The PDF names two places (reporting/renderers/pdf/pieces/foot.html): the upper left and the lower right corner of
the space between the signer's office and name. All lengths here are points from the page's lower left corner.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from reporting.signatures import SigningError

if TYPE_CHECKING:
    from pyhanko.pdf_utils.reader import PdfFileReader

START, END = "signature", "signature-end"
MILLIMETRE = 72 / 25.4
# The agency's stamp covers a third of the signature, from its left (decree 30/2020/NĐ-CP, appendix I).
COVERED = 1 / 3
# Words instead of an image: the person's above, the agency's below them.
PERSONS_SHARE = 0.58
SIGNATURE_WIDTH = 50 * MILLIMETRE


class NoPlace(SigningError):
    def __init__(self) -> None:
        super().__init__(
            _("Tệp PDF này không có chỗ ký (giữa chức vụ và họ tên người ký) nên không ký được trên cổng.")
        )


@dataclass(frozen=True)
class Box:
    left: float
    bottom: float
    right: float
    top: float

    @property
    def width(self) -> float:
        return self.right - self.left

    @property
    def height(self) -> float:
        return self.top - self.bottom

    @property
    def corners(self) -> tuple[float, float, float, float]:
        return (self.left, self.bottom, self.right, self.top)


@dataclass(frozen=True)
class Place:
    """The space for signatures: `page` counts from 0."""

    page: int
    box: Box


def find_place(reader: PdfFileReader) -> Place:
    """Raises NoPlace where the PDF names none."""
    try:
        names = reader.root["/Names"]["/Dests"]["/Names"]
        found = {str(names[i]): names.raw_get(i + 1) for i in range(0, len(names), 2)}
        (page, _kind, left, top, *_), (_page, _kind, right, bottom, *_) = (
            found[name].get_object() if hasattr(found[name], "get_object") else found[name]
            for name in (START, END)
        )
    except (KeyError, IndexError, ValueError, TypeError) as error:
        raise NoPlace from error
    box = Box(float(left), float(bottom), float(right), float(top))
    if box.width <= 0 or box.height <= 0:
        raise NoPlace
    return Place(_page_number(reader, page), box)


def _page_number(reader: PdfFileReader, page: object) -> int:
    for number in range(int(reader.root["/Pages"]["/Count"])):
        reference, _resources = reader.find_page_for_modification(number)
        if reference.reference == getattr(page, "reference", None):
            return number
    raise NoPlace


def signature_box(place: Place) -> Box:
    """The image of the person's signature: centred between office and name."""
    box = place.box
    half = min(SIGNATURE_WIDTH, box.width) / 2
    middle = (box.left + box.right) / 2
    return Box(middle - half, box.bottom, middle + half, box.top)


def stamp_box(place: Place, side: float) -> Box:
    """The stamp's image, `side` millimetres high and wide: over the left third of the signature."""
    signature = signature_box(place)
    size = side * MILLIMETRE
    right = signature.left + signature.width * COVERED
    middle = (signature.bottom + signature.top) / 2
    return Box(right - size, middle - size / 2, right, middle + size / 2)


def words_box(place: Place, *, below: bool) -> Box:
    """Words where there is no image: the person's over the agency's, both as wide as the space."""
    box = place.box
    border = box.top - box.height * PERSONS_SHARE
    return (
        Box(box.left, box.bottom, box.right, border) if below else Box(box.left, border, box.right, box.top)
    )
