"""Relations between cells that sent figures break: rule by rule, with the places and the cells."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Q

from facilities.models import Area, Facility
from facilities.periods import format_period
from indicators.expressions import Cell, Expression, State, evaluate
from indicators.models import CellNote, DataValue, Form, Rule
from indicators.presenters.check_rules import applies, parsed
from indicators.presenters.quality.scope import Scope, communes_at, filed
from indicators.presenters.sheet import anchor_of

Values = dict[Cell, int | None]
Key = tuple[int, str]  # facility, form code


@dataclass(frozen=True)
class Break:
    """A report whose cells break the rule. `explained`: the reason the station gave, "" for none."""

    facility: Facility
    commune: Area | None
    form: str
    period_text: str
    anchor: str
    left: int
    right: int
    submission: int
    explained: str = ""


@dataclass(frozen=True)
class RuleRow:
    """A rule and the reports that break it; `checked` reports had every cell it names."""

    rule: Rule
    expression: str
    breaks: list[Break]
    checked: int

    @property
    def unexplained(self) -> int:
        return sum(not one.explained for one in self.breaks)


@dataclass(frozen=True)
class RulesPage:
    rows: list[RuleRow]
    rules: int
    reports: int

    @property
    def breaks(self) -> int:
        return sum(len(row.breaks) for row in self.rows)


@dataclass
class _Report:
    submission: int
    values: Values = field(default_factory=dict)


def present_rules(scope: Scope) -> RulesPage:
    """The relations of the forms of one period, held against what was sent: six queries for any number."""
    rules = [
        rule
        for rule in Rule.objects.filter(kind=Rule.Kind.RELATION).order_by("form_code", "code")
        if rule.is_readable
        and scope.form in ("", rule.form_code)
        and applies(rule, rule.form_code, scope.period)
    ]
    reports = _reports(scope, rules)
    earlier = _earlier(scope, [rule for rule in rules if rule.scope == Rule.Scope.YEAR])
    found: list[tuple[Rule, list[tuple[Key, _Report, int, int]], int]] = []
    for rule in rules:
        broken, checked = [], 0
        expression = parsed(rule.expression)
        for key, report in reports.items():
            if key[1] != rule.form_code:
                continue
            past = earlier.get(key, {}) if rule.scope == Rule.Scope.YEAR else {}
            outcome = evaluate(expression, _summed(expression, report.values, past.values()))
            checked += outcome.state is not State.UNDECIDED
            if outcome.state is State.BROKEN:
                broken.append((key, report, outcome.left, outcome.right))
        if broken:
            found.append((rule, broken, checked))
    rows = _rows(scope, found)
    return RulesPage(rows, len(rules), len(reports))


def _reports(scope: Scope, rules: Iterable[Rule]) -> dict[Key, _Report]:
    """The values of the reports of the period, of the cells that rules name. One query."""
    codes = {rule.form_code for rule in rules}
    elements = {cell[0] for rule in rules for cell in parsed(rule.expression).cells}
    kind = Form.Periodicity.YEAR if scope.yearly else Form.Periodicity.MONTH
    rows = DataValue.objects.filter(
        filed(scope),
        submission__period=scope.period,
        submission__form__periodicity=kind,
        submission__form__code__in=codes,
        element__code__in=elements,
    ).values_list(
        "submission",
        "submission__facility",
        "submission__form__code",
        "element__code",
        "group__code",
        "value",
    )
    found: dict[Key, _Report] = {}
    for submission, facility, form, element, group, value in rows.iterator():
        report = found.setdefault((facility, form), _Report(submission))
        report.values[element, group] = value
    return found


def _earlier(scope: Scope, rules: Iterable[Rule]) -> Mapping[Key, Mapping[date, Values]]:
    """What the same facilities sent in the months before, of the cells of rules over the year. One query, or none."""
    elements = {cell[0] for rule in rules for cell in parsed(rule.expression).cells}
    found: dict[Key, dict[date, Values]] = defaultdict(lambda: defaultdict(dict))
    if not elements or scope.yearly:
        return {}
    rows = DataValue.objects.filter(
        filed(scope),
        submission__period__gte=date(scope.period.year, 1, 1),
        submission__period__lt=scope.period,
        submission__form__periodicity=Form.Periodicity.MONTH,
        element__code__in=elements,
    ).values_list(
        "submission__facility", "submission__form__code", "submission__period",
        "element__code", "group__code", "value",
    )  # fmt: skip
    for facility, form, period, element, group, value in rows.iterator():
        found[facility, form][period][element, group] = value
    return found


def _summed(expression: Expression, values: Values, earlier: Iterable[Values]) -> Values:
    """Each cell over the months in which one of these cells was filled, as `indicators.sheet_check` sums them."""
    filled = [month for month in earlier if any(month.get(cell) is not None for cell in expression.cells)]
    sums: Values = {}
    for cell in expression.cells:
        counts = [month.get(cell) for month in (values, *filled)]
        sums[cell] = None if None in counts else sum(count for count in counts if count is not None)
    return sums


def _rows(scope: Scope, found: list[tuple[Rule, list[tuple[Key, _Report, int, int]], int]]) -> list[RuleRow]:
    facilities = {key[0] for _rule, broken, _checked in found for key, *_rest in broken}
    places = Facility.objects.in_bulk(facilities)
    communes = communes_at(facilities, scope.month.first_day)
    reasons = _reasons(
        {report.submission: report for _rule, broken, _n in found for _key, report, *_ in broken}
    )
    text = format_period(scope.period, yearly=scope.yearly)
    rows = []
    for rule, broken, checked in found:
        cells = parsed(rule.expression).cells
        breaks = [
            Break(
                places[facility], communes.get(facility), form, text, anchor_of(cells[0]), left, right,
                report.submission, _said(reasons, report.submission, cells),
            )
            for (facility, form), report, left, right in broken
        ]  # fmt: skip
        breaks.sort(
            key=lambda one: (
                bool(one.explained),
                one.commune.folded_name if one.commune else "",
                one.facility.code,
            )
        )
        rows.append(RuleRow(rule, rule.expression, breaks, checked))
    return sorted(rows, key=lambda row: (-row.unexplained, -len(row.breaks), row.rule.code))


def _reasons(reports: Mapping[int, _Report]) -> dict[tuple[int, Cell], str]:
    """What stations said of the values that still stand. One query."""
    notes = CellNote.objects.filter(Q(submission__in=reports.keys()), kind=CellNote.Kind.REASON)
    found = {}
    for note in notes.select_related("element", "group"):
        cell = (note.element.code, note.group.code)
        if reports[note.submission_id].values.get(cell) == note.value:
            found[note.submission_id, cell] = note.text
    return found


def _said(reasons: Mapping[tuple[int, Cell], str], submission: int, cells: Iterable[Cell]) -> str:
    texts = [reasons[submission, cell] for cell in cells if (submission, cell) in reasons]
    return "; ".join(dict.fromkeys(texts))
