"""Every number of three reports, walked down to the cells: the parts sum to it, exactly."""

from fractions import Fraction
from pathlib import Path

import pytest
from django.http import QueryDict

from facilities.models import Area
from facilities.periods import Month
from indicators.actions.catalogue import load_catalogue
from indicators.actions.generation import generate_figures
from indicators.actions.recompute import recompute_months
from indicators.definitions import load
from indicators.tracing import trace_cells
from plans.actions.agencies import load_agencies
from plans.actions.load import load_plans
from plans.models import Plan
from plans.presenters.origin import Asked, present_origin
from plans.standing import assess_lines
from plans.standing.sources import read_lines, result_key
from reporting.actions.reports import freeze, open_report
from reporting.content.cells import HIDDEN, exact_text
from reporting.content.periods import ReportPeriod
from reporting.presenters.numbers import commune_columns, commune_rows, frozen_rows, line_keys, number_rows
from tests.plans.pages import links, signed_in
from tests.world import make_cast, make_world

pytestmark = pytest.mark.django_db
DATA = Path(__file__).resolve().parents[2] / "plans" / "data"
FIRST, LAST = Month(2024, 1), Month(2026, 10)
# The province until June 2025, one of its districts, and the merged province: closed, closed, running.
REPORTS = (
    ("bac-giang-2024-2025", 2025, "year"),
    ("dien-bien-phu-2021-2025", 2025, "year"),
    ("bac-ninh-683-2026", 2026, "2026-10"),
)
OFFICIAL_CODES = {"A": "24", "B": "27", "M": "24", "a": "094"}


@pytest.fixture
def ground():
    """The small world under the codes that three of the five plans name, with figures of 34 months."""
    world = make_world()
    for letter, code in OFFICIAL_CODES.items():
        Area.objects.filter(pk=world.areas[letter].pk).update(code=code)
    load_catalogue(load())
    load_agencies()
    load_plans(paths=[DATA / f"{slug}.yaml" for slug, _year, _period in REPORTS])
    generate_figures(province=Area.objects.get(pk=world.areas["M"].pk), first=FIRST, last=LAST)
    recompute_months(FIRST, LAST)
    return world


def read(url):
    """What an address of the page "Số này từ đâu" asks for, as its view reads it."""
    path, _mark, query = url.partition("?")
    asked = QueryDict(query)
    plan = Plan.objects.select_related("area").get(slug=path.split("/")[2])
    line = next(line for line in read_lines(plan) if line.key == path.split("/")[4])
    line.plan = plan
    place = Area.objects.named(asked["place"]) if asked.get("place") else None
    month = Month.parse(asked["as_of"])
    return Asked.read(line, plan.area, month, of=asked.get("of", ""), month="", place=place)


def assert_sums(asked):
    """The children sum to the number, the cells of each child to what it brings, and so all cells to the number."""
    page = present_origin(asked)
    number = page.number
    if number.computed is None or number.is_inexact:
        return page
    expected = (number.numerator or 0, number.denominator or 0)
    if not page.rows:
        assert page.cells is None and expected == (0, 0)
        return page
    found = [Fraction(0), Fraction(0)]
    for row in page.rows:
        part = present_origin(asked, row.key)
        assert part.cells.matches, (asked, row.key)
        sums = [sum(values) for values in _cells_of(part)]
        assert sums == [part.part.amount.numerator, part.part.amount.denominator]
        found = [a + b for a, b in zip(found, sums, strict=True)]
    assert tuple(found) == expected, (asked.line.key, asked.line.indicator.code)
    assert page.matches
    return page


def is_summed(page):
    return page.number.computed is not None and not page.number.is_inexact


def _cells_of(page):
    traced = trace_cells(
        indicator=page.number.asked.line.indicator,
        group=result_key(page.number.asked.line)[1],
        weights=page.number.weights,
        parts=page.part.parts,
    )
    return (
        [cell.value * cell.numerator_weight for cell in traced.cells],
        [cell.value * cell.denominator_weight for cell in traced.cells],
    )


def test_the_parts_of_every_number_of_three_reports_sum_to_it(ground):
    walked = 0
    for slug, year, period in REPORTS:
        plan = Plan.objects.get(slug=slug)
        snapshot = freeze(report=open_report(plan=plan, period=ReportPeriod(year, period), by=None), by=None)
        rows = number_rows(snapshot)
        assert not any(row.has_changed for row in rows)
        frozen = {
            key: row["cells"][5]
            for key, row in zip(
                line_keys(snapshot.data["content"], read_lines(plan)),
                frozen_rows(snapshot.data["content"]),
                strict=True,
            )
        }
        states_change = {s.line.key for s in assess_lines(plan, year) if s.states_change}
        for row in rows:
            assert row.key
            for figure in row.figures:
                if figure.url:
                    page = assert_sums(read(figure.url))
                    walked += is_summed(page)
                    if (
                        figure is row.figures[1]
                        and row.key not in states_change
                        and page.number.value is not None
                        and frozen[row.key] != HIDDEN
                    ):
                        assert exact_text(page.number.value) == frozen[row.key]["value"]
        for column in commune_columns(snapshot):
            for row in commune_rows(snapshot, column.key):
                assert not row.has_changed
                for figure in row.figures:
                    if figure.url:
                        asked = read(figure.url)
                        page = assert_sums(asked)
                        assert page.matches and page.cells.matches
                        walked += is_summed(page)
    assert walked > 250
    assert_three_clicks_lead_to_a_cell(snapshot.report, make_cast(ground).leader)


def assert_three_clicks_lead_to_a_cell(report, reader):
    """Follow the addresses on the pages: the report's sentence → its number → a place → a cell's history."""
    client = signed_in(reader)
    origin = next(link for link in links(client.get(report.get_absolute_url()).text) if "/origin/" in link)
    place = next(link for link in links(client.get(origin).text) if link.startswith("?") and "part=" in link)
    cells = client.get(origin.partition("?")[0] + place).text
    history = next(link for link in links(cells) if "/history/" in link)
    assert client.get(history).status_code == 200
