"""What the log keeps of an act, in words: facts of it, and fields as "before → after"."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any

from django.apps import apps
from django.contrib.admin.models import LogEntry
from django.core.exceptions import FieldDoesNotExist
from django.db.models import Field, Model
from django.utils.functional import Promise
from django.utils.translation import pgettext

from facilities.log_hooks import Change
from facilities.log_words import CHOICES, CODES, DETAILS, OTHERWISE, UNTOLD
from facilities.models import AuditEvent
from facilities.numbers import format_number

DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
MONTH = re.compile(r"[0-9]{4}-[0-9]{2}")
DECIMAL = re.compile(r"-?[0-9]+(\.[0-9]+)?")
HASH, HASH_SHOWN = re.compile(r"[0-9a-f]{64}"), 12
FIGURES = frozenset({"value", "numerator", "denominator"})
PAIR = ("before", "after")
YEARS_UP_TO = 9999  # a year has no dots


@dataclass(frozen=True)
class Fact:
    label: str
    text: str

    @property
    def short(self) -> str:
        """As a page shows it: the first letters of a hash tell it from others."""
        return f"{self.text[:HASH_SHOWN]}…" if HASH.fullmatch(self.text) else self.text


def facts_of(event: AuditEvent, details: Mapping[str, Any]) -> list[Fact]:
    """The details that are facts, in the order of DETAILS; "before" and "after" are changes where both stand."""
    apart = {"changes", *(PAIR if _is_pair(details) else ())}
    known = [key for key in DETAILS if key in details and key not in apart]
    more = [key for key in details if key not in DETAILS and key not in UNTOLD]
    facts = []
    for key in [*known, *more]:
        text = _words(event.verb, key, details[key])
        if text:
            label = OTHERWISE.get((event.verb, key)) or DETAILS.get(key, key)
            facts.append(Fact(str(label), text))
    return facts


def changes_of(event: AuditEvent, details: Mapping[str, Any]) -> list[Change]:
    """Fields with what they were and became. The administration names only the fields."""
    if _is_pair(details):
        before, after = (_words(event.verb, key, details[key]) for key in PAIR)
        return [Change("", before, after)]
    changes = details.get("changes")
    if isinstance(changes, dict):
        return [change for name, pair in changes.items() for change in _field_change(event, name, pair)]
    return []


def administration_words(details: Mapping[str, Any]) -> str:
    """Which fields the administration changed, as Django says it."""
    changes = details.get("changes")
    if not isinstance(changes, list):
        return ""
    return LogEntry(change_message=json.dumps(changes)).get_change_message()


def _is_pair(details: Mapping[str, Any]) -> bool:
    return all(key in details for key in PAIR)


def _field_change(event: AuditEvent, name: str, pair: Any) -> Iterator[Change]:
    field = _field(event.subject_type, name)
    label = str(getattr(field, "verbose_name", name))
    if not (isinstance(pair, list) and len(pair) == 2):
        yield Change(label, after=_plain(pair))
    elif field is not None and field.is_relation:
        # A row's number says nothing; that it points elsewhere does.
        yield Change(label, is_hidden=True)
    else:
        before, after = (_field_words(field, text) for text in pair)
        yield Change(label, before, after)


@cache
def _field(subject_type: str, name: str) -> Field | None:
    model = model_of(subject_type)
    try:
        return model._meta.get_field(name) if model else None
    except FieldDoesNotExist:
        return None


def model_of(subject_type: str) -> type[Model] | None:
    """The model that a stored label names; None where the code no longer has it."""
    try:
        return apps.get_model(subject_type)
    except (LookupError, ValueError):
        return None


def kind_words(subject_type: str) -> str:
    model = model_of(subject_type)
    return str(model._meta.verbose_name) if model else subject_type


def _field_words(field: Field | None, text: Any) -> str:
    if field is not None and field.flatchoices:
        return str(dict(field.flatchoices).get(text, text))
    return _plain(text)


def _words(verb: str, key: str, value: Any) -> str:
    """One detail as a reader reads it."""
    if (verb, key) in CHOICES:
        return _choice(CHOICES[verb, key], value)
    if key in CODES and isinstance(value, str):
        return str(CODES[key].get(value, value))
    if key in FIGURES and DECIMAL.fullmatch(str(value)):
        return format_number(Decimal(str(value)))
    if key == "certificate" and isinstance(value, dict):
        return _plain(value.get("subject", ""))
    if key == "files" and isinstance(value, list):
        return ", ".join(_plain(file.get("name") if isinstance(file, dict) else file) for file in value)
    if key == "narrative" and isinstance(value, dict):
        return str(sum(bool(text) for text in value.values()) or "")
    return _plain(value)


def _choice(path: str, value: Any) -> str:
    model, _dot, name = path.rpartition(".")
    choices: dict[Any, str | Promise] = dict(apps.get_model(model)._meta.get_field(name).flatchoices)
    return str(choices.get(value, value) if isinstance(value, str | int) else value)


def _plain(value: Any) -> str:
    """Days and months as people write them, lists with commas, yes and no in words; "" for nothing."""
    if value is None or value == "":
        return ""
    if isinstance(value, bool) or value in ("True", "False"):
        yes = value in (True, "True")
        return pgettext("nhật ký", "có") if yes else pgettext("nhật ký", "không")
    if isinstance(value, list):
        return ", ".join(filter(None, map(_plain, value)))
    if isinstance(value, dict):
        return "; ".join(f"{key}: {_plain(text)}" for key, text in value.items())
    if isinstance(value, int | float):
        return format_number(Decimal(str(value))) if abs(value) > YEARS_UP_TO else str(value)
    return _day(value) if DAY.fullmatch(value) else _month(value) if MONTH.fullmatch(value) else str(value)


def _day(text: str) -> str:
    try:
        return f"{date.fromisoformat(text):%d/%m/%Y}"
    except ValueError:
        return text


def _month(text: str) -> str:
    year, _dash, month = text.partition("-")
    return f"{int(month)}/{year}"
