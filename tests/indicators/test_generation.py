"""Generated figures: reproducible, keeping the rules, never over what stands there."""

import json
from datetime import date
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from hypothesis import given, settings
from hypothesis import strategies as st

from facilities.models import AuditEvent, StaleMark
from facilities.periods import Month
from indicators import definitions
from indicators.actions.catalogue import load_catalogue
from indicators.actions.generation import Generated, generate_figures
from indicators.expressions import State, evaluate
from indicators.models import DataValue, DataValueChange, Submission
from indicators.plausible import Hospital, Station, hospital_month, hospital_year, station_month, station_year
from tests.factories import REFORM, FacilityFactory
from tests.world import make_world

CATALOGUE = definitions.load()
JUNE, JULY, AUGUST = Month(2025, 6), Month(2025, 7), Month(2025, 8)


@pytest.fixture
def province(db):
    world = make_world()
    FacilityFactory(code="BV", type="hospital", name="Bệnh viện Đa khoa", area=world.areas["b2"])
    FacilityFactory(code="TN", type="hospital", ownership="private", opened=REFORM, area=world.areas["z"])
    load_catalogue(CATALOGUE)
    return world.areas["M"]


def generate(province, first, last, seed=1):
    return generate_figures(province=province, first=first, last=last, seed=seed)


def cells(period=None):
    rows = DataValue.objects.values_list(
        "submission__facility__code",
        "submission__form__code",
        "submission__period",
        "element__code",
        "group__code",
        "value",
    )
    return {row for row in rows if period in (None, row[2])}


def test_every_form_that_is_due_is_filled_but_for_a_few(province):
    result = generate(province, JULY, AUGUST)
    owed = 2 * (5 * 4 + 2) + (5 + 5 + 3 + 2)  # monthly; DS, TYT of old and new stations, BVN
    assert owed - 6 <= result.submissions <= owed
    assert result.values == DataValue.objects.count()
    assert set(Submission.objects.values_list("form__code", flat=True)) == {
        "B4", "B7", "B8", "BS", "DS", "TYT", "BV", "BVN",
    }  # fmt: skip


def test_the_same_seed_gives_the_same_figures_in_any_range(province):
    generate(province, JUNE, AUGUST)
    wide = {period.first_day: cells(period.first_day) for period in (JUNE, JULY)}
    Submission.objects.all().delete()
    generate(province, JUNE, JULY)
    assert cells(JUNE.first_day) == wide[JUNE.first_day]
    Submission.objects.all().delete()
    generate(province, JUNE, JULY, seed=2)
    assert cells(JUNE.first_day) != wide[JUNE.first_day]


def test_what_stands_there_is_left_alone(province):
    first = generate(province, JULY, JULY)
    before = cells()
    second = generate(province, JULY, JULY)
    assert (second.submissions, second.values, second.skipped >= first.submissions) == (0, 0, True)
    assert cells() == before


def test_generated_values_are_first_versions_without_changes(province):
    generate(province, JULY, JULY)
    assert set(DataValue.objects.values_list("version", "submission__version")) == {(1, 1)}
    assert not DataValueChange.objects.exists()


def test_generating_marks_the_months_and_is_logged(province):
    generate(province, JULY, AUGUST, seed=7)
    assert list(StaleMark.objects.values_list("facility", "from_month", "to_month")) == [
        (None, date(2025, 1, 1), date(2026, 12, 1))
    ]
    event = AuditEvent.objects.get(verb="generate")
    assert (event.area_id, event.details["seed"]) == (province.pk, 7)


def test_the_last_month_still_waits_for_some_reviews(province):
    generate(province, Month(2025, 1), AUGUST)
    earlier = Submission.objects.exclude(period=AUGUST.first_day).values_list("status", flat=True)
    assert set(earlier) == {"approved"}
    assert not Submission.objects.filter(submitted_at=None).exclude(status="draft").exists()


# --- plausible figures ------------------------------------------------------------------------------
stations = st.builds(
    Station,
    code=st.text(min_size=1, max_size=8),
    seed=st.integers(0, 10**6),
    people=st.floats(0, 80_000),
    minority=st.floats(0, 0.99),
    highland=st.booleans(),
    urban=st.booleans(),
)
hospitals = st.builds(
    Hospital,
    code=st.text(min_size=1, max_size=8),
    seed=st.integers(0, 10**6),
    people=st.integers(0, 4_000_000),
    highland=st.booleans(),
    is_private=st.booleans(),
    births_share=st.floats(0, 1),
    staff_share=st.floats(0, 1),
    beds_share=st.floats(0, 1),
)
years, months = st.integers(2021, 2030), st.integers(1, 12)


def broken(forms, values):
    rules = [rule for rule in CATALOGUE.rules if rule.form in forms]
    outcomes = {rule.code: evaluate(rule.parsed, values).state for rule in rules}
    return [code for code, state in outcomes.items() if state is not State.HOLDS]


def on_forms(*codes):
    return {cell for form in CATALOGUE.forms if form.code in codes for cell in form.cells}


@settings(max_examples=60, deadline=None)
@given(stations, years, months)
def test_a_station_month_fills_every_cell_and_breaks_no_rule(station, year, month):
    values = station_month(station, year, month)
    assert set(values) == on_forms("B4", "B7", "B8", "BS")
    assert min(values.values()) >= 0
    assert broken({"B4", "B7", "B8", "BS"}, values) == []


@settings(max_examples=60, deadline=None)
@given(stations, years)
def test_a_station_year_fills_every_cell_and_breaks_no_rule(station, year):
    values = station_year(station, year)
    assert set(values) == on_forms("DS", "TYT")
    assert broken({"DS", "TYT"}, values) == []
    assert station_year(station, year + 1)["DS.dan_so_dau_nam", ""] == values["DS.dan_so_cuoi_nam", ""]


@settings(max_examples=60, deadline=None)
@given(hospitals, years, months)
def test_a_hospital_fills_every_cell_and_breaks_no_rule(hospital, year, month):
    monthly, yearly = hospital_month(hospital, year, month), hospital_year(hospital, year)
    assert (set(monthly), set(yearly)) == (on_forms("BV"), on_forms("BVN"))
    assert broken({"BV", "BVN"}, monthly | yearly) == []


# --- the command ------------------------------------------------------------------------------------


def run(*args):
    out = StringIO()
    call_command("generate_figures", *args, stdout=out)
    return json.loads(out.getvalue())


def test_the_command_fills_the_provinces_named(province):
    printed = run("--from", "2025-07", "--to", "2025-07", "--province", "M", "--seed", "3")
    assert printed["provinces"] == ["M"]
    assert (printed["submissions"], printed["values"]) == (
        Submission.objects.count(),
        DataValue.objects.count(),
    )


def test_all_provinces_are_those_of_today(province):
    assert run("--from", "2025-07", "--to", "2025-07", "--all-provinces")["provinces"] == ["M"]


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (["--from", "2025-8", "--to", "2025-09"], "YYYY-MM"),
        (["--from", "2025-09", "--to", "2025-08"], "sau tháng cuối"),
        (["--from", "2025-08", "--to", "2025-08", "--province", "99"], "Không có tỉnh 99"),
        (["--from", "2025-08", "--to", "2025-08"], "Chưa nạp tỉnh nào"),
    ],
)
def test_a_wrong_call_ends_in_one_line(province, args, message):
    with pytest.raises(CommandError, match=message):
        run(*args)


def test_without_a_catalogue_there_is_nothing_to_fill(db):
    with pytest.raises(CommandError, match="load_catalogue"):
        run("--from", "2025-08", "--to", "2025-08")


def test_sums_of_results_add():
    assert Generated(1, 2, 3) + Generated(4, 5, 6) == Generated(5, 7, 9)
