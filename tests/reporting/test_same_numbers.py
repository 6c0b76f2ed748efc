"""Every number of a snapshot is the same in PDF, Word and Excel: each kind of report, each of the five plans."""

import copy
import io
import zipfile

import pytest
from openpyxl import load_workbook

from facilities.models import Area
from facilities.periods import Month
from indicators.actions.generation import generate_figures
from indicators.actions.recompute import recompute_months
from plans.models import Plan
from reporting.actions.opening import ReviewTooShort, SameBoundaries, Wanted, begin
from reporting.actions.reports import freeze
from reporting.checks import missing_libraries, serif_font
from reporting.content import BUILDERS
from reporting.content.periods import ReportPeriod
from reporting.models import Report
from reporting.renderers import render
from tests.factories_plans import make_result
from tests.reporting.cases import make_plan
from tests.reporting.five_plans import FIVE, load_five
from tests.reporting.kinds import MAKERS
from tests.reporting.reading_back import (
    differences_in_document,
    differences_in_workbook,
    read_docx,
    read_pdf,
)

pytestmark = pytest.mark.django_db
needs_pango = pytest.mark.skipif(
    bool(missing_libraries()) or serif_font() is None, reason="needs Pango and Tinos"
)
# The year of plans that are over, ten months of the others.
PLANS = [(slug, year, "year" if year == 2025 else f"{year}-10") for slug, year in FIVE.items()]
# How many reports can be made of each: two plans run over years, the areas of three are no more, and of these
# a district has nothing to be restated on.
MADE = {
    "bac-giang-2024-2025": 5,
    "dien-bien-phu-2021-2025": 3,
    "bac-ninh-1663-2025": 3,
    "bac-ninh-1999-2026-2030": 2,
    "bac-ninh-683-2026": 2,
}


def differences(snapshot, pdf, xlsx, docx=None):
    """By format what differs, and by format how many numbers were compared."""
    kind = snapshot["content"]["kind"]
    found = {
        "pdf": differences_in_document(
            snapshot, read_pdf(pdf, kind), drawn=bool(snapshot["content"].get("charts"))
        ),
        "xlsx": differences_in_workbook(snapshot, xlsx),
    }
    if docx:
        found["docx"] = differences_in_document(snapshot, read_docx(docx))
    return {name: wrong for name, (wrong, _n) in found.items()}, {name: n for name, (_w, n) in found.items()}


def rendered(data):
    names = FORMATS_OF.get(data["content"]["kind"], ("pdf", "docx", "xlsx"))
    return {name: render(data, name) for name in names}


# A commune's sheet has no text to be edited.
FORMATS_OF = {"sheets": ("pdf", "xlsx")}


def sheets_report(world):
    """A sheet for each commune of the plan's area, with figures of its own."""
    plan = make_plan(world)
    line = plan.lines.get(key="1.1")
    for number, letter in enumerate(("a1", "a2", "b1", "b2")):
        for month in range(1, 13):
            make_result(world.areas[letter], line.indicator, f"2025-{month:02d}", 81 + number, 100 + month)
    return begin(wanted=Wanted(kind="sheets", period=ReportPeriod(2025, "year"), plan=plan), by=None)


ALL_MAKERS = {**MAKERS, "sheets": sheets_report}
# "restated" is no kind of its own.
MADE_NOW = [name for name in ALL_MAKERS if name in BUILDERS or name not in Report.Kind.values]


def test_every_kind_of_report_has_a_maker_to_be_compared_with():
    """A new kind: add how one is made to tests/reporting/kinds.py."""
    assert set(BUILDERS) <= set(ALL_MAKERS)


@needs_pango
@pytest.mark.parametrize("kind", MADE_NOW)
def test_each_kind_says_the_same_in_all_formats(kind, world):
    report = ALL_MAKERS[kind](world)
    report.narrative = {"direction": "Đã tổ chức 12 lớp.\nKinh phí 1.250,5 triệu đồng.", "next": "Đạt 97,5%."}
    report.additions = {"overall": "Trong đó 3 xã, đạt −0,5%."}
    report.save()
    data = freeze(report=report, by=None).data
    wrong, compared = differences(data, **rendered(data))
    assert not any(wrong.values()), wrong
    assert all(count > 10 for count in compared.values()), compared


@needs_pango
@pytest.mark.parametrize(("slug", "year", "period"), PLANS, ids=[slug for slug, _year, _period in PLANS])
def test_the_five_plans_say_the_same_in_all_formats(slug, year, period):
    world = load_five([slug])
    first, last = Month(year, 1), Month(year, 10)
    generate_figures(province=Area.objects.get(pk=world.areas["M"].pk), first=first, last=last)
    recompute_months(first, last)
    kinds = []
    for report in reports_on(Plan.objects.get(slug=slug), ReportPeriod(year, period)):
        data = freeze(report=report, by=None).data
        wrong, compared = differences(data, **rendered(data))
        assert not any(wrong.values()), (report, wrong)
        assert all(count > 60 for count in compared.values()), (report, compared)
        kinds.append((report.kind, report.boundaries))
    assert ("plan", "own") in kinds and ("combined", "own") in kinds
    assert len(kinds) == MADE[slug]


def reports_on(plan, period):
    """A report of each kind that can be made of the plan, also restated on today's boundaries."""
    restated = {"boundaries": "today"}
    asked = (
        Wanted(kind="plan", period=period, plan=plan),
        Wanted(kind="plan", period=period, plan=plan, **restated),
        Wanted(kind="review", period=period, plan=plan, start_year=plan.start_year),
        Wanted(kind="review", period=period, plan=plan, start_year=plan.start_year, **restated),
        Wanted(kind="combined", period=period, agency=plan.issuer),
    )
    for wanted in asked:
        try:
            yield begin(wanted=wanted, by=None)
        except (ReviewTooShort, SameBoundaries):
            continue


def spoiled_docx(content, old, new):
    """The file with one text changed once."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as parts, zipfile.ZipFile(stream, "w") as archive:
        for name in parts.namelist():
            data = parts.read(name)
            if name == "word/document.xml":
                assert old.encode() in data
                data = data.replace(old.encode(), new.encode(), 1)
            archive.writestr(name, data)
    return stream.getvalue()


def spoiled_xlsx(content, sheet, cell, value=None, number_format=None):
    book = load_workbook(io.BytesIO(content), data_only=True)
    if value is not None:
        book[sheet][cell].value = value
    if number_format:
        book[sheet][cell].number_format = number_format
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


@needs_pango
def test_one_wrong_digit_anywhere_is_found(world):
    data = freeze(report=MAKERS["plan"](world), by=None).data
    files, other = rendered(data), copy.deepcopy(data)
    cell = next(
        c for r in other["content"]["tables"]["lines"]["rows"] for c in r["cells"] if isinstance(c, dict)
    )
    old = cell["text"]
    cell["text"] = old[:-1] + ("1" if old[-1] != "1" else "2")
    wrong, _n = differences(data, **{**files, "pdf": render(other, "pdf"), "docx": render(other, "docx")})
    assert [len(wrong[name]) for name in ("pdf", "docx", "xlsx")] == [1, 1, 0]
    other = copy.deepcopy(data)
    block = next(b for s in other["content"]["sections"] for b in s["blocks"] if b["kind"] == "item")
    block["text"] = block["text"].replace("95", "96", 1)
    wrong, _n = differences(data, **{**files, "pdf": render(other, "pdf")})
    assert len(wrong["pdf"]) == 1 and wrong["pdf"][0].startswith("prose at ")
    fewer = spoiled_docx(files["docx"], ">95,0<", "><")
    swapped = spoiled_docx(files["docx"], "1.140/1.200", "1.200/1.140")
    for spoiled in (fewer, swapped):
        assert differences_in_document(data, read_docx(spoiled))[0]
    row = 1 + next(n for n, cells in enumerate(load_workbook(io.BytesIO(files["xlsx"]))["Chỉ tiêu"].values)
                   if cells[1] == "Tỷ lệ khám thai")  # fmt: skip
    for change in ({"value": 95.5}, {"value": "95,0"}, {"number_format": "#,##0.00"}):
        spoiled = spoiled_xlsx(files["xlsx"], "Chỉ tiêu", f"G{row}", **change)
        assert len(differences_in_workbook(data, spoiled)[0]) == 1, change
