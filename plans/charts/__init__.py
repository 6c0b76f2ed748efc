"""Charts described once and drawn three ways: SVG for pages and PDF, native charts for Excel. Pure: no Django."""

from plans.charts.map import draw_map
from plans.charts.spec import Category, Chart, Look, Mark, Pin, Point, PointMap, Series, Target
from plans.charts.svg import draw

__all__ = [
    "Category",
    "Chart",
    "Look",
    "Mark",
    "Pin",
    "Point",
    "PointMap",
    "Series",
    "Target",
    "draw",
    "draw_map",
]
