"""Sharing a target out in the browser, reading what was given, and places beside a target that is not theirs."""

import csv
import io
import re
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from openpyxl import Workbook, load_workbook

from indicators.models import DataElement, MonthlyResult
from plans.allocation.table import TableRow, number_of
from plans.models import AllocationVersion, Target
from plans.standing.sources import lines_of
from tests.factories import AreaFactory, settle_places
from tests.factories_plans import LineFactory, PlanFactory, TargetFactory, make_indicator, make_result
from tests.indicators.sensitive import deaths_indicator
from tests.plans.pages import make_scene, signed_in
from tests.plans.shares import ids, last_year, line_of, publish
from tests.world import REFORM

pytestmark = pytest.mark.django_db
URL = "/plans/m-2025/edit/lines/1.1/allocation/2025/"
READ = "/plans/m-2025/lines/1.1/allocation/?year=2025"
LINE = "/plans/m-2025/lines/1.1/?view=ranking"
# session, person with assignments, the plan with rights; the line, its targets; levels below, the version before (twice),
# places, last year's figures; where denominators are missing, who counts people and their figures; the own draft.
FORM_QUERIES = 14
TERMS = {
    "in_force_from": "2025-01-01",
    "legal_basis": "Phụ lục 1",
    "opened": "0",
    "level": "commune",
    "publish": "1",
}


@pytest.fixture
def scene():
    scene = make_scene()
    last_year(scene)
    return scene


@pytest.fixture
def planner(scene):
    return signed_in(scene.cast.planner)


def text_of(response):
    return response.content.decode()


def typed(scene, **values):
    return {f"v{scene.world.areas[letter].pk}": value for letter, value in values.items()}


def value_in(page, scene, letter):
    field = re.search(rf'<input[^>]*name="v{scene.world.areas[letter].pk}"[^>]*>', page)[0]
    found = re.search(r'value="([^"]*)"', field)
    return found[1] if found else ""


def upload(client, content, name="giao.csv", **more):
    return client.post(URL, {"upload": "1", "file": SimpleUploadedFile(name, content), **more})


def of_csv(*rows, head="Mã,Chỉ tiêu giao"):
    return "\n".join(["Bảng của,m-2025 / 1.1 / 2025", "", head, *rows]).encode()


@pytest.mark.parametrize("role", ["reviewer", "leader", "auditor", "clerk", "stranger"])
def test_only_planners_share_out(scene, role):
    client = signed_in(getattr(scene.cast, role))
    assert client.get(URL).status_code == client.post(URL, TERMS).status_code == 404


@pytest.mark.parametrize("url", [URL.replace("2025/", "2031/"), URL.replace("1.1", "9.9")])
def test_a_year_or_line_the_plan_does_not_have_is_not_found(planner, url):
    assert planner.get(url).status_code == 404


def test_a_method_proposes_and_the_total_is_checked(scene, planner):
    page = text_of(planner.get(f"{URL}?method=baseline"))
    # The mean was 190 / 300: every place is asked for 26,7 points more, and none for more than 100.
    assert [value_in(page, scene, letter) for letter in "xyz"] == ["95", "100", "75"]
    assert "Bình quân gia quyền: 90,0%" in page and "Khớp với chỉ tiêu chung" in page
    assert "Mẫu số 2024" in page and not AllocationVersion.objects.exists()


def test_what_a_method_lacks_is_said(scene, planner):
    MonthlyResult.objects.filter(month__year=2024).delete()
    page = text_of(planner.get(f"{URL}?method=baseline"))
    assert "chưa có số năm trước" in page and value_in(page, scene, "x") == ""


def test_the_form_costs_the_same_for_any_number_of_places(scene, planner):
    planner.get(URL)
    with CaptureQueriesContext(connection) as few:
        planner.get(f"{URL}?method=baseline")
    for number in range(20):
        AreaFactory(parent=scene.world.areas["M"], valid_from=REFORM, code=f"n{number}")
    settle_places()
    with CaptureQueriesContext(connection) as many:
        planner.get(f"{URL}?method=equal")
    assert len(many) <= FORM_QUERIES, "\n".join(q["sql"][:160] for q in many)
    assert len(few) <= FORM_QUERIES


def test_checking_adds_up_again_and_stores_nothing(scene, planner):
    response = planner.post(
        URL, typed(scene, x="95", y="90,5", z="80") | {"check": "1", "level": "commune", "note": "đợt 1"}
    )
    page = text_of(response)
    assert response.status_code == 200 and "Bình quân gia quyền: 88,5%" in page
    assert "Kém chỉ tiêu chung 1,5 điểm %" in page and "Muốn công bố phải ghi lý do" in page
    assert value_in(page, scene, "y") == "90,5" and 'value="đợt 1"' in page
    assert not AllocationVersion.objects.exists()


def test_publishing_goes_to_the_version(scene, planner):
    response = planner.post(URL, typed(scene, x="90", y="95", z="90") | TERMS | {"method": "equal"})
    assert response.status_code == 302 and response.url == READ
    version = AllocationVersion.objects.get()
    assert (version.by, version.method, version.edited) == (scene.cast.planner, "equal", True)
    page = text_of(planner.get(READ))
    assert (
        "Đã công bố bản 1" in page
        and "Phụ lục 1" in page
        and "95,0%" in page
        and "tốt hơn 1,7 điểm %" in page
    )


def test_a_difference_asks_for_a_reason_and_nothing_typed_is_lost(scene, planner):
    sent = typed(scene, x="90", y="90", z="") | TERMS
    response = planner.post(URL, sent)
    page = text_of(response)
    assert response.status_code == 422 and "cần ghi lý do" in page and "Còn 1 địa bàn chưa được giao" in page
    assert value_in(page, scene, "x") == "90" and 'value="Phụ lục 1"' in page
    assert planner.post(URL, sent | {"reason": "Xã z giao sau"}).status_code == 302
    assert AllocationVersion.objects.get().reason == "Xã z giao sau"


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ("1.250", "có thể là"),
        ("chín mươi", "không phải là số"),
        ("101", "không thể quá 100"),
        ("-5", "không thể âm"),
    ],
)
def test_a_value_that_can_not_be_is_refused_beside_its_field(scene, planner, value, words):
    response = planner.post(URL, typed(scene, x=value, y="99", z="99") | TERMS | {"reason": "Thử"})
    page = text_of(response)
    assert response.status_code == 422 and words in page and value_in(page, scene, "x") == value
    assert not AllocationVersion.objects.exists()


def test_the_second_of_two_people_sees_that_there_is_a_newer_version(scene, planner):
    publish(scene)
    sent = typed(scene, x="95", y="95", z="95") | TERMS
    response = planner.post(URL, sent)
    page = text_of(response)
    assert response.status_code == 409 and "vừa công bố bản 1" in page and value_in(page, scene, "x") == "95"
    assert 'name="opened" value="1"' in page
    assert planner.post(URL, sent | {"opened": "1"}).status_code == 302


def test_by_hand_starts_from_the_version_before(scene, planner):
    publish(scene, ids(scene, x=91, y=92, z=93))
    page = text_of(planner.get(URL))
    assert [value_in(page, scene, letter) for letter in "xyz"] == ["91", "92", "93"]
    assert "bắt đầu từ bản 1" in page and "Công bố bản 2" in page


@pytest.mark.parametrize("file_format", ["csv", "xlsx"])
def test_a_table_goes_out_and_comes_back_changed(scene, planner, file_format):
    content = planner.get(f"{URL}?method=equal&format={file_format}").content
    if file_format == "xlsx":
        book = load_workbook(io.BytesIO(content))
        row = next(row for row in book.active.iter_rows() if row[0].value == scene.world.areas["y"].key)
        row[5].value = 99.5
        book.save(out := io.BytesIO())
        content = out.getvalue()
    else:
        content = content.decode().replace("Xã y,,90,100,90", "Xã y,,90,100,99.5").encode()
    response = upload(planner, content, f"giao.{file_format}")
    page = text_of(response)
    assert response.status_code == 200 and "3 địa bàn có số" in page and "Hàng không nhận" not in page
    assert [value_in(page, scene, letter) for letter in "xyz"] == ["90", "99,5", "90"]
    assert not AllocationVersion.objects.exists()


def test_every_row_that_is_not_taken_is_named(scene, planner):
    x, y, z = (scene.world.areas[letter].key for letter in "xyz")
    rows = [f"{x},90", f"{x},91", "99999,90", f"{y},chín", f"{z},101", ",5"]
    page = text_of(upload(planner, of_csv(*rows)))
    rejected = re.findall(r'class="name">(\d+)</th><td[^>]*>([^<]+)</td><td class="wide">([^<]+)<', page)
    assert [(row, column) for row, column, _why in rejected] == [
        ("5", "Mã"), ("6", "Mã"), ("7", "B"), ("8", "B"), ("9", "Mã"),
    ]  # fmt: skip
    assert "đã có ở hàng trước" in rejected[0][2] and "không phải là số" in rejected[2][2]
    assert [value_in(page, scene, letter) for letter in "xyz"] == ["90", "", ""]


def test_a_file_with_the_delimiters_of_a_vietnamese_excel_is_read(scene, planner):
    x = scene.world.areas["x"].key
    page = text_of(upload(planner, f"Bảng của;m-2025 / 1.1 / 2025\n\nMã;Chỉ tiêu giao\n{x};90,5".encode()))
    assert value_in(page, scene, "x") == "90,5"


def test_a_cell_that_only_claims_to_be_a_number_is_named(scene):
    row = TableRow(2, "x", "n", "chín", "B")
    with pytest.raises(ValueError):
        number_of(row)
    # Excel keeps the noise of its arithmetic; people see fifteen digits.
    assert number_of(replace(row, text="92.299999999999997")) == Decimal("92.3")


def opened_with(scene, **values):
    return {f"initial-{name}": value for name, value in typed(scene, **values).items()}


def test_what_was_typed_by_hand_stays_when_a_file_is_uploaded(scene, planner):
    page = text_of(planner.get(f"{URL}?method=equal"))
    assert re.search(r'type="hidden" name="initial-v\d+" value="90"', page)
    y, z = (scene.world.areas[letter].key for letter in "yz")
    sent = (
        typed(scene, x="95,5", y="chín", z="90")
        | opened_with(scene, x="90", y="90", z="90")
        | {"note": "đợt 1", "legal_basis": "Phụ lục 3", "in_force_from": "2025-02-01", "level": "commune"}
    )
    page = text_of(upload(planner, of_csv(f"{y},91", f"{z},92"), **sent))
    # x is not in the file, y is in both, z was not touched.
    assert [value_in(page, scene, letter) for letter in "xyz"] == ["95,5", "chín", "92"]
    assert all(words in page for words in ('value="đợt 1"', 'value="Phụ lục 3"', 'value="2025-02-01"'))
    listed = page.split("Số gõ tay khác tệp</h2>")[1].split("</table>")[0]
    assert "Xã y" in listed and ">91<" in listed and "Phường x" not in listed and "Xã z" not in listed


def test_a_file_that_is_not_taken_leaves_the_table_as_it_was(scene, planner):
    sent = typed(scene, x="95", y="", z="chín") | {"reason": "Xã z sau", "level": "commune"}
    response = upload(planner, b"nothing", **sent)
    page = text_of(response)
    assert response.status_code == 422 and 'value="Xã z sau"' in page
    assert [value_in(page, scene, letter) for letter in "xyz"] == ["95", "", "chín"]


def test_the_values_of_the_file_are_taken_on_demand(scene, planner):
    sent = typed(scene, x="95", y="99", z="90") | opened_with(scene, x="96", y="90", z="90")
    kept = f"v{scene.world.areas['x'].pk}"
    page = text_of(
        planner.post(URL, sent | {"take": "1", "level": "commune", "kept": [kept, "v0", "method"]})
    )
    assert [value_in(page, scene, letter) for letter in "xyz"] == ["96", "99", "90"]


def test_a_file_chosen_is_shown_before_anything_is_published(scene, planner):
    x = scene.world.areas["x"].key
    sent = typed(scene, x="90", y="90", z="90") | opened_with(scene, x="90", y="90", z="90") | TERMS
    file = SimpleUploadedFile("giao.csv", of_csv(f"{x},91"))
    page = text_of(planner.post(URL, sent | {"file": file}))
    assert value_in(page, scene, "x") == "91" and not AllocationVersion.objects.exists()


def test_a_formula_is_not_taken_for_its_value(scene, planner):
    book = Workbook()
    book.active.append(["Mã", "Chỉ tiêu giao"])
    book.active.append([scene.world.areas["x"].key, "=90+1"])
    book.save(out := io.BytesIO())
    page = text_of(upload(planner, out.getvalue(), "giao.xlsx"))
    assert "Ô là công thức" in page and value_in(page, scene, "x") == ""


@pytest.mark.parametrize(
    ("content", "name", "words"),
    [
        (b"", "giao.csv", "Không thấy hàng đầu bảng"),
        (b"\xff\xfe\x00", "giao.csv", "CSV không đọc được"),
        ("Mã,Giá\nx,1".encode(), "giao.csv", "Không thấy hàng đầu bảng"),
        (b"PK\x03\x04 broken", "giao.xlsx", "Tệp bị hỏng"),
        (b"%PDF-1.4", "giao.pdf", "không phải tệp Excel"),
        ("Bảng của,m-2025 / 1.2 / 2025\n\nMã,Chỉ tiêu giao\nx,90".encode(), "giao.csv", "Chọn lại tệp"),
    ],
)
def test_a_file_that_is_no_such_table_is_refused_whole(scene, planner, content, name, words):
    response = upload(planner, content, name)
    assert response.status_code == 422 and words in text_of(response)


def test_without_a_file_the_page_says_what_to_do(planner):
    response = planner.post(URL, {"upload": "1"})
    assert response.status_code == 422 and "Chưa chọn tệp nào" in text_of(response)


def test_a_target_that_can_not_be_shared_out_says_why(scene, planner):
    Target.objects.update(is_ambiguous=True)
    page = text_of(planner.get(URL))
    assert "hai cách hiểu" in page and "<table" not in page
    assert planner.post(URL, TERMS).status_code == 422


def test_a_line_entered_by_year_asks_how_it_adds_up(scene, planner):
    line = LineFactory(plan=scene.plan, objective=scene.line.objective, key="3", unit="giường", decimals=0)
    TargetFactory(line=line, value=100, text="100")
    page = text_of(planner.get(URL.replace("1.1", "3") + "?method=equal&adds_up=1"))
    assert 'name="adds_up"' in page and [value_in(page, scene, letter) for letter in "xyz"] == [
        "34",
        "33",
        "33",
    ]
    assert "Cộng các địa bàn: 100" in page


def test_readers_see_versions_but_no_way_to_change_them(scene):
    publish(scene)
    publish(scene, ids(scene, x=95, y=95, z=90), expected=1, in_force_from=date(2025, 7, 1), method="manual")
    client = signed_in(scene.cast.leader)
    with CaptureQueriesContext(connection) as queries:
        page = text_of(client.get(READ))
    # session, person, plan, line, targets, versions, shares, those before them
    assert len(queries) <= 9, "\n".join(q["sql"][:160] for q in queries)
    assert "Bản 2, áp dụng từ 01/07/2025" in page and "01/01/2025 đến 30/06/2025" in page
    assert "bản trước: 90,0%" in page and "Phân bổ lại" not in page
    old = text_of(client.get(f"{READ}&version=1"))
    assert "Bản 1, áp dụng từ 01/01/2025" in old and "bản trước" not in old


@pytest.mark.parametrize("query", ["?year=1999", "?year=x", "?year=2025&version=7", "?year=2025&version=x"])
def test_a_version_that_is_not_there_is_not_found(scene, query):
    assert signed_in(scene.cast.leader).get(READ.split("?")[0] + query).status_code == 404


def test_a_version_is_downloaded_with_what_it_says_of_itself(scene):
    publish(scene)
    content = signed_in(scene.cast.leader).get(f"{READ}&format=csv").content.decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(content)))
    facts = dict(row for row in rows[: rows.index([])])
    assert facts["Bản phân bổ"] == "Bản 1, áp dụng từ 01/01/2025" and facts["Văn bản giao, phụ lục"]
    assert [row[-1] for row in rows[rows.index([]) + 2 :]] == ["90", "90", "90"]


def test_without_a_version_the_target_is_a_benchmark_and_no_verdict(scene):
    page = text_of(signed_in(scene.cast.leader).get(LINE))
    part = page.split('id="allocation"')[1]
    assert "với mỗi địa bàn chỉ là mốc so sánh: không đánh giá đạt hay không đạt" in part
    assert "thấp hơn mốc 6,7 điểm %" in part and 'class="verdict' not in part


def test_a_place_is_judged_by_its_own_target(scene):
    for letter, counts in {"y": (90, 100), "z": (70, 100)}.items():
        make_result(scene.world.areas[letter], scene.indicator, "2025-12", *counts)
    publish(scene, ids(scene, x=80, y=95, z=None), reason="Xã z giao sau")
    page = text_of(signed_in(scene.cast.leader).get(LINE)).split('id="communes"')[1]
    rows = {name: page.split(f">{name}")[1].split("</tr>")[0] for name in ("Phường x", "Xã y", "Xã z")}
    # x reached 50 of 60 a month: 83,3%.
    assert "80,0%" in rows["Phường x"] and "vượt" in rows["Phường x"]
    assert "95,0%" in rows["Xã y"] and 'class="verdict not_met"' in rows["Xã y"]
    assert "mốc so sánh" in rows["Xã z"] and "thấp hơn mốc 20,0 điểm %" in rows["Xã z"]
    assert 'class="verdict' not in rows["Xã z"]


def test_an_earlier_month_is_judged_by_the_version_of_its_day(scene):
    publish(scene, ids(scene, x=90, y=90, z=90))
    publish(
        scene, ids(scene, x=70, y=95, z=95), expected=1, in_force_from=date(2025, 7, 1), reason="Điều chỉnh"
    )
    client = signed_in(scene.cast.leader)
    june, july = (text_of(client.get(f"{LINE}&as_of=2025-0{month}")) for month in (6, 7))
    assert "Bản 1, áp dụng" in june and "nguy cơ không đạt" in june.split('id="communes"')[1]
    assert "Bản 2, áp dụng" in july and "có khả năng đạt" in july.split('id="communes"')[1]


def test_before_the_first_version_the_page_says_that_none_counts_yet(scene):
    publish(scene, in_force_from=date(2025, 5, 1))
    page = text_of(signed_in(scene.cast.leader).get(f"{LINE}&as_of=2025-04"))
    assert "chưa áp dụng vào kỳ đang xem" in page and "mốc so sánh" in page


def test_other_boundaries_show_nothing_that_was_given(scene, planner):
    publish(scene)
    make_result(scene.world.areas["a1"], scene.indicator, "2025-01", 9, 10)
    page = text_of(planner.get(f"{LINE}&boundaries={scene.world.areas['A'].key}"))
    assert "Bản 1" not in page and "Chưa giao chỉ tiêu cho từng địa bàn" in page
    assert "/allocation/2025/" not in page, (
        "what would be shared out goes to places of the plan's own boundaries"
    )


def test_a_target_amended_after_sharing_out_is_told(scene):
    publish(scene)
    Target.objects.update(value=95)
    assert "đã đổi từ khi phân bổ" in text_of(signed_in(scene.cast.leader).get(LINE))


def test_a_count_of_the_whole_is_no_benchmark_for_a_part(scene):
    births = make_indicator("BIRTHS", timing="count", denominator=False, factor=1, unit="người")
    line = LineFactory(
        plan=scene.plan, objective=scene.line.objective, key="2", indicator=births, unit="người"
    )
    TargetFactory(line=line, value=100, text="100")
    make_result(scene.world.areas["x"], births, "2025-12", 40)
    page = text_of(signed_in(scene.cast.leader).get(LINE.replace("1.1", "2")))
    assert "nên các địa bàn không được đánh giá" in page and "so sánh: không" not in page


def test_a_sum_too_large_to_keep_is_refused_in_words(scene, planner):
    births = make_indicator("BIRTHS", timing="count", denominator=False, factor=1, unit="người")
    line = LineFactory(
        plan=scene.plan, objective=scene.line.objective, key="2", indicator=births, unit="người"
    )
    TargetFactory(line=line, value=100, text="100")
    sent = typed(scene, x="99999999999999", y="99999999999999") | TERMS | {"reason": "Thử"}
    response = planner.post(URL.replace("1.1", "2"), sent)
    assert response.status_code == 422 and "Tổng các địa bàn quá lớn" in text_of(response)
    assert not AllocationVersion.objects.exists()


def share_period_count(scene, area, level, **given):
    """A plan of `area` for 2023–2024 whose count of 400 is of both years; 150 a year at the first place given."""
    plan = PlanFactory(slug="cu", area=area, start_year=2023, end_year=2024)
    births = make_indicator("NEW_IUD", timing="count", denominator=False, factor=1, unit="người")
    line = LineFactory(plan=plan, key="1.1", indicator=births, unit="người", decimals=0)
    TargetFactory(line=line, year=2024, value=400, text="400")
    for month in ("2023-12", "2024-12"):
        make_result(scene.world.areas[next(iter(given))], births, month, 150)
    publish(
        scene,
        ids(scene, **given),
        line=lines_of(plan).get(),
        year=2024,
        level=level,
        adds_up=True,
        in_force_from=date(2024, 1, 1),
        reason="Thử",
    )


@pytest.mark.parametrize(
    ("level", "given", "name"),
    [
        ("district", {"a": 200, "b": 200}, "Huyện a"),
        ("commune", {"a1": 200, "a2": 100, "b1": 100}, "Xã a1"),
    ],
)
def test_a_share_of_a_whole_period_is_judged_by_the_sum_of_its_years(scene, planner, level, given, name):
    share_period_count(scene, scene.world.areas["A"], level, **given)
    with CaptureQueriesContext(connection) as queries:
        page = text_of(planner.get("/plans/cu/lines/1.1/?view=ranking&year=2024"))
    row = page.split('id="allocation"')[1].split(f">{name}")[1].split("</tr>")[0]
    assert 'class="verdict exceeded"' in row and "Cộng 2023–2024: 300" in row
    assert len(queries) <= 24, len(queries)


@pytest.mark.parametrize(("is_sensitive", "word"), [(False, "vượt"), (True, "")])
def test_a_file_tells_no_verdict_on_years_that_may_be_hidden(scene, planner, is_sensitive, word):
    share_period_count(scene, scene.world.areas["A"], "commune", a1=200, a2=100, b1=100)
    DataElement.objects.filter(code="NEW_IUD-numerator").update(is_sensitive=is_sensitive)
    rows = rows_of(planner, "/plans/cu/lines/1.1/?view=ranking&year=2024&format=csv")
    (place,) = [row for row in rows if row[0].startswith("a1@")]
    assert place[2] == "150" and place[-4:-2] == ["200", word]


def test_years_without_reports_leave_a_period_provisional(scene, planner):
    share_period_count(scene, scene.world.areas["A"], "district", a=200, b=200)
    MonthlyResult.objects.filter(month__year=2023).delete()
    row = (
        text_of(planner.get("/plans/cu/lines/1.1/?view=ranking&year=2024"))
        .split(">Huyện a")[1]
        .split("</tr>")[0]
    )
    assert "Cộng 2023–2024: 150" in row and "số tạm tính" in row


def test_an_old_province_shares_out_to_districts(scene, planner):
    old = PlanFactory(slug="cu", area=scene.world.areas["A"], start_year=2024, end_year=2025)
    line = LineFactory(plan=old, key="1.1", indicator=scene.indicator)
    TargetFactory(line=line, year=2024)
    make_result(scene.world.areas["a"], scene.indicator, "2024-12", 95, 100)
    url = "/plans/cu/edit/lines/1.1/allocation/2024/"
    page = text_of(planner.get(f"{url}?level=district"))
    assert "Huyện a" in page and "Xã a1" not in page and "Huyện a" in text_of(planner.get(url))
    sent = TERMS | {"level": "district", "method": "equal", "in_force_from": "2024-01-01"}
    assert planner.post(url, sent | typed(scene, a="90", b="90")).status_code == 302
    shown = text_of(planner.get("/plans/cu/lines/1.1/?view=ranking&year=2024"))
    district = shown.split(">Huyện a")[1].split("</tr>")[0]
    assert "95,0%" in district and 'class="verdict exceeded"' in district


def test_small_counts_show_neither_verdict_nor_distance_in_files(scene):
    deaths = deaths_indicator()
    line = LineFactory(
        plan=scene.plan,
        objective=scene.line.objective,
        key="1.9",
        indicator=deaths,
        unit="‰",
        direction="lower",
    )
    DataElement.objects.filter(code="IMR-numerator").update(is_sensitive=True)
    TargetFactory(line=line, operator="<=", value=9, text="≤9")
    make_result(scene.world.areas["x"], deaths, "2025-12", 1, 80)
    make_result(scene.world.areas["x"], deaths, "2024-12", 1, 80)
    client = signed_in(scene.cast.planner)
    row = next(
        r for r in rows_of(client, LINE.replace("1.1", "1.9") + "&format=csv") if r[0].startswith("x@")
    )
    assert row[-2:] == ["9", ""]
    publish(scene, ids(scene, x=9, y=9, z=9), line=line_of(scene, "1.9"))
    row = next(
        r for r in rows_of(client, LINE.replace("1.1", "1.9") + "&format=csv") if r[0].startswith("x@")
    )
    assert row[-4:] == ["9", "", "", ""]
    row = next(
        r for r in rows_of(client, READ.replace("1.1", "1.9") + "&format=csv") if r[0].startswith("x@")
    )
    assert row[3] == ""


def test_a_paper_does_not_tell_how_a_share_lies_to_a_hidden_last_year(scene, planner, monkeypatch):
    """Where nobody died last year any target is worse: the note tells a hidden 0 from a hidden 1."""
    deaths = deaths_indicator()
    line = LineFactory(
        plan=scene.plan,
        objective=scene.line.objective,
        key="1.9",
        indicator=deaths,
        unit="‰",
        direction="lower",
    )
    TargetFactory(line=line, operator="<=", value=9, text="≤9")
    for letter, last in {"x": 1, "y": 0}.items():
        make_result(scene.world.areas[letter], deaths, "2024-12", last, 80)
        make_result(scene.world.areas[letter], deaths, "2025-12", 0, 80)
    publish(scene, ids(scene, x=9, y=9, z=9), line=line_of(scene, "1.9"))
    papers = []
    monkeypatch.setattr("plans.views.line_files.as_pdf", lambda html: papers.append(html) or b"")
    url = LINE.replace("1.1", "1.9")
    planner.get(f"{url}&format=pdf")
    worse = "chỉ tiêu dễ hơn mức đã đạt"
    assert worse in text_of(planner.get(url)) and worse not in papers[0] and "Chỉ tiêu giao" in papers[0]


def sensitive_line(scene, **fields):
    """A line on births less deaths: no rate of rare events, and still its figures tell of deaths."""
    indicator = make_indicator("INCREASE", interval="none", direction="none")
    DataElement.objects.filter(code="INCREASE-numerator").update(is_sensitive=True)
    line = LineFactory(plan=scene.plan, objective=scene.line.objective, key="1.8", indicator=indicator)
    TargetFactory(line=line, operator=">=", value=50, text="50")
    for letter, numerator in {"x": 61, "y": 52, "z": 43}.items():
        make_result(scene.world.areas[letter], indicator, "2024-12", numerator, 107)
    return line_of(scene, "1.8")


def test_last_year_of_sensitive_figures_is_in_no_file_whatever_their_interval(scene, planner):
    publish(scene, ids(scene, x=50, y=50, z=50), line=sensitive_line(scene))
    for url in (READ.replace("1.1", "1.8") + "&format=csv", URL.replace("1.1", "1.8") + "?format=csv"):
        rows = rows_of(planner, url)
        places = [row for row in rows if "@" in row[0]]
        assert [row[3:] for row in places] == [["", "", "50"]] * 3
        assert any("Không ghi số năm trước và trọng số" in row[-1] for row in rows)


def test_no_method_gives_back_last_year_of_sensitive_figures(scene, planner):
    line, url = sensitive_line(scene), URL.replace("1.1", "1.8")
    page = text_of(planner.get(f"{url}?method=baseline"))
    assert "suy ra được số ca tử vong" in page and value_in(page, scene, "x") == ""
    rows = rows_of(planner, f"{url}?method=baseline&format=csv")
    assert [row[3:] for row in rows if "@" in row[0]] == [["", "", ""]] * 3
    assert any("suy ra được số ca tử vong" in row[-1] for row in rows)
    response = planner.post(url, typed(scene, x="50", y="50", z="50") | TERMS | {"method": "baseline"})
    page = text_of(response)
    assert response.status_code == 422 and "suy ra được số ca tử vong" in page
    # What was typed stays, and may be published as typed.
    assert value_in(page, scene, "x") == "50" and 'name="method" value="manual"' in page
    with pytest.raises(ValidationError) as caught:
        publish(scene, ids(scene, x=50, y=50, z=50), line=line, method="baseline")
    assert list(caught.value.message_dict) == ["method"] and not AllocationVersion.objects.exists()


def rows_of(client, url):
    rows = csv.reader(io.StringIO(client.get(url).content.decode("utf-8-sig")))
    return [row for row in rows if row]


def test_the_line_page_costs_one_query_more_at_any_size(scene):
    publish(scene)
    client = signed_in(scene.cast.leader)
    with CaptureQueriesContext(connection) as queries:
        client.get(LINE)
    assert len(queries) <= 13 and sum("allocation" in query["sql"] for query in queries) == 1
