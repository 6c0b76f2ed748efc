"""Areas and successions of the database as the values that the pure modules work on."""

from __future__ import annotations

from facilities.boundaries import WHOLE, Life, Passage
from facilities.models import Area, Succession


def lives() -> list[Life]:
    return [Life(*row) for row in Area.objects.values_list("id", "parent_id", "valid_from", "valid_to")]


def passages() -> list[Passage]:
    """Return every succession, its share in millionths."""
    rows = Succession.objects.values_list("date", "predecessor_id", "successor_id", "share")
    return [
        Passage(day, old, new, None if share is None else int(share * WHOLE)) for day, old, new, share in rows
    ]
