"""Annex III: how complete, how timely and how often corrected the figures behind the report are."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import date, datetime

from django.db.models import Count, Q, QuerySet
from django.db.models.functions import TruncDate
from django.utils import timezone

from facilities.models import Area, AuditEvent, Facility
from facilities.periods import Month
from facilities.working_days import deadline_after_month
from indicators.models import Correction, DataValueChange, Duty, Form, Submission
from indicators.presenters.history import CORRECTION
from plans.standing import LineStanding
from reporting.content.cells import Cell, Row, Table, column, number, row, share_of, table

HANDED_IN = (Submission.Status.SUBMITTED, Submission.Status.APPROVED)
Tally = dict[str, Counter[str]]


def forms_table(area: Area, as_of: Month | None, year: int) -> Table:
    """One row a form: due, handed in, in time, late, approved, missing, corrected after approval.

    Versions of a form are counted together. A report is in time by its form's deadline.
    """
    return table_of_forms(forms_rows(area, as_of, year))


def forms_rows(area: Area, as_of: Month | None, year: int) -> list[Row]:
    """The rows of an area from January to a month."""
    facilities = Facility.objects.within(Area.objects.filter(pk=area.pk))
    last = as_of or Month(year, 1)
    names: dict[str, str] = {}
    tallies: Tally = defaultdict(Counter)
    if as_of:
        _count_due(facilities, last, names, tallies)
        _count_submissions(facilities, last, tallies)
        _count_corrections(facilities, last, tallies)
    return [
        row([str(index), names[code], *_counts(tallies[code])])
        for index, code in enumerate(sorted(names), start=1)
    ]


def table_of_forms(rows: Sequence[Row]) -> Table:
    return table(
        "quality",
        "CHẤT LƯỢNG SỐ LIỆU: ĐẦY ĐỦ, ĐÚNG HẠN, SỬA SAU DUYỆT",
        [
            column("STT", 4, "center"),
            column("Biểu mẫu", 30),
            column("Phải nộp", 8, "right"),
            column("Đã nộp", 8, "right"),
            column("Tỷ lệ đầy đủ", 9, "right"),
            column("Đúng hạn", 8, "right"),
            column("Tỷ lệ đúng hạn", 9, "right"),
            column("Nộp muộn", 8, "right"),
            column("Đã duyệt", 8, "right"),
            column("Chưa nộp", 8, "right"),
            column("Báo cáo sửa sau duyệt", 10, "right"),
            column("Số liệu sửa sau duyệt", 10, "right"),
        ],
        rows,
        note="Đơn vị: báo cáo của một cơ sở cho một kỳ (tháng, hoặc năm với biểu năm). Số liệu sửa sau duyệt: số ô.",
    )


def _counts(tally: Counter[str]) -> list[Cell]:
    due = tally["due"]
    return [
        number(due),
        number(tally["handed_in"]),
        share_of(tally["handed_in"], due),
        number(tally["in_time"]),
        share_of(tally["in_time"], due),
        number(tally["handed_in"] - tally["in_time"]),
        number(tally["approved"]),
        number(max(due - tally["handed_in"], 0)),
        number(tally["corrected_reports"]),
        number(tally["corrected_cells"]),
    ]


def _count_due(facilities: QuerySet[Facility], last: Month, names: dict[str, str], tallies: Tally) -> None:
    first = date(last.year, 1, 1)
    duties = Duty.objects.filter(
        Q(to_month__isnull=True) | Q(to_month__gt=first),
        facility__in=facilities,
        from_month__lte=last.first_day,
    )
    owed: dict[str, set[tuple[int, date]]] = defaultdict(set)
    for duty in duties.select_related("form"):
        form = duty.form
        if form.is_yearly and not _yearly_is_due(form, last):
            continue
        names[form.code] = form.name
        months = [first] if form.is_yearly else _months(duty, last)
        owed[form.code] |= {(duty.facility_id, month) for month in months}
    for code, pairs in owed.items():
        tallies[code]["due"] = len(pairs)


def _months(duty: Duty, last: Month) -> list[date]:
    months = [month.first_day for month in Month(last.year, 1).until(last)]
    return [m for m in months if duty.from_month <= m and (duty.to_month is None or m < duty.to_month)]


def _yearly_is_due(form: Form, last: Month) -> bool:
    """A yearly form counts once its deadline lies in a month the report covers."""
    day = _deadline(form, date(last.year, 1, 1))
    return day is None or Month.of(day) <= last


def _deadline(form: Form, period: date) -> date | None:
    """The last day in time: working days after the month, or the form's day of the year it describes."""
    if form.is_yearly and form.deadline_month_day:
        return date.fromisoformat(f"{period.year}-{form.deadline_month_day}")
    if form.deadline_working_days and not form.is_yearly:
        return deadline_after_month(Month.of(period), form.deadline_working_days)
    return None


def _submissions(facilities: QuerySet[Facility], last: Month) -> QuerySet[Submission]:
    period = (date(last.year, 1, 1), last.first_day)
    return Submission.objects.filter(facility__in=facilities, period__range=period)


def _count_submissions(facilities: QuerySet[Facility], last: Month, tallies: Tally) -> None:
    groups = (
        _submissions(facilities, last)
        .filter(status__in=HANDED_IN)
        .values("form", "period", "status", day=TruncDate("first_submitted_at"))
        .annotate(n=Count("pk"))
        .order_by()
    )
    forms = Form.objects.in_bulk()
    for group in groups:
        form = forms[group["form"]]
        if form.code not in tallies:
            continue
        tally, deadline = tallies[form.code], _deadline(form, group["period"])
        tally["handed_in"] += group["n"]
        tally["approved"] += group["n"] * (group["status"] == Submission.Status.APPROVED)
        tally["in_time"] += group["n"] * (deadline is None or group["day"] <= deadline)


def _count_corrections(facilities: QuerySet[Facility], last: Month, tallies: Tally) -> None:
    """Cells changed after their report was approved: by an accepted correction, or once it was sent back."""
    events = AuditEvent.objects.filter(
        verb="send_back",
        subject_type=Submission._meta.label_lower,
        details__before=Submission.Status.APPROVED,
        at__gte=timezone.make_aware(datetime(last.year, 1, 1)),
    )
    since: dict[int, datetime] = {}
    for event in events.order_by("-at"):
        since[int(event.subject_id)] = event.at
    accepted = Correction.objects.filter(status=Correction.Status.ACCEPTED)
    mine = _submissions(facilities, last).filter(
        Q(pk__in=list(since)) | Q(pk__in=accepted.values("submission"))
    )
    codes = dict(mine.values_list("pk", "form__code"))
    corrected: dict[str, set[tuple[int, int, int]]] = defaultdict(set)
    for change in DataValueChange.objects.filter(submission__in=codes):
        reopened = since.get(change.submission_id)
        if change.source == CORRECTION or (reopened is not None and change.at >= reopened):
            cell = (change.submission_id, change.element_id, change.group_id)
            corrected[codes[change.submission_id]].add(cell)
    for code, cells in corrected.items():
        tallies[code]["corrected_cells"] = len(cells)
        tallies[code]["corrected_reports"] = len({submission for submission, _element, _group in cells})


def completeness_table(standings: Sequence[LineStanding]) -> Table:
    """One row a computed line: facility-months that entered of those due."""
    return table_of_completeness(completeness_rows(standings))


def completeness_rows(standings: Sequence[LineStanding]) -> list[Row]:
    rows = []
    for standing in standings:
        if not standing.computed:
            continue
        line = standing.line
        missing = standing.expected - standing.reported
        share = share_of(standing.reported, standing.expected)
        counts = [number(standing.expected), number(standing.reported), number(missing), share]
        rows.append(row([line.key, line.name, *counts]))
    return rows


def table_of_completeness(rows: Sequence[Row]) -> Table:
    return table(
        "completeness",
        "MỨC ĐẦY ĐỦ CỦA SỐ LIỆU THEO CHỈ TIÊU",
        [
            column("Mã", 6, "center"),
            column("Chỉ tiêu", 50),
            column("Cơ sở–tháng phải có", 13, "right"),
            column("Đã có, được duyệt", 13, "right"),
            column("Còn thiếu", 10, "right"),
            column("Tỷ lệ đầy đủ", 10, "right"),
        ],
        rows,
    )
