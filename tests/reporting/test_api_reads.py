"""What the API reads out is what the commands export, for those who may read it, in pages."""

import csv
import io

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from facilities import permissions
from facilities.exchange import places_as_data
from facilities.models import Area
from facilities.periods import Month
from indicators.catalogue_json import catalogue_as_json
from plans.actions.assess import assess_plan
from plans.actions.export import export_plan
from tests.factories_indicators import FormFactory, GroupFactory, SubmissionFactory
from tests.factories_plans import LineFactory, PlanFactory, TargetFactory, make_indicator, make_result
from tests.indicators.sensitive import deaths_indicator, report_deaths, roll_up
from tests.reporting.api_world import api, setting  # noqa: F401

ROOT = "/api/v1/"


@pytest.fixture
def leader(setting):  # noqa: F811
    return api(setting.cast.leader)


@pytest.fixture
def plan(setting):  # noqa: F811
    merged = setting.world.areas["M"]
    indicator = make_indicator()
    plan = PlanFactory(slug="ke-hoach", area=merged, start_year=2025, end_year=2026)
    line = LineFactory(plan=plan, indicator=indicator, has_baseline=True)
    TargetFactory(line=line, year=2025)
    TargetFactory(line=line, year=2026, value="90.5", text="90,5")
    LineFactory(plan=plan, objective=line.objective, is_further=True, group_text="DTTS")
    for month, cases in (("2025-07", 7), ("2025-08", 9)):
        make_result(merged, indicator, month, cases, 10)
    make_result(setting.world.areas["x"], indicator, "2025-08", "0.33333333", 3, estimated=1)
    make_result(setting.world.areas["A"], indicator, "2025-06", 1, 3)
    make_result(setting.world.areas["A"], indicator, "2025-08", 1, 3, unknown=1)
    return plan


def rows(client, path, **filters):
    """Every row, page by page."""
    found, address = [], ROOT + path
    answer = client.get(address, {"page_size": 3} | filters).json()
    while True:
        found += answer["results"]
        if answer["next"] is None:
            assert answer["count"] == len(found)
            return found
        answer = client.get(answer["next"]).json()


def test_the_catalogue_is_the_exported_one(leader):
    make_indicator("MMR", factor=100_000)
    GroupFactory(code="urban", kind="places", trait="urban")
    FormFactory(
        periodicity="year", deadline_working_days=None, deadline_month_day="10-14", cells=[("Y.1", "")]
    )

    for name, exported in catalogue_as_json().items():
        assert rows(leader, f"catalogue/{name}/") == exported, name


def test_the_places_are_the_exported_ones(leader):
    exported = places_as_data()

    areas = [row | {"key": f"{row['code']}@{row['valid_from']}"} for row in exported["areas"]]
    assert rows(leader, "places/areas/") == areas
    assert rows(leader, "places/successions/") == exported["successions"]
    facilities = rows(leader, "facilities/")
    for facility in facilities:
        for placement in facility["placements"]:
            if placement["main_station"] is None:
                del placement["main_station"]
            if not placement["carries_past"]:
                del placement["carries_past"]
    assert facilities == exported["facilities"]


def test_areas_are_found_by_level_day_parent_and_name_without_marks(leader):
    def codes(**filters):
        return {row["code"] for row in rows(leader, "places/areas/", **filters)}

    assert codes(parent="VN", level="province", valid_on="2025-06-30") == {"A", "B"}
    assert codes(parent="VN", valid_on="2025-07-01") == {"M"}
    assert codes(parent="M") == {"x", "y", "z"}
    assert codes(parent="a@2021-01-01") == {"a1", "a2"}
    assert codes(search="PHUONG x") == {"x"}
    assert leader.get(ROOT + "places/areas/", {"parent": "none"}).status_code == 404


def test_facilities_are_found_by_type_area_day_and_name(leader):
    def codes(**filters):
        return {row["code"] for row in rows(leader, "facilities/", **filters)}

    assert codes(type="station") == {"S-x", "S-y", "S-z"}
    assert codes(area="b") == {"T-b1", "T-b2"}
    assert codes(open_on="2025-06-30", search="tram y te") == set()
    assert codes(search="diem tram A1") == {"T-a1"}


def test_a_plan_is_the_exported_one(leader, plan):
    exported = export_plan(plan)
    lines = exported["indicators"] + exported["further_indicators"]

    assert leader.get(ROOT + "plans/ke-hoach/").json() == exported
    assert rows(leader, "plans/ke-hoach/lines/") == lines
    targets = [{"line": line["key"]} | target for line in lines for target in line["targets"]]
    assert rows(leader, "plans/ke-hoach/targets/") == targets
    head = rows(leader, "plans/", year="2026", area="M")
    assert head == [{key: exported[key] for key in head[0]}]
    assert rows(leader, "plans/", year="2027") == []


def test_the_standing_is_the_one_assess_plan_prints(leader, plan):
    read = rows(leader, "plans/ke-hoach/assessments/", year=2025, as_of="2025-08")

    assert read == assess_plan(plan, year=2025, as_of=Month(2025, 8))
    assert read[0]["value"] == 80
    outside = leader.get(ROOT + "plans/ke-hoach/assessments/", {"year": 2025, "as_of": "2026-01"})
    assert [detail["field"] for detail in outside.json()["error"]["details"]] == ["as_of"]


def exported_results(**options):
    out = io.StringIO()
    arguments = [part for name, value in options.items() for part in (f"--{name}", value)]
    call_command("export_results", *arguments, stdout=out)
    return list(csv.DictReader(io.StringIO(out.getvalue())))


@pytest.mark.parametrize(
    "options",
    [{}, {"boundaries": "2021-01-01"}, {"level": "province"}, {"indicator": "ANC4", "area": "A@2021-01-01"}],
)
def test_results_are_the_exported_ones(leader, plan, options):
    read = rows(leader, "results/", **{"from": "2025-01", "to": "2025-12"} | options)

    exported = exported_results(**{"from": "2025-01", "to": "2025-12"} | options)
    assert [list(row) for row in read] == [[*row, "hidden"] for row in exported]
    assert not any(row["hidden"] for row in read)
    for row, line in zip(read, exported, strict=True):
        for name in ("area", "area_valid_from", "indicator", "period", "exactness"):
            assert row[name] == line[name]
        for name in ("numerator", "denominator", "value", "reported", "expected"):
            assert row[name] == (float(line[name]) if line[name] else None)
    assert read


@pytest.fixture
def deaths(setting):  # noqa: F811
    """2 deaths in a1, 9 in a2 of district a; 7 in b2 of district b."""
    report_deaths(setting.world, deaths_indicator(), "2025-01", {"T-a1": 2, "T-a2": 9, "T-b1": 0, "T-b2": 7})
    roll_up("2025-01")


def numerators(client, **filters):
    read = rows(client, "results/", **{"from": "2025-01", "to": "2025-01"} | filters)
    assert all(row["denominator"] and (row["value"] is None) == row["hidden"] for row in read)
    return {row["area"]: "hidden" if row["hidden"] else row["numerator"] for row in read}


def test_who_may_open_the_submissions_reads_small_counts(leader, deaths):
    assert numerators(leader) == {"A": 18, "a": 11, "b": 7, "a1": 2, "a2": 9, "b1": 0, "b2": 7}


def test_results_to_be_shared_hide_small_counts(leader, deaths):
    few = dict.fromkeys(["a", "b", "a1", "a2", "b1"], "hidden")
    hidden = {"A": 18, "b2": 7, **few}
    for said in ("true", "True", "1", "yes"):
        assert numerators(leader, shared=said) == hidden, said
    assert numerators(leader, shared="false")["a1"] == 2
    restated = {"boundaries": "2025-07-01", "shared": "true"}
    assert numerators(leader, **restated) == {"M": 18, "x": "hidden", "y": "hidden", "z": 7}


def test_who_may_not_open_the_submissions_reads_results_as_they_are_shared(leader, deaths, monkeypatch):
    granted = permissions.GRANTS["leader"] - {permissions.Permission.VIEW_SUBMISSION}
    monkeypatch.setitem(permissions.GRANTS, "leader", granted)
    found = numerators(leader)
    assert (found["a1"], found["a2"], found["b2"]) == ("hidden", "hidden", 7)


def test_shared_results_are_the_suppressed_export(leader, deaths):
    read = rows(
        leader, "results/", **{"from": "2025-01", "to": "2025-12", "shared": "true", "area": "a1@2021-01-01"}
    )
    out = io.StringIO()
    span = ("--from", "2025-01", "--to", "2025-12", "--area", "a1@2021-01-01")
    call_command("export_results", *span, "--suppress", stdout=out)
    (exported,) = csv.DictReader(io.StringIO(out.getvalue()))
    assert [list(row) for row in read] == [list(exported)]
    assert (exported["hidden"], exported["numerator"], read[0]["numerator"]) == ("1", "", None)


def test_results_of_one_group_only(leader, setting, plan):  # noqa: F811
    minority = GroupFactory(code="DTTS")
    make_result(setting.world.areas["M"], make_indicator("MMR"), "2025-08", 1, 2, group=minority)

    def found(**filters):
        read = rows(leader, "results/", **{"from": "2025-01", "to": "2025-12"} | filters)
        return {(row["indicator"], row["group"]) for row in read}

    assert found(group="DTTS") == {("MMR", "DTTS")}
    assert found(group="all") == {("ANC4", None)}
    assert found() == {("ANC4", None), ("MMR", "DTTS")}


@pytest.mark.parametrize("role", ["clerk", "stranger"])
def test_plans_and_results_outside_ones_area_are_not_there(setting, plan, role):  # noqa: F811
    client = api(getattr(setting.cast, role))
    months = {"from": "2025-01", "to": "2025-12"}

    assert rows(client, "plans/") == rows(client, "results/", **months) == []
    assert client.get(ROOT + "results/", months | {"area": "M"}).status_code == 404
    for path in ("", "lines/", "targets/", "assessments/?year=2025"):
        assert client.get(f"{ROOT}plans/ke-hoach/{path}").status_code == 404


@pytest.mark.parametrize("path", ["lines/", "targets/", "assessments/?year=2025", ""])
def test_reading_a_plan_takes_as_many_queries_at_any_size(leader, plan, path):
    def queries():
        with CaptureQueriesContext(connection) as captured:
            assert leader.get(f"{ROOT}plans/ke-hoach/{path}").status_code == 200
        return len(captured)

    small = queries()
    for _line in range(10):
        TargetFactory(line=LineFactory(plan=plan, objective=plan.objectives.get()), year=2025)

    assert queries() == small


@pytest.mark.parametrize(
    ("path", "most"),
    [
        ("places/areas/", 3),  # token, count, areas
        ("places/successions/", 3),  # token, count, successions
        ("facilities/", 4),  # token, count, facilities, placements
        ("catalogue/elements/", 3),  # token, count, elements
        ("catalogue/forms/", 4),  # token, count, forms, items
        ("catalogue/indicators/", 4),  # token, count, indicators, terms
        ("plans/", 4),  # token, assignments, count, plans
        ("submissions/", 4),  # token, assignments, count, submissions
        ("results/?from=2025-01&to=2025-12", 5),  # token, assignments, count, results, which divide
    ],
)
@pytest.mark.parametrize("size", [1, 6])
def test_a_list_takes_as_many_queries_at_any_size(leader, setting, plan, path, most, size):  # noqa: F811
    for n in range(size):
        form = FormFactory(cells=[(f"Q.{n}", "")])
        SubmissionFactory(facility=setting.world.facilities["T-a1"], form=form)
        make_result(setting.world.areas["M"], make_indicator(f"I{n}"), "2025-08", 1, 2)
        PlanFactory(area=setting.world.areas["M"])

    with CaptureQueriesContext(connection) as queries:
        assert leader.get(ROOT + path).json()["count"] >= 1

    assert len(queries) <= most, [query["sql"] for query in queries]


def test_an_abolished_province_stays_in_reach_of_its_successor(leader, setting):  # noqa: F811
    old = PlanFactory(slug="cu", area=setting.world.areas["A"])

    assert leader.get(f"{ROOT}plans/{old.slug}/").status_code == 200
    assert Area.objects.get(pk=old.area_id).is_abolished
