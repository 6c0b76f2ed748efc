"""How complete and how timely reporting is: by form and month, by place, and who lacks what and why."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from facilities.models import Area, Coverage, Facility
from indicators.models import Form, Submission
from indicators.presenters.matrix import Column
from indicators.presenters.matrix_cells import Read, form_owed, read_cells
from indicators.presenters.quality.scope import SENT, Scope

WIDTH, HEIGHT, MARGIN = 84, 20, 3


@dataclass
class Tally:
    """Forms owed in a period and what became of them; each count is a part of the one before it.

    `sent` are at the reviewer or approved now; `on_time` of them goes by the day a report first came in, be it mended
    since: the rule of the table in reports (`reporting.content.quality_counts`).
    """

    owed: int = 0
    sent: int = 0
    on_time: int = 0
    approved: int = 0

    def add(self, other: Tally) -> None:
        self.owed += other.owed
        self.sent += other.sent
        self.on_time += other.on_time
        self.approved += other.approved

    @property
    def missing(self) -> int:
        return self.owed - self.sent

    @property
    def completeness(self) -> float | None:
        """Percent of what is owed that was sent."""
        return self.sent / self.owed * 100 if self.owed else None

    @property
    def timeliness(self) -> float | None:
        """Percent of what is owed that was sent and first came in by its deadline."""
        return self.on_time / self.owed * 100 if self.owed else None


@dataclass(frozen=True)
class Line:
    """The completeness of the months as a drawing: points of a polyline in a box of `width` × `height`."""

    points: str
    last: tuple[float, float]
    width: int = WIDTH
    height: int = HEIGHT


@dataclass
class _Counted:
    """A form's or a place's tally of the period looked at, and of each month up to it."""

    period: Tally = field(default_factory=Tally)
    months: dict[date, Tally] = field(default_factory=lambda: defaultdict(Tally))


@dataclass(frozen=True)
class FormRow:
    form: Form
    tally: Tally
    months: list[Tally]
    trend: Line | None


@dataclass(frozen=True)
class PlaceRow:
    """A commune, or inside a commune a facility."""

    place: Area | Facility
    tally: Tally
    trend: Line | None

    @property
    def is_area(self) -> bool:
        return isinstance(self.place, Area)


@dataclass(frozen=True)
class Missing:
    """A form not sent, and what was said of why ("" for nothing)."""

    form: Form
    reason: str = ""


@dataclass(frozen=True)
class FacilityRow:
    facility: Facility
    tally: Tally
    missing: list[Missing]


@dataclass(frozen=True)
class Completeness:
    """`facilities` lack something, the emptiest first; of `excused` missing forms somebody said why.

    `months` are those of the table; each row of `forms` has one tally for each, as has `every` (all forms).
    """

    total: Tally
    months: list[date]
    forms: list[FormRow]
    every: FormRow | None
    places: list[PlaceRow]
    facilities: list[FacilityRow]
    excused: int = 0


def present_completeness(scope: Scope) -> Completeness:
    """Count what is owed and sent over twelve months: five queries, one more for a whole country."""
    months = scope.months()
    columns = [Column(month, f"{month:%Y-%m}", "") for month in months]
    counting = _Counting(scope, read_cells(scope.facilities, columns))
    for facility in counting.read.facilities:
        counting.add(facility, [scope.period] if scope.yearly else months)
    shown = [] if scope.yearly else months
    rows = [_form_row(counting.latest[code], counting.forms[code], shown) for code in sorted(counting.forms)]
    every = _sum_of(counting.forms.values())
    return Completeness(
        total=every.period,
        months=shown,
        forms=rows,
        every=_form_row(rows[0].form, every, shown) if len(rows) > 1 else None,
        places=_place_rows(counting.places, counting.named, shown),
        facilities=sorted(counting.lacking, key=lambda row: (row.tally.completeness or 0, row.facility.name)),
        excused=sum(bool(one.reason) for row in counting.lacking for one in row.missing),
    )


class _Counting:
    """Tallies by form and by place while the facilities are gone through, and who lacks something."""

    def __init__(self, scope: Scope, read: Read) -> None:
        self.scope, self.read = scope, read
        self.groups = _provinces(read, scope)
        self.forms: dict[str, _Counted] = defaultdict(_Counted)
        self.latest: dict[str, Form] = {}
        self.places: dict[int, _Counted] = defaultdict(_Counted)
        self.named: dict[int, Area | Facility] = {}
        self.lacking: list[FacilityRow] = []

    def add(self, facility: Facility, periods: Iterable[date]) -> None:
        own, missing = Tally(), []
        for period in periods:
            place = _place_of(self.read, facility, self.scope, period, self.groups)
            for code, form in self._owed(facility, period):
                counted = _count(self.read, facility, form, period)
                self._note(code, form, place, period, counted)
                if period == self.scope.period:
                    own.add(counted)
                    if counted.missing:
                        reason = self.read.absences.get((facility.pk, code, period), "")
                        missing.append(Missing(form, reason))
        if missing:
            self.lacking.append(FacilityRow(facility, own, sorted(missing, key=lambda one: one.form.code)))

    def _owed(self, facility: Facility, period: date) -> Iterator[tuple[str, Form]]:
        for code, duties in self.read.duties.get(facility.pk, {}).items():
            if self.scope.form in ("", code) and duties[-1].form.is_yearly == self.scope.yearly:
                form = form_owed(duties, period)
                if form is not None:
                    yield code, form

    def _note(
        self, code: str, form: Form, place: Area | Facility | None, period: date, counted: Tally
    ) -> None:
        self.latest[code] = form
        sums = [self.forms[code]]
        if place is not None:
            self.named[place.pk] = place
            sums.append(self.places[place.pk])
        for one in sums:
            one.months[period].add(counted)
            if period == self.scope.period:
                one.period.add(counted)


def _count(read: Read, facility: Facility, form: Form, period: date) -> Tally:
    filed = read.filed.get((facility.pk, form.code, period))
    if filed is None or filed.first is None or filed.status not in SENT:
        return Tally(owed=1)
    end = read.end_of(form, period)
    in_time = end is None or filed.first < end
    return Tally(1, 1, int(in_time), int(filed.status == Submission.Status.APPROVED))


def _place_of(
    read: Read, facility: Facility, scope: Scope, month: date, groups: Mapping[int, Area]
) -> Area | Facility | None:
    """What the facility is counted under: inside a commune itself, else the commune it stood in that month."""
    if scope.is_commune:
        return facility
    commune = read.commune(facility, month)
    if commune is None:
        return None
    return groups.get(commune.pk, commune)


def _provinces(read: Read, scope: Scope) -> dict[int, Area]:
    """For a country: each commune's province of the day, one query. Below a province communes stand themselves."""
    if scope.place is not None and scope.place.level != Area.Level.COUNTRY:
        return {}
    communes = {area.pk for own in read.placements.values() for _start, area in own}
    rows = Coverage.objects.filter(
        covered__in=communes,
        area__in=Area.objects.valid_on(scope.month.last_day),
        area__level=Area.Level.PROVINCE,
    )
    found = {row.covered_id: row.area for row in rows.select_related("area")}
    return found if len({area.pk for area in found.values()}) > 1 else {}


def _sum_of(counted: Iterable[_Counted]) -> _Counted:
    total = _Counted()
    for one in counted:
        total.period.add(one.period)
        for month, tally in one.months.items():
            total.months[month].add(tally)
    return total


def _form_row(form: Form, counted: _Counted, months: Sequence[date]) -> FormRow:
    own = [counted.months.get(month, Tally()) for month in months]
    return FormRow(form, counted.period, own, trend_line([tally.completeness for tally in own]))


def _place_rows(
    places: Mapping[int, _Counted], named: Mapping[int, Area | Facility], months: Sequence[date]
) -> list[PlaceRow]:
    rows = [
        PlaceRow(
            named[pk],
            counted.period,
            trend_line(
                [counted.months[month].completeness if month in counted.months else None for month in months]
            ),
        )
        for pk, counted in places.items()
        if counted.period.owed
    ]
    return sorted(rows, key=lambda row: (row.tally.completeness or 0, row.place.folded_name))


def trend_line(values: Sequence[float | None]) -> Line | None:
    """Percentages from 0 to 100 as a polyline; None with fewer than two of them."""
    step = (WIDTH - 2 * MARGIN) / (max(len(values), 2) - 1)
    placed = [
        (round(MARGIN + index * step, 1), round(HEIGHT - MARGIN - value / 100 * (HEIGHT - 2 * MARGIN), 1))
        for index, value in enumerate(values)
        if value is not None
    ]
    if len(placed) < 2:
        return None
    return Line(" ".join(f"{x},{y}" for x, y in placed), placed[-1])
