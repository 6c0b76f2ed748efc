"""Places as points, from latitude and longitude alone: no tiles, no borders, nothing fetched."""

from __future__ import annotations

from math import sqrt
from xml.etree import ElementTree as ET

from facilities.numbers import format_number
from facilities.text import printable
from plans.charts.ground import draw_ground
from plans.charts.pieces import INK, MARKS, MUTED, element, label, picture, point_shape
from plans.charts.projection import MARGIN, WIDTH, Projection, projection_of
from plans.charts.spec import Mark, Pin, PointMap

SMALLEST, LARGEST = 4.5, 11.0
LETTER, ROW, FONT_HEIGHT, NAMED = 7.1, 20, 13, 14
LENGTHS = (1, 2, 5, 10, 20, 50, 100, 200)
Box = tuple[float, float, float, float]


def draw_map(points: PointMap) -> str:
    """The map as one `<svg>`: larger points under smaller ones, the most telling ones named, a scale in km."""
    projection, height = projection_of(points.pins)
    foot = ROW * (len(points.legend) + bool(points.size_words) + len(points.notes)) + 14
    root = picture(points.title, points.description, WIDTH, round(height + foot), name="map", css="chart map")
    draw_ground(root, points, projection, height)
    taken: list[Box] = []
    for pin in sorted(points.pins, key=lambda one: -one.weight):
        x, y = projection.place(pin.longitude, pin.latitude)
        size = size_of(pin)
        spot = element(root, "g", css=f"pin {pin.mark}")
        element(spot, "title").text = printable(pin.words)
        style = MARKS[pin.mark]
        point_shape(spot, style.shape, x, y, size, style.colour, hollow=pin.mark == Mark.UNKNOWN)
        wide = size * 1.2
        taken.append((x - wide, y - wide, x + wide, y + wide))
    named = sorted((pin for pin in points.pins if pin.label), key=lambda one: one.rank)
    for pin in named[:NAMED]:
        _name(root, pin, projection, taken)
    _scale_bar(root, projection, height)
    _legend(root, points, height)
    return ET.tostring(root, encoding="unicode")


def size_of(pin: Pin) -> float:
    """The radius: its area grows with the weight."""
    return round(SMALLEST + (LARGEST - SMALLEST) * sqrt(min(max(pin.weight, 0.0), 1.0)), 1)


def _name(root: ET.Element, pin: Pin, projection: Projection, taken: list[Box]) -> None:
    """Write the label beside, above or below its point, or not at all where it would cover something."""
    x, y = projection.place(pin.longitude, pin.latitude)
    size, width = size_of(pin), len(pin.label) * LETTER
    away, line = size * 1.3 + 3, size * 1.3 + FONT_HEIGHT / 2 + 1
    for start, middle in (
        (x + away, y), (x - away - width, y), (x - width / 2, y - line), (x - width / 2, y + line),
    ):  # fmt: skip
        box = (start, middle - FONT_HEIGHT / 2, start + width, middle + FONT_HEIGHT / 2)
        if start >= 0 and start + width <= WIDTH and not any(_overlap(box, other) for other in taken):
            taken.append(box)
            label(root, pin.label, start, middle + 4.5, colour=INK, halo=True)
            return


def _overlap(one: Box, other: Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def _scale_bar(root: ET.Element, projection: Projection, height: float) -> None:
    fitting = [km for km in LENGTHS if km * projection.pixels_a_km <= WIDTH / 4]
    km = fitting[-1] if fitting else LENGTHS[0]
    end, y = WIDTH - MARGIN, height + 12
    start = round(end - km * projection.pixels_a_km, 1)
    element(root, "path", d=f"M{start:g} {y - 4:g}V{y:g}H{end:g}V{y - 4:g}", fill="none", stroke=MUTED)
    label(root, f"{format_number(km)} km", end, y + 16, anchor="end")


def _legend(root: ET.Element, points: PointMap, height: float) -> None:
    y = height + 14
    for mark, words in points.legend:
        style = MARKS[mark]
        point_shape(root, style.shape, 20, y, 6, style.colour, hollow=mark == Mark.UNKNOWN)
        label(root, words, 36, y + 4.5)
        y += ROW
    if points.size_words:
        point_shape(root, "circle", 16, y, 3, MUTED)
        point_shape(root, "circle", 25, y, 5, MUTED)
        label(root, points.size_words, 36, y + 4.5)
        y += ROW
    for words in points.notes:
        label(root, words, 36, y + 4.5)
        y += ROW
