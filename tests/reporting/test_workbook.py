"""The workbook: formulas a reader can follow, the same bytes on any day, a sheet for whatever table comes."""

import copy
import hashlib
import io
import re
import shutil
import subprocess
import zipfile
from datetime import datetime
from fractions import Fraction
from unicodedata import normalize

import pytest
from openpyxl import load_workbook

from facilities.text import printable
from plans.charts import Category, Chart, Point, Series, Target
from plans.charts.plain import as_plain
from reporting.content.cells import HIDDEN, column, number, row, share_of, table, worded
from reporting.renderers import render
from reporting.renderers.xlsx import archive
from reporting.renderers.xlsx.book import format_of
from reporting.renderers.xlsx.names import LONGEST, sheet_names
from tests.reporting.cases import small_snapshot
from tests.reporting.hostile import HOSTILE

needs_office = pytest.mark.skipif(shutil.which("soffice") is None, reason="needs LibreOffice")
VERDICTS = ["Vượt", "Đạt", "Đạt", "Không đạt", "Chưa có số liệu", "Đạt"]


def judged_snapshot():
    """Lines with verdicts, a budget and a tally that add up, communes whose rates do not."""
    snapshot = small_snapshot()
    tables = snapshot["content"]["tables"]
    tables["lines"] = table(
        "lines",
        "KẾT QUẢ",
        [column("STT", 4), column("Chỉ tiêu", 24), column("Thực hiện", 8, "right"), column("Đánh giá", 9)],
        [
            row(["Mục tiêu 1"], "group"),
            *[row([str(n), f"Dòng {n}", number(n), word]) for n, word in enumerate(VERDICTS, start=1)],
            row(["", "Trong đó", number(1), "–"], "part"),
        ],
    )
    tables["budget"] = table(
        "budget",
        "KINH PHÍ",
        [column("Năm", 8), column("Nguồn", 40), column("Giao", 18, "right"), column("Tỷ lệ", 12, "right")],
        [
            row(["2025", "Tỉnh", number(400_000_000), number(50, 1, suffix="%")]),
            row(["2025", "Trung ương", number(345_880_000), "–"]),
            row(["", "Cộng", number(745_880_000), number(50, 1, suffix="%")], "total"),
        ],
    )
    return snapshot


def opened(snapshot, **options):
    return load_workbook(io.BytesIO(render(snapshot, "xlsx")), **options)


def values(sheet):
    return [[cell.value for cell in cells] for cells in sheet.iter_rows()]


def test_a_total_is_a_formula_whose_result_is_stored_beside_it():
    formulas, results = opened(judged_snapshot()), opened(judged_snapshot(), data_only=True)
    assert formulas["Kinh phí"]["C7"].value == "=SUM(C5:C6)"
    assert results["Kinh phí"]["C7"].value == 745_880_000
    assert formulas["Kinh phí"]["D7"].value == results["Kinh phí"]["D7"].value == 50


@pytest.mark.parametrize(
    ("cells", "total", "is_sum"),
    [
        ([number(3), number(4)], number(7), True),
        ([number(3), "–", number(4)], number(7), True),
        ([number(3), number(4)], number(8), False),
        ([number(7), number(0)], number(7), False),
        ([number(3), HIDDEN, number(4)], number(7), False),
        ([number(3), worded("≥ 4", 4)], number(7), False),
        ([number(3, suffix="%"), number(4, suffix="%")], number(7, suffix="%"), False),
    ],
)
def test_only_an_exact_sum_of_what_is_shown_becomes_a_formula(cells, total, is_sum):
    snapshot = small_snapshot()
    snapshot["content"]["tables"]["budget"] = table(
        "budget",
        "KINH PHÍ",
        [column("Nguồn", 9), column("Giao", 9, "right")],
        [row(["Cộng", total], "total"), *[row(["x", cell]) for cell in cells]],
    )
    found = opened(snapshot)["Kinh phí"]["B5"].value
    assert found == (f"=SUM(B6:B{5 + len(cells)})" if is_sum else int(total["value"]))


def test_parts_of_a_line_are_not_summed_twice():
    snapshot = small_snapshot()
    lines = [row(["a", number(3)]), row(["trong đó", number(2)], "part"), row(["b", number(4)])]
    snapshot["content"]["tables"]["budget"] = table(
        "budget",
        "KINH PHÍ",
        [column("Nguồn", 9), column("Giao", 9, "right")],
        [*lines, row(["Cộng", number(7)], "total")],
    )
    assert opened(snapshot)["Kinh phí"]["B8"].value == "=SUM(B5:B5,B7:B7)"


def test_the_summary_counts_the_verdicts_and_draws_them():
    formulas, results = opened(judged_snapshot()), opened(judged_snapshot(), data_only=True)
    *_, head, counts, _note = [cells for cells in values(results["Tóm tắt"]) if cells[0]]
    assert head[:6] == ["Bảng", "Vượt", "Đạt", "Không đạt", "Chưa có số liệu", "Cộng"]
    assert counts[:6] == ["Chỉ tiêu", 1, 3, 1, 1, 6]
    written = [cells for cells in values(formulas["Tóm tắt"]) if cells[0] == "Chỉ tiêu"][0]
    assert written[2] == "=COUNTIF('Chỉ tiêu'!$D$5:$D$12,C$5)"
    with zipfile.ZipFile(io.BytesIO(render(judged_snapshot(), "xlsx"))) as parts:
        chart = parts.read("xl/charts/chart1.xml").decode()
    assert chart.count('<c:delete val="0" />') == 2 or chart.count('delete val="0"') == 2
    assert "'Tóm tắt'!$B$6:$E$6" in chart


def test_a_review_counts_the_verdicts_of_each_year_and_sums_them():
    snapshot = small_snapshot()
    heads = [column("STT", 4), column("Chỉ tiêu", 24), column("Năm 2024", 8, "right", has_numbers=True)]
    snapshot["content"]["tables"]["lines"] = table(
        "lines",
        "KẾT QUẢ",
        [*heads, column("Năm 2025", 8, "right")],
        [
            row(["1", "Khám thai", number(95), number(96)]),
            row(["", "Đánh giá", "Đạt", "Vượt"], "part"),
            row(["2", "Thấp còi", number(9), number(8)]),
            row(["", "Đánh giá", "Đạt", "–"], "part"),
        ],
    )
    formulas, results = opened(snapshot), opened(snapshot, data_only=True)
    *_, head, first, second, total, _note = [cells[:4] for cells in values(results["Tóm tắt"]) if cells[0]]
    assert head == ["Bảng", "Vượt", "Đạt", "Cộng"]
    assert first == ["Chỉ tiêu, năm 2024", 0, 2, 2] and second == ["Chỉ tiêu, năm 2025", 1, 0, 1]
    assert total == ["Cộng", 1, 2, 3]
    assert "=COUNTIF('Chỉ tiêu'!$E$5:$E$8,B$5)" in [cells[1] for cells in values(formulas["Tóm tắt"])]


def charted_snapshot():
    snapshot = judged_snapshot()
    points = (Point(Fraction(285, 3), "95"), None, Point(Fraction(1, 3), "0,3"))
    categories = tuple(Category(f"{year}", f"năm {year}") for year in (2023, 2024, 2025))
    plain = [
        as_plain(
            Chart(title, "", categories, (Series("=1+1", points),), Target("kế hoạch", (None, None, 90)))
        )
        for title in ("Khám thai", "=2+2", "Thấp còi")
    ]
    snapshot["content"]["charts"] = dict(zip("bac", plain, strict=True))
    snapshot["content"]["sections"][1]["blocks"].append({"kind": "chart", "key": "b"})
    return snapshot


def test_the_reports_charts_are_native_ones_on_the_summary_with_their_figures_behind_it():
    snapshot = charted_snapshot()
    book = opened(snapshot)
    assert book.sheetnames[:5] == ["Tóm tắt", "Biểu đồ 1", "Biểu đồ 2", "Biểu đồ 3", "Chỉ tiêu"]
    assert values(book["Biểu đồ 1"])[2:] == [
        [None, " =1+1", "kế hoạch"],
        ["năm 2023", 95, None],
        ["năm 2024", None, None],
        ["năm 2025", pytest.approx(1 / 3), 90],
    ]
    assert book["Biểu đồ 2"]["A1"].value == " =2+2"
    drawn = book["Tóm tắt"]._charts
    assert [chart.anchor._from.row for chart in drawn] == [8, 27, 50, 73]
    assert [one.id for one in book["Tóm tắt"].row_breaks.brk] == [72]
    assert all(not chart.x_axis.delete and not chart.y_axis.delete for chart in drawn)
    assert book["Biểu đồ 1"].freeze_panes == "B4" and book["Biểu đồ 1"].page_setup.fitToHeight == 0


def test_many_charts_stand_on_one_sheet_each_beside_its_figures():
    snapshot = charted_snapshot()
    one = snapshot["content"]["charts"]["b"]
    snapshot["content"]["charts"] = {f"line:{n}": {**one, "title": f"Hình {n}"} for n in range(5)}
    snapshot["content"]["sections"][1]["blocks"][-1:] = [
        {"kind": "chart", "key": f"line:{n}", "size": "half"} for n in range(5)
    ]
    book = opened(snapshot)
    assert book.sheetnames[:3] == ["Tóm tắt", "Biểu đồ", "Chỉ tiêu"]
    sheet = book["Biểu đồ"]
    assert [sheet.cell(1 + 25 * n, 1).value for n in range(5)] == [f"Hình {n}" for n in range(5)]
    assert [chart.anchor._from.row for chart in sheet._charts] == [2, 27, 52, 77, 102]
    assert values(sheet)[77][:3] == [None, " =1+1", "kế hoạch"]
    with zipfile.ZipFile(io.BytesIO(render(snapshot, "xlsx"))) as parts:
        drawn = [parts.read(name).decode() for name in parts.namelist() if "/charts/chart" in name]
    assert sum("'Biểu đồ'!$B$79:$B$81" in one for one in drawn) == 1


def test_a_report_without_verdicts_has_a_summary_all_the_same():
    book = opened(small_snapshot())
    assert values(book["Tóm tắt"])[0][0] == "Kết quả thực hiện Kế hoạch năm 2025"
    assert not book["Tóm tắt"]._charts


def test_whatever_table_comes_has_a_sheet_of_its_own_with_a_short_vietnamese_name():
    snapshot = judged_snapshot()
    content = snapshot["content"]
    for key, title in {
        "a": "KẾT QUẢ THỰC HIỆN KẾ HOẠCH CHĂM SÓC SỨC KHỎE BÀ MẸ",
        "b": "KẾT QUẢ THỰC HIỆN KẾ HOẠCH CHĂM SÓC SỨC KHỎE TRẺ EM",
        "c": "a/b: [c]? *",
        "d": "Tóm tắt",
        "e": "",
    }.items():
        content["tables"][key] = table(key, title, [column("Tên", 9)], [row(["x"])])
    content["annexes"] = [{"label": "I", "tables": ["b", "lines"]}]
    content["plan"] = None
    book = opened(snapshot)
    assert book.sheetnames[8:] == [
        "Kết quả thực hiện kế hoạch chăm",
        "Kết quả thực hiện kế hoạch (2)",
        "a b c",
        "Tóm tắt (2)",
        "e",
        "Nguồn",
    ]
    assert all(len(name) <= LONGEST for name in book.sheetnames)
    assert list(sheet_names(content))[7] == "b"


def hostile_snapshot():
    """Each hostile text in every free text a sheet holds: cells, headings, titles, notes, head and source."""
    snapshot = judged_snapshot()
    content = snapshot["content"]
    content["tables"]["lines"]["rows"] += [row([str(n), text, text, text]) for n, text in enumerate(HOSTILE)]
    content["tables"]["lines"]["rows"] += [row([text], "group") for text in HOSTILE]
    for number_, text in enumerate(HOSTILE):
        key = f"t{number_:02}"
        content["tables"][key] = table(key, text, [column(text, 9)], [row([text])], note=text)
    content["plan"]["title"] = content["agency"]["name"] = HOSTILE[0]
    content["header"]["subject"] = content["boundaries"]["text"] = HOSTILE[1]
    return snapshot


def test_no_formula_arises_from_a_text_and_each_is_kept_as_typed():
    assert len(HOSTILE) == 60
    book = opened(hostile_snapshot())
    formulas = {
        cell.value for sheet in book for cells in sheet.iter_rows() for cell in cells if cell.data_type == "f"
    }
    assert all(re.match(r"=(SUM\([A-Z0-9:,]+\)|COUNTIF\('Chỉ tiêu'!)", found) for found in formulas)
    names = [cells[1].value for cells in book["Chỉ tiêu"].iter_rows(min_row=13, max_row=72)]
    # openpyxl reads no escapes; Excel and LibreOffice do.
    typed = [normalize("NFC", printable(text)) for text in HOSTILE]
    assert [name.replace("_x005F_", "_") for name in names] == typed
    assert book["Chỉ tiêu"]["B13"].quotePrefix


def test_a_text_that_begins_like_a_formula_once_unprintable_letters_are_gone_is_quoted():
    snapshot = small_snapshot()
    snapshot["content"]["tables"]["lines"]["rows"] = [row(["1", "\x01=1+1", number(1), "–"])]
    cell = opened(snapshot)["Chỉ tiêu"]["B5"]
    assert (cell.value, cell.data_type, cell.quotePrefix) == ("=1+1", "s", True)


@pytest.mark.parametrize(
    ("cell", "shown"),
    [
        (share_of(9_999, 10_000), '#,##0.00"%"'),
        (share_of(9_999, 10_000, 0), '#,##0.00"%"'),
        (share_of(1, 10_000), '#,##0.00"%"'),
        (share_of(1, 3), '#,##0.0"%"'),
        ({**number(95.25, 1), "text": "95,25"}, "#,##0.00"),
        ({**number(95, 1), "text": "95"}, "#,##0"),
        ({**number(99.9, 1), "text": "99.9"}, "#,##0.0"),
        (number(1_250), "#,##0"),
        ({**number(1_250), "text": "1250"}, "#,##0"),
        (number(-0.03, 1), "#,##0.0"),
        (number(0), "#,##0"),
    ],
)
def test_a_number_shows_what_the_document_prints_and_never_all_or_nothing_for_nearly(cell, shown):
    assert format_of(cell).partition(";")[0] == f"[$-42A]{shown}"


def test_no_row_is_higher_than_excel_knows():
    snapshot = small_snapshot()
    snapshot["content"]["tables"]["lines"]["rows"] = [row(["1", "rất dài " * 500, number(1), "–"])]
    assert opened(snapshot)["Chỉ tiêu"].row_dimensions[5].height == 409


def test_the_same_snapshot_gives_the_same_bytes_on_another_day(monkeypatch):
    first = render(judged_snapshot(), "xlsx")

    class Later(datetime):
        @classmethod
        def now(cls, tz=None):
            return datetime(2031, 2, 3, 4, 5, 6, tzinfo=tz)

    monkeypatch.setattr("time.time", lambda: datetime(2031, 2, 3).timestamp())
    monkeypatch.setattr("openpyxl.packaging.core.datetime.datetime", Later)
    monkeypatch.setattr("openpyxl.writer.excel.datetime.datetime", Later)
    shuffled = copy.deepcopy(judged_snapshot())
    # A database may give the keys back in another order.
    tables = shuffled["content"]["tables"]
    shuffled["content"]["tables"] = {key: tables[key] for key in sorted(tables, reverse=True)}
    assert hashlib.sha256(render(shuffled, "xlsx")).digest() == hashlib.sha256(first).digest()
    with zipfile.ZipFile(io.BytesIO(first)) as parts:
        assert {part.date_time for part in parts.infolist()} == {(2026, 1, 10, 8, 0, 0)}
        assert parts.read("docProps/core.xml").decode().count("2026-01-10T01:00:00Z") == 2


def as_csvs(folder, content):
    """Each sheet as LibreOffice reads it, by the sheet's name."""
    (folder / "a.xlsx").write_bytes(content)
    options = "csv:Text - txt - csv (StarCalc):59,34,76,1,,0,false,true,false,false,false,-1"
    command = ["soffice", "--headless", f"-env:UserInstallation={(folder / 'profile').as_uri()}",
               "--convert-to", options, "--outdir", str(folder), str(folder / "a.xlsx")]  # fmt: skip
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    return {path.stem.removeprefix("a-"): path.read_text("utf-8") for path in folder.glob("a-*.csv")}


@needs_office
@pytest.mark.parametrize("make", [charted_snapshot, hostile_snapshot])
def test_libreoffice_reads_every_sheet_and_shows_what_was_typed(make, tmp_path):
    snapshot = make()
    sheets = as_csvs(tmp_path, render(snapshot, "xlsx"))
    assert len(sheets) == len(opened(snapshot).sheetnames)
    for row_ in snapshot["content"]["tables"]["lines"]["rows"]:
        if row_["kind"] == "line" and row_["cells"][1].isprintable():
            typed = normalize("NFC", row_["cells"][1])
            assert typed.replace('"', '""') in sheets["Chỉ tiêu"], row_
    assert "Err:" not in "".join(sheets.values()) and "#NAME" not in "".join(sheets.values())


@needs_office
def test_libreoffice_reckons_the_same_totals(tmp_path, monkeypatch):
    stored = opened(judged_snapshot(), data_only=True)
    # Without the results every formula is reckoned on opening.
    monkeypatch.setattr(archive, "FORMULA", re.compile("(?!)"))
    bare = opened(judged_snapshot(), data_only=True)
    assert bare["Kinh phí"]["C7"].value is None
    sheets = as_csvs(tmp_path, render(judged_snapshot(), "xlsx"))
    assert ";Cộng;745880000;50\n" in sheets["Kinh phí"]
    counts = next(line for line in sheets["Tóm tắt"].split("\n") if line.startswith("Chỉ tiêu;"))
    assert counts.split(";")[:6] == [str(cell.value) for cell in stored["Tóm tắt"][6][:6]]
