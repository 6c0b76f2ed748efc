"""Slips of the hand, each kind in both languages; and what holds for any figures at all."""

from __future__ import annotations

import json
import random
from datetime import date

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from indicators import definitions
from indicators.expressions import cell_text
from indicators.models import Rule
from indicators.plausible import Station, station_month
from indicators.presenters.check_rules import rules_json
from indicators.sheet_check import check_sheet, periods_before
from indicators.usual import bounds, deviation, usual_of

CATALOGUE = definitions.load()
SLIPS = [rule for rule in CATALOGUE.rules if rule.kind != "relation"]
# A section like the ministry's: figures of one month, and the same about twelve times before.
COLUMNS = ["7", "8a", "8b", "8c", "9a", "10"]
LEVELS = [43, 0, 12, 41, 25, 300]
WOBBLE = [0, 3, -2, 1, -4, 2, 5, -1, 0, -3, 4, 2]
PERIODS = periods_before("2026-10", 12)
PAST = {
    period: {f"B.{c}": max(0, level + wobble) if level > 5 else 0 for c, level in zip(COLUMNS, LEVELS, strict=True)}
    for period, wobble in zip(PERIODS, WOBBLE, strict=True)
}  # fmt: skip
NOW = {f"B.{column}": level for column, level in zip(COLUMNS, LEVELS, strict=True)}


def rules():
    stored = [
        Rule(
            code=rule.code, kind=rule.kind, form_code=rule.form, parameters=rule.parameters,
            scope=rule.scope, message=rule.message, message_en=rule.message_en,
        )
        for rule in SLIPS
    ]  # fmt: skip
    return rules_json(stored, "B", date(2026, 10, 1))


def package(past=PAST, columns=COLUMNS, text="2026-10"):
    rows = [{"cell": f"B.{column}", "column": column} for column in columns]
    return {
        "rules": rules(),
        "sections": [{"id": 1, "rows": rows}],
        "past": past,
        "period": {"text": text},
        "form": {"yearly": len(text) == 4},
    }


def found(values, **more):
    return [(one["code"], one["cells"]) for one in check_sheet(package(**more), values)]


def moved(values):
    return dict(zip(NOW, values, strict=True))


def test_a_month_like_the_others_is_left_in_peace():
    assert found(NOW) == []


@pytest.mark.parametrize(
    ("values", "code", "cells"),
    [
        (NOW | {"B.7": 430}, "slip-digit-more:B.7", ["B.7"]),
        (NOW | {"B.7": 4443}, "slip-digit-more:B.7", ["B.7"]),
        (NOW | {"B.10": 30}, "slip-digit-less:B.10", ["B.10"]),
        (NOW | {"B.9a": 0}, "slip-sudden-zero:B.9a", ["B.9a"]),
        (NOW | {"B.10": 700}, "slip-range:B.10", ["B.10"]),
        (NOW | {"B.9a": 62}, "slip-range:B.9a", ["B.9a"]),
        (NOW | {"B.9a": 300, "B.10": 25}, "slip-swapped:B.9a", ["B.9a", "B.10"]),
        (moved([43, None, 0, 12, 41, 25]), "slip-shifted-down:B.8b", ["B.8b", "B.8c", "B.9a", "B.10"]),
        (moved([43, 12, 41, 25, 300, None]), "slip-shifted-up:B.8a", ["B.8a", "B.8b", "B.8c", "B.9a"]),
    ],
)
def test_a_slip_is_named_and_its_cells_with_it(values, code, cells):
    assert found(values)[-1:] == [(code, cells)]


@pytest.mark.parametrize(
    ("language", "values", "message"),
    [
        ("vi", {"B.7": 4300}, "Cột 7 (4.300) lớn hơn nhiều lần số thường thấy của cơ sở (43,5). Có thể gõ thừa chữ số, đúng ra là 43."),
        ("en", {"B.7": 4300}, "Column 7 (4.300) is many times what this facility usually reports (43,5). A digit may be one too many: 43 may be meant."),
        ("vi", {"B.10": 30}, "Cột 10 (30) nhỏ hơn nhiều lần số thường thấy của cơ sở (300,5). Có thể gõ thiếu chữ số."),
        ("en", {"B.9a": 0}, "Column 9a is 0, but no earlier period of this facility was (usually 25,5)."),
        ("vi", {"B.9a": 0}, "Cột 9a ghi 0, nhưng các kỳ trước của cơ sở chưa kỳ nào bằng 0 (thường 25,5)."),
        ("vi", {"B.9a": 300, "B.10": 25}, "Cột 9a (300) và cột 10 (25) có thể đổi chỗ cho nhau: các kỳ trước thường là 25,5 và 300,5."),
        ("en", {"B.9a": 300, "B.10": 25}, "Column 9a (300) and column 10 (25) may have been exchanged: in earlier periods they are usually 25,5 and 300,5."),
        ("vi", moved([43, None, 0, 12, 41, 25]), "Từ cột 8b đến cột 10 (4 ô), các số giống số thường thấy của dòng ngay trên hơn của chính dòng đó."),
        ("en", moved([43, 12, 41, 25, 300, None]), "From column 8a to column 9a (4 cells) the figures look like those usual for the row below rather than for their own."),
    ],
)  # fmt: skip
def test_a_slip_says_what_why_and_what_to_do(language, values, message):
    with translation.override(language):
        messages = [one["message"] for one in check_sheet(package(), NOW | values)]
    assert [text for text in messages if text.startswith(message)], messages


def test_a_cell_is_told_one_slip_only():
    for values in (NOW | {"B.10": 0}, NOW | {"B.7": 430, "B.8c": 0}, moved([None, 43, 0, 12, 41, 25])):
        cells = [cell for _code, cells in found(values) for cell in cells]
        assert len(cells) == len(set(cells))


@pytest.mark.parametrize("value", [None, "NA"])
def test_a_blank_and_no_data_are_no_slip(value):
    assert found(NOW | {"B.9a": value}) == []


def test_a_month_in_which_nothing_happened_was_not_shifted():
    assert not [code for code, _cells in found(dict.fromkeys(NOW, 0)) if "shifted" in code]


def test_blanks_and_no_data_of_the_past_say_nothing():
    gaps = {
        period: (cells | {"B.7": "NA"} if n % 2 else {}) for n, (period, cells) in enumerate(PAST.items())
    }
    assert found(NOW | {"B.7": 430}, past=gaps) == []


def test_only_the_twelve_periods_before_are_looked_at():
    old = {period: {"B.7": 40} for period in periods_before("2025-10", 12)}
    later = {"2026-10": {"B.7": 40}, "2026-11": {"B.7": 40}}
    assert found(NOW | {"B.7": 430}, past=old | later) == []


def test_one_slip_that_went_through_does_not_hide_the_next():
    past = PAST | {PERIODS[3]: PAST[PERIODS[3]] | {"B.7": 430}}
    assert found(NOW | {"B.7": 450}, past=past) == [("slip-digit-more:B.7", ["B.7"])]


def test_campaigns_that_come_back_are_no_slip():
    past = {period: {"B.7": 60 if n in (2, 5, 8) else 0} for n, period in enumerate(PERIODS)}
    assert found({"B.7": 62}, past=past, columns=["7"]) == []


def test_a_yearly_form_is_held_to_the_years_before():
    past = {"2025": {"B.7": 36_120}, "2024": {"B.7": 35_800}}
    assert found({"B.7": 365_010}, past=past, columns=["7"], text="2026") == [
        ("slip-digit-more:B.7", ["B.7"])
    ]
    assert found({"B.7": 36_500}, past=past, columns=["7"], text="2026") == []


@pytest.mark.parametrize(
    ("text", "number", "expected"),
    [("2026-02", 3, ["2026-01", "2025-12", "2025-11"]), ("2026", 2, ["2025", "2024"])],
)
def test_the_periods_before_cross_the_year(text, number, expected):
    assert periods_before(text, number) == expected


counts = st.one_of(st.none(), st.just("NA"), st.integers(0, 60), st.integers(0, 10**12))
sheets = st.fixed_dictionaries({f"B.{column}": counts for column in COLUMNS})


@given(values=sheets, past=st.dictionaries(st.sampled_from(PERIODS), sheets, max_size=12))
def test_any_figures_give_findings_that_hold_together(values, past):
    findings = check_sheet(package(past=past), values)
    cells = [cell for one in findings for cell in one["cells"]]
    assert len(cells) == len(set(cells)) and all(isinstance(values[cell], int) for cell in cells)
    assert len({one["code"] for one in findings}) == len(findings)
    assert not any("{" in one["message"] for one in findings)
    json.dumps(findings, allow_nan=False)


@given(st.lists(st.integers(0, 10**12), min_size=1, max_size=12), st.floats(0, 1), st.floats(0.5, 6))
def test_what_is_usual_lies_within_its_own_bounds_and_grows_with_the_value(past, overdispersion, most):
    usual = usual_of(past)
    low, high = bounds(usual, overdispersion, most)
    assert 0 <= low <= usual.median + 1 and high >= usual.median - 1
    assert deviation(usual.median, usual, overdispersion) == 0
    assert deviation(usual.median + 1, usual, overdispersion) > 0


@given(st.integers(20, 10**6), st.integers(2, 1000))
def test_the_larger_the_station_the_less_room_its_figures_have(level, times):
    small, large = usual_of([level] * 12), usual_of([level * times] * 12)
    (_low, one), (_, other) = bounds(small, 0.12, 3), bounds(large, 0.12, 3)
    assert other / (level * times) <= one / level + 1 / level


def test_generated_months_are_nearly_all_left_in_peace_and_tenfold_figures_are_not():
    rng, flagged, cells, caught, tried = random.Random(5), 0, 0, 0, 0
    sections = [
        section
        for form in CATALOGUE.forms
        if form.code in {"B4", "B7", "BS"} and form.valid_from.year != 2025
        for section in form.sections
    ]
    rows = [[{"cell": cell_text(i.cell), "column": i.column} for i in section.items] for section in sections]
    for number in range(12):
        station = Station(f"s{number}", 3, rng.uniform(6000, 40000), 0.03, highland=False, urban=False)
        months = {text: month(station, text) for text in ["2026-10", *PERIODS]}
        pkg = package(past=months) | {"sections": [{"id": 1, "rows": each} for each in rows]}
        flagged += sum(len(one["cells"]) for one in check_sheet(pkg, months["2026-10"]))
        for row in (row for each in rows for row in each):
            cells += 1
            count = months["2026-10"][row["cell"]]
            if usual_of([months[p][row["cell"]] for p in PERIODS]).median >= 5 and count:
                tried += 1
                spoilt = months["2026-10"] | {row["cell"]: count * 10}
                caught += any(row["cell"] in one["cells"] for one in check_sheet(pkg, spoilt))
    assert flagged <= 0.02 * cells and caught >= 0.9 * tried > 0, (flagged, cells, caught, tried)


def month(station, text):
    return {cell_text(cell): n for cell, n in station_month(station, int(text[:4]), int(text[5:])).items()}
