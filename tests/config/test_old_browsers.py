"""The browser's side uses nothing newer than Chromium 109 and Firefox 115 know: linted, and the linter is tried."""

from __future__ import annotations

import fcntl
import hashlib
import json
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
LINT = ROOT / "tests" / "lint"
STATIC = ROOT / "static"
# Attributes and elements that Chromium 109 or Firefox 115 would pass over.
NEWER_HTML = re.compile(
    r"<[a-z][^>]*\s(popover|popovertarget|commandfor|interestfor|closedby|writingsuggestions)\b|<details[^>]*\sname=",
    re.IGNORECASE,
)
NEWER_SCRIPT = {
    "syntax": ("export const all = /[\\p{L}--a]/v;", "es-x/no-regexp-v-flag"),
    "import attributes": (
        'import x from "./x.json" with { type: "json" };\nx();',
        "es-x/no-import-attributes",
    ),
    "method of an array": ("export const sorted = (list) => list.toSorted();", "portal/newer-members"),
    "method of an iterator": (
        "export const f = (m) => m.values().map((x) => x);",
        "no-restricted-syntax",
    ),
    "method of an element": ("document.body.togglePopover();", "portal/newer-members"),
    "static method": ("URL.canParse(location.href);", "portal/newer-members"),
    "interface": ("export const pattern = new URLPattern();", "compat/compat"),
}
NEWER_CSS = {
    "selector": "tr:has(.check) { color: red; }",
    "nesting": "tr { & td { color: red; } }",
    "function": "p { color: color-mix(in srgb, red, blue); }",
    "property": "p { field-sizing: content; }",
    "words of a sign": '.met::before { content: "✓" / ""; }',
    "at-rule": "@starting-style { p { color: red; } }",
    "pseudo-element": "details::details-content { display: block; }",
}
FINE_CSS = {
    "a plain sign first": '.met::before { content: "✓"; content: "✓" / ""; }',
    "behind a question": "@supports selector(:has(a)) { tr:has(a) { color: red; } }",
    "known to both": "p:is(.a, .b):focus-visible { inset: 0; min-height: 100dvh; aspect-ratio: 1; }",
}


@pytest.fixture(scope="module")
def programs() -> Path:
    """The folder of the linters, installed once for each content of the lock file."""
    if not shutil.which("node") or not shutil.which("npm"):
        pytest.skip("node and npm are not installed: as root `make test` installs Debian's nodejs and npm")
    stamp = LINT / "node_modules" / ".installed"
    wanted = hashlib.sha256((LINT / "package-lock.json").read_bytes()).hexdigest()
    with (LINT / ".installing").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # two test workers install once
        if not stamp.exists() or stamp.read_text() != wanted:
            run("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error", where=LINT)
            stamp.write_text(wanted)
    return LINT / "node_modules" / ".bin"


def run(*command: str, where: Path = ROOT, fine: tuple[int, ...] = (0,)) -> subprocess.CompletedProcess[str]:
    done = subprocess.run(command, cwd=where, capture_output=True, text=True, check=False, timeout=300)
    assert done.returncode in fine, done.stdout + done.stderr
    return done


def faults_of_script(programs: Path, paths: list[Path]) -> list[tuple[str, str]]:
    """(rule, place and words) of everything newer in scripts; a text that can not be read is a fault too."""
    config = str(LINT / "eslint.config.js")
    done = run(
        str(programs / "eslint"),
        "--config",
        config,
        "--format",
        "json",
        *map(str, paths),
        fine=(0, 1),
    )
    return [
        (fault["ruleId"] or "unreadable", f"{file['filePath']}:{fault.get('line')}: {fault['message']}")
        for file in json.loads(done.stdout)
        for fault in file["messages"]
    ]


def faults_of_css(programs: Path, *paths: Path, text: str = "") -> list[str]:
    command = [
        str(programs / "stylelint"),
        "--config",
        str(LINT / "stylelint.config.js"),
        "--formatter",
        "json",
    ]
    done = subprocess.run(
        [*command, *map(str, paths)],
        cwd=ROOT,
        input=text or None,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode in {0, 2}, done.stdout + done.stderr
    # Stylelint writes its findings on standard error.
    return [
        f"{file['source']}:{fault['line']}: {fault['text']}"
        for file in json.loads(done.stderr or done.stdout)
        for fault in file["warnings"] + file["parseErrors"]
    ]


@pytest.fixture
def scratch() -> Iterator[Path]:
    """A folder inside the project: the linters read no file outside it."""
    with tempfile.TemporaryDirectory(dir=LINT, prefix=".scratch-") as folder:
        yield Path(folder)


class TestOldBrowsers:
    def test_scripts_use_nothing_newer(self, programs):
        scripts = sorted(STATIC.rglob("*.js"))
        assert scripts
        assert faults_of_script(programs, scripts) == []

    def test_styles_use_nothing_newer(self, programs):
        styles = sorted(STATIC.rglob("*.css"))
        assert styles
        assert faults_of_css(programs, *styles) == []

    def test_templates_use_no_newer_attribute(self):
        found = [
            str(path.relative_to(ROOT))
            for path in (ROOT / "templates").rglob("*.html")
            if NEWER_HTML.search(path.read_text())
        ]
        assert found == []

    def test_the_lint_finds_every_kind_of_newer_script(self, programs, scratch):
        paths = {name: scratch / f"{number}.js" for number, name in enumerate(NEWER_SCRIPT)}
        for name, path in paths.items():
            path.write_text(NEWER_SCRIPT[name][0])
        faults = faults_of_script(programs, list(paths.values()))
        missed = [
            name
            for name, path in paths.items()
            if not any(rule == NEWER_SCRIPT[name][1] and str(path) in words for rule, words in faults)
        ]
        assert missed == []

    def test_a_service_worker_may_not_be_a_module(self, programs, scratch):
        (scratch / "worker.js").write_text('import "./other.js";\n')
        assert faults_of_script(programs, [scratch / "worker.js"]) != []

    @pytest.mark.parametrize("name", NEWER_CSS)
    def test_the_lint_finds_every_kind_of_newer_style(self, programs, name):
        assert faults_of_css(programs, text=NEWER_CSS[name]) != []

    @pytest.mark.parametrize("name", FINE_CSS)
    def test_the_lint_lets_pass_what_an_old_browser_shows_all_the_same(self, programs, name):
        assert faults_of_css(programs, text=FINE_CSS[name]) == []
