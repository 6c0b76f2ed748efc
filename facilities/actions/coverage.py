"""Deriving which areas of any epoch lie wholly in which."""

from __future__ import annotations

from django.db import transaction

from facilities.actions.derived import replace_rows
from facilities.actions.geography import lives, passages
from facilities.covering import Covering
from facilities.models import Area, Coverage


@transaction.atomic
def refresh_coverage() -> int:
    """Make Coverage follow areas and successions; return how many rows came or went."""
    countries = Area.objects.filter(level=Area.Level.COUNTRY).values_list("pk", flat=True)
    pairs = Covering(lives(), passages(), countries).pairs()
    new, gone = replace_rows(Coverage.objects.all(), pairs, ("area_id", "covered_id"))
    return len(new) + len(gone)
