"""The views of a line: years, ranking, months by commune, map, groups; their files and what they cost."""

from __future__ import annotations

import csv
import io
import re
from fractions import Fraction
from xml.etree import ElementTree as ET

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from facilities import pdf_files
from facilities.models import Area, Role
from facilities.numbers import format_number
from indicators.models import DataElement, Indicator, MonthlyResult
from plans.models import EnteredFigure, Target
from plans.presenters.heat_cells import Painter, fifths
from tests.factories import person
from tests.factories_indicators import GroupFactory
from tests.factories_plans import (
    EnteredFigureFactory,
    LineFactory,
    TargetFactory,
    make_indicator,
    make_result,
)
from tests.plans.hundred import make_hundred
from tests.plans.pages import make_scene, signed_in

pytestmark = pytest.mark.django_db
SVG = "{http://www.w3.org/2000/svg}"
# Around 10,0 and 20,0: pairs that print alike though they differ.
SPREAD = [Fraction(n, 100) for n in (500, 996, 1004, 1500, 1996, 2004, 2500, 3000, 3500, 4000)]
VIEWS = ["trend", "ranking", "months", "map", "groups"]
# session, person, assignments; the plan; computed months; related areas; lines, targets, entered figures, results
# make ten or eleven; a view reads four more at most.
QUERIES = 15


@pytest.fixture
def hundred():
    return make_hundred()


@pytest.fixture
def scene():
    return make_scene()


def page_of(hundred, query="", who=None):
    response = signed_in(who or hundred.leader).get(f"{hundred.url}?{query}")
    assert response.status_code == 200
    return response.content.decode()


def rows_of(hundred, query):
    """Facts and rows by head of a CSV."""
    content = signed_in(hundred.leader).get(f"{hundred.url}?{query}&format=csv").content.decode("utf-8-sig")
    lines = list(csv.reader(io.StringIO(content)))
    cut = lines.index([])
    return dict(lines[:cut]), [dict(zip(lines[cut + 1], line, strict=True)) for line in lines[cut + 2 :]]


def cost_of(client, url):
    with CaptureQueriesContext(connection) as queries:
        response = client.get(url)
    assert response.status_code == 200
    return len(queries)


@pytest.mark.parametrize("view", VIEWS)
def test_a_view_costs_the_same_for_ten_communes_and_a_hundred(hundred, view):
    client = signed_in(hundred.leader)
    large = cost_of(client, f"{hundred.url}?view={view}")
    MonthlyResult.objects.filter(area__in=hundred.communes[10:]).delete()
    assert cost_of(client, f"{hundred.url}?view={view}") == large <= QUERIES


def test_the_scorecard_of_a_hundred_communes_keeps_to_its_queries(hundred):
    assert cost_of(signed_in(hundred.leader), f"/plans/{hundred.line.plan.slug}/") <= QUERIES


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize("file_format", ["xlsx", "csv", "pdf"])
def test_every_view_is_to_download(view, file_format):
    hundred = make_hundred(10)
    response = signed_in(hundred.leader).get(f"{hundred.url}?view={view}&format={file_format}")
    starts = {"xlsx": b"PK", "csv": "\ufeff".encode(), "pdf": b"%PDF"}
    assert response.status_code == 200 and response.content.startswith(starts[file_format])
    assert re.search(
        rf'filename="h-2025-1\.1-2025-12-[a-z-]+\.{file_format}"', response["Content-Disposition"]
    )


def test_each_view_has_a_file_name_of_its_own():
    hundred = make_hundred(2)
    client = signed_in(hundred.leader)
    names = {client.get(f"{hundred.url}?view={view}&format=csv")["Content-Disposition"] for view in VIEWS}
    assert len(names) == len(VIEWS)


def test_a_months_value_is_the_quotient_of_the_pair_beside_it():
    hundred = make_hundred(2, timing="flow_population")
    province = MonthlyResult.objects.filter(area=hundred.province)
    province.update(numerator=3498, denominator=42_808, year_denominator=51_441)
    page = page_of(hundred)
    assert "6,8%</a><small>3.498 / 51.441</small>" in page or "6,8%<small>3.498 / 51.441</small>" in page
    assert "13,6%" in page and "6.996 / 51.441" in page and "42.808" not in page
    _facts, rows = rows_of(hundred, "table=months")
    for row in rows:
        for value, part in (("Giá trị tháng", "tháng"), ("Lũy kế", "lũy kế")):
            quotient = int(row[f"Tử số {part}"]) / int(row[f"Mẫu số {part}"]) * 100
            assert float(row[value]) == pytest.approx(quotient)


def test_a_rate_of_a_month_says_that_it_is_brought_to_a_year():
    hundred = make_hundred(2, timing="rate", factor=1000, unit="‰")
    page = page_of(hundred, "as_of=2025-06")
    assert page.count("1 / 200, quy cả năm") >= 6
    assert "12 / 200, quy cả năm" not in page
    assert "6 / 200, quy cả năm" in page
    facts, _rows = rows_of(hundred, "as_of=2025-06&table=months")
    assert "quy cả năm" in facts["Cách đọc"]
    assert "quy cả năm" in page_of(hundred, "view=ranking&as_of=2025-06")


def test_the_ranking_puts_the_worst_first_with_its_distance_to_the_mark(hundred):
    facts, rows = rows_of(hundred, "view=ranking")
    assert facts["Mốc so sánh"] == "ít nhất 50%"
    first, last = rows[0], rows[-1]
    assert (first["Địa bàn"], first["Thứ hạng"], first["Giá trị"], first["Chênh so với mốc"]) == (
        "Xã 000",
        "100",
        "0",
        "-50",
    )
    assert (last["Địa bàn"], last["Thứ hạng"]) == ("Xã 099", "1")
    assert (last["Mốc so sánh"], last["So với mốc"]) == ("50", "cao hơn mốc 49,0 điểm %")
    page = page_of(hundred, "view=ranking")
    assert "thấp hơn mốc 50,0 điểm %" in page and "chưa đạt mốc: <strong>50</strong>" in page
    assert page.index("Xã 000") < page.index("Xã 099")


def test_equal_values_share_a_rank(scene):
    for letter in "yz":
        for month in range(1, 13):
            make_result(scene.world.areas[letter], scene.indicator, f"2025-{month:02}", 90, 100)
    page = (
        signed_in(scene.cast.leader).get(f"/plans/{scene.plan.slug}/lines/1.1/?view=ranking").content.decode()
    )
    assert re.findall(r'class="num label">(\d)<', page) == ["3", "1", "1"]


def test_the_target_of_a_province_is_no_mark_for_a_commune_where_it_is_a_count(scene):
    indicator = make_indicator("NEW", denominator=False, timing="count", factor=1, unit="người")
    line = LineFactory(
        plan=scene.plan, objective=scene.line.objective, key="1.8", indicator=indicator, unit="người"
    )
    TargetFactory(line=line, value=5000, text="5.000")
    make_result(scene.world.areas["x"], indicator, "2025-01", 40)
    page = (
        signed_in(scene.cast.leader).get(f"/plans/{scene.plan.slug}/lines/1.8/?view=ranking").content.decode()
    )
    assert "Mốc so sánh" not in page and "không có mốc" in page and "Phường x" in page


def test_a_month_table_tells_missing_unknown_hidden_and_zero_apart(hundred):
    first, second, third, fourth = hundred.communes[:4]
    of = MonthlyResult.objects.filter(month="2025-03-01")
    of.filter(area=first).update(reported=0, numerator=0, denominator=0)
    of.filter(area=second).update(unknown=1)
    of.filter(area=third).delete()
    of.filter(area=fourth).update(numerator=0, denominator=0)
    _facts, rows = rows_of(hundred, "view=months&sort=name")
    march = {row["Địa bàn"]: row["2025-03"] for row in rows}
    assert [march[f"Xã {n:03}"] for n in range(5)] == ["–", "?", "", "·", "4"]
    page = page_of(hundred, "view=months&sort=name")
    for shade in ("missing", "unknown", "nothing", "no-base", "far", "good"):
        assert f'class="num {shade}"' in page, shade
    for words in ("chưa có báo cáo được duyệt", "không có số liệu chính xác", "mẫu số bằng 0"):
        assert words in page


def test_an_unknown_month_spoils_what_is_made_of_it_and_is_never_a_part(hundred):
    MonthlyResult.objects.filter(month="2025-03-01", area=hundred.communes[9]).update(unknown=1)
    _facts, rows = rows_of(hundred, "view=months&sort=name&measure=to_date")
    row = next(row for row in rows if row["Địa bàn"] == "Xã 009")
    assert (row["2025-02"], row["2025-03"], row["2025-12"], row["Đến kỳ"]) == ("9", "?", "?", "")
    _facts, ranked = rows_of(hundred, "view=ranking")
    row = next(row for row in ranked if row["Địa bàn"] == "Xã 009")
    assert (row["Giá trị"], row["Tử số"], row["Thứ hạng"]) == ("", "", "")
    _facts, groups = rows_of(hundred, "view=groups")
    rural = [row for row in groups if row["Kỳ"] == "2025" and row["Nhóm thứ hai"].startswith("Nông thôn")]
    assert [row["Khoảng cách"] for row in rural] == [""]


def test_cells_that_print_alike_bear_one_shade():
    painter = Painter(None, "month", fifths(SPREAD, 1), "%", 1, counts_events=False)
    shades = {}
    for value in SPREAD:
        shades.setdefault(format_number(value, 1), set()).add(painter.shade(value, [1]))
    assert len(shades) < len(SPREAD) and all(len(found) == 1 for found in shades.values())
    said = [words for shade, words in painter.legend() if shade.startswith("step")]
    assert said[0] == "đến 10,0%" and said[1].startswith("trên 10,0% đến")


def test_a_cell_that_would_print_like_the_mark_it_misses_is_told_from_it(hundred):
    of = MonthlyResult.objects.filter(month="2025-03-01")
    for n, cases in ((3, 4998), (4, 5000), (5, 5001)):
        of.filter(area=hundred.communes[n]).update(numerator=cases, denominator=10_000)
    cells = re.findall(
        r'class="num (\w+)"[^>]*><a[^>]*>(49,98|50,0|50,01)</a>', page_of(hundred, "view=months")
    )
    assert {("near", "49,98"), ("good", "50,0"), ("good", "50,01")} <= set(cells)


def test_a_partly_reported_month_is_marked(hundred):
    MonthlyResult.objects.filter(month="2025-03-01", area=hundred.communes[60]).update(expected=2)
    page = page_of(hundred, "view=months")
    assert "60,0</a><sup>*</sup>" in page and "còn thiếu báo cáo" in page


def test_the_workbook_of_months_is_shaded_as_the_page_is(hundred):
    content = signed_in(hundred.leader).get(f"{hundred.url}?view=months&sort=name&format=xlsx").content
    sheet = load_workbook(io.BytesIO(content)).worksheets[0]
    fills = {row[1].value: row[2].fill.fgColor.rgb for row in sheet.iter_rows() if row[1].value}
    assert fills["Xã 099"].endswith("E4F2EA") and fills["Xã 001"].endswith("A8481A")


def test_the_map_has_a_point_a_commune_and_names_who_has_none(hundred):
    Area.objects.filter(pk=hundred.communes[7].pk).update(latitude=None)
    page = page_of(hundred, "view=map")
    drawing = page[
        page.index("<svg", page.index('id="views"')) : page.index("</svg>", page.index('id="views"')) + 6
    ]
    pins = [g for g in ET.fromstring(drawing).iter() if (g.get("class") or "").startswith("pin")]
    assert len(pins) == 99 and "Chưa có tọa độ" in page and "Xã 007" in page
    assert "<title>Xã 001: 1,0%; 12 / 1.200; chưa đạt mốc</title>" in drawing


def test_the_map_names_those_that_miss_by_most_and_says_what_the_ground_is(hundred):
    drawing = signed_in(hundred.leader).get(f"{hundred.url}?view=map&sort=name&format=svg").content.decode()
    named = [
        text.text for text in ET.fromstring(drawing).iter(f"{SVG}text") if (text.text or "").startswith("Xã ")
    ]
    assert "Xã 000 0,0%" in named and not any(name.startswith("Xã 09") for name in named)
    assert "không phải địa giới" in drawing
    assert re.search(r">21°\d\d′B<", drawing) and re.search(r">106°\d\d′Đ<", drawing)


def test_without_coordinates_the_map_says_so_and_keeps_the_table(hundred):
    Area.objects.update(latitude=None)
    page = page_of(hundred, "view=map")
    assert "Chưa xã, phường nào có tọa độ" in page and "Xã 099" in page
    assert signed_in(hundred.leader).get(f"{hundred.url}?view=map&format=svg").status_code == 404


def test_groups_say_in_one_sentence_whether_the_gap_narrows(hundred):
    page = page_of(hundred, "view=groups")
    assert "Người dân tộc thiểu số so với tất cả" in page
    assert "Năm 2025 khoảng cách là 9,5 điểm %, năm 2024 là 19,5 điểm %: đã thu hẹp 10,0 điểm %." in page
    assert "Đô thị (phường, thị trấn) so với nông thôn (xã)" in page
    _facts, rows = rows_of(hundred, "view=groups")
    extremes = [
        row for row in rows if row["Kỳ"] == "2025" and row["So sánh"].startswith("Xã, phường tốt nhất")
    ]
    assert [row["Khoảng cách"] for row in extremes] == ["99"]


def test_a_line_on_urban_communes_names_the_best_and_worst_of_those(hundred):
    hundred.line.group = GroupFactory(code="URBAN", kind="places")
    hundred.line.save()
    page = page_of(hundred, "view=groups")
    assert "Xã 098" in page and "Xã 000" in page and "Xã 099" not in page


def test_a_gap_whose_sign_changed_has_turned_whatever_its_size(hundred):
    of = MonthlyResult.objects.filter(group__code="DTTS")
    of.filter(month__year=2024).update(numerator=4920, denominator=10_000)
    of.filter(month__year=2025).update(numerator=4970, denominator=10_000)
    page = page_of(hundred, "view=groups")
    assert (
        "Năm 2025 khoảng cách là +0,2 điểm %, năm 2024 là −0,3 điểm %: đã đảo chiều, "
        "nay “Người dân tộc thiểu số” cao hơn." in page
    )
    assert 'class="course turned"' in page and "thu hẹp" not in page


def test_a_running_year_is_held_against_the_same_months(hundred):
    page = page_of(hundred, "view=groups&as_of=2025-06")
    assert "6 tháng 2025 khoảng cách là 9,5 điểm %, 6 tháng 2024 là 19,5 điểm %: đã thu hẹp" in page


def test_a_gap_on_few_cases_says_that_it_may_be_chance(hundred):
    Indicator.objects.update(interval="wilson")
    MonthlyResult.objects.filter(group__code="DTTS").update(numerator=0, denominator=1)
    MonthlyResult.objects.filter(group__code="DTTS", month="2025-01-01").update(numerator=1)
    page = page_of(hundred, "view=groups")
    assert "nằm trong phạm vi ngẫu nhiên của số nhỏ" in page and "Có nhóm chỉ dưới 5 ca" in page


def test_a_group_without_figures_has_no_gap(hundred):
    MonthlyResult.objects.filter(group__code="DTTS").delete()
    assert "Người dân tộc thiểu số so với" not in page_of(hundred, "view=groups")


def test_the_years_stand_restated_and_as_they_were_with_the_target(scene):
    for month in range(1, 13):
        for letter, (numerator, denominator) in {"M": (80, 100), "A": (50, 60), "B": (30, 40)}.items():
            make_result(
                scene.world.areas[letter], scene.indicator, f"2024-{month:02}", numerator, denominator
            )
    url = f"/plans/{scene.plan.slug}/lines/1.1/"
    client = signed_in(scene.cast.leader)
    page = client.get(url).content.decode()
    assert "Tỉnh M, ranh giới từ 01/07/2025 (quy về ranh giới này)" in page
    assert "Tỉnh A, ranh giới đến 30/06/2025 (như khi đó)" in page and "tháng 1–6" in page
    lines = list(csv.reader(io.StringIO(client.get(f"{url}?format=csv").content.decode("utf-8-sig"))))
    rows = [line[:6] for line in lines[lines.index([]) + 2 :]]
    assert ["2024", "Tỉnh M, ranh giới từ 01/07/2025", "quy về ranh giới này", "80", "960", "1200"] in rows
    as_was = [row for row in rows if row[:3] == ["2025", "Tỉnh A, ranh giới đến 30/06/2025", "như khi đó"]]
    assert [row[4:] for row in as_was] == [["360", "372"]]


def test_a_survey_is_drawn_from_what_was_entered(scene):
    survey = make_indicator("STUNTING", timing="survey")
    line = LineFactory(plan=scene.plan, objective=scene.line.objective, key="1.7", indicator=survey)
    TargetFactory(line=line)
    for year, value in ((2024, 17), (2025, 16)):
        EnteredFigureFactory(line=line, year=year, value=value, kind=EnteredFigure.Kind.ACTUAL)
    page = signed_in(scene.cast.leader).get(f"/plans/{scene.plan.slug}/lines/1.7/").content.decode()
    assert "số nhập theo năm" in page and "2025: 16,0%" in page
    for view in VIEWS[1:]:
        other = signed_in(scene.cast.leader).get(f"/plans/{scene.plan.slug}/lines/1.7/?view={view}")
        assert "Dòng này không tính từ báo cáo của cơ sở" in other.content.decode()


def test_units_keep_to_their_own_time(scene):
    Indicator.objects.filter(pk=scene.indicator.pk).update(timing="units")
    page = signed_in(scene.cast.leader).get(f"/plans/{scene.plan.slug}/lines/1.1/").content.decode()
    assert "quy về ranh giới này" not in page and "(như khi đó)" in page
    described = re.search(r'<desc id="chart-1-d">([^<]*)', page)[1]
    assert re.search(r"năm 2025: thực hiện \d", described), described


@pytest.fixture
def deaths():
    hundred = make_hundred(10, factor=100_000, direction="lower", interval="poisson")
    DataElement.objects.filter(code="ANC4-numerator").update(is_sensitive=True)
    MonthlyResult.objects.filter(area__level="commune").update(numerator=0)
    first = MonthlyResult.objects.filter(area=hundred.communes[3], month="2025-05-01")
    first.update(numerator=1)
    Target.objects.update(operator="<=", value=30)
    hundred.line.direction = "lower"
    hundred.line.save()
    return hundred


def test_a_commune_with_a_few_deaths_is_out_of_every_file(deaths):
    client = signed_in(person(Role.REVIEWER, area=deaths.province))
    for view in ("ranking", "months", "map", "groups"):
        page = client.get(f"{deaths.url}?view={view}&sort=name").content.decode()
        assert ("1 / 1.200" in page) == (view != "months"), view
        content = client.get(f"{deaths.url}?view={view}&sort=name&format=csv").content.decode()
        named = [line for line in content.splitlines() if "Xã 003" in line and view != "groups"]
        assert all(",1," not in line and "83.3" not in line for line in named), view
    for view in ("ranking", "map"):
        drawing = client.get(f"{deaths.url}?view={view}&format=svg").content.decode()
        assert "1 / 1.200" not in drawing and "83,3" not in drawing


def test_rare_events_are_told_by_month_as_counts(deaths):
    page = page_of(deaths, "view=months&sort=name", who=person(Role.REVIEWER, area=deaths.province))
    assert "Mỗi ô là số ca" in page and 'class="num step-2"' in page and "có ca" in page


def test_without_what_draws_pdf_the_reader_is_told(hundred, monkeypatch):
    def missing(html):
        raise pdf_files.PdfUnavailable

    monkeypatch.setattr("plans.views.line_files.as_pdf", missing)
    response = signed_in(hundred.leader).get(f"{hundred.url}?view=map&format=pdf", follow=True)
    assert "libpango" in response.content.decode() and response.redirect_chain[0][0].endswith("view=map")


def test_a_file_of_a_line_with_a_vietnamese_key_is_still_a_download(hundred):
    hundred.line.key = "Đ1"
    hundred.line.save()
    response = signed_in(hundred.leader).get("/plans/h-2025/lines/Đ1/?format=csv")
    assert response["Content-Disposition"].startswith("attachment; filename*=utf-8''h-2025-%C4%901-")


@pytest.mark.parametrize("query", ["view=x", "sort=x&view=ranking", "measure=x&view=months", "view="])
def test_a_view_that_does_not_exist_is_the_first(hundred, query):
    assert 'aria-current="page">' in page_of(hundred, query)


@pytest.mark.parametrize("chart", ["0", "9", "x", "-1", "²", "1" * 50])
def test_a_drawing_that_does_not_exist_is_not_found(hundred, chart):
    assert signed_in(hundred.leader).get(f"{hundred.url}?format=svg&chart={chart}").status_code == 404


def test_a_year_without_results_has_every_view_empty_in_words(scene):
    MonthlyResult.objects.all().delete()
    client = signed_in(scene.cast.leader)
    for view in VIEWS:
        response = client.get(f"/plans/{scene.plan.slug}/lines/1.1/?view={view}")
        assert 'class="empty"' in response.content.decode(), view
        for file_format in ("csv", "xlsx", "pdf"):
            assert (
                client.get(f"{response.request['PATH_INFO']}?view={view}&format={file_format}").status_code
                == 200
            )
