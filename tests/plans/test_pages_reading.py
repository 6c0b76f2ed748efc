"""Reading a plan: list, scorecard, line, stations, budget, document, and their downloads."""

import csv
import io
from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from facilities.models import Role
from indicators.models import Duty, FacilityResult
from plans.models import Target
from tests.factories import person
from tests.factories_indicators import FormFactory, FormItemFactory, FormSectionFactory
from tests.factories_plans import (
    BudgetLineFactory,
    EnteredFigureFactory,
    LineFactory,
    PlanFactory,
    TargetFactory,
    everybody,
    make_indicator,
    make_result,
)
from tests.indicators.sensitive import deaths_indicator, report_deaths, roll_up
from tests.plans.pages import links, make_scene, signed_in

pytestmark = pytest.mark.django_db
# session, person, assignments; the plan with what the person may do; computed months; related areas;
# lines, targets, entered figures, results, results of urban communes.
SCORECARD_QUERIES = 11
READERS = ["reviewer", "planner", "leader", "auditor", "administrator"]
OTHERS = ["clerk", "neighbour", "stranger"]


@pytest.fixture
def scene():
    return make_scene()


def text_of(response):
    return response.content.decode()


def pages(scene):
    plan = scene.plan
    return [
        f"/plans/{plan.slug}/",
        f"/plans/{plan.slug}/lines/1.1/",
        f"/plans/{plan.slug}/lines/1.1/places/{scene.world.areas['x'].key}/",
        f"/plans/{plan.slug}/tasks/",
        f"/plans/{plan.slug}/budget/",
        f"/plans/{plan.slug}/document/",
    ]


@pytest.mark.parametrize("role", READERS)
def test_readers_of_the_area_open_every_page(scene, role):
    client = signed_in(getattr(scene.cast, role))
    assert [client.get(url).status_code for url in pages(scene)] == [200] * 6


@pytest.mark.parametrize("role", OTHERS)
def test_for_anyone_else_the_plan_does_not_exist(scene, role):
    client = signed_in(getattr(scene.cast, role))
    assert [client.get(url).status_code for url in pages(scene)] == [404] * 6
    assert scene.plan.short_title not in text_of(client.get("/plans/"))


def test_pages_ask_for_sign_in(scene, client):
    assert [client.get(url).status_code for url in ["/plans/", *pages(scene)]] == [302] * 7


def test_reading_pages_refuse_to_be_posted_to(scene):
    client = signed_in(scene.cast.leader)
    assert [client.post(url).status_code for url in pages(scene) if "/lines/1.1/" not in url] == [405] * 4


@pytest.mark.parametrize("lines", [10, 25])
def test_the_scorecard_costs_the_same_at_any_size(lines):
    scene = make_scene(lines)
    client = signed_in(scene.cast.planner)
    with CaptureQueriesContext(connection) as queries:
        response = client.get(f"/plans/{scene.plan.slug}/")
    assert response.status_code == 200
    assert len(queries) <= SCORECARD_QUERIES, "\n".join(q["sql"][:160] for q in queries)


def test_the_scorecard_shows_value_counts_target_and_verdict(scene):
    page = text_of(signed_in(scene.cast.leader).get(f"/plans/{scene.plan.slug}/"))
    assert "95,0%" in page and "1.140 / 1.200" in page
    assert 'class="verdict exceeded"' in page and "vượt" in page
    assert "12/12" in page
    assert "tính lúc" in page


def test_the_target_stands_as_printed(scene):
    Target.objects.update(text="đạt 90 trở lên")
    page = text_of(signed_in(scene.cast.leader).get(f"/plans/{scene.plan.slug}/"))
    assert "đạt 90 trở lên" in page


def test_an_earlier_month_and_other_boundaries_can_be_chosen(scene):
    client = signed_in(scene.cast.leader)
    earlier = text_of(client.get(f"/plans/{scene.plan.slug}/?as_of=2025-06"))
    other = text_of(client.get(f"/plans/{scene.plan.slug}/?boundaries={scene.world.areas['A'].key}"))
    assert "570 / 600" in earlier and "có khả năng đạt" in earlier
    assert "720 / 744" in other


@pytest.mark.parametrize("query", ["year=1999", "year=abc", "as_of=2025-13", "as_of=x", "boundaries=nowhere"])
def test_a_choice_that_makes_no_sense_is_told_and_the_default_shown(scene, query):
    response = signed_in(scene.cast.leader).get(f"/plans/{scene.plan.slug}/?{query}")
    assert response.status_code == 200
    assert "Đang hiện giá trị mặc định" in text_of(response) and "1.140 / 1.200" in text_of(response)


def test_a_figure_just_short_of_its_target_shows_why_it_misses(scene):
    Target.objects.update(value="95.04", text="95,0")
    page = text_of(signed_in(scene.cast.leader).get(f"/plans/{scene.plan.slug}/"))
    assert 'class="verdict not_met"' in page
    assert "95,00%" in page and "99,96% kế hoạch" in page and "100,0% kế hoạch" not in page


def test_the_words_of_the_tally_keep_to_their_lines(scene):
    LineFactory(plan=scene.plan, objective=scene.line.objective, key="1.7", name="Dòng chưa có chỉ tiêu")
    client = signed_in(scene.cast.leader)
    url = f"/plans/{scene.plan.slug}/"
    assert "&amp;status=exceeded" in text_of(client.get(url))
    only = text_of(client.get(f"{url}?status=exceeded"))
    assert scene.line.name in only and "Dòng chưa có chỉ tiêu" not in only and "Hiện tất cả" in only
    assert "Đang hiện giá trị mặc định" in text_of(client.get(f"{url}?status=lost"))


def test_a_yearly_figure_counts_the_facilities_of_its_latest_month(scene):
    stock = make_indicator("BEDS", timing="stock")
    line = LineFactory(plan=scene.plan, objective=scene.line.objective, key="1.6", indicator=stock)
    TargetFactory(line=line)
    for month in ("2025-01", "2025-02"):
        make_result(scene.world.areas["M"], stock, month, 50, 100, reported=9, expected=10)
    client = signed_in(scene.cast.leader)
    scorecard = text_of(client.get(f"/plans/{scene.plan.slug}/"))
    assert "9/10<small>cơ sở</small>" in scorecard and "18/20" not in scorecard


def test_a_rate_of_some_months_says_that_it_is_of_the_year(scene):
    rate = make_indicator("RATE", timing="rate", factor=1000)
    line = LineFactory(plan=scene.plan, objective=scene.line.objective, key="1.5", indicator=rate)
    TargetFactory(line=line)
    make_result(scene.world.areas["M"], rate, "2025-01", 5, 1000)
    page = text_of(signed_in(scene.cast.leader).get(f"/plans/{scene.plan.slug}/?as_of=2025-01"))
    assert "5 / 1.000, quy cả năm" in page


def test_a_level_of_about_asks_its_planner_for_the_tolerance(scene):
    Target.objects.update(operator="about")
    url = f"/plans/{scene.plan.slug}/"
    edit = f'href="/plans/{scene.plan.slug}/edit/lines/1.1/#id_tolerance">chưa đặt sai lệch cho phép'
    assert edit in text_of(signed_in(scene.cast.planner).get(url))
    leader = text_of(signed_in(scene.cast.leader).get(url))
    assert "chưa đặt sai lệch cho phép" in leader and edit not in leader


def test_lines_of_the_body_stand_apart_and_are_not_counted(scene):
    LineFactory(
        plan=scene.plan, objective=scene.line.objective, is_further=True, name="Bộ máy tinh gọn", key="b1"
    )
    page = text_of(signed_in(scene.cast.leader).get(f"/plans/{scene.plan.slug}/"))
    tally = page.split('class="tally"')[1].split("</ul>")[0]
    assert tally.count("<b>") == 1 and "<b>1</b>" in tally
    assert "Chỉ tiêu trong thân văn bản" in page and "Bộ máy tinh gọn" in page


def test_the_csv_says_what_it_shows_and_keeps_the_unrounded_value(scene):
    make_result(scene.world.areas["M"], make_indicator("X"), "2025-01", 1, 3)
    response = signed_in(scene.cast.leader).get(f"/plans/{scene.plan.slug}/?as_of=2025-06&format=csv")
    rows = list(csv.reader(io.StringIO(response.content.decode("utf-8-sig"))))
    facts = dict(row for row in rows[: rows.index([])])
    head, line = rows[rows.index([]) + 1 : rows.index([]) + 3]
    values = dict(zip(head, line, strict=True))
    assert response["Content-Disposition"] == 'attachment; filename="m-2025-2025-06.csv"'
    assert facts["Số liệu đến"] == "2025-06" and "Tỉnh M" in facts["Ranh giới hành chính"]
    assert facts["Đủ số liệu (cơ sở–tháng)"] == "6/6" and facts["Tính lúc"]
    assert (values["Tử số"], values["Mẫu số"], values["Thực hiện đến kỳ"]) == ("570", "600", "95")
    assert values["Đánh giá"] == "có khả năng đạt"


def test_a_file_of_the_scorecard_holds_numbers_beside_what_the_plan_prints(scene):
    scene.line.has_baseline, scene.line.baseline_text, scene.line.baseline_kind = True, "94.5", "level"
    scene.line.baseline_value = Decimal("94.5")
    scene.line.save()
    scene.line.targets.update(text=">= 90.0")
    content = signed_in(scene.cast.leader).get(f"/plans/{scene.plan.slug}/?format=csv").content
    rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))
    values = dict(zip(*rows[rows.index([]) + 1 : rows.index([]) + 3], strict=True))
    assert (values["Thực hiện 2024"], values["Thực hiện 2024, như bản in"]) == ("94.5", "94,5")
    assert (values["Kế hoạch 2025"], values["Kế hoạch 2025, như bản in"]) == ("90", ">= 90,0")


def test_a_plan_typed_with_decimal_points_is_read_with_commas(scene):
    scene.line.targets.update(text="19.0")
    scene.line.has_baseline, scene.line.baseline_text = True, "19.4"
    scene.line.save()
    client = signed_in(scene.cast.leader)
    for url in (f"/plans/{scene.plan.slug}/", f"/plans/{scene.plan.slug}/lines/1.1/"):
        page = client.get(url).content.decode()
        assert "19,0" in page and "19,4" in page, url
        assert "19.0" not in page and "19.4" not in page, url


def test_a_name_that_looks_like_a_formula_stays_a_text(scene):
    scene.line.name = "- Số giường bệnh"
    scene.line.save()
    content = signed_in(scene.cast.leader).get(f"/plans/{scene.plan.slug}/?format=csv").content.decode()
    assert ", - Số giường bệnh," in content


def test_the_workbook_holds_the_same_numbers(scene):
    response = signed_in(scene.cast.leader).get(f"/plans/{scene.plan.slug}/?format=xlsx")
    sheet = load_workbook(io.BytesIO(response.content)).active
    cells = [cell for row in sheet.iter_rows(values_only=True) for cell in row]
    assert 1140 in cells and 1200 in cells and 95 in cells


def test_text_pasted_from_word_breaks_no_download(scene):
    scene.line.name = "Số giường\x0bbệnh\x07"
    scene.line.save()
    ask = signed_in(scene.cast.leader).get
    sheet = load_workbook(io.BytesIO(ask(f"/plans/{scene.plan.slug}/?format=xlsx").content)).active
    assert "Số giường\nbệnh" in [cell for row in sheet.iter_rows(values_only=True) for cell in row]
    assert "\x0b" not in text_of(ask(f"/plans/{scene.plan.slug}/?format=csv"))


def test_the_list_shows_years_place_and_tally(scene):
    PlanFactory(slug="cu", area=scene.world.areas["A"], short_title="Kế hoạch cũ")
    page = text_of(signed_in(scene.cast.leader).get("/plans/"))
    assert "Kế hoạch cũ" in page and "đơn vị cũ" in page
    assert "<b>1</b>" in page and "vượt" in page


def test_the_list_without_plans_says_so():
    everybody()
    page = text_of(signed_in(make_scene().cast.stranger).get("/plans/"))
    assert "Chưa có kế hoạch nào" in page


def test_the_line_shows_its_formula_months_and_communes(scene):
    page = text_of(signed_in(scene.cast.leader).get(f"/plans/{scene.plan.slug}/lines/1.1/"))
    assert "ANC4-numerator" in page and "× 100" in page
    assert "95 / 100" in page
    ranking = text_of(signed_in(scene.cast.leader).get(f"/plans/{scene.plan.slug}/lines/1.1/?view=ranking"))
    assert "Phường x" in ranking and "600 / 720" in ranking


def test_last_year_restated_is_the_sum_of_the_predecessors(scene):
    for area, counts in (("M", (80, 100)), ("A", (50, 60)), ("B", (30, 40))):
        make_result(scene.world.areas[area], scene.indicator, "2024-03", *counts)
    page = text_of(signed_in(scene.cast.leader).get(f"/plans/{scene.plan.slug}/lines/1.1/"))
    assert "80 / 100" in page and "50 / 60" in page and "30 / 40" in page


def test_the_line_page_has_a_fixed_cost(scene):
    client = signed_in(scene.cast.leader)
    url = f"/plans/{scene.plan.slug}/lines/1.1/"
    with CaptureQueriesContext(connection) as before:
        client.get(url)
    for letter in "yz":
        make_result(scene.world.areas[letter], scene.indicator, "2025-01", 5, 6)
    EnteredFigureFactory.create_batch(3, line=scene.line)
    with CaptureQueriesContext(connection) as after:
        client.get(url)
    assert len(before) == len(after) <= 15


@pytest.fixture
def deaths(scene):
    """A line on deaths: 2 in z, covered by the 6 of y and, for y knows its own, by the 12 of x."""
    indicator = deaths_indicator()
    line = LineFactory(
        plan=scene.plan, objective=scene.line.objective, key="1.9", indicator=indicator, direction="lower"
    )
    TargetFactory(line=line)
    counts = {"T-a1": 12, "T-a2": 0, "T-b1": 6, "T-c1": 0, "T-b2": 2}
    report_deaths(scene.world, indicator, "2025-01", counts)
    roll_up("2025-01")
    return f"/plans/{scene.plan.slug}/lines/1.9/"


def downloaded(client, url):
    return list(csv.reader(io.StringIO(client.get(url).content.decode("utf-8-sig"))))


def test_small_counts_are_seen_on_the_page_and_hidden_in_its_file(scene, deaths):
    client = signed_in(scene.cast.leader)
    assert "2 / 100" in text_of(client.get(f"{deaths}?view=ranking"))
    rows = downloaded(client, f"{deaths}?view=ranking&format=csv")
    places = [row[1:5] for row in rows if row and "@" in row[0]]
    assert places == [
        ["Phường x", "ẩn", "ẩn", "200"],
        ["Xã y", "ẩn", "ẩn", "200"],
        ["Xã z", "ẩn", "ẩn", "100"],
    ]
    assert [row[1][:10] for row in rows if row and row[0] == "Ghi chú"] == ["“ẩn”: số t"]


def test_the_order_of_a_file_tells_nothing_of_what_is_hidden(scene, deaths):
    """Worst first would set hidden places before one that is shown, in which nobody was born."""
    nobody = FacilityResult.objects.filter(facility__code__in=["T-b1", "T-c1"])
    nobody.update(numerator=0, denominator=0)
    roll_up("2025-01")
    client = signed_in(scene.cast.leader)
    for sort in ("value", "reported", "name"):
        rows = downloaded(client, f"{deaths}?view=ranking&format=csv&sort={sort}")
        values = [row[2] for row in rows if row and "@" in row[0]]
        assert values[0] != "ẩn" and values[1:] == ["ẩn", "ẩn"]


@pytest.mark.parametrize("measure", ["month", "to_date"])
def test_months_of_communes_hide_each_cell_in_their_file_and_tell_the_sum(scene, deaths, measure):
    client = signed_in(scene.cast.leader)
    asked = f"{deaths}?view=months&sort=name&measure={measure}"
    assert ">2</a>" in text_of(client.get(asked))
    rows = downloaded(client, f"{asked}&format=csv")
    table = rows[rows.index([]) + 1 :]
    column = table[0].index("2025-01")
    assert {row[1]: (row[column], row[-1]) for row in table[1:]} == {
        "Toàn địa bàn": ("20", "40"),
        "Phường x": ("ẩn", "ẩn"),
        "Xã y": ("ẩn", "ẩn"),
        "Xã z": ("ẩn", "ẩn"),
    }
    assert any(row and row[0] == "Ghi chú" for row in rows)


def test_neither_a_drawing_nor_a_comparison_gives_a_hidden_commune_away(scene, deaths):
    client = signed_in(scene.cast.leader)
    page = text_of(client.get(f"{deaths}?view=ranking"))
    assert "Xã z: 20,0" in page
    for view in ("ranking", "map"):
        response = client.get(f"{deaths}?view={view}&format=svg")
        assert response.status_code == 404 or (
            "Xã z: " not in text_of(response) and "Xã y: " not in text_of(response)
        )
    rows = downloaded(client, f"{deaths}?view=groups&format=csv")
    extremes = [row for row in rows if len(row) > 2 and row[1] == "2025" and "tốt nhất" in row[2]]
    assert [(row[3], row[4], row[6], row[7], row[8]) for row in extremes] == [("", "ẩn", "", "ẩn", "")]
    assert any(row and row[0] == "Ghi chú" for row in rows)


def test_a_number_of_a_month_and_commune_leads_to_where_it_comes_from(scene):
    client = signed_in(scene.cast.leader)
    found = [
        link
        for link in links(text_of(client.get(f"/plans/{scene.plan.slug}/lines/1.1/?view=months")))
        if "place=" in link and "month=2025-03" in link
    ]
    assert len(found) == 1 and client.get(found[0]).status_code == 200
    assert "50" in text_of(client.get(found[0]))
    to_date = text_of(client.get(f"/plans/{scene.plan.slug}/lines/1.1/?view=months&measure=to_date"))
    assert any("place=" in link and "as_of=2025-03" in link for link in links(to_date))


def test_the_months_of_a_plans_own_area_are_told(scene, deaths):
    rows = downloaded(signed_in(scene.cast.leader), f"{deaths}?format=csv&table=months")
    assert [[row[1], row[4]] for row in rows if row and row[0] == "2025-01"] == [["40", "40"]]
    assert "ẩn" not in str(rows)


def test_three_steps_from_the_number_to_the_submission(scene):
    form = FormFactory(code="B4")
    section = FormSectionFactory(form=form)
    element = scene.indicator.terms.first().element
    FormItemFactory(form=form, section=section, element=element, group=everybody())
    station = scene.world.facilities["T-a1"]
    Duty.objects.create(facility=station, form=form, from_month=date(2025, 1, 1), to_month=None)
    result = {
        "numerator": 7, "denominator": 9, "reported": 1, "expected": 1, "no_data": 0, "stand_in": 0,
        "provisional_numerator": 7, "provisional_denominator": 9, "provisional_reported": 1, "year_denominator": 9,
    }  # fmt: skip
    FacilityResult.objects.create(
        facility=station, indicator=scene.indicator, group=everybody(), month=date(2025, 8, 1), **result
    )
    client = signed_in(scene.cast.reviewer)
    scorecard = text_of(client.get(f"/plans/{scene.plan.slug}/"))
    line = text_of(client.get(f"/plans/{scene.plan.slug}/lines/1.1/?view=ranking"))
    commune = f"/plans/{scene.plan.slug}/lines/1.1/places/{scene.world.areas['x'].key}/"
    stations = text_of(client.get(commune))
    assert f"/plans/{scene.plan.slug}/lines/1.1/" in scorecard
    assert commune in line
    assert "/submissions/T-a1/B4/2025-08/" in stations and "7/9" in stations


def test_places_outside_the_plan_are_not_found(scene):
    stranger = person(Role.LEADER, area=scene.world.areas["country"]).assignments.get().area
    client = signed_in(scene.cast.leader)
    base = f"/plans/{scene.plan.slug}/lines/1.1/places/"
    assert client.get(f"{base}{stranger.key}/").status_code == 404
    assert client.get(f"{base}khong-co/").status_code == 404
    assert client.get(f"/plans/{scene.plan.slug}/lines/9.9/").status_code == 404


def test_the_budget_shows_planned_spent_and_the_rate(scene):
    BudgetLineFactory(plan=scene.plan, amount=400_000_000, spent=100_000_000)
    BudgetLineFactory(plan=scene.plan, amount=50_000_000, source="Nguồn khác")
    page = text_of(signed_in(scene.cast.leader).get(f"/plans/{scene.plan.slug}/budget/"))
    assert "400.000.000" in page and "25,0%" in page and "chưa báo cáo" in page and "450.000.000" in page


def test_the_document_links_each_target_to_its_line(scene):
    scene.plan.sections = [{"heading": "I. Mục tiêu", "text": f"1 | {scene.line.name} | 90\n\nLời kết."}]
    scene.plan.save()
    page = text_of(signed_in(scene.cast.leader).get(f"/plans/{scene.plan.slug}/document/"))
    assert f'<td><a href="/plans/{scene.plan.slug}/lines/1.1/">{scene.line.name}</a></td>' in page
    assert "Lời kết." in page
