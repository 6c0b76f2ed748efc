"""The way of a submission, what it marks stale and logs; and the rules its figures break, in words."""

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext

from facilities.models import AuditEvent, Role, StaleMark
from facilities.periods import Month
from indicators import checks
from indicators.actions.figures import save_cells
from indicators.actions.notes import write_notes
from indicators.actions.submissions import (
    InvalidTransition,
    ReasonMissing,
    approve,
    approve_many,
    recall,
    send_back,
    submit,
)
from indicators.checks import find_breaks
from indicators.models import DataValue, Submission
from indicators.values import CellValue
from tests.factories import FacilityFactory, person
from tests.factories_indicators import FormFactory, RuleFactory, SubmissionFactory, settle_duties

pytestmark = pytest.mark.django_db
AUGUST = date(2025, 8, 1)
ALL, PART, THIRD = ("X.all", ""), ("X.part", ""), ("X.third", "")


@pytest.fixture
def make(world):
    form = FormFactory(code="X", cells=[ALL, PART])

    def call(status="draft", facility="T-a1", **fields):
        return SubmissionFactory(
            facility=world.facilities[facility], form=fields.pop("form", form), status=status, **fields
        )

    return call


def marks():
    return list(StaleMark.objects.values_list("facility__code", "from_month", "to_month"))


STEPS = {
    "submit": (submit, "clerk", {"draft": "submitted", "sent_back": "submitted"}, {}),
    "recall": (recall, "clerk", {"submitted": "draft"}, {}),
    "approve": (approve, "reviewer", {"submitted": "approved"}, {}),
    "send_back": (
        send_back,
        "reviewer",
        {"submitted": "sent_back", "approved": "sent_back"},
        {"reason": "Cột 9a lớn hơn cột 7"},
    ),
}


@pytest.mark.parametrize("verb", STEPS)
@pytest.mark.parametrize("status", ["draft", "submitted", "approved", "sent_back"])
def test_each_step_is_allowed_from_its_states_alone(make, cast, verb, status):
    action, actor, allowed, extra = STEPS[verb]
    submission = make(status)
    if status not in allowed:
        with pytest.raises(InvalidTransition):
            action(submission=submission, by=getattr(cast, actor), **extra)
        assert (Submission.objects.get().status, marks()) == (status, [])
        return
    action(submission=submission, by=getattr(cast, actor), **extra)
    stored = Submission.objects.get()
    assert stored.status == submission.status == allowed[status]
    assert marks() == [("T-a1", AUGUST, AUGUST)]
    assert AuditEvent.objects.latest("id").verb == verb


@pytest.mark.parametrize("verb", STEPS)
@pytest.mark.parametrize("stranger", ["neighbour", "planner", "leader", "auditor", "stranger"])
def test_nobody_else_may_take_a_step(make, cast, verb, stranger):
    action, _actor, allowed, extra = STEPS[verb]
    with pytest.raises(PermissionDenied):
        action(submission=make(next(iter(allowed))), by=getattr(cast, stranger), **extra)


def test_a_clerk_may_not_approve_what_she_filed(make, cast):
    with pytest.raises(PermissionDenied):
        approve(submission=make("submitted"), by=cast.clerk)


def test_a_decision_is_signed_and_dated(make, cast):
    submission = approve(submission=make("submitted"), by=cast.reviewer)
    assert (submission.decided_by, submission.decided_at is not None) == (cast.reviewer, True)


def test_sending_back_needs_a_reason(make, cast):
    with pytest.raises(ReasonMissing):
        send_back(submission=make("submitted"), by=cast.reviewer, reason="  ")


def test_two_reviewers_decide_once(make, cast):
    submission = make("submitted")
    twin = Submission.objects.get(pk=submission.pk)
    approve(submission=submission, by=cast.reviewer)
    with pytest.raises(InvalidTransition, match="đã duyệt"):
        approve(submission=twin, by=cast.reviewer)


def test_a_yearly_form_marks_its_year_and_the_next_which_may_read_it(make, cast):
    yearly = FormFactory(periodicity="year")
    approve(submission=make("submitted", form=yearly, period=date(2025, 1, 1)), by=cast.reviewer)
    assert marks() == [("T-a1", date(2025, 1, 1), date(2026, 12, 1))]


def test_approving_many_passes_over_what_was_decided_meanwhile(make, cast):
    waiting = [make("submitted"), make("submitted", "T-b1")]
    done = make("approved", "T-c1")
    decided = approve_many(submissions=[*waiting, done], by=cast.reviewer)
    assert (decided.approved, decided.skipped) == (waiting, [done])
    assert sorted(marks()) == [("T-a1", AUGUST, AUGUST), ("T-b1", AUGUST, AUGUST)]
    assert AuditEvent.objects.filter(verb="approve").count() == 2


def test_approving_many_approves_none_where_one_is_not_hers(make, cast, world):
    reviewer = person(Role.REVIEWER, area=world.areas["x"])
    both = [make("submitted"), make("submitted", "T-c1")]
    with pytest.raises(PermissionDenied):
        approve_many(submissions=both, by=reviewer)
    assert Submission.objects.filter(status="submitted").count() == 2


@pytest.mark.parametrize("size", [2, 20])
def test_approving_many_costs_the_same_for_any_number(make, cast, world, size):
    submissions = [make("submitted", period=date(2024 + n // 12, n % 12 + 1, 1)) for n in range(size)]
    with CaptureQueriesContext(connection) as queries:
        approve_many(submissions=submissions, by=cast.reviewer)
    # Assignments, permission, lock, closed periods, update, remarks settled, marks, communes, log; the clerks and the
    # points of their stations, what they were told, the notices; two savepoints of telling, two
    # savepoints of the test.
    assert len(queries) == 17


def test_every_event_of_a_yearly_report_names_the_commune_of_the_years_end(make, world, cast):
    """The station changed its commune in July: what was saved and what was decided stand in one log."""
    form = FormFactory(code="Y", periodicity="year", cells=[("Y.all", "")])
    settle_duties()
    station, year = world.facilities["T-a1"], date(2025, 1, 1)
    submission = save_cells(
        facility=station, form=form, period=year, cells={("Y.all", ""): CellValue(1)}, by=cast.clerk
    )
    submit(submission=submission, by=cast.clerk)
    approve(submission=submission, by=cast.reviewer)
    commune = station.placements.order_by("from_month").last().area_id
    assert station.placements.count() > 1
    assert list(AuditEvent.objects.order_by("id").values_list("verb", "area_id")) == [
        ("save", commune),
        ("submit", commune),
        ("approve", commune),
    ]


# --- rules ------------------------------------------------------------------------------------------


def breaks(*submissions):
    return {
        s.facility.code + s.period_text: [f.code for f in found]
        for s in submissions
        if (found := find_breaks(submissions).get(s.pk))
    }


def test_a_broken_rule_is_found_in_words_with_both_sums(make):
    RuleFactory(code="part-all", expression="X.part <= X.all")
    submission = make(values={ALL: 3, PART: 4})
    finding = find_breaks([submission])[submission.pk][0]
    assert (finding.code, finding.kind, finding.numbers, finding.cells) == (
        "part-all",
        "relation",
        {"left": 4, "right": 3},
        (PART, ALL),
    )
    assert finding.message == "Ô này lớn hơn ô kia. Kiểm tra lại hai ô."


@pytest.mark.parametrize("values", [{PART: 4}, {PART: 4, ALL: "NA"}, {PART: 4, ALL: None}, {}])
def test_a_blank_or_no_data_leaves_a_rule_undecided(make, values):
    RuleFactory(expression="X.part <= X.all")
    assert breaks(make(values=values)) == {}


def test_a_rule_over_the_year_sums_the_months_so_far(make):
    RuleFactory(code="year", expression="X.part <= X.all", scope="year")
    june = make(period=date(2025, 6, 1), values={ALL: 2, PART: 0})
    july = make(period=date(2025, 7, 1), values={ALL: 0, PART: 1})
    august = make(values={ALL: 0, PART: 2})
    last_year = make(period=date(2024, 12, 1), values={ALL: 50, PART: 0})
    assert breaks(june, july, august, last_year) == {"T-a12025-08": ["year"]}


def test_a_month_left_open_leaves_the_year_undecided(make):
    RuleFactory(expression="X.part <= X.all", scope="year")
    make(period=date(2025, 6, 1), values={ALL: "NA", PART: 0})
    assert breaks(make(values={ALL: 0, PART: 2})) == {}


def test_a_rule_out_of_force_or_of_another_form_is_not_asked(make):
    RuleFactory(valid_to=AUGUST)
    RuleFactory(valid_from=date(2025, 9, 1))
    RuleFactory(form_code="Z")
    assert breaks(make(values={ALL: 3, PART: 4})) == {}


@pytest.mark.parametrize("size", [1, 15])
def test_checking_many_submissions_takes_five_queries(make, size):
    RuleFactory(expression="X.part <= X.all")
    range_rule()
    RuleFactory(expression="X.part <= X.all", scope="year")
    form = make().form
    submissions = [
        SubmissionFactory(facility=FacilityFactory(), form=form, values={ALL: 3, PART: 4})
        for _ in range(size)
    ]
    with CaptureQueriesContext(connection) as queries:
        assert len(find_breaks(submissions)) == size
    # Rules, values, the form's cells, earlier values, reasons.
    assert len(queries) == 5


# --- figures held to the station's own past -----------------------------------------------------------


def range_rule(**changed):
    parameters = {"months": 3, "overdispersion": 0.12, "deviation": 3}
    return RuleFactory(
        code="slip-range", kind="range", form_code="*", expression="", parameters=parameters,
        message="Cột {column} ({value}): thường {usual}, từ {low} đến {high}.", **changed,
    )  # fmt: skip


def test_a_yearly_form_beside_a_monthly_one_reads_twelve_months_of_it_and_no_older_ones(make):
    recent, old = date(2024, 8, 1), date(2024, 7, 1)
    monthly = make(values={ALL: 3})
    for period in (recent, old):
        make(period=period, values={ALL: 4})
    form = FormFactory(code="Y", periodicity="year", cells=[("Y.all", "")])
    years = [
        SubmissionFactory(
            facility=monthly.facility, form=form, period=date(year, 1, 1), values={("Y.all", ""): year}
        )
        for year in (2025, 2019)
    ]
    found = [monthly, years[0]]
    past = checks._past_of(found, checks._Layout({one.form_id for one in found}))
    own = {code: set(past[monthly.facility_id, code]) for code in (monthly.form.code, "Y")}
    assert own == {monthly.form.code: {"2024-08"}, "Y": {"2019"}}


def months_of(make, *counts, **more):
    """The months before August 2025, the latest first."""
    for back, count in enumerate(counts, start=1):
        make(period=(Month.of(AUGUST) - back).first_day, values={ALL: count}, **more)


def test_a_count_out_of_the_stations_own_range_is_found_in_words(make):
    range_rule()
    months_of(make, 21, 19, "NA", 24, None, 20)
    submission = make(values={ALL: 1990})
    finding = find_breaks([submission])[submission.pk][0]
    assert (finding.code, finding.cells, finding.numbers["usual"]) == ("slip-range:X.all", (ALL,), 20.5)
    assert finding.message.startswith("Cột all (1.990): thường 20,5, từ ")


def test_a_count_is_held_to_its_own_station_form_and_twelve_months(make):
    range_rule()
    months_of(make, 21, 19, 20, facility="T-b1")
    for year in (2022, 2023, 2024):
        make(period=date(year, 7, 1), values={ALL: 20})
    assert breaks(make(values={ALL: 1990})) == {}


def test_a_yearly_form_is_held_to_the_years_before(make):
    range_rule()
    form = FormFactory(code="Y", periodicity="year", deadline_month_day="01-31", cells=[ALL])
    for year in (2022, 2023, 2024):
        make(form=form, period=date(year, 1, 1), values={ALL: 12000 + year})
    submission = make(form=form, period=date(2025, 1, 1), values={ALL: 1402})
    assert breaks(submission) == {"T-a12025": ["slip-range:X.all"]}


def test_a_reason_explains_a_finding_while_the_value_stands(make, cast):
    RuleFactory(expression="X.part <= X.all")
    submission = make(values={ALL: 3, PART: 4})
    write_notes(submission=submission, kind="reason", texts={PART: "Sinh đôi, đã xem sổ."}, by=cast.clerk)
    assert find_breaks([submission])[submission.pk][0].explained == "Sinh đôi, đã xem sổ."
    DataValue.objects.filter(submission=submission, element__code="X.part").update(value=5)
    assert find_breaks([submission])[submission.pk][0].explained == ""


@pytest.mark.parametrize(
    ("expression", "values", "detail"),
    [("X.part <= X.all", {ALL: 3, PART: 4}, "(4 so với 3)"),
     ("X.all + X.part = X.third", {ALL: 4, PART: 5, THIRD: 1}, "(tổng 9, ô ghi 1)"),
     ("X.third = X.all + X.part", {ALL: 4, PART: 5, THIRD: 1}, "(tổng 9, ô ghi 1)")],
)  # fmt: skip
def test_both_sums_are_said_in_words(make, expression, values, detail):
    RuleFactory(expression=expression)
    submission = make(
        form=FormFactory(code="X", valid_from=date(2020, 1, 1), cells=[ALL, PART, THIRD]), values=values
    )
    assert find_breaks([submission])[submission.pk][0].detail == detail
