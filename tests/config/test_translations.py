"""English is complete: every source text has one, none escapes translation, and pages show it."""

from __future__ import annotations

import ast
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import polib
import pytest
from django.template.base import Lexer, TokenType

from config.messages import HEADER, LOCALE, ROOT, extract

ENGLISH = LOCALE / "en" / "LC_MESSAGES" / "django.po"
CODE = ("config", "facilities", "indicators", "plans", "reporting")
VIETNAMESE = re.compile("[ÀÁÂÃÈÉÊÌÍÒÓÔÕÙÚÝàáâãèéêìíòóôõùúýĂăĐđĨĩŨũƠơƯưẠ-ỹ]")
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd]|<[^>]+>")
GETTEXT = {"_", "gettext", "gettext_lazy", "ngettext", "ngettext_lazy", "pgettext", "pgettext_lazy"}

# Examples of what plans and names of places look like.
QUOTED = {"Phường Kinh Bắc", "dưới 11,5", "Tăng 0,1", "Phó Giám đốc", "Lưu: VT, ......"}
# Vietnamese that stays Vietnamese for every reader: a file or folder, and why.
STAYS = {
    "config/demo.py": "names of provinces in what the demonstration prints",
    "facilities/gazetteer.py": "kinds and names of places are data",
    "facilities/registry.py": "names of facilities are data",
    "facilities/numbers.py": "amounts in words, for the official report",
    "facilities/text.py": "folds letters",
    "facilities/exchange.py": "kinds and names of places are data",
    "indicators/actions/generation.py": "made-up data",
    "indicators/actions/plausible_places.py": "names of places are data",
    "indicators/plausible": "made-up data",
    "indicators/definitions": "errors of the project's own data files, told by load_catalogue",
    "indicators/expressions.py": "marked where it knows no Django, translated where the administration shows it",
    "indicators/figure_file.py": "errors of a file, told by the import commands",
    "indicators/values.py": "words a person may type in a cell",
    "plans/actions/entered_import.py": "words a file may hold",
    "plans/actions/load.py": "errors of a plan's file, told by load_plan",
    "plans/actions/load_lines.py": "errors of a plan's file, told by load_plan",
    "plans/actions/load_tasks.py": "errors of a plan's file, told by load_plan",
    "plans/actions/references.py": "errors of a plan's file, told by load_plan",
    "plans/files": "errors of a plan's file, told by load_plan",
    "plans/targets": "words of printed targets",
    "reporting/actions/files.py": "file names of the official report",
    "reporting/actions/verify.py": "what the command verify prints",
    "reporting/checks.py": "letters the report's font must have",
    "reporting/content": "the official report",
    "reporting/exchange.py": "metadata of official documents",
    "reporting/renderers": "the official report",
    "reporting/signatures/appearance.py": "what a signature prints on the official report",
    "reporting/signatures/certificates.py": "the mark that trial certificates carry",
    "reporting/signatures/trial.py": "the names of trial certificates",
    "templates/500.html": "stands alone and says it in both languages",
}
TEXTS_THAT_STAY = {
    ("config/settings.py", "Tiếng Việt"): "the language's own name",
    ("facilities/models/people.py", "Tiếng Việt"): "the language's own name",
    ("templates/_components/header.html", "VI – Tiếng Việt"): "the language's own name",
    ("facilities/models/log.py", "hệ thống"): "stored in the log, translated where it is shown",
    ("indicators/actions/catalogue.py", "Tất cả"): "data; its English twin stands beside it",
    ("reporting/actions/signing.py", " (đã ký).pdf"): "a file name of the official report",
    ("facilities/templatetags/portal.py", "tháng "): "chosen by language where it stands",
}


def copy_sources(folder: Path) -> Path:
    """A copy of everything source texts come from, so that gathering leaves the project as it is."""
    data = shutil.ignore_patterns("__pycache__", "data", "*.woff2", "*.mo")
    for name in (*CODE, "templates", "static", "locale"):
        shutil.copytree(ROOT / name, folder / name, ignore=data)
    return folder


@pytest.fixture
def gathered(tmp_path, settings):
    if not shutil.which("xgettext"):
        pytest.skip("needs gettext")
    folder = copy_sources(tmp_path)
    settings.LOCALE_PATHS = [folder / "locale"]
    return folder


def test_every_source_text_has_an_english_text(gathered):
    assert extract(gathered) == [], "gather with `python -m config.messages --extract`, then translate"
    now = {(e.msgctxt, e.msgid) for e in polib.pofile(str(gathered / ENGLISH.relative_to(ROOT)))}
    assert now == {(e.msgctxt, e.msgid) for e in polib.pofile(str(ENGLISH))}


def test_a_new_text_without_an_english_one_is_found(gathered):
    (gathered / "plans" / "new.py").write_text('from x import gettext as _\n_("Chữ mới trong mã")\n')
    (gathered / "templates" / "new.html").write_text(
        '{% load i18n %}{% translate "Chữ mới trong trang" %}'
        "{% blocktranslate count n=2 %}{{ n }} chữ mới{% plural %}{{ n }} chữ mới{% endblocktranslate %}"
    )
    assert set(extract(gathered)) == {"Chữ mới trong mã", "Chữ mới trong trang", "%(n)s chữ mới"}


def test_english_texts_are_english_and_keep_their_placeholders():
    catalogue = polib.pofile(str(ENGLISH))
    assert catalogue.metadata == HEADER
    assert catalogue.obsolete_entries() == [] and catalogue.fuzzy_entries() == []
    for entry in catalogue:
        for text in [entry.msgstr] if not entry.msgid_plural else entry.msgstr_plural.values():
            assert sorted(PLACEHOLDER.findall(text)) == sorted(PLACEHOLDER.findall(entry.msgid)), entry.msgid
            assert not VIETNAMESE.search(_without(text, QUOTED)), entry.msgid


def test_vietnamese_in_templates_stands_in_translation_tags():
    bare = {
        f"{path.relative_to(ROOT)}:{line}: {text.strip()}"
        for path in sorted((ROOT / "templates").rglob("*.html"))
        if not _stays(path)
        for line, text in _untranslated(path)
        if VIETNAMESE.search(_without(text, _kept_in(path)))
    }
    assert bare == set()


def test_scripts_and_styles_hold_no_words():
    files = [path for kind in ("js", "css") for path in (ROOT / "static").rglob(f"*.{kind}")]
    words = {path.name: re.sub(r"/\*.*?\*/", "", path.read_text("utf-8"), flags=re.DOTALL) for path in files}
    read = {"block.js", "numbers.js"}  # words a person may type or paste, never shown
    assert {name for name, text in words.items() if VIETNAMESE.search(text)} == read


def test_vietnamese_in_code_stands_in_gettext_calls():
    bare = {
        f"{path.relative_to(ROOT)}:{line}: {text}"
        for folder in CODE
        for path in sorted((ROOT / folder).rglob("*.py"))
        if not _stays(path)
        for line, text in _bare_strings(path)
        if VIETNAMESE.search(text) and text not in _kept_in(path)
    }
    assert bare == set()


def test_what_stays_vietnamese_is_still_there():
    assert [name for name in STAYS if not (ROOT / name).exists()] == []
    assert [key for key in TEXTS_THAT_STAY if key[1] not in (ROOT / key[0]).read_text("utf-8")] == []


def _without(text: str, known: set[str]) -> str:
    for part in sorted(known, key=len, reverse=True):
        text = text.replace(part, "")
    return text


def _kept_in(path: Path) -> set[str]:
    return {text for (name, text) in TEXTS_THAT_STAY if ROOT / name == path}


def _stays(path: Path) -> bool:
    """Migrations only store states; commands speak Vietnamese to whoever runs the server."""
    parts = path.relative_to(ROOT).parts
    own = {Path(*parts[:length]).as_posix() for length in range(1, len(parts) + 1)}
    return "migrations" in parts or "management" in parts or bool(own & STAYS.keys())


def _untranslated(path: Path) -> Iterator[tuple[int, str]]:
    """What a template prints or passes on without translating it, by line."""
    inside = False
    for token in Lexer(path.read_text(encoding="utf-8")).tokenize():
        name = token.contents.split(maxsplit=1)[0] if token.contents.strip() else ""
        if token.token_type == TokenType.BLOCK and name in ("blocktranslate", "endblocktranslate"):
            inside = name == "blocktranslate"
        elif token.token_type == TokenType.COMMENT or inside or name == "translate":
            continue
        elif token.token_type == TokenType.TEXT:
            yield token.lineno, token.contents
        else:
            yield token.lineno, re.sub(r"_\((\"[^\"]*\"|'[^']*')\)", "", token.contents)


def _bare_strings(path: Path) -> Iterator[tuple[int, str]]:
    """Strings of a module that are neither docstrings nor source texts of a translation."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    skipped: set[int] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and _name(node.func) in GETTEXT:
            skipped |= {id(argument) for argument in node.args}
        elif isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef) and node.body:
            first = node.body[0]
            skipped |= {id(first.value)} if isinstance(first, ast.Expr) else set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in skipped:
            yield node.lineno, node.value


def _name(function: ast.expr) -> str:
    return function.id if isinstance(function, ast.Name) else getattr(function, "attr", "")


def test_texts_read_at_import_are_lazy():
    """A text translated while a module loads would keep the language of that moment for every reader."""
    eager = {
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for folder in CODE
        for path in sorted((ROOT / folder).rglob("*.py"))
        for node in _read_at_import(ast.parse(path.read_text(encoding="utf-8")))
    }
    assert eager == set()


def _read_at_import(tree: ast.Module) -> Iterator[ast.expr]:
    """Eager gettext calls outside functions, and lazy ones filled in on the spot."""
    eager = {
        alias.asname or alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module == "django.utils.translation"
        for alias in node.names
        if alias.name in {"gettext", "ngettext", "pgettext"}
    }
    waiting: list[ast.AST] = list(tree.body)
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            continue
        if isinstance(node, ast.Call) and _name(node.func) in eager:
            yield node
        if (
            isinstance(node, ast.BinOp)
            and isinstance(node.left, ast.Call)
            and _name(node.left.func) in GETTEXT
        ):
            yield node
        waiting += ast.iter_child_nodes(node)
