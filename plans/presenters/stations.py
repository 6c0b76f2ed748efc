"""Down to the stations: what each facility of a place brought to a line, month by month, with its submissions."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from django.db.models import F, Q
from django.utils.translation import gettext as _

from facilities.models import Area, Contribution, Facility
from facilities.numbers import format_number
from facilities.periods import Month
from indicators.models import Duty, FacilityResult, FormItem, Term
from plans.models import PlanIndicator
from plans.presenters.choices import Choices
from plans.presenters.figures import whole
from plans.standing.sources import result_key


@dataclass(frozen=True)
class FormLink:
    """The arguments of the submission's page."""

    facility: str
    form: str
    period: str


@dataclass(frozen=True)
class Cell:
    """One facility-month: counts as printed, empty where nothing is due; `is_missing` where nothing came."""

    month: Month
    text: str
    is_missing: bool
    links: list[FormLink]


@dataclass(frozen=True)
class Station:
    """Its cells are what it reported, whole; `note` says where the place counts only a share of that."""

    facility: Facility
    cells: list[Cell]
    total: str
    note: str


@dataclass(frozen=True)
class Span:
    """Months [start, end), given as first days; `end` None is open. `share` in millionths, None: nobody knows."""

    start: date
    end: date | None
    share: int | None = Contribution.WHOLE

    def covers(self, day: date) -> bool:
        return self.start <= day and (self.end is None or day < self.end)


@dataclass(frozen=True)
class Owed:
    """A form that feeds the line, owed by a facility in a span of months."""

    code: str
    is_yearly: bool
    span: Span


def read_stations(line: PlanIndicator, area: Area, choices: Choices) -> list[Station]:
    """Facilities that count in the area in the chosen months: four queries whatever their number."""
    if choices.as_of is None:
        return []
    months = list(Month(choices.year, 1).until(choices.as_of))
    counting = _counting(area, months)
    facilities = list(Facility.objects.filter(pk__in=counting).order_by("-type", "name"))
    results = {
        (facility, month): row
        for (facility, month), row in _results(line, facilities, months).items()
        if any(span.covers(month.first_day) for span in counting[facility])
    }
    owed = _owed(line, facilities)
    return [
        _station(facility, line, months, results, owed[facility.pk], _note(counting[facility.pk], months))
        for facility in facilities
        if any((facility.pk, month) in results for month in months)
    ]


def _counting(area: Area, months: list[Month]) -> dict[int, list[Span]]:
    """When each facility counts in the area: the parts on the page are those the area's figure is made of."""
    rows = Contribution.objects.filter(area=area, from_month__lte=months[-1].first_day).filter(
        Q(to_month__isnull=True) | Q(to_month__gt=months[0].first_day)
    )
    spans: dict[int, list[Span]] = defaultdict(list)
    for facility, *span in rows.order_by("from_month").values_list(
        "facility_id", "from_month", "to_month", "share"
    ):
        spans[facility].append(Span(*span))
    return dict(spans)


def _note(spans: list[Span], months: list[Month]) -> str:
    """The months of which the place counts a share, and by how much: "tháng 1–9 tính 60%"."""
    said = []
    for span in spans:
        inside = [month.number for month in months if span.covers(month.first_day)]
        if span.share == Contribution.WHOLE or not inside:
            continue
        words = {"first": inside[0], "last": inside[-1]}
        if span.share is None:
            said.append(_("tháng %(first)d–%(last)d: không biết tỷ phần") % words)
        else:
            share = format_number(Fraction(span.share, Contribution.WHOLE) * 100)
            said.append(_("≈ tháng %(first)d–%(last)d tính %(share)s%%") % (words | {"share": share}))
    return "; ".join(said)


def _results(
    line: PlanIndicator, facilities: list[Facility], months: list[Month]
) -> dict[tuple[int, Month], FacilityResult]:
    indicator, group = result_key(line)
    rows = FacilityResult.objects.filter(
        facility__in=facilities,
        indicator=indicator,
        group=group,
        month__range=(months[0].first_day, months[-1].first_day),
        expected__gt=0,
    )
    return {(row.facility_id, Month.of(row.month)): row for row in rows}


def _owed(line: PlanIndicator, facilities: list[Facility]) -> dict[int, list[Owed]]:
    indicator, group = result_key(line)
    elements = Term.objects.filter(indicator=indicator, group=group).values("element")
    feeding = FormItem.objects.filter(element__in=elements).values("form")
    duties = Duty.objects.filter(facility__in=facilities, form__in=feeding).values_list(
        "facility_id", "form__code", "form__periodicity", "from_month", "to_month"
    )
    owed: dict[int, list[Owed]] = defaultdict(list)
    for facility, code, periodicity, start, end in duties.order_by("form__code", F("from_month")):
        owed[facility].append(Owed(code, periodicity == "year", Span(start, end)))
    return owed


def _station(
    facility: Facility,
    line: PlanIndicator,
    months: list[Month],
    results: dict[tuple[int, Month], FacilityResult],
    owed: list[Owed],
    note: str,
) -> Station:
    rows = [results.get((facility.pk, month)) for month in months]
    came = [row for row in rows if row and row.reported]
    total = whole(sum(row.numerator for row in came)) if came else "–"
    return Station(
        facility=facility,
        cells=[_cell(facility, line, month, row, owed) for month, row in zip(months, rows, strict=True)],
        total=total,
        note=note,
    )


def _cell(
    facility: Facility, line: PlanIndicator, month: Month, row: FacilityResult | None, owed: list[Owed]
) -> Cell:
    if row is None:
        return Cell(month, "", False, [])
    links = [
        FormLink(facility.code, form.code, str(month.year) if form.is_yearly else str(month))
        for form in owed
        if form.span.covers(month.first_day)
    ]
    if not row.reported:
        return Cell(month, "–", True, links)
    text = whole(row.numerator)
    if line.has_denominator:
        text += f"/{whole(row.denominator)}"
    return Cell(month, text, False, links)
