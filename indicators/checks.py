"""Do the figures of a form hold together? Findings in words: what, why, what to do. They never block.

`check` is pure; `find_breaks` reads what it needs for many submissions in three queries.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from operator import itemgetter

from django.db.models import Q
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from facilities.numbers import format_number
from facilities.periods import Month
from indicators.expressions import Cell, Expression, State, cell_text, evaluate, parse
from indicators.models import DataValue, FormItem, Rule, Submission
from indicators.values import Problem, Reading

Values = Mapping[Cell, int | None]

OUT_OF_SCALE = "out-of-scale"
TIMES, FROM = 20, 100  # a count from FROM on that is more than TIMES its past looks like a slip of the keys
QUOTED = 30  # characters of a text repeated in a message


@dataclass(frozen=True)
class Finding:
    """A broken rule: its message in the reader's language, the two sums, and the cells it names.

    `detail` says the two sums in words: "(tổng 9, ô ghi 1)"; "" where the message already holds them.
    """

    code: str
    message: str
    left: int
    right: int
    operator: str
    cells: tuple[Cell, ...]
    over_year: bool
    detail: str = ""


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
    return words[reading.problem] % {"text": quoted(reading.text), "choices": choices}


def quoted(text: str) -> str:
    """A typed text as messages repeat it: short enough to read."""
    return Truncator(text.strip()).chars(QUOTED)


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
                    _sums(expression, outcome.left or 0, outcome.right or 0),
                )
            )
    return findings


def _sums(expression: Expression, left: int, right: int) -> str:
    """Both sides of a broken rule in words; of an equation between a sum and one cell, which is which."""
    first, second = format_number(left), format_number(right)
    many, one = len(expression.left) > 1, len(expression.right) > 1
    if expression.operator == "=" and many != one:
        whole, cell = (first, second) if many else (second, first)
        return _("(tổng %(sum)s, ô ghi %(cell)s)") % {"sum": whole, "cell": cell}
    return _("(%(left)s so với %(right)s)") % {"left": first, "right": second}


@dataclass(frozen=True)
class Excess:
    """A count far above `past`, the largest it is held to; `when` says in words which period that is."""

    cell: Cell
    value: int
    past: int
    when: str


def out_of_scale(values: Values, before: Values, year_before: Values, *, yearly: bool) -> list[Excess]:
    """Counts more than 20 times the largest of the period before and the same period a year before.

    Small counts jump: asked only from 100 on, and where the past is at least 1.
    """
    last, year = (_("năm trước"),) * 2 if yearly else (_("tháng trước"), _("cùng kỳ năm trước"))
    found = []
    for cell, value in values.items():
        past, when = max((before.get(cell) or 0, last), (year_before.get(cell) or 0, year), key=itemgetter(0))
        if value is not None and value >= FROM and past >= 1 and value > TIMES * past:
            found.append(Excess(cell, value, past, when))
    return found


def find_breaks(submissions: Sequence[Submission]) -> dict[int, list[Finding]]:
    """Findings by submission id, for submissions with `form` loaded; ids without findings are absent.

    Three queries for any number: the rules, the values, and the values of other periods they are held to;
    one more names the columns of counts out of scale.
    """
    forms = {submission.form.code for submission in submissions}
    rules = list(Rule.objects.filter(form_code__in=forms))
    yearly_rules = [rule for rule in rules if rule.scope == Rule.Scope.YEAR]
    elements = {cell[0] for rule in yearly_rules for cell in parsed(rule.expression).cells}
    values = _values_of(submissions)
    filed = _filed_before([s for s in submissions if s.pk in values], elements)
    found: dict[int, list[Finding]] = {}
    excesses: dict[int, list[Excess]] = {}
    for submission in submissions:
        own = [rule for rule in rules if applies(rule, submission.form.code, submission.period)]
        past = filed.get((submission.facility_id, submission.form.code), {})
        current = values.get(submission.pk, {})
        findings = check(own, current, _earlier_months(submission, past, elements))
        before, year_before = compared_periods(submission.form.is_yearly, submission.period)
        excesses[submission.pk] = out_of_scale(
            current, past.get(before, {}), past.get(year_before, {}), yearly=submission.form.is_yearly
        )
        if findings:
            found[submission.pk] = findings
    for pk, remarks in _in_words(submissions, excesses).items():
        found.setdefault(pk, []).extend(remarks)
    return found


def _in_words(
    submissions: Sequence[Submission], excesses: Mapping[int, list[Excess]]
) -> dict[int, list[Finding]]:
    """Excesses as findings, each named by its column. No query where there is none."""
    forms = {submission.pk: submission.form_id for submission in submissions if excesses[submission.pk]}
    if not forms:
        return {}
    items = FormItem.objects.filter(form__in=set(forms.values())).select_related("element", "group")
    columns = {(item.form_id, item.element.code, item.group.code): item.column for item in items}
    found: dict[int, list[Finding]] = {}
    for pk, form in forms.items():
        for one in excesses[pk]:
            words = {
                "column": columns.get((form, *one.cell)) or cell_text(one.cell),
                "value": format_number(one.value),
                "when": one.when,
                "past": format_number(one.past),
            }
            text = (
                _("Cột %(column)s (%(value)s): lớn gấp nhiều lần %(when)s (%(past)s). Kiểm tra lại.") % words
            )
            finding = Finding(OUT_OF_SCALE, text, one.value, one.past, "<=", (one.cell,), over_year=False)
            found.setdefault(pk, []).append(finding)
    return found


def compared_periods(yearly: bool, period: date) -> tuple[date, date]:
    """The period before and the same one a year before; of a yearly form both are the year before."""
    year_before = date(period.year - 1, period.month, 1)
    return (year_before if yearly else (Month.of(period) - 1).first_day), year_before


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


def _earlier_months(submission: Submission, past: Mapping[date, Values], elements: set[str]) -> list[Values]:
    """The earlier months of the submission's year in which one of `elements` was filed."""
    if submission.form.is_yearly:
        return []
    first = date(submission.period.year, 1, 1)
    months = [cells for period, cells in past.items() if first <= period < submission.period]
    return [cells for cells in months if any(element in elements for element, _group in cells)]


def _filed_before(
    submissions: Sequence[Submission], elements: set[str]
) -> dict[tuple[int, str], dict[date, dict[Cell, int | None]]]:
    """Values of other periods by (facility, form code) and period: all cells of the periods compared with,
    and those of `elements` (of rules over a year) of every month since the first January. One query."""
    if not submissions:
        return {}
    compared = {day for s in submissions for day in compared_periods(s.form.is_yearly, s.period)}
    first = min(date(s.period.year, 1, 1) for s in submissions)
    within_year = Q(
        submission__period__gte=first,
        submission__period__lt=max(s.period for s in submissions),
        element__code__in=elements,
    )
    rows = DataValue.objects.filter(
        Q(submission__period__in=compared) | within_year,
        submission__facility__in={s.facility_id for s in submissions},
        submission__form__code__in={s.form.code for s in submissions},
    ).values_list(
        "submission__facility",
        "submission__form__code",
        "submission__period",
        "element__code",
        "group__code",
        "value",
    )
    filed: dict[tuple[int, str], dict[date, dict[Cell, int | None]]] = defaultdict(lambda: defaultdict(dict))
    for facility, form, period, element, group, value in rows:
        filed[facility, form][period][element, group] = value
    return filed
