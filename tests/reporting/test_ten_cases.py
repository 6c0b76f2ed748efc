"""The cases of domain/targets.md, end to end: typed into the form page, approved on the review page, drained,
then read off the scorecard page, the prepared report's snapshot, its PDF and its workbook."""

from __future__ import annotations

import io
import re
from dataclasses import dataclass
from html import unescape

import openpyxl
import pdfplumber
import pytest
from django.urls import reverse

from facilities.periods import Month
from indicators.actions.recompute import recompute_months
from indicators.models import DataValue, MonthlyResult
from plans.actions.editing import save_objective, save_plan
from plans.actions.lines import propose_meanings, save_line, set_target
from plans.models import Objective, Plan, PlanIndicator
from reporting.models import Report
from tests.factories import AgencyFactory
from tests.factories_indicators import FormFactory, IndicatorFactory, TermFactory, settle_duties
from tests.plans.pages import signed_in
from tests.world import Cast, World, make_cast, make_world

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.filterwarnings("ignore:No directory at"),
]
NAME = "Dòng thử"
JANUARY, DECEMBER = Month(2025, 1), Month(2025, 12)
# WeasyPrint and the workbook print a real minus sign.
MINUS = "−"
Typed = tuple[str, str, str, str]  # station, month, numerator, denominator ("" where the line is a count)


@dataclass(frozen=True)
class Measure:
    """How the indicator and the line are defined."""

    unit: str
    direction: str
    timing: str = "flow"
    factor: int = 100
    decimals: int = 1


@dataclass(frozen=True)
class Case:
    name: str
    measure: Measure
    target: str
    typed: tuple[Typed, ...]
    value: str
    compared: str
    verdict: str
    baseline: str = ""


SHARE = Measure("%", "higher")
EXACT_SHARE = Measure("%", "higher", decimals=2)
LOWER_SHARE = Measure("%", "lower")
RATIO = Measure("trên 100.000", "lower", factor=100_000, decimals=0)
COUNT = Measure("ca", "higher", timing="count", factor=1, decimals=0)
DEATHS = Measure("ca", "lower", timing="count", factor=1, decimals=0)
MERGED = (("T-b1", "2025-08", "10", ""), ("T-c1", "2025-08", "11", ""))
YEAR_OF_MONTHS = (
    ("T-a1", "2025-01", "10", "100"),
    *[("T-a1", f"2025-{month:02d}", "9", "10") for month in range(2, 13)],
)


def once(numerator: str, denominator: str = "") -> tuple[Typed, ...]:
    return (("T-a1", "2025-08", numerator, denominator),)


# fmt: off
CASES = [
    #    case                                   defined as   target  typed                    value    compared      verdict
    Case("an approved 0 of few deaths",         DEATHS,      "≤ 3",  once("0"),               "0",     f"{MINUS}3",   "đạt"),
    Case("an approved 0 of a share",            SHARE,       "90",   once("0", "50"),         "0,0",   "0,0%",        "không đạt"),
    Case("MMR 20 against < 30",                 RATIO,       "< 30", once("2", "10000"),      "20",    f"{MINUS}10",  "đạt"),
    Case("60 achieved of 90",                   COUNT,       "90",   once("60"),              "60",    "66,7%",       "không đạt"),
    Case("45 → 25 against 30, lower is better", LOWER_SHARE, "30",   once("25", "100"),       "25,0",  f"{MINUS}5,0", "đạt", "45"),
    Case("45 → 60 against 30, lower is better", LOWER_SHARE, "30",   once("60", "100"),       "60,0",  "+30,0",       "không đạt", "45"),
    Case("24.35 % against 90 %",                EXACT_SHARE, "90%",  once("2435", "10000"),   "24,35", "27,1%",       "không đạt"),
    Case("one child unit 9/10",                 SHARE,       "≥ 90", once("9", "10"),         "90,0",  "100,0%",      "đạt"),
    Case("a yearly percentage of 12 months",    SHARE,       "≥ 60", YEAR_OF_MONTHS,          "51,9",  "86,5%",       "không đạt"),
    Case("target 0, value 0",                   DEATHS,      "0",    once("0"),               "0",     "0",           "đạt"),
    Case("10 + 11 in two merged units",         COUNT,       "≥ 21", MERGED,                  "21",    "100,0%",      "đạt"),
]
# fmt: on


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_figure_typed_at_a_station_is_judged_right_wherever_it_is_read(
    case, django_capture_on_commit_callbacks
):
    world = make_world()
    cast = make_cast(world)
    line = define(case, world, cast)
    recompute_months(JANUARY, DECEMBER)
    with django_capture_on_commit_callbacks(execute=True):
        type_in(case, cast)
        approve_all(cast)

    report = prepare(line.plan, cast, django_capture_on_commit_callbacks)

    assert read_scorecard(line.plan, cast) == (with_unit(case.value, case.measure), case.verdict)
    expected = (case.value, case.compared, case.verdict)
    assert read_snapshot(report) == expected
    assert read_pdf(report, cast) == expected
    assert read_workbook(report, cast) == expected


def test_zero_is_stored_as_a_value_and_no_report_as_none(django_capture_on_commit_callbacks):
    world = make_world()
    cast = make_cast(world)
    line = define(CASES[0], world, cast)
    recompute_months(JANUARY, DECEMBER)
    before = read_scorecard(line.plan, cast)
    with django_capture_on_commit_callbacks(execute=True):
        type_in(CASES[0], cast)
        approve_all(cast)
    result = MonthlyResult.objects.get(area=world.areas["M"], month="2025-08-01")

    assert before == ("–", "chưa có số liệu")
    assert DataValue.objects.get().value == 0
    assert (result.numerator, result.reported) == (0, 1)
    assert read_scorecard(line.plan, cast) == ("0", "đạt")


def define(case: Case, world: World, cast: Cast) -> PlanIndicator:
    """Form, indicator, plan and line of the case; the plan through the actions of its planner."""
    measure, planner = case.measure, cast.planner
    is_share = measure.timing == "flow"
    FormFactory(code="X", cells=[("X.part", ""), *([("X.all", "")] if is_share else [])])
    settle_duties()
    indicator = IndicatorFactory(
        code="MEASURED", factor=measure.factor, timing=measure.timing, direction=measure.direction
    )
    TermFactory(indicator=indicator, element__code="X.part")
    if is_share:
        TermFactory(indicator=indicator, part="denominator", element__code="X.all")
    area = world.areas["M"]
    plan = Plan(
        slug="thu-2025",
        number="1/KH-SYT",
        title="Kế hoạch thử",
        short_title="Kế hoạch thử",
        area=area,
        issuer=AgencyFactory(area=area),
        start_year=2025,
        end_year=2025,
        baseline_year=2024,
    )
    save_plan(plan=plan, by=planner)
    objective = Objective(plan=plan, order=1, label="Mục tiêu 1", title="Thử")
    save_objective(objective=objective, by=planner)
    line = PlanIndicator(
        plan=plan,
        objective=objective,
        order=1,
        key="1.1",
        label="1",
        name=NAME,
        indicator=indicator,
        unit=measure.unit,
        direction=measure.direction,
        decimals=measure.decimals,
        has_baseline=bool(case.baseline),
        baseline_text=case.baseline,
    )
    save_line(line=line, by=planner)
    meanings = propose_meanings(line=line, year=2025, text=case.target)
    set_target(line=line, year=2025, text=case.target, meanings=meanings, by=planner)
    return line


def type_in(case: Case, cast: Cast) -> None:
    """Every figure of the case into its station's form page, submitted."""
    clerks = {"T-a1": cast.clerk, "T-c1": cast.neighbour, "T-b1": cast.neighbour}
    for station, month, numerator, denominator in case.typed:
        url = reverse("submissions:form", args=[station, "X", month])
        data = {"action": "submit", "version": 0, "v:X.part:": numerator}
        if denominator:
            data["v:X.all:"] = denominator
        answer = signed_in(clerks[station]).post(url, data)
        assert (answer.status_code, answer.url) == (302, reverse("submissions:due"))


def approve_all(cast: Cast) -> None:
    """Tick what the review page lists, and approve it."""
    client = signed_in(cast.reviewer)
    page = client.get(reverse("submissions:review")).text
    ticked = re.findall(r'name="submission" value="([^"]+)"', page)
    assert ticked
    client.post(reverse("submissions:approve"), {"submission": ticked, "sure": "1"})
    assert not re.search('name="submission"', client.get(reverse("submissions:review")).text)


def prepare(plan: Plan, cast: Cast, on_commit) -> Report:
    """Open the year's report on its page, freeze it, and have its files rendered."""
    client = signed_in(cast.planner)
    client.post(reverse("reports:prepare"), {"plan": plan.slug, "year": 2025, "period": "year"})
    report = Report.objects.get()
    with on_commit(execute=True):
        client.post(reverse("reports:freeze", args=[report.pk]), {"reason": ""})
    return report


def read_scorecard(plan: Plan, cast: Cast) -> tuple[str, str]:
    """Value and verdict in the line's row, as a leader reads them."""
    page = signed_in(cast.leader).get(reverse("plans:scorecard", args=[plan.slug])).text
    row = next(row for row in page.split("<tr")[1:] if NAME in row)
    value = re.search(r'<td class="num value"[^>]*>(?:<a [^>]*>)?([^<]*)<', row)[1]
    word = re.search(r'<span class="verdict [^>]*>([^<]*)<', row)[1]
    return unescape(value).strip(), unescape(word).strip()


def read_snapshot(report: Report) -> tuple[str, str, str]:
    table = report.snapshots.get().data["content"]["tables"]["lines"]
    cells = next(row["cells"] for row in table["rows"] if NAME in row["cells"])
    return judged([cell if isinstance(cell, str) else cell["text"] for cell in cells])


def read_pdf(report: Report, cast: Cast) -> tuple[str, str, str]:
    """The cells of the line in the annex, their wrapped rows joined again."""
    with pdfplumber.open(io.BytesIO(download(report, "pdf", cast))) as pdf:
        rows = [row for page in pdf.pages for table in page.extract_tables() for row in table]
    cells = next(row for row in rows if len(row) == 10 and (row[1] or "").startswith(NAME))
    return judged([(cell or "").replace("\n", " ") for cell in cells])


def read_workbook(report: Report, cast: Cast) -> tuple[str, str, str]:
    """The cells as Excel prints them: the number itself through its format's decimals, sign and suffix."""
    book = openpyxl.load_workbook(io.BytesIO(download(report, "xlsx", cast)))
    cells = next(row for row in book["Chỉ tiêu"].iter_rows() if row[1].value == NAME)
    # The numbers of the targets stand in a column of their own beside them.
    return judged([shown(cell) for cell in cells[:5] + cells[6:]])


def shown(cell) -> str:
    """Print a number as its format says: `[$-42A]"+"#,##0.0"%"` of 5 is +5,0%."""
    if not isinstance(cell.value, int | float):
        return cell.value or ""
    positive, _semicolon, negative = cell.number_format.partition(";")
    chosen = (positive if cell.value >= 0 else negative).partition("]")[2]
    digits = re.search(r"#,##0(?:\.(0+))?", chosen)
    printed = f"{abs(cell.value):.{len(digits[1] or '')}f}".replace(".", ",")
    return chosen.replace(digits[0], printed).replace('"', "")


def download(report: Report, name: str, cast: Cast) -> bytes:
    answer = signed_in(cast.leader).get(reverse("reports:file", args=[report.pk, name]))
    assert answer.status_code == 200
    return b"".join(answer.streaming_content)


def judged(cells: list[str]) -> tuple[str, str, str]:
    """Thực hiện, So với KH, Đánh giá of the ten columns; the verdict in small letters."""
    return cells[5], cells[6], cells[8].lower()


def with_unit(value: str, measure: Measure) -> str:
    return f"{value}%" if measure.unit == "%" else value
