"""A form as a sheet: sections of rows, each with what was typed, what it means and what stands beside it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from django.db.models import QuerySet
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from facilities.models import Facility
from facilities.numbers import format_number
from indicators.actions.figures import Conflict
from indicators.actions.notes import Notes
from indicators.checks import Finding, compared_periods, find_breaks
from indicators.expressions import Cell, cell_text
from indicators.forms import KEEP, NOTE, TEXT, TICK, TypedCell, field_name
from indicators.models import CellNote, DataValue, Form, FormItem, Submission
from indicators.presenters.periods import period_words
from indicators.values import BLANK, CellValue

NO_DATA_WORD = "NA"


@dataclass(frozen=True)
class Clash:
    """Two people changed one cell: both values printed, and the name of the choice between them."""

    name: str
    theirs: str
    yours: str
    by: str
    conflict: Conflict


@dataclass(frozen=True)
class Row:
    """One cell of the form. `past` are the printed values of the periods compared with, in their order."""

    cell: Cell
    id: str
    text_name: str
    tick_name: str
    note_name: str
    column: str
    label: str
    definition: str
    text: str
    ticked: bool
    printed: str
    is_blank: bool
    past: list[tuple[str, str]]
    error: str
    findings: list[Finding]
    clash: Clash | None
    note: str = ""
    sent_back: str = ""  # what the reviewer asked to be mended in this cell
    written_name: str = ""
    is_mended: bool = False  # it holds another value now than the one the reviewer spoke of

    @property
    def has_past(self) -> bool:
        """Whether something other than 0 was counted in one of the compared periods."""
        return any(text not in ("", "0", NO_DATA_WORD) for _words, text in self.past)

    @property
    def has_words(self) -> bool:
        return bool(self.error or self.findings or self.clash or self.note or self.sent_back)


@dataclass(frozen=True)
class Section:
    pk: int
    title: str
    rows: list[Row]

    @property
    def blanks(self) -> int:
        return sum(row.is_blank for row in self.rows)


@dataclass(frozen=True)
class Sheet:
    """`past` names the compared periods; `findings` are the broken rules of what is stored."""

    sections: list[Section]
    past: list[str]
    findings: list[Finding]
    errors: list[Row] = field(default_factory=list)

    @property
    def sent_back(self) -> list[Row]:
        """The cells a reviewer asked to be mended, those mended since among them."""
        return [row for section in self.sections for row in section.rows if row.sent_back]

    @property
    def cells(self) -> int:
        return sum(len(section.rows) for section in self.sections)

    @property
    def blanks(self) -> int:
        return sum(section.blanks for section in self.sections)

    @property
    def filled(self) -> int:
        """Cells with a count or "no data": one that can not be read is not filled."""
        return self.cells - self.blanks - len(self.errors)


def sheet_of(
    facility: Facility,
    form: Form,
    period: date,
    submission: Submission | None,
    *,
    typed: Mapping[Cell, TypedCell] | None = None,
    conflicts: Sequence[Conflict] = (),
    notes: Notes | None = None,
    noted: Mapping[Cell, str] | None = None,
) -> Sheet:
    """The sheet as stored, with `typed` texts and `noted` notes standing where they were typed.

    Two queries for cells and values, up to three more for the rules of a submission with values.
    """
    compared = compared_days(form, period)
    values = values_of(facility, form.code, [period, *(day for day, _words in compared)])
    now = values[period]
    findings = find_breaks([submission]).get(submission.pk, []) if submission and now else []
    clashes = {conflict.cell: _clash(conflict) for conflict in conflicts}
    sections: dict[int, Section] = {}
    for item in items_of(form):
        cell = (item.element.code, item.group.code)
        row = _row(
            item,
            cell,
            now.get(cell, BLANK),
            (typed or {}).get(cell),
            [(words, printed(values[day].get(cell, BLANK))) for day, words in compared],
            findings,
            clashes.get(cell),
            (notes or {}).get(cell, {}),
            (noted or {}).get(cell),
        )
        section = sections.setdefault(item.section_id, Section(item.section_id, item.section.label, []))
        section.rows.append(row)
    kept = list(sections.values())
    errors = [row for section in kept for row in section.rows if row.error]
    return Sheet(kept, [words for _day, words in compared], findings, errors)


def reason_beside(sheet: Sheet, reason: str) -> str:
    """Why the whole was sent back; "" where that only repeats what is said of the cells."""
    rest = reason
    for row in sheet.sent_back:
        for name in (row.written_name, cell_text(row.cell)):
            rest = rest.replace(f"{name}: {row.sent_back}", "")
    return reason if rest.strip("; ") else ""


def printed(value: CellValue) -> str:
    """A count in Vietnamese digits, NA, or "" for a cell not yet entered: three different things."""
    if value.no_data:
        return NO_DATA_WORD
    return "" if value.value is None else format_number(value.value)


def anchor_of(cell: Cell) -> str:
    """The id of the cell's field on the page of its form: `c-B4-7-DTTS`."""
    return "c-" + "-".join(part.replace(".", "-") for part in cell if part)


def items_of(form: Form) -> QuerySet[FormItem]:
    """Its cells in the order of the form, with all that names them."""
    return form.items.select_related("section", "element", "group").order_by("section__order", "order")


def compared_days(form: Form, period: date) -> list[tuple[date, str]]:
    """The period before and, for months, the same month a year before."""
    before, year_before = compared_periods(form.is_yearly, period)
    days = [year_before] if form.is_yearly else [before, year_before]
    return [(day, _short(day, form.is_yearly)) for day in days]


def _short(day: date, yearly: bool) -> str:
    words = period_words(day, yearly=yearly)
    return words[0].upper() + words[1:]


def values_of(
    facility: Facility, form_code: str, periods: Sequence[date]
) -> dict[date, dict[Cell, CellValue]]:
    """Stored cells by period; versions of a form share element codes, so any version serves. One query."""
    rows = DataValue.objects.filter(
        submission__facility=facility, submission__form__code=form_code, submission__period__in=periods
    ).values_list("submission__period", "element__code", "group__code", "value", "no_data")
    found: dict[date, dict[Cell, CellValue]] = defaultdict(dict)
    for period, element, group, value, no_data in rows:
        found[period][element, group] = CellValue(value, no_data)
    return found


def _row(
    item: FormItem,
    cell: Cell,
    stored: CellValue,
    typed: TypedCell | None,
    past: list[tuple[str, str]],
    findings: Sequence[Finding],
    clash: Clash | None,
    notes: Mapping[str, CellNote],
    noted: str | None,
) -> Row:
    english = get_language() == "en" and item.element.definition_en
    state = typed.state if typed and typed.state is not None else stored
    return Row(
        cell=cell,
        id=anchor_of(cell),
        text_name=field_name(TEXT, cell),
        tick_name=field_name(TICK, cell),
        note_name=field_name(NOTE, cell),
        column=item.column,
        label=item.label,
        definition=item.element.definition_en if english else item.element.definition,
        text=typed.text if typed else "" if stored.no_data else str(stored),
        ticked=typed.ticked if typed else stored.no_data,
        printed=printed(stored),
        is_blank=state.is_blank and not (typed and typed.error),
        past=past,
        error=typed.error if typed else "",
        findings=[finding for finding in findings if finding.cells[0] == cell],
        clash=clash,
        note=_text(notes.get("note"))
        if noted is None
        else noted,  # one just typed stands before the stored one
        sent_back=_text(told := notes.get("sent_back")),
        written_name=item.written_name,
        is_mended=told is not None and CellValue(told.value, told.no_data) != stored,
    )


def _text(note: CellNote | None) -> str:
    return note.text if note else ""


def _clash(conflict: Conflict) -> Clash:
    blank = _("ô trống")
    return Clash(
        name=field_name(KEEP, conflict.cell),
        theirs=printed(conflict.theirs) or blank,
        yours=printed(conflict.yours) or blank,
        by=conflict.by or _("Người khác"),
        conflict=conflict,
    )
