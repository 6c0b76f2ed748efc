"""Cells corrected since a report was frozen: only those of stations that the reader may open."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from facilities.models import Role
from indicators.models import DataElement, DataValueChange, Submission, Term
from reporting.actions.reports import freeze
from tests.factories import person
from tests.factories_indicators import FormFactory, SubmissionFactory
from tests.factories_plans import everybody
from tests.reporting.kinds import restated_report

pytestmark = [pytest.mark.django_db, pytest.mark.filterwarnings("ignore:No directory at")]
ELSEWHERE = "Báo cáo còn tính cơ sở ngoài địa bàn bạn được xem"


def correct_cell(report, facility, reason="Đếm sót"):
    """A cell of the plan's first line, handed in before the freezing, 1 then 2 after it."""
    element = Term.objects.filter(indicator=report.plan.lines.get(key="1.1").indicator).first().element
    before = timezone.now() - timedelta(days=9)
    submission = SubmissionFactory(
        facility=facility,
        form=FormFactory(),
        period=date(2025, 2, 1),
        status=Submission.Status.APPROVED,
        submitted_at=before,
        first_submitted_at=before,
        decided_at=timezone.now(),
    )
    DataValueChange.objects.create(
        submission=submission, element=element, group=everybody(), version=2, old_value=1, new_value=2,
        at=timezone.now(), source="correction", reason=reason, by=None,
    )  # fmt: skip
    return submission


@pytest.fixture
def restated(world):
    """The report of old province A on the merged province, which counts stations of old B too."""
    report = restated_report(world)
    freeze(report=report, by=None)
    return report


def pages_of(client, who, report):
    """The report's page, the page of comparing, its file."""
    client.force_login(who)
    between = {"from": "1", "to": "now"}
    compared = reverse("reports:compare", args=[report.pk], query=between)
    page, told = client.get(report.get_absolute_url()).text, client.get(compared).text
    file = client.get(reverse("reports:compare", args=[report.pk], query={**between, "format": "csv"}))
    return page, told, file.content.decode("utf-8-sig")


def test_the_leader_of_one_old_province_sees_no_cell_of_a_station_of_the_other(client, world, restated):
    own = correct_cell(restated, world.facilities["T-a1"], "Của mình")
    other = correct_cell(restated, world.facilities["T-c1"], "Của tỉnh khác")
    Submission.objects.filter(pk=other.pk).update(decided_at=timezone.now())
    leader = person(Role.LEADER, area=world.areas["A"])
    pages = pages_of(client, leader, restated)
    for text in pages:
        assert own.facility.name in text and "Của mình" in text
        assert other.facility.name not in text and "Của tỉnh khác" not in text
    assert all(ELSEWHERE in page for page in pages[:2])


def test_reports_that_came_late_are_counted_of_ones_own_stations_alone(client, world, restated):
    other = correct_cell(restated, world.facilities["T-c1"])
    Submission.objects.filter(pk=other.pk).update(first_submitted_at=timezone.now())
    leader = person(Role.LEADER, area=world.areas["A"])
    assert all("nộp lần đầu sau khi chốt" not in page for page in pages_of(client, leader, restated)[:2])


def test_a_file_hides_the_cells_of_a_station_that_count_deaths(client, cast, world, restated):
    change = correct_cell(restated, world.facilities["T-a1"], "Của mình").changes.get()
    change.old_value, change.new_value = 71, 72
    change.save(update_fields=["old_value", "new_value"])
    assert ",71,72" in pages_of(client, cast.leader, restated)[2]
    DataElement.objects.filter(pk=change.element_id).update(is_sensitive=True)
    _page, told, file = pages_of(client, cast.leader, restated)
    assert change.submission.facility.name in file and ",ẩn,ẩn" in file
    assert ",71,72" not in file and "Của mình" not in file
    assert "71" in told and "72" in told  # the page is read inside, by who may open the station's report


def test_the_leader_of_the_merged_province_sees_them_all(client, cast, world, restated):
    correct_cell(restated, world.facilities["T-a1"], "Của mình")
    correct_cell(restated, world.facilities["T-c1"], "Của tỉnh khác")
    for text in pages_of(client, cast.leader, restated):
        assert "Của mình" in text and "Của tỉnh khác" in text and ELSEWHERE not in text
