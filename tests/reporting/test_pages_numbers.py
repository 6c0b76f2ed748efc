"""The numbers of a frozen report: where each comes from, and what has changed since."""

import re
from datetime import date

import pytest
from django.urls import reverse

from facilities.actions.reforms import enter_reform
from facilities.models import Area, Role
from facilities.reform_orders import NewArea, Order
from indicators.models import FacilityResult, MonthlyResult
from plans.models import PlanIndicator
from reporting.actions.reports import freeze, open_report
from reporting.content.periods import ReportPeriod
from reporting.models import Report
from reporting.presenters.numbers import commune_rows
from tests.factories import person
from tests.factories_plans import make_result
from tests.indicators.sensitive import deaths_indicator, report_deaths, roll_up
from tests.plans.pages import links
from tests.reporting.cases import make_plan

pytestmark = [pytest.mark.django_db, pytest.mark.filterwarnings("ignore:No directory at")]


@pytest.fixture
def report(world):
    plan = make_plan(world, "M")
    for month in range(7, 13):
        make_result(world.areas["x"], plan.lines.get(key="1.1").indicator, f"2025-{month:02d}", 9, 10)
    report = open_report(plan=plan, period=ReportPeriod(2025, "year"), by=None)
    freeze(report=report, by=None)
    return report


def numbers(report, line=""):
    return f"{reverse('reports:numbers', args=[report.pk, 1])}?line={line}"


def test_every_computed_number_leads_to_where_it_comes_from(client, cast, report):
    client.force_login(cast.leader)
    page = client.get(numbers(report)).text
    origins = {link.partition("?")[2] for link in links(page) if "/lines/1.1/origin/" in link}
    assert origins == {"year=2025&as_of=2025-12"}
    assert "Mọi con số nay vẫn như khi chốt" in page and "/lines/1.2/origin/" not in page
    communes = client.get(numbers(report, "1.1")).text
    assert [link for link in links(communes) if "place=x" in link]
    assert client.get(numbers(report, "9.9")).status_code == 404


def test_what_changed_since_is_said_beside_the_frozen_number(client, cast, report):
    MonthlyResult.objects.filter(area__code="M").update(numerator=97)
    MonthlyResult.objects.filter(area__code="x").update(numerator=8)
    client.force_login(cast.leader)
    page = client.get(numbers(report)).text
    assert "1 dòng nay đã khác số khi chốt" in page
    assert re.search(r">95,0</a>.{0,40}nay 97,0", page)
    communes = client.get(numbers(report, "1.1")).text
    assert re.search(r">90,0</a>.{0,40}nay 80,0", communes)


def test_a_line_that_the_plan_no_longer_has_is_said_so(client, cast, report):
    PlanIndicator.objects.filter(key="1.1").update(name="Tên khác")
    client.force_login(cast.leader)
    page = client.get(numbers(report)).text
    assert "nay kế hoạch không còn dòng này" in page and "/origin/" not in page


def test_the_sentences_of_the_report_lead_there_too(client, cast, report):
    client.force_login(cast.leader)
    page = client.get(report.get_absolute_url()).text
    assert numbers(report).partition("?")[0] in links(page)
    assert any("/lines/1.1/origin/?year=2025&as_of=2025-12" in link for link in links(page))


def test_another_persons_report_is_not_found(client, cast, report):
    client.force_login(cast.stranger)
    assert client.get(numbers(report)).status_code == 404
    client.force_login(cast.leader)
    assert client.get(reverse("reports:numbers", args=[report.pk, 7])).status_code == 404
    assert client.post(numbers(report)).status_code == 405


def test_it_costs_the_same_at_any_size(client, cast, report, django_assert_max_num_queries):
    client.force_login(cast.leader)
    # session, person, assignments; report, snapshots, files, the snapshot; twice lines, targets, figures entered
    # and results.
    with django_assert_max_num_queries(15):
        client.get(numbers(report))
    # … and in their place lines, targets, communes, months.
    with django_assert_max_num_queries(15):
        client.get(numbers(report, "1.1"))


def test_communes_of_a_day_after_a_reform_are_found_and_one_that_ended_since_keeps_its_number(
    client, cast, world
):
    plan = make_plan(world, "M")
    for month in range(7, 13):
        make_result(world.areas["x"], plan.lines.get(key="1.1").indicator, f"2025-{month:02d}", 9, 10)
    named = NewArea("z", "Phường", "Phường z mới")
    order = Order("rename", date(2025, 9, 1), "NQ 9", [world.areas["z"].pk], [named])
    enter_reform(order=order, by=cast.administrator)
    report = open_report(plan=plan, period=ReportPeriod(2025, "year"), by=None)
    freeze(report=report, by=None)
    client.force_login(cast.leader)
    page = client.get(numbers(report, "1.1")).text
    assert "Phường x" in page and "Phường z mới" in page and ">90,0</a>" in page
    order = Order(
        "rename", date(2025, 11, 1), "NQ 10", [world.areas["x"].pk], [NewArea("x", "Phường", "Phường x2")]
    )
    enter_reform(order=order, by=cast.administrator)
    page = client.get(numbers(report, "1.1")).text
    assert "Phường x" in page and ">90,0</a>" not in page and "90,0" in page


def test_communes_of_one_name_are_found_also_where_an_older_snapshot_names_no_district(world):
    plan = make_plan(world, "A")
    same = [world.areas[key] for key in ("a1", "b1")]
    Area.objects.filter(pk__in=[area.pk for area in same]).update(name="Xã Đồng Tiến")
    for area, numerator in zip(same, (7, 9), strict=True):
        make_result(area, plan.lines.get(key="1.1").indicator, "2025-12", numerator, 10)
    report = open_report(plan=plan, period=ReportPeriod(2025, "year"), by=None)
    snapshot = freeze(report=report, by=None)
    assert places_of(snapshot) == {"a1": "70,0", "b1": "90,0"}
    for row in snapshot.data["content"]["tables"]["communes"]["rows"]:
        row["cells"][1] = row["cells"][1].partition(",")[0]
    assert places_of(snapshot) == {"a1": "70,0", "b1": "90,0"}


def places_of(snapshot):
    """The number of each commune by the code in its address, of those that have one."""
    told = {
        row.figures[0].url.partition("place=")[2]: row.figures[0] for row in commune_rows(snapshot, "1.1")
    }
    return {url.partition("%40")[0].partition("@")[0]: figure.text for url, figure in told.items() if url}


def test_a_number_that_is_hidden_today_is_not_told_beside_the_frozen_one(client, world):
    """Two deaths of a commune of the other old province: who reads the restated report may not read them."""
    plan, deaths = make_plan(world, "A"), deaths_indicator()
    plan.lines.create(
        objective=plan.lines.get(key="1.1").objective, order=9, key="1.9", name="Tử vong", unit="‰", decimals=1,
        indicator=deaths,
    )  # fmt: skip
    report_deaths(world, deaths, "2025-01", {"T-a1": 7, "T-a2": 9, "T-b1": 0, "T-b2": 7, "T-c1": 6})
    roll_up("2025-01")
    restated = Report.objects.create(plan=plan, kind="plan", year=2025, period="year", boundaries="today")
    freeze(report=restated, by=None)
    FacilityResult.objects.filter(facility=world.facilities["T-c1"]).update(numerator=2)
    roll_up("2025-01")
    client.force_login(person(Role.LEADER, area=world.areas["A"]))
    rows = client.get(numbers(restated, "1.9")).context["rows"]
    told = {row.name: (row.figures[0].text, row.figures[0].now) for row in rows}
    assert told[world.areas["y"].name][0] != "ẩn" and "ẩn" in [now for _frozen, now in told.values()]
    assert not any(now.startswith("20") for _frozen, now in told.values())
