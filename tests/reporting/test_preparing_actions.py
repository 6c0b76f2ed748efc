"""What is typed of a report is kept part by part; stations are reminded once a day; estimates are stored whole."""

from datetime import datetime, timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from facilities.models import AuditEvent, Notice, Role
from plans.models import EnteredFigure
from reporting.actions.estimates import Estimate, EstimateRefused, enter_estimates
from reporting.actions.preparing import (
    ADDITION_LIMIT,
    MOST_ADDITIONS,
    PartTooLong,
    TypedConflict,
    UnknownPart,
    fingerprint,
    note_editing,
    write_typed,
)
from reporting.actions.reminding import remind_owing
from reporting.actions.reports import open_report
from reporting.content.owing import owing_stations
from reporting.content.periods import ReportPeriod
from reporting.content.sections import NARRATIVE
from reporting.models import Editing
from tests.factories import AssignmentFactory, UserFactory
from tests.factories_indicators import FormFactory, SubmissionFactory, settle_duties
from tests.reporting.cases import make_plan

pytestmark = pytest.mark.django_db
NOW = timezone.make_aware(datetime(2026, 1, 20, 9))


@pytest.fixture
def report(world):
    return open_report(plan=make_plan(world), period=ReportPeriod(2025, "year"), by=None)


def stored(report):
    report.refresh_from_db()
    return report.narrative, report.additions, report.document


class TestTyping:
    def test_parts_of_all_three_fields_are_kept_and_empty_ones_go(self, report, cast):
        typed = {
            "narrative": {"limits": " Thiếu bác sỹ \r\n"},
            "additions": {"line:1.1": "Nhờ tập huấn."},
            "document": {"signer": "Nguyễn Văn An", "recipients": ["Như trên;", " ", "Lưu: VT."]},
        }
        write_typed(report=report, typed=typed, by=cast.planner)
        write_typed(report=report, typed={"narrative": {"causes": "Xa"}}, by=cast.planner)
        assert stored(report) == (
            {"limits": "Thiếu bác sỹ", "causes": "Xa"},
            {"line:1.1": "Nhờ tập huấn."},
            {"signer": "Nguyễn Văn An", "recipients": ["Như trên;", "Lưu: VT."]},
        )
        gone = {"narrative": {"limits": ""}, "document": {"recipients": []}}
        write_typed(report=report, typed=gone, by=cast.planner)
        assert stored(report) == (
            {"causes": "Xa"},
            {"line:1.1": "Nhờ tập huấn."},
            {"signer": "Nguyễn Văn An"},
        )

    @pytest.mark.parametrize(
        ("field", "key", "mine", "theirs"),
        [
            ("narrative", "limits", "Hai", "Một"),
            ("additions", "line:1.1", "Hai", "Một"),
            ("document", "signer", "Hai", "Một"),
            ("document", "addressees", ["Hai", "Ba"], ["Một"]),
        ],
    )
    def test_nobody_writes_over_what_they_have_not_seen(self, report, cast, field, key, mine, theirs):
        shown = {field: {key: fingerprint("")}}
        write_typed(report=report, typed={field: {key: theirs}}, by=cast.planner, shown=shown)
        other = {"causes": "Xa"}
        with pytest.raises(TypedConflict) as caught:
            write_typed(
                report=report,
                typed={
                    field: {key: mine},
                    **({"narrative": {key: mine, **other}} if field == "narrative" else {}),
                },
                by=cast.planner,
                shown=shown,
            )
        assert caught.value.others == {field: {key: theirs}}
        report.refresh_from_db()
        assert getattr(report, field)[key] == theirs
        assert report.narrative.get("causes") == ("Xa" if field == "narrative" else None)
        seen = {field: {key: fingerprint(theirs)}}
        write_typed(report=report, typed={field: {key: mine}}, by=cast.planner, shown=seen)
        report.refresh_from_db()
        assert getattr(report, field)[key] == mine

    def test_two_people_in_different_parts_keep_both(self, report, cast):
        shown = {"narrative": {key: fingerprint("") for key in NARRATIVE}}
        blank = dict.fromkeys(NARRATIVE, "")
        for key, text in (("limits", "Một"), ("causes", "Hai")):
            typed = {"narrative": {**blank, key: text}}
            write_typed(report=report, typed=typed, by=cast.planner, shown=shown)
        assert stored(report)[0] == {"limits": "Một", "causes": "Hai"}

    def test_the_same_text_sent_again_is_no_conflict(self, report, cast):
        for _time in range(2):
            write_typed(
                report=report,
                typed={"narrative": {"limits": "Một"}},
                by=cast.planner,
                shown={"narrative": {"limits": fingerprint("")}},
            )
        assert stored(report)[0] == {"limits": "Một"}

    def test_what_no_page_asks_for_and_what_is_too_long_is_refused_whole(self, report, cast):
        wrong = [
            ({"narrative": {"other": "x"}}, UnknownPart),
            ({"document": {"logo": "x"}}, UnknownPart),
            ({"additions": {"a\nb": "x"}}, UnknownPart),
            ({"additions": {"k" * 101: "x"}}, UnknownPart),
            ({"additions": {f"line:{n}": "x" for n in range(MOST_ADDITIONS + 1)}}, UnknownPart),
            ({"narrative": {"limits": "x"}, "additions": {"k": "x" * (ADDITION_LIMIT + 1)}}, PartTooLong),
        ]
        for typed, error in wrong:
            with pytest.raises(error):
                write_typed(report=report, typed=typed, by=cast.planner)
        assert stored(report) == ({}, {}, {})

    def test_only_a_planner_of_the_area_types_or_is_shown_as_present(self, report, cast):
        for person in (cast.reviewer, cast.leader, cast.stranger, cast.clerk):
            with pytest.raises(PermissionDenied):
                write_typed(report=report, typed={"narrative": {"limits": "x"}}, by=person)
            with pytest.raises(PermissionDenied):
                note_editing(report=report, by=person, now=NOW)
            with pytest.raises(PermissionDenied):
                remind_owing(report=report, by=person, now=NOW)
        assert not Editing.objects.exists() and stored(report)[0] == {}

    def test_the_log_says_once_in_a_while_who_typed_where(self, report, cast):
        for text in ("Một", "Một hai", "Một hai ba"):
            write_typed(report=report, typed={"narrative": {"limits": text}}, by=cast.planner)
        write_typed(report=report, typed={"narrative": {"causes": "Xa"}}, by=cast.planner)
        events = AuditEvent.objects.filter(verb="write_narrative").order_by("pk")
        assert [event.details["parts"] for event in events] == [["limits"], ["causes"]]
        events.update(at=timezone.now() - timedelta(hours=1))
        write_typed(report=report, typed={"narrative": {"limits": "Bốn"}}, by=cast.planner)
        assert events.count() == 3

    def test_presence_is_one_row_a_person(self, report, cast):
        for minute in range(3):
            note_editing(report=report, by=cast.planner, now=NOW + timedelta(minutes=minute))
        assert Editing.objects.get().seen_at == NOW + timedelta(minutes=2)


class TestReminding:
    @pytest.fixture
    def monthly(self, world):
        form = FormFactory(code="X", cells=[("X.all", "")])
        settle_duties()
        return form

    def test_every_clerk_is_told_once_a_day_and_station_of_what_is_owed(self, world, cast, monthly):
        report = open_report(plan=make_plan(world, "M"), period=ReportPeriod(2025, "2025-08"), by=None)
        point = world.facilities["T-a1"]
        SubmissionFactory(facility=point, form=monthly, status="approved", values={("X.all", ""): 5})
        owing = {one.facility.code: len(one.owed) for one in owing_stations(report, timezone.localdate(NOW))}
        # August of the point is in; the stations are asked where no point files for them.
        assert owing["T-a1"] == owing["T-a2"] - 1
        first = remind_owing(report=report, by=cast.planner, now=NOW)
        again = remind_owing(report=report, by=cast.planner, now=NOW + timedelta(hours=1))
        assert (again.notices, again.stations) == (0, first.stations)
        told = Notice.objects.filter(user=cast.clerk, kind="report-owed")
        assert {one.key for one in told} == {
            f"report-owed:{world.facilities[c].pk}:2026-01-20" for c in ("T-a1", "T-a2")
        }
        text = told.get(key__contains=f":{point.pk}:").text
        assert "tháng 7/2025" in text and "tháng 8/2025" not in text and cast.planner.display_name in text
        later = remind_owing(report=report, by=cast.planner, now=NOW + timedelta(days=1))
        assert later.notices == first.notices
        assert AuditEvent.objects.filter(verb="remind_stations").count() == 2

    def test_a_station_without_a_clerk_is_counted_as_silent(self, world, cast, monthly):
        report = open_report(plan=make_plan(world, "M"), period=ReportPeriod(2025, "2025-08"), by=None)
        done = remind_owing(report=report, by=cast.planner, now=NOW)
        assert done.silent == 1  # z has no clerk
        AssignmentFactory(user=UserFactory(), role=Role.CLERK, facility=world.facilities["S-z"])
        assert remind_owing(report=report, by=cast.planner, now=NOW).silent == 0

    def test_a_period_that_has_not_begun_to_end_owes_nothing(self, world, cast, monthly):
        report = open_report(plan=make_plan(world, "M"), period=ReportPeriod(2025, "2025-01"), by=None)
        assert owing_stations(report, datetime(2025, 1, 31).date()) == []

    def test_reminding_takes_the_same_queries_for_few_and_many_months(self, world, cast, monthly):
        plan, counts = make_plan(world, "M"), []
        for code in ("2025-06", "2025-08", "year"):  # the first also reads the planner's roles
            report = open_report(plan=plan, period=ReportPeriod(2025, code), by=None)
            with CaptureQueriesContext(connection) as queries:
                remind_owing(report=report, by=cast.planner, now=NOW + timedelta(days=len(counts)))
            counts.append(len(queries))
        assert counts[1] == counts[2] <= 15


class TestEstimates:
    def test_all_are_stored_or_none(self, report, cast):
        line = report.plan.lines.get(key="1.2")
        good = Estimate(line, Decimal("18.2"), "Ước của phòng nghiệp vụ")
        bad = Estimate(line, Decimal("1e30"), "x")
        with pytest.raises(EstimateRefused):
            enter_estimates(estimates=[good, bad], year=2025, by=cast.planner)
        assert not EnteredFigure.objects.exists()
        assert enter_estimates(estimates=[good], year=2025, by=cast.planner) == 1
        figure = EnteredFigure.objects.get()
        assert (figure.kind, figure.value, figure.by) == ("estimate", Decimal("18.2"), cast.planner)

    def test_only_who_may_enter_figures_does(self, report, cast):
        line = report.plan.lines.get(key="1.2")
        for person in (cast.leader, cast.reviewer, cast.stranger):
            with pytest.raises(PermissionDenied):
                enter_estimates(estimates=[Estimate(line, Decimal(1), "x")], year=2025, by=person)
