"""Versions of what places are given: what they are checked against, who may publish, which one counts when."""

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError

from facilities.models import Area, AuditEvent
from facilities.periods import Month
from indicators.models import Group
from plans.actions.allocations import Overtaken, draft_of
from plans.actions.changes import HasHistory
from plans.actions.editing import delete_plan
from plans.actions.lines import delete_line
from plans.allocation import Basis
from plans.models import AllocationVersion, PlanIndicator, Target
from plans.standing.allocated import judged_on, read_in_force
from plans.standing.sharing import NotShareable, day_of, places_below
from tests.factories_indicators import IndicatorFactory
from tests.factories_plans import LineFactory, PlanFactory, TargetFactory, make_indicator, make_result
from tests.plans.pages import make_scene
from tests.plans.shares import ids, last_year, line_of, publish

pytestmark = pytest.mark.django_db


@pytest.fixture
def scene():
    return make_scene()


def names(areas):
    return [area.name for area in areas]


def test_a_version_keeps_what_was_given_and_what_it_was_checked_against(scene):
    last_year(scene)
    version = publish(scene, by=scene.cast.planner, note="Đợt đầu")

    assert (version.number, version.supersedes, version.edited, version.basis) == (
        1,
        None,
        False,
        "denominator",
    )
    assert (version.target_operator, version.target_value, version.total) == (">=", 90, 90)
    given = {
        share.area.code: (share.value, share.baseline, share.weight) for share in version.allocations.all()
    }
    assert given == {"x": (90, 60, 100), "y": (90, 90, 100), "z": (90, 40, 100)}
    event = AuditEvent.objects.get(verb="publish_allocation")
    assert (event.actor_id, event.details["version"], event.details["places"]) == (
        scene.cast.planner.pk,
        1,
        3,
    )


def test_only_a_planner_of_the_area_publishes(scene):
    with pytest.raises(PermissionDenied):
        publish(scene, by=scene.cast.reviewer)
    assert not AllocationVersion.objects.exists()


@pytest.mark.parametrize(
    ("values", "terms", "field"),
    [
        ({"x": 90, "y": 90, "z": 89}, {}, "reason"),
        ({"x": 90, "y": 90, "z": None}, {}, "reason"),
        ({"x": None, "y": None, "z": None}, {"reason": "Không"}, "values"),
        ({"x": 90, "y": 90, "z": 90}, {"legal_basis": " "}, "legal_basis"),
        ({"x": 90, "y": 90, "z": 90}, {"note": "d" * 301}, "note"),
        ({"x": 90, "y": 90, "z": 90}, {"in_force_from": date(2026, 1, 1)}, "in_force_from"),
    ],
)
def test_what_keeps_a_version_back_is_named(scene, values, terms, field):
    last_year(scene)
    with pytest.raises(ValidationError) as caught:
        publish(scene, ids(scene, **values), by=scene.cast.planner, **terms)
    assert list(caught.value.message_dict) == [field]
    assert not AllocationVersion.objects.exists()


@pytest.mark.parametrize("value", ["-1", "100.5", "1e15", "90.1234567"])
def test_a_value_no_place_can_be_given_is_named_by_its_place(scene, value):
    last_year(scene)
    values = ids(scene, x=value, y=100, z=100)
    with pytest.raises(ValidationError) as caught:
        publish(scene, values, reason="Thử")
    assert str(scene.world.areas["x"].pk) in caught.value.message_dict


def test_a_difference_is_published_with_its_reason(scene):
    last_year(scene)
    version = publish(scene, ids(scene, x=90, y=90, z=80), reason="Xã z mới sáp nhập", by=scene.cast.planner)
    assert version.reason == "Xã z mới sáp nhập" and version.edited
    # 260/3 = 86,666…: rounded towards the worse side, it never reads as more than it is.
    assert version.total == Decimal("86.666666")


def test_better_than_asked_for_needs_no_reason_and_keeps_none(scene):
    last_year(scene)
    assert publish(scene, ids(scene, x=91, y=92, z=93), reason="thừa").reason == ""


def test_an_amended_plan_is_a_version_that_supersedes(scene):
    last_year(scene)
    first = publish(scene)
    second = publish(
        scene, ids(scene, x=95, y=95, z=95), expected=1, in_force_from=date(2025, 7, 1), method="manual"
    )
    first.refresh_from_db()
    assert (second.number, second.supersedes, first.superseded_by) == (2, first, second)
    assert list(first.allocations.values_list("value", flat=True)) == [90, 90, 90]


def test_two_people_publish_and_the_second_is_told(scene):
    publish(scene)
    with pytest.raises(Overtaken):
        publish(scene, expected=0)
    assert AllocationVersion.objects.count() == 1


def test_a_version_does_not_begin_before_the_one_it_supersedes(scene):
    publish(scene, in_force_from=date(2025, 3, 1))
    with pytest.raises(ValidationError) as caught:
        publish(scene, expected=1, in_force_from=date(2025, 2, 1))
    assert "01/03/2025" in caught.value.message_dict["in_force_from"][0]


def test_a_month_is_judged_by_the_version_in_force_on_its_last_day(scene):
    publish(scene)
    publish(scene, ids(scene, x=95, y=95, z=95), expected=1, in_force_from=date(2025, 7, 15))
    line, x = line_of(scene), scene.world.areas["x"].pk
    found = {
        month: read_in_force(line, 2025, judged_on(2025, Month(2025, month))).of(x).value
        for month in (6, 7, 12)
    }
    assert found == {6: 90, 7: 95, 12: 95}
    assert judged_on(2025, None) == date(2025, 12, 31)


def test_before_the_first_version_nothing_is_allocated(scene, django_assert_num_queries):
    publish(scene, in_force_from=date(2025, 3, 1))
    line = line_of(scene)
    with django_assert_num_queries(1):  # the version in force with all it gave
        found = read_in_force(line, 2025, date(2025, 2, 28))
    assert found.version.number == 1 and found.of(scene.world.areas["x"].pk) is None
    assert read_in_force(line, 2026, date(2026, 2, 28)) is None


def test_the_chain_of_versions_is_held_by_the_database(scene):
    first = publish(scene)
    fields = {name: getattr(first, name) for name in ("line", "year", "level", "method", "adds_up", "at")}
    with pytest.raises(IntegrityError):
        AllocationVersion.objects.create(
            **fields, number=2, in_force_from=date(2025, 1, 1), legal_basis="x",
            target_operator=">=", target_value=1,
        )  # fmt: skip


def test_a_count_is_shared_out_in_whole_numbers_that_sum_to_it(scene):
    births = make_indicator("BIRTHS", timing="count", denominator=False, factor=1, unit="người")
    line = LineFactory(
        plan=scene.plan, objective=scene.line.objective, key="2", indicator=births, unit="người"
    )
    TargetFactory(line=line, value=100, text="100")
    Area.objects.filter(code__in="xyz").update(registered_population=1000)
    draft = draft_of(line_of(scene, "2"), 2025, level="commune", adds_up=False)
    assert draft.goal.adds_up and draft.known.basis == Basis.POPULATION
    with pytest.raises(ValidationError) as caught:
        publish(scene, ids(scene, x=40, y=40, z="19.5"), line=line_of(scene, "2"), reason="Thử")
    assert list(caught.value.message_dict) == [str(scene.world.areas["z"].pk)]
    version = publish(scene, ids(scene, x=40, y=40, z=20), line=line_of(scene, "2"))
    assert (version.total, version.adds_up) == (100, True)


def test_a_count_where_no_register_knows_the_boundaries_is_weighed_by_reported_people(scene):
    births = make_indicator("BIRTHS", timing="count", denominator=False, factor=1, unit="người")
    people = IndicatorFactory(code="MEAN_POPULATION", timing="stock", factor=1, unit="người")
    line = LineFactory(plan=scene.plan, objective=scene.line.objective, key="2", indicator=births)
    TargetFactory(line=line, value=100)
    for letter, number in {"x": 100, "y": 200, "z": 700}.items():
        make_result(scene.world.areas[letter], people, "2024-12", number)
    known = draft_of(line_of(scene, "2"), 2025, level="commune", adds_up=True).known
    assert known.basis == Basis.REPORTED and [place.weight for place in known.places] == [100, 200, 700]


def test_one_basis_weighs_all_places(scene):
    last_year(scene, {"x": (60, 100), "y": (90, 100)})
    Area.objects.filter(code__in="xyz").update(registered_population=1000)
    known = draft_of(line_of(scene), 2025, level="commune", adds_up=False).known
    assert known.basis == Basis.POPULATION and {place.weight for place in known.places} == {1000}
    assert [place.baseline for place in known.places] == [60, 90, None]


def test_known_places_cost_the_same_for_any_number(scene, django_assert_max_num_queries):
    last_year(scene)
    line = line_of(scene)
    # places, last year's figures, people where a denominator is missing (the indicator, its figures), the latest
    with django_assert_max_num_queries(5):
        draft_of(line, 2025, level="commune", adds_up=False)


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        (None, "không đặt chỉ tiêu"),
        ({"kind": "change", "value": 1}, "mức thay đổi"),
        ({"kind": "text", "value": None, "operator": ""}, "định tính"),
        ({"is_ambiguous": True}, "hai cách hiểu"),
        ({"operator": "between", "upper": 95}, "một khoảng"),
        ({"value": None}, "không in mức đó"),
    ],
)
def test_what_can_not_be_shared_out_says_why(scene, fields, words):
    Target.objects.all().delete()
    if fields is not None:
        TargetFactory(line=scene.line, **fields)
    with pytest.raises(NotShareable, match=words):
        publish(scene)


def test_keeping_the_baseline_shares_out_the_baseline(scene):
    Target.objects.update(value=None)
    PlanIndicator.objects.update(baseline_value=88, baseline_kind="level")
    assert publish(scene, ids(scene, x=88, y=88, z=88)).target_value == 88


def test_places_are_those_of_the_plans_own_boundaries_in_the_year(scene):
    areas = scene.world.areas
    merged = places_below(scene.plan, 2025)
    assert names(merged.order_by("code")) == ["Phường x", "Xã y", "Xã z"]
    old = PlanFactory(area=areas["A"], start_year=2024, end_year=2025)
    assert sorted(names(places_below(old, 2025))) == [
        "Huyện a",
        "Huyện b",
        "Xã a1",
        "Xã a2",
        "Xã b1",
        "Xã b2",
    ]
    district = PlanFactory(area=areas["a"], start_year=2021, end_year=2025)
    assert sorted(names(places_below(district, 2025))) == ["Xã a1", "Xã a2"]
    assert day_of(areas["A"], 2025) == date(2025, 6, 30) and day_of(areas["A"], 2024) == date(2024, 12, 31)
    assert day_of(areas["M"], 2024) == date(2025, 7, 1)


def test_a_commune_that_ended_within_the_plan_is_given_nothing_after_it(scene):
    Area.objects.filter(code="z").update(valid_to=date(2026, 3, 1))
    assert names(places_below(scene.plan, 2025).order_by("code")) == ["Phường x", "Xã y", "Xã z"]
    assert names(places_below(scene.plan, 2026).order_by("code")) == ["Phường x", "Xã y"]


def test_a_line_on_urban_communes_is_shared_out_among_those(scene):
    urban = Group.objects.create(code="URBAN", kind=Group.Kind.PLACES, name="Đô thị")
    scene.line.group = urban
    scene.line.save()
    known = draft_of(line_of(scene), 2025, level="commune", adds_up=False).known
    assert names(known.areas) == ["Phường x"]


def test_a_line_entered_by_year_is_what_the_planner_says_it_is(scene):
    line = LineFactory(plan=scene.plan, objective=scene.line.objective, key="3", unit="giường")
    TargetFactory(line=line, value=300)
    assert draft_of(line_of(scene, "3"), 2025, level="commune", adds_up=True).goal.adds_up
    assert not draft_of(line_of(scene, "3"), 2025, level="commune", adds_up=False).goal.adds_up
    assert Fraction(publish(scene, ids(scene, x=100, y=100, z=100), line=line, adds_up=True).total) == 300


def test_a_line_that_was_shared_out_stays(scene):
    publish(scene)
    with pytest.raises(HasHistory):
        delete_line(line=scene.line, by=scene.cast.planner)
    with pytest.raises(HasHistory):
        delete_plan(plan=scene.plan, by=scene.cast.planner)
