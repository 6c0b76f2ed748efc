"""What the log says of submissions, closed periods, reasons for not filing and recomputes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet, Value
from django.urls import reverse
from django.utils.translation import gettext as _

from facilities.log_hooks import Change, Tellings, Told, id_of, ids_of
from facilities.models import AuditEvent, User
from facilities.periods import InvalidPeriod, parse_period
from facilities.permissions import Permission, facilities_for, goes_with, grants_anywhere
from indicators.expressions import Cell, cell_text, read_cell
from indicators.models import CorrectionCell, DataValueChange, FormItem, Submission
from indicators.presenters.periods import period_words
from indicators.presenters.sheet import printed
from indicators.values import CellValue

SUBMISSION = "indicators.submission"
# What people wrote of figures: it may tell a count.
TEXTS = frozenset({"reason", "remark", "absence", "answer"})
PROPOSED = "propose_correction"
OWNERS = {"save": "version", PROPOSED: "correction"}
CELL = ("element__code", "group__code", "old_value", "old_no_data", "new_value", "new_no_data")
AT_ONCE = 200
State = tuple[str, str]  # a cell before and after, printed
States = dict[int, dict[Cell, State]]  # by event id


def tell_submissions(reader: User, events: Sequence[AuditEvent], leaves: bool) -> Tellings:
    """Links and cells of events of submissions. Three queries.

    Cells of deaths, HIV and abortion, and what people wrote of them, are told to those who may open the
    submission, and never in a file (docs/decisions/0011).
    """
    mine = [event for event in events if event.subject_type == SUBMISSION]
    if not mine:
        return {}
    mays = facilities_for(reader, Permission.VIEW_SUBMISSION).filter(pk=OuterRef("facility"))
    rows = Submission.objects.annotate(may_open=Exists(mays)).select_related("facility", "form")
    found = rows.in_bulk(ids_of(mine, SUBMISSION))
    sheets = _sheets({row.form_id for row in found.values()})
    states = _states(mine)
    return {
        event.pk: _told(event, row, sheets[row.form_id], states.get(event.pk, {}), leaves)
        if (row := found.get(id_of(event)))
        else Told(details=_without_texts(event.details))
        for event in mine
    }


@dataclass(frozen=True)
class _Sheet:
    """A form's cells by code, in its order: how each is named, and which count what is sensitive."""

    names: dict[Cell, str]
    sensitive: frozenset[Cell]

    def name(self, cell: Cell) -> str:
        return self.names.get(cell) or cell_text(cell)

    def touches(self, cells: Iterable[Cell]) -> bool:
        """Whether one of the cells is sensitive, or unknown to the form; none named: whether the form has one."""
        named = list(cells)
        if not named:
            return bool(self.sensitive)
        return any(cell in self.sensitive or cell not in self.names for cell in named)


def _sheets(forms: Iterable[int]) -> Mapping[int, _Sheet]:
    names: dict[int, dict[Cell, str]] = defaultdict(dict)
    sensitive: dict[int, set[Cell]] = defaultdict(set)
    items = FormItem.objects.filter(form__in=forms).select_related("element", "group")
    for item in items.order_by("form", "section__order", "order"):
        cell = item.element.code, item.group.code
        names[item.form_id][cell] = f"{item.column} {item.label}".strip()
        if item.element.is_sensitive:
            sensitive[item.form_id].add(cell)
    return {form: _Sheet(names[form], frozenset(sensitive[form])) for form in forms}


def _states(events: Sequence[AuditEvent]) -> States:
    """What cells were and became: of saved ones by the history, of proposed ones by the proposal.

    One query for AT_ONCE events that can tell it.
    """
    telling = [event for event in events if OWNERS.get(event.verb, "") in event.details]
    found: States = defaultdict(dict)
    for index in range(0, len(telling), AT_ONCE):
        part = telling[index : index + AT_ONCE]
        saved = {(id_of(e), e.details["version"]): e.pk for e in part if e.verb == "save"}
        proposed = {e.details["correction"]: e.pk for e in part if e.verb == PROPOSED}
        for owner, version, element, group, *pair in _stored(saved, proposed):
            event = saved[owner, version] if version else proposed[owner]
            old, old_no_data, new, new_no_data = pair
            states = CellValue(old, bool(old_no_data)), CellValue(new, bool(new_no_data))
            found[event][element, group] = printed(states[0]), printed(states[1])
    return found


def _stored(saved: Iterable[tuple[int, int]], proposed: Iterable[int]) -> QuerySet:
    """(submission, version, cell, states) of saved cells and (correction, 0, cell, states) of proposed ones."""
    wanted = Q(pk=None)
    for submission, version in saved:
        wanted |= Q(submission=submission, version=version)
    history = DataValueChange.objects.filter(wanted).order_by().values_list("submission_id", "version", *CELL)
    cells = CorrectionCell.objects.filter(correction__in=list(proposed)).order_by()
    return history.union(cells.annotate(none=Value(0)).values_list("correction_id", "none", *CELL), all=True)


def _told(
    event: AuditEvent, row: Submission, sheet: _Sheet, states: Mapping[Cell, State], leaves: bool
) -> Told:
    details = dict(event.details)
    cells, texts = _cells(details.pop("cells", None))
    states = states or {cell: pair for cell, pair in texts.items() if isinstance(pair, tuple)}
    named = list(dict.fromkeys([*cells, *states]))
    keeps = leaves or not row.may_open
    changes = [
        Change(sheet.name(cell), *pair, is_hidden=keeps and sheet.touches([cell]))
        for cell in [*sheet.names, *(cell for cell in states if cell not in sheet.names)]
        if (pair := states.get(cell))
    ]
    # Without a reason for the whole the words on the cells made one.
    whole = event.details.get("reason", "")
    written = {
        sheet.name(cell): text
        for cell, text in texts.items()
        if isinstance(text, str) and (not text or text not in whole)
    }
    # Words about the whole report may tell any of its cells.
    if keeps and sheet.sensitive:
        details = _without_texts(details)
    if keeps and sheet.touches(named):
        written = {}
    if isinstance(event.details.get("cells"), int):
        details["cells"] = event.details["cells"]
    elif written:
        details["note"] = "; ".join(f"{name}: {text}" if text else name for name, text in written.items())
    elif cells and not texts and not changes:
        details["cells"] = [sheet.name(cell) for cell in cells]
    details.pop("version", None)
    return Told(row.get_absolute_url() if row.may_open else "", changes=tuple(changes), details=details)


def _cells(stored: Any) -> tuple[list[Cell], dict[Cell, str | State]]:
    """The cells an event names, and what it says of each: words, or what it was and became."""
    if isinstance(stored, list):
        return [read_cell(text) for text in stored], {}
    if not isinstance(stored, dict):
        return [], {}
    said = {
        read_cell(text): tuple(map(_digits, words)) if isinstance(words, list) else words
        for text, words in stored.items()
    }
    return list(said), said


def _digits(text: str) -> str:
    return printed(CellValue(int(text))) if text.isdigit() else text


def _without_texts(details: Mapping[str, Any]) -> dict[str, Any]:
    """The details without what people wrote and without values."""
    return {key: words for key, words in details.items() if key not in TEXTS | {"cells", "version"}}


def tell_periods(reader: User, events: Sequence[AuditEvent], leaves: bool) -> Tellings:
    """Names of closed periods, links of reasons for not filing and of recomputes. No query."""
    opens = goes_with(reader, Permission.VIEW_LOG, Permission.VIEW_SUBMISSION)
    administers = bool(grants_anywhere(reader, [Permission.ADMINISTER]))
    found: Tellings = {}
    for event in events:
        details = event.details
        if event.subject_type == "indicators.closedperiod" and "period" in details:
            rest = {key: value for key, value in details.items() if key != "period"}
            found[event.pk] = Told(name=_period(details["period"]), kind=_("kỳ"), details=rest)
        elif event.verb == "absence" and {"form", "period"} <= details.keys():
            found[event.pk] = _absence(event, opens, leaves)
        elif event.subject_type == "indicators.recomputerun" and administers:
            found[event.pk] = Told(reverse("recompute:list"))
    return found


def _absence(event: AuditEvent, opens: bool, leaves: bool) -> Told:
    """The form that was not filed, of the facility as the log names it; why may tell a count and stays within.

    Of a January, older events do not say whether the month or the year is meant: the day stands as it was written.
    """
    details = _without_texts(event.details) if leaves else dict(event.details)
    day = date.fromisoformat(details["period"])
    if "yearly" not in details and day.month == 1:
        return Told(details=details)
    yearly = bool(details.pop("yearly", False))
    period = f"{day:%Y}" if yearly else f"{day:%Y-%m}"
    details["period"] = period_words(day, yearly=yearly)
    facility = details.pop("facility", "")
    address = reverse("submissions:form", args=[facility, details["form"], period]) if facility else ""
    return Told(address if opens else "", details=details)


def _period(text: str) -> str:
    yearly = len(text) == len("2026")
    try:
        return period_words(parse_period(text, yearly=yearly), yearly=yearly)
    except InvalidPeriod:
        return _("kỳ %(period)s") % {"period": text}
