"""Two versions of a report side by side: what one of them hides is told of neither, but to who reads it inside."""

import csv
import io
import re

import pytest

from facilities.models import Role
from indicators.models import FacilityResult
from reporting.actions.reports import freeze, open_report
from reporting.content.periods import ReportPeriod
from reporting.models import Report
from tests.factories import person
from tests.indicators.sensitive import roll_up
from tests.reporting.test_content import with_deaths
from tests.reporting.test_pages_compare import address, page_of

pytestmark = [pytest.mark.django_db, pytest.mark.filterwarnings("ignore:No directory at")]


@pytest.fixture
def uncovered(client, cast, world):
    """Three of four communes were hidden, 2, 9 and 0 deaths; once 2 have become 8 none is, and 9 are there unchanged."""
    plan = with_deaths(world, {"T-a1": 2, "T-a2": 9, "T-b1": 0, "T-b2": 7})
    report = open_report(plan=plan, period=ReportPeriod(2025, "year"), by=None)
    freeze(report=report, by=None)
    FacilityResult.objects.filter(facility=world.facilities["T-a1"]).update(numerator=8)
    roll_up("2025-01")
    freeze(report=report, by=None, reason="Trạm a1 nộp lại")
    client.force_login(cast.leader)
    return report


def test_a_file_tells_no_number_that_one_side_hides(client, uncovered):
    """The file once told 80,0 and 90,0 where both were hidden: 24 deaths now less 18 then are the 6 between 8 and 2."""
    answer = client.get(address(uncovered, **{"from": "1", "to": "2", "format": "csv"}))
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    told = {row[2]: row[4:] for row in rows if row[:1] == ["Số liệu"] and row[3] == "1.9. Tử vong (‰)"}
    assert told == {
        "Tỉnh A": ["45,0", "60,0"], "1 Xã a1": ["ẩn", "ẩn"], "2 Xã a2": ["ẩn", "ẩn"], "3 Xã b1": ["ẩn", "ẩn"],
    }  # fmt: skip
    assert any("một bên ẩn số này" in cell for row in rows for cell in row)


def test_who_may_open_the_reports_behind_sees_what_one_side_hid_on_the_page(client, uncovered):
    page = " ".join(client.get(address(uncovered, **{"from": "1", "to": "2"})).text.split())
    assert "<strong>80,0</strong>" in page and "<strong>90,0</strong>" in page
    assert "một bên ẩn số này" not in page


def test_a_restated_report_tells_the_leader_of_one_part_nothing_that_one_side_hides(client, world):
    plan = with_deaths(world, {"T-a1": 7, "T-a2": 9, "T-b1": 0, "T-b2": 7, "T-c1": 6})
    report = Report.objects.create(plan=plan, kind="plan", year=2025, period="year", boundaries="today")
    freeze(report=report, by=None)
    FacilityResult.objects.filter(facility=world.facilities["T-c1"]).update(numerator=2)
    roll_up("2025-01")
    page = page_of(client, person(Role.LEADER, area=world.areas["A"]), report, **{"from": "1", "to": "now"})
    assert "một bên ẩn số này" in page
    shown = re.findall(r"<strong>([^<]+)</strong></td>", page)
    assert "ẩn" in shown and "20,0" not in shown


def compared_file(client, cast, world, renamed=""):
    """The plan of a2 alone, frozen before and after a1 mended its figures; its line on deaths `renamed` in between."""
    plan = with_deaths(world, {"T-a1": 2, "T-a2": 9, "T-b1": 0, "T-b2": 7}, "a2")
    report = open_report(plan=plan, period=ReportPeriod(2025, "year"), by=None)
    freeze(report=report, by=None)
    if renamed:
        plan.lines.filter(key="1.9").update(name=renamed)
    FacilityResult.objects.filter(facility=world.facilities["T-a1"]).update(numerator=8)
    roll_up("2025-01")
    freeze(report=report, by=None, reason="Trạm a1 nộp lại")
    client.force_login(cast.leader)
    answer = client.get(address(report, **{"from": "1", "to": "2", "format": "csv"}))
    return answer.content.decode("utf-8-sig")


def test_a_file_does_not_say_again_in_words_what_it_hides_as_a_number(client, world, cast):
    text = compared_file(client, cast, world)
    assert "ẩn" in text and "90,0" not in text and "9/100" not in text


def test_a_line_renamed_between_does_not_tell_what_its_old_name_hides(client, world, cast):
    text = compared_file(client, cast, world, renamed="Tử vong trẻ")
    assert "Tử vong trẻ" in text and "90,0" not in text and "9/100" not in text
