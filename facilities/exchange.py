"""Places as plain data for other programs (interfaces.md, `export_places`)."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from decimal import Decimal
from typing import Any

from facilities.models import Area, Facility, Placement, Succession


def places_as_data() -> dict[str, list[dict[str, Any]]]:
    """Return `areas`, `successions` and `facilities`; an area is named `code@valid_from`."""
    areas = list(Area.objects.order_by("valid_from", "level", "code"))
    keys = {area.pk: area.key for area in areas}
    return {
        "areas": [_area(area, keys) for area in areas],
        "successions": [_succession(row, keys) for row in Succession.objects.order_by("date", "pk")],
        "facilities": _facilities(keys),
    }


def _area(area: Area, keys: dict[int, str]) -> dict[str, Any]:
    return {
        "code": area.code,
        "level": area.level,
        "name": area.name,
        "parent": keys.get(area.parent_id),
        "valid_from": area.valid_from.isoformat(),
        "valid_to": area.valid_to.isoformat() if area.valid_to else None,
        "traits": area.traits,
    }


def _succession(row: Succession, keys: dict[int, str]) -> dict[str, Any]:
    return {
        "date": row.date.isoformat(),
        "from": keys[row.predecessor_id],
        "to": keys[row.successor_id],
        "share": _number(row.share),
    }


def _number(share: Decimal | None) -> int | float | None:
    """Six decimals survive a float: what is printed is the exact decimal."""
    if share is None:
        return None
    return int(share) if share == int(share) else float(share)


def _facilities(keys: dict[int, str]) -> list[dict[str, Any]]:
    placements: dict[int, list[dict[str, Any]]] = defaultdict(list)
    rows = Placement.objects.order_by("facility", "from_month").values_list(
        "facility_id", "area_id", "from_month", "main_station__code", "carries_past"
    )
    for facility, area, month, main, carries in rows:
        placement = {"area": keys[area], "from_month": _month(month)}
        placement |= {"main_station": main} if main else {}
        placements[facility].append(placement | ({"carries_past": True} if carries else {}))
    return [
        {
            "code": facility.code,
            "name": facility.name,
            "type": facility.type,
            "opened": _month(facility.opened),
            "closed": _month(facility.closed),
            "consolidated_from": _month(facility.consolidated_from),
            "placements": placements[facility.pk],
        }
        for facility in Facility.objects.order_by("code")
    ]


def _month(day: date | None) -> str | None:
    return f"{day:%Y-%m}" if day else None
