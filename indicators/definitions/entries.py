"""One builder for each catalogue file: what a key may hold, and the value made of it."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from typing import Any

from indicators import expressions
from indicators.definitions import shapes
from indicators.definitions.reader import Field, Notes, read_decimal, read_entry
from indicators.slips import PARAMETERS
from indicators.timing import Timing

GROUP_FIELDS = {
    "code": Field(length=20),
    "kind": Field(choices=("people", "places")),
    "name": Field(),
    "name_en": Field(),
    "trait": Field(default=""),
}
ELEMENT_FIELDS = {
    "code": Field(length=20),
    "name": Field(length=400),
    "name_en": Field(length=400),
    "short": Field(length=40),
    "definition": Field(),
    "definition_en": Field(),
    "source": Field(length=400),
    "period": Field(choices=("month", "year")),
    "example": Field(),
    "example_en": Field(),
    "stock": Field(bool, default=False),
    "sensitive": Field(bool, default=False),
}
FORM_FIELDS = {
    "code": Field(length=20),
    "name": Field(length=400),
    "name_en": Field(length=400),
    "valid_from": Field(date),
    "valid_to": Field(date, default=None),
    "legal_basis": Field(length=200),
    "basis": Field(choices=("residence", "service", "none")),
    "periodicity": Field(choices=("month", "year")),
    "facility_types": Field(list),
    "deadline_working_days": Field(int, default=None),
    "deadline_month_day": Field(default=""),
    "allows_nothing": Field(bool, default=False),
    "sections": Field(list),
}
SECTION_FIELDS = {"title": Field(length=200), "title_en": Field(length=200), "items": Field(list)}
ITEM_FIELDS = {
    "element": Field(),
    "group": Field(default=""),
    "column": Field(default="", length=10),
    "name": Field(default="", length=400),
    "name_en": Field(default="", length=400),
}
RULE_FIELDS = {
    "code": Field(length=40),
    "kind": Field(default="relation", choices=("relation", *PARAMETERS)),
    "form": Field(),
    "expression": Field(default="", length=300),
    "parameters": Field(dict, default={}),
    "scope": Field(default="month", choices=("month", "year")),
    "message": Field(),
    "message_en": Field(),
    "valid_from": Field(date, default=None),
    "valid_to": Field(date, default=None),
}
TIMINGS = tuple(str(timing) for timing in Timing)
INDICATOR_FIELDS = {
    "code": Field(length=40),
    "name": Field(length=400),
    "name_en": Field(length=400),
    "short": Field(length=120),
    "factor": Field(int),
    "unit": Field(length=60),
    "unit_en": Field(length=60),
    "direction": Field(choices=("higher", "lower", "none")),
    "timing": Field(choices=TIMINGS),
    "basis": Field(choices=("residence", "service")),
    "interval": Field(choices=("poisson", "wilson", "sex_ratio", "none")),
    "decimals": Field(int),
    "source": Field(),
    "terms": Field(list, default=[]),
    "official_code": Field(default="", length=40),
    "valid_from": Field(date, default=None),
    "valid_to": Field(date, default=None),
}
TERM_FIELDS = {
    "part": Field(choices=("numerator", "denominator")),
    "element": Field(),
    "group": Field(default=""),
}

Builder = Callable[[str, str, Any, Notes], Any]


def group(file: str, entry: str, raw: Any, notes: Notes) -> shapes.Group | None:
    values = read_entry(file, entry, raw, GROUP_FIELDS, notes)
    if values and (values["kind"] == "places") != bool(values["trait"]):
        notes.add(file, entry, "nhóm địa bàn (places) cần trait, nhóm người (people) thì không")
    return shapes.Group(**values) if values else None


def element(file: str, entry: str, raw: Any, notes: Notes) -> shapes.Element | None:
    values = read_entry(file, entry, raw, ELEMENT_FIELDS, notes)
    return shapes.Element(**values) if values else None


def form(file: str, entry: str, raw: Any, notes: Notes) -> shapes.Form | None:
    values = read_entry(file, entry, raw, FORM_FIELDS, notes)
    if not values:
        return None
    values["facility_types"] = tuple(values["facility_types"])
    sections = (_section(file, entry, section, notes) for section in values["sections"])
    values["sections"] = tuple(section for section in sections if section)
    return shapes.Form(**values)


def rule(file: str, entry: str, raw: Any, notes: Notes) -> shapes.Rule | None:
    values = read_entry(file, entry, raw, RULE_FIELDS, notes)
    if not values:
        return None
    if values["kind"] != "relation":
        return shapes.Rule(**values)
    try:
        return shapes.Rule(parsed=expressions.parse(values["expression"]), **values)
    except expressions.InvalidExpression as error:
        notes.add(file, entry, f"expression {error}")
        return None


def indicator(file: str, entry: str, raw: Any, notes: Notes) -> shapes.Indicator | None:
    values = read_entry(file, entry, raw, INDICATOR_FIELDS, notes)
    if not values:
        return None
    terms = (_term(file, entry, term, notes) for term in values["terms"])
    values["terms"] = tuple(term for term in terms if term)
    return shapes.Indicator(**values)


def _section(file: str, entry: str, raw: Any, notes: Notes) -> shapes.Section | None:
    values = read_entry(file, entry, raw, SECTION_FIELDS, notes)
    if not values:
        return None
    items = (_item(file, entry, item, notes) for item in values["items"])
    values["items"] = tuple(item for item in items if item)
    return shapes.Section(**values)


def _item(file: str, entry: str, raw: Any, notes: Notes) -> shapes.Item | None:
    values = read_entry(file, entry, {"element": raw} if isinstance(raw, str) else raw, ITEM_FIELDS, notes)
    if not values:
        return None
    # A column of the ministry's form is named by the element's code after the dot.
    values["column"] = values["column"] or re.sub(r"^[^.]*\.", "", values["element"])
    return shapes.Item(**values)


def _term(file: str, entry: str, raw: Any, notes: Notes) -> shapes.Term | None:
    if not isinstance(raw, dict):
        notes.add(file, entry, "mỗi số hạng phải gồm part, element")
        return None
    rest = {key: value for key, value in raw.items() if key != "coefficient"}
    values = read_entry(file, entry, rest, TERM_FIELDS, notes)
    coefficient = read_decimal(file, entry, raw.get("coefficient", 1), notes)
    return shapes.Term(coefficient=coefficient, **values) if values else None
