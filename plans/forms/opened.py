"""Two people, one row: a form remembers what it showed when it was opened, field by field.

A form sends these marks back with what was typed. Where the row differs from them now, somebody else saved
meanwhile: nothing is saved, and the page shows what changed beside what was typed.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django import forms
from django.http import QueryDict

from plans.models import Target

FIELD = "opened"
MARK_LENGTH = 12


@dataclass(frozen=True)
class Difference:
    """A field somebody else changed: their value and the one typed, as the page shows them.

    `is_taken`: this person had left the field as it was, so that it now holds what the other saved.
    """

    label: str
    theirs: str
    typed: str
    is_taken: bool


def marks_of(form: forms.BaseForm) -> dict[str, str]:
    """A short mark of every field's stored value, read from what the form was opened with."""
    return {name: _mark(_stored(form, name)) for name in form.fields}


def pack(marks: Mapping[str, str]) -> str:
    """Marks as the text of a hidden field."""
    return json.dumps(marks, sort_keys=True, separators=(",", ":"))


def unpack(text: str) -> dict[str, str]:
    """Marks sent back; none where the text is not one that `pack` wrote."""
    try:
        marks = json.loads(text or "{}")
    except ValueError:
        return {}
    return marks if isinstance(marks, dict) else {}


def take_differences(form: forms.BaseForm, opened: Mapping[str, str]) -> list[Difference]:
    """What others saved since the form was opened.

    A field left untouched takes their value in; one typed in keeps what was typed. Call before the form is
    cleaned: it changes the form's data.
    """
    now = marks_of(form)
    changed = [name for name in form.fields if name in opened and opened[name] != now[name]]
    differences = []
    for name in changed:
        stored, typed = _stored(form, name), _typed(form, name)
        if _mark(typed) == now[name]:
            continue
        untouched = _mark(typed) == opened[name]
        label = str(form[name].label)
        differences.append(
            Difference(label, _words(form, name, stored), _words(form, name, typed), untouched)
        )
        if untouched:
            _take(form, name, stored)
    return differences


def mark_of_targets(targets: Iterable[Target]) -> str:
    """One mark for a year's targets: the text and everything it was said to mean."""
    rows = sorted(
        "|".join(
            str(part)
            for part in (t.kind, t.text, t.operator, _plain(t.value), _plain(t.upper), t.is_ambiguous)
        )
        for t in targets
    )
    return _mark(rows or "–")


def _plain(value: Decimal | None) -> str:
    return "" if value is None else f"{value.normalize():f}"


def _stored(form: forms.BaseForm, name: str) -> Any:
    field = form.fields[name]
    value = field.prepare_value(form.get_initial_for_field(field, name))
    return value if isinstance(field.widget, forms.CheckboxInput) else _shown(field, value)


def _typed(form: forms.BaseForm, name: str) -> Any:
    return form[name].data


def _shown(field: forms.Field, value: Any) -> Any:
    """As the widget would print it, a date as `2026-02-05`."""
    if isinstance(value, (list, tuple)):
        return [str(getattr(part, "pk", part)) for part in value]
    if value is None or isinstance(field.widget, forms.Select):
        return "" if value is None else str(value)
    return str(field.widget.format_value(value) or "")


def _mark(value: Any) -> str:
    if isinstance(value, (list, tuple)):
        text = "\n".join(sorted({str(part) for part in value} - {""}))
    else:
        text = "" if value is None else str(value).replace("\r\n", "\n").strip()
    return hashlib.sha256(text.encode()).hexdigest()[:MARK_LENGTH]


def _words(form: forms.BaseForm, name: str, value: Any) -> str:
    """A choice by its label, anything else as it stands."""
    field = form.fields[name]
    if isinstance(value, bool):
        return "✓" if value else "–"
    if not hasattr(field, "choices"):
        return str(value or "–").strip()
    chosen = {str(part) for part in (value if isinstance(value, (list, tuple)) else [value])}
    labels = [str(label) for key, label in _flat(field.choices) if str(key) in chosen and str(key)]
    return ", ".join(labels) or "–"


def _flat(choices: Any) -> list[tuple[Any, Any]]:
    flat = []
    for key, label in choices:
        flat += _flat(label) if isinstance(label, (list, tuple)) else [(key, label)]
    return flat


def _take(form: forms.BaseForm, name: str, value: Any) -> None:
    data = form.data.copy() if isinstance(form.data, QueryDict) else QueryDict(mutable=True)
    key = form.add_prefix(name)
    data.pop(key, None)
    if isinstance(value, (list, tuple)):
        data.setlist(key, list(value))
    elif value is True:
        data[key] = "on"
    elif value is not False:
        data[key] = value
    form.data = data
