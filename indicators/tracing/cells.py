"""Down to the cells: every value that a figure is made of, with its weight in it, and what kept a month out.

Reads the values themselves, not the stored results, by the rules of `indicators.rollup` (`FACILITY_MONTHS`): so the
sums found here prove the stored ones.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction

from django.db.models import Q

from indicators.models import (
    DataElement,
    DataValue,
    DataValueChange,
    Duty,
    Form,
    FormItem,
    Indicator,
    Submission,
    Term,
)
from indicators.tracing.parts import FacilityMonth
from indicators.tracing.weights import Weights

NOTHING = Fraction(0)


@dataclass
class TracedCell:
    """One value of the figure: it adds `value × numerator_weight` and `value × denominator_weight`.

    `change` is the last one of the cell, None where it stands as it was first loaded. `stands_in` says that last
    year's yearly figure stands for this year's.
    """

    facility: int
    submission: Submission
    element: DataElement
    group: str
    value: int
    numerator_weight: Fraction = NOTHING
    denominator_weight: Fraction = NOTHING
    stands_in: bool = False
    change: DataValueChange | None = None

    @property
    def numerator(self) -> Fraction:
        return self.value * self.numerator_weight

    @property
    def denominator(self) -> Fraction:
        return self.value * self.denominator_weight


@dataclass(frozen=True)
class MissingMonth:
    """A facility-month that is due and did not enter, with each cell that kept it out.

    `lacks` holds (form code, period, element, why), why being `no_report`, `draft`, `sent_back`, `submitted`,
    `blank` or `no_data`.
    """

    facility: int
    month: date
    lacks: tuple[tuple[Form, date, DataElement, str], ...]


@dataclass(frozen=True)
class Traced:
    """The cells in order of facility and period, the months kept out, and what the cells sum to."""

    cells: list[TracedCell]
    missing: list[MissingMonth]

    @property
    def numerator(self) -> Fraction:
        return sum((cell.numerator for cell in self.cells), NOTHING)

    @property
    def denominator(self) -> Fraction:
        return sum((cell.denominator for cell in self.cells), NOTHING)


@dataclass(frozen=True)
class _Due:
    """A term's cell on a form that the facility owes in the month, and what stands in it."""

    term: Term
    form: Form
    period: date
    submission: Submission | None = None
    value: DataValue | None = None
    stands_in: bool = False

    @property
    def official(self) -> int | None:
        return self.value.value if self.value else None


@dataclass
class _Read:
    """What was filed: submissions by facility, form and period, and their values by submission, element.

    `in_force` are those of the version in force in their period, by facility, the form's code and period.
    """

    submissions: dict[tuple[int, int, date], Submission] = field(default_factory=dict)
    in_force: dict[tuple[int, str, date], Submission] = field(default_factory=dict)
    values: dict[tuple[int, int], DataValue] = field(default_factory=dict)
    changes: dict[tuple[int, int], DataValueChange] = field(default_factory=dict)


def trace_cells(
    *,
    indicator: Indicator,
    group: int,
    weights: Weights,
    parts: Sequence[tuple[FacilityMonth, Fraction | None]],
) -> Traced:
    """The cells of these facility-months, each with the share by which it counts: six queries for any number."""
    terms = list(Term.objects.filter(indicator=indicator, group=group).select_related("element", "group"))
    facilities = {part.facility for part, _share in parts}
    on_form, duties = _read_duties(indicator, terms, group, facilities)
    read = _read_values(terms, group, facilities, weights.months)
    found: dict[tuple[int, int], TracedCell] = {}
    missing = []
    for part, share in parts:
        due = [
            _filled(read, part, term, form)
            for form in _owed(duties.get(part.facility, ()), part.month)
            for term in terms
            if (form.pk, term.element_id) in on_form
        ]
        whole = all(one.official is not None for one in due)
        bottom = all(one.official is not None for one in due if one.term.part == Term.Part.DENOMINATOR)
        if due and not whole and part.month in weights.counted:
            missing.append(_missing(part, due))
        for one in due:
            _add(
                found, one, part, share, weights, whole=whole, divisible=bottom if weights.by_year else whole
            )
    for key, cell in found.items():
        cell.change = read.changes.get(key)
    cells = [cell for cell in found.values() if cell.numerator_weight or cell.denominator_weight]
    cells.sort(key=lambda cell: (cell.facility, cell.submission.period, cell.submission.form.code))
    return Traced(cells, missing)


def _add(
    found: dict[tuple[int, int], TracedCell],
    due: _Due,
    part: FacilityMonth,
    share: Fraction | None,
    weights: Weights,
    *,
    whole: bool,
    divisible: bool,
) -> None:
    if share is None or due.value is None or due.value.value is None or due.submission is None:
        return
    key = (due.submission.pk, due.term.element_id)
    cell = found.setdefault(
        key,
        TracedCell(
            part.facility, due.submission, due.term.element, due.term.group.code, due.value.value,
            stands_in=due.stands_in,
        ),
    )  # fmt: skip
    weight = share * Fraction(due.term.coefficient)
    if due.term.part == Term.Part.NUMERATOR and whole:
        cell.numerator_weight += weight * weights.numerator.get(part.month, NOTHING)
    elif due.term.part == Term.Part.DENOMINATOR and divisible:
        cell.denominator_weight += weight * weights.denominator.get(part.month, NOTHING)


def _read_duties(
    indicator: Indicator, terms: Sequence[Term], group: int, facilities: Iterable[int]
) -> tuple[set[tuple[int, int]], dict[int, list[Duty]]]:
    """Which cells stand on which forms of a fitting basis, and who owes these forms."""
    items = FormItem.objects.filter(
        element__in={term.element_id for term in terms},
        group=group,
        form__basis__in=(indicator.basis, "none"),
    )
    on_form = set(items.values_list("form", "element"))
    duties: dict[int, list[Duty]] = defaultdict(list)
    rows = Duty.objects.filter(facility__in=facilities, form__in={form for form, _element in on_form})
    for duty in rows.select_related("form").order_by("form__code", "from_month"):
        duties[duty.facility_id].append(duty)
    return on_form, dict(duties)


def _read_values(
    terms: Sequence[Term], group: int, facilities: Iterable[int], months: Sequence[date]
) -> _Read:
    read = _Read()
    elements = {term.element_id for term in terms}
    years = {date(month.year + back, 1, 1) for month in months for back in (0, -1)}
    wanted = Q(form__periodicity=Form.Periodicity.MONTH, period__in=months)
    wanted |= Q(form__periodicity=Form.Periodicity.YEAR, period__in=years)
    rows = Submission.objects.filter(
        wanted, facility__in=facilities, form__items__element__in=elements
    ).distinct()
    for submission in rows.select_related("form", "facility", "decided_by", "submitted_by"):
        facility, form, period = submission.facility_id, submission.form, submission.period
        read.submissions[facility, form.pk, period] = submission
        if form.valid_from <= period and (form.valid_to is None or period < form.valid_to):
            read.in_force[facility, form.code, period] = submission
    of_cell = {
        "submission__in": {one.pk for one in read.submissions.values()},
        "element__in": elements,
        "group": group,
    }
    for value in DataValue.objects.filter(**of_cell):
        read.values[value.submission_id, value.element_id] = value
    for change in DataValueChange.objects.filter(**of_cell).select_related("by").order_by("version"):
        read.changes[change.submission_id, change.element_id] = change
    return read


def _owed(duties: Iterable[Duty], month: date) -> list[Form]:
    return [
        duty.form
        for duty in duties
        if duty.from_month <= month and (duty.to_month is None or month < duty.to_month)
    ]


def _filled(read: _Read, part: FacilityMonth, term: Term, form: Form) -> _Due:
    """The cell as it counts: the approved value, else of a yearly form what stood there last year."""
    period = date(part.month.year, 1, 1) if form.is_yearly else part.month
    submission = read.submissions.get((part.facility, form.pk, period))
    if submission is not None:
        value = read.values.get((submission.pk, term.element_id))
        says = value is not None and (value.value is not None or value.no_data)
        if says and submission.status == Submission.Status.APPROVED:
            return _Due(term, form, period, submission, value)
    if form.is_yearly:
        past = _of_last_year(read, part, term, form, period)
        if past is not None and past.value is not None:
            return past
    return _Due(term, form, period, submission)


def _of_last_year(read: _Read, part: FacilityMonth, term: Term, form: Form, period: date) -> _Due | None:
    submission = read.in_force.get((part.facility, form.code, date(period.year - 1, 1, 1)))
    if submission is None or submission.status != Submission.Status.APPROVED:
        return None
    value = read.values.get((submission.pk, term.element_id))
    return _Due(term, form, period, submission, value, stands_in=True)


def _missing(part: FacilityMonth, due: Sequence[_Due]) -> MissingMonth:
    lacks = tuple((one.form, one.period, one.term.element, _why(one)) for one in due if one.official is None)
    return MissingMonth(part.facility, part.month, tuple(dict.fromkeys(lacks)))


def _why(due: _Due) -> str:
    if due.submission is None:
        return "no_report"
    if due.submission.status != Submission.Status.APPROVED:
        return due.submission.status
    return "no_data" if due.value is not None and due.value.no_data else "blank"
