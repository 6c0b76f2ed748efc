"""YAML entries into frozen values, noting every mistake instead of stopping at the first."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import yaml

from indicators.definitions.shapes import Problem

REQUIRED = object()


class StrictLoader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):
    """Refuse a key written twice in one entry: YAML would silently keep the last."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        written = [key.value for key, _ in node.value if isinstance(key, yaml.ScalarNode)]
        if twice := sorted({key for key in written if written.count(key) > 1}):
            raise yaml.constructor.ConstructorError(
                None, None, f"khóa {', '.join(twice)} viết hai lần", node.start_mark
            )
        return super().construct_mapping(node, deep)


@dataclass
class Notes:
    """The mistakes found so far."""

    problems: list[Problem] = field(default_factory=list)

    def add(self, file: str, entry: str, problem: str) -> None:
        self.problems.append(Problem(file, entry, problem))


@dataclass(frozen=True)
class Field:
    """What a key may hold: a type, one of some words, up to a length. Without a default it must be there."""

    type: type = str
    default: Any = REQUIRED
    choices: tuple[str, ...] = ()
    length: int = 0

    def problem(self, value: Any) -> str:
        """What is wrong with `value`, "" if nothing."""
        # Exactly the type: True is no number and a date with a time is no date.
        if type(value) is not self.type:
            return f"“{value}” không phải {TYPE_WORDS[self.type]}"
        if self.type is str and not value.strip():
            return "để trống"
        if self.choices and value not in self.choices:
            return f"“{value}” không thuộc {', '.join(self.choices)}"
        if self.length and len(value) > self.length:
            return f"“{value}” dài quá {self.length} ký tự"
        return ""


TYPE_WORDS = {
    str: "chữ (viết trong dấu nháy)",
    int: "số nguyên",
    bool: "true hoặc false",
    list: "danh sách",
    dict: "các dòng “khóa: giá trị”",
    date: "ngày (YYYY-MM-DD)",
}


def read_list(folder: Path, file: str, notes: Notes) -> list[Any]:
    """The entries of one file; none, with a note, if it can not be read as a list."""
    try:
        content = yaml.load((folder / file).read_text(encoding="utf-8"), StrictLoader)  # noqa: S506
    except (OSError, UnicodeDecodeError) as error:
        notes.add(file, "-", f"không mở được tệp: {error}")
        return []
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        place = f"dòng {mark.line + 1}" if mark else "-"
        notes.add(file, place, f"không đúng cú pháp YAML: {getattr(error, 'problem', error)}")
        return []
    if not isinstance(content, list):
        notes.add(file, "-", "tệp phải là một danh sách")
        return []
    return content


def read_entry(
    file: str, entry: str, raw: Any, fields: dict[str, Field], notes: Notes
) -> dict[str, Any] | None:
    """Check one mapping against its fields; the values with defaults filled in, or None with notes."""
    if not isinstance(raw, dict):
        notes.add(file, entry, "phải gồm các dòng “khóa: giá trị”")
        return None
    found, before = {}, len(notes.problems)
    for key in sorted(raw.keys() - fields.keys(), key=str):
        notes.add(file, entry, f"khóa lạ “{key}”")
    for key, spec in fields.items():
        value = raw.get(key)
        if value is None:
            if spec.default is REQUIRED:
                notes.add(file, entry, f"thiếu “{key}”")
            found[key] = spec.default
        elif problem := spec.problem(value):
            notes.add(file, entry, f"{key}: {problem}")
        else:
            found[key] = value
    return found if len(notes.problems) == before else None


def read_decimal(file: str, entry: str, value: Any, notes: Notes) -> Decimal:
    """A coefficient such as -1 or 0.5; 1, with a note, if it is not a number or is 0."""
    if isinstance(value, int | float) and not isinstance(value, bool) and value:
        return Decimal(str(value))
    notes.add(file, entry, f"coefficient: “{value}” không phải số khác 0")
    return Decimal(1)
