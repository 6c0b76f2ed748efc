"""Every act the code writes into the log has words: its verb, its kind of thing, and what is told of it."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.utils import translation

from facilities.log_words import CHOICES, DEEDS, DETAILS, SUBJECTS, UNTOLD, VERBS
from facilities.presenters.log_choices import subject_types
from facilities.presenters.log_details import model_of
from indicators.actions.notes import LOGGED
from reporting.document_forms import TypedForm
from tests.config.test_architecture import APPS, ROOT, sources

RECORDERS = {"record", "record_each"}
# Each writes the verb it is given third.
PASSED_ON = {"_log", "_record"}
# What a verb made while the code runs may become, by how it begins.
MADE = {
    "note_": {str(kind) for kind in LOGGED},
    "write_": {form.part_of for form in TypedForm.__subclasses__()},
}
NOT_DETAILS = {"by", "verb", "subject", "area", "submissions"}
# What `**` may hold, where it is not a dictionary written out in the same function.
SPREAD = {
    "facilities/actions/reforms.py": {"kind", "date", "legal_basis", "ended", "begun"},
    "facilities/actions/places.py": {
        "areas", "successions", "facilities", "placements", "coverage", "contributions",
    },
    "indicators/actions/closing.py": {"period", "yearly", "note"},
    "plans/actions/history.py": {
        "indicator", "group", "year", "value", "numerator", "denominator", "source", "changes",
    },
    "indicators/actions/submissions.py": {"remark", "absence", "cells", "names"},
    "indicators/actions/corrections.py": set(),
    "reporting/actions/sending.py": set(),
}  # fmt: skip


def calls() -> Iterator[tuple[Path, ast.FunctionDef, ast.Call]]:
    for path in sources(*APPS):
        for function in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(function, ast.FunctionDef):
                for node in ast.walk(function):
                    name = getattr(node.func, "id", "") if isinstance(node, ast.Call) else ""
                    if name in RECORDERS | PASSED_ON:
                        yield path.relative_to(ROOT), function, node


def verbs_of(node: ast.expr, function: ast.FunctionDef) -> set[str]:
    """What the expression may be; a name must be the parameter that its callers fill."""
    if isinstance(node, ast.Constant):
        return {node.value}
    if isinstance(node, ast.IfExp):
        return verbs_of(node.body, function) | verbs_of(node.orelse, function)
    if isinstance(node, ast.JoinedStr):
        head = node.values[0].value
        return {f"{head}{tail}" for tail in MADE[head]}
    arguments = [*function.args.args, *function.args.kwonlyargs]
    assert isinstance(node, ast.Name) and node.id in {one.arg for one in arguments}, ast.unparse(node)
    return set()


def written_verbs() -> set[str]:
    found: set[str] = set()
    for _path, function, call in calls():
        if call.func.id in PASSED_ON:
            found |= verbs_of(call.args[2], function)
        else:
            found |= verbs_of(next(k.value for k in call.keywords if k.arg == "verb"), function)
    return found


def written_keys() -> set[str]:
    found: set[str] = set()
    for path, function, call in calls():
        for keyword in call.keywords:
            if keyword.arg:
                found |= {keyword.arg} - NOT_DETAILS
            else:
                found |= spread_keys(path.as_posix(), function, keyword.value)
    return found


def spread_keys(path: str, function: ast.FunctionDef, node: ast.expr) -> set[str]:
    """Keys of a dictionary written out in the function under this name; otherwise those listed above."""
    keys: set[str] = set()
    for one in ast.walk(function):
        targets = one.targets if isinstance(one, ast.Assign) else []
        for target in targets:
            both = isinstance(target, ast.Tuple) and isinstance(one.value, ast.Tuple)
            names, values = (target.elts, one.value.elts) if both else ([target], [one.value])
            for name, value in zip(names, values, strict=True):
                if isinstance(name, ast.Name) and name.id == getattr(node, "id", None):
                    keys |= {key.value for key in getattr(value, "keys", []) if key is not None}
    assert keys or path in SPREAD, f"{path}: say in SPREAD what **{ast.unparse(node)} holds"
    return keys | SPREAD.get(path, set())


def test_every_verb_has_words():
    written = written_verbs()
    assert {"approve", "note_reason", "write_additions", "ask_delivery", "update"} <= written
    assert written == set(VERBS)


def test_every_detail_has_words_or_is_left_out_on_purpose():
    assert written_keys() - DETAILS.keys() - UNTOLD == set()


def test_no_verb_stands_under_two_kinds():
    assert len(VERBS) == sum(len(deeds.verbs) for deeds in DEEDS.values())
    assert not VERBS.keys() & DEEDS.keys(), "the filter takes either"


@pytest.mark.parametrize("label", subject_types())
def test_every_kind_of_thing_is_named_in_vietnamese(label):
    model = model_of(label)
    with translation.override(None):
        assert str(model._meta.verbose_name) != model._meta.object_name.lower()


def test_choices_are_there():
    for (verb, key), path in CHOICES.items():
        model, _dot, name = path.rpartition(".")
        assert verb in VERBS and key in DETAILS
        assert model_of(model)._meta.get_field(name).flatchoices
    assert set(SUBJECTS) <= set(subject_types())
