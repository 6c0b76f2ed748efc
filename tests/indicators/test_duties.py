"""Who owes which form when: lives, roles, consolidation, validity, and years."""

from datetime import date

import pytest
from django.utils import timezone

from facilities.actions.reforms import enter_reform
from facilities.models import Area, Reform, StaleMark
from facilities.reform_orders import NewArea, Order
from indicators.actions.duties import due_in, refresh_duties
from indicators.models import ComputedMonth, Duty
from tests.factories import REFORM, START, AreaFactory, FacilityFactory, PlacementFactory
from tests.factories_indicators import FormFactory
from tests.world import make_world

pytestmark = pytest.mark.django_db
CONSOLIDATION = date(2026, 4, 1)


def months(form=None):
    """(facility, form) → months owed, as `from` or `from…to`."""
    found = {}
    for duty in Duty.objects.select_related("facility", "form").order_by("from_month"):
        if form in (None, duty.form):
            span = f"{duty.from_month:%Y-%m}…" + (f"{duty.to_month:%Y-%m}" if duty.to_month else "")
            found.setdefault(duty.facility.code, []).append(span)
    return found


def test_old_stations_go_on_reporting_as_points_and_the_new_station_does_not():
    make_world()
    FormFactory()
    refresh_duties()
    assert months() == {f"T-{old}": ["2021-01…"] for old in ("a1", "a2", "b1", "b2", "c1")}


def test_a_form_of_stations_alone_passes_to_the_new_station_at_the_reform():
    make_world()
    FormFactory(facility_types=["station"], periodicity="year")
    refresh_duties()
    old = {f"T-{code}": ["2021-01…2025-07"] for code in ("a1", "a2", "b1", "b2", "c1")}
    assert months() == old | {f"S-{code}": ["2025-07…"] for code in "xyz"}


def test_in_the_year_of_the_reform_old_and_new_stations_owe_the_stations_form():
    make_world()
    FormFactory(facility_types=["station"], periodicity="year")
    refresh_duties()
    owed = {
        year: Duty.objects.filter(due_in(date(year, 1, 1), yearly=True)).count()
        for year in (2024, 2025, 2026)
    }
    assert owed == {2024: 5, 2025: 8, 2026: 3}


def test_a_point_left_behind_by_a_division_reports_for_itself_and_is_no_station_until_somebody_says_so():
    world = make_world()
    FormFactory(code="R", facility_types=["station"], periodicity="year")
    shared = FormFactory()
    parts = [NewArea(f"n{n}", "Xã", f"Xã {n}") for n in (1, 2)]
    stands = {"S-x": 0, "T-a1": 0, "T-a2": 1}
    order = Order(
        "divide", date(2026, 3, 1), "NQ 1", [world.areas["x"].pk], parts,
        facilities={world.facilities[code].pk: part for code, part in stands.items()},
    )  # fmt: skip
    enter_reform(order=order, by=None)
    refresh_duties()
    owed = months()
    assert owed["S-x"] == ["2025-07…"]
    assert sorted(owed["T-a2"]) == ["2021-01…", "2021-01…2025-07"]
    assert months(shared)["T-a2"] == ["2021-01…"]
    PlacementFactory(
        facility=world.facilities["T-a2"], area=Area.objects.get(code="n2"), from_month=date(2026, 6, 1)
    )
    refresh_duties()
    assert "2026-06…" in months()["T-a2"] and months(shared)["T-a2"] == ["2021-01…"]


def test_a_point_whose_main_station_was_taken_away_since_a_merger_is_a_station_from_then_on():
    world = make_world()
    form = FormFactory(code="R", facility_types=["station"])
    merged = world.facilities["T-a1"].placements.order_by("from_month").last()
    merged.reform = Reform.objects.create(
        kind="merge", date=REFORM, legal_basis="NQ 2", entered_at=timezone.now()
    )
    merged.save()
    refresh_duties()
    assert months(form)["T-a1"] == ["2021-01…2025-07"]
    merged.main_station = None
    merged.save()
    refresh_duties()
    assert months(form)["T-a1"] == ["2021-01…"]


def test_from_consolidation_the_station_owes_and_its_points_do_not():
    world = make_world()
    main = world.facilities["S-x"]
    main.consolidated_from = CONSOLIDATION
    main.save()
    FormFactory()
    refresh_duties()
    owed = months()
    assert (owed["S-x"], owed["T-a1"], owed["T-b1"]) == (["2026-04…"], ["2021-01…2026-04"], ["2021-01…"])


def test_station_and_points_never_owe_a_shared_form_in_one_month():
    world = make_world()
    world.facilities["S-x"].consolidated_from = CONSOLIDATION
    world.facilities["S-x"].save()
    form = FormFactory()
    refresh_duties()
    for month in (REFORM, date(2026, 3, 1), CONSOLIDATION, date(2027, 1, 1)):
        owing = set(
            Duty.objects.filter(due_in(month, yearly=False), form=form).values_list(
                "facility__code", flat=True
            )
        )
        assert ("S-x" in owing) != ({"T-a1", "T-a2"} <= owing)


def test_a_station_without_points_files_for_itself_and_again_when_its_last_point_closes():
    area = AreaFactory()
    alone = FacilityFactory(code="alone", area=area)
    main = FacilityFactory(code="main", area=area)
    point = FacilityFactory(code="point", type="point", closed=date(2024, 3, 1))
    PlacementFactory(facility=point, area=area, main_station=main)
    FormFactory()
    refresh_duties()
    assert months() == {"alone": ["2021-01…"], "main": ["2024-03…"], "point": ["2021-01…2024-03"]}
    assert alone.duties.count() == 1


def test_a_duty_ends_with_the_facility_and_with_the_form():
    FacilityFactory(code="F", area=AreaFactory(), opened=date(2022, 5, 1), closed=date(2026, 2, 1))
    old = FormFactory(code="B", valid_to=REFORM)
    new = FormFactory(code="B", valid_from=REFORM)
    refresh_duties()
    assert (months(old), months(new)) == ({"F": ["2022-05…2025-07"]}, {"F": ["2025-07…2026-02"]})


def test_a_yearly_version_is_valid_for_the_years_whose_first_day_it_covers():
    FacilityFactory(code="F", area=AreaFactory())
    old = FormFactory(code="Y", periodicity="year", valid_to=REFORM)
    new = FormFactory(code="Y", periodicity="year", valid_from=REFORM)
    refresh_duties()
    assert (months(old), months(new)) == ({"F": ["2021-01…2026-01"]}, {"F": ["2026-01…"]})


def test_other_facilities_owe_the_forms_of_their_type():
    area = AreaFactory()
    for kind in ("hospital", "health_centre", "cdc"):
        FacilityFactory(code=kind, type=kind, area=area)
    FormFactory(facility_types=["hospital", "health_centre"])
    refresh_duties()
    assert months() == {"hospital": ["2021-01…"], "health_centre": ["2021-01…"]}


def test_a_facility_placed_nowhere_owes_nothing():
    FacilityFactory()
    FormFactory()
    assert (refresh_duties(), Duty.objects.count()) == (0, 0)


def test_a_second_run_changes_nothing():
    make_world()
    FormFactory()
    assert refresh_duties() == 5
    assert refresh_duties() == 0


def test_a_change_of_one_station_refreshes_its_points_with_it():
    world = make_world()
    FormFactory()
    refresh_duties()
    main = world.facilities["S-x"]
    main.consolidated_from = CONSOLIDATION
    main.save()
    assert refresh_duties([main.pk]) == 5  # two points end (removed, added), the station begins
    narrowed = months()
    assert refresh_duties() == 0
    assert months() == narrowed


def test_changed_duties_mark_the_months_already_computed():
    make_world()
    ComputedMonth.objects.create(month=START, computed_at=timezone.now())
    ComputedMonth.objects.create(month=REFORM, computed_at=timezone.now())
    FormFactory()
    refresh_duties()
    refresh_duties()
    assert list(StaleMark.objects.values_list("facility", "from_month", "to_month")) == [
        (None, START, REFORM)
    ]
