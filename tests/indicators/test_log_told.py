"""What the log tells of submissions: cells as they were and became, links, and what it keeps to itself."""

from __future__ import annotations

from datetime import date
from importlib import import_module

import pytest
from django.apps import apps

from facilities import permissions
from facilities.actions.audit import record
from facilities.log_hooks import Change
from facilities.models import AuditEvent, Role
from facilities.permissions import Permission
from facilities.presenters.log_rows import log_rows
from indicators.actions.absences import explain_absence
from indicators.actions.closing import close_period
from indicators.actions.corrections import accept_correction, propose_correction
from indicators.actions.figures import save_cells
from indicators.actions.notes import write_notes
from indicators.actions.nothing import declare_nothing
from indicators.actions.submissions import send_back
from indicators.models import DataElement, Submission
from indicators.values import CellValue
from tests.factories_indicators import FormFactory, SubmissionFactory, settle_duties

pytestmark = pytest.mark.django_db
BIRTHS, DEATHS = ("X.births", ""), ("X.deaths", "")
AUGUST = date(2025, 8, 1)


@pytest.fixture
def form(world):
    form = FormFactory(code="X", cells=[BIRTHS, DEATHS], allows_nothing=True)
    DataElement.objects.filter(code="X.deaths").update(is_sensitive=True)
    settle_duties()
    return form


@pytest.fixture
def submission(world, form):
    return SubmissionFactory(
        facility=world.facilities["T-a1"], form=form, period=AUGUST, values={BIRTHS: 3, DEATHS: 2}
    )


def row(reader, *, leaves=False, verb=None):
    """The newest event of the verb as this reader's page, or file, tells it."""
    events = AuditEvent.objects.filter(verb=verb) if verb else AuditEvent.objects
    return log_rows(reader, [events.latest("pk")], leaves=leaves)[0]


def facts(one):
    return {fact.label: fact.text for fact in one.facts}


def save(submission, cast, cells):
    states = {cell: CellValue(count) for cell, count in cells.items()}
    save_cells(facility=submission.facility, form=submission.form, period=AUGUST, cells=states, by=cast.clerk)


def test_a_saved_cell_reads_before_and_after(submission, cast):
    save(submission, cast, {BIRTHS: 1234, DEATHS: None})
    assert row(cast.auditor).changes == [
        Change("births Số liệu X.births", "3", "1.234"),
        Change("deaths Số liệu X.deaths", "2", ""),
    ]


def test_each_save_tells_its_own_change(submission, cast):
    save(submission, cast, {BIRTHS: 4})
    save(submission, cast, {BIRTHS: 5})
    rows = log_rows(cast.auditor, list(AuditEvent.objects.order_by("pk")))
    assert [one.changes for one in rows] == [
        [Change("births Số liệu X.births", "3", "4")],
        [Change("births Số liệu X.births", "4", "5")],
    ]


def test_a_file_keeps_a_count_of_deaths_to_itself_and_tells_the_others(submission, cast):
    save(submission, cast, {BIRTHS: 4, DEATHS: 1})
    births, deaths = row(cast.auditor, leaves=True).changes
    assert (births.before, births.after, births.is_hidden) == ("3", "4", False)
    assert deaths.is_hidden


def test_the_thing_is_a_link_for_whoever_may_open_it(submission, cast):
    save(submission, cast, {BIRTHS: 4})
    assert row(cast.auditor).url == submission.get_absolute_url()
    assert row(cast.stranger).url == ""


def test_whoever_reads_the_log_alone_gets_no_link_and_no_count_of_deaths(submission, cast, monkeypatch):
    monkeypatch.setitem(permissions.GRANTS, Role.AUDITOR, frozenset({Permission.VIEW_LOG}))
    save(submission, cast, {BIRTHS: 4, DEATHS: 1})
    told = row(cast.auditor)
    assert told.url == "" and [one.is_hidden for one in told.changes] == [False, True]


def test_a_reason_on_a_cell_of_deaths_stays_inside(submission, cast):
    write_notes(submission=submission, kind="reason", texts={DEATHS: "Hai ca ở thôn 3."}, by=cast.clerk)
    assert facts(row(cast.auditor)) == {"ghi chú": "deaths Số liệu X.deaths: Hai ca ở thôn 3."}
    assert facts(row(cast.auditor, leaves=True)) == {}


def test_a_reason_on_another_cell_is_told_everywhere(submission, cast):
    write_notes(submission=submission, kind="reason", texts={BIRTHS: "Đợt khám."}, by=cast.clerk)
    assert facts(row(cast.auditor, leaves=True)) == {"ghi chú": "births Số liệu X.births: Đợt khám."}


def test_a_correction_is_told_when_proposed_and_when_accepted(submission, cast):
    Submission.objects.filter(pk=submission.pk).update(
        status="approved", submitted_at="2025-09-01T00:00Z", first_submitted_at="2025-09-01T00:00Z",
        decided_at="2025-09-02T00:00Z",
    )  # fmt: skip
    submission.refresh_from_db()
    proposal = propose_correction(
        submission=submission, cells={DEATHS: CellValue(3)}, reason="Sót một ca.", by=cast.clerk
    )
    accept_correction(correction=proposal, by=cast.reviewer, answer="Đúng.")
    for verb in ("propose_correction", "accept_correction"):
        inside, outside = (row(cast.auditor, leaves=leaves, verb=verb) for leaves in (False, True))
        assert inside.changes == [Change("deaths Số liệu X.deaths", "2", "3")]
        assert facts(inside)["lý do"] == "Sót một ca."
        assert [one.is_hidden for one in outside.changes] == [True]
        assert "lý do" not in facts(outside) and "trả lời" not in facts(outside)


def test_sending_back_tells_the_reason_once(submission, cast):
    Submission.objects.filter(pk=submission.pk).update(
        status="submitted", submitted_at="2025-09-01T00:00Z", first_submitted_at="2025-09-01T00:00Z"
    )
    submission.refresh_from_db()
    send_back(submission=submission, by=cast.reviewer, reason="", cells={BIRTHS: "Đếm lại."})
    assert facts(row(cast.auditor, verb="send_back")) == {
        "tình trạng trước đó": "đã nộp",
        "lý do": "births Số liệu X.births: Đếm lại.",
    }


def test_what_has_no_place_of_its_own_is_given_that_of_its_station(world, cast, form, submission):
    write_notes(submission=submission, kind="note", texts={BIRTHS: "Một."}, by=cast.clerk)
    declare_nothing(
        facility=world.facilities["T-a1"], form=form, period=date(2025, 9, 1), by=cast.clerk, remark=""
    )
    events = AuditEvent.objects.filter(verb__in=["note_note", "nothing_occurred"])
    assert set(events.values_list("area_id", flat=True)) == {world.areas["x"].pk}
    assert facts(row(cast.auditor, verb="nothing_occurred")) == {"số ô điền 0": "2"}


def test_old_events_without_a_place_get_the_commune_of_their_time(world, form, submission):
    before = SubmissionFactory(facility=world.facilities["T-a1"], form=form, period=date(2025, 6, 1))
    for one in (before, submission):
        record(by=None, verb="note_note", subject=one)
    record(by=None, verb="admin_change", subject=form)
    import_module("indicators.migrations.0008_places_of_old_events").place(apps, None)
    assert list(AuditEvent.objects.order_by("pk").values_list("area_id", flat=True)) == [
        world.areas["a1"].pk,
        world.areas["x"].pk,
        None,
    ]


def test_a_form_not_filed_and_a_closed_month_are_named_in_words(world, form, cast):
    explain_absence(
        facility=world.facilities["T-a1"], form=form, period=AUGUST, reason="Mất điện.", by=cast.clerk
    )
    absence = row(cast.auditor)
    assert facts(absence) == {"kỳ": "tháng 8/2025", "biểu": "X", "lý do": "Mất điện."}
    assert absence.url == "/submissions/T-a1/X/2025-08/"
    close_period(area=world.areas["M"], period=AUGUST, yearly=False, by=cast.reviewer)
    assert row(cast.auditor).subject == "tháng 8/2025"


def test_an_older_event_of_a_january_is_not_called_a_month(world, form, cast):
    january = {"form": "X", "period": "2025-01-01", "facility": "T-a1"}
    record(by=cast.clerk, verb="absence", subject=world.facilities["T-a1"], area=world.areas["a1"], **january)
    old = row(cast.auditor)
    assert facts(old)["kỳ"] == "01/01/2025" and old.url == ""
    record(
        by=cast.clerk,
        verb="absence",
        subject=world.facilities["T-a1"],
        area=world.areas["a1"],
        **january,
        yearly=True,
    )
    assert facts(row(cast.auditor))["kỳ"] == "năm 2025"


def test_an_event_of_something_gone_is_still_told(world, cast):
    record(by=cast.clerk, verb="save", subject=Submission(pk=987, facility=world.facilities["T-a1"], form=FormFactory(), period=AUGUST), cells=["X.deaths"], version=2)  # fmt: skip
    told = row(cast.auditor)
    assert told.url == "" and told.changes == [] and told.deed


def test_words_about_a_whole_report_stay_within_whatever_cells_are_named(submission, cast):
    Submission.objects.update(
        status="submitted", submitted_at="2025-09-01T00:00Z", first_submitted_at="2025-09-01T00:00Z"
    )
    submission.refresh_from_db()
    send_back(
        submission=submission, by=cast.reviewer, reason="Thực ra có 2 ca tử vong", cells={BIRTHS: "xem lại"}
    )
    assert "2 ca" in str(facts(row(cast.auditor))) and "2 ca" not in str(row(cast.auditor, leaves=True))


def test_why_nothing_was_filed_stays_within(world, cast, form):
    explain_absence(
        facility=world.facilities["T-a1"],
        form=form,
        period=AUGUST,
        reason="Đang xác minh 1 ca tử vong",
        by=cast.reviewer,
    )
    assert "1 ca" in str(row(cast.auditor)) and "1 ca" not in str(row(cast.auditor, leaves=True))


@pytest.mark.parametrize(
    "details", [{"form": "X", "period": "2025"}, {"form": "a/b", "period": None, "facility": 3}]
)
def test_an_event_of_another_shape_is_told_without_its_details(world, cast, submission, details):
    record(by=cast.reviewer, verb="absence", subject=submission.facility, area=world.areas["M"])
    AuditEvent.objects.filter(verb="absence").update(details=details)
    assert row(cast.auditor, verb="absence").facts == []
