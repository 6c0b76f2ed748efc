"""Sheets with their past stored in the portal's database, and the server's own checks run on what is typed in them.

The only module of the trial that knows the portal's models: figures go in as rows, findings come out of
`indicators.checks.find_breaks`, as the review and the form page ask for them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from django.db import transaction
from django.utils import timezone

from benchmarks.slip_measure import Found
from benchmarks.station_sheets import Sheet, Values
from facilities.models import Facility
from indicators.actions.bulk import insert_rows
from indicators.checks import find_breaks
from indicators.models import DataElement, DataValue, Form, Group, Submission

FIELDS = ("submission", "element", "group", "value", "no_data", "version")
OPENED = date(2021, 1, 1)


class StoredSheets:
    """The sheets as submissions; the catalogue must be loaded. Months before are approved, the current one a draft."""

    def __init__(self, sheets: Sequence[Sheet]) -> None:
        self.elements = dict(DataElement.objects.values_list("code", "pk"))
        self.groups = dict(Group.objects.values_list("code", "pk"))
        self.forms = list(Form.objects.filter(code__in={sheet.form for sheet in sheets}))
        self.facilities = self._facilities({sheet.station for sheet in sheets})
        self.current = dict(zip(map(id, sheets), self._store(sheets), strict=True))

    def __call__(self, typed: Sequence[tuple[Sheet, Values]]) -> list[Found]:
        """The findings of each sheet with these figures typed in it; nothing stays stored."""
        submissions = [self.current[id(sheet)] for sheet, _values in typed]
        with transaction.atomic():
            rows = (
                row
                for submission, (_sheet, values) in zip(submissions, typed, strict=True)
                for row in self._rows(submission, values)
            )
            insert_rows(DataValue, FIELDS, rows)
            breaks = find_breaks(submissions)
            transaction.set_rollback(True)
        return [
            frozenset((found.code, frozenset(found.cells)) for found in breaks.get(submission.pk, ()))
            for submission in submissions
        ]

    def _facilities(self, codes: Iterable[str]) -> dict[str, Facility]:
        stations = [
            Facility(code=code, name=code, folded_name=code.lower(), type=code.split("-")[1], opened=OPENED)
            for code in sorted(codes)
        ]
        return {facility.code: facility for facility in Facility.objects.bulk_create(stations)}

    def _store(self, sheets: Sequence[Sheet]) -> list[Submission]:
        now = timezone.now()
        done = {"status": "approved", "submitted_at": now, "first_submitted_at": now, "decided_at": now}
        past = [
            (self._submission(sheet, month, **done), values)
            for sheet in sheets
            for month, values in sheet.past.items()
        ]
        Submission.objects.bulk_create([submission for submission, _values in past], batch_size=500)
        rows = (row for submission, values in past for row in self._rows(submission, values))
        insert_rows(DataValue, FIELDS, rows)
        current = [self._submission(sheet, sheet.period, status="draft") for sheet in sheets]
        return Submission.objects.bulk_create(current, batch_size=500)

    def _submission(self, sheet: Sheet, month: date, **state: object) -> Submission:
        form = next(
            form
            for form in self.forms
            if form.code == sheet.form
            and form.valid_from <= month
            and (form.valid_to is None or month < form.valid_to)
        )
        facility = self.facilities[sheet.station]
        return Submission(facility=facility, form=form, period=month, version=1, **state)

    def _rows(self, submission: Submission, values: Values) -> Iterable[tuple[object, ...]]:
        for (element, group), value in values.items():
            if value is not None:
                yield submission.pk, self.elements[element], self.groups[group], value, False, 1
