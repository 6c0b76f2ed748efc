"""The matrix of stations, forms and months: as people meet it."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import date, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from facilities.periods import Month
from indicators.actions.closing import close_period
from indicators.models import Absence, CellNote, DataValue, Duty, Submission
from indicators.presenters.matrix import Matrix
from indicators.views.matrix import _page_size
from tests.factories import AreaFactory, FacilityFactory, settle_places
from tests.factories_indicators import FormFactory, RuleFactory, SubmissionFactory, settle_duties

pytestmark = pytest.mark.django_db
CELLS = [("X.all", ""), ("X.part", "")]
MATRIX, CLOSING = (reverse(f"submissions:{name}") for name in ("matrix", "closing"))


@pytest.fixture
def form(world):
    form = FormFactory(code="X", cells=CELLS)
    settle_duties()
    return form


def file(world, form, code="T-a1", month="2025-08", **fields):
    values = fields.pop("values", {CELLS[0]: 5, CELLS[1]: 2})
    period = Month.parse(month).first_day
    return SubmissionFactory(
        facility=world.facilities[code], form=form, period=period, values=values, **fields
    )


def cells(answer, code="T-a1"):
    """State and marks of a station's months by period text."""
    station = next(s for s in answer.context["page"] if s.facility.code == code)
    return {cell.column.text: (cell.state, cell.marks) for line in station.lines for cell in line.cells}


def test_each_cell_says_where_its_form_stands(client, world, cast, form):
    at = timezone.make_aware(datetime(2025, 9, 10))
    file(world, form, month="2025-01", status="draft")
    file(
        world,
        form,
        month="2025-02",
        status="sent_back",
        submitted_at=timezone.make_aware(datetime(2025, 3, 3)),
    )
    file(world, form, month="2025-08", status="submitted", submitted_at=at)
    file(world, form, month="2025-09", status="approved", nothing_occurred=True,
         submitted_at=timezone.make_aware(datetime(2025, 10, 2)))  # fmt: skip
    Absence.objects.create(
        facility=world.facilities["T-a1"], form_code="X", period=date(2025, 4, 1), reason="Mất điện.", at=at
    )
    close_period(area=world.areas["M"], period=date(2025, 5, 1), yearly=False, by=cast.reviewer)
    client.force_login(cast.leader)
    found = cells(client.get(MATRIX + "?year=2025"))
    assert [found[f"2025-{n:02}"] for n in (1, 2, 3, 4, 5, 8, 9)] == [
        ("draft", ()),
        ("sent_back", ()),
        ("missing", ()),
        ("excused", ()),
        ("missing", ("closed",)),
        ("submitted", ("late",)),  # 9 September 2025 was the fifth working day
        ("approved", ("nothing",)),
    ]
    page = client.get(MATRIX + "?year=2025").content.decode()
    assert 'aria-label="X 4/2025: có lý do chưa nộp: Mất điện."' in page
    assert 'href="../T-a1/X/2025-08/"' in page


def test_a_form_nobody_owes_in_a_month_is_not_missed(client, world, cast, form):
    client.force_login(cast.leader)
    assert client.get(MATRIX + "?year=2020").context["matrix"].stations == []


@pytest.mark.parametrize(
    ("query", "codes"),
    [("?year=2025", {"T-a1", "T-a2", "T-b1", "T-b2", "T-c1"}), ("?year=2025&q=diem+tram+a1", {"T-a1"}),
     ("?year=2025&q=phuong+x", {"T-a1", "T-a2"}), ("?year=2025&state=submitted", {"T-a1"}),
     ("?year=2025&state=late", {"T-a1"}), ("?year=2025&state=closed", set()), ("?year=2025&form=Z", set()),
     ("?period=2025-08&state=submitted", {"T-a1"}), ("?period=2025-07&state=submitted", set())],
)  # fmt: skip
def test_the_matrix_is_filtered(client, world, cast, form, query, codes):
    file(world, form, status="submitted")
    client.force_login(cast.leader)
    assert {s.facility.code for s in client.get(MATRIX + query).context["page"]} == codes


def test_a_place_narrows_the_matrix_and_its_counts(client, world, cast, form):
    client.force_login(cast.leader)
    answer = client.get(f"{MATRIX}?period=2025-08&area={world.areas['x'].pk}")
    assert {s.facility.code for s in answer.context["page"]} == {"T-a1", "T-a2"}
    assert answer.context["matrix"].total["missing"] == 2


def test_warnings_the_station_said_nothing_of_are_looked_for_where_a_decision_waits(
    client, world, cast, form, monkeypatch
):
    RuleFactory(form_code="X", expression="X.part <= X.all")
    wrong = {CELLS[0]: 1, CELLS[1]: 9}
    explained = file(world, form, "T-a2", status="submitted", values=wrong)
    file(world, form, "T-a1", status="submitted", values=wrong)
    file(world, form, "T-b1", status="approved", values=wrong)
    file(world, form, "T-b2", status="submitted")
    value = DataValue.objects.get(submission=explained, element__code="X.part")
    CellNote.objects.create(
        submission=explained, element=value.element, group=value.group, kind="reason", text="Đúng.", value=9,
        at=timezone.now(),
    )  # fmt: skip
    client.force_login(cast.reviewer)
    plain = client.get(MATRIX + "?period=2025-08")
    assert "warned" not in plain.context["matrix"].total and "state=warned" in plain.content.decode()
    answer = client.get(MATRIX + "?period=2025-08&state=warned")
    assert {s.facility.code for s in answer.context["page"]} == {"T-a1"}
    assert cells(answer)["2025-08"][1][-1] == "warned" and answer.context["matrix"].total["warned"] == 1
    monkeypatch.setattr("indicators.presenters.matrix_warnings.CHECKED_AT_ONCE", 2)
    too_many = client.get(MATRIX + "?period=2025-08&state=warned")
    assert "chưa lọc" in too_many.content.decode() and len(too_many.context["page"].object_list) == 5
    assert len(client.get(MATRIX + "?period=2025-08&state=warned&q=a1").context["page"].object_list) == 1


def test_only_reports_of_the_stations_shown_are_read_to_look_for_warnings(client, world, cast, form):
    RuleFactory(form_code="X", expression="X.part <= X.all")
    file(world, form, "T-a1", status="submitted", values={CELLS[0]: 1, CELLS[1]: 9})
    client.force_login(cast.reviewer)
    with CaptureQueriesContext(connection) as captured:
        client.get(MATRIX + "?period=2025-08&state=warned")
    waiting = [
        q["sql"] for q in captured if "indicators_submission" in q["sql"] and "'submitted'" in q["sql"]
    ]
    assert [sql.count('"facility_id" IN') for sql in waiting] == [1]


def test_a_form_of_two_versions_is_named_by_the_newer(client, world, cast, form):
    newer = FormFactory(code="X", name="Biểu X mới", valid_from=date(2025, 7, 1), cells=[])
    form.valid_to = newer.valid_from
    form.save()
    Duty.objects.all().delete()
    station = world.facilities["T-a1"]
    Duty.objects.create(facility=station, form=newer, from_month=date(2025, 7, 1))
    Duty.objects.create(facility=station, form=form, from_month=date(2025, 1, 1), to_month=date(2025, 7, 1))
    client.force_login(cast.reviewer)
    answer = client.get(MATRIX + "?year=2025")
    assert answer.context["forms"] == [("X", newer.label)]


@pytest.mark.parametrize("query", ["?state=none", "?year=abc", "?period=2025-13", "?area=x", "?format=pdf"])
def test_a_filter_that_does_not_exist_is_not_found(client, cast, form, query):
    client.force_login(cast.leader)
    assert client.get(MATRIX + query).status_code == 404


@pytest.mark.parametrize(("first", "last"), [("1950", "2150"), ("1950-01", "2150-12")])
def test_periods_beyond_what_is_counted_with_are_not_found(client, cast, form, first, last):
    client.force_login(cast.leader)
    due, quality, year = reverse("submissions:due"), reverse("quality:list"), f"{MATRIX}?year={last[:4]}"
    lists = (MATRIX, due, quality, CLOSING)
    for text in (first, last):
        answers = [client.get(f"{url}?period={text}").status_code for url in (MATRIX, due, quality)]
        assert answers == [200] * 3, text
    assert client.get(year).status_code == 200
    assert client.get(f"{MATRIX}?period={last}&format=csv").status_code == 200
    for text in (f"1900{first[4:]}", f"2151{last[4:]}", f"2200{last[4:]}"):
        answers = [client.get(f"{url}?period={text}").status_code for url in lists]
        assert answers == [404] * len(lists), text
        assert client.get(f"{MATRIX}?year={text[:4]}").status_code == 404
        assert client.get(f"{MATRIX}?period={text}&format=csv").status_code == 404


def test_a_clerk_sees_her_own_stations_alone(client, cast, form):
    client.force_login(cast.clerk)
    codes = {s.facility.code for s in client.get(MATRIX + "?year=2025").context["page"]}
    assert codes == {"T-a1", "T-a2"}
    client.force_login(cast.stranger)
    assert list(client.get(MATRIX).context["page"]) == []
    assert client.post(MATRIX).status_code == 405


@pytest.mark.parametrize("file_format", ["xlsx", "csv"])
def test_the_matrix_is_downloaded_with_its_filters_and_the_time(client, world, cast, form, file_format):
    file(world, form, status="submitted")
    client.force_login(cast.leader)
    answer = client.get(f"{MATRIX}?period=2025-08&state=submitted&format={file_format}")
    if file_format == "csv":
        text = answer.content.decode("utf-8-sig")
    else:
        sheet = load_workbook(io.BytesIO(answer.content)).active
        text = "\n".join(",".join(str(c) for c in row if c) for row in sheet.iter_rows(values_only=True))
    assert "Tình trạng,đã nộp" in text and f"{timezone.localdate():%d/%m/%Y}" in text
    assert 'Phường x,T-a1,Điểm trạm a1,X,Biểu X,"đã nộp, nộp muộn"' in text.replace(
        "X,Biểu X,đã nộp, nộp muộn", 'X,Biểu X,"đã nộp, nộp muộn"'
    )
    assert "T-a2" not in text


@pytest.mark.parametrize("stations", [5, 100])
def test_the_matrix_costs_the_same_for_any_number_of_stations(client, world, cast, stations):
    forms = [FormFactory(code=f"Q{n}", cells=CELLS) for n in range(4)]
    commune = AreaFactory(parent=world.areas["M"], valid_from=date(2025, 7, 1))
    made = [FacilityFactory(area=commune) for _ in range(stations)]
    settle_places()
    settle_duties()
    Submission.objects.bulk_create(
        Submission(facility=station, form=form, period=date(2025, n, 1), status="submitted",
                   submitted_at=timezone.now(), first_submitted_at=timezone.now())
        for station in made for form in forms for n in range(1, 13)
    )  # fmt: skip
    client.force_login(cast.reviewer)
    with CaptureQueriesContext(connection) as captured:
        answer = client.get(MATRIX + "?year=2025")
    assert answer.context["matrix"].total["submitted"] == stations * 48
    # Session, person, roles; the first month; placements with their places, duties, submissions, reasons, closures.
    assert len(captured) <= 10, "\n".join(q["sql"] for q in captured)


@pytest.mark.parametrize(("forms", "stations"), [(2, 100), (40, 10), (500, 1)])
def test_a_page_has_a_bounded_number_of_lines_however_many_forms_there_are(
    client, cast, form, forms, stations
):
    client.force_login(cast.reviewer)
    found = client.get(MATRIX + "?year=2025").context["matrix"]
    long = replace(found.stations[0], lines=found.stations[0].lines * forms)
    assert _page_size(Matrix(found.months, [*found.stations, long], [], found.total)) == stations


def test_the_next_page_of_a_long_matrix_is_offered(client, world, cast, form, monkeypatch):
    monkeypatch.setattr("indicators.views.matrix.MOST_LINES", 2)
    client.force_login(cast.reviewer)
    with CaptureQueriesContext(connection) as captured:
        answer = client.get(MATRIX + "?year=2025")
    assert len(answer.context["page"]) == 2 and 'rel="next"' in answer.content.decode()
    assert len(captured) <= 10
    seen = {
        s.facility.code for n in (1, 2, 3) for s in client.get(f"{MATRIX}?year=2025&page={n}").context["page"]
    }
    assert seen == {"T-a1", "T-a2", "T-b1", "T-b2", "T-c1"}
