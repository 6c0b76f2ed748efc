"""Reading the cells of the matrix: five queries for any number of stations, months and forms."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import NamedTuple

from django.db.models import Q, QuerySet
from django.utils import timezone

from facilities.models import Area, Facility, Placement
from facilities.text import alphabetical
from indicators.actions.closures import last_month_of
from indicators.deadlines import deadline_of
from indicators.models import Absence, ClosedPeriod, Duty, Form, Submission
from indicators.presenters.matrix import Cell, Column, Line, MatrixQuery, Station, state_of


class Filed(NamedTuple):
    status: str
    first: datetime | None
    nothing: bool


@dataclass(frozen=True)
class Read:
    """All that the cells are made of. `placements`: (from month, commune) of a facility, the newest first.

    `warned` is only filled where the matrix is filtered by it (matrix_warnings.py).
    """

    facilities: list[Facility]
    placements: Mapping[int, list[tuple[date, Area]]]
    duties: Mapping[int, Mapping[str, list[Duty]]]
    filed: Mapping[tuple[int, str, date], Filed]
    absences: Mapping[tuple[int, str, date], str]
    closed: frozenset[tuple[date, bool, int]]
    ends: dict[tuple[int, date], datetime | None]
    warned: frozenset[tuple[int, str, date]] = frozenset()

    def end_of(self, form: Form, period: date) -> datetime | None:
        """The first moment that is late; thousands of cells ask for a few dozen of them."""
        key = (form.pk, period)
        if key not in self.ends:
            last = deadline_of(form, period)
            self.ends[key] = last and timezone.make_aware(datetime.combine(last + timedelta(1), time.min))
        return self.ends[key]

    def commune(self, facility: Facility, month: date) -> Area | None:
        own = self.placements.get(facility.pk, [])
        return next((area for start, area in own if start <= month), own[-1][1] if own else None)


def read_cells(facilities: QuerySet[Facility], months: Sequence[Column]) -> Read:
    """Read what concerns the months (and the years around them) of these facilities."""
    first, last = date(months[0].period.year, 1, 1), months[-1].period
    span = (first, date(last.year, 12, 1))
    placements: dict[int, list[tuple[date, Area]]] = defaultdict(list)
    by_pk: dict[int, Facility] = {}
    rows = Placement.objects.filter(facility__in=facilities.values("pk"))
    for placement in rows.select_related("facility", "area__parent").order_by("-from_month"):
        placements[placement.facility_id].append((placement.from_month, placement.area))
        by_pk[placement.facility_id] = placement.facility
    return Read(
        list(by_pk.values()),
        placements,
        _duties(facilities, *span),
        _filed(facilities, months[0].period, last),
        _absences(facilities, *span),
        _closed(rows, *span),
        {},
    )


def _duties(facilities: QuerySet[Facility], first: date, last: date) -> dict[int, dict[str, list[Duty]]]:
    """By facility and form code, the oldest version first. One query."""
    found: dict[int, dict[str, list[Duty]]] = defaultdict(lambda: defaultdict(list))
    duties = Duty.objects.filter(facility__in=facilities.values("pk"), from_month__lte=last)
    forms: dict[int, Form] = {}
    duties = duties.filter(Q(to_month__isnull=True) | Q(to_month__gt=first)).select_related("form")
    for duty in duties.order_by("form__valid_from", "from_month"):
        duty.form = forms.setdefault(duty.form_id, duty.form)
        found[duty.facility_id][duty.form.code].append(duty)
    return found


def _filed(facilities: QuerySet[Facility], first: date, last: date) -> dict[tuple[int, str, date], Filed]:
    # Of the months around those shown only what yearly forms say is read.
    years = Q(form__periodicity=Form.Periodicity.YEAR, period__range=(date(first.year, 1, 1), last))
    rows = Submission.objects.filter(
        Q(period__range=(first, last)) | years, facility__in=facilities.values("pk")
    )
    names = ("facility", "form__code", "period", "status", "first_submitted_at", "nothing_occurred")
    return {row[:3]: Filed(*row[3:]) for row in rows.values_list(*names)}


def _absences(facilities: QuerySet[Facility], first: date, last: date) -> dict[tuple[int, str, date], str]:
    rows = Absence.objects.filter(facility__in=facilities.values("pk"), period__range=(first, last))
    return {row[:3]: row[3] for row in rows.values_list("facility", "form_code", "period", "reason")}


def _closed(placements: QuerySet[Placement], first: date, last: date) -> frozenset[tuple[date, bool, int]]:
    rows = ClosedPeriod.objects.filter(
        period__range=(first, last), area__coverage__covered__in=placements.values("area")
    )
    return frozenset(rows.values_list("period", "yearly", "area__coverage__covered"))


def stations_of(
    read: Read,
    facilities: Iterable[Facility],
    months: Sequence[Column],
    years: Sequence[Column],
    query: MatrixQuery,
    today: date,
) -> list[Station]:
    """The stations with their lines, grouped by the commune of today; those that owe nothing are left out."""
    found = []
    for facility in facilities:
        lines = [
            line
            for code, duties in sorted(read.duties.get(facility.pk, {}).items())
            if not query.form or code == query.form
            if (line := _line(read, facility, duties, months, years, today)) is not None
        ]
        if lines:
            found.append(Station(facility, read.commune(facility, today), lines))
    return sorted(found, key=lambda s: (alphabetical(s.commune.name if s.commune else ""), s.facility.code))


def _line(
    read: Read,
    facility: Facility,
    duties: Sequence[Duty],
    months: Sequence[Column],
    years: Sequence[Column],
    today: date,
) -> Line | None:
    """One form's cells; None where it is owed in none of the periods and was never filed."""
    form = duties[-1].form
    yearly = form.is_yearly
    cells = [_cell(read, facility, duties, column, today) for column in (years if yearly else months)]
    if all(cell.state == "not_due" for cell in cells):
        return None
    return Line(form, cells)


def _cell(read: Read, facility: Facility, duties: Sequence[Duty], column: Column, today: date) -> Cell:
    form = form_owed(duties, column.period)
    known = form or duties[-1].form
    key = (facility.pk, known.code, column.period)
    filed = read.filed.get(key)
    status, said = filed.status if filed else "", read.absences.get(key, "")
    is_over = is_over_by(today, column.period, yearly=known.is_yearly)
    state = state_of(status, is_owed=form is not None, reason=said, is_over=is_over)
    if state == "not_due":
        return Cell(column, state)
    reason = said if state == "excused" else ""
    marks = []
    if filed and filed.first and filed.status != Submission.Status.DRAFT:
        end = read.end_of(known, column.period)
        if end and filed.first >= end:
            marks.append("late")
    if filed and filed.nothing:
        marks.append("nothing")
    month = last_month_of(column.period, yearly=known.is_yearly)
    commune = read.commune(facility, month) if read.closed else None
    if commune and (column.period, known.is_yearly, commune.pk) in read.closed:
        marks.append("closed")
    if key in read.warned:
        marks.append("warned")
    return Cell(column, state, tuple(marks), reason)


def form_owed(duties: Sequence[Duty], period: date) -> Form | None:
    """The version owed for the period, as `duties.due_in` says it in SQL."""
    for duty in duties:
        last = last_month_of(period, yearly=duty.form.is_yearly)
        if duty.from_month <= last and (duty.to_month is None or duty.to_month > period):
            return duty.form
    return None


def is_over_by(today: date, period: date, *, yearly: bool) -> bool:
    """A month is missed once it is over; a yearly form from the first day of its year, as on the due list."""
    return period <= today and (yearly or (period.year, period.month) < (today.year, today.month))
