"""One sheet against the rules of its form, in plain data: the server's engine (pure).

static/entry/checks.js is the browser's: the same package and values give the same findings there, to the letter
(tests/indicators/test_checks_in_the_browser.py). Change both together.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from facilities.numbers import format_number
from indicators.expressions import Cell, Expression, State, cell_text, evaluate, read_cell
from indicators.slips import Row, Slip, find_slips
from indicators.usual import usual_of

Values = Mapping[str, Any]
WINDOW = 12  # periods before that say what is usual


def check_sheet(package: Mapping[str, Any], values: Values) -> list[dict[str, Any]]:
    """The findings of these values, relations in the order of the rules, then slips in the order of the rows.

    `package` is the entry package (docs/entry-protocol.md), of which this reads `rules`, `sections` (rows with
    `cell` and `column`), `past`, `period.text` and `form.yearly`; `values` are `{"B4.7": 24, "B4.8a": "NA"}`,
    where a cell left out or None is blank. A finding is `{"code", "kind", "cells", "numbers", "message", "detail"}`;
    the code of a slip ends with its first cell, so that each can be told from the others.
    """
    return [*_relations(package, values), *_slips(package, values)]


# --- relations between cells --------------------------------------------------------------------------


def _relations(package: Mapping[str, Any], values: Values) -> Iterator[dict[str, Any]]:
    months = _earlier_months(package)
    for rule in package["rules"]:
        if rule["kind"] != "relation":
            continue
        expression = Expression.from_json(rule["expression"])
        earlier = months if rule["scope"] == "year" else []
        outcome = evaluate(expression, _summed(expression.cells, values, earlier))
        if outcome.state is not State.BROKEN:
            continue
        numbers = {"left": outcome.left, "right": outcome.right}
        words = {name: format_number(number) for name, number in numbers.items()}
        yield {
            "code": rule["code"],
            "kind": "relation",
            "cells": [cell_text(cell) for cell in expression.cells],
            "numbers": numbers,
            "message": _filled(rule["message"], words),
            "detail": _filled(rule["detail"], words),
        }


def _earlier_months(package: Mapping[str, Any]) -> list[Values]:
    """The months filed before this one in its year; a yearly form stands for its year alone."""
    if package["form"]["yearly"]:
        return []
    text, past = package["period"]["text"], package["past"]
    return [past[period] for period in sorted(past) if period[:4] == text[:4] and period < text]


def _summed(cells: Sequence[Cell], values: Values, earlier: Sequence[Values]) -> dict[Cell, int | None]:
    """Each cell over the months in which one of these cells was filled; one left open leaves its sum open."""
    names = [cell_text(cell) for cell in cells]
    filed = [month for month in earlier if any(month.get(name) is not None for name in names)]
    sums: dict[Cell, int | None] = {}
    for cell, name in zip(cells, names, strict=True):
        counts = [_count(month.get(name)) for month in (values, *filed)]
        known = [count for count in counts if count is not None]
        sums[cell] = sum(known) if len(known) == len(counts) else None
    return sums


# --- slips against the past ---------------------------------------------------------------------------


def _slips(package: Mapping[str, Any], values: Values) -> Iterator[dict[str, Any]]:
    rules = [rule for rule in package["rules"] if rule["kind"] != "relation"]
    if not rules:
        return
    for rows in _rows(package, values):
        for slip in find_slips(rules, rows):
            yield _worded(slip, rows)


def _rows(package: Mapping[str, Any], values: Values) -> list[list[Row]]:
    """Each section's rows with what is usual for them."""
    periods = periods_before(package["period"]["text"], WINDOW)
    past = [package["past"][period] for period in periods if period in package["past"]]
    sections, later = [], False
    # From the end, so that a blank knows whether anything was typed after it.
    for section in reversed(package["sections"]):
        rows = []
        for row in reversed(section["rows"]):
            value = values.get(row["cell"])
            usual = usual_of([_count(month.get(row["cell"])) for month in past])
            rows.append(Row(row["cell"], row["column"], _count(value), usual, value is None and later))
            later = later or value is not None
        sections.append(rows[::-1])
    return sections[::-1]


def periods_before(text: str, number: int) -> list[str]:
    """The periods before `YYYY-MM` or `YYYY`, the latest first."""
    year = int(text[:4])
    if len(text) == 4:
        return [f"{year - back:04d}" for back in range(1, number + 1)]
    index = year * 12 + int(text[5:7]) - 1
    return [f"{(index - back) // 12:04d}-{(index - back) % 12 + 1:02d}" for back in range(1, number + 1)]


def _worded(slip: Slip, rows: Sequence[Row]) -> dict[str, Any]:
    first, last = rows[slip.rows[0]], rows[slip.rows[-1]]
    words = {name: format_number(number) for name, number in slip.numbers.items()}
    words |= {"column": first.column, "first": first.column, "last": last.column, "other": last.column}
    return {
        "code": f"{slip.rule['code']}:{first.cell}",
        "kind": slip.rule["kind"],
        "cells": [rows[place].cell for place in slip.rows],
        "numbers": slip.numbers,
        "message": _filled(slip.rule["message"], words),
        "detail": "",
    }


def _filled(template: str, words: Mapping[str, str]) -> str:
    """The template with `{name}` replaced where the name is known."""
    return re.sub(r"\{(\w+)\}", lambda match: words.get(match[1], match[0]), template, flags=re.ASCII)


def _count(value: Any) -> int | None:
    """A number as itself; blank and "NA" as None."""
    return value if isinstance(value, int) else None


def cells_of(finding: Mapping[str, Any]) -> tuple[Cell, ...]:
    """The cells of a finding as (element, group)."""
    return tuple(read_cell(cell) for cell in finding["cells"])
