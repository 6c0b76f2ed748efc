"""Deriving which areas of any epoch lie wholly in which."""

from __future__ import annotations

from django.db import connection, transaction

from facilities.actions.derived import replace_rows
from facilities.actions.geography import lives, passages
from facilities.covering import Covering
from facilities.models import Area, Coverage

PLACES_LOCK = 0x706C6163  # the number by which PostgreSQL knows this lock


def hold_places() -> None:
    """Until the transaction ends, keep others from changing areas and successions; wait for who does so.

    Call it before the first row is read or written: Coverage is compared as a whole, and whoever compares it
    without seeing another's new areas would delete what those cover. On SQLite one writer is let in at a time.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [PLACES_LOCK])


@transaction.atomic
def refresh_coverage() -> int:
    """Make Coverage follow areas and successions; return how many rows came or went."""
    hold_places()
    countries = Area.objects.filter(level=Area.Level.COUNTRY).values_list("pk", flat=True)
    pairs = Covering(lives(), passages(), countries).pairs()
    new, gone = replace_rows(Coverage.objects.all(), pairs, ("area_id", "covered_id"))
    return len(new) + len(gone)
