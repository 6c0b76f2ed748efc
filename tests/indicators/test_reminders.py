"""Reminders: who is told what, when, and never twice."""

from __future__ import annotations

import json
import threading
from datetime import UTC, date, datetime, timedelta

import pytest
from django.core import mail as outbox
from django.core.management import call_command
from django.db import connection, connections
from django.test import TransactionTestCase
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from facilities.models import Notice, Placement, Role
from facilities.permissions import Permission, facilities_for
from facilities.recipients import clerks_of
from facilities.working_days import is_working_day
from indicators.actions import reminders
from indicators.actions.closing import close_period
from indicators.actions.reminders import remind_of_deadlines, sweep, tell_sent_back
from indicators.actions.submissions import recall, send_back, submit
from indicators.models import Absence, ClosedPeriod, Correction, Submission
from indicators.reminder_days import Stage, stage_on
from tests.factories import (
    AreaFactory,
    AssignmentFactory,
    FacilityFactory,
    PlacementFactory,
    UserFactory,
    person,
    settle_places,
)
from tests.factories_indicators import FormFactory, SubmissionFactory, settle_duties
from tests.world import make_cast, make_world

OCTOBER = date(2026, 10, 1)
# The five working days after October 2026 end on Friday the 6th.
WEDNESDAY, FRIDAY, MONDAY = date(2026, 11, 4), date(2026, 11, 6), date(2026, 11, 9)


def at(day: date, hour: int = 7, minute: int = 0) -> datetime:
    return timezone.make_aware(datetime(day.year, day.month, day.day, hour, minute))


def sweep_days(first: date, last: date, *, step: timedelta = timedelta(minutes=30)) -> None:
    now, end = at(first, 0), at(last, 23, 59)
    while now <= end:
        sweep(now=now)
        now += step


def told(user, kind=None):
    """(kind, when) of the person's notices, the oldest first."""
    found = user.notices.order_by("at", "pk")
    rows = found.filter(kind=kind) if kind else found
    return [(one.key, timezone.localtime(one.at).strftime("%m-%d %H:%M")) for one in rows]


@pytest.fixture
def world(db):
    return make_world()


@pytest.fixture
def cast(world):
    cast = make_cast(world)
    for name in ("clerk", "neighbour", "reviewer"):
        user = getattr(cast, name)
        user.email = f"{name}@tram.example"
        user.save(update_fields=["email"])
    return cast


@pytest.fixture
def forms(world):
    forms = [FormFactory(code=code, name=f"Biểu {code}") for code in ("B4", "B7", "B8")]
    settle_duties()
    return forms


# --- days -----------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("deadline", "spoken"),
    [
        (date(2026, 11, 6), {"11-04": "due-soon", "11-05": "due-soon", "11-06": "due"}),
        # Tuesday after the National Day weekend: two days before is a Sunday, so Friday.
        (date(2025, 9, 9), {"09-05": "due-soon", "09-08": "due-soon", "09-09": "due"}),
        # A yearly form's 31 January in the week of Tết: both turns fall on the last working day, one is told.
        (date(2025, 1, 31), {"01-24": "due"}),
        (date(2026, 1, 31), {"01-29": "due-soon", "01-30": "due"}),
    ],
)
def test_a_deadline_is_spoken_of_on_working_days_alone(deadline, spoken):
    before = [deadline - timedelta(days=n) for n in range(14, -1, -1)]
    said = {f"{day:%m-%d}": str(stage) for day in before if (stage := stage_on(deadline, day))}
    assert said == spoken


def test_late_is_said_from_the_first_working_day_after_until_it_is_no_news():
    late = [day for n in range(1, 20) if stage_on(FRIDAY, day := FRIDAY + timedelta(days=n)) == Stage.LATE]
    assert (late[0], late[-1], len(late)) == (MONDAY, date(2026, 11, 13), 5)
    # After Tết 2025 offices open on 3 February.
    first = next(
        day for n in range(1, 9) if stage_on(date(2025, 1, 31), day := date(2025, 1, 31) + timedelta(days=n))
    )
    assert first == date(2025, 2, 3)


def test_nothing_is_ever_said_on_a_day_off():
    days = [date(2024, 12, 1) + timedelta(days=n) for n in range(500)]
    assert not [
        (deadline, day)
        for deadline in days
        for n in range(-6, 15)
        if stage_on(deadline, day := deadline + timedelta(days=n)) and not is_working_day(day)
    ]


# --- deadlines ------------------------------------------------------------------------------------------
def test_three_weeks_of_sweeps_tell_each_deadline_once_a_stage(cast, forms):
    sweep_days(date(2026, 11, 1), date(2026, 11, 20))
    for user in (cast.clerk, cast.neighbour):
        assert told(user) == [
            ("due-soon:2026-11-06", "11-04 07:00"),
            ("due:2026-11-06", "11-06 07:00"),
            ("late:2026-11-06", "11-09 07:00"),
        ]
    others = Notice.objects.exclude(user__in=[cast.clerk, cast.neighbour])
    assert not others.exists()


def test_the_week_of_tet_passes_in_silence(world, cast):
    FormFactory(code="TYT", periodicity="year", deadline_working_days=None, deadline_month_day="01-31")
    settle_duties()
    sweep_days(date(2025, 1, 20), date(2025, 2, 14))
    # In 2025 the points file the stations' form of the year in which they became points.
    # 31 January lay in the holiday: the first day offices work again is in time.
    assert told(cast.clerk) == [
        ("due-soon:2025-02-03", "01-24 07:00"),
        ("due:2025-02-03", "02-03 07:00"),
        ("late:2025-02-03", "02-04 07:00"),
    ]
    assert "03/02/2025" in cast.clerk.notices.get(kind="due").title


def test_one_notice_names_every_form_still_missing_of_every_station(world, cast, forms):
    SubmissionFactory(facility=world.facilities["T-a1"], form=forms[0], period=OCTOBER, status="submitted")
    SubmissionFactory(facility=world.facilities["T-a1"], form=forms[1], period=OCTOBER, status="draft")
    SubmissionFactory(facility=world.facilities["T-a2"], form=forms[2], period=OCTOBER, status="approved")
    remind_of_deadlines(now=at(FRIDAY))
    notice = cast.clerk.notices.get()
    assert notice.title == "Hôm nay, thứ Sáu 06/11/2026, là hạn cuối: còn 4 báo cáo chưa nộp"
    assert notice.text.splitlines() == [
        "– Điểm trạm a1, tháng 10/2026: Biểu B7; Biểu B8",
        "– Điểm trạm a2, tháng 10/2026: Biểu B4; Biểu B7",
    ]
    assert notice.path == reverse("submissions:due")


def test_a_single_missing_form_is_linked_itself(world, cast, forms):
    for form in forms:
        for code in ("T-a1", "T-a2"):
            if (form.code, code) != ("B8", "T-a2"):
                facility = world.facilities[code]
                SubmissionFactory(facility=facility, form=form, period=OCTOBER, status="submitted")
    remind_of_deadlines(now=at(MONDAY))
    notice = cast.clerk.notices.get()
    assert notice.title == "Đã quá hạn thứ Sáu 06/11/2026: còn 1 báo cáo chưa nộp"
    assert notice.path == reverse("submissions:form", args=["T-a2", "B8", "2026-10"])


def test_who_has_filed_everything_is_left_alone(world, cast, forms):
    for form in forms:
        for code in ("T-a1", "T-a2"):
            facility = world.facilities[code]
            SubmissionFactory(facility=facility, form=form, period=OCTOBER, status="submitted")
    sweep_days(date(2026, 11, 2), date(2026, 11, 13), step=timedelta(hours=1))
    assert told(cast.clerk, "due") == told(cast.clerk, "late") == []
    assert told(cast.neighbour, "late")


def test_a_reason_given_or_a_closed_period_ends_the_reminding(world, cast, forms):
    common = {"period": OCTOBER, "reason": "Sửa trạm, chuyển nơi làm việc.", "at": timezone.now()}
    for form in forms:
        Absence.objects.create(facility=world.facilities["T-a1"], form_code=form.code, **common)
    remind_of_deadlines(now=at(FRIDAY))
    assert "a1" not in cast.clerk.notices.get().text
    # The whole province is closed on Friday evening; another month or a yearly lock says nothing of October.
    ClosedPeriod.objects.create(area=world.areas["M"], period=OCTOBER, at=timezone.now())
    remind_of_deadlines(now=at(MONDAY))
    assert not Notice.objects.filter(kind="late").exists()


def test_another_periods_lock_closes_nothing(world, cast, forms):
    ClosedPeriod.objects.create(area=world.areas["M"], period=date(2026, 9, 1), at=timezone.now())
    ClosedPeriod.objects.create(area=world.areas["y"], period=OCTOBER, at=timezone.now())
    remind_of_deadlines(now=at(MONDAY))
    assert told(cast.clerk, "late") and not told(cast.neighbour, "late")


def test_a_portal_that_stood_still_makes_up_for_what_is_still_true(cast, forms):
    sweep(now=at(date(2026, 11, 5), 15, 20))  # the Wednesday was missed
    sweep(now=at(date(2026, 11, 11), 9))  # and so were Friday and Monday
    assert told(cast.clerk) == [("due-soon:2026-11-06", "11-05 15:20"), ("late:2026-11-06", "11-11 09:00")]
    sweep(now=at(date(2026, 12, 1)))
    assert len(told(cast.clerk)) == 2


def test_nothing_is_told_at_night_or_on_a_day_off(cast, forms):
    for now in (at(FRIDAY, 6, 59), at(FRIDAY, 20, 0), at(FRIDAY, 23), at(date(2026, 11, 8), 9)):
        assert sweep(now=now) == 0
    assert sweep(now=at(FRIDAY, 19, 59)) == 2


def test_only_active_clerks_of_the_place_are_told(world, cast, forms):
    assert set(clerks_of([world.facilities["T-a1"].pk])[world.facilities["T-a1"].pk]) == {cast.clerk}
    second = AssignmentFactory(role=Role.CLERK, facility=world.facilities["T-a1"]).user
    gone = person(Role.CLERK, facility=world.facilities["T-a2"])
    gone.is_active = False
    gone.save()
    remind_of_deadlines(now=at(FRIDAY))
    assert set(Notice.objects.values_list("user", flat=True)) == {cast.clerk.pk, cast.neighbour.pk, second.pk}
    assert "a2" not in second.notices.get().text


@pytest.mark.parametrize("code", ["S-x", "T-a1", "T-a2", "S-y", "T-b1", "S-z"])
def test_who_is_told_is_who_may_type(world, cast, code):
    facility = world.facilities[code]
    AssignmentFactory(role=Role.CLERK, facility=world.facilities["T-a1"], user=cast.neighbour)
    clerks = [cast.clerk, cast.neighbour, cast.reviewer, cast.leader, cast.stranger]
    may = {
        u.pk for u in clerks if facilities_for(u, Permission.EDIT_SUBMISSION).filter(pk=facility.pk).exists()
    }
    assert {user.pk for user in clerks_of([facility.pk])[facility.pk]} == may


def test_the_words_are_in_the_persons_language(cast, forms, world):
    cast.clerk.language = "en"
    cast.clerk.save()
    remind_of_deadlines(now=at(FRIDAY))
    assert "06/11/2026" in cast.clerk.notices.get().title and "Friday" in cast.clerk.notices.get().title
    assert "thứ Sáu" in cast.neighbour.notices.get().title


# --- sent back ------------------------------------------------------------------------------------------
def sent_back(world, cast, form, code="T-a1", reason="Cột 7 thừa số 0."):
    one = SubmissionFactory(facility=world.facilities[code], form=form, period=OCTOBER, status="submitted")
    return send_back(submission=one, by=cast.reviewer, reason=reason)


def test_what_was_sent_back_is_told_once_a_decision(world, cast, forms):
    one = sent_back(world, cast, forms[0])
    now = timezone.now()
    for minutes in range(0, 3000, 10):
        sweep(now=now + timedelta(minutes=minutes))
    notice = cast.clerk.notices.get(kind="sent-back")
    assert notice.title == "Trả lại để sửa: Điểm trạm a1, B4, tháng 10/2026"
    assert "Lý do: Cột 7 thừa số 0." in notice.text
    assert notice.path == one.get_absolute_url()
    # Handed in and taken back by the station: the same decision. Sent back again: another.
    submit(submission=one, by=cast.clerk)
    recall(submission=one, by=cast.clerk)
    sweep(now=timezone.now())
    assert cast.clerk.notices.filter(kind="sent-back").count() == 1
    submit(submission=one, by=cast.clerk)
    send_back(submission=one, by=cast.reviewer, reason="Vẫn còn sai.")
    sweep(now=timezone.now())
    assert cast.clerk.notices.filter(kind="sent-back").count() == 2
    assert not Notice.objects.filter(kind="sent-back").exclude(user=cast.clerk).exists()


def test_told_with_the_decision_the_sweep_finds_only_who_came_since(world, cast, forms):
    one = sent_back(world, cast, forms[0])
    assert cast.clerk.notices.filter(kind="sent-back").count() == 1
    assert tell_sent_back(Submission.objects.get(pk=one.pk)) == 0
    newcomer = person(Role.CLERK, facility=world.facilities["S-x"])
    sweep(now=timezone.now())
    told = Notice.objects.filter(kind="sent-back").values_list("user", flat=True)
    assert sorted(told) == sorted([cast.clerk.pk, newcomer.pk])


def test_the_command_tells_and_sends_and_run_again_does_nothing(world, cast, forms, capsys, monkeypatch):
    monkeypatch.setattr("facilities.actions.mails.is_day", lambda _now: True)
    sent_back(world, cast, forms[0])
    answers = []
    for _run in range(2):
        call_command("send_reminders")
        answers.append(json.loads(capsys.readouterr().out))
    assert answers[0]["sent"] == len(outbox.outbox) >= 1
    assert answers[1] == {"told": 0, "sent": 0, "postponed": 0, "failed": 0, "dropped": 0}
    assert "Trả lại để sửa" in outbox.outbox[0].subject


def test_an_old_decision_is_no_news(world, cast, forms):
    sent_back(world, cast, forms[0])
    Notice.objects.all().delete()
    sweep(now=timezone.now() + timedelta(days=15))
    assert not Notice.objects.filter(kind="sent-back").exists()


def test_two_reports_sent_back_are_two_events_for_every_clerk(world, cast, forms):
    second = AssignmentFactory(role=Role.CLERK, facility=world.facilities["S-x"]).user
    for form in forms[:2]:
        sent_back(world, cast, form)
    sweep(now=timezone.now())
    assert [user.notices.filter(kind="sent-back").count() for user in (cast.clerk, second)] == [2, 2]


# --- digest ---------------------------------------------------------------------------------------------
def handed_in(world, form, when, code="T-a1"):
    facility = world.facilities[code]
    return SubmissionFactory(
        facility=facility,
        form=form,
        period=OCTOBER,
        status="submitted",
        submitted_at=when,
        first_submitted_at=when,
    )


def test_a_digest_comes_once_a_working_day_while_something_waits(world, cast, forms):
    one = handed_in(world, forms[0], at(date(2026, 11, 5), 16))
    handed_in(world, forms[0], at(date(2026, 11, 5), 17), "T-a2")
    handed_in(world, forms[2], at(date(2026, 11, 6), 6), "T-b1")
    sweep_days(date(2026, 11, 5), date(2026, 11, 8))
    Submission.objects.exclude(pk=one.pk).delete()
    sweep_days(date(2026, 11, 9), date(2026, 11, 9))
    Submission.objects.all().delete()
    sweep_days(date(2026, 11, 10), date(2026, 11, 12))
    assert told(cast.reviewer) == [("digest:2026-11-06", "11-06 07:00"), ("digest:2026-11-09", "11-09 07:00")]
    first, second = cast.reviewer.notices.order_by("at")
    assert first.title == "3 báo cáo chờ duyệt"
    assert first.text.splitlines() == [
        "– Biểu B4: 2",
        "– Biểu B8: 1",
        "",
        "Báo cáo chờ lâu nhất nộp ngày 05/11/2026.",
    ]
    assert first.path == reverse("submissions:review")
    assert second.title == "1 báo cáo chờ duyệt"
    # One unread digest is enough.
    assert first.read_at and not second.read_at


def test_what_nobody_can_decide_waits_for_nobody(world, cast, forms):
    one = handed_in(world, forms[0], at(date(2026, 11, 5), 16))
    propose = {"submission": handed_in(world, forms[1], at(date(2026, 11, 5), 16)), "proposed_by": cast.clerk}
    Correction.objects.create(reason="Sót.", proposed_at=at(date(2026, 11, 5), 17), **propose)
    close_period(area=world.areas["M"], period=one.period, yearly=False, by=cast.reviewer)
    sweep_days(FRIDAY, FRIDAY)
    assert told(cast.reviewer) == []


def test_a_period_is_closed_where_the_facility_stood_in_it(world, cast, forms):
    moved = world.facilities["T-a1"]
    close_period(area=world.areas["x"], period=OCTOBER, yearly=False, by=cast.reviewer)
    Placement.objects.create(
        facility=moved,
        area=world.areas["z"],
        from_month=date(2026, 11, 1),
        main_station=world.facilities["S-x"],
    )
    remind_of_deadlines(now=at(FRIDAY))
    assert told(cast.clerk) == []


def test_what_comes_after_the_morning_waits_for_the_next_digest(world, cast, forms):
    handed_in(world, forms[0], at(FRIDAY, 8))
    sweep_days(FRIDAY, FRIDAY)
    assert told(cast.reviewer) == []
    sweep(now=at(MONDAY, 15))
    assert told(cast.reviewer) == [("digest:2026-11-09", "11-09 15:00")]


def test_proposals_to_correct_wait_too(world, cast, forms):
    approved = SubmissionFactory(
        facility=world.facilities["T-a1"], form=forms[0], period=OCTOBER, status="approved"
    )
    Correction.objects.create(
        submission=approved, reason="Sót 2 ca.", proposed_at=at(date(2026, 11, 5)), proposed_by=cast.clerk
    )
    sweep(now=at(FRIDAY))
    assert cast.reviewer.notices.get().title == "1 đề nghị đính chính chờ xem xét"


def test_a_reviewer_hears_of_the_places_held_now_alone(world, cast, forms):
    """A commune's reviewer of its own stations, the old province's of nothing: no station stands there now."""
    handed_in(world, forms[0], at(WEDNESDAY), "T-a1")
    handed_in(world, forms[0], at(WEDNESDAY), "T-b1")
    commune = person(Role.REVIEWER, area=world.areas["x"])
    elsewhere = person(Role.REVIEWER, area=AreaFactory())
    old = person(Role.REVIEWER, area=world.areas["A"])
    gone = person(Role.REVIEWER, area=world.areas["M"])
    gone.is_active = False
    gone.save()
    sweep(now=at(FRIDAY))
    titles = {
        user.pk: [n.title for n in user.notices.filter(kind="digest")]
        for user in (cast.reviewer, commune, elsewhere, gone)
    }
    assert titles == {
        cast.reviewer.pk: ["2 báo cáo chờ duyệt"],
        commune.pk: ["1 báo cáo chờ duyệt"],
        elsewhere.pk: [],
        gone.pk: [],
    }
    reached = facilities_for(old, Permission.REVIEW_SUBMISSION).filter(code__in=["T-a1", "T-b1"]).count()
    assert old.notices.count() == (1 if reached else 0)


# --- mails wanted ---------------------------------------------------------------------------------------
def test_no_address_or_no_wish_means_a_notice_without_mail(world, cast, forms):
    cast.clerk.wants_reminders = False
    cast.clerk.save()
    cast.reviewer.wants_digest = False
    cast.reviewer.save()
    silent = AssignmentFactory(role=Role.CLERK, facility=world.facilities["T-a1"]).user
    handed_in(world, forms[0], at(WEDNESDAY))
    sweep(now=at(FRIDAY))
    assert dict(Notice.objects.values_list("user__username", "mail")) == {
        cast.clerk.username: "none",
        cast.reviewer.username: "none",
        silent.username: "none",
        cast.neighbour.username: "waiting",
    }


def test_a_part_that_fails_is_logged_and_keeps_nobody_from_the_rest(world, cast, forms, monkeypatch, caplog):
    def broken(*, now):
        raise ValueError(now)

    monkeypatch.setattr(reminders, "remind_of_deadlines", broken)
    sent_back(world, cast, forms[0])
    Notice.objects.all().delete()
    handed_in(world, forms[1], at(WEDNESDAY))
    Submission.objects.filter(status="sent_back").update(decided_at=at(WEDNESDAY))

    sweep(now=at(FRIDAY))

    assert [one.kind for one in cast.clerk.notices.all()] == ["sent-back"]
    assert cast.reviewer.notices.count() == 1
    assert "broken failed" in caplog.text and caplog.records[-1].exc_info


# --- a whole province -----------------------------------------------------------------------------------
@pytest.mark.parametrize("stations", [3, 40])
def test_a_province_costs_the_same_as_a_station(world, cast, stations):
    forms = [FormFactory(code=f"F{n}") for n in range(4)]
    for _n in range(stations):
        station = FacilityFactory(area=world.areas["z"], opened=date(2025, 7, 1))
        AssignmentFactory(role=Role.CLERK, facility=station, user=UserFactory(email="a@tram.example"))
        one = SubmissionFactory(facility=station, form=forms[0], period=OCTOBER, status="submitted")
        SubmissionFactory(facility=station, form=forms[1], period=OCTOBER, status="sent_back")
        Submission.objects.filter(pk=one.pk).update(submitted_at=at(WEDNESDAY))
    Submission.objects.filter(status="sent_back").update(decided_at=at(WEDNESDAY))
    settle_places()
    settle_duties()
    with CaptureQueriesContext(connection) as first:
        assert sweep(now=at(FRIDAY)) == 2 * stations + 3
    with CaptureQueriesContext(connection) as again:
        assert sweep(now=at(FRIDAY, 7, 10)) == 0
    # Sent back: submissions, closed, clerks (2), told, savepoint, written, released = 8. Deadlines: first month, forms,
    # duties, submissions, absences, closed, clerks (2), told, savepoint, written, released = 12. Digest: savepoint, what
    # waits, closed, reviewers' placements, coverage, roles, counts, corrections, forms, older, told, savepoint, written,
    # 2 × released.
    assert len(first) <= 36, "\n".join(q["sql"][:150] for q in first)
    assert len(again) <= 26, "\n".join(q["sql"][:150] for q in again)


class BeatTwice(TransactionTestCase):
    def test_sweeps_at_once_tell_once(self):
        if connection.vendor == "sqlite":
            pytest.skip("one writer at a time")
        world = make_world()
        cast = make_cast(world)
        form = FormFactory(code="B4")
        settle_duties()
        for code in ("T-a1", "T-a2", "T-b1"):
            one = SubmissionFactory(
                facility=world.facilities[code], form=form, period=date(2026, 9, 1), status="submitted"
            )
            Submission.objects.filter(pk=one.pk).update(submitted_at=at(WEDNESDAY))
        back = SubmissionFactory(
            facility=world.facilities["T-a1"], form=form, period=date(2026, 8, 1), status="sent_back"
        )
        Submission.objects.filter(pk=back.pk).update(decided_at=at(WEDNESDAY))
        barrier, errors = threading.Barrier(6), []

        def run():
            try:
                barrier.wait()
                for minutes in range(0, 60, 10):
                    sweep(now=at(FRIDAY, 7, minutes))
            except Exception as error:
                errors.append(error)
            finally:
                connections.close_all()

        threads = [threading.Thread(target=run) for _n in range(6)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert errors == []
        assert sorted(Notice.objects.values_list("user", "kind")) == sorted(
            [
                (cast.clerk.pk, "due"),
                (cast.clerk.pk, "sent-back"),
                (cast.neighbour.pk, "due"),
                (cast.reviewer.pk, "digest"),
            ]
        )


def test_a_moment_is_read_in_vietnam(cast, forms):
    """00:30 UTC on Friday is half past seven here."""
    assert sweep(now=datetime(2026, 11, 6, 0, 30, tzinfo=UTC)) == 2
    assert sweep(now=datetime(2026, 11, 6, 15, 0, tzinfo=UTC)) == 0


def test_a_point_that_moved_is_its_new_stations_to_file(world, cast, forms):
    PlacementFactory(
        facility=world.facilities["T-a2"],
        area=world.areas["y"],
        from_month=date(2026, 10, 1),
        main_station=world.facilities["S-y"],
    )
    settle_places()
    settle_duties()
    assert [user.pk for user in clerks_of([world.facilities["T-a2"].pk])[world.facilities["T-a2"].pk]] == [
        cast.neighbour.pk
    ]
