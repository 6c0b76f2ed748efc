"""What goes into a workbook: one form of a facility, or a month of many facilities. A few queries whatever the size."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from django.utils import timezone
from django.utils.translation import gettext as _

from facilities.models import Facility
from facilities.periods import format_period
from indicators.actions.closures import closed_slots
from indicators.cell_json import State, write_state
from indicators.checks import compared_periods
from indicators.deadlines import Owed
from indicators.expressions import cell_text
from indicators.models import DataValue, Form, FormItem, Submission
from indicators.presenters.periods import period_words
from indicators.presenters.sheet import items_of, values_of
from indicators.values import CellValue
from indicators.workbooks.stamp import Line, Stamp, StampedSheet

VALUE = "value"  # the one input column of a form's sheet
States = dict[str, State]  # by cell text


@dataclass(frozen=True)
class SheetPlan:
    """A sheet to be written. `is_open` says of each line whether it may be typed into.

    `past` are printed beside a line under `past_heads`; `sections` holds titles by the line they stand above.
    """

    stamped: StampedSheet
    title: str
    heads: tuple[str, str]
    is_open: list[bool]
    past_heads: list[str] = field(default_factory=list)
    past: list[list[State]] = field(default_factory=list)
    sections: dict[int, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Book:
    """`definitions` are rows of form, column, wording, definition."""

    period: str
    sheets: list[SheetPlan]
    definitions: list[tuple[str, str, str, str]]

    @property
    def stamp(self) -> Stamp:
        at = timezone.localtime().isoformat(timespec="seconds")
        return Stamp(self.period, at, [plan.stamped for plan in self.sheets])


def form_book(facility: Facility, form: Form, period: date, submission: Submission | None) -> Book:
    """The form of one facility with what is stored and the periods compared with beside it. A few queries."""
    items = list(items_of(form))
    compared = list(dict.fromkeys(compared_periods(form.is_yearly, period)))
    values = _values_by_period(facility, form.code, [period, *compared])
    lines, sections = [], {}
    section = None
    for index, item in enumerate(items):
        if item.section_id != section:
            section, sections[index] = item.section_id, item.section.label
        lines.append((_id(item), item.column, item.label))
    now = period_words(period, yearly=form.is_yearly)
    stamped = StampedSheet(
        name=sheet_name(form.code),
        form=form.code,
        valid_from=form.valid_from.isoformat(),
        facility=facility.code,
        columns=[(VALUE, _capital(now))],
        lines=lines,
        states=[[values[period].get(line[0])] for line in lines],
        versions={facility.code: submission.version if submission else 0},
    )
    is_closed = bool(closed_slots([(facility.pk, period, form.is_yearly)]))
    plan = SheetPlan(
        stamped,
        title=f"{form.label} · {facility.name} · {now}",
        heads=(_("Cột"), _("Nội dung")),
        is_open=[_is_open(submission, is_closed)] * len(lines),
        past_heads=[_capital(period_words(day, yearly=form.is_yearly)) for day in compared],
        past=[[values[day].get(line[0]) for day in compared] for line in lines],
        sections=sections,
    )
    return Book(format_period(period, yearly=form.is_yearly), [plan], _definitions(form, items))


def area_book(owed: Sequence[Owed], period: date, *, yearly: bool) -> Book:
    """One sheet a form; a line a facility, a column a cell. A few queries and one a form."""
    by_form: dict[Form, list[Facility]] = defaultdict(list)
    for one in owed:
        by_form[one.form].append(one.facility)
    key = {"period": period, "form__in": by_form, "facility__in": {one.facility for one in owed}}
    submissions = {(s.facility_id, s.form_id): s for s in Submission.objects.filter(**key)}
    values = _values_by_place(key)
    slots = {(one.facility.pk, period, yearly) for one in owed}
    closed = {facility for facility, _period, _yearly in closed_slots(slots)}
    sheets, definitions, names = [], [], set()
    for form in sorted(by_form, key=lambda form: (form.code, form.valid_from)):
        items = list(items_of(form))
        facilities = sorted(by_form[form], key=lambda facility: facility.code)
        name = sheet_name(form.code)
        name = f"{name[:19]} {form.valid_from:%Y-%m-%d}" if name in names else name
        names.add(name)
        sheets.append(_area_sheet(name, form, period, items, facilities, submissions, values, closed))
        definitions += _definitions(form, items)
    return Book(format_period(period, yearly=yearly), sheets, definitions)


def _area_sheet(
    name: str,
    form: Form,
    period: date,
    items: Sequence[FormItem],
    facilities: Sequence[Facility],
    submissions: Mapping[tuple[int, int], Submission],
    values: Mapping[tuple[int, int], States],
    closed: Collection[int],
) -> SheetPlan:
    begun = [submissions.get((facility.pk, form.pk)) for facility in facilities]
    columns = [(_id(item), f"{item.column} {item.label}".strip()) for item in items]
    lines: list[Line] = [(facility.code, facility.code, facility.name) for facility in facilities]
    stored = [values.get((facility.pk, form.pk), {}) for facility in facilities]
    stamped = StampedSheet(
        name=name,
        form=form.code,
        valid_from=form.valid_from.isoformat(),
        facility="",
        columns=columns,
        lines=lines,
        states=[[own.get(cell) for cell, _label in columns] for own in stored],
        versions={f.code: s.version if s else 0 for f, s in zip(facilities, begun, strict=True)},
    )
    return SheetPlan(
        stamped,
        title=f"{form.label} · {period_words(period, yearly=form.is_yearly)}",
        heads=(_("Mã"), _("Cơ sở")),
        is_open=[_is_open(s, f.pk in closed) for f, s in zip(facilities, begun, strict=True)],
    )


def _is_open(submission: Submission | None, is_closed: bool) -> bool:
    return not is_closed and (submission is None or submission.is_open)


def sheet_name(code: str) -> str:
    """A name spreadsheets accept."""
    return re.sub(r"[\[\]:*?/\\']", " ", _("Biểu %(code)s") % {"code": code})[:31]


def _id(item: FormItem) -> str:
    return cell_text((item.element.code, item.group.code))


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]


def _definitions(form: Form, items: Sequence[FormItem]) -> list[tuple[str, str, str, str]]:
    return [
        (form.code, item.column, item.label, item.element.explanation)
        for item in items
        if item.element.explanation and not item.group.code
    ]


def _values_by_period(facility: Facility, code: str, periods: Sequence[date]) -> dict[date, States]:
    found = values_of(facility, code, periods)
    return {
        period: {cell_text(cell): write_state(state) for cell, state in found.get(period, {}).items()}
        for period in periods
    }


def _values_by_place(key: Mapping[str, object]) -> dict[tuple[int, int], States]:
    """Stored cells by facility and form; `key` is what their submissions are filtered by."""
    found: dict[tuple[int, int], States] = defaultdict(dict)
    rows = DataValue.objects.filter(
        **{f"submission__{name}": value for name, value in key.items()}
    ).values_list(
        "submission__facility", "submission__form", "element__code", "group__code", "value", "no_data"
    )
    for facility, form, element, group, value, no_data in rows.iterator():
        found[facility, form][cell_text((element, group))] = write_state(CellValue(value, no_data))
    return found
