"""How a signature looks on the page: an image, or words where there is none. A trial says that it is one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from PIL import Image

from reporting.signatures.certificates import TRIAL_MARK, Certificate, shown
from reporting.signatures.fonts import font_for
from reporting.signatures.pictures import BLUE, RED
from reporting.signatures.places import Box

if TYPE_CHECKING:
    from pyhanko.stamp import BaseStampStyle

NAME_LENGTH = 60
FONT_SIZE, LEADING = 8, 9
MARGIN = 2
TRIAL_SHARE = 0.3


@dataclass(frozen=True)
class Look:
    """What is drawn in `box`: blue the person's, red the agency's. Without an image: who, and when in ISO 8601."""

    box: Box
    certificate: Certificate
    at: datetime
    font: Path
    image: Image.Image | None = None
    is_agency: bool = False

    @property
    def title(self) -> str:
        return "Cơ quan" if self.is_agency else "Người ký"


def style_of(look: Look) -> BaseStampStyle:
    """pyHanko's description: the words in the report's own font, embedded, so that an archive can draw them."""
    from pyhanko.pdf_utils.images import PdfImage
    from pyhanko.pdf_utils.layout import AxisAlignment, InnerScaling, Margins, SimpleBoxLayoutRule
    from pyhanko.pdf_utils.text import TextBoxStyle
    from pyhanko.stamp import TextStampStyle

    def within(margins: Margins, scaling: InnerScaling) -> SimpleBoxLayoutRule:
        middle = AxisAlignment.ALIGN_MID
        return SimpleBoxLayoutRule(middle, middle, margins=margins, inner_content_scaling=scaling)

    picture = PdfImage(look.image) if look.image else None
    # Over an image the warning of a trial leaves most of it free: the person's stands above, the agency's below.
    free = look.box.height * (1 - TRIAL_SHARE)
    above, below = (free, MARGIN) if look.is_agency else (MARGIN, free)
    margins = Margins(MARGIN, MARGIN, above, below) if picture else Margins.uniform(MARGIN)
    return TextStampStyle(
        border_width=0,
        background=picture,
        background_opacity=1,
        background_layout=within(Margins.uniform(0), InnerScaling.STRETCH_TO_FIT),
        text_box_style=TextBoxStyle(
            font=font_for(words_of(look), look.font, FONT_SIZE),
            font_size=FONT_SIZE,
            leading=LEADING,
            box_layout_rule=within(Margins.uniform(0), InnerScaling.NO_SCALING),
            text_color=tuple(part / 255 for part in (RED if look.is_agency else BLUE)),
        ),
        inner_content_layout=within(margins, InnerScaling.SHRINK_TO_FIT),
        # pyHanko fills in what stands behind a percent sign: names are given as parameters, never as a pattern.
        stamp_text="%(words)s",
    )


def words_of(look: Look) -> str:
    """The lines that are drawn; with an image only the warning of a trial."""
    trial = (
        [TRIAL_MARK.partition(" – ")[0], TRIAL_MARK.partition(" – ")[2]] if look.certificate.is_test else []
    )
    if look.image:
        return "\n".join(trial) or " "
    lines = [
        f"{look.title}: {shown(look.certificate.name, NAME_LENGTH)}",
        look.at.isoformat(timespec="seconds"),
    ]
    return "\n".join([*trial, *lines])
