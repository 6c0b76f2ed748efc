"""Proposals to correct approved submissions, for pages: cell by cell what stands and what is asked for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db.models import QuerySet

from facilities.models import User
from facilities.permissions import Permission, facilities_for
from indicators.expressions import Cell, cell_text
from indicators.forms import TEXT, TICK, TypedCell, field_name
from indicators.models import Correction, DataValue, Submission
from indicators.presenters.periods import period_words
from indicators.presenters.sheet import items_of, printed
from indicators.values import BLANK, CellValue


@dataclass(frozen=True)
class ProposedCell:
    """One cell of a proposal, printed; `now` differs from `before` where it changed meanwhile."""

    cell: str
    column: str
    label: str
    before: str
    now: str
    after: str

    @property
    def has_moved(self) -> bool:
        return self.before != self.now


@dataclass(frozen=True)
class FieldRow:
    """One cell of the page a proposal is made on: what is approved, and the text in its field."""

    column: str
    label: str
    id: str
    text_name: str
    tick_name: str
    printed: str
    text: str
    ticked: bool
    error: str


@dataclass(frozen=True)
class ListedCorrection:
    correction: Correction
    period: str
    cells: int


def open_corrections(user: User) -> QuerySet[Correction]:
    """Proposals that wait for a reviewer of their facility, this person's own included."""
    return Correction.objects.filter(
        status=Correction.Status.PROPOSED,
        submission__facility__in=facilities_for(user, Permission.REVIEW_SUBMISSION),
    )


def listed(corrections: Iterable[Correction]) -> list[ListedCorrection]:
    """Each carries `n_cells` and its submission with facility and form."""
    return [
        ListedCorrection(
            one,
            period_words(one.submission.period, yearly=one.submission.form.is_yearly),
            one.n_cells,
        )
        for one in corrections
    ]


def proposed_cells(correction: Correction) -> list[ProposedCell]:
    """In the order of the form. Three queries: the cells, what stands now, the form."""
    asked = {(c.element_id, c.group_id): c for c in correction.cells.all()}
    now = _states(correction.submission)
    rows = []
    for item in items_of(correction.submission.form):
        cell = asked.get((item.element_id, item.group_id))
        if cell is None:
            continue
        rows.append(
            ProposedCell(
                cell=cell_text((item.element.code, item.group.code)),
                column=item.column,
                label=item.label,
                before=printed(CellValue(cell.old_value, cell.old_no_data)),
                now=printed(now.get((item.element_id, item.group_id), BLANK)),
                after=printed(CellValue(cell.new_value, cell.new_no_data)),
            )
        )
    return rows


def field_rows(submission: Submission, typed: Mapping[Cell, TypedCell] | None = None) -> list[FieldRow]:
    """Every cell of the form with a field holding what is approved, or what was typed. Two queries."""
    now, rows = _states(submission), []
    for item in items_of(submission.form):
        cell = (item.element.code, item.group.code)
        state = now.get((item.element_id, item.group_id), BLANK)
        one = (typed or {}).get(cell)
        rows.append(
            FieldRow(
                column=item.column,
                label=item.label,
                id=f"c-{item.pk}",
                text_name=field_name(TEXT, cell),
                tick_name=field_name(TICK, cell),
                printed=printed(state),
                text=one.text if one else "" if state.no_data else str(state),
                ticked=one.ticked if one else state.no_data,
                error=one.error if one else "",
            )
        )
    return rows


def touched(submission: Submission, typed: Mapping[Cell, TypedCell], seen: int) -> dict[Cell, TypedCell]:
    """What was typed, but for cells that hold what stood there at version `seen` and changed since. One query."""
    before: dict[Cell, CellValue] = {}
    changes = submission.changes.filter(version__gt=seen).select_related("element", "group")
    for change in changes.order_by("version"):
        cell = (change.element.code, change.group.code)
        before.setdefault(cell, CellValue(change.old_value, change.old_no_data))
    return {cell: one for cell, one in typed.items() if cell not in before or one.state != before[cell]}


def _states(submission: Submission) -> dict[tuple[int, int], CellValue]:
    return {
        (value.element_id, value.group_id): CellValue(value.value, value.no_data)
        for value in DataValue.objects.filter(submission=submission)
    }
