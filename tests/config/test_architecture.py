"""The shape holds: imports go one way, pure modules know no Django, no migration is missing."""

from __future__ import annotations

import ast
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command

ROOT = Path(__file__).resolve().parents[2]
APPS = ["facilities", "indicators", "plans", "reporting"]
PURE = [
    "facilities/boundaries.py",
    "facilities/covering.py",
    "facilities/numbers.py",
    "facilities/periods.py",
    "facilities/reform_orders.py",
    "facilities/table_cells.py",
    "facilities/text.py",
    "facilities/working_days.py",
    "indicators/cell_json.py",
    "indicators/definitions",
    "indicators/entry_batch.py",
    "indicators/event_tables.py",
    "indicators/events.py",
    "indicators/expressions.py",
    "indicators/figure_file.py",
    "indicators/gaps.py",
    "indicators/intervals.py",
    "indicators/plausible",
    "indicators/projection.py",
    "indicators/reminder_days.py",
    "indicators/robust.py",
    "indicators/seasonality.py",
    "indicators/sheet_check.py",
    "indicators/slips.py",
    "indicators/suppression.py",
    "indicators/timing.py",
    "indicators/tracing/weights.py",
    "indicators/usual.py",
    "indicators/values.py",
    "indicators/witnesses.py",
    "indicators/workbooks/apart.py",
    "indicators/workbooks/container.py",
    "indicators/workbooks/elements.py",
    "indicators/workbooks/layout.py",
    "plans/allocation",
    "plans/assessment",
    "plans/charts",
    "plans/files",
    "plans/targets",
    "reporting/differences",
    "reporting/exchange.py",
    "reporting/renderers/xlsx/names.py",
    "reporting/renderers/xlsx/totals.py",
]
LAYERS = {
    "models": 0,
    "actions": 1,
    "presenters": 1,
    "views": 2,
    "api": 2,
    "tasks": 2,
    "management": 2,
    "admin": 2,
}


def sources(*folders: str) -> list[Path]:
    found: list[Path] = []
    for folder in folders:
        path = ROOT / folder
        found += [path] if path.is_file() else sorted(path.rglob("*.py"))
    return [path for path in found if "migrations" not in path.parts]


def imports(path: Path, *, at_top: bool = False) -> set[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    nodes = tree.body if at_top else list(ast.walk(tree))
    names: set[str] = set()
    for node in nodes:
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names |= {f"{node.module}.{alias.name}" for alias in node.names}
    return names


@pytest.mark.parametrize("app", APPS)
def test_an_app_imports_only_itself_and_those_before_it(app):
    later = APPS[APPS.index(app) + 1 :]
    wrong = {
        f"{path.relative_to(ROOT)} imports {name}"
        for path in sources(app)
        for name in imports(path)
        if name.split(".")[0] in later
    }
    assert wrong == set()


def test_pure_modules_import_no_django():
    assert all((ROOT / module).exists() for module in PURE)
    wrong = {
        f"{path.relative_to(ROOT)} imports {name}"
        for path in sources(*PURE)
        for name in imports(path)
        if name.split(".")[0] in {"django", "rest_framework", "celery"} or ".models" in name
    }
    assert wrong == set()


def test_the_four_doors_do_not_call_each_other():
    """Models and actions import no door; no door imports another (a bell rung inside a function is data)."""
    wrong = set()
    for path in sources(*APPS):
        layer = LAYERS.get(path.relative_to(ROOT).parts[1].removesuffix(".py"))
        if layer is None:
            continue
        for name in imports(path, at_top=True):
            parts = name.split(".")
            other = LAYERS.get(parts[1]) if parts[0] in APPS and len(parts) > 1 else None
            own_door = parts[:2] == [
                path.relative_to(ROOT).parts[0],
                path.relative_to(ROOT).parts[1].removesuffix(".py"),
            ]
            if other is not None and not own_door and (other > layer or other == layer == 2):
                wrong.add(f"{path.relative_to(ROOT)} imports {name}")
    assert wrong == set()


@pytest.mark.django_db
def test_no_migration_is_missing():
    call_command("makemigrations", check=True, dry_run=True, stdout=StringIO())


def test_files_stay_readable():
    """A file holds one idea: past 400 lines it must be split."""
    long = {
        f"{path.relative_to(ROOT)}: {n}"
        for path in sources(*APPS, "config")
        if (n := len(path.read_text().splitlines())) > 400
    }
    assert long == set()
