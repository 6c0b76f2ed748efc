"""A chart as plain data and back, so that a snapshot can hold it: exact, without floats.

The shape is the chart's own, every field by its name; a fraction and the end of an interval are texts ("285/3").
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from plans.charts.spec import Category, Chart, Drawn, Look, Point, Series, Target

Plain = dict[str, Any]


def as_plain(chart: Chart) -> Plain:
    """JSON-safe: texts, whole numbers, lists and None."""
    return {
        "title": chart.title,
        "description": chart.description,
        "categories": [{"label": one.label, "name": one.name} for one in chart.categories],
        "series": [_series(one) for one in chart.series],
        "target": _target(chart.target) if chart.target else None,
        "unit": chart.unit,
        "decimals": chart.decimals,
        "axis": chart.axis,
        "interval_name": chart.interval_name,
        "start": chart.start,
    }


def of_plain(data: Plain) -> Chart:
    """The chart that `as_plain` wrote. Raises KeyError or ValueError where the data are none."""
    return Chart(
        title=data["title"],
        description=data["description"],
        categories=tuple(Category(one["label"], one["name"]) for one in data["categories"]),
        series=tuple(
            Series(one["name"], tuple(map(_point_of, one["points"])), Look(one["look"]), Drawn(one["drawn"]))
            for one in data["series"]
        ),
        target=_target_of(data["target"]) if data["target"] else None,
        unit=data["unit"],
        decimals=data["decimals"],
        axis=data["axis"],
        interval_name=data["interval_name"],
        start=data.get("start", ""),
    )


def _series(series: Series) -> Plain:
    return {
        "name": series.name,
        "points": [None if point is None else _point(point) for point in series.points],
        "look": str(series.look),
        "drawn": str(series.drawn),
    }


def _point(point: Point) -> Plain:
    return {
        "value": _text(point.value),
        "words": point.words,
        "low": _text(point.low),
        "high": _text(point.high),
        "is_partial": point.is_partial,
    }


def _point_of(data: Plain | None) -> Point | None:
    if data is None:
        return None
    low, high = _value(data["low"]), _value(data["high"])
    return Point(
        Fraction(data["value"]),
        data["words"],
        None if low is None else float(low),
        None if high is None else float(high),
        data["is_partial"],
    )


def _target(target: Target) -> Plain:
    return {
        "name": target.name,
        "values": list(map(_text, target.values)),
        "uppers": list(map(_text, target.uppers)),
    }


def _target_of(data: Plain) -> Target:
    return Target(data["name"], _values(data["values"]), _values(data["uppers"]))


def _values(texts: Sequence[str | None]) -> tuple[Fraction | None, ...]:
    return tuple(map(_value, texts))


def _text(value: Fraction | float | None) -> str | None:
    """Every finite float is a fraction, so the text is exact for both."""
    return None if value is None else str(Fraction(value))


def _value(text: str | None) -> Fraction | None:
    return None if text is None else Fraction(text)
