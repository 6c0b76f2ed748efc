"""The catalogue: groups, elements, forms, rules and indicators, read from `indicators/data/*.yaml`."""

from __future__ import annotations

from pathlib import Path

from indicators.definitions import entries
from indicators.definitions.checks import check
from indicators.definitions.reader import Notes, read_list
from indicators.definitions.shapes import (
    Catalogue,
    DefinitionError,
    Element,
    Form,
    Group,
    Indicator,
    Item,
    Problem,
    Rule,
    Section,
    Term,
)

__all__ = [
    "Catalogue",
    "DefinitionError",
    "Element",
    "Form",
    "Group",
    "Indicator",
    "Item",
    "Problem",
    "Rule",
    "Section",
    "Term",
    "load",
]

FOLDER = Path(__file__).resolve().parent.parent / "data"
BUILDERS: dict[str, entries.Builder] = {
    "groups": entries.group,
    "elements": entries.element,
    "forms": entries.form,
    "rules": entries.rule,
    "indicators": entries.indicator,
}


def load(folder: Path = FOLDER) -> Catalogue:
    """Read and check the five files of `folder`.

    Raises DefinitionError listing every mistake found as (file, entry, problem). What must hold between
    entries is checked once each can be read by itself: one typing error must not bring a hundred others.
    """
    notes = Notes()
    parts = {name: _read(Path(folder), f"{name}.yaml", builder, notes) for name, builder in BUILDERS.items()}
    if not notes.problems:
        catalogue = Catalogue(**parts)
        check(catalogue, notes)
    if notes.problems:
        raise DefinitionError(notes.problems)
    return catalogue


def _read(folder: Path, file: str, builder: entries.Builder, notes: Notes) -> tuple:
    built = []
    for number, raw in enumerate(read_list(folder, file, notes), start=1):
        code = raw.get("code") if isinstance(raw, dict) else None
        built.append(builder(file, str(code or f"mục {number}"), raw, notes))
    return tuple(value for value in built if value)
