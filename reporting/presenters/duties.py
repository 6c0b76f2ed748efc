"""Who owes which report: the rows of the page of duties and of its file."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, F, OuterRef, QuerySet
from django.db.models.functions import ExtractYear
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from facilities.models import Area, Coverage
from facilities.table_files import Sheet
from plans.models import ReportDuty
from reporting.actions.duty_notices import OVERDUE_AT_MOST
from reporting.models import ExpectedReport, Report, Snapshot

State = ExpectedReport.State
# Our own reports go out: other words for the same states. Code of the look, words.
OWN_WORDS = {
    State.EXPECTED: gettext_lazy("chưa đến hạn"),
    State.RECEIVED: gettext_lazy("đã gửi"),
    State.LATE: gettext_lazy("gửi muộn"),
    State.MISSING: gettext_lazy("quá hạn, chưa gửi"),
}
LOOKS = {State.EXPECTED: "not_due", State.RECEIVED: "approved", State.LATE: "late", State.MISSING: "missing"}


@dataclass(frozen=True)
class Row:
    expected: ExpectedReport
    state: State
    look: str
    words: str
    progress: str
    can_tick: bool


def expected_reports(areas: QuerySet[Area], may_prepare: QuerySet[Area]) -> QuerySet[ExpectedReport]:
    """What is owed on plans of these areas, latest day first, with `can_tick`, `is_frozen`, `is_shared`. One query."""
    same = ExpectedReport.objects.filter(report=OuterRef("report")).exclude(pk=OuterRef("pk"))
    own = Coverage.objects.filter(area__in=may_prepare, covered=OuterRef("duty__plan__area"))
    return (
        ExpectedReport.objects.filter(duty__plan__area__in=Area.objects.covered_by(areas))
        .select_related("duty__plan__area", "report__plan", "by", "undone_by")
        .annotate(
            can_tick=Exists(own),
            is_shared=Exists(same),
            is_frozen=Exists(Snapshot.objects.filter(report=OuterRef("report"))),
        )
        .order_by("-due_on", "duty", "reporter")
    )


def answered_by(report: Report) -> list[ExpectedReport]:
    """The duties this one report answers, the earliest day first. One query."""
    return list(report.expected.select_related("duty").order_by("due_on", "pk"))


def in_state(rows: QuerySet[ExpectedReport], state: str, today: date) -> QuerySet[ExpectedReport]:
    """Those in one state on `today`; every one where the state is unknown. Follows `ExpectedReport.state_on`."""
    came = rows.filter(received_on__isnull=False)
    waits = rows.filter(received_on=None)
    late = came.filter(received_on__gt=F("due_on"))
    return {
        State.RECEIVED: came.filter(received_on__lte=F("due_on")),
        State.LATE: late,
        State.MISSING: waits.filter(due_on__lt=today),
        State.EXPECTED: waits.filter(due_on__gte=today),
    }.get(state, rows)


def rows_of(found: Iterable[ExpectedReport], today: date) -> list[Row]:
    return [_row(one, today) for one in found]


def _row(one: ExpectedReport, today: date) -> Row:
    state = one.state_on(today)
    words = OWN_WORDS[state] if one.duty.is_own else state.label
    progress = ""
    if one.duty.is_own and one.received_on is None:
        progress = _("chưa lập") if one.report is None else _("đã chốt") if one.is_frozen else _("đang soạn")
    return Row(one, state, LOOKS[state], str(words), progress, one.can_tick)


def undated(areas: QuerySet[Area], may_prepare: QuerySet[Area]) -> QuerySet[ReportDuty]:
    """Duties without a day, and those whose yearly day a planner may set anew, with `can_set`."""
    own = Coverage.objects.filter(area__in=may_prepare, covered=OuterRef("plan__area"))
    duties = ReportDuty.objects.filter(plan__area__in=Area.objects.covered_by(areas), due=None)
    return duties.select_related("plan__area", "set_by").annotate(can_set=Exists(own))


def years_of(rows: QuerySet[ExpectedReport]) -> list[int]:
    found = rows.order_by().annotate(due_year=ExtractYear("due_on")).values_list("due_year", flat=True)
    return sorted(set(found), reverse=True)


def sheet(rows: list[Row], facts: list[tuple[str, str]]) -> Sheet:
    heads = [
        _("Hạn"), _("Kế hoạch"), _("Cơ quan báo cáo"), _("Gửi"), _("Qua"), _("Năm"), _("Tình trạng"),
        _("Nhận ngày"), _("Ghi chú"),
    ]  # fmt: skip
    return Sheet(
        name=_("Báo cáo phải gửi và phải nhận"),
        facts=facts,
        heads=heads,
        rows=[
            [
                f"{row.expected.due_on:%d/%m/%Y}",
                str(row.expected.duty.plan),
                row.expected.reporter,
                row.expected.duty.recipient,
                row.expected.duty.through,
                row.expected.year,
                f"{row.words} ({row.progress})" if row.progress else row.words,
                f"{row.expected.received_on:%d/%m/%Y}" if row.expected.received_on else "",
                row.expected.note,
            ]
            for row in rows
        ],
    )


@dataclass(frozen=True)
class Waiting:
    """A report somebody waits for. `reporters`: of how many agencies, 0 where it is our own; `days`: left, < 0 late."""

    expected: ExpectedReport
    state: Row
    days: int
    reporters: int = 0

    @property
    def late(self) -> int:
        return -self.days


def waiting_reports(areas: QuerySet[Area], today: date) -> list[Waiting]:
    """Reports of plans of these areas that are due and not there, the earliest first; one query.

    One long overdue is on the page of duties alone, as no notice tells of it either. Other agencies' are told of
    where they are late, and those of one duty and year are one entry.
    """
    found = expected_reports(areas, areas).filter(
        received_on=None, due_on__gte=today - OVERDUE_AT_MOST, can_tick=True
    )
    entries: dict[tuple[int, int, str], list[ExpectedReport]] = {}
    for one in found.order_by("due_on", "duty", "year", "reporter"):
        if one.duty.is_own or one.due_on < today:
            name = one.reporter if one.duty.is_own else ""
            entries.setdefault((one.duty_id, one.year, name), []).append(one)
    return [
        Waiting(ones[0], _row(ones[0], today), (ones[0].due_on - today).days, 0 if name else len(ones))
        for (_duty, _year, name), ones in entries.items()
    ]
