"""What a filled workbook would change, beside what is stored now. A handful of queries whatever the size."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from facilities.models import Facility, User
from facilities.periods import parse_period
from facilities.permissions import Permission, facilities_for
from indicators.actions.closures import closed_slots
from indicators.actions.duties import due_in
from indicators.actions.figure_errors import NotDue, NotOpen, closed_words
from indicators.cell_json import State, write_state
from indicators.expressions import cell_text
from indicators.models import DataValue, Duty, Form, FormItem, Submission
from indicators.values import CellValue
from indicators.workbooks.container import Refused
from indicators.workbooks.filled import Entry, Filled
from indicators.workbooks.stamp import Stamp, StampedSheet

Preview = dict[str, Any]


def preview_of(stamp: Stamp, filled: Filled, by: User) -> Preview:
    """{"period", "yearly", "places": [place…], "rejects": […], "rejected": how many, "notes": […]}.

    A place is one submission: {"key", "facility", "name", "form", "form_name", "version", "blocked", "changes"};
    a change {"cell", "label", "before", "server", "file", "conflict", "sheet", "row", "column"}. Cells that read as
    they did at download, or as they stand now, are no changes. Raises Refused.
    """
    yearly = len(stamp.period) == 4
    period = parse_period(stamp.period, yearly=yearly)
    forms = _forms(stamp.sheets, yearly=yearly)
    codes = {code for sheet in stamp.sheets for code in sheet.versions}
    mine = {f.code: f for f in facilities_for(by, Permission.EDIT_SUBMISSION).filter(code__in=codes)}
    if not mine:
        raise Refused("not_yours")
    stored = Stored(period, forms.values(), mine.values(), yearly=yearly)
    changed: dict[tuple[str, str], list[Entry]] = defaultdict(list)
    for entry in filled.entries:
        if entry.now != entry.before and (
            entry.facility not in mine
            or entry.now != stored.state(mine[entry.facility], forms[entry.form], entry)
        ):
            changed[entry.facility, entry.form].append(entry)
    # In one order whatever that of the file: two who confirm at once wait for each other's rows, never in a ring.
    ordered = sorted(changed, key=lambda place: (place[1], place[0]))
    places = [stored.place(forms[form], code, mine.get(code), changed[code, form]) for code, form in ordered]
    return {
        "period": stamp.period,
        "yearly": yearly,
        "written_at": stamp.written_at,
        "places": places,
        "rejects": [asdict(reject) for reject in filled.rejects],
        "rejected": filled.rejected,
        "notes": filled.notes,
    }


def compared_again(preview: Preview, by: User) -> list[Preview]:
    """The places of a preview beside what is stored now: what reads as it stands now is no change any more."""
    period = parse_period(preview["period"], yearly=preview["yearly"])
    before = preview["places"]
    forms = Form.objects.in_bulk({place["form"] for place in before})
    codes = {place["facility"] for place in before}
    mine = {f.code: f for f in facilities_for(by, Permission.EDIT_SUBMISSION).filter(code__in=codes)}
    stored = Stored(period, forms.values(), mine.values(), yearly=preview["yearly"])
    places = []
    for place in before:
        form, facility = forms.get(place["form"]), mine.get(place["facility"])
        if form is None:
            continue
        entries = [_entry(form, place, change) for change in place["changes"]]
        if facility:
            entries = [one for one in entries if one.now != stored.state(facility, form, one)]
        if entries:
            places.append(stored.place(form, place["facility"], facility, entries))
    return places


def _entry(form: Form, place: Preview, change: Preview) -> Entry:
    """What the file said of a cell, out of the preview that kept it."""
    where = (change["sheet"], change["row"], change["column"])
    said = change["cell"], change["label"], change["before"], change["file"]
    return Entry(form.code, place["facility"], *said, where)


def _forms(sheets: Sequence[StampedSheet], *, yearly: bool) -> dict[str, Form]:
    """The forms the sheets are of, by `form_key`, with the cells they had at download. Raises Refused."""
    kind = Form.Periodicity.YEAR if yearly else Form.Periodicity.MONTH
    wanted = {sheet.form_key: sheet for sheet in sheets}
    named = Form.objects.filter(code__in={sheet.form for sheet in sheets}, periodicity=kind)
    found = {f"{form.code}@{form.valid_from.isoformat()}": form for form in named}
    cells: dict[int, set[str]] = defaultdict(set)
    items = FormItem.objects.filter(form__in=found.values())
    for form_id, element, group in items.values_list("form", "element__code", "group__code"):
        cells[form_id].add(cell_text((element, group)))
    for key, sheet in wanted.items():
        ids = sheet.lines if sheet.facility else sheet.columns
        if key not in found or cells[found[key].pk] != {one[0] for one in ids}:
            raise Refused("form_changed", sheet.name)
    return {key: found[key] for key in wanted}


class Stored:
    """What stands in the database for these facilities, forms and period."""

    def __init__(
        self, period: date, forms: Iterable[Form], facilities: Iterable[Facility], *, yearly: bool
    ) -> None:
        forms, facilities = list(forms), list(facilities)
        key = {"period": period, "form__in": forms, "facility__in": facilities}
        self.submissions = {(s.facility_id, s.form_id): s for s in Submission.objects.filter(**key)}
        self.owed = set(
            Duty.objects.filter(
                due_in(period, yearly=yearly), form__in=forms, facility__in=facilities
            ).values_list("facility", "form")
        )
        slots = [(facility.pk, period, yearly) for facility in facilities]
        self.closed = {facility for facility, _period, _yearly in closed_slots(slots)}
        self.words = closed_words(period, yearly=yearly)
        self.values: dict[tuple[int, int, str], State] = {}
        rows = DataValue.objects.filter(**{f"submission__{name}": value for name, value in key.items()})
        for facility, form, element, group, value, no_data in rows.values_list(
            "submission__facility", "submission__form", "element__code", "group__code", "value", "no_data"
        ):
            self.values[facility, form, cell_text((element, group))] = write_state(CellValue(value, no_data))

    def state(self, facility: Facility, form: Form, entry: Entry) -> State:
        return self.values.get((facility.pk, form.pk, entry.cell))

    def place(self, form: Form, code: str, facility: Facility | None, entries: Sequence[Entry]) -> Preview:
        submission = self.submissions.get((facility.pk, form.pk)) if facility else None
        return {
            "key": f"{code}:{form.code}",
            "facility": code,
            "name": facility.name if facility else code,
            "form": form.pk,
            "form_name": form.label,
            "version": submission.version if submission else 0,
            "blocked": self.blocked(form, facility, submission),
            "changes": [self.change(form, facility, entry) for entry in entries],
        }

    def blocked(self, form: Form, facility: Facility | None, submission: Submission | None) -> str:
        """Why nothing of this place can be stored, "" where it can."""
        if facility is None:
            return _("Tài khoản này không nhập số liệu của cơ sở.")
        if (facility.pk, form.pk) not in self.owed:
            return str(NotDue())
        if facility.pk in self.closed:
            return self.words
        return "" if submission is None or submission.is_open else str(NotOpen(submission))

    def change(self, form: Form, facility: Facility | None, entry: Entry) -> Preview:
        server = self.state(facility, form, entry) if facility else entry.before
        sheet, row, column = entry.where
        return {
            "cell": entry.cell,
            "label": entry.label,
            "before": entry.before,
            "server": server,
            "file": entry.now,
            "conflict": server != entry.before,
            "sheet": sheet,
            "row": row,
            "column": column,
        }
