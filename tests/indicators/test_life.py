"""Closing periods, words on cells sent back, proposals to correct, reasons for what is missing: the actions."""

from __future__ import annotations

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied

from facilities.models import AuditEvent, Role, StaleMark
from indicators.actions.absences import AlreadyFiled, explain_absence
from indicators.actions.closing import ClosingRefused, close_period, reopen_period
from indicators.actions.corrections import (
    CellsMoved,
    CorrectionRefused,
    accept_correction,
    propose_correction,
    refuse_correction,
    withdraw_correction,
)
from indicators.actions.figure_errors import PeriodClosed, UnknownCell
from indicators.actions.figures import save_cells
from indicators.actions.imports import import_figures
from indicators.actions.submissions import (
    ChangedSince,
    InvalidTransition,
    approve,
    approve_many,
    recall,
    send_back,
    submit,
)
from indicators.models import (
    Absence,
    CellNote,
    ClosedPeriod,
    Correction,
    DataValue,
    DataValueChange,
    Submission,
)
from indicators.values import BLANK, NO_DATA, CellValue
from tests.factories import person
from tests.factories_indicators import FormFactory, SubmissionFactory, settle_duties

pytestmark = pytest.mark.django_db
AUGUST = date(2025, 8, 1)
ALL, PART = ("X.all", ""), ("X.part", "")


@pytest.fixture
def form(world):
    form = FormFactory(code="X", cells=[ALL, PART])
    settle_duties()
    return form


@pytest.fixture
def make(world, form):
    def call(status, facility="T-a1", **fields):
        values = fields.pop("values", {ALL: 5, PART: 2})
        station = world.facilities[facility]
        return SubmissionFactory(facility=station, form=form, status=status, values=values, **fields)

    return call


@pytest.fixture
def close(world, cast):
    def call(area="M", period=AUGUST, yearly=False):
        return close_period(area=world.areas[area], period=period, yearly=yearly, by=cast.reviewer)

    return call


# --- closed periods ---------------------------------------------------------------------------------


STEPS = {
    "submit": lambda s, cast: submit(submission=s, by=cast.clerk),
    "recall": lambda s, cast: recall(submission=s, by=cast.clerk),
    "approve": lambda s, cast: approve(submission=s, by=cast.reviewer),
    "send_back": lambda s, cast: send_back(submission=s, by=cast.reviewer, reason="Xem lại."),
    "propose": lambda s, cast: propose_correction(
        submission=s, cells={ALL: CellValue(6)}, reason="Sót.", by=cast.clerk
    ),
    "save": lambda s, cast: save_cells(
        facility=s.facility, form=s.form, period=s.period, cells={ALL: CellValue(9)}, by=cast.clerk
    ),
}
BEFORE = {"submit": "draft", "recall": "submitted", "approve": "submitted", "send_back": "approved",
          "propose": "approved", "save": "draft"}  # fmt: skip


@pytest.mark.parametrize("step", STEPS)
def test_nothing_moves_in_a_closed_period_until_it_is_reopened(make, cast, close, step):
    submission = make(BEFORE[step])
    closed = close()
    with pytest.raises(PeriodClosed, match="08/2025 đã khóa"):
        STEPS[step](submission, cast)
    assert Submission.objects.get().status == BEFORE[step]
    assert StaleMark.objects.count() == 0
    reopen_period(closed=closed, by=cast.reviewer, reason="Sai số sinh.")
    STEPS[step](submission, cast)


def test_a_closed_period_creates_no_draft(world, form, cast, close):
    close()
    with pytest.raises(PeriodClosed):
        save_cells(
            facility=world.facilities["T-a1"],
            form=form,
            period=AUGUST,
            cells={ALL: CellValue(1)},
            by=cast.clerk,
        )
    assert not Submission.objects.exists()


def test_a_closure_holds_for_its_place_and_period_alone(make, cast, close):
    close("x")
    approve(submission=make("submitted", "T-b1"), by=cast.reviewer)
    approve(submission=make("submitted", period=date(2025, 7, 1)), by=cast.reviewer)
    with pytest.raises(PeriodClosed):
        approve(submission=make("submitted"), by=cast.reviewer)


def test_a_closure_of_the_merged_province_holds_for_months_before_the_merger(make, cast, close):
    close(period=date(2025, 3, 1))
    with pytest.raises(PeriodClosed):
        approve(submission=make("submitted", period=date(2025, 3, 1)), by=cast.reviewer)


def test_a_month_closed_leaves_the_yearly_form_open_and_the_other_way(world, cast, close):
    yearly = FormFactory(code="Y", periodicity="year", cells=[ALL])
    year = date(2025, 1, 1)
    close(period=year)
    one = SubmissionFactory(facility=world.facilities["T-a1"], form=yearly, period=year, status="submitted")
    approve(submission=one, by=cast.reviewer)
    two = SubmissionFactory(facility=world.facilities["T-a2"], form=yearly, period=year, status="submitted")
    close(period=year, yearly=True)
    with pytest.raises(PeriodClosed, match="Kỳ 2025"):
        approve(submission=two, by=cast.reviewer)


def test_approving_many_passes_over_closed_periods(make, cast, close):
    shut, free = make("submitted"), make("submitted", "T-b1")
    close("x")
    decided = approve_many(submissions=[shut, free], by=cast.reviewer)
    assert (decided.approved, decided.skipped, decided.closed) == ([free], [], [shut])


def test_an_import_refuses_rows_of_a_closed_period(world, form, cast, close):
    close("x")
    content = "facility,form,period,element,group,value\nT-a1,X,2025-08,X.all,,3\nT-b1,X,2025-08,X.all,,4\n"
    report = import_figures(content=content.encode(), by=cast.administrator, commit=True)
    assert [(r.row, r.column) for r in report.rejected] == [(2, "period")]
    assert list(Submission.objects.values_list("facility__code", flat=True)) == ["T-b1"]


def test_an_import_that_approves_leaves_what_a_closed_period_holds(make, cast, close):
    shut = make("submitted")
    close("x")
    content = "facility,form,period,element,group,value\nT-a1,X,2025-08,X.all,,3\nT-b1,X,2025-08,X.all,,4\n"
    import_figures(content=content.encode(), by=cast.administrator, commit=True, approve=True)
    shut.refresh_from_db()
    assert shut.status == "submitted"
    assert Submission.objects.get(facility__code="T-b1").status == "approved"


@pytest.mark.parametrize("who", ["clerk", "neighbour", "planner", "leader", "auditor", "stranger"])
def test_only_reviewers_and_administrators_close_and_reopen(world, cast, close, who):
    closed = close()
    with pytest.raises(PermissionDenied):
        reopen_period(closed=closed, by=getattr(cast, who), reason="Mở.")
    with pytest.raises(PermissionDenied):
        close_period(area=world.areas["x"], period=AUGUST, yearly=False, by=getattr(cast, who))


def test_closing_is_signed_logged_and_done_once(cast, close):
    closed = close()
    assert (closed.by, AuditEvent.objects.get(verb="close_period").details["period"]) == (
        cast.reviewer,
        "2025-08",
    )
    with pytest.raises(ClosingRefused, match="đã khóa"):
        close()
    with pytest.raises(ClosingRefused, match="lý do"):
        reopen_period(closed=closed, by=cast.reviewer, reason=" ")
    reopen_period(closed=closed, by=cast.reviewer, reason="Sai.")
    with pytest.raises(ClosingRefused, match="mở lại"):
        reopen_period(closed=closed, by=cast.reviewer, reason="Sai.")
    assert AuditEvent.objects.filter(verb="reopen_period").count() == 1
    assert not ClosedPeriod.objects.exists()


def test_a_month_that_is_not_over_is_not_closed(close):
    with pytest.raises(ClosingRefused, match="chưa hết"):
        close(period=date.today().replace(day=1))


# --- words on cells ---------------------------------------------------------------------------------


def notes():
    return {(n.element.code, n.group.code): n.text for n in CellNote.objects.filter(kind="sent_back")}


def test_cells_are_sent_back_with_their_reasons_until_approved(make, cast):
    submission = make("submitted")
    send_back(submission=submission, by=cast.reviewer, reason="", cells={ALL: "Thừa số 0.", PART: "  "})
    assert notes() == {ALL: "Thừa số 0."}
    assert submission.reason == "all Số liệu X.all: Thừa số 0."
    assert AuditEvent.objects.get(verb="send_back").details["cells"] == {"X.all": "Thừa số 0."}
    submit(submission=submission, by=cast.clerk)
    assert notes() == {ALL: "Thừa số 0."}
    send_back(submission=submission, by=cast.reviewer, reason="Còn sai.", cells={PART: "Lệch."})
    assert notes() == {PART: "Lệch."}
    submit(submission=submission, by=cast.clerk)
    approve(submission=submission, by=cast.reviewer)
    assert notes() == {}


def test_a_cell_the_form_lacks_sends_nothing_back(make, cast):
    submission = make("submitted")
    with pytest.raises(UnknownCell):
        send_back(submission=submission, by=cast.reviewer, reason="Sai.", cells={("Z.1", ""): "Sai."})
    assert Submission.objects.get().status == "submitted"


# --- corrections ------------------------------------------------------------------------------------


@pytest.fixture
def propose(make, cast):
    def call(cells=None, by=None, submission=None, **more):
        asked = cells or {ALL: CellValue(7), PART: BLANK}
        return propose_correction(
            submission=submission or make("approved"),
            cells=asked,
            reason="Đếm sót.",
            by=by or cast.clerk,
            **more,
        )

    return call


def stored():
    return {(v.element.code, v.group.code): str(v) for v in DataValue.objects.all()}


def test_a_proposal_changes_nothing_until_somebody_else_accepts_it(propose, cast):
    correction = propose()
    assert stored() == {ALL: "5", PART: "2"}
    assert StaleMark.objects.count() == 0
    accept_correction(correction=correction, by=cast.reviewer, answer="Đúng.")
    assert stored() == {ALL: "7", PART: ""}
    submission = Submission.objects.get()
    assert (submission.status, submission.version) == ("approved", 2)
    change = DataValueChange.objects.get(element__code="X.all")
    assert (change.by, change.source, change.reason, change.old_value, change.new_value, change.version) == (
        cast.clerk,
        "correction",
        "Đếm sót.",
        5,
        7,
        2,
    )
    stored_correction = Correction.objects.get()
    assert (stored_correction.decided_by, stored_correction.decided_at) == (cast.reviewer, change.at)
    assert StaleMark.objects.values_list("facility__code", "from_month").get() == ("T-a1", AUGUST)
    event = AuditEvent.objects.get(verb="accept_correction")
    assert event.details["cells"] == {"X.all": ["5", "7"], "X.part": ["2", ""]}
    assert event.details["proposed_by"] == cast.clerk.display_name


def test_nobody_accepts_or_refuses_their_own_proposal(propose, cast):
    correction = propose(by=cast.reviewer)
    for act in (accept_correction, refuse_correction):
        with pytest.raises(CorrectionRefused, match="người khác"):
            act(correction=correction, by=cast.reviewer, answer="Được.")
    assert stored() == {ALL: "5", PART: "2"}


@pytest.mark.parametrize("who", ["neighbour", "planner", "leader", "auditor", "stranger"])
def test_only_the_station_and_its_reviewers_propose_and_only_reviewers_decide(propose, cast, who):
    with pytest.raises(PermissionDenied):
        propose(by=getattr(cast, who))
    correction = propose(submission=Submission.objects.get())
    for act in (accept_correction, refuse_correction):
        with pytest.raises(PermissionDenied):
            act(correction=correction, by=getattr(cast, who), answer="Được.")
    with pytest.raises(PermissionDenied):
        withdraw_correction(correction=correction, by=cast.reviewer)


def test_of_two_reviewers_the_first_decides(world, propose, cast):
    correction = propose()
    twin = Correction.objects.get(pk=correction.pk)
    other = person(Role.REVIEWER, area=world.areas["M"])
    accept_correction(correction=correction, by=cast.reviewer)
    with pytest.raises((CorrectionRefused, CellsMoved)):
        accept_correction(correction=twin, by=other)
    with pytest.raises(CorrectionRefused, match="chấp nhận"):
        refuse_correction(correction=Correction.objects.get(), by=other, answer="Không.")
    assert DataValueChange.objects.count() == 2


def test_a_cell_that_moved_meanwhile_is_not_overwritten(propose, cast):
    correction = propose()
    DataValue.objects.filter(element__code="X.all").update(value=6)
    with pytest.raises(CellsMoved, match="X.all: khi đề nghị 5, nay 6"):
        accept_correction(correction=correction, by=cast.reviewer)
    assert stored() == {ALL: "6", PART: "2"}
    assert Correction.objects.get().status == "proposed"


def test_one_proposal_is_open_at_a_time_and_its_author_can_withdraw_it(propose, cast):
    correction = propose()
    with pytest.raises(CorrectionRefused, match="đang có"):
        propose(submission=Submission.objects.get())
    withdraw_correction(correction=correction, by=cast.clerk)
    propose(submission=Submission.objects.get())
    assert sorted(Correction.objects.values_list("status", flat=True)) == ["proposed", "withdrawn"]


@pytest.mark.parametrize("status", ["draft", "submitted", "sent_back"])
def test_only_what_is_approved_is_corrected(make, propose, status):
    with pytest.raises(InvalidTransition):
        propose(submission=make(status))


def test_a_proposal_says_why_and_changes_something(make, propose, cast):
    submission = make("approved", values={ALL: "NA"})
    with pytest.raises(CorrectionRefused, match="nào khác"):
        propose(cells={ALL: NO_DATA, PART: BLANK}, submission=submission)
    with pytest.raises(CorrectionRefused, match="vì sao"):
        propose_correction(submission=submission, cells={ALL: CellValue(1)}, reason=" ", by=cast.clerk)
    with pytest.raises(ChangedSince):
        propose(submission=submission, seen=7)
    with pytest.raises(UnknownCell):
        propose(cells={("Z.1", ""): CellValue(1)}, submission=submission)
    assert not Correction.objects.exists()


def test_refusing_needs_an_answer_and_sending_back_answers_what_is_open(propose, cast):
    correction = propose()
    with pytest.raises(CorrectionRefused, match="trả lời"):
        refuse_correction(correction=correction, by=cast.reviewer, answer=" ")
    send_back(submission=Submission.objects.get(), by=cast.reviewer, reason="Sửa cả biểu.")
    answered = Correction.objects.get()
    assert (answered.status, answered.answer, answered.decided_by) == (
        "refused",
        "Sửa cả biểu.",
        cast.reviewer,
    )


def test_a_proposal_is_not_accepted_in_a_closed_period(propose, cast, close):
    correction = propose()
    close()
    with pytest.raises(PeriodClosed):
        accept_correction(correction=correction, by=cast.reviewer)
    assert stored() == {ALL: "5", PART: "2"}


# --- why a form is missing --------------------------------------------------------------------------


@pytest.fixture
def explain(world, form, cast):
    def call(reason="Mất điện cả tuần.", by=None):
        station = world.facilities["T-a1"]
        return explain_absence(facility=station, form=form, period=AUGUST, reason=reason, by=by or cast.clerk)

    return call


def test_a_reason_stands_until_the_form_is_submitted_and_stays_in_the_log(make, explain, cast):
    explain()
    explain("Máy hỏng.", by=cast.reviewer)
    assert Absence.objects.get().reason == "Máy hỏng."
    submit(submission=make("draft"), by=cast.clerk)
    assert not Absence.objects.exists()
    assert AuditEvent.objects.get(verb="submit").details["absence"] == "Máy hỏng."
    with pytest.raises(AlreadyFiled):
        explain()


def test_an_empty_reason_takes_the_words_away(explain):
    explain()
    assert explain("  ") is None
    assert not Absence.objects.exists()


@pytest.mark.parametrize("who", ["neighbour", "planner", "leader", "auditor", "stranger"])
def test_nobody_else_explains(explain, cast, who):
    with pytest.raises(PermissionDenied):
        explain(by=getattr(cast, who))
