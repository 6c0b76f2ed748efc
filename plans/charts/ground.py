"""What a map of points stands on: a frame with meridians and parallels, and the ground around the points.

No borders are known: the ground is what lies near a point, drawn as discs that run into each other.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil, floor, hypot
from statistics import median
from xml.etree import ElementTree as ET

from plans.charts.pieces import GRID, MUTED, element, label
from plans.charts.projection import MARGIN, WIDTH, Projection
from plans.charts.spec import PointMap

SEA, LAND, SHORE = "#f7f9f8", "#e9efed", "#b9c6c2"
MINUTES_A_DEGREE = 60
STEPS = (5, 10, 15, 20, 30, 60, 120)
MOST_LINES, LABEL_ROOM = 5, 64
MOST_ASKED = 100
SMALLEST_DISC, LARGEST_DISC = 12.0, MARGIN - 8.0
Spot = tuple[float, float]


def draw_ground(root: ET.Element, points: PointMap, projection: Projection, height: float) -> None:
    element(
        root,
        "rect",
        css="frame",
        x=0.5,
        y=0.5,
        width=WIDTH - 1,
        height=round(height - 1),
        fill=SEA,
        stroke=GRID,
    )
    spots = [projection.place(pin.longitude, pin.latitude) for pin in points.pins]
    radius = disc_of(spots)
    for extra, colour in ((1.2, SHORE), (0.0, LAND)):
        discs = "".join(_disc(x, y, radius + extra) for x, y in spots)
        element(root, "path", css="ground", d=discs, fill=colour)
    _graticule(root, points, projection, height)


def disc_of(spots: Sequence[Spot]) -> float:
    """Wide enough for most neighbours to touch: the distance to the nearest point, of the middle one.

    Of many points every few are asked.
    """
    nearest = [
        min((hypot(x - a, y - b) for m, (a, b) in enumerate(spots) if m != n), default=LARGEST_DISC)
        for n, (x, y) in enumerate(spots)
        if n % max(1, len(spots) // MOST_ASKED) == 0
    ]
    return round(min(max(median(nearest) * 1.3, SMALLEST_DISC), LARGEST_DISC), 1)


def _disc(x: float, y: float, radius: float) -> str:
    turn = f"a{radius:g},{radius:g} 0 1,0"
    return f"M{x - radius:.1f},{y:g}{turn} {2 * radius:g},0{turn} {-2 * radius:g},0z"


def _graticule(root: ET.Element, points: PointMap, projection: Projection, height: float) -> None:
    """Lines at round minutes, the same step both ways, named at the left and at the foot."""
    west, north = projection.degrees(0, 0)
    east, south = projection.degrees(WIDTH, height)
    across = max(east - west, north - south) * MINUTES_A_DEGREE
    step = next((step for step in STEPS if across / step <= MOST_LINES), STEPS[-1])
    group = element(root, "g", css="graticule")
    for minutes in _round(west, east, step):
        x = projection.place(minutes / MINUTES_A_DEGREE, north)[0]
        element(group, "line", x1=x, x2=x, y1=1, y2=round(height - 1), stroke=SHORE, stroke_width=0.5)
        if x + LABEL_ROOM <= WIDTH:
            label(group, _degrees(minutes, points.east), x + 4, height - 6)
    for minutes in _round(south, north, step):
        y = projection.place(west, minutes / MINUTES_A_DEGREE)[1]
        element(group, "line", x1=1, x2=WIDTH - 1, y1=y, y2=y, stroke=SHORE, stroke_width=0.5)
        label(group, _degrees(minutes, points.north), 4, y - 4, colour=MUTED)


def _round(first: float, last: float, step: int) -> range:
    start = ceil(first * MINUTES_A_DEGREE / step) * step
    return range(start, floor(last * MINUTES_A_DEGREE) + 1, step)


def _degrees(minutes: int, side: str) -> str:
    """`21°15′B`."""
    return f"{minutes // MINUTES_A_DEGREE}°{minutes % MINUTES_A_DEGREE:02d}′{side}"
