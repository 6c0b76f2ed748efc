"""Deriving what each facility's figures count in, month by month."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator
from datetime import date

from django.db import models, transaction
from django.utils import timezone

from facilities.actions.derived import replace_rows
from facilities.actions.geography import lives, passages
from facilities.boundaries import Boundaries, Stay, Track, month_from
from facilities.models import Contribution, Facility, Placement, StaleMark

FIELDS = ("facility_id", "area_id", "from_month", "to_month", "share", "in_own_time")


@transaction.atomic
def refresh_contributions(facilities: Collection[Facility] | models.QuerySet[Facility] | None = None) -> int:
    """Make Contribution follow placements, areas and successions; return how many rows came or went.

    `facilities` narrows the work to some; None is all. Where a facility that had rows counts elsewhere
    now, the months concerned are marked for computing again.
    """
    chosen = Facility.objects.all()
    stored = Contribution.objects.all()
    if facilities is not None:
        chosen = chosen.filter(pk__in=[facility.pk for facility in facilities])
        stored = stored.filter(facility__in=chosen)
    boundaries = Boundaries(lives(), passages())
    known = set(stored.values_list("facility_id", flat=True).distinct())
    wanted = (
        (facility, row.area, row.start, row.end, row.share, row.in_own_time)
        for facility, stays in _stays(chosen)
        for row in Track(boundaries, stays).rows()
    )
    new, gone = replace_rows(stored, wanted, FIELDS)
    _mark_months([row for row in (*new, *gone) if row[0] in known])
    return len(new) + len(gone)


def _stays(facilities: models.QuerySet[Facility]) -> Iterator[tuple[int, list[Stay]]]:
    """Yield (facility id, its stays): a placement lasts to the next one, the last one to the closure."""
    placements: dict[int, list[tuple[date, int]]] = defaultdict(list)
    rows = Placement.objects.filter(facility__in=facilities).order_by("facility", "from_month")
    for facility, start, area in rows.values_list("facility_id", "from_month", "area_id"):
        placements[facility].append((start, area))
    for facility, closed, consolidated in facilities.values_list("pk", "closed", "consolidated_from"):
        places = placements[facility]
        ends = [*(start for start, _ in places[1:]), None]
        stays = (
            [
                Stay(area, start, _earlier(end, closed))
                for (start, area), end in zip(places, ends, strict=True)
            ]
            if places
            else []
        )
        alive = [stay for stay in stays if stay.end is None or stay.start < stay.end]
        yield facility, list(_consolidated(alive, consolidated))


def _earlier(end: date | None, closed: date | None) -> date | None:
    known = [day for day in (end, closed and month_from(closed)) if day]
    return min(known) if known else None


def _consolidated(stays: list[Stay], since: date | None) -> Iterator[Stay]:
    """Cut the stays at the month from which the station reports for its points too."""
    for stay in stays:
        if since is None or (stay.end and stay.end <= since):
            yield stay
        elif stay.start >= since:
            yield Stay(stay.area, stay.start, stay.end, consolidated=True)
        else:
            yield Stay(stay.area, stay.start, since)
            yield Stay(stay.area, since, stay.end, consolidated=True)


def _mark_months(changed: list[tuple]) -> None:
    """Ask for the months of the changed rows to be computed again; the minutely sweep finds the mark.

    One wide mark without a facility: the areas a facility left must be computed as well.
    """
    if not changed:
        return
    first = min(row[2] for row in changed)
    this_month = timezone.localdate().replace(day=1)
    StaleMark.objects.create(from_month=first, to_month=max(first, this_month))
