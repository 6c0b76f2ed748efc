"""Who sees which events of the log, what the filters find, and how pages follow each other."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils import timezone, translation

from facilities.actions.accounts import save_wishes
from facilities.actions.audit import place_of, record
from facilities.log_asked import read_asked
from facilities.log_reading import BadCursor, Cursor, page_of, readable_events
from facilities.models import AuditEvent, DecidedDay, Role
from tests.factories import (
    AgencyFactory,
    FacilityFactory,
    ProvinceFactory,
    UserFactory,
    person,
    settle_places,
)

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 3, 1, 5, 0, tzinfo=UTC)  # 12:00 in Vietnam


def write(verb="update", *, at=NOON, area=None, by=None, subject=None):
    subject = subject or DecidedDay(pk=1, date=NOON.date())
    record(by=by, verb=verb, subject=subject, area=area)
    event = AuditEvent.objects.latest("pk")
    event.at = at
    event.save()
    return event


def seen_by(reader):
    return set(readable_events(reader).values_list("verb", flat=True))


@pytest.fixture
def places(world):
    """One event a place, named for it: the merged province, a new commune, an old one, another province."""
    other = ProvinceFactory(parent=world.areas["country"])
    settle_places()
    for name in ("M", "x", "y", "a1", "A", "country"):
        write(name, area=world.areas[name])
    write("other", area=other)
    write("nowhere")
    write("nobody", subject=UserFactory())
    return world


def test_an_auditor_sees_the_area_and_all_it_took_over(places, cast):
    assert seen_by(cast.auditor) == {"M", "x", "y", "a1", "A", "nowhere"}


def test_an_auditor_of_one_commune_sees_that_commune_and_what_merged_into_it(places):
    assert seen_by(person(Role.AUDITOR, area=places.areas["x"])) == {"x", "a1"}


def test_an_administrator_of_the_portal_sees_all(places, cast):
    assert len(seen_by(cast.administrator)) == 9


def test_an_administrator_of_one_area_sees_that_area(places):
    assert seen_by(person(Role.ADMINISTRATOR, area=places.areas["x"])) == {"x", "a1"}


@pytest.mark.parametrize("who", ["clerk", "reviewer", "planner", "leader", "stranger"])
def test_nobody_else_sees_any(places, cast, who):
    assert seen_by(getattr(cast, who)) == set()


def test_acts_on_people_and_places_are_of_their_area(world, cast):
    areas, station = world.areas, world.facilities["T-a1"]
    agency = AgencyFactory(area=areas["M"])
    assert place_of(cast.reviewer) == areas["M"].pk
    assert place_of(cast.clerk) == areas["x"].pk
    assert place_of(person(Role.OFFICER, agency=agency)) == areas["M"].pk
    assert place_of(station) == areas["x"].pk
    assert place_of(areas["x"]) == areas["M"].pk
    assert place_of(areas["country"]) == areas["country"].pk
    assert place_of(cast.administrator) is None
    assert place_of(DecidedDay()) is None
    coming = FacilityFactory(code="S-moi", area=areas["y"])
    coming.placements.update(from_month=date(2099, 1, 1))
    assert place_of(coming) == areas["y"].pk


def test_a_changed_address_is_seen_by_the_auditor_of_that_person(world, cast):
    cast.clerk.email = "moi@tinh.example"
    save_wishes(user=cast.clerk, fields=["email"], email_before="cu@tinh.example")
    assert seen_by(cast.auditor) == {"change_address"}
    assert seen_by(person(Role.AUDITOR, area=world.areas["y"])) == set()


def found(**given):
    return set(read_asked(given).query.of(AuditEvent.objects.all()).values_list("verb", flat=True))


def test_days_are_those_of_vietnam_and_both_count(world):
    for verb, at in {
        "before": datetime(2026, 2, 28, 16, 59, 59, tzinfo=UTC),
        "first": datetime(2026, 2, 28, 17, 0, tzinfo=UTC),
        "last": datetime(2026, 3, 1, 16, 59, 59, tzinfo=UTC),
        "after": datetime(2026, 3, 1, 17, 0, tzinfo=UTC),
    }.items():
        write(verb, at=at)
    assert found(**{"from": "2026-03-01", "to": "2026-03-01"}) == {"first", "last"}
    assert found(**{"from": "2026-03-01"}) == {"first", "last", "after"}
    assert found(to="2026-03-01") == {"before", "first", "last"}


def test_a_person_is_found_without_accents_by_name_or_sign_in_name(world):
    write("hers", by=UserFactory(last_name="Đỗ Thị", first_name="Hường", username="huong.dt"))
    write("his", by=UserFactory(last_name="Lê", first_name="Tuấn"))
    write("portal")
    assert found(person="do thi huong") == {"hers"}
    assert found(person="huong.dt") == {"hers"}
    assert found(person="  LÊ   tuấn ") == {"his"}
    assert found(person="he thong") == {"portal"}
    with translation.override("en"):
        assert found(person="system") == {"portal"}
    assert found(person="nobody") == set()


def test_a_person_is_found_by_the_name_the_log_shows_as_by_that_of_today(world):
    lan = UserFactory(last_name="Nguyễn Thị", first_name="Lan", username="tram.x")
    write("then", by=lan)
    lan.first_name = "Hoa"
    lan.save()
    assert found(person="Nguyễn Thị Lan") == found(person="nguyen thi hoa") == {"then"}


def test_a_deed_is_one_verb_or_all_of_a_kind(world):
    for verb in ("approve", "send_back", "submit"):
        write(verb)
    assert found(deed="review") == {"approve", "send_back"}
    assert found(deed="submit") == {"submit"}


def test_a_kind_of_thing(world):
    write("person", subject=UserFactory())
    write("day")
    assert found(kind="facilities.user") == {"person"}


def test_a_place_is_found_as_people_write_it_with_what_lies_in_it(places):
    assert found(place="P. x") == {"x", "a1"}
    assert found(place="tinh m") == {"M", "x", "y", "a1", "A"}
    assert found(place="Atlantis") == set()


def walk(events, size):
    """Every page from the newest on, and the way back from the last one."""
    pages = [page_of(events, size)]
    while pages[-1].older:
        pages.append(page_of(events, size, before=pages[-1].older))
    back = [pages[-1]]
    while back[-1].newer:
        back.append(page_of(events, size, after=back[-1].newer))
    return pages, back


@pytest.mark.parametrize("size", [7, 10, 120, 200])
def test_pages_hold_every_event_once_also_where_many_share_a_moment(world, size):
    AuditEvent.objects.bulk_create(
        AuditEvent(at=NOON + timedelta(microseconds=number // 25), actor="", verb="save")
        for number in range(120)
    )
    whole = list(AuditEvent.objects.order_by("-at", "-pk"))
    pages, back = walk(AuditEvent.objects.all(), size)
    assert [event for page in pages for event in page.events] == whole
    assert [event for page in reversed(back) for event in page.events] == whole
    assert pages[0].newer is None and pages[-1].older is None and back[-1].newer is None


def test_what_happens_meanwhile_moves_no_page(world):
    for number in range(9):
        write(f"{number}", at=NOON + timedelta(seconds=number))
    events = AuditEvent.objects.all()
    first = page_of(events, 3)
    before = page_of(events, 3, before=first.older).events
    write("new", at=NOON + timedelta(days=1))
    assert page_of(events, 3, before=first.older).events == before


def test_a_cursor_reads_back_and_nothing_else_is_one(world):
    event = write(at=timezone.now())
    assert Cursor.parse(str(Cursor.of(event))) == Cursor.of(event)
    for text in ("1", "1-", "-1-2", "1-2-3", "a-b", "9" * 40 + "-1", "٣-١", "1-2\n"):
        with pytest.raises(BadCursor):
            Cursor.parse(text)


@pytest.mark.parametrize(
    "given",
    [
        {"from": "31/03/2026"}, {"to": "2026-02-30"}, {"from": "0001-01-01"}, {"to": "9999-12-31"},
        {"from": "2026-03-02", "to": "2026-03-01"}, {"deed": "gone"}, {"kind": "x.y"}, {"before": "x"}, {"after": "1"},
    ],
)  # fmt: skip
def test_what_makes_no_sense_is_said_and_left_out(given):
    asked = read_asked(given)
    assert len(asked.problems) == 1 and not asked.query.is_narrowed
    assert asked.before is asked.after is None
    assert {name: asked.typed.get(name, text) for name, text in given.items()} == given
