"""Do the figures of a form hold together? Findings in words: what, why, what to do. They never block.

The engine is pure (sheet_check.py, slips.py); `find_breaks` reads what it needs for many submissions in five
queries.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Q
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from facilities.periods import Month, format_period
from indicators.expressions import Cell, cell_text
from indicators.models import CellNote, DataValue, DataValueChange, FormItem, Rule, Submission
from indicators.presenters.check_rules import EVERY_FORM, rules_json
from indicators.sheet_check import WINDOW, cells_of, check_sheet
from indicators.values import Problem, Reading

QUOTED = 30  # characters of a text repeated in a message

States = dict[str, Any]  # {"B4.7": 24, "B4.8a": "NA"}; blank cells are left out
Past = dict[tuple[int, str], dict[str, States]]  # by facility and form code, then by period


@dataclass(frozen=True)
class Finding:
    """A broken rule, or a slip: its message in the reader's language, the cells it names and their numbers.

    `detail` says both sums of a relation in words: "(tổng 9, ô ghi 1)". `explained` is the reason kept with the
    values as they are, "" where nobody gave one: it marks the finding, it does not take it away.
    """

    code: str
    kind: str
    message: str
    cells: tuple[Cell, ...]
    numbers: Mapping[str, int | float] = field(default_factory=dict)
    detail: str = ""
    explained: str = ""  # the reason the station gave for the value that stands there


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


def find_breaks(submissions: Sequence[Submission]) -> dict[int, list[Finding]]:
    """Findings by submission id, for submissions with `form` loaded; ids without findings are absent.

    Five queries for any number: the rules, the values, the forms' cells, the values of the twelve periods before,
    and, where something was found, the reasons given.
    """
    codes = {submission.form.code for submission in submissions}
    rules = list(Rule.objects.filter(form_code__in={*codes, EVERY_FORM}))
    values = _values_of(submissions)
    entered = [submission for submission in submissions if submission.pk in values]
    if not entered or not rules:
        return {}
    layout = _Layout({submission.form_id for submission in entered})
    past = _past_of(entered, layout)
    found: dict[int, list[Finding]] = {}
    in_force: dict[tuple[str, date], list[dict[str, Any]]] = {}
    for submission in entered:
        key = (submission.form.code, submission.period)
        if key not in in_force:
            in_force[key] = rules_json(rules, *key)
        package = {
            "rules": in_force[key],
            "sections": layout.sections[submission.form_id],
            "past": past.get((submission.facility_id, submission.form.code), {}),
            "period": {"text": submission.period_text},
            "form": {"yearly": submission.form.is_yearly},
        }
        if findings := check_sheet(package, layout.named(values[submission.pk])):
            found[submission.pk] = [_finding(one) for one in findings]
    return _explained(found, values) if found else found


def compared_periods(yearly: bool, period: date) -> tuple[date, date]:
    """The period before and the same one a year before; of a yearly form both are the year before."""
    year_before = date(period.year - 1, period.month, 1)
    return (year_before if yearly else (Month.of(period) - 1).first_day), year_before


def _finding(one: Mapping[str, Any]) -> Finding:
    return Finding(one["code"], one["kind"], one["message"], cells_of(one), one["numbers"], one["detail"])


class _Layout:
    """The cells of some forms in their sections, and how stored ids are named. One query."""

    def __init__(self, forms: set[int]) -> None:
        self.sections: dict[int, list[dict[str, Any]]] = defaultdict(list)
        self.names: dict[tuple[int, int], str] = {}
        items = FormItem.objects.filter(form__in=forms).order_by("form", "section__order", "order")
        for form, section, column, element_id, element, group_id, group in items.values_list(
            "form", "section", "column", "element", "element__code", "group", "group__code"
        ):
            name = self.names[element_id, group_id] = cell_text((element, group))
            sections = self.sections[form]
            if not sections or sections[-1]["id"] != section:
                sections.append({"id": section, "rows": []})
            sections[-1]["rows"].append({"cell": name, "column": column or name})

    def named(self, states: Mapping[tuple[int, int], Any]) -> States:
        """States by the name of their cell; cells that are on none of these forms are left out."""
        return {self.names[ids]: state for ids, state in states.items() if ids in self.names}


def _values_of(submissions: Sequence[Submission]) -> dict[int, dict[tuple[int, int], Any]]:
    """The filled cells by submission, each by the ids of its element and group."""
    found: dict[int, dict[tuple[int, int], Any]] = defaultdict(dict)
    rows = DataValue.objects.filter(submission__in=[s.pk for s in submissions]).values_list(
        "submission", "element", "group", "value", "no_data"
    )
    for pk, element, group, value, no_data in rows:
        found[pk][element, group] = "NA" if no_data else value
    return found


def _past_of(submissions: Sequence[Submission], layout: _Layout) -> Past:
    """What the same facilities filed on the same forms, from the twelfth period before the earliest on. One query."""
    yearly = {submission.form.code: submission.form.is_yearly for submission in submissions}
    rows = DataValue.objects.filter(
        reduce(or_, (_window(submissions, kind) for kind in set(yearly.values()))),
        submission__facility__in={s.facility_id for s in submissions},
    ).values_list(
        "submission__facility",
        "submission__form__code",
        "submission__period",
        "element",
        "group",
        "value",
        "no_data",
    )
    texts: dict[tuple[str, date], str] = {}
    filed: Past = defaultdict(lambda: defaultdict(dict))
    for facility, form, period, element, group, value, no_data in rows.iterator():
        name = layout.names.get((element, group))
        if name is None or (value is None and not no_data):
            continue
        text = texts.get((form, period))
        if text is None:
            text = texts[form, period] = format_period(period, yearly=yearly[form])
        filed[facility, form][text][name] = "NA" if no_data else value
    return filed


def _window(submissions: Iterable[Submission], yearly: bool) -> Q:
    """Values of the monthly or of the yearly forms, in the periods before these submissions: twelve of each kind."""
    mine = [submission for submission in submissions if submission.form.is_yearly == yearly]
    return Q(
        submission__form__code__in={submission.form.code for submission in mine},
        submission__period__gte=min(map(_window_start, mine)),
        submission__period__lt=max(submission.period for submission in mine),
    )


def _window_start(submission: Submission) -> date:
    if submission.form.is_yearly:
        return date(submission.period.year - WINDOW, 1, 1)
    return (Month.of(submission.period) - WINDOW).first_day


def _explained(
    found: Mapping[int, list[Finding]], values: Mapping[int, Mapping[tuple[int, int], Any]]
) -> dict[int, list[Finding]]:
    """The findings with the reasons that speak of the values as they are now. One query, two where there are any."""
    reasons: dict[tuple[int, Cell], CellNote] = {}
    notes = CellNote.objects.filter(submission__in=found, kind=CellNote.Kind.REASON)
    for note in notes.select_related("element", "group"):
        state = "NA" if note.no_data else note.value
        if values[note.submission_id].get((note.element_id, note.group_id)) == state:
            reasons[note.submission_id, (note.element.code, note.group.code)] = note
    changed = _changed_since(reasons.values())
    return {
        pk: [_with_reason(one, pk, reasons, changed) for one in findings] for pk, findings in found.items()
    }


def _changed_since(notes: Collection[CellNote]) -> dict[tuple[int, Cell], datetime]:
    """When cells of these submissions last changed after the first of the notes was written."""
    if not notes:
        return {}
    rows = DataValueChange.objects.filter(
        submission__in={note.submission_id for note in notes}, at__gt=min(note.at for note in notes)
    ).order_by("at", "id")
    return {
        (pk, (element, group)): at
        for pk, element, group, at in rows.values_list("submission", "element__code", "group__code", "at")
    }


def _with_reason(
    finding: Finding,
    pk: int,
    reasons: Mapping[tuple[int, Cell], CellNote],
    changed: Mapping[tuple[int, Cell], datetime],
) -> Finding:
    """With what was said of any of its cells, unless another of them changed since."""
    last = max((changed[pk, cell] for cell in finding.cells if (pk, cell) in changed), default=None)
    notes = [reasons[pk, cell] for cell in finding.cells if (pk, cell) in reasons]
    given = _texts(note.text for note in notes if last is None or last <= note.at)
    return replace(finding, explained="; ".join(given)) if given else finding


def _texts(texts: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(text for text in texts if text))
