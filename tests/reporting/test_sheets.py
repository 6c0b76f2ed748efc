"""Every commune's own sheet: what it reached of each line, what it is held to, what is hidden, one file or many."""

import io
import zipfile
from datetime import date
from decimal import Decimal

import pdfplumber
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from facilities.periods import Month
from indicators.models import ComputedMonth, MonthlyResult
from indicators.reading import communes_at
from plans.standing.sources import lines_of
from reporting.actions import files
from reporting.actions.files import progress_of, render_to_file
from reporting.actions.reports import freeze
from reporting.content import build_content
from reporting.content.canonical import canonical_json
from reporting.content.cells import text_of
from reporting.models import Report, ReportFile
from reporting.renderers import FormatNotOffered, offered, render
from reporting.renderers.zip import file_name
from tests.factories import REFORM, AreaFactory, settle_places
from tests.factories_plans import make_result
from tests.indicators.sensitive import deaths_indicator, report_deaths, roll_up
from tests.plans.shares import publish
from tests.reporting.cases import make_plan
from tests.reporting.test_content import with_deaths
from tests.reporting.test_renderers import needs_pango
from tests.world import make_cast

pytestmark = pytest.mark.django_db
TODAY = date(2026, 2, 10)


def sheets_of(plan, code="year", today=TODAY):
    return build_content(Report(kind="sheets", plan=plan, year=2025, period=code), today=today)


def with_figures(world, letter="A", counts=range(80, 100)):
    """The plan, and each commune of its area with so many of a hundred a month."""
    plan = make_plan(world, letter)
    line = plan.lines.get(key="1.1")
    for commune, count in zip(communes_of(world, letter), counts, strict=False):
        for month in range(1, 13):
            make_result(commune, line.indicator, f"2025-{month:02d}", count, 100)
    return plan


def communes_of(world, letter):
    return list(
        communes_at(world.areas[letter], Month(2025, 12)).order_by("parent__code", "folded_name", "code")
    )


def rows_of(content, title):
    one = next(one for one in content["tables"].values() if one["title"].startswith(title))
    return [[text_of(cell) for cell in row["cells"]] for row in one["rows"] if row["kind"] != "group"]


def snapshot_of(content):
    return {
        "format": 2, "revision": 1, "frozen_at": "2026-02-10T08:00:00+07:00", "computed_at": None,
        "dateline": "", "content": content,
    }  # fmt: skip


def test_each_commune_has_its_lines_with_counts_benchmark_and_months(world):
    content = sheets_of(with_figures(world))
    titles = [table["title"] for table in content["tables"].values()]
    assert titles == ["Xã a1, huyện a", "Xã a2, huyện a", "Xã b1, huyện b", "Xã b2, huyện b"]
    assert [annex["tables"] for annex in content["annexes"]] == [[key] for key in content["tables"]]
    assert rows_of(content, "Xã a1") == [
        ["1", "Tỷ lệ khám thai", "%", "80,0", "960", "1.200", "–", "90,0", "Thấp hơn mốc 10,0 điểm %", "100%"]
        + ["80,0"] * 12
    ]


@pytest.mark.parametrize(
    ("letter", "titles", "boundaries"),
    [
        ("A", ["Xã a1, huyện a", "Xã a2, huyện a", "Xã b1, huyện b", "Xã b2, huyện b"], "đến ngày 30/6/2025 của tỉnh A"),
        ("M", ["Phường x", "Xã y", "Xã z"], "tỉnh M từ ngày 01/7/2025"),
    ],
)  # fmt: skip
def test_the_communes_of_an_abolished_province_are_the_old_ones(world, letter, titles, boundaries):
    content = sheets_of(with_figures(world, letter))
    assert [table["title"] for table in content["tables"].values()] == titles
    assert f"theo ranh giới hành chính {boundaries}" in content["opening"]


@pytest.mark.parametrize(
    ("letter", "code", "title", "told"),
    [
        ("M", "h1", "Phường x", ["300,0", "60", "200", "300,0"]),
        ("M", "year", "Phường x", ["300,0", "120", "400", "300,0"]),
        ("A", "year", "Xã a1", ["200,0", "40", "200", "200,0"]),
    ],
)
def test_months_on_the_other_side_of_a_merger_are_in_its_sheets(world, letter, code, title, told):
    """What stations reported in March and October, rolled up: the new commune has the first half, the old the second."""
    plan, indicator = make_plan(world, letter), deaths_indicator()
    plan.lines.filter(key="1.1").update(indicator=indicator)
    for month in ("2025-03", "2025-10"):
        report_deaths(world, indicator, month, {"T-a1": 20, "T-a2": 40, "T-b1": 30, "T-b2": 30})
        roll_up(month)
    [row] = rows_of(sheets_of(plan, code), title)
    assert [*row[3:6], row[12]] == told


def test_a_target_given_to_the_commune_judges_it_and_the_provinces_does_not(world):
    plan = with_figures(world)
    cast = make_cast(world)
    line = lines_of(plan).get(key="1.1")
    given = {one.pk: Decimal(81) for one in communes_of(world, "A")}
    publish(None, given, line=line, by=cast.planner, reason="Thử")
    assert [row[6:9] for row in rows_of(sheets_of(plan), "Xã a1")] == [["81,0", "–", "Không đạt"]]


def test_what_is_missing_is_said(world):
    plan = with_figures(world)
    MonthlyResult.objects.filter(area=world.areas["a1"], month="2025-03-01").update(reported=0)
    content = sheets_of(plan)
    notes = {table["title"]: table["note"] for table in content["tables"].values()}
    assert notes["Xã a1, huyện a"] == (
        "Đã có 11/12 số liệu cơ sở–tháng phải có (91,7%). Còn thiếu báo cáo của tháng 3/2025."
    )
    assert "Không thiếu báo cáo nào." in notes["Xã a2, huyện a"]


def test_small_counts_are_hidden_in_every_cell_with_what_gives_them_away(world):
    content = sheets_of(with_deaths(world, {"T-a1": 2, "T-a2": 9, "T-b1": 0, "T-b2": 7}))
    told = {
        letter: next(row for row in rows_of(content, f"Xã {letter}") if row[1] == "Tử vong")
        for letter in ("a1", "a2", "b1", "b2")
    }
    assert {letter: row[3:5] for letter, row in told.items()} == {
        "a1": ["ẩn", "ẩn"], "a2": ["ẩn", "ẩn"], "b1": ["ẩn", "ẩn"], "b2": ["70,0", "7"],
    }  # fmt: skip
    assert set(told["a1"][10:]) == {"ẩn"} and told["a1"][5] == "100" and told["a1"][8] == "–"
    assert all("được ẩn để không lộ" in table["note"] for table in list(content["tables"].values())[:3])
    text = canonical_json(content).decode()
    assert "20,0" not in text and '"value":"20"' not in text and '"value":"2"' not in text


def test_a_month_hidden_within_a_year_that_is_not_is_explained_too(world):
    plan = with_deaths(world, {"T-a1": 2, "T-a2": 2, "T-b1": 2, "T-b2": 2})
    deaths = plan.lines.get(key="1.9").indicator
    report_deaths(world, deaths, "2025-02", {"T-a1": 8, "T-a2": 8, "T-b1": 8, "T-b2": 8})
    roll_up("2025-02")
    content = sheets_of(plan, "2025-03")
    told = next(row for row in rows_of(content, "Xã a1") if row[1] == "Tử vong")
    assert (told[3], told[10], told[12]) == ("50,0", "ẩn", "–")
    assert "được ẩn để không lộ" in next(iter(content["tables"].values()))["note"]


def test_a_sheet_that_lacks_reports_of_hidden_months_does_not_say_that_none_is_missing(world):
    plan = with_deaths(world, {"T-a1": 2, "T-a2": 9, "T-b1": 0, "T-b2": 7})
    MonthlyResult.objects.filter(area=world.areas["a1"], month="2025-01-01").update(expected=2)
    note = next(iter(sheets_of(plan)["tables"].values()))["note"]
    assert "Đã có 1/2 số liệu" in note and "Không thiếu" not in note


def test_it_costs_the_same_for_3_and_12_communes(world):
    plan = with_figures(world, "M")
    costs = []
    for more in (0, 9):
        for number in range(more):
            commune = AreaFactory(
                parent=world.areas["M"], valid_from=REFORM, code=f"n{number}", name=f"Xã n{number}"
            )
            settle_places()
            make_result(commune, plan.lines.get(key="1.1").indicator, "2025-12", 90, 100)
        with CaptureQueriesContext(connection) as queries:
            content = sheets_of(plan)
        costs.append((len(content["tables"]), len(queries)))
    assert [count for count, _queries in costs] == [3, 12]
    assert costs[0][1] == costs[1][1] <= 25, costs


@needs_pango
def test_in_one_pdf_every_sheet_begins_a_page_and_counts_its_own(world):
    content = sheets_of(with_figures(world))
    [table, *_others] = content["tables"].values()
    table["rows"] *= 60
    data = snapshot_of(content)
    seen = []
    first = render(data, "pdf", seen.append)
    assert render(data, "pdf") == first and seen == [25, 50, 75, 100]
    with pdfplumber.open(io.BytesIO(first)) as pdf:
        pages = [page.extract_text() for page in pdf.pages]
        assert pdf.metadata["Author"] == "Sở Y tế tỉnh M"
    starts = [number for number, text in enumerate(pages) if "huyện " in text.split("\n")[2]]
    assert len(starts) == 4 and starts[1] == len(pages) - 3 > 1
    assert pages[1].startswith(f"2/{starts[1]}") and "Xã b2, huyện b" in pages[-1]
    assert sum("/" in text.split("\n")[0] and text[0].isdigit() for text in pages) == starts[1] - 1


@needs_pango
def test_the_zip_holds_a_pdf_a_commune_under_its_name(world):
    data = snapshot_of(sheets_of(with_figures(world)))
    content = render(data, "zip")
    assert content == render(data, "zip")
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert archive.namelist() == [
            "001 Xã a1, huyện a.pdf", "002 Xã a2, huyện a.pdf", "003 Xã b1, huyện b.pdf", "004 Xã b2, huyện b.pdf",
        ]  # fmt: skip
        with pdfplumber.open(io.BytesIO(archive.read("002 Xã a2, huyện a.pdf"))) as pdf:
            assert "Xã a2" in pdf.pages[0].extract_text() and "81,0" in pdf.pages[0].extract_text()


def test_a_name_of_a_file_is_one_everywhere():
    assert file_name(7, 'Xã "A/B": ..\\ c.') == "007 Xã A B .. c.pdf"
    assert len(file_name(7, "x" * 300)) < 100


@needs_pango
def test_a_plan_without_figures_has_one_page_that_says_so(world):
    plan = make_plan(world)
    ComputedMonth.objects.all().delete()
    MonthlyResult.objects.all().delete()
    content = sheets_of(plan)
    assert content["tables"] == {} and content["closing"] == "Chưa có số liệu năm 2025 của xã, phường nào"
    with pdfplumber.open(io.BytesIO(render(snapshot_of(content), "pdf"))) as pdf:
        assert ["Chưa có số liệu" in page.extract_text() for page in pdf.pages] == [True]


def test_sheets_are_offered_as_pdf_excel_and_zip_other_kinds_as_a_text_to_edit():
    assert (list(offered("sheets")), list(offered("plan"))) == (
        ["pdf", "xlsx", "zip"],
        ["pdf", "xlsx", "docx"],
    )
    with pytest.raises(FormatNotOffered, match="pdf, xlsx, zip"):
        render({"content": {"kind": "sheets"}}, "docx")


def test_how_far_it_is_is_told_once_a_second_and_only_while_somebody_waits(world, monkeypatch):
    report = Report.objects.create(kind="sheets", plan=with_figures(world), year=2025, period="year")
    file = ReportFile.objects.create(snapshot=freeze(report=report, by=None), format="zip")
    clock = iter([0.0, 0.5, 1.0, 1.0, 1.9, 2.1, 2.1, 9.9, 9.9])
    monkeypatch.setattr(files.time, "monotonic", lambda: next(clock))
    tell, seen = progress_of(file), []
    for percent in (10, 20, 30, 40):
        tell(percent)
        file.refresh_from_db()
        seen.append(file.progress)
    assert seen == [0, 20, 20, 40]
    ReportFile.objects.filter(pk=file.pk).update(status="failed")
    tell(99)
    file.refresh_from_db()
    assert file.progress == 40


@needs_pango
def test_the_page_says_how_far_a_file_is_and_hands_out_the_zip(client, world, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    report = Report.objects.create(kind="sheets", plan=with_figures(world, "M"), year=2025, period="year")
    file = ReportFile.objects.create(snapshot=freeze(report=report, by=None), format="zip", progress=45)
    client.force_login(make_cast(world).planner)
    assert "đã dựng 45%" in client.get(report.get_absolute_url()).text
    assert render_to_file(file_id=file.pk).status == "done"
    page = client.get(report.get_absolute_url())
    assert "đã dựng" not in page.text
    answer = client.get(reverse("reports:snapshot-file", args=[report.pk, 1, "zip"]))
    assert answer["Content-Type"] == "application/zip"
    assert zipfile.is_zipfile(io.BytesIO(b"".join(answer.streaming_content)))
