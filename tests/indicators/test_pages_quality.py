"""The quality pages: completeness and timeliness, broken rules, outliers, consistency; small and large."""

from datetime import date, datetime
from io import BytesIO

import openpyxl
import pytest
from django.utils import timezone

from facilities.models import Contribution, Facility, Placement
from facilities.periods import Month
from indicators.actions.recompute import recompute_months
from indicators.actions.submissions import send_back, submit
from indicators.models import CellNote, DataElement, Duty, Form, Group, Submission
from tests.factories import AreaFactory, settle_places
from tests.factories_indicators import (
    FormFactory,
    IndicatorFactory,
    RuleFactory,
    SubmissionFactory,
    TermFactory,
    settle_duties,
)
from tests.plans.pages import signed_in
from tests.world import make_cast

pytestmark = pytest.mark.django_db
SEPTEMBER = date(2025, 9, 1)


@pytest.fixture
def form(world):
    form = FormFactory(code="B4", name="Biểu 4", deadline_working_days=5)
    for code in ("T-a1", "T-a2", "T-b1"):
        Duty.objects.create(facility=world.facilities[code], form=form, from_month=SEPTEMBER, to_month=None)
    return form


def send(world, form, code, day):
    at = timezone.make_aware(datetime(2025, 10, day))
    SubmissionFactory(
        facility=world.facilities[code], form=form, period=SEPTEMBER, status="submitted", submitted_at=at
    )


def test_it_counts_what_was_sent_and_what_in_time(world, form):
    send(world, form, "T-a1", 2)
    send(world, form, "T-a2", 20)
    page = signed_in(make_cast(world).reviewer).get("/quality/?period=2025-09").content.decode()
    assert "66,7%" in page and "33,3%" in page and "2/3" in page
    assert "/submissions/T-b1/B4/2025-09/" in page and "/submissions/T-a1/" not in page


def test_a_report_sent_back_and_mended_later_stays_in_time(world, form):
    send(world, form, "T-a1", 2)
    cast = make_cast(world)
    reviewer, submission = signed_in(cast.reviewer), Submission.objects.get()

    def tally():
        total = reviewer.get("/quality/?period=2025-09").context["found"].total
        return total.owed, total.sent, total.on_time

    assert tally() == (3, 1, 1)
    send_back(submission=submission, by=cast.reviewer, reason="Xem lại cột 1.")
    assert tally() == (3, 0, 0)  # as in the report: what is back at its station is not handed in
    submit(submission=Submission.objects.get(), by=cast.clerk)
    assert tally() == (3, 1, 1)


@pytest.mark.parametrize(
    ("role", "status"), [("planner", 200), ("leader", 200), ("auditor", 200), ("clerk", 404)]
)
def test_readers_of_plans_see_it(world, form, role, status):
    assert signed_in(getattr(make_cast(world), role)).get("/quality/?period=2025-09").status_code == status


def test_another_areas_facilities_are_not_in_it(world, form):
    page = signed_in(make_cast(world).stranger).get("/quality/?period=2025-09").content.decode()
    assert "Không có biểu nào phải nộp" in page


def test_a_period_that_is_none_is_not_found_and_pages_are_for_reading(world, form):
    client = signed_in(make_cast(world).leader)
    assert client.get("/quality/?period=2025-19").status_code == 404
    assert client.post("/quality/").status_code == 405


@pytest.mark.parametrize("facilities", [1, 6])
def test_it_costs_the_same_at_any_size(world, form, facilities, django_assert_max_num_queries):
    for code in [c for c in world.facilities if c.startswith("S-")][: facilities - 1]:
        Duty.objects.create(facility=world.facilities[code], form=form, from_month=SEPTEMBER, to_month=None)
    client = signed_in(make_cast(world).leader)
    # session, person, assignments; first month asked for, areas, forms, places to choose; placements, duties,
    # submissions, why forms are missing, closed periods.
    with django_assert_max_num_queries(12):
        client.get("/quality/?period=2025-09")


TABS = ("", "rules/", "outliers/", "consistency/")


def page_of(world, path, who="leader"):
    return signed_in(getattr(make_cast(world), who)).get(f"/quality/{path}").content.decode()


def test_places_and_months_are_counted_and_lead_inside(world, form):
    send(world, form, "T-a1", 2)
    page = page_of(world, "?period=2025-09")
    x = world.areas["x"].key.replace("@", "%40")
    assert f"place={x}" in page and "12 tháng" in page and "9/2025" in page
    inside = page_of(world, f"?period=2025-09&place={x}")
    assert "Điểm trạm a1" in inside and "Điểm trạm b1" not in inside and "1/2" in inside


def test_a_place_outside_ones_areas_and_an_unknown_form_are_not_found(world, form):
    client = signed_in(make_cast(world).leader)
    for tab in TABS:
        for query in (f"place={AreaFactory().key}", "place=?", "form=none", "period=x"):
            assert client.get(f"/quality/{tab}?{query}").status_code == 404, (tab, query)
        assert client.post(f"/quality/{tab}").status_code == 405
        assert client.get(f"/quality/{tab}?period=2025-09&format=exe").status_code == 404


@pytest.fixture
def figures(world):
    """Two cells a month of five stations over two years; in September 2025 T-a1 sends a tenfold and breaks a rule."""
    form = FormFactory(code="B4", cells=[("B4.7", ""), ("B4.9a", "")], name="Biểu 4")
    other = FormFactory(code="B8", cells=[("B8.3", "")], name="Biểu 8")
    settle_duties()
    RuleFactory(code="B4-9a-7", form_code="B4", expression="B4.9a <= B4.7", message="Lớn hơn tổng.")
    for code in ("T-a1", "T-a2", "T-b1", "T-b2", "T-c1"):
        for month in Month(2024, 1).until(Month(2025, 9)):
            odd = code == "T-a1" and month == Month(2025, 9)
            delivered = 200 if odd else 20 + month.number % 3
            sent = {"facility": world.facilities[code], "period": month.first_day, "status": "approved"}
            values = {("B4.7", ""): delivered, ("B4.9a", ""): delivered + 1 if odd else 18}
            SubmissionFactory(form=form, values=values, **sent)
            half = code == "T-b2" and month.year == 2025
            SubmissionFactory(
                form=other, values={("B8.3", ""): delivered // 2 if half else delivered}, **sent
            )
    return world


def test_a_broken_rule_names_place_cell_and_explanation(figures):
    page = page_of(figures, "rules/?period=2025-09")
    assert "B4.9a &lt;= B4.7" in page and "/submissions/T-a1/B4/2025-09/#c-B4-9a" in page
    assert "1 chưa giải thích" in page and "Điểm trạm a2" not in page
    submission = figures.facilities["T-a1"].submissions.get(form__code="B4", period=SEPTEMBER)
    CellNote.objects.create(
        submission=submission, element=DataElement.objects.get(code="B4.9a"), group=Group.objects.get(code=""),
        kind="reason", text="Có mổ lấy thai ở tỉnh khác.", value=201, at=timezone.now(),
    )  # fmt: skip
    page = page_of(figures, "rules/?period=2025-09")
    assert "Có mổ lấy thai" in page and "chưa giải thích" not in page
    assert "Không quy tắc nào bị vi phạm" in page_of(figures, "rules/?period=2025-08")


def test_a_rule_over_the_year_sums_what_was_sent_before(world):
    form = FormFactory(code="B4", cells=[("B4.22a", ""), ("B4.22b", "")])
    settle_duties()
    RuleFactory(code="year", form_code="B4", expression="B4.22b <= B4.22a", scope="year")
    for month, died, reviewed in ((7, 1, 0), (8, 0, 1), (9, 0, 1)):
        SubmissionFactory(
            facility=world.facilities["T-a1"], form=form, period=date(2025, month, 1), status="submitted",
            values={("B4.22a", ""): died, ("B4.22b", ""): reviewed},
        )  # fmt: skip
    assert "Không quy tắc nào" in page_of(world, "rules/?period=2025-08")
    assert "B4.22b &lt;= B4.22a" in page_of(world, "rules/?period=2025-09")


def test_an_odd_value_stands_out_of_the_facilitys_own_months(figures):
    page = page_of(figures, "outliers/?period=2025-09")
    assert "/submissions/T-a1/B4/2025-09/#c-B4-7" in page and "/submissions/T-a2/" not in page
    assert "Iglewicz" in page
    assert "Không ô nào lạ" in page_of(figures, "outliers/?period=2025-08")


def test_an_odd_rate_stands_out_of_those_of_its_peers(figures):
    indicator = IndicatorFactory(code="ANC4", name="Khám thai đủ")
    TermFactory(indicator=indicator, element=DataElement.objects.get(code="B4.9a"))
    TermFactory(indicator=indicator, part="denominator", element=DataElement.objects.get(code="B4.7"))
    recompute_months(Month(2024, 9), Month(2025, 9))
    page = page_of(figures, "outliers/?period=2025-09")
    assert "Khám thai đủ" in page and "Điểm trạm a1" in page.split("cùng loại", 1)[1]


def test_of_one_form_the_file_holds_no_rates_of_other_forms_either(figures):
    indicator = IndicatorFactory(code="ANC4", name="Khám thai đủ")
    TermFactory(indicator=indicator, element=DataElement.objects.get(code="B4.9a"))
    TermFactory(indicator=indicator, part="denominator", element=DataElement.objects.get(code="B4.7"))
    recompute_months(Month(2024, 9), Month(2025, 9))
    client = signed_in(make_cast(figures).leader)
    every, one = (
        client.get(f"/quality/outliers/?period=2025-09&format=csv{form}").content.decode("utf-8-sig")
        for form in ("", "&form=B4")
    )
    assert "ANC4" in every and "ANC4" not in one and "B4.7" in one


def test_related_figures_and_two_years_that_part_are_shown_with_their_source(figures):
    page = page_of(figures, "consistency/?period=2025-09")
    z = figures.areas["z"].name
    pairs, over_time = page.split("Năm nay so cùng kỳ năm trước", 1)
    assert "Trẻ đẻ ra sống (Biểu 8)" in pairs and z in pairs and "WHO, Data quality review" in pairs
    assert "Phụ nữ đẻ, năm nay so cùng kỳ" in over_time and z in over_time
    inside = page_of(figures, f"consistency/?period=2025-09&place={figures.areas['z'].key}")
    assert "Điểm trạm b2" in inside


def test_every_tab_is_a_workbook_with_what_it_shows(figures):
    client = signed_in(make_cast(figures).leader)
    for tab in TABS:
        answer = client.get(f"/quality/{tab}?period=2025-09&format=xlsx")
        rows = [
            [cell.value for cell in row] for row in openpyxl.load_workbook(BytesIO(answer.content)).active
        ]
        assert ["Kỳ", "2025-09"] in [row[:2] for row in rows]
        assert any("Điểm trạm" in str(row) or "Tỉnh M" in str(row) for row in rows), tab


def test_a_file_names_a_form_and_says_what_a_modified_z_is(figures):
    client = signed_in(make_cast(figures).leader)
    form = Form.objects.get(code="B4")
    complete = client.get("/quality/?period=2025-09&format=csv").content.decode("utf-8-sig")
    assert f"B4 – {form.label}," in complete and ",B4," not in complete
    strange = client.get("/quality/outliers/?period=2025-09&format=csv").content.decode("utf-8-sig")
    assert strange.count("z cải biên (Iglewicz–Hoaglin)") == 2 and "càng xa 0 càng lạ" in strange


@pytest.fixture
def province(world):
    """One province with 124 communes, a station each, twelve months of two forms in all of them."""
    forms = [
        FormFactory(code="B4", cells=[("B4.7", ""), ("B4.9a", "")]),
        FormFactory(code="B8", cells=[("B8.3", "")]),
    ]
    RuleFactory(code="B4-9a-7", form_code="B4", expression="B4.9a <= B4.7")
    for number in range(121):
        commune = AreaFactory(parent=world.areas["M"], valid_from="2025-07-01", code=f"n{number}")
        facility = Facility.objects.create(
            code=f"N-{number}", name=f"Trạm {number}", type="station", opened="2025-07-01"
        )
        Placement.objects.create(facility=facility, area=commune, from_month=date(2025, 7, 1))
    settle_places()
    settle_duties()
    months = list(Month(2025, 7).until(Month(2026, 6)))
    for facility in Facility.objects.filter(code__startswith="N-"):
        for month in months:
            for form, values in zip(
                forms, ({("B4.7", ""): 5, ("B4.9a", ""): 6}, {("B8.3", ""): 9}), strict=True
            ):
                SubmissionFactory(
                    facility=facility, form=form, period=month.first_day, status="approved",
                    values=values if month >= Month(2026, 5) else {},
                )  # fmt: skip
    assert Contribution.objects.filter(facility__code="N-0").exists()
    return world


def test_a_province_of_124_communes_and_12_months_takes_15_queries_a_tab(
    province, django_assert_max_num_queries
):
    client = signed_in(make_cast(province).leader)
    for tab in TABS:
        with django_assert_max_num_queries(15):
            page = client.get(f"/quality/{tab}?period=2026-06")
        assert page.status_code == 200
        assert tab == "outliers/" or "Xã Thử" in page.content.decode(), tab


@pytest.mark.parametrize("tab", ["", "rules/", "outliers/", "consistency/"])
def test_a_form_not_in_force_in_the_period_is_said_and_every_form_is_shown(world, form, tab):
    FormFactory(code="OLD", valid_from=date(2020, 1, 1), valid_to=date(2021, 1, 1))
    answer = signed_in(make_cast(world).reviewer).get(f"/quality/{tab}?period=2025-09&form=OLD")
    page = answer.content.decode()
    assert answer.status_code == 200 and "Biểu OLD không có hiệu lực trong kỳ này" in page
    assert answer.context["scope"].form == ""
