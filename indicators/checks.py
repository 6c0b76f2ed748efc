"""Do the figures of a form hold together? Findings in words: what, why, what to do. They never block.

`check` is pure; `find_breaks` reads what it needs for many submissions in three queries.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from django.db.models import Q
from django.utils.translation import gettext as _

from indicators.expressions import Cell, Expression, State, evaluate, parse
from indicators.models import DataValue, Rule, Submission
from indicators.values import Problem, Reading

Values = Mapping[Cell, int | None]


@dataclass(frozen=True)
class Finding:
    """A broken rule: its message in the reader's language, the two sums, and the cells it names."""

    code: str
    message: str
    left: int
    right: int
    operator: str
    cells: tuple[Cell, ...]
    over_year: bool


def problem_text(reading: Reading) -> str:
    """Say what is wrong with a text that is no count, and what to write instead. "" where nothing is."""
    words = {
        Problem.NOT_A_NUMBER: _("“%(text)s” không phải là số. Ghi số nguyên, hoặc NA nếu không có số liệu."),
        Problem.AMBIGUOUS: _(
            "“%(text)s” có thể là %(choices)s. Ghi lại, không dùng dấu chấm, dấu phẩy nếu là số nguyên."
        ),
        Problem.DECIMAL: _("“%(text)s” là số lẻ. Ô này đếm, chỉ nhận số nguyên."),
        Problem.NEGATIVE: _("“%(text)s” là số âm. Ô này đếm, chỉ nhận từ 0 trở lên."),
        Problem.TOO_LARGE: _("“%(text)s” quá lớn. Kiểm tra lại số chữ số."),
    }
    if reading.problem is None:
        return ""
    choices = _(" hoặc ").join(reading.choices)
    return words[reading.problem] % {"text": reading.text.strip(), "choices": choices}


@lru_cache(maxsize=1000)
def parsed(expression: str) -> Expression:
    """A rule's text as an expression; texts come from checked definition files."""
    return parse(expression)


def applies(rule: Rule, form_code: str, period: date) -> bool:
    """Whether the rule is one of this form and in force in this period."""
    return (
        rule.form_code == form_code
        and (rule.valid_from is None or rule.valid_from <= period)
        and (rule.valid_to is None or period < rule.valid_to)
    )


def check(rules: Iterable[Rule], values: Values, year: Sequence[Values] = ()) -> list[Finding]:
    """The rules these values break; an undecided rule (a cell blank or "no data") is not broken.

    `values` are the cells of one period; `year` those of the earlier periods of the same year, which a
    rule with year scope adds to them: reviews lag, so it holds over the year, not in each month.
    """
    findings = []
    for rule in rules:
        expression = parsed(rule.expression)
        over_year = rule.scope == Rule.Scope.YEAR
        numbers = _summed(expression.cells, [values, *year]) if over_year else values
        outcome = evaluate(expression, numbers)
        if outcome.state is State.BROKEN:
            findings.append(
                Finding(
                    rule.code,
                    rule.label,
                    outcome.left or 0,
                    outcome.right or 0,
                    expression.operator,
                    expression.cells,
                    over_year,
                )
            )
    return findings


def find_breaks(submissions: Sequence[Submission]) -> dict[int, list[Finding]]:
    """Findings by submission id, for submissions with `form` loaded; ids without findings are absent.

    Three queries for any number: the rules, the values, and for rules over a year the earlier months.
    """
    forms = {submission.form.code for submission in submissions}
    rules = list(Rule.objects.filter(form_code__in=forms))
    yearly_rules = [rule for rule in rules if rule.scope == Rule.Scope.YEAR]
    values = _values_of(submissions)
    earlier = _earlier_values([s for s in submissions if not s.form.is_yearly], yearly_rules)
    found = {}
    for submission in submissions:
        own = [rule for rule in rules if applies(rule, submission.form.code, submission.period)]
        findings = check(own, values.get(submission.pk, {}), earlier.get(submission.pk, ()))
        if findings:
            found[submission.pk] = findings
    return found


def _summed(cells: Iterable[Cell], months: Sequence[Values]) -> dict[Cell, int | None]:
    """Sum each cell over the months filed; a month that leaves it open leaves the sum open."""
    sums: dict[Cell, int | None] = {}
    for cell in cells:
        counts = [month.get(cell) for month in months]
        known = [count for count in counts if count is not None]
        sums[cell] = sum(known) if len(known) == len(counts) else None
    return sums


def _values_of(submissions: Sequence[Submission]) -> dict[int, dict[Cell, int | None]]:
    found: dict[int, dict[Cell, int | None]] = defaultdict(dict)
    rows = DataValue.objects.filter(submission__in=[s.pk for s in submissions]).values_list(
        "submission", "element__code", "group__code", "value"
    )
    for pk, element, group, value in rows:
        found[pk][element, group] = value
    return found


def _earlier_values(
    submissions: Sequence[Submission], rules: Sequence[Rule]
) -> dict[int, list[dict[Cell, int | None]]]:
    """For each submission the cells that rules over a year name, of every earlier month of its year."""
    forms = {rule.form_code for rule in rules}
    wanted = [s for s in submissions if s.form.code in forms and s.period.month > 1]
    if not wanted:
        return {}
    elements = {cell[0] for rule in rules for cell in parsed(rule.expression).cells}
    within = Q(
        submission__facility__in={s.facility_id for s in wanted},
        submission__form__code__in={s.form.code for s in wanted},
        submission__period__gte=min(date(s.period.year, 1, 1) for s in wanted),
        submission__period__lt=max(s.period for s in wanted),
        element__code__in=elements,
    )
    filed: dict[tuple[int, str], dict[date, dict[Cell, int | None]]] = defaultdict(lambda: defaultdict(dict))
    rows = DataValue.objects.filter(within).values_list(
        "submission__facility",
        "submission__form__code",
        "submission__period",
        "element__code",
        "group__code",
        "value",
    )
    for facility, form, period, element, group, value in rows:
        filed[facility, form][period][element, group] = value
    return {
        s.pk: [
            cells
            for period, cells in filed[s.facility_id, s.form.code].items()
            if period.year == s.period.year and period < s.period
        ]
        for s in wanted
    }
