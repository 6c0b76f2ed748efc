"""The last step: facilities with the cells each of them typed, who typed and who approved them."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from facilities.models import Facility
from facilities.numbers import format_number
from facilities.periods import format_period
from indicators.expressions import cell_text
from indicators.models import Form, Submission
from indicators.presenters.history import SOURCES
from indicators.presenters.periods import period_words
from indicators.tracing import Amount, Traced, TracedCell, Weights, trace_cells
from plans.presenters.figures import completeness, whole
from plans.presenters.origin.asked import Number
from plans.presenters.origin.parts import Counted
from plans.standing.sources import result_key

WHY: dict[str, Promise] = {
    "no_report": gettext_lazy("chưa có báo cáo"),
    "draft": gettext_lazy("báo cáo còn nháp"),
    "sent_back": gettext_lazy("báo cáo bị trả lại"),
    "submitted": gettext_lazy("đã nộp, chưa duyệt"),
    "blank": gettext_lazy("ô để trống"),
    "no_data": gettext_lazy("không có số liệu"),
}


@dataclass(frozen=True)
class CellRow:
    """A cell: what it holds, what of it enters, who typed and who approved it."""

    submission: Submission
    period: str
    period_text: str
    cell: str
    name: str
    value: str
    numerator: str
    denominator: str
    weights: str
    note: str
    typed_by: str
    typed_at: datetime | None
    source: str


@dataclass(frozen=True)
class LackRow:
    """Months of a facility that did not enter for one reason."""

    facility: Facility
    form: Form
    months: list[tuple[str, str]]
    name: str
    why: str


@dataclass(frozen=True)
class FacilityRow:
    """`share`: "" where the facility counts whole in the area."""

    facility: Facility
    numerator: str
    denominator: str
    reports: str
    share: str
    cells: list[CellRow]


@dataclass(frozen=True)
class CellsTable:
    facilities: list[FacilityRow]
    lacks: list[LackRow]
    numerator: str
    denominator: str
    matches: bool


def read_cells(number: Number, counted: Counted, weights: Weights) -> CellsTable:
    """The cells of some facility-months of the number, by these weights: seven queries for any number of them."""
    asked = number.asked
    traced = trace_cells(
        indicator=asked.line.indicator,
        group=result_key(asked.line)[1],
        weights=weights,
        parts=counted,
    )
    facilities = Facility.objects.in_bulk({part.facility for part, _share in counted})
    cells: dict[int, list[TracedCell]] = defaultdict(list)
    for cell in traced.cells:
        cells[cell.facility].append(cell)
    amounts: dict[int, list[Amount]] = defaultdict(list)
    shares: dict[int, set[Fraction | None]] = defaultdict(set)
    for part, share in counted:
        amounts[part.facility].append(part.amount(weights, share))
        shares[part.facility].add(share)
    total = Amount.sum_of(amount for own in amounts.values() for amount in own)
    divides = asked.line.has_denominator
    rows = [
        _facility(facilities[pk], Amount.sum_of(own), shares[pk], cells[pk], divides=divides)
        for pk, own in amounts.items()
    ]
    return CellsTable(
        facilities=sorted(rows, key=lambda row: (row.facility.folded_name, row.facility.code)),
        lacks=_lacks(traced, facilities),
        numerator=whole(traced.numerator),
        denominator=whole(traced.denominator) if divides else "",
        matches=(traced.numerator, traced.denominator) == (total.numerator, total.denominator),
    )


def _facility(
    facility: Facility,
    amount: Amount,
    shares: set[Fraction | None],
    cells: list[TracedCell],
    *,
    divides: bool,
) -> FacilityRow:
    partial = sorted(share for share in shares if share is not None and share != 1)
    words = ", ".join(f"{format_number(share * 100)}%" for share in partial)
    return FacilityRow(
        facility=facility,
        numerator=whole(amount.numerator),
        denominator=whole(amount.denominator) if divides else "",
        reports=completeness(amount.reported, amount.expected),
        share=words or (_("không biết tỷ phần") if None in shares else ""),
        cells=[_cell(cell, divides=divides) for cell in cells],
    )


def _cell(cell: TracedCell, *, divides: bool) -> CellRow:
    submission, change = cell.submission, cell.change
    yearly = submission.form.is_yearly
    return CellRow(
        submission=submission,
        period=period_words(submission.period, yearly=yearly),
        period_text=submission.period_text,
        cell=cell_text((cell.element.code, cell.group)),
        name=cell.element.short_name or cell.element.label,
        value=format_number(cell.value),
        numerator=_exact(cell.numerator) if cell.numerator_weight else "",
        denominator=_exact(cell.denominator) if cell.denominator_weight and divides else "",
        weights=_weights(cell),
        note=_("số năm trước tạm dùng") if cell.stands_in else "",
        typed_by=change.by.display_name if change and change.by else "",
        typed_at=change.at if change else None,
        source=str(SOURCES.get(change.source, change.source)) if change else "",
    )


def _exact(value: Fraction) -> str:
    """As a whole number, else with up to two decimals: here the parts are read together, whatever their size."""
    return format_number(value, 0 if value.denominator == 1 else None)


def _weights(cell: TracedCell) -> str:
    """The weights by which the value enters, where they are not 1: "× 0,5", "× −1"."""
    weights = dict.fromkeys(w for w in (cell.numerator_weight, cell.denominator_weight) if w and w != 1)
    return "; ".join(f"× {_weight(weight)}" for weight in weights)


def _weight(weight: Fraction) -> str:
    """As a decimal where it ends within six places, else as a fraction."""
    if (weight * 10**6).denominator == 1:
        return format_number(weight)
    return f"{format_number(weight.numerator)}/{format_number(weight.denominator)}"


def _lacks(traced: Traced, facilities: dict[int, Facility]) -> list[LackRow]:
    """One row a facility, form, cell and reason, its months together."""
    found: dict[tuple[int, str, str, str], tuple[Form, list[date]]] = {}
    for month in traced.missing:
        for form, period, element, why in month.lacks:
            name = "" if why in ("no_report", "draft", "sent_back", "submitted") else element.code
            _form, periods = found.setdefault((month.facility, form.code, name, why), (form, []))
            if period not in periods:
                periods.append(period)
    rows = [
        LackRow(
            facilities[facility],
            form,
            [(format_period(p, yearly=form.is_yearly), _label(form, p)) for p in sorted(periods)],
            name,
            str(WHY[why]),
        )
        for (facility, _code, name, why), (form, periods) in found.items()
    ]
    return sorted(rows, key=lambda row: (row.facility.folded_name, row.form.code, row.name))


def _label(form: Form, period: date) -> str:
    return str(period.year) if form.is_yearly else f"{period.month}/{period.year}"
