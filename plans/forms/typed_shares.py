"""A file of shares beside what was typed by hand: the file fills the table, and what was typed stays."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.http import QueryDict

from facilities.models import Area
from facilities.numbers import format_number
from plans.allocation import Goal
from plans.forms.allocations import SharesForm, name_of

KEPT = "kept"


@dataclass(frozen=True)
class Kept:
    """A place whose typed value stays beside another one in the file; texts as they are read, "" for none."""

    area: Area
    field: str
    typed: str
    in_file: str


def has_shares(sent: QueryDict, areas: Sequence[Area]) -> bool:
    return any(name_of(area.pk) in sent for area in areas)


def with_file(
    sent: QueryDict, *, goal: Goal, areas: Sequence[Area], values: Mapping[int, Decimal | None]
) -> tuple[SharesForm, list[Kept]]:
    """The table as it comes back after an upload, and the places where the typed value differs from the file's.

    `values` holds what the file says by area id; a place it does not name is left blank unless something was typed.
    """
    typed = SharesForm(sent, goal=goal, areas=areas)
    typed.is_valid()
    changed, data, kept = set(typed.changed_data), QueryDict(mutable=True), []
    for area in areas:
        name = name_of(area.pk)
        in_file = _text(values.get(area.pk))
        data[typed[name].html_initial_name] = data[name] = in_file
        if name not in changed:
            continue
        data[name] = sent.get(name, "")
        if area.pk in values and typed.cleaned_data.get(name, data[name]) != values[area.pk]:
            kept.append(Kept(area, name, data[name], in_file))
    return SharesForm(data, goal=goal, areas=areas), kept


def taken_from_file(sent: QueryDict, *, goal: Goal, areas: Sequence[Area]) -> SharesForm:
    """The table with the file's value in every place that was listed as kept."""
    data = sent.copy()
    form = SharesForm(data, goal=goal, areas=areas)
    for name in set(sent.getlist(KEPT)) & set(form.fields):
        data[name] = sent.get(form[name].html_initial_name, "")
    return form


def _text(value: Decimal | None) -> str:
    return "" if value is None else format_number(value.normalize() + 0)
