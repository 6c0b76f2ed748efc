"""The pieces every drawing is made of: elements, labels, shapes, and how the looks differ."""

from __future__ import annotations

from dataclasses import dataclass
from xml.etree import ElementTree as ET

from facilities.text import printable
from plans.charts.spec import Look, Mark

NAMESPACE = "http://www.w3.org/2000/svg"
# Complete in Vietnamese and as wide as Arial; the others stand in on a reader's machine.
FONT = "Arimo, Arial, 'Liberation Sans', 'Segoe UI', 'Noto Sans', sans-serif"
FONT_SIZE = 13
INK, MUTED, GRID, PAPER = "#17211f", "#51605b", "#d9e0de", "#ffffff"
ACCENT = "#0a5f5a"


@dataclass(frozen=True)
class Style:
    """`colour` draws, `wash` fills; `dash` and `shape` tell series apart without colour."""

    colour: str
    wash: str
    dash: str
    shape: str


LOOKS = {
    Look.MAIN: Style(ACCENT, "#cfdfdb", "", "circle"),
    Look.SECOND: Style("#8a4b00", "#f3e2c9", "7 4", "square"),
    Look.THIRD: Style("#3d4f9e", "#dfe3f3", "2 3", "triangle"),
    Look.FOURTH: Style("#6b3a6e", "#ecdfed", "9 3 2 3", "diamond"),
    Look.GIVEN: Style("#51605b", "#e4e9e7", "1 4", "cross"),
}
MARKS = {
    Mark.GOOD: Style("#17693f", "#e4f2ea", "", "circle"),
    Mark.BAD: Style("#a3201a", "#fbe9e7", "", "triangle"),
    Mark.PLAIN: Style(ACCENT, "#e6f1f0", "", "square"),
    Mark.UNKNOWN: Style("#51605b", "#ffffff", "2 2", "diamond"),
}


def element(parent: ET.Element, tag: str, css: str = "", **attributes: object) -> ET.Element:
    """Add an element; attributes are named with underscores, those that are None stay away."""
    made = ET.SubElement(parent, tag)
    if css:
        made.set("class", css)
    for name, value in attributes.items():
        if value is not None:
            made.set(name.replace("_", "-"), f"{value:g}" if isinstance(value, float) else str(value))
    return made


def picture(title: str, description: str, width: float, height: float, *, name: str, css: str) -> ET.Element:
    """The outer element with its title and description for those who do not see it."""
    root = ET.Element("svg", {
        "xmlns": NAMESPACE, "viewBox": f"0 0 {width:g} {height:g}", "width": f"{width:g}",
        "height": f"{height:g}", "class": css, "role": "img", "aria-labelledby": f"{name}-t {name}-d",
        "font-family": FONT, "font-size": str(FONT_SIZE),
    })  # fmt: skip
    for tag, text, suffix in (("title", title, "t"), ("desc", description, "d")):
        said = ET.SubElement(root, tag, {"id": f"{name}-{suffix}"})
        said.text = printable(text)
    return root


def label(
    parent: ET.Element,
    text: str,
    x: float,
    y: float,
    *,
    anchor: str = "start",
    colour: str = MUTED,
    weight: str | None = None,
    halo: bool = False,
) -> None:
    """A text; with `halo` a white edge keeps it readable over lines."""
    if halo:
        edge = element(parent, "text", x=round(x, 1), y=round(y, 1), text_anchor=anchor, fill=PAPER,
                       stroke=PAPER, stroke_width=3, stroke_linejoin="round", font_weight=weight,
                       aria_hidden="true")  # fmt: skip
        edge.text = printable(text)
    made = element(
        parent, "text", x=round(x, 1), y=round(y, 1), text_anchor=anchor, fill=colour, font_weight=weight
    )
    made.text = printable(text)


def stroke(parent: ET.Element, points: str, style: Style) -> None:
    element(
        parent, "polyline", points=points, fill="none", stroke=style.colour, stroke_width=2.25,
        stroke_dasharray=style.dash or None, stroke_linejoin="round",
    )  # fmt: skip


def column(parent: ET.Element, x: float, y: float, width: float, height: float, style: Style) -> None:
    element(
        parent, "rect", x=round(x, 1), y=round(y, 1), width=round(width, 1), height=round(height, 1),
        fill=style.wash, stroke=style.colour, stroke_width=0.75,
    )  # fmt: skip


def goal_line(parent: ET.Element, x1: float, x2: float, y: float) -> None:
    element(parent, "line", x1=x1, x2=x2, y1=y, y2=y, stroke=INK, stroke_width=1.6, stroke_dasharray="6 4")


def whisker(
    parent: ET.Element, x: float, low: float, high: float, colour: str, *, capped: bool = True
) -> None:
    """An interval from `low` to `high`, with short bars at its ends where there is room for them."""
    element(parent, "line", x1=x, x2=x, y1=low, y2=high, stroke=colour, stroke_width=1.25, opacity=0.65)
    for y in (low, high) if capped else ():
        element(parent, "line", x1=x - 4, x2=x + 4, y1=y, y2=y, stroke=colour, stroke_width=1.25)


def point_shape(
    parent: ET.Element, shape: str, x: float, y: float, size: float, colour: str, *, hollow: bool = False
) -> None:
    """A circle, square, triangle, diamond or cross of about the same size, centred."""
    paint = {"fill": PAPER if hollow else colour, "stroke": colour if hollow else PAPER,
             "stroke_width": 1.75 if hollow else 0.75}  # fmt: skip
    if shape == "circle":
        element(parent, "circle", cx=x, cy=y, r=round(size, 1), **paint)
    elif shape == "square":
        side = size * 0.9
        element(parent, "rect", x=round(x - side, 1), y=round(y - side, 1), width=round(side * 2, 1),
                height=round(side * 2, 1), **paint)  # fmt: skip
    elif shape == "cross":
        a = size * 0.9
        d = f"M{x - a:.1f},{y - a:.1f}L{x + a:.1f},{y + a:.1f}M{x - a:.1f},{y + a:.1f}L{x + a:.1f},{y - a:.1f}"
        element(parent, "path", d=d, fill="none", stroke=colour, stroke_width=2)
    else:
        corners = _corners(shape, x, y, size)
        element(parent, "polygon", points=" ".join(f"{a:.1f},{b:.1f}" for a, b in corners), **paint)


def _corners(shape: str, x: float, y: float, size: float) -> list[tuple[float, float]]:
    if shape == "triangle":
        return [(x, y - size * 1.25), (x + size * 1.15, y + size * 0.8), (x - size * 1.15, y + size * 0.8)]
    return [(x, y - size * 1.3), (x + size * 1.3, y), (x, y + size * 1.3), (x - size * 1.3, y)]
