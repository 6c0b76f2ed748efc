"""Two people at the same moment: one decision stands, and nothing slips into a period while it closes."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import date

import pytest
from django.db import connection, connections, transaction
from django.utils import timezone

from facilities.models import AuditEvent
from indicators.actions import uploads
from indicators.actions.closing import close_period
from indicators.actions.corrections import accept_correction, propose_correction, refuse_correction
from indicators.actions.figure_errors import InvalidTransition, PeriodClosed
from indicators.actions.figures import save_cells
from indicators.actions.submissions import approve, recall, send_back, submit
from indicators.models import Correction, DataValue, DataValueChange, Submission, Upload
from indicators.values import CellValue
from tests.factories_indicators import FormFactory, SubmissionFactory, settle_duties

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite lets one writer in at a time"),
]
AUGUST = date(2025, 8, 1)
ALL = ("X.all", "")
ROUNDS = 8


@pytest.fixture
def form(world):
    form = FormFactory(code="X", cells=[ALL])
    settle_duties()
    return form


@pytest.fixture
def make(world, form):
    def call(status, month):
        station = world.facilities["T-a1"]
        return SubmissionFactory(
            facility=station, form=form, period=date(2025, month, 1), status=status, values={ALL: 5}
        )

    return call


def at_once(*steps: Callable[[], object]) -> list[object]:
    """What each step returned or raised, all let go at one moment on connections of their own."""
    barrier, outcomes = threading.Barrier(len(steps)), [None] * len(steps)

    def run(index: int, step: Callable[[], object]) -> None:
        barrier.wait()
        try:
            outcomes[index] = step()
        except Exception as error:
            outcomes[index] = error
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=item) for item in enumerate(steps)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return outcomes


def test_two_decisions_are_one(make, cast):
    for month in range(1, ROUNDS + 1):
        submission = make("submitted", month)
        one, other = (Submission.objects.get(pk=submission.pk) for _ in range(2))
        outcomes = at_once(
            lambda one=one: approve(submission=one, by=cast.reviewer, seen=one.version),
            lambda other=other: recall(submission=other, by=cast.clerk),
        )
        assert [isinstance(outcome, InvalidTransition) for outcome in outcomes].count(True) == 1, outcomes
        verbs = AuditEvent.objects.filter(subject_id=str(submission.pk)).values_list("verb", flat=True)
        assert len(verbs) == 1


def test_sending_back_twice_keeps_the_reason_that_was_given_first(make, cast):
    for month in range(1, ROUNDS + 1):
        submission = make("submitted", month)
        copies = [Submission.objects.get(pk=submission.pk) for _ in range(2)]
        outcomes = at_once(
            *(
                lambda copy=copy, n=n: send_back(submission=copy, by=cast.reviewer, reason=f"Lý do {n}.")
                for n, copy in enumerate(copies)
            )
        )
        stands = [n for n, outcome in enumerate(outcomes) if not isinstance(outcome, Exception)]
        submission.refresh_from_db()
        assert (len(stands), submission.reason) == (1, f"Lý do {stands[0]}.")


def test_a_period_that_closes_while_somebody_types_takes_nothing_afterwards(make, world, cast, form):
    station = world.facilities["T-a1"]
    for month in range(1, ROUNDS + 1):
        submission = make("draft", month)
        period = date(2025, month, 1)
        closed, saved = at_once(
            lambda period=period: close_period(
                area=world.areas["M"], period=period, yearly=False, by=cast.reviewer
            ),
            lambda period=period: save_cells(
                facility=station, form=form, period=period, cells={ALL: CellValue(9)}, by=cast.clerk
            ),
        )
        assert not isinstance(closed, Exception), closed
        value = DataValue.objects.get(submission=submission).value
        change = DataValueChange.objects.filter(submission=submission).first()
        if isinstance(saved, PeriodClosed):
            assert (value, change) == (5, None)
        else:
            assert value == 9 and not isinstance(saved, Exception), saved


def test_a_form_begun_while_its_period_closes_is_closed_with_it_or_refused(world, cast, form):
    station = world.facilities["T-a1"]

    def file(period: date) -> Submission:
        with transaction.atomic():
            saved = save_cells(
                facility=station, form=form, period=period, cells={ALL: CellValue(9)}, by=cast.clerk
            )
            return submit(submission=saved, by=cast.clerk)

    for month in range(1, ROUNDS + 1):
        period = date(2025, month, 1)
        closed, filed = at_once(
            lambda period=period: close_period(
                area=world.areas["M"], period=period, yearly=False, by=cast.reviewer
            ),
            lambda period=period: file(period),
        )
        assert not isinstance(closed, Exception), closed
        assert isinstance(filed, Submission | PeriodClosed), filed
        assert Submission.objects.filter(period=period).exists() == isinstance(filed, Submission)


def test_closing_waits_for_who_begins_a_form(world, cast, form):
    station, begun, ended = world.facilities["T-a1"], threading.Event(), []

    def first_save() -> None:
        with transaction.atomic():
            save_cells(facility=station, form=form, period=AUGUST, cells={ALL: CellValue(9)}, by=cast.clerk)
            begun.set()
            threading.Event().wait(0.5)
            ended.append("saved")

    def closing() -> None:
        begun.wait(5)
        close_period(area=world.areas["M"], period=AUGUST, yearly=False, by=cast.reviewer)
        ended.append("closed")

    assert at_once(first_save, closing) == [None, None]
    assert ended == ["saved", "closed"]


def test_a_workbook_stored_while_its_period_closes_and_the_closing_do_not_lock_each_other_out(
    make, world, cast, form, monkeypatch
):
    """One of its forms was begun, the other was not: two locks, taken by turns with who closes the period."""
    other = FormFactory(code="Y", cells=[("Y.all", "")])
    settle_duties()
    versions = {form: make("draft", 8).version, other: 0}
    places = [
        {
            "key": f"T-a1:{one.code}", "facility": "T-a1", "name": "", "form": one.pk, "form_name": one.code,
            "version": version, "blocked": "", "changes": [{"cell": f"{one.code}.all", "file": 7, "conflict": False}],
        }
        for one, version in versions.items()
    ]  # fmt: skip
    upload = Upload.objects.create(
        user=cast.clerk,
        status="ready",
        at=timezone.now(),
        preview={"period": "2025-08", "yearly": False, "places": places},
    )
    begun, save_sheet = threading.Event(), uploads.save_sheet

    def slowly(**sheet):
        saved = save_sheet(**sheet)
        begun.set()
        threading.Event().wait(0.5)
        return saved

    monkeypatch.setattr(uploads, "save_sheet", slowly)

    def closing() -> None:
        begun.wait(5)
        close_period(area=world.areas["M"], period=AUGUST, yearly=False, by=cast.reviewer)

    confirmed, closed = at_once(lambda: uploads.confirm(upload=upload, by=cast.clerk), closing)
    assert closed is None and isinstance(confirmed, Upload), (confirmed, closed)
    assert [one["problem"] for one in confirmed.preview["results"]] == ["", ""]
    assert set(DataValue.objects.values_list("element__code", "value")) == {("X.all", 7), ("Y.all", 7)}


def test_a_proposal_is_decided_once(make, cast):
    for month in range(1, ROUNDS + 1):
        submission = make("approved", month)
        proposal = propose_correction(
            submission=submission, cells={ALL: CellValue(6)}, reason="Đếm sót.", by=cast.clerk
        )
        copies = [Correction.objects.select_related("submission").get(pk=proposal.pk) for _ in range(2)]
        outcomes = at_once(
            lambda copy=copies[0]: accept_correction(correction=copy, by=cast.reviewer),
            lambda copy=copies[1]: refuse_correction(correction=copy, by=cast.administrator, answer="Không."),
        )
        assert [isinstance(outcome, Exception) for outcome in outcomes].count(True) == 1, outcomes
        proposal.refresh_from_db()
        wanted = 6 if proposal.status == Correction.Status.ACCEPTED else 5
        assert DataValue.objects.get(submission=submission).value == wanted


def test_two_first_savers_share_one_draft_and_two_submitters_one_report(world, cast, form):
    station = world.facilities["T-a1"]
    for month in range(1, ROUNDS + 1):
        period = date(2025, month, 1)
        common = {"facility": station, "form": form, "period": period, "by": cast.clerk}
        at_once(
            lambda common=common: save_cells(cells={ALL: CellValue(1)}, expected_version=0, **common),
            lambda common=common: save_cells(cells={ALL: CellValue(1)}, expected_version=0, **common),
        )
        submission = Submission.objects.get(period=period)
        assert (submission.version, submission.changes.count()) == (1, 1)
        copies = [Submission.objects.get(pk=submission.pk) for _ in range(2)]
        outcomes = at_once(*(lambda copy=copy: submit(submission=copy, by=cast.clerk) for copy in copies))
        assert [isinstance(outcome, InvalidTransition) for outcome in outcomes].count(True) == 1
        assert AuditEvent.objects.filter(subject_id=str(submission.pk), verb="submit").count() == 1
