"""What must hold between entries: every name known, every cell due once, every term carried by a form."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Hashable, Iterable
from datetime import date
from itertools import combinations

from indicators.definitions.reader import Notes
from indicators.definitions.shapes import Catalogue, Form, Indicator, Rule
from indicators.definitions.thresholds import parameters_problem, unknown_words
from indicators.expressions import Cell, cell_text
from indicators.slips import EVERY_FORM

Note = Callable[[str], None]

FACILITY_TYPES = ("station", "point", "health_centre", "hospital", "cdc")
WITHOUT_DENOMINATOR = ("count", "stock")
YEARLY_DENOMINATOR = ("flow_population", "rate", "units")
MONTHLY_NUMERATOR = ("flow", "flow_population", "rate", "count")


def check(catalogue: Catalogue, notes: Notes) -> None:
    """Note every contradiction between entries."""
    _check_codes(catalogue, notes)
    for form in catalogue.forms:
        _check_form(form, catalogue, notes)
    _check_versions(catalogue.forms, notes)
    for rule in catalogue.rules:
        _check_rule(rule, catalogue.forms, notes)
    for indicator in catalogue.indicators:
        _check_indicator(indicator, catalogue, notes)
    _check_elements_used(catalogue, notes)


def _check_codes(catalogue: Catalogue, notes: Notes) -> None:
    for file, entries in (
        ("groups.yaml", catalogue.groups),
        ("elements.yaml", catalogue.elements),
        ("rules.yaml", catalogue.rules),
        ("indicators.yaml", catalogue.indicators),
    ):
        for code in _repeated(entry.code for entry in entries):
            notes.add(file, code, "mã viết hai lần")


def _check_form(form: Form, catalogue: Catalogue, notes: Notes) -> None:
    def note(problem: str) -> None:
        notes.add("forms.yaml", f"{form.code} {form.valid_from}", problem)

    if form.valid_to and form.valid_to <= form.valid_from:
        note("valid_to phải sau valid_from")
    if unknown := [name for name in form.facility_types if name not in FACILITY_TYPES]:
        note(f"facility_types: không có loại {', '.join(map(str, unknown))}")
    if not form.facility_types:
        note("facility_types: không có loại cơ sở nào")
    _check_deadline(form, note)
    if not form.items:
        note("không có ô nào")
    for cell in _repeated(form.cells):
        note(f"ô {cell_text(cell)} có hai lần")
    for column in _repeated(item.column for item in form.items):
        note(f"cột {column} có hai lần")
    for problem in _unknown_cells(form.cells, catalogue):
        note(problem)
    periods = {element.code: element.period for element in catalogue.elements}
    for item in form.items:
        if periods.get(item.element, form.periodicity) != form.periodicity:
            note(f"số liệu {item.element} không cùng kỳ với biểu")
    stocks = {element.code for element in catalogue.elements if element.stock}
    if form.allows_nothing and (held := [item.column for item in form.items if item.element in stocks]):
        note(f"allows_nothing: cột {', '.join(held)} là số hiện có, không phát sinh không có nghĩa là 0")


def _check_deadline(form: Form, note: Note) -> None:
    if form.periodicity == "month" and not (form.deadline_working_days and not form.deadline_month_day):
        note("biểu tháng cần deadline_working_days lớn hơn 0, không dùng deadline_month_day")
    if form.periodicity == "year" and (
        form.deadline_working_days or not _is_month_day(form.deadline_month_day)
    ):
        note("biểu năm cần deadline_month_day dạng “MM-DD”, không dùng deadline_working_days")


def _check_versions(forms: Iterable[Form], notes: Notes) -> None:
    """A cell is due from one form only, for a type of facility on a day."""
    for one, other in combinations(forms, 2):
        if not one.overlaps(other):
            continue
        entry = f"{one.code} {one.valid_from}, {other.code} {other.valid_from}"
        if one.code == other.code:
            notes.add("forms.yaml", entry, "hai phiên bản của một biểu có hiệu lực cùng lúc")
            continue
        shared = [cell_text(cell) for cell in one.cells if cell in other.cells]
        types = [name for name in one.facility_types if name in other.facility_types]
        if shared and types:
            notes.add("forms.yaml", entry, f"{', '.join(types)} phải nộp hai lần ô {', '.join(shared)}")


def _check_rule(rule: Rule, forms: Iterable[Form], notes: Notes) -> None:
    def note(problem: str) -> None:
        notes.add("rules.yaml", rule.code, problem)

    versions = [form for form in forms if form.code == rule.form]
    if not versions and not (rule.form == EVERY_FORM and rule.kind != "relation"):
        note(f"không có biểu {rule.form}")
    for text in (rule.message, rule.message_en):
        if unknown := unknown_words(rule.kind, text):
            note(f"lời giải thích: không có {', '.join(unknown)}")
    if rule.parsed is None:
        _check_slip(rule, note)
        return
    if rule.parameters:
        note("quan hệ giữa các ô không có parameters")
    for form in versions:
        if missing := [cell_text(cell) for cell in rule.parsed.cells if cell not in form.cells]:
            note(f"biểu {form.code} từ {form.valid_from} không có ô {', '.join(missing)}")
        if form.periodicity == "year" and rule.scope != "year":
            note(f"biểu {form.code} là biểu năm nên scope phải là year")


def _check_slip(rule: Rule, note: Note) -> None:
    if rule.expression or rule.scope != "month":
        note("quy tắc tìm lỗi gõ không có expression, scope")
    if problem := parameters_problem(rule.kind, rule.parameters):
        words, names = problem
        note(f"parameters: {words % names}")


def _check_indicator(indicator: Indicator, catalogue: Catalogue, notes: Notes) -> None:
    def note(problem: str) -> None:
        notes.add("indicators.yaml", indicator.code, problem)

    if indicator.factor < 1 or indicator.decimals < 0:
        note("factor phải lớn hơn 0, decimals không âm")
    for problem in _unknown_cells((term.cell for term in indicator.terms), catalogue):
        note(problem)
    for part, cell in _repeated((term.part, term.cell) for term in indicator.terms):
        note(f"số hạng {part} {cell_text(cell)} có hai lần")
    _check_parts(indicator, note)
    _check_timing(indicator, catalogue, note)
    bases = {indicator.basis, "none"}
    carried = {cell for form in catalogue.forms if form.basis in bases for cell in form.cells}
    for cell in dict.fromkeys(term.cell for term in indicator.terms):
        if cell not in carried:
            note(f"không biểu nào tính theo {indicator.basis} có ô {cell_text(cell)}")


def _check_parts(indicator: Indicator, note: Note) -> None:
    if indicator.timing == "survey":
        if indicator.terms:
            note("chỉ số điều tra (survey) không có số hạng")
        return
    groups = dict.fromkeys(["", *(term.group for term in indicator.terms)])
    for group in groups:
        parts = {term.part for term in indicator.terms if term.group == group}
        name = f" của nhóm {group}" if group else ""
        if "numerator" not in parts:
            note(f"thiếu tử số{name}")
        if "denominator" not in parts and indicator.timing not in WITHOUT_DENOMINATOR:
            note(f"thiếu mẫu số{name}")
        if "denominator" in parts and indicator.timing == "count":
            note(f"chỉ số đếm (count) không có mẫu số{name}")


def _check_timing(indicator: Indicator, catalogue: Catalogue, note: Note) -> None:
    periods = {element.code: element.period for element in catalogue.elements}
    for term in indicator.terms:
        period = periods.get(term.element)
        numerator = term.part == "numerator"
        if numerator and indicator.timing in MONTHLY_NUMERATOR and period == "year":
            note(f"tử số {term.element} phải là số liệu tháng để cộng dồn")
        if not numerator and indicator.timing in YEARLY_DENOMINATOR and period == "month":
            note(f"mẫu số {term.element} phải là số liệu năm")
        if not numerator and indicator.timing == "flow" and period == "year":
            note(f"mẫu số {term.element} phải là số liệu tháng để cộng dồn")


def _check_elements_used(catalogue: Catalogue, notes: Notes) -> None:
    used = {element for form in catalogue.forms for element, _ in form.cells}
    for element in catalogue.elements:
        if element.code not in used:
            notes.add("elements.yaml", element.code, "không nằm trên biểu nào")


def _unknown_cells(cells: Iterable[Cell], catalogue: Catalogue) -> list[str]:
    elements = {element.code for element in catalogue.elements}
    people = {"", *(group.code for group in catalogue.groups if group.kind == "people")}
    cells = list(dict.fromkeys(cells))
    unknown = [f"không có số liệu {element}" for element, _ in cells if element not in elements]
    return unknown + [f"không có nhóm người {group}" for _, group in cells if group not in people]


def _is_month_day(text: str) -> bool:
    try:
        return bool(re.fullmatch(r"\d\d-\d\d", text) and date.fromisoformat(f"2025-{text}"))
    except ValueError:
        return False


def _repeated(values: Iterable[Hashable]) -> list:
    return [value for value, count in Counter(values).items() if count > 1]
