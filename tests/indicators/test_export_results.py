"""`export_results` says what is stored: as it was, restated, exact or not."""

from __future__ import annotations

import csv
import io
from datetime import date
from fractions import Fraction

import pytest
from django.core.management import CommandError, call_command

from facilities.models import Area, Contribution
from facilities.periods import Month
from indicators.actions.recompute import recompute_months
from tests.indicators import worlds

pytestmark = pytest.mark.django_db


def export(*arguments: str) -> list[dict[str, str]]:
    out = io.StringIO()
    call_command("export_results", *arguments, stdout=out)
    return list(csv.DictReader(io.StringIO(out.getvalue())))


@pytest.fixture
def world():
    built = worlds.build(11)
    recompute_months(Month(2024, 11), Month(2025, 2))
    return built


def expected_rows(areas: set[str], months: list[date]) -> dict:
    return {
        (area, indicator, group, f"{month:%Y-%m}"): sums
        for (area, indicator, group, month), sums in worlds.oracle(months).items()
        if area in areas
    }


def check(rows: list[dict[str, str]], expected: dict) -> None:
    assert {(r["area"], r["indicator"], r["group"], r["period"]) for r in rows} == set(expected)
    for row in rows:
        sums = expected[row["area"], row["indicator"], row["group"], row["period"]]
        exactness = "none" if sums["unknown"] else "estimate" if sums["estimated"] else "exact"
        assert (row["exactness"], int(row["reported"]), int(row["expected"])) == (
            exactness,
            sums["reported"],
            sums["expected"],
        )
        if exactness == "none" or not sums["reported"]:
            assert (row["numerator"], row["denominator"], row["value"]) == ("", "", "")
        else:
            assert Fraction(row["numerator"]) == sums["n"]
            assert row["denominator"] == "" or Fraction(row["denominator"]) == sums["d"]


def test_as_it_was_gives_each_area_its_own_months(world):
    rows = export("--from", "2024-11", "--to", "2025-02")
    before = expected_rows({"A1", "A3"}, worlds.MONTHS[:2])
    after = expected_rows({"A0", "A2", "A4"}, worlds.MONTHS[2:])
    check(rows, before | after)


def test_restated_gives_the_areas_of_a_day_every_month(world):
    rows = export("--from", "2024-11", "--to", "2025-02", "--boundaries", "2024-12-31")
    check(rows, expected_rows({"A1", "A3"}, worlds.MONTHS))


def test_filters_narrow_the_rows(world):
    rows = export(
        "--from",
        "2024-11",
        "--to",
        "2024-11",
        "--indicator",
        "RATIO",
        "--area",
        "A1@2021-01-01",
        "--level",
        "commune",
    )
    assert {(r["area"], r["indicator"]) for r in rows} <= {("A1", "RATIO")}


def test_counts_of_units_do_not_restate(world):
    Contribution.objects.update(share=Contribution.WHOLE)
    recompute_months(Month(2024, 11), Month(2025, 2))
    rows = export(
        "--from", "2025-01", "--to", "2025-02", "--boundaries", "2024-12-31", "--indicator", "UNITS", "RATIO"
    )
    assert {r["exactness"] for r in rows if r["indicator"] == "UNITS"} == {"none"}
    assert {r["exactness"] for r in rows if r["indicator"] == "RATIO"} == {"exact"}


@pytest.mark.parametrize(
    "arguments",
    [
        ("--from", "2024-13", "--to", "2025-01"),
        ("--from", "2025-02", "--to", "2025-01"),
        ("--from", "2025-01", "--to", "2025-02", "--boundaries", "2025"),
        ("--from", "2025-01", "--to", "2025-02", "--area", "XX"),
        ("--from", "2025-01", "--to", "2025-02", "--indicator", "XX"),
    ],
)
def test_bad_arguments_are_one_clear_line(world, arguments):
    with pytest.raises(CommandError) as raised:
        export(*arguments)
    assert "\n" not in str(raised.value)
    assert Area.objects.count() == 5


def test_a_reader_that_stops_ends_the_command_without_a_traceback(world):
    class Closed(io.StringIO):
        def write(self, text: str) -> int:
            raise BrokenPipeError

    with pytest.raises(SystemExit):
        call_command("export_results", "--from", "2024-11", "--to", "2025-02", stdout=Closed())
