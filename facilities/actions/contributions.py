"""Deriving what each facility's figures count in, month by month."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import replace
from datetime import date

from django.db import models, transaction
from django.utils import timezone

from facilities.actions.coverage import hold_places
from facilities.actions.derived import replace_rows
from facilities.actions.geography import lives, passages
from facilities.boundaries import Boundaries, Stay, Track, month_from
from facilities.models import Contribution, Facility, Placement, StaleMark

MANY_AREAS = 400
Span = tuple[date, date]
FIELDS = ("facility_id", "area_id", "from_month", "to_month", "share", "in_own_time")


@transaction.atomic
def refresh_contributions(facilities: Collection[Facility] | models.QuerySet[Facility] | None = None) -> int:
    """Make Contribution follow placements, areas and successions; return how many rows came or went.

    `facilities` narrows the work to some; None is all. Where a facility that had rows counts elsewhere
    now, the areas and months concerned are marked for computing again.
    """
    hold_places()
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
    _mark_areas([row for row in gone if row[0] in known], [row for row in new if row[0] in known])
    return len(new) + len(gone)


def _stays(facilities: models.QuerySet[Facility]) -> Iterator[tuple[int, list[Stay]]]:
    """Yield (facility id, its stays): a placement lasts to the next one, the last one to the closure."""
    placements: dict[int, list[tuple[date, int, bool]]] = defaultdict(list)
    rows = Placement.objects.filter(facility__in=facilities).order_by("facility", "from_month")
    for facility, *placed in rows.values_list("facility_id", "from_month", "area_id", "carries_past"):
        placements[facility].append(tuple(placed))
    for facility, closed, consolidated in facilities.values_list("pk", "closed", "consolidated_from"):
        places = placements[facility]
        ends = [*(start for start, *_ in places[1:]), None]
        stays = (
            [
                Stay(area, start, _earlier(end, closed), carries=carries)
                for (start, area, carries), end in zip(places, ends, strict=True)
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
            yield replace(stay, consolidated=True)
        else:
            yield replace(stay, end=since)
            yield replace(stay, start=since, consolidated=True)


def _mark_areas(gone: list[tuple], new: list[tuple]) -> None:
    """Ask for the areas in which something counts otherwise now, in the months where it does.

    The results of facilities stay as they are, so that each area is summed anew from them; the minutely sweep
    finds the marks. Very many areas are one wide mark: months are then computed whole.
    """
    months: dict[int, list[Span]] = defaultdict(list)
    rows: dict[tuple[int, int], tuple[list[tuple], list[tuple]]] = defaultdict(lambda: ([], []))
    for side, changed in enumerate((gone, new)):
        for facility, area, *run in changed:
            rows[facility, area][side].append(tuple(run))
    for (_facility, area), sides in rows.items():
        if span := changed_months(*sides):
            months[area].append(span)
    if not months:
        return
    this_month = timezone.localdate().replace(day=1)
    spans = {area: _joined(found, this_month) for area, found in months.items()}
    if len(spans) > MANY_AREAS:
        firsts, lasts = zip(*spans.values(), strict=True)
        StaleMark.objects.create(from_month=min(firsts), to_month=max(lasts))
        return
    StaleMark.objects.bulk_create(
        StaleMark(area_id=area, from_month=first, to_month=last)
        for area, (first, last) in sorted(spans.items())
    )


def changed_months(gone: list[tuple], new: list[tuple]) -> Span | None:
    """From the first to before the last month in which runs (from, to, share, own time) say otherwise."""
    edges = sorted({day or date.max for run in (*gone, *new) for day in run[:2]})
    differing = [
        (start, end)
        for start, end in zip(edges, edges[1:], strict=False)
        if _at(start, gone) != _at(start, new)
    ]
    return (differing[0][0], differing[-1][1]) if differing else None


def _at(month: date, runs: list[tuple]) -> tuple | None:
    return next((run[2:] for run in runs if run[0] <= month < (run[1] or date.max)), None)


def _joined(spans: list[Span], this_month: date) -> Span:
    """The first and the last month of all, no later than this month unless it begins later."""
    first = min(start for start, _ in spans)
    end = max(end for _, end in spans)
    last = this_month if end > this_month else date(end.year - (end.month == 1), (end.month - 2) % 12 + 1, 1)
    return first, max(first, last)
