"""A chart for paper: the document's own font, and greys that a black-and-white copy keeps apart."""

from __future__ import annotations

from xml.etree import ElementTree as ET

from facilities.text import printable
from plans.charts.pieces import ACCENT, FONT_SIZE, GRID, INK, LOOKS, MUTED, NAMESPACE, PAPER
from plans.charts.spec import Chart, Look
from plans.charts.svg import Size, draw

FONT = "Tinos, 'Liberation Serif', serif"
LETTER = 6.2
BLACK = "#000000"
WASHES = {Look.MAIN: "#6e6e6e", Look.SECOND: "#e2e2e2", Look.THIRD: "#a9a9a9", Look.FOURTH: "#ffffff",
          Look.GIVEN: "#f2f2f2"}  # fmt: skip
PRINTED = {
    **{style.colour: BLACK for style in LOOKS.values()},
    **{style.wash: WASHES[look] for look, style in LOOKS.items()},
    ACCENT: BLACK, INK: BLACK, MUTED: BLACK, GRID: "#c8c8c8",
}  # fmt: skip
# 680 points of a drawing over the 160 mm between the margins print its letters at 9.5 pt; half of it at the same.
WHOLE, LOW, HALF = Size(680, 300), Size(680, 190), Size(340, 190)


def draw_for_print(chart: Chart, *, number: int = 1, size: Size = WHOLE) -> str:
    """The drawing of `svg.draw` with every colour a grey; its `<title>` is the alternative text of the PDF."""
    ET.register_namespace("", NAMESPACE)
    root = ET.fromstring(draw(chart, number=number, size=size))
    for element in root.iter():
        if element.get("aria-hidden"):
            _clear(element)
        for name in ("fill", "stroke"):
            if element.get(name) in PRINTED:
                element.set(name, PRINTED[element.get(name)])
    root.set("font-family", FONT)
    title = root.find(f"{{{NAMESPACE}}}title")
    title.text = f"{title.text}. {printable(chart.description)}" if chart.description else title.text
    return ET.tostring(root, encoding="unicode")


def _clear(halo: ET.Element) -> None:
    """Paper behind a label instead of its second, white drawing: whoever copies the text gets it once."""
    width = len(halo.text or "") * LETTER
    x, y = float(halo.get("x", 0)), float(halo.get("y", 0))
    left = x - width if halo.get("text-anchor") == "end" else x
    halo.clear()
    halo.tag = f"{{{NAMESPACE}}}rect"
    box = {"x": left, "y": y - FONT_SIZE * 0.8, "width": width, "height": FONT_SIZE}
    for name, value in box.items():
        halo.set(name, f"{value:.1f}")
    halo.set("fill", PAPER)
