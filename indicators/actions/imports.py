"""Figures from a file: the whole file is checked first, every refusal named, nothing half-done."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from facilities.models import Facility, User
from facilities.periods import InvalidPeriod, Month, parse_period
from indicators.actions.closures import closed_slots, hold_period
from indicators.actions.duties import is_due
from indicators.actions.figure_errors import closed_words
from indicators.actions.import_store import Incoming, Key, Slot, begin_missing, store
from indicators.checks import problem_text
from indicators.figure_file import Rejected, Report, Row, read_rows
from indicators.models import DataElement, DataValue, Duty, Form, FormItem, Group, Submission
from indicators.values import CellValue, read

CHUNK = 500


class Refused(Exception):
    """A row that can not be stored: the column to look at, and why."""

    def __init__(self, column: str, reason: str) -> None:
        super().__init__(reason)
        self.column = column
        self.reason = reason


@dataclass(frozen=True)
class Known:
    """What the rows of one file are checked against, read once."""

    facilities: Mapping[str, Facility]
    forms: Mapping[str, list[Form]]
    elements: Mapping[str, int]
    groups: Mapping[str, int]
    cells: Mapping[int, set[tuple[int, int]]]
    duties: Mapping[tuple[int, int], list[tuple[date, date | None]]]


@transaction.atomic
def import_figures(*, content: bytes, by: User | None, commit: bool = False, approve: bool = False) -> Report:
    """Read a CSV `facility,form,period,element,group,value`, check every row, and store the good ones.

    Without `commit` nothing is written and `stored` counts what would be. A row equal to what is stored
    counts as stored and writes nothing, so a file can be imported again. Figures go into the draft (or the
    submitted or sent-back submission) of their facility, form and period; a cell of an approved one is
    refused unless it already holds this value, and so is every row of a closed period. With `approve` all
    submissions named by stored rows are submitted and approved, but for those that hold a text nobody could
    read: a station must mend it first, `unapproved` names them. `by` None is the system itself (the command
    line).

    Raises UnreadableFile where the file as a whole can not be used.
    """
    rows = read_rows(content)
    known = _known(rows)
    accepted: dict[Key, Incoming] = {}
    rejected: list[Rejected] = []
    for row in rows:
        try:
            key, incoming = _checked(row, known)
            if key in accepted:
                first = accepted[key].row
                raise Refused("element", _("Ô này đã có ở dòng %(row)d của tệp.") % {"row": first})
            accepted[key] = incoming
        except Refused as refusal:
            rejected.append(Rejected(row.number, refusal.column, refusal.reason))
    if commit:
        for period, yearly in sorted({(key[2], row.form.is_yearly) for key, row in accepted.items()}):
            hold_period(period, yearly=yearly)
    rejected += _remove_closed(accepted)  # after the period is held, see closing.close_period
    if commit:
        begin_missing(accepted, _submissions(accepted, known, lock=False))
    submissions = _submissions(accepted, known, lock=commit)
    stored = _stored_values(submissions.values())
    rejected += _remove_approved(accepted, submissions, stored)
    unread = store(accepted, submissions, stored, by=by, approve=approve) if commit else []
    left = tuple(f"{s.facility.code} {s.form.code} {Month.of(s.period)}" for s in unread)
    return Report(len(rows), len(accepted), tuple(sorted(rejected, key=lambda r: r.row)), left)


def _known(rows: Iterable[Row]) -> Known:
    names: dict[str, set[str]] = defaultdict(set)
    for row in rows:
        for column, text in (row.texts or {}).items():
            names[column].add(text)
    facilities = {f.code: f for chunk in _chunks(names["facility"]) for f in _facilities(chunk)}
    forms = defaultdict(list)
    for form in Form.objects.filter(code__in=names["form"]):
        forms[form.code].append(form)
    cells = defaultdict(set)
    for form_id, element, group in FormItem.objects.values_list("form", "element", "group"):
        cells[form_id].add((element, group))
    duties = defaultdict(list)
    for chunk in _chunks([facility.pk for facility in facilities.values()]):
        for facility, form_id, start, end in Duty.objects.filter(facility__in=chunk).values_list(
            "facility", "form", "from_month", "to_month"
        ):
            duties[facility, form_id].append((start, end))
    return Known(
        facilities,
        forms,
        dict(DataElement.objects.values_list("code", "pk")),
        dict(Group.objects.values_list("code", "pk")),
        cells,
        duties,
    )


def _facilities(codes: list) -> Iterable[Facility]:
    return Facility.objects.filter(code__in=codes)


def _chunks(items: Iterable) -> Iterable[list]:
    ordered = sorted(items)
    return (ordered[index : index + CHUNK] for index in range(0, len(ordered), CHUNK))


def _checked(row: Row, known: Known) -> tuple[Key, Incoming]:
    """The cell and value a row means. Raises Refused."""
    if row.texts is None:
        raise Refused("", _("Dòng không đủ hoặc thừa cột."))
    texts = row.texts
    facility = known.facilities.get(texts["facility"])
    if facility is None:
        raise Refused("facility", _("Không có cơ sở %(code)s.") % {"code": texts["facility"]})
    form, period = _form_of(texts, known)
    element = known.elements.get(texts["element"])
    if element is None:
        raise Refused("element", _("Không có số liệu %(code)s.") % {"code": texts["element"]})
    group = known.groups.get(texts["group"])
    if group is None:
        raise Refused("group", _("Không có nhóm %(code)s.") % {"code": texts["group"]})
    if (element, group) not in known.cells[form.pk]:
        on_form = any(element == other for other, _group in known.cells[form.pk])
        reason = _("Biểu %(form)s của kỳ này không có ô này.") % {"form": form.code}
        raise Refused("group" if on_form else "element", reason)
    owed = known.duties[facility.pk, form.pk]
    if not any(is_due(start, end, period, yearly=form.is_yearly) for start, end in owed):
        reason = _("Cơ sở không phải nộp biểu %(form)s cho kỳ này.") % {"form": form.code}
        raise Refused("facility", reason)
    value = _value(texts["value"])
    return (facility.pk, form.pk, period, element, group), Incoming(row.number, facility, form, value)


def _form_of(texts: Mapping[str, str], known: Known) -> tuple[Form, date]:
    versions = known.forms.get(texts["form"])
    if not versions:
        raise Refused("form", _("Không có biểu %(code)s.") % {"code": texts["form"]})
    yearly = versions[0].is_yearly
    try:
        period = parse_period(texts["period"], yearly=yearly)
    except InvalidPeriod as error:
        shape = _("Biểu năm: kỳ phải viết YYYY.") if yearly else _("Biểu tháng: kỳ phải viết YYYY-MM.")
        raise Refused("period", shape) from error
    if period > timezone.localdate():
        raise Refused("period", _("Kỳ này chưa bắt đầu."))
    for form in versions:
        if form.valid_from <= period and (form.valid_to is None or period < form.valid_to):
            return form, period
    raise Refused("period", _("Biểu %(code)s không có hiệu lực trong kỳ này.") % {"code": texts["form"]})


def _value(text: str) -> CellValue:
    reading = read(text)
    if reading.cell is None:
        raise Refused("value", problem_text(reading))
    if reading.cell.is_blank:
        raise Refused("value", _("Giá trị để trống. Ghi số, hoặc NA nếu không có số liệu."))
    return reading.cell


def _submissions(accepted: Mapping[Key, Incoming], known: Known, *, lock: bool) -> dict[Slot, Submission]:
    """The submissions the rows go into, where they exist; locked for a commit, in the order everybody locks them."""
    wanted = {key[:3] for key in accepted}
    periods = {key[2] for key in wanted}
    if not wanted:
        return {}
    query = Submission.objects.filter(period__gte=min(periods), period__lte=max(periods))
    forms = {form.pk: form for versions in known.forms.values() for form in versions}
    facilities = {facility.pk: facility for facility in known.facilities.values()}
    found = {}
    for chunk in _chunks({key[0] for key in wanted}):
        for submission in query.filter(facility__in=chunk, form__in=forms):
            key = (submission.facility_id, submission.form_id, submission.period)
            if key in wanted:
                submission.form = forms[submission.form_id]
                submission.facility = facilities[submission.facility_id]
                found[key] = submission
    return _locked(found, forms, facilities) if lock else found


def _locked(
    found: Mapping[Slot, Submission], forms: Mapping[int, Form], facilities: Mapping[int, Facility]
) -> dict[Slot, Submission]:
    """The same submissions as they stand once their rows are locked, by their ids as approve_many locks them."""
    locked = {}
    for chunk in _chunks([submission.pk for submission in found.values()]):
        for submission in Submission.objects.select_for_update().filter(pk__in=chunk).order_by("pk"):
            submission.form = forms[submission.form_id]
            submission.facility = facilities[submission.facility_id]
            locked[submission.facility_id, submission.form_id, submission.period] = submission
    return locked


def _stored_values(submissions: Iterable[Submission]) -> dict[tuple[int, int, int], CellValue]:
    stored = {}
    for chunk in _chunks([submission.pk for submission in submissions]):
        for pk, element, group, value, no_data in DataValue.objects.filter(submission__in=chunk).values_list(
            "submission", "element", "group", "value", "no_data"
        ):
            stored[pk, element, group] = CellValue(value, no_data)
    return stored


def _remove_closed(accepted: dict[Key, Incoming]) -> list[Rejected]:
    """Take out rows of periods closed where their facility stands, and say so."""
    closed = closed_slots((key[0], key[2], row.form.is_yearly) for key, row in accepted.items())
    refused = []
    for key, row in list(accepted.items()) if closed else ():
        if (key[0], key[2], row.form.is_yearly) in closed:
            reason = closed_words(key[2], yearly=row.form.is_yearly)
            refused.append(Rejected(row.row, "period", reason))
            del accepted[key]
    return refused


def _remove_approved(
    accepted: dict[Key, Incoming],
    submissions: Mapping[tuple[int, int, date], Submission],
    stored: Mapping[tuple[int, int, int], CellValue],
) -> list[Rejected]:
    """Take out rows that would change an approved submission, and say so."""
    reason = _("Báo cáo đã duyệt với giá trị khác. Trả lại báo cáo trước khi nhập.")
    refused = []
    for key, incoming in list(accepted.items()):
        submission = submissions.get(key[:3])
        if submission is None or submission.status != Submission.Status.APPROVED:
            continue
        if stored.get((submission.pk, key[3], key[4])) != incoming.value:
            refused.append(Rejected(incoming.row, "value", reason))
            del accepted[key]
    return refused
