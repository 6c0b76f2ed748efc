"""Who owes which form in which months: derived from forms, lives of facilities and their placements."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import zip_longest

from django.db import transaction
from django.db.models import Max, Min, Q

from facilities.models import Facility, Placement, Reform
from facilities.periods import Month
from indicators.actions.closures import last_month_of
from indicators.actions.marks import mark_everything, mark_facilities
from indicators.actions.run_marks import months_of_open_run
from indicators.models import ComputedMonth, Duty, Form

STATION, POINT = Facility.Type.STATION, Facility.Type.POINT
FOREVER = date.max


@dataclass(frozen=True)
class Stretch:
    """Months [start, end) in which a facility has one role and, as a point, one main station."""

    start: date
    end: date
    role: str
    main_id: int | None = None

    def within(self, start: date, end: date) -> Stretch | None:
        """The part inside [start, end), or None where nothing is left."""
        first, last = max(self.start, start), min(self.end, end)
        return Stretch(first, last, self.role, self.main_id) if first < last else None

    def without(self, start: date, end: date) -> Iterator[Stretch]:
        """What is left when [start, end) is taken out."""
        if end <= self.start or self.end <= start:
            yield self
            return
        for part in (self.within(date.min, start), self.within(end, FOREVER)):
            if part:
                yield part


def due_in(period: date, *, yearly: bool) -> Q:
    """Duties under which a form is owed for the period that begins on `period`.

    A yearly form is owed for a year when its duty covers January or begins within the year.
    """
    last = last_month_of(period, yearly=yearly)
    return Q(from_month__lte=last) & (Q(to_month__isnull=True) | Q(to_month__gt=period))


def is_due(start: date, end: date | None, period: date, *, yearly: bool) -> bool:
    """`due_in` of a duty already read: its months [start, end)."""
    return start <= last_month_of(period, yearly=yearly) and (end is None or end > period)


@transaction.atomic
def refresh_duties(facilities: Collection[int] | None = None) -> int:
    """Derive the duties of these facilities (ids; None: all) anew; return how many rows changed.

    A facility owes a form version in the months where all of these meet: the version is valid, the
    facility is open and placed, and its role of the month is one the form names. A station or point is a
    point in months where its placement has a main station or a reform left it without the one it had, else a
    station: a part of a divided commune has one station, which is opened for it, not as many as it has points.
    Other types are as they are.

    Either a station or its points owe a form that names both, never both (domain/places.md): its points,
    until the month from which the station files for them (`consolidated_from`), then the station. A
    station without points files for itself. A form that names only stations is owed by stations alone.

    A yearly form is owed for year Y where the duty covers January of Y or begins within Y: stations that
    became points in July 2025 owe the stations' form of 2025, because they were stations on 1 January,
    and so do the stations opened in July; each month of the year then reads the one that was a station
    in that month. A yearly version is valid for whole years: those whose 1 January lies in its validity.

    Changed duties change what results expect, so months already computed are marked.
    """
    chosen, roles = _roles(facilities)
    consolidated = {f.pk: f.consolidated_from for f in roles if f.consolidated_from}
    points = _points_of(roles)
    wanted = {
        (facility.pk, form.pk, start): end
        for form in Form.objects.all()
        for facility in chosen
        for start, end in _owed(form, facility.pk, roles[facility], points, consolidated)
    }
    changed, of_facilities = _write(wanted, None if facilities is None else [f.pk for f in chosen])
    if changed and facilities is None:
        mark_computed_months()
    elif changed:
        mark_computed_months(of_facilities)
    return changed


def mark_computed_months(facilities: Collection[int] | None = None) -> None:
    """Mark every computed month: a definition that all results read has changed, or those of `facilities`.

    Months that an open run is computing for the first time are marked too.
    """
    span = ComputedMonth.objects.aggregate(first=Min("month"), last=Max("month"))
    edges = [day for day in (*span.values(), *(months_of_open_run() or ())) if day]
    if not edges:
        return
    first, last = Month.of(min(edges)), Month.of(max(edges))
    if facilities is None:
        mark_everything(first, last)
    else:
        mark_facilities(facilities, first, last)


def _roles(ids: Collection[int] | None) -> tuple[list[Facility], dict[Facility, list[Stretch]]]:
    """The facilities to derive, with the main stations and points a change of theirs reaches; all roles."""
    placements: dict[int, list[Placement]] = defaultdict(list)
    for placement in Placement.objects.select_related("reform").order_by("from_month"):
        placements[placement.facility_id].append(placement)
    roles = {f: list(_stretches(f, placements[f.pk])) for f in Facility.objects.all()}
    if ids is None:
        return list(roles), roles
    mains = {p.main_station_id for pk in ids for p in placements[pk] if p.main_station_id} | set(ids)
    reached = {
        pk for pk, own in placements.items() if pk in mains or any(p.main_station_id in mains for p in own)
    }
    return [f for f in roles if f.pk in reached | set(ids)], roles


def roles_of(facility: Facility, placements: Sequence[Placement]) -> Iterator[str]:
    """What the facility is under each of its placements, which come in order with their reforms.

    A station with a main station is a point of it, whatever its type says. One whose commune was divided leaves its
    main station behind, and is not a station for that, nor for a later reform.
    """
    is_point = had_main = False
    for placement in placements:
        reform, has_main = placement.reform, placement.main_station_id is not None
        left_behind = is_point and reform is not None and (reform.kind == Reform.Kind.DIVIDE or not had_main)
        is_point, had_main = has_main or left_behind, has_main
        role = str(facility.type)
        if role in {STATION, POINT}:
            role = POINT if is_point else STATION
        yield role


def _stretches(facility: Facility, placements: list[Placement]) -> Iterator[Stretch]:
    roles = roles_of(facility, placements)
    for placement, following, role in zip_longest(placements, placements[1:], roles):
        end = following.from_month if following else FOREVER
        stretch = Stretch(placement.from_month, end, role, placement.main_station_id)
        if open_part := stretch.within(facility.opened, facility.closed or FOREVER):
            yield open_part


def _points_of(roles: dict[Facility, list[Stretch]]) -> dict[int, list[Stretch]]:
    points = defaultdict(list)
    for stretches in roles.values():
        for stretch in stretches:
            if stretch.main_id:
                points[stretch.main_id].append(stretch)
    return points


def _owed(
    form: Form,
    facility: int,
    stretches: list[Stretch],
    points: dict[int, list[Stretch]],
    consolidated: dict[int, date],
) -> list[tuple[date, date | None]]:
    """Months [start, end) in which the facility owes the form; end None: no end."""
    shared = {STATION, POINT} <= set(form.facility_types)
    valid_from, valid_to = _validity(form)
    months = []
    for stretch in stretches:
        if stretch.role not in form.facility_types:
            continue
        parts: Iterable[Stretch] = [stretch]
        if shared and stretch.role == POINT:
            takes_over = consolidated.get(stretch.main_id or 0, FOREVER)
            parts = [part for part in [stretch.within(date.min, takes_over)] if part]
        elif shared:
            takes_over = consolidated.get(facility, FOREVER)
            for point in points.get(facility, ()):
                parts = [
                    left for part in parts for left in part.without(point.start, min(point.end, takes_over))
                ]
        months += [valid for part in parts if (valid := part.within(valid_from, valid_to))]
    return _joined(months)


def _validity(form: Form) -> tuple[date, date]:
    first, last = form.valid_from, form.valid_to or FOREVER
    if form.is_yearly:
        first, last = (
            day if (day.month, day.day) == (1, 1) or day == FOREVER else date(day.year + 1, 1, 1)
            for day in (first, last)
        )
    return first, last


def _joined(stretches: list[Stretch]) -> list[tuple[date, date | None]]:
    joined: list[list[date]] = []
    for stretch in sorted(stretches, key=lambda part: part.start):
        if joined and joined[-1][1] >= stretch.start:
            joined[-1][1] = max(joined[-1][1], stretch.end)
        else:
            joined.append([stretch.start, stretch.end])
    return [(start, None if end == FOREVER else end) for start, end in joined]


def _write(
    wanted: dict[tuple[int, int, date], date | None], facilities: list[int] | None
) -> tuple[int, set[int]]:
    """Write only the differences; return how many rows were removed, changed or added, and whose."""
    whose = set()
    stored = Duty.objects.all() if facilities is None else Duty.objects.filter(facility__in=facilities)
    kept, gone = set(), []
    for pk, facility, form, start, end in stored.values_list(
        "pk", "facility", "form", "from_month", "to_month"
    ):
        key = (facility, form, start)
        if key in wanted and wanted[key] == end:
            kept.add(key)
        else:
            gone.append(pk)
            whose.add(facility)
    for index in range(0, len(gone), 900):
        Duty.objects.filter(pk__in=gone[index : index + 900]).delete()
    added = [
        Duty(facility_id=facility, form_id=form, from_month=start, to_month=end)
        for (facility, form, start), end in wanted.items()
        if (facility, form, start) not in kept
    ]
    Duty.objects.bulk_create(added, batch_size=2000)
    return len(gone) + len(added), whose | {duty.facility_id for duty in added}
