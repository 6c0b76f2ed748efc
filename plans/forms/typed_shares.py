"""What was typed by hand beside what a method or a file says: that fills the table, and what was typed stays."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.http import QueryDict

from facilities.models import Area
from facilities.numbers import format_number
from facilities.text import printable
from plans.actions.allocations import LONGEST
from plans.allocation import Goal
from plans.forms.allocations import SharesForm, TermsForm, name_of

KEPT = "kept"
LONGEST_TEXT = 5000
CHOICE = ("method", "level", "adds_up")
# The page's own fields, as a draft keeps them.
FIELDS = re.compile(r"(initial-)?v\d{1,12}|" + "|".join([*CHOICE, "opened", *TermsForm.base_fields]))


@dataclass(frozen=True)
class Kept:
    """A place whose typed value stays beside another one offered; texts as they are read, "" for none."""

    area: Area
    field: str
    typed: str
    offered: str


def has_shares(sent: QueryDict, areas: Sequence[Area]) -> bool:
    return any(name_of(area.pk) in sent for area in areas)


def typed_fields(sent: Mapping[str, str]) -> dict[str, str]:
    """The page's own fields of what was sent, as a draft keeps them: without what no database holds.

    Texts about the version are refused where they are too long, not cut: to be shortened they must be there.
    """
    longest = dict.fromkeys(TermsForm.base_fields, LONGEST_TEXT)
    return {
        name: printable(text)[: longest.get(name, LONGEST)]
        for name, text in sent.items()
        if FIELDS.fullmatch(name)
    }


def as_sent(fields: Mapping[str, str]) -> QueryDict:
    """A draft as the page would send it."""
    data = QueryDict(mutable=True)
    data.update(fields)
    return data


def with_values(
    sent: QueryDict, *, goal: Goal, areas: Sequence[Area], values: Mapping[int, Decimal | None]
) -> tuple[SharesForm, list[Kept]]:
    """The table filled with `values` (by area id), and the places where what was typed differs from them.

    A place that `values` does not name is left blank unless something was typed.
    """
    typed = SharesForm(sent, goal=goal, areas=areas)
    typed.is_valid()
    changed, data, kept = set(typed.changed_data), QueryDict(mutable=True), []
    for area in areas:
        name = name_of(area.pk)
        offered = _text(values.get(area.pk))
        data[typed[name].html_initial_name] = data[name] = offered
        if name not in changed:
            continue
        data[name] = sent.get(name, "")
        if area.pk in values and typed.cleaned_data.get(name, data[name]) != values[area.pk]:
            kept.append(Kept(area, name, data[name], offered))
    return SharesForm(data, goal=goal, areas=areas), kept


def taken(sent: QueryDict, *, goal: Goal, areas: Sequence[Area]) -> SharesForm:
    """The table with the value offered in every place that was listed as kept."""
    data = sent.copy()
    form = SharesForm(data, goal=goal, areas=areas)
    for name in set(sent.getlist(KEPT)) & set(form.fields):
        data[name] = sent.get(form[name].html_initial_name, "")
    return form


def _text(value: Decimal | None) -> str:
    return "" if value is None else format_number(value.normalize() + 0)
