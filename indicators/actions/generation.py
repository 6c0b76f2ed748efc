"""Generating plausible figures: for demonstration and for load, never over figures that stand there."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeAlias

from django.db import transaction
from django.utils import timezone

from facilities.actions.audit import record
from facilities.models import Area, Facility
from facilities.periods import Month
from indicators.actions.bulk import insert_rows
from indicators.actions.import_store import VALUE_FIELDS
from indicators.actions.marks import mark_everything
from indicators.actions.plausible_places import places_of
from indicators.expressions import Cell
from indicators.models import DataValue, Duty, Form, FormItem, Submission
from indicators.plausible import (
    Hospital,
    Station,
    hospital_month,
    hospital_year,
    station_month,
    station_year,
    stream,
)
from indicators.plausible.blemishes import blemished, fate
from indicators.values import CellValue

SENT_BACK_REASON = "Đề nghị kiểm tra lại số phụ nữ đẻ so với sổ A4."
Place: TypeAlias = Station | Hospital
Filled: TypeAlias = tuple[Submission, dict[Cell, CellValue]]


@dataclass(frozen=True)
class Generated:
    """How many submissions and values were written, and how many submissions already stood there."""

    submissions: int
    values: int
    skipped: int

    def __add__(self, other: Generated) -> Generated:
        return Generated(
            self.submissions + other.submissions, self.values + other.values, self.skipped + other.skipped
        )


@dataclass(frozen=True)
class Plan:
    """One province to fill: who owes what, what stands there, and how."""

    places: Mapping[int, Place]
    duties: Mapping[int, list[Duty]]
    items: Mapping[int, dict[Cell, tuple[int, int]]]
    existing: frozenset[tuple[int, int, date]]
    seed: int
    newest: date
    now: datetime


@transaction.atomic
def generate_figures(*, province: Area, first: Month, last: Month, seed: int = 1) -> Generated:
    """Fill every form the facilities of today's province owe from `first` to `last`, yearly ones included.

    Reproducible: the same seed gives the same figures for a facility and period in any range; only what
    still waits for review depends on `last`. Submissions that exist are left alone. The values are first
    versions without a change row, the way any bulk load that no person typed may store them.
    """
    plan = _plan(province, first, last, seed)
    total = Generated(0, 0, 0)
    for month in first.until(last):
        total += _write(plan, _filled(plan, month, yearly=False))
        if month.number == 1 or month == first:
            total += _write(plan, _filled(plan, Month(month.year, 1), yearly=True))
    if total.submissions:
        mark_everything(Month(first.year, 1), Month(last.year + 1, 12))
        record(
            by=None,
            verb="generate",
            subject=province,
            area=province,
            first=str(first),
            last=str(last),
            seed=seed,
            submissions=total.submissions,
        )
    return total


def _plan(province: Area, first: Month, last: Month, seed: int) -> Plan:
    within = Facility.objects.within(Area.objects.filter(pk=province.pk))
    facilities = list(within)
    duties = defaultdict(list)
    for duty in Duty.objects.filter(facility__in=within):
        duties[duty.facility_id].append(duty)
    forms = {form.pk: form for form in Form.objects.all()}
    for duty in (duty for own in duties.values() for duty in own):
        duty.form = forms[duty.form_id]
    items: dict[int, dict[Cell, tuple[int, int]]] = defaultdict(dict)
    for form, element, group, element_id, group_id in FormItem.objects.values_list(
        "form", "element__code", "group__code", "element", "group"
    ):
        items[form][element, group] = (element_id, group_id)
    existing = Submission.objects.filter(
        facility__in=within,
        period__gte=date(first.year, 1, 1),
        period__lte=last.first_day,
    ).values_list("facility", "form", "period")
    return Plan(
        places=places_of(province, facilities, seed),
        duties=duties,
        items=items,
        existing=frozenset(existing),
        seed=seed,
        newest=last.first_day,
        now=timezone.localtime(),
    )


def _filled(plan: Plan, month: Month, *, yearly: bool) -> Iterator[Filled | None]:
    """Every report owed for a month, or for the year that begins with it; None for one that exists."""
    period = month.first_day
    for facility, place in plan.places.items():
        due = [duty.form for duty in plan.duties[facility] if _is_due(duty, period, yearly=yearly)]
        fresh = [form for form in due if (facility, form.pk, period) not in plan.existing]
        yield from [None] * (len(due) - len(fresh))
        if fresh:
            cells = _cells(place, month, yearly=yearly)
            for form in fresh:
                own = {cell: cells[cell] for cell in plan.items[form.pk] if cell in cells}
                if filled := _report(plan, facility, place.code, form, period, own):
                    yield filled


def _is_due(duty: Duty, period: date, *, yearly: bool) -> bool:
    """As `duties.due_in`, on rows already read."""
    last = date(period.year, 12, 1) if yearly else period
    covers = duty.from_month <= last and (duty.to_month is None or duty.to_month > period)
    return covers and duty.form.is_yearly == yearly


def _cells(place: Place, month: Month, *, yearly: bool) -> dict[Cell, int]:
    if isinstance(place, Station):
        return station_year(place, month.year) if yearly else station_month(place, month.year, month.number)
    return hospital_year(place, month.year) if yearly else hospital_month(place, month.year, month.number)


def _report(
    plan: Plan, facility: int, code: str, form: Form, period: date, cells: dict[Cell, int]
) -> Filled | None:
    """The submission with its cells as typed; None where the report never came or nothing fits the form."""
    rng = stream(plan.seed, code, form.code, period)
    due_from = period if form.is_yearly else (Month.of(period) + 1).first_day
    came = fate(rng, due_from, yearly=form.is_yearly, newest=period == plan.newest, now=plan.now)
    if came is None or not cells:
        return None
    typed = (
        {cell: CellValue(count) for cell, count in cells.items()}
        if form.is_yearly
        else blemished(rng, form.code, cells)
    )
    submission = Submission(
        facility_id=facility,
        form=form,
        period=period,
        status=came.status,
        reason=SENT_BACK_REASON if came.status == Submission.Status.SENT_BACK else "",
        version=1,
        submitted_at=came.submitted,
        first_submitted_at=came.submitted,
        decided_at=came.decided,
    )
    return submission, typed


def _write(plan: Plan, reports: Iterator[Filled | None]) -> Generated:
    found = list(reports)
    filled = [report for report in found if report]
    Submission.objects.bulk_create([submission for submission, _cells in filled], batch_size=1000)
    values = (
        (submission.pk, *plan.items[submission.form_id][cell], state.value, state.no_data, 1)
        for submission, cells in filled
        for cell, state in cells.items()
    )
    return Generated(len(filled), insert_rows(DataValue, VALUE_FIELDS, values), len(found) - len(filled))
