"""Latitude and longitude to pixels and back, equal kilometres both ways at the middle of the map (equirectangular)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import cos, radians

from plans.charts.spec import Pin

WIDTH, MOST_HEIGHT, MARGIN, LEAST_HEIGHT = 680, 560, 44, 220
KM_A_DEGREE = 111.32


@dataclass(frozen=True)
class Projection:
    """`west`, `north`: the degrees at `left` and at the upper margin; `scale` pixels a degree of latitude."""

    west: float
    north: float
    shrink: float
    scale: float
    left: float

    def place(self, longitude: float, latitude: float) -> tuple[float, float]:
        x = self.left + (longitude - self.west) * self.shrink * self.scale
        return round(x, 1), round(MARGIN + (self.north - latitude) * self.scale, 1)

    def degrees(self, x: float, y: float) -> tuple[float, float]:
        """The longitude and latitude of a pixel."""
        return self.west + (x - self.left) / self.shrink / self.scale, self.north - (y - MARGIN) / self.scale

    @property
    def pixels_a_km(self) -> float:
        return self.scale / KM_A_DEGREE


def projection_of(pins: Sequence[Pin]) -> tuple[Projection, float]:
    """Fit all pins into the width and the greatest height; returns the height they need too."""
    north, south = max(p.latitude for p in pins), min(p.latitude for p in pins)
    east, west = max(p.longitude for p in pins), min(p.longitude for p in pins)
    shrink = cos(radians((north + south) / 2))
    across, down = max((east - west) * shrink, 0.01), max(north - south, 0.01)
    scale = min((WIDTH - 2 * MARGIN) / across, (MOST_HEIGHT - 2 * MARGIN) / down)
    left = (WIDTH - across * scale) / 2
    return Projection(west, north, shrink, scale, left), max(down * scale + 2 * MARGIN, LEAST_HEIGHT)
