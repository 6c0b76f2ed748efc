"""One rule file, two engines: the browser's checks say what the server's say, to the letter."""

from __future__ import annotations

import json
import random
import shutil
from datetime import date
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import sync_playwright

from indicators import definitions
from indicators.expressions import cell_text
from indicators.models import Rule
from indicators.presenters.check_rules import rules_json
from indicators.sheet_check import check_sheet, periods_before

CHROMIUM = shutil.which("chromium")
pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium is installed"),
]
ORIGIN = "http://127.0.0.1/"
MODULE = Path(__file__).resolve().parents[2] / "static" / "entry" / "checks.js"
SHEETS = 10_000
CATALOGUE = definitions.load()
FORMS = {form.code: form for form in CATALOGUE.forms if form.code in {"B4", "B7", "B8", "BS", "DS"}}
EVALUATE = """async () => {
    const {check} = await import("/checks.js");
    const {forms, months, sheets} = await (await fetch("/sheets.json")).json();
    return JSON.stringify(sheets.map(({form, period, past, values}) => {
        const filed = Object.entries(past).map(([text, number]) => [text, months[number]]);
        return check({...forms[form], period, past: Object.fromEntries(filed)}, values);
    }));
}"""


@pytest.fixture(scope="module")
def browser_finds():
    """`find(forms, months, sheets)`: what the browser's engine finds on each sheet, served from its own origin."""
    served = {
        "/": ("text/html", "<!doctype html>"),
        "/checks.js": ("text/javascript", MODULE.read_text("utf-8")),
    }

    def serve(route):
        content_type, body = served.get(urlsplit(route.request.url).path, ("text/plain", ""))
        route.fulfill(content_type=content_type, body=body)

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        page = browser.new_page()
        page.route("**/*", serve)
        page.goto(ORIGIN)

        def find(forms, months, sheets):
            body = json.dumps({"forms": forms, "months": months, "sheets": sheets})
            served["/sheets.json"] = ("application/json", body)
            return json.loads(page.evaluate(EVALUATE))

        yield find
        browser.close()


@pytest.fixture(scope="module")
def forms():
    """The part of the package that all sheets of a form share, by form code."""
    rules = [
        Rule(
            code=rule.code,
            kind=rule.kind,
            form_code=rule.form,
            expression=rule.expression,
            parameters=rule.parameters,
            scope=rule.scope,
            message=rule.message,
        )
        for rule in CATALOGUE.rules
    ]
    return {
        code: {
            "rules": rules_json(rules, code, date(2026, 10, 1)),
            "sections": [
                {
                    "id": number,
                    "rows": [{"cell": cell_text(item.cell), "column": item.column} for item in section.items],
                }
                for number, section in enumerate(form.sections)
            ],
            "form": {"code": code, "yearly": form.periodicity == "year"},
        }
        for code, form in FORMS.items()
    }


def random_stations(rng, forms):
    """Pasts to draw from: by form the cells and a level for each; thirty months about it, all in one list."""
    stations, months = {code: [] for code in forms}, []
    for code, form in forms.items():
        cells = [row["cell"] for section in form["sections"] for row in section["rows"]]
        for _ in range(40):
            levels = {cell: rng.choice([0, 0.4, 3, 8, 21, 43, 260, 2_000, 36_000, 10**12]) for cell in cells}
            gaps = rng.choice([0, 0.03, 0.5])
            stations[code].append((cells, levels, range(len(months), len(months) + 30)))
            months += [month(rng, cells, levels, gaps) for _ in range(30)]
    return stations, months


def random_sheet(rng, forms, stations):
    """Figures near a level of each row's own, with blanks, "NA", zeros, extremes and rows out of place.

    `past` names each month filed by its number in the list of months.
    """
    code = rng.choice(list(forms))
    cells, levels, months = rng.choice(stations[code])
    text = str(rng.randrange(2021, 2030))
    if not forms[code]["form"]["yearly"]:
        text += f"-{rng.randrange(1, 13):02d}"
    periods = periods_before(text, 24)[: rng.randrange(0, 25)]
    past = {period: rng.choice(months) for period in periods if rng.random() > 0.1}
    values = month(rng, cells, levels, rng.choice([0, 0.03, 0.3]))
    spoil(rng, cells, values)
    return {"form": code, "period": {"text": text}, "past": past, "values": values}


def month(rng, cells, levels, gaps):
    found = {}
    for cell in cells:
        if rng.random() < gaps:
            found[cell] = rng.choice([None, "NA", 0, 10**12])
        else:
            level = levels[cell]
            found[cell] = min(10**12, max(0, round(rng.gauss(level, level**0.5 + 0.1 * level))))
    return {cell: count for cell, count in found.items() if count is not None or rng.random() < 0.5}


def spoil(rng, cells, values):
    """Now and then what a hand does: a digit more or less, two cells exchanged, a run one row off, a zero."""
    slip, place = rng.randrange(8), rng.randrange(len(cells) - 3)
    here, there = cells[place], cells[place + 1]
    count = values.get(here)
    if slip == 0 and isinstance(count, int):
        values[here] = min(count * 10, 10**12)
    elif slip == 1 and isinstance(count, int):
        values[here] = count // 10
    elif slip == 2:
        values[here], values[there] = values.get(there), values.get(here)
    elif slip in (3, 4):
        run = cells[place : place + rng.randrange(2, 9)]
        moved = [values.get(cell) for cell in run]
        moved = [None, *moved[:-1]] if slip == 3 else [*moved[1:], rng.choice([None, 0])]
        values.update(zip(run, moved, strict=True))
    elif slip == 5:
        values[here] = 0


def server_finds(forms, months, sheet):
    past = {text: months[number] for text, number in sheet["past"].items()}
    package = forms[sheet["form"]] | {"period": sheet["period"], "past": past}
    return json.loads(json.dumps(check_sheet(package, sheet["values"])))


def test_both_engines_find_the_same_on_ten_thousand_random_sheets(browser_finds, forms):
    rng = random.Random(20261128)
    stations, months = random_stations(rng, forms)
    sheets = [random_sheet(rng, forms, stations) for _ in range(SHEETS)]
    found = browser_finds(forms, months, sheets)
    codes = set()
    for sheet, theirs in zip(sheets, found, strict=True):
        assert server_finds(forms, months, sheet) == theirs, sheet
        codes |= {finding["code"].partition(":")[0] for finding in theirs}
    # The sheets must give every slip and every relation something to find.
    assert codes == {rule.code for rule in CATALOGUE.rules if rule.form in {"*", *FORMS}}


def test_the_browsers_engine_fills_in_numbers_as_they_are_printed_in_vietnam(browser_finds):
    form = {
        "rules": [{"code": "r", "kind": "range", "parameters": {"months": 1, "overdispersion": 0, "deviation": 3},
                   "message": "Column {column}: {value}, usually {usual} ({low}–{high}) {unknown}"}],
        "sections": [{"id": 1, "rows": [{"cell": "A.1", "column": "1"}]}],
        "form": {"yearly": False},
    }  # fmt: skip
    months = [{"A.1": 2000}, {"A.1": 2001}]
    past = {"2025-12": 0, "2025-11": 1}
    sheet = {"form": "F", "period": {"text": "2026-01"}, "past": past, "values": {"A.1": 1234567}}
    found = browser_finds({"F": form}, months, [sheet])
    assert found[0][0]["message"] == "Column 1: 1.234.567, usually 2.000,5 (1.825–2.184) {unknown}"
